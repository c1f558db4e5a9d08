//! The promises of [`PolicyStore`](rookery_core::ports::PolicyStore), and what policies do to sessions.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, Role, Roles, TenantId, TenantPolicy, Timestamp};
use rookery_core::ports::{PolicyChange, RosterChange, RosterStep, Standing, StoredPolicy};
use rookery_core::{AuditEvent, LetterKind};

use super::tenants::{founded, standing};
use super::{GRACE, OpenSession, Person, World, webhooks};

fn strict() -> TenantPolicy {
    TenantPolicy {
        password_min_length: 14,
        password_require_uppercase: true,
        password_require_numbers: true,
        password_require_symbols: true,
        session_timeout_hours: 2,
        max_login_attempts: 3,
        two_factor_required: true,
    }
}

/// A change of whatever the policy is now, as its owner decides it.
async fn change(world: &World, tenant: TenantId, by: &Person, policy: TenantPolicy) -> PolicyChange {
    let stored = stored(world, tenant, by).await;
    let asked = stored.as_ref().and_then(|stored| stored.two_factor_since);
    PolicyChange {
        tenant,
        by: standing(world, tenant, by).await,
        replaces: stored.map(|stored| stored.updated),
        two_factor_since: policy.two_factor_required.then(|| asked.unwrap_or(world.now())),
        policy,
        mails: vec![world.mail(LetterKind::PolicyChanged, by.addressee())],
        event: AuditEvent {
            tenant: Some(tenant),
            target: Some(format!("tenant:{tenant}")),
            ..world.event(AuditAction::PolicyChanged, Some(by))
        },
        at: world.now(),
    }
}

async fn changed(world: &World, tenant: TenantId, by: &Person, policy: TenantPolicy) {
    let change = change(world, tenant, by, policy).await;
    assert!(world.stores.policies.change(&change).await.unwrap());
}

async fn stored(world: &World, tenant: TenantId, reader: &Person) -> Option<StoredPolicy> {
    world.stores.policies.of_tenant(&tenant, &reader.user).await.unwrap()
}

async fn join(world: &World, tenant: TenantId, email: &str, roles: &[Role]) -> Person {
    let person = world.person(email).await;
    world
        .stores
        .witness
        .join(&tenant, &person.user, roles, &world.now())
        .await;
    person
}

async fn leave(world: &World, tenant: TenantId, person: &Person) {
    let change = RosterChange {
        tenant,
        standings: vec![standing(world, tenant, person).await],
        steps: vec![RosterStep::Remove { user: person.user }],
        event: AuditEvent {
            tenant: Some(tenant),
            target: Some(format!("user:{}", person.user)),
            ..world.event(AuditAction::MemberLeft, Some(person))
        },
        at: world.now(),
    };
    world.stores.members.change(&change).await.unwrap();
}

async fn due(world: &World, session: &OpenSession) -> Option<Timestamp> {
    let signed_in = world.resolved(&session.digest).await.unwrap();
    signed_in.session.second_factor_due
}

pub async fn a_policy_is_stored_whole_with_its_event_and_its_mails(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    assert_eq!(stored(&world, tenant, &ada).await, None);
    for (policy, since) in [(strict(), Some(world.now())), (TenantPolicy::default(), None)] {
        world.advance(Duration::microseconds(1));
        let before = world.ledger().await;
        let mut change = change(&world, tenant, &ada, policy.clone()).await;
        change.two_factor_since = since;
        assert!(world.stores.policies.change(&change).await.unwrap());
        assert_eq!(
            world.since(&before).await,
            [
                "events tenant.policy_changed success +1",
                "mails policy_changed queued +1"
            ]
        );
        let expected = StoredPolicy {
            policy,
            updated: world.now(),
            two_factor_since: since,
        };
        assert_eq!(stored(&world, tenant, &ada).await, Some(expected));
    }
}

pub async fn a_policy_is_shown_to_members_and_to_nobody_else(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = join(&world, tenant, "bob@example.com", &[Role::Viewer]).await;
    let eve = world.person("eve@example.com").await;
    founded(&world, &eve, "Elsewhere").await;
    changed(&world, tenant, &ada, strict()).await;
    assert_eq!(stored(&world, tenant, &bob).await, stored(&world, tenant, &ada).await);
    assert!(stored(&world, tenant, &bob).await.is_some());
    assert_eq!(stored(&world, tenant, &eve).await, None);
    leave(&world, tenant, &bob).await;
    assert_eq!(stored(&world, tenant, &bob).await, None);
}

pub async fn a_decision_on_another_policy_or_on_other_roles_writes_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let outdated = change(&world, tenant, &ada, strict()).await;
    world.advance(Duration::seconds(1));
    changed(&world, tenant, &ada, TenantPolicy::default()).await;
    let now = change(&world, tenant, &ada, strict()).await;
    let ahead = PolicyChange {
        replaces: Some(world.now() + Duration::microseconds(1)),
        ..now.clone()
    };
    let of_no_owner = PolicyChange {
        by: Standing {
            user: ada.user,
            roles: vec![Role::Admin],
        },
        ..now.clone()
    };
    let elsewhere = PolicyChange {
        tenant: world.mint.tenant_id(world.now()),
        ..now.clone()
    };
    let before = world.ledger().await;
    for refused in [outdated, ahead, of_no_owner, elsewhere] {
        assert!(!world.stores.policies.change(&refused).await.unwrap());
    }
    assert!(world.since(&before).await.is_empty());
    assert_eq!(
        stored(&world, tenant, &ada).await.unwrap().policy,
        TenantPolicy::default()
    );
    assert!(world.stores.policies.change(&now).await.unwrap());
}

pub async fn of_changes_at_once_exactly_one_is_made(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    for round in 0..3 {
        world.advance(Duration::seconds(1));
        let mut changes = Vec::new();
        for hours in 1..=6 {
            let policy = TenantPolicy {
                session_timeout_hours: hours + 6 * round,
                ..TenantPolicy::default()
            };
            changes.push(change(&world, tenant, &ada, policy).await);
        }
        let before = world.ledger().await;
        let made = join_all(changes.iter().map(|change| world.stores.policies.change(change))).await;
        let made: Vec<bool> = made.into_iter().map(Result::unwrap).collect();
        let places: Vec<usize> = made
            .iter()
            .enumerate()
            .filter(|(_, made)| **made)
            .map(|(place, _)| place)
            .collect();
        assert_eq!(places.len(), 1, "{made:?}");
        assert_eq!(world.since(&before).await.len(), 2);
        let stored = stored(&world, tenant, &ada).await.unwrap();
        assert_eq!(stored.policy, changes[places[0]].policy);
    }
}

pub async fn a_change_concerns_the_owners_and_who_has_no_second_factor(world: World) {
    let (guarded, _, _) = world.guarded("ada@example.com").await;
    let tenant = founded(&world, &guarded, "Engines").await;
    world.advance(Duration::seconds(1));
    let bob = join(&world, tenant, "bob@example.com", &[Role::Viewer]).await;
    let former = join(&world, tenant, "carol@example.com", &[Role::Member]).await;
    leave(&world, tenant, &former).await;
    let stranger = world.person("eve@example.com").await;
    founded(&world, &stranger, "Elsewhere").await;
    let audience = world.stores.policies.audience(&tenant).await.unwrap();
    assert_eq!(audience.owners.len(), 1);
    assert_eq!(
        (audience.owners[0].user, &audience.owners[0].email),
        (guarded.user, &guarded.email)
    );
    assert!(audience.owners[0].name.is_some());
    let without: Vec<_> = audience
        .without_second_factor
        .iter()
        .map(|member| member.user)
        .collect();
    assert_eq!(without, [bob.user]);
}

/// A session of the person in the tenant, which may last for 24 hours since its beginning.
async fn inside(world: &World, person: &Person, tenant: TenantId) -> OpenSession {
    let mut sign_in = world.sign_in(person);
    sign_in.session.tenant = Some(tenant);
    sign_in.session.lifetime.idle = Duration::hours(24);
    world.open(&sign_in).await
}

pub async fn a_shorter_life_counts_for_sessions_that_run(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let begun = world.now();
    let session = inside(&world, &ada, tenant).await;
    let mut outside = world.sign_in(&ada);
    outside.session.lifetime.idle = Duration::hours(24);
    let outside = world.open(&outside).await;
    let whole = world.resolved(&outside.digest).await.unwrap().session.expires;
    world.advance(Duration::hours(1));
    let two_hours = TenantPolicy {
        session_timeout_hours: 2,
        ..TenantPolicy::default()
    };
    changed(&world, tenant, &ada, two_hours.clone()).await;
    let ends = begun + Duration::hours(2);
    let expires =
        async |session: &OpenSession| world.resolved(&session.digest).await.map(|found| found.session.expires);
    assert_eq!(expires(&session).await, Some(ends));
    assert_eq!(expires(&outside).await, Some(whole), "it is in no tenant");
    let listed = async || {
        let listed = world.stores.sessions.list(&ada.user, &world.now()).await.unwrap();
        let mut ends: Vec<_> = listed.into_iter().map(|session| session.expires).collect();
        ends.sort_unstable();
        ends
    };
    assert_eq!(listed().await, [ends, whole]);

    // A proof of who she is counts anew; the session's own end stays.
    let renewal = world.renewal(&ada, &session);
    assert!(world.stores.sessions.renew(&renewal).await.unwrap());
    let session = OpenSession {
        digest: renewal.new_digest,
        ..session
    };
    let ends = world.now() + Duration::hours(2);
    assert_eq!(expires(&session).await, Some(ends));
    world.advance(Duration::hours(2) - Duration::microseconds(1));
    assert_eq!(expires(&session).await, Some(ends));
    world.advance(Duration::microseconds(1));
    assert_eq!(expires(&session).await, None, "to the microsecond");
    assert_eq!(listed().await, [whole]);
    changed(
        &world,
        tenant,
        &ada,
        TenantPolicy {
            session_timeout_hours: 100,
            ..two_hours
        },
    )
    .await;
    assert_eq!(
        expires(&session).await,
        Some(whole),
        "never later than the session itself"
    );
}

pub async fn a_second_factor_is_due_a_grace_after_it_was_asked_for_or_after_joining(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let session = world.signed_in(&ada).await;
    assert_eq!(due(&world, &session).await, None);
    world.advance(Duration::minutes(1));
    let asked = world.now();
    changed(&world, tenant, &ada, strict()).await;
    assert_eq!(
        due(&world, &session).await,
        Some(asked + GRACE),
        "in a session that runs, in no tenant"
    );
    world.advance(Duration::minutes(1));
    let longer = TenantPolicy {
        password_min_length: 20,
        ..strict()
    };
    changed(&world, tenant, &ada, longer).await;
    assert_eq!(
        due(&world, &session).await,
        Some(asked + GRACE),
        "another change begins no new grace"
    );
    world.advance(Duration::minutes(1));
    let late = join(&world, tenant, "bob@example.com", &[Role::Viewer]).await;
    let session = world.signed_in(&late).await;
    assert_eq!(due(&world, &session).await, Some(world.now() + GRACE));
}

// Proves: ASVS 6.3.3
pub async fn a_deadline_goes_with_the_membership_with_the_policy_and_with_a_factor(world: World) {
    let ada = world.person("ada@example.com").await;
    let (tenant, other) = (
        founded(&world, &ada, "Engines").await,
        founded(&world, &ada, "Elsewhere").await,
    );
    let bob = join(&world, tenant, "bob@example.com", &[Role::Member]).await;
    let (hers, his) = (world.signed_in(&ada).await, world.signed_in(&bob).await);
    changed(&world, tenant, &ada, strict()).await;
    assert!(due(&world, &his).await.is_some());
    leave(&world, tenant, &bob).await;
    assert_eq!(due(&world, &his).await, None, "with the membership");

    world.advance(Duration::seconds(1));
    let first = due(&world, &hers).await;
    changed(&world, other, &ada, strict()).await;
    assert_eq!(due(&world, &hers).await, first, "the earlier of two deadlines");
    changed(&world, tenant, &ada, TenantPolicy::default()).await;
    assert_eq!(due(&world, &hers).await, Some(world.now() + GRACE), "with the policy");
    let (_, session) = world.enrolled(&ada, &hers).await;
    assert_eq!(due(&world, &session).await, None, "with a factor");

    let roles = Roles::of([Role::Owner]).unwrap();
    let assign = RosterChange {
        tenant: other,
        standings: vec![standing(&world, other, &ada).await],
        steps: vec![RosterStep::Assign { user: ada.user, roles }],
        event: world.event(AuditAction::MemberRolesChanged, Some(&ada)),
        at: world.now(),
    };
    world.stores.members.change(&assign).await.unwrap();
    assert_eq!(due(&world, &session).await, None);
}

pub async fn a_webhook_is_told_that_a_policy_changed(world: World) {
    let ada = world.person("ada@example.com").await;
    let (tenant, other) = (
        founded(&world, &ada, "Engines").await,
        founded(&world, &ada, "Elsewhere").await,
    );
    let hook = webhooks::added(&world, Some(tenant), &[]).await;
    let other = webhooks::added(&world, Some(other), &[]).await;
    changed(&world, tenant, &ada, strict()).await;
    assert_eq!(webhooks::told(&world, hook).await, ["tenant.policy_changed"]);
    assert!(webhooks::told(&world, other).await.is_empty());
}
