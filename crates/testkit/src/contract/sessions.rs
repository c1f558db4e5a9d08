//! The promises of [`SessionStore`](rookery_core::ports::SessionStore).

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::AuditEvent;
use rookery_core::domain::{
    AuditAction, AuthMethod, Preferences, Profile, Role, Session, SessionId, SessionLifetime, TenantId, TokenDigest,
};
use rookery_core::ports::{
    ListedSession, RevocationOutcome, Revoked, RosterChange, RosterOutcome, RosterStep, SessionTouch, SwitchOutcome,
    TenantSwitch,
};

use super::tenants::founded;
use super::{OpenSession, Person, World};

pub async fn a_token_resolves_to_its_session_and_person(world: World) {
    let created = world.now();
    let person = world.person("Ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    world.signed_in(&bystander).await;
    let session = world.signed_in(&person).await;
    let signed_in = world.resolved(&session.digest).await.unwrap();
    assert_eq!(
        (signed_in.session.id, signed_in.session.user),
        (session.id, person.user)
    );
    assert_eq!(signed_in.session.tenant, None);
    let expected = Profile {
        user: person.user,
        tenant: None,
        email: person.email,
        email_verified: None,
        pending_email: None,
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        given_name: Some("Ада".to_owned()),
        family_name: Some("O'Lovelace".to_owned()),
        picture: None,
        roles: Vec::new(),
        created,
        updated: created,
        preferences: Preferences::default(),
    };
    assert_eq!(signed_in.profile, expected);
    assert_eq!(signed_in.profile.email.as_str(), "Ada@example.com", "as it was written");
}

pub async fn a_person_without_choices_has_the_effective_defaults_and_reading_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    for _ in 0..3 {
        let signed_in = world.resolved(&session.digest).await.unwrap();
        assert_eq!(signed_in.profile.preferences, Preferences::default());
    }
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn an_unknown_token_resolves_to_nobody(world: World) {
    let person = world.person("ada@example.com").await;
    world.signed_in(&person).await;
    for digest in [[0; 32], [0xff; 32]] {
        assert_eq!(world.resolved(&TokenDigest::from_bytes(digest)).await, None);
    }
}

// Proves: ASVS 7.3.1
pub async fn an_idle_session_ends_to_the_microsecond(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::microseconds(1));
    let session = world.signed_in(&person).await;
    world.advance(Duration::minutes(30) - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert_eq!(world.resolved(&session.digest).await, None);
}

fn touch(world: &World, person: &Person, session: &OpenSession) -> SessionTouch {
    SessionTouch {
        session: session.id,
        user: person.user,
        seen: world.now(),
        idle_expires: world.now() + SessionLifetime::DEFAULT.idle,
    }
}

// Proves: ASVS 7.3.2
pub async fn a_busy_session_ends_with_its_absolute_life(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let ends = world.now() + Duration::hours(24);
    while world.now() + Duration::minutes(29) < ends {
        world.advance(Duration::minutes(29));
        let mut touch = touch(&world, &person, &session);
        touch.idle_expires = touch.idle_expires.min(ends);
        world.stores.sessions.touch(&touch).await.unwrap();
    }
    world.advance(ends - world.now() - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert_eq!(world.resolved(&session.digest).await, None);
}

pub async fn a_touch_moves_the_end_of_idleness(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    world.advance(Duration::minutes(20));
    let touch = touch(&world, &person, &session);
    world.stores.sessions.touch(&touch).await.unwrap();
    world.advance(Duration::minutes(20));

    let seen = world.resolved(&session.digest).await.unwrap().session;
    assert_eq!(
        (seen.last_seen, seen.created),
        (touch.seen, touch.seen - Duration::minutes(20))
    );
    assert_eq!(seen.authenticated, seen.created);
    assert_eq!(world.since(&before).await, [""; 0], "a touch is no event");
}

pub async fn a_touch_never_moves_last_seen_back(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    world.advance(Duration::minutes(5));
    let late = touch(&world, &person, &session);
    world.advance(Duration::minutes(5));
    let early = touch(&world, &person, &session);
    world.stores.sessions.touch(&early).await.unwrap();
    world.stores.sessions.touch(&late).await.unwrap();
    let seen = world.resolved(&session.digest).await.unwrap().session;
    assert_eq!(seen.last_seen, early.seen);
    world.advance(Duration::minutes(30) - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
}

pub async fn a_touch_never_revives_an_ended_session(world: World) {
    let person = world.person("ada@example.com").await;
    let ended = world.signed_in(&person).await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(31));
    for session in [ended, run_out] {
        let touch = touch(&world, &person, &session);
        world.stores.sessions.touch(&touch).await.unwrap();
        assert_eq!(world.resolved(&session.digest).await, None);
    }
}

pub async fn a_touch_for_somebody_else_changes_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    let eve = world.person("eve@example.com").await;
    let session = world.signed_in(&ada).await;
    let opened = world.now();
    world.advance(Duration::minutes(5));
    world
        .stores
        .sessions
        .touch(&touch(&world, &eve, &session))
        .await
        .unwrap();
    let seen = world.resolved(&session.digest).await.unwrap().session;
    assert_eq!(seen.last_seen, opened);
}

// Proves: A23, A82, A43, ASVS 7.4.1
pub async fn a_session_ends_once(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let elsewhere = world.signed_in(&person).await;
    let before = world.ledger().await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&session.id, &event).await.unwrap());
    let again = world.event(AuditAction::LogOut, Some(&person));
    assert!(!world.stores.sessions.end(&session.id, &again).await.unwrap());

    assert_eq!(
        world.since(&before).await,
        ["events session.revoked success +1", "sessions -1"]
    );
    assert_eq!(world.resolved(&session.digest).await, None);
    assert!(world.resolved(&elsewhere.digest).await.is_some());
}

pub async fn ending_a_session_that_has_run_out_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let before = world.ledger().await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(!world.stores.sessions.end(&session.id, &event).await.unwrap());
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn of_two_who_end_a_session_at_once_one_has_ended_it(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    let events: Vec<_> = (0..6)
        .map(|_| world.event(AuditAction::LogOut, Some(&person)))
        .collect();
    let ended = join_all(events.iter().map(|event| world.stores.sessions.end(&session.id, event))).await;
    assert_eq!(ended.into_iter().filter(|ended| *ended.as_ref().unwrap()).count(), 1);
    assert_eq!(
        world.since(&before).await,
        ["events session.revoked success +1", "sessions -1"]
    );
}

/// How often a race is run: often enough that each side wins now and then.
const ROUNDS: usize = 8;

pub async fn the_live_sessions_of_a_person_are_listed_the_last_used_first(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    world.signed_in(&bystander).await;
    let mut opened = Vec::new();
    for minutes in [0, 1, 1] {
        world.advance(Duration::minutes(minutes));
        opened.push((world.signed_in(&person).await, world.now()));
    }
    world.advance(Duration::milliseconds(1));
    let mut remembered = world.sign_in(&person);
    remembered.session.remembered = true;
    remembered.session.lifetime = SessionLifetime::REMEMBERED;
    remembered.session.methods = vec![AuthMethod::Password, AuthMethod::Totp];
    remembered.session.caller = rookery_core::domain::Caller::default();
    let quiet = world.open(&remembered).await;
    let ended = world.signed_in(&person).await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    world.advance(Duration::minutes(27));
    let (first, at) = opened[0];
    world
        .stores
        .sessions
        .touch(&touch(&world, &person, &first))
        .await
        .unwrap();
    let before = world.ledger().await;

    let listed = world.stores.sessions.list(&person.user, &world.now()).await.unwrap();
    let order: Vec<SessionId> = listed.iter().map(|session| session.id).collect();
    assert_eq!(order, [first.id, quiet.id, opened[2].0.id, opened[1].0.id]);
    let caller = World::caller();
    let expected = ListedSession {
        id: first.id,
        remembered: false,
        methods: vec![AuthMethod::Password],
        created: at,
        last_seen: world.now(),
        expires: at + SessionLifetime::DEFAULT.absolute,
        address: caller.address,
        user_agent: caller.user_agent,
    };
    assert_eq!(listed[0], expected);
    let expected = ListedSession {
        id: quiet.id,
        remembered: true,
        methods: vec![AuthMethod::Password, AuthMethod::Totp],
        created: remembered.at,
        last_seen: remembered.at,
        expires: remembered.at + SessionLifetime::REMEMBERED.absolute,
        address: None,
        user_agent: None,
    };
    assert_eq!(listed[1], expected);
    assert_eq!(world.since(&before).await, [""; 0], "looking is no event");

    world.advance(Duration::minutes(3));
    let listed = world.stores.sessions.list(&person.user, &world.now()).await.unwrap();
    let order: Vec<SessionId> = listed.iter().map(|session| session.id).collect();
    assert_eq!(order, [first.id, quiet.id], "what has fallen idle is not listed");
}

pub async fn a_list_holds_as_many_sessions_as_there_may_be_and_no_more(world: World) {
    let person = world.person("ada@example.com").await;
    let mut newest = Vec::new();
    for _ in 0..=Session::MAX_PER_USER {
        world.advance(Duration::seconds(1));
        newest.insert(0, world.signed_in(&person).await.id);
    }
    newest.pop();
    let listed = world.stores.sessions.list(&person.user, &world.now()).await.unwrap();
    let order: Vec<SessionId> = listed.iter().map(|session| session.id).collect();
    assert_eq!(order, newest);
}

pub async fn a_proof_renews_the_session_under_a_new_token_alone(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let opened = world.resolved(&session.digest).await.unwrap().session;
    let elsewhere = world.signed_in(&person).await;
    world.advance(Duration::minutes(20));
    let before = world.ledger().await;
    let mut renewal = world.renewal(&person, &session);
    renewal.methods = vec![AuthMethod::Password, AuthMethod::RecoveryCode];
    assert!(world.stores.sessions.renew(&renewal).await.unwrap());

    assert_eq!(
        world.since(&before).await,
        ["events session.reauthenticated success +1"]
    );
    assert_eq!(world.resolved(&session.digest).await, None, "its old token");
    assert!(world.resolved(&elsewhere.digest).await.is_some());
    let renewed = world.resolved(&renewal.new_digest).await.unwrap().session;
    let expected = Session {
        authenticated: renewal.at,
        methods: renewal.methods,
        ..opened
    };
    assert_eq!(renewed, expected, "nothing else has changed");
}

pub async fn of_proofs_racing_from_one_token_exactly_one_renews(world: World) {
    let person = world.person("ada@example.com").await;
    for _ in 0..ROUNDS {
        let session = world.signed_in(&person).await;
        let before = world.ledger().await;
        let renewals: Vec<_> = (0..4).map(|_| world.renewal(&person, &session)).collect();
        let renewed = join_all(renewals.iter().map(|renewal| world.stores.sessions.renew(renewal))).await;
        let mut winners = 0;
        for (renewed, renewal) in renewed.into_iter().zip(&renewals) {
            let is_live = world.resolved(&renewal.new_digest).await.is_some();
            assert_eq!(renewed.unwrap(), is_live, "whoever was told so has the one live token");
            winners += usize::from(is_live);
        }
        assert_eq!(winners, 1);
        assert_eq!(world.resolved(&session.digest).await, None);
        assert_eq!(
            world.since(&before).await,
            ["events session.reauthenticated success +1"]
        );
    }
}

// Proves: A82
pub async fn a_proof_never_revives_an_ended_session(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let ended = world.signed_in(&person).await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let somebody_else_s = world.signed_in(&bystander).await;
    let live = world.signed_in(&person).await;
    let another_token = OpenSession {
        digest: somebody_else_s.digest,
        ..live
    };
    let before = world.ledger().await;
    for session in [ended, run_out, somebody_else_s, another_token] {
        let renewal = world.renewal(&person, &session);
        assert!(!world.stores.sessions.renew(&renewal).await.unwrap());
        assert_eq!(world.resolved(&renewal.new_digest).await, None);
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.resolved(&somebody_else_s.digest).await.is_some());
    assert!(world.resolved(&live.digest).await.is_some());
}

// Proves: A82, A43
pub async fn a_proof_and_a_use_racing_the_end_of_a_session_leave_it_ended(world: World) {
    let person = world.person("ada@example.com").await;
    let owner = world.signed_in(&person).await;
    for round in 0..ROUNDS {
        let session = world.signed_in(&person).await;
        let renewal = world.renewal(&person, &session);
        let mut touch = touch(&world, &person, &session);
        touch.seen += Duration::seconds(1);
        let event = world.event(AuditAction::LogOut, Some(&person));
        let revocation = world.revocation(&person, &owner, Revoked::One(session.id));
        let end = async {
            if round % 2 == 0 {
                assert!(world.stores.sessions.end(&session.id, &event).await.unwrap());
            } else {
                let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
                assert_eq!(outcome, RevocationOutcome::Ended(1));
            }
        };
        let use_it = join(
            world.stores.sessions.touch(&touch),
            world.stores.sessions.renew(&renewal),
        );
        let ((touched, renewed), ()) = join(use_it, end).await;
        touched.unwrap();
        renewed.unwrap();
        assert_eq!(world.resolved(&session.digest).await, None, "under its token");
        assert_eq!(world.resolved(&renewal.new_digest).await, None, "under the new one");
    }
    assert_eq!(world.ledger().await.count("sessions"), 1);
}

pub async fn ending_another_session_ends_that_one_alone(world: World) {
    let person = world.person("ada@example.com").await;
    let [mine, other, third] = [
        world.signed_in(&person).await,
        world.signed_in(&person).await,
        world.signed_in(&person).await,
    ];
    let before = world.ledger().await;
    let revocation = world.revocation(&person, &mine, Revoked::One(other.id));
    for expected in [1, 0] {
        let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
        assert_eq!(outcome, RevocationOutcome::Ended(expected));
        assert_eq!(
            world.since(&before).await,
            ["events session.ended success +1", "sessions -1"]
        );
    }
    assert_eq!(world.resolved(&other.digest).await, None);
    assert!(world.resolved(&mine.digest).await.is_some());
    assert!(world.resolved(&third.digest).await.is_some());
}

// Proves: A63
pub async fn a_session_that_is_not_a_live_other_one_of_theirs_is_not_ended(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let mine = world.signed_in(&person).await;
    let somebody_else_s = world.signed_in(&bystander).await;
    let nobody_s = SessionId::new(world.now(), &[9; 10]);
    let before = world.ledger().await;
    for id in [run_out.id, mine.id, somebody_else_s.id, nobody_s] {
        let revocation = world.revocation(&person, &mine, Revoked::One(id));
        let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
        assert_eq!(outcome, RevocationOutcome::Ended(0));
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.resolved(&mine.digest).await.is_some());
    assert!(world.resolved(&somebody_else_s.digest).await.is_some());
}

pub async fn ending_all_others_leaves_the_one_that_asks(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let other = world.signed_in(&bystander).await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(world.signed_in(&person).await);
    }
    let before = world.ledger().await;
    let revocation = world.revocation(&person, &sessions[2], Revoked::AllOthers);
    let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
    assert_eq!(outcome, RevocationOutcome::Ended(3), "one more had run out");
    assert_eq!(
        world.since(&before).await,
        ["events session.others_ended success +1", "sessions -3"]
    );
    for (at, session) in sessions.iter().enumerate() {
        assert_eq!(world.resolved(&session.digest).await.is_some(), at == 2);
    }
    assert!(world.resolved(&other.digest).await.is_some());

    let before = world.ledger().await;
    let again = world.revocation(&person, &sessions[2], Revoked::AllOthers);
    let outcome = world.stores.sessions.revoke(&again).await.unwrap();
    assert_eq!(outcome, RevocationOutcome::Ended(0));
    assert_eq!(world.since(&before).await, [""; 0], "nothing ended, nothing told");
}

pub async fn whoever_has_been_signed_out_ends_nothing_any_more(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let [mine, ended] = [world.signed_in(&person).await, world.signed_in(&person).await];
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    let somebody_else_s = world.signed_in(&bystander).await;
    let before = world.ledger().await;
    for by in [run_out, ended, somebody_else_s] {
        for revoked in [Revoked::One(mine.id), Revoked::AllOthers] {
            let revocation = world.revocation(&person, &by, revoked);
            let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
            assert_eq!(outcome, RevocationOutcome::NotSignedIn);
        }
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.resolved(&mine.digest).await.is_some());
}

pub async fn of_sessions_that_end_each_other_at_once_exactly_one_goes_on(world: World) {
    let person = world.person("ada@example.com").await;
    for round in 0..ROUNDS {
        let [here, there] = [world.signed_in(&person).await, world.signed_in(&person).await];
        let [first_ends, second_ends] = if round % 2 == 0 {
            [Revoked::AllOthers; 2]
        } else {
            [Revoked::One(there.id), Revoked::One(here.id)]
        };
        let asked_here = world.revocation(&person, &here, first_ends);
        let asked_elsewhere = world.revocation(&person, &there, second_ends);
        let (first, second) = join(
            world.stores.sessions.revoke(&asked_here),
            world.stores.sessions.revoke(&asked_elsewhere),
        )
        .await;
        let mut outcomes = [first.unwrap(), second.unwrap()];
        outcomes.sort_by_key(|outcome| *outcome == RevocationOutcome::NotSignedIn);
        assert_eq!(outcomes, [RevocationOutcome::Ended(1), RevocationOutcome::NotSignedIn]);
        let [survivor, loser] = match world.resolved(&here.digest).await {
            Some(_) => [here, there],
            None => [there, here],
        };
        assert!(world.resolved(&survivor.digest).await.is_some());
        assert_eq!(world.resolved(&loser.digest).await, None);
        let event = world.event(AuditAction::LogOut, Some(&person));
        assert!(world.stores.sessions.end(&survivor.id, &event).await.unwrap());
    }
}

pub async fn every_lifetime_ends_to_the_second(world: World) {
    let person = world.person("ada@example.com").await;
    let second = Duration::seconds(1);
    let capped = SessionLifetime {
        idle: Duration::hours(1),
        absolute: Duration::hours(1),
    };
    for lifetime in [SessionLifetime::DEFAULT, SessionLifetime::REMEMBERED, capped] {
        let mut sign_in = world.sign_in(&person);
        sign_in.session.lifetime = lifetime;
        let unused = world.open(&sign_in).await;
        let begun = world.now();
        world.advance(lifetime.idle - second);
        assert!(world.resolved(&unused.digest).await.is_some(), "{lifetime:?}");
        world.advance(second);
        assert_eq!(world.resolved(&unused.digest).await, None, "{lifetime:?}");

        world.advance(begun - world.now());
        let mut sign_in = world.sign_in(&person);
        sign_in.session.lifetime = lifetime;
        let busy = world.open(&sign_in).await;
        let ends = begun + lifetime.absolute;
        // Used every so often, the last time a second before its end.
        while world.now() < ends - second {
            world.advance((lifetime.idle - second).min(ends - second - world.now()));
            let mut touch = touch(&world, &person, &busy);
            touch.idle_expires = (touch.seen + lifetime.idle).min(ends);
            world.stores.sessions.touch(&touch).await.unwrap();
        }
        assert!(world.resolved(&busy.digest).await.is_some(), "{lifetime:?}");
        world.advance(second);
        assert_eq!(world.resolved(&busy.digest).await, None, "{lifetime:?}");
    }
}

fn switch(world: &World, person: &Person, session: &OpenSession, tenant: TenantId) -> TenantSwitch {
    TenantSwitch {
        user: person.user,
        session: session.id,
        tenant,
        idle: Duration::minutes(10),
        expires: world.now() + Duration::hours(2),
        event: AuditEvent {
            tenant: Some(tenant),
            session: Some(session.id),
            ..world.event(AuditAction::TenantSwitched, Some(person))
        },
        at: world.now(),
    }
}

pub async fn a_session_goes_on_in_another_tenant_as_it_was_decided(world: World) {
    let person = world.person("ada@example.com").await;
    let tenant = founded(&world, &person, "Engines").await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&person).await;
    let before = world.ledger().await;
    world.advance(Duration::minutes(5));
    let switch = switch(&world, &person, &session, tenant);
    let switched = world.stores.sessions.switch_tenant(&switch).await.unwrap();
    assert_eq!(switched, SwitchOutcome::Switched);
    assert_eq!(
        world.since(&before).await,
        ["events session.tenant_switched success +1"]
    );
    let now = world.resolved(&session.digest).await.unwrap();
    assert_eq!(now.session.tenant.map(|tenant| tenant.id), Some(tenant));
    assert_eq!((now.session.idle, now.session.expires), (switch.idle, switch.expires));
    assert_eq!(now.profile.tenant, Some(tenant));
    assert_eq!(world.resolved(&other.digest).await.unwrap().session.tenant, None);
    world.advance(Duration::minutes(10) - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert!(
        world.resolved(&session.digest).await.is_none(),
        "it falls idle as decided"
    );
}

pub async fn a_session_goes_nowhere_its_person_does_not_belong(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let foreign = founded(&world, &bystander, "Bob's").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    for tenant in [foreign, world.mint.tenant_id(world.now())] {
        let switch = switch(&world, &person, &session, tenant);
        let switched = world.stores.sessions.switch_tenant(&switch).await.unwrap();
        assert_eq!(switched, SwitchOutcome::NotAMember);
    }
    assert!(world.since(&before).await.is_empty());
    let now = world.resolved(&session.digest).await.unwrap();
    assert_eq!(now.session.tenant, None);
}

pub async fn a_session_that_has_ended_goes_nowhere(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let tenant = founded(&world, &person, "Engines").await;
    let session = world.signed_in(&person).await;
    let foreign = world.signed_in(&bystander).await;
    let before = world.ledger().await;
    world.advance(Duration::minutes(30));
    for session in [session, foreign] {
        let switch = switch(&world, &person, &session, tenant);
        let switched = world.stores.sessions.switch_tenant(&switch).await.unwrap();
        assert_eq!(switched, SwitchOutcome::NotSignedIn);
    }
    assert!(world.since(&before).await.is_empty());
}

pub async fn a_switch_racing_a_removal_leaves_the_session_outside(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    for _ in 0..5 {
        let tenant = founded(&world, &ada, "Engines").await;
        let roles = [Role::Member];
        world
            .stores
            .witness
            .join(&tenant, &bob.user, &roles, &world.now())
            .await;
        let session = world.signed_in(&bob).await;
        let switch = switch(&world, &bob, &session, tenant);
        let removal = RosterChange {
            tenant,
            standings: Vec::new(),
            steps: vec![RosterStep::Remove { user: bob.user }],
            event: world.event(AuditAction::MemberRemoved, Some(&ada)),
            at: world.now(),
        };
        let (switched, removed) = join(
            world.stores.sessions.switch_tenant(&switch),
            world.stores.members.change(&removal),
        )
        .await;
        assert_ne!(switched.unwrap(), SwitchOutcome::NotSignedIn);
        assert_eq!(removed.unwrap(), RosterOutcome::Changed);
        world
            .stores
            .witness
            .join(&tenant, &bob.user, &roles, &world.now())
            .await;
        let now = world.resolved(&session.digest).await.unwrap();
        assert_eq!(now.session.tenant, None, "whoever was first");
    }
}
