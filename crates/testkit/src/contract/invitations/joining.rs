//! Accepting an invitation.

use chrono::Duration;
use rookery_core::domain::{AuditAction, InvitationState, Role};
use rookery_core::ports::{InvitationAcceptance, JoinOutcome};

use super::{accept, acceptance, enrol, invited, newcomer, roles_in, stored, verified};
use crate::contract::draft::hash;
use crate::contract::tenants::founded;
use crate::contract::{Person, World, members, webhooks};

pub async fn a_newcomer_has_account_membership_and_session_at_once(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Admin]).await;
    world.advance(Duration::seconds(1));
    let enrolment = newcomer(&world, &new);
    let before = world.ledger().await;
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Joined);
    assert_eq!(
        world.since(&before).await,
        [
            "credentials +1",
            "devices +1",
            "events invitation.accepted success +1",
            "events session.created success +1",
            "events user.created success +1",
            "invitations accepted +1",
            "invitations pending -1",
            "mails welcome queued +1",
            "members +1",
            "sessions +1",
            "users +1",
            "users verified +1"
        ]
    );
    let signed_in = world.resolved(&enrolment.sign_in.session.digest).await.unwrap();
    assert_eq!(signed_in.profile.email.as_str(), "grace@example.com");
    assert_eq!(signed_in.profile.email_verified, Some(world.now()));
    assert_eq!(signed_in.profile.name.as_deref(), Some("Grace Hopper"));
    let inside = signed_in.session.tenant.unwrap();
    assert_eq!((inside.id, inside.roles.as_slice()), (tenant, &[Role::Admin][..]));
    let credential = world.stores.credentials.by_email(&new.email).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (hash("graces"), 1));
    assert_eq!(credential.last_sign_in, Some(world.now()));
    let grace = Person {
        user: enrolment.newcomer.user,
        email: new.email.clone(),
    };
    assert_eq!(
        world.stores.witness.member_addresses(&grace.user).await,
        ["grace@example.com"]
    );
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::Outdated,
        "once"
    );
}

pub async fn whoever_has_an_account_joins_and_is_verified_by_it(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let grace = world.person("Grace@example.com").await;
    let elsewhere = world.signed_in(&grace).await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let acceptance = acceptance(&world, &new, &grace, true).await;
    let before = world.ledger().await;
    let decided_otherwise = InvitationAcceptance {
        verifies: false,
        ..acceptance.clone()
    };
    assert_eq!(accept(&world, &decided_otherwise).await, JoinOutcome::Outdated);
    let bob = world.person("bob@example.com").await;
    let as_bob = InvitationAcceptance {
        user: bob.user,
        ..acceptance.clone()
    };
    assert_eq!(
        accept(&world, &as_bob).await,
        JoinOutcome::Outdated,
        "it is bound to its address"
    );
    assert!(
        !world
            .since(&before)
            .await
            .iter()
            .any(|line| line.starts_with("members"))
    );
    let before = world.ledger().await;
    assert_eq!(accept(&world, &acceptance).await, JoinOutcome::Joined);
    assert_eq!(
        world.since(&before).await,
        [
            "events invitation.accepted success +1",
            "invitations accepted +1",
            "invitations pending -1",
            "mails tenant_joined queued +1",
            "members +1",
            "sessions -1",
            "tokens email_verification live -1",
            "tokens email_verification void +1",
            "users verified +1"
        ]
    );
    assert!(
        world.resolved(&elsewhere.digest).await.is_none(),
        "another session of an unproved account"
    );
    assert_eq!(roles_in(&world, tenant, &grace).await, Some(vec![Role::Member]));
}

pub async fn whoever_left_joins_again_and_whoever_is_a_member_does_not(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let grace = verified(&world, "grace@example.com").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    world
        .stores
        .witness
        .join(&tenant, &grace.user, &[Role::Viewer], &world.now())
        .await;
    let early = acceptance(&world, &new, &grace, false).await;
    assert_eq!(accept(&world, &early).await, JoinOutcome::AlreadyMember);
    assert_eq!(stored(&world, &new.digest).await, InvitationState::Pending);
    assert_eq!(roles_in(&world, tenant, &grace).await, Some(vec![Role::Viewer]));
    members::leaves(&world, tenant, &grace).await;
    assert_eq!(roles_in(&world, tenant, &grace).await, None);
    world.advance(Duration::seconds(5));
    let later = acceptance(&world, &new, &grace, false).await;
    assert_eq!(accept(&world, &later).await, JoinOutcome::Joined);
    let membership = world
        .stores
        .tenants
        .membership(&tenant, &grace.user)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(membership.tenant.roles, [Role::Member]);
    assert_eq!(membership.joined, world.now(), "since now, not since then");
    assert_eq!(
        world.stores.witness.member_addresses(&grace.user).await,
        ["grace@example.com"]
    );
}

// Proves: A65
pub async fn an_inviter_who_may_no_longer_invite_lets_nobody_in(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = world.person("bob@example.com").await;
    let now = world.now();
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Admin], &now)
        .await;
    let new = invited(&world, tenant, &bob, "grace@example.com", &[Role::Member]).await;
    let by_token = async || world.stores.invitations.by_token(&new.digest).await.unwrap().unwrap();
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Viewer], &now)
        .await;
    assert_eq!(by_token().await.state(now), InvitationState::Void);
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::Outdated,
        "demoted"
    );
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Admin], &now)
        .await;
    assert_eq!(by_token().await.state(now), InvitationState::Pending);
    members::leaves(&world, tenant, &bob).await;
    assert_eq!(by_token().await.state(now), InvitationState::Void);
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::Outdated,
        "removed"
    );
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Admin], &now)
        .await;
    let event = world.event(AuditAction::Disabled, Some(&bob));
    let disable = rookery_core::ports::AccountChange::Disable;
    world.stores.accounts.change(&bob.user, &disable, &event).await.unwrap();
    assert!(by_token().await.inviter.is_none());
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::Outdated,
        "shut"
    );
}

// Proves: A67
pub async fn an_inviter_who_waits_for_their_deletion_lets_nobody_in_until_they_keep_their_account(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = world.person("bob@example.com").await;
    world.joined(tenant, &bob, &[Role::Admin]).await;
    let new = invited(&world, tenant, &bob, "grace@example.com", &[Role::Member]).await;
    let enrolment = newcomer(&world, &new);
    let request = world.leaving(&bob).await;
    let record = world.stores.invitations.by_token(&new.digest).await.unwrap().unwrap();
    assert_eq!(record.state(world.now()), InvitationState::Void);
    let before = world.ledger().await;
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Outdated);
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.keep(&bob, request.token.digest, &[]).await);
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Joined);
}

pub async fn an_address_that_is_kept_for_another_is_not_given_away(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let grace = world.person("grace@example.com").await;
    let session = world.signed_in(&grace).await;
    world.moved(&grace, &session, "grace@new.example", 1).await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let before = world.ledger().await;
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::AddressReserved
    );
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn a_tenant_s_webhook_is_told_who_joined(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let hers = webhooks::added(&world, Some(tenant), &[]).await;
    world.advance(Duration::seconds(1));
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    world.advance(Duration::seconds(1));
    let enrolment = newcomer(&world, &new);
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Joined);
    let reports = webhooks::reports(&world, hers).await;
    let told: Vec<_> = reports
        .iter()
        .map(|report| (report.kind.as_str(), report.user))
        .collect();
    let grace = Some(enrolment.newcomer.user);
    for expected in [
        ("invitation.accepted", grace),
        ("user.created", grace),
        ("session.created", grace),
        ("invitation.created", Some(ada.user)),
    ] {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
}
