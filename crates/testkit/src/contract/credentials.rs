//! The promises of [`CredentialStore`](rookery_core::ports::CredentialStore).

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::domain::{AuditAction, AuthMethod, Session, SessionLifetime, TokenPurpose, UserId};
use rookery_core::ports::{AccountChange, PasswordChangeOutcome, Redemption, SignInOutcome};

use super::draft::{address, hash};
use super::{OpenSession, Person, World};

pub async fn a_credential_is_found_by_address_in_every_case_and_by_person(world: World) {
    let person = world.person("Ada@example.com").await;
    world.person("bob@example.com").await;
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!(credential.user, person.user);
    assert_eq!(credential.email.as_str(), "Ada@example.com");
    assert_eq!(credential.name.as_deref(), Some("Ada \u{1f99c} Lovelace"));
    assert_eq!(credential.given_name.as_deref(), Some("Ада"));
    assert_eq!(credential.family_name.as_deref(), Some("O'Lovelace"));
    assert_eq!((credential.email_verified, credential.disabled), (None, None));
    assert_eq!((credential.hash.clone(), credential.version), (hash("first"), 1));
    assert_eq!(credential.tenants, []);
    for spelling in ["ada@example.com", "ADA@EXAMPLE.COM"] {
        let by_email = world.stores.credentials.by_email(&address(spelling)).await.unwrap();
        assert_eq!(by_email.as_ref(), Some(&credential), "{spelling}");
    }
}

pub async fn nobody_s_credential_is_not_found(world: World) {
    world.person("ada@example.com").await;
    let by_email = world.stores.credentials.by_email(&address("eve@example.com")).await;
    assert_eq!(by_email.unwrap(), None);
    let nobody = UserId::new(world.now(), &[9; 10]);
    assert_eq!(world.stores.credentials.by_user(&nobody).await.unwrap(), None);
}

pub async fn a_sign_in_opens_the_session_that_was_decided(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::microseconds(123_457));
    let before = world.ledger().await;
    let mut sign_in = world.sign_in(&person);
    sign_in.session.remembered = true;
    sign_in.session.lifetime = SessionLifetime::REMEMBERED;
    let session = world.open(&sign_in).await;

    assert_eq!(
        world.since(&before).await,
        ["devices +1", "events session.created success +1", "sessions +1"]
    );
    let expected = Session {
        id: session.id,
        user: person.user,
        tenant: None,
        remembered: true,
        methods: vec![AuthMethod::Password],
        created: sign_in.at,
        authenticated: sign_in.at,
        last_seen: sign_in.at,
        idle: Duration::days(7),
        expires: sign_in.at + Duration::days(30),
        second_factor_due: None,
    };
    assert_eq!(world.resolved(&session.digest).await.unwrap().session, expected);
}

pub async fn a_sign_in_on_an_outdated_version_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    for version in [0, 2] {
        let mut sign_in = world.sign_in(&person);
        sign_in.credential_version = version;
        sign_in.rehash = Some(hash("better"));
        sign_in.replaces = Some(session.digest);
        let outcome = world.stores.credentials.sign_in(&sign_in).await.unwrap();
        assert_eq!(outcome, SignInOutcome::Superseded);
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!(credential.hash, hash("first"));
}

pub async fn a_better_hash_is_stored_without_a_new_version(world: World) {
    let person = world.person("ada@example.com").await;
    let mut sign_in = world.sign_in(&person);
    sign_in.rehash = Some(hash("better"));
    world.open(&sign_in).await;
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (hash("better"), 1));

    world.signed_in(&person).await;
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!(
        credential.hash,
        hash("better"),
        "a sign-in without a better one keeps it"
    );
}

// Proves: A22, ASVS 7.2.4
pub async fn a_sign_in_replaces_the_session_this_browser_held_whoever_it_belonged_to(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let held = world.signed_in(&bob).await;
    let elsewhere = world.signed_in(&bob).await;
    let mut sign_in = world.sign_in(&ada);
    sign_in.replaces = Some(held.digest);
    let session = world.open(&sign_in).await;

    assert_eq!(world.resolved(&held.digest).await, None);
    assert!(world.resolved(&elsewhere.digest).await.is_some());
    assert!(world.resolved(&session.digest).await.is_some());
}

/// As many sessions as one may have, a second apart.
async fn fill(world: &World, person: &Person) -> Vec<OpenSession> {
    let mut sessions = Vec::new();
    for _ in 0..Session::MAX_PER_USER {
        sessions.push(world.signed_in(person).await);
        world.advance(Duration::seconds(1));
    }
    sessions
}

// Proves: ASVS 2.1.3, 7.1.2
pub async fn the_fifty_first_session_ends_the_oldest(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let other = world.signed_in(&bystander).await;
    let sessions = fill(&world, &person).await;
    assert!(world.resolved(&sessions[0].digest).await.is_some(), "fifty are allowed");

    let newest = world.signed_in(&person).await;
    assert_eq!(world.resolved(&sessions[0].digest).await, None);
    assert!(world.resolved(&sessions[1].digest).await.is_some());
    assert!(world.resolved(&newest.digest).await.is_some());
    assert!(world.resolved(&other.digest).await.is_some());
    assert_eq!(world.ledger().await.count("sessions"), 51);
}

// Proves: ASVS 2.3.2
pub async fn sign_ins_at_once_never_leave_more_than_fifty_sessions(world: World) {
    let person = world.person("ada@example.com").await;
    fill(&world, &person).await;
    let sign_ins: Vec<_> = (0..8).map(|_| world.sign_in(&person)).collect();
    for outcome in join_all(sign_ins.iter().map(|sign_in| world.stores.credentials.sign_in(sign_in))).await {
        assert_eq!(outcome.unwrap(), SignInOutcome::Opened);
    }
    assert_eq!(world.ledger().await.count("sessions"), 50);
    for sign_in in sign_ins {
        assert!(world.resolved(&sign_in.session.digest).await.is_some());
    }
}

pub async fn a_session_that_has_ended_takes_nobody_s_place(world: World) {
    let person = world.person("ada@example.com").await;
    let mut remembered = world.sign_in(&person);
    remembered.session.lifetime = SessionLifetime::REMEMBERED;
    let oldest = world.open(&remembered).await;
    for _ in 1..Session::MAX_PER_USER {
        world.signed_in(&person).await;
    }
    world.advance(Duration::hours(25));
    world.signed_in(&person).await;
    assert!(world.resolved(&oldest.digest).await.is_some());
}

pub async fn a_session_opened_by_a_clock_that_went_back_is_not_the_first_to_go(world: World) {
    let person = world.person("ada@example.com").await;
    fill(&world, &person).await;
    world.advance(-Duration::hours(1));
    let session = world.signed_in(&person).await;
    assert!(world.resolved(&session.digest).await.is_some());
}

// Proves: A02, A24, ASVS 7.2.4, 7.4.3
pub async fn a_changed_password_ends_everything_else_and_renews_this_session(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let session = world.signed_in(&person).await;
    let elsewhere = world.signed_in(&person).await;
    let other = world.signed_in(&bystander).await;
    let reset = world.issue(TokenPurpose::PasswordReset, person.addressee());
    let reset = world.issued(&reset).await;
    let opened = world.now();
    world.advance(Duration::minutes(10));
    let before = world.ledger().await;

    let change = world.password_change(&person, &session, "second");
    let outcome = world.stores.credentials.change_password(&change).await.unwrap();
    assert_eq!(outcome, PasswordChangeOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        [
            "devices -2",
            "events password.changed success +1",
            "mails password_changed queued +1",
            "sessions -1",
            "tokens password_reset live -1",
            "tokens password_reset void +1",
            "undos live +1",
        ]
    );
    assert_eq!(world.resolved(&session.digest).await, None, "its old token");
    assert_eq!(world.resolved(&elsewhere.digest).await, None);
    assert!(world.resolved(&other.digest).await.is_some());
    assert_eq!(world.stores.tokens.find(&reset).await.unwrap(), None);
    let renewed = world.resolved(&change.new_digest).await.unwrap().session;
    assert_eq!((renewed.id, renewed.created), (session.id, opened));
    assert_eq!(renewed.authenticated, change.at);
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (hash("second"), 2));
}

// Proves: A42
pub async fn of_changes_racing_from_one_password_exactly_one_wins(world: World) {
    let person = world.person("ada@example.com").await;
    let mut changes = Vec::new();
    for number in 0..6 {
        let session = world.signed_in(&person).await;
        changes.push(world.password_change(&person, &session, &format!("racer{number}")));
    }
    let before = world.ledger().await;
    let outcomes = join_all(
        changes
            .iter()
            .map(|change| world.stores.credentials.change_password(change)),
    )
    .await;

    let mut winners = Vec::new();
    for (outcome, change) in outcomes.into_iter().zip(&changes) {
        match outcome.unwrap() {
            PasswordChangeOutcome::Changed => winners.push(change),
            PasswordChangeOutcome::Superseded => {}
            PasswordChangeOutcome::SessionEnded => panic!("the password had changed before the session ended"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(
        world.since(&before).await,
        [
            "devices -6",
            "events password.changed success +1",
            "mails password_changed queued +1",
            "sessions -5",
            "undos live +1",
        ]
    );
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((&credential.hash, credential.version), (&winners[0].new_hash, 2));
    assert!(world.resolved(&winners[0].new_digest).await.is_some());
}

pub async fn a_change_in_a_session_that_has_ended_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let ended = world.signed_in(&person).await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let somebody_else_s = world.signed_in(&bystander).await;
    let before = world.ledger().await;

    for session in [ended, run_out, somebody_else_s] {
        let change = world.password_change(&person, &session, "second");
        let outcome = world.stores.credentials.change_password(&change).await.unwrap();
        assert_eq!(outcome, PasswordChangeOutcome::SessionEnded);
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (hash("first"), 1));
    assert!(world.resolved(&somebody_else_s.digest).await.is_some());
}

/// How often a race is run: often enough that both win now and then.
const ROUNDS: usize = 8;

pub async fn a_sign_in_racing_a_change_of_password_leaves_no_session(world: World) {
    for round in 0..ROUNDS {
        let person = world.person(&format!("ada{round}@example.com")).await;
        let session = world.signed_in(&person).await;
        let change = world.password_change(&person, &session, "second");
        let sign_in = world.sign_in(&person);
        let (changed, _) = join(
            world.stores.credentials.change_password(&change),
            world.stores.credentials.sign_in(&sign_in),
        )
        .await;
        assert_eq!(changed.unwrap(), PasswordChangeOutcome::Changed);
        assert_eq!(world.resolved(&sign_in.session.digest).await, None);
        assert!(world.resolved(&change.new_digest).await.is_some());
    }
}

pub async fn a_sign_in_racing_a_reset_leaves_no_session(world: World) {
    for round in 0..ROUNDS {
        let person = world.person(&format!("ada{round}@example.com")).await;
        let issue = world.issue(TokenPurpose::PasswordReset, person.addressee());
        let digest = world.issued(&issue).await;
        let reset = world.password_reset(&person, digest, "second");
        let sign_ins = [world.sign_in(&person), world.sign_in(&person)];
        let (redeemed, _) = join(
            world.stores.tokens.reset_password(&reset),
            join_all(sign_ins.iter().map(|sign_in| world.stores.credentials.sign_in(sign_in))),
        )
        .await;
        assert_eq!(redeemed.unwrap(), Redemption::Redeemed);
        for sign_in in sign_ins {
            assert_eq!(world.resolved(&sign_in.session.digest).await, None);
        }
    }
    assert_eq!(world.ledger().await.count("sessions"), 0);
}

// Proves: ASVS 7.4.2
pub async fn a_sign_in_racing_a_disabling_leaves_no_session(world: World) {
    for round in 0..ROUNDS {
        let person = world.person(&format!("ada{round}@example.com")).await;
        let event = world.event(AuditAction::Disabled, Some(&person));
        let sign_in = world.sign_in(&person);
        let (_, disabled) = join(
            world.stores.credentials.sign_in(&sign_in),
            world
                .stores
                .accounts
                .change(&person.user, &AccountChange::Disable, &event),
        )
        .await;
        assert!(disabled.unwrap());
        assert_eq!(world.resolved(&sign_in.session.digest).await, None);
    }
    assert_eq!(world.ledger().await.count("sessions"), 0);
}
