//! What else becomes of an invitation: it is mailed anew, taken back, declined, and swept away.

use chrono::Duration;
use rookery_core::Leftover;
use rookery_core::domain::{AuditAction, InvitationState, Role, TokenDigest};
use rookery_core::ports::{
    InvitationDeclining, InvitationOutcome, InvitationResending, JoinOutcome, NewInvitation, Sweep,
};

use super::{about, draft, enrol, invited, newcomer, revocation};
use crate::contract::World;
use crate::contract::tenants::founded;

pub async fn a_newer_mail_replaces_the_link_and_the_inviter(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = world.person("bob@example.com").await;
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Admin], &world.now())
        .await;
    let old = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    world.advance(Duration::days(8));
    let newer = draft(&world, tenant, &bob, "grace@example.com", &[Role::Member]).await;
    let resending = InvitationResending {
        invitation: old.id,
        tenant,
        by: newer.by.clone(),
        digest: newer.digest,
        mail: newer.mail.clone(),
        event: about(&world, AuditAction::InvitationResent, &bob, tenant, old.id),
        at: world.now(),
        expires: newer.expires,
    };
    let before = world.ledger().await;
    let outcome = world.stores.invitations.resend(&resending).await.unwrap();
    assert_eq!(outcome, InvitationOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        ["events invitation.resent success +1", "mails invitation queued +1"]
    );
    let by_token = async |digest: &TokenDigest| world.stores.invitations.by_token(digest).await.unwrap().unwrap();
    let (at_first, now) = (by_token(&old.digest).await, by_token(&newer.digest).await);
    assert!(!at_first.is_newest && now.is_newest);
    assert_eq!(now.inviter.as_ref().unwrap().user, bob.user);
    assert_eq!(now.state(world.now()), InvitationState::Pending);
    let by_the_old_link = newcomer(&world, &old);
    assert_eq!(enrol(&world, &by_the_old_link).await, JoinOutcome::Outdated);
    let by_the_new = NewInvitation { id: old.id, ..newer };
    assert_eq!(enrol(&world, &newcomer(&world, &by_the_new)).await, JoinOutcome::Joined);
    let late = world.stores.invitations.resend(&resending).await;
    assert!(late.is_err() || late.unwrap() == InvitationOutcome::Settled);
}

pub async fn a_revoked_invitation_cannot_be_answered(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let taken_back = revocation(&world, &new, &ada);
    let before = world.ledger().await;
    let revoke = async || world.stores.invitations.revoke(&taken_back).await.unwrap();
    assert_eq!(revoke().await, InvitationOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        [
            "events invitation.revoked success +1",
            "invitations pending -1",
            "invitations revoked +1"
        ]
    );
    assert_eq!(revoke().await, InvitationOutcome::Settled);
    let before = world.ledger().await;
    assert_eq!(enrol(&world, &newcomer(&world, &new)).await, JoinOutcome::Outdated);
    assert_eq!(world.since(&before).await, [""; 0]);
    invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
}

pub async fn a_decline_uses_the_invitation_up(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let declining = InvitationDeclining {
        invitation: new.id,
        digest: new.digest,
        event: about(&world, AuditAction::InvitationDeclined, &ada, tenant, new.id),
        at: world.now(),
    };
    let before = world.ledger().await;
    assert!(world.stores.invitations.decline(&declining).await.unwrap());
    assert!(!world.stores.invitations.decline(&declining).await.unwrap());
    assert_eq!(
        world.since(&before).await,
        [
            "events invitation.declined success +1",
            "invitations declined +1",
            "invitations pending -1"
        ]
    );
    assert_eq!(enrol(&world, &newcomer(&world, &new)).await, JoinOutcome::Outdated);
}

pub async fn what_is_over_goes_with_its_tokens(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let revoked = invited(&world, tenant, &ada, "revoked@example.com", &[Role::Member]).await;
    let taken_back = revocation(&world, &revoked, &ada);
    world.stores.invitations.revoke(&taken_back).await.unwrap();
    let waits = invited(&world, tenant, &ada, "waits@example.com", &[Role::Member]).await;
    let sweep = async |ago: Duration| {
        let sweep = Sweep {
            leftover: Leftover::Invitations,
            before: world.now() - ago,
            at: world.now(),
        };
        world.stores.housekeeping.sweep(&sweep).await.unwrap()
    };
    world.advance(Duration::days(30));
    assert_eq!(sweep(Duration::days(30)).await, 0);
    world.advance(Duration::microseconds(1));
    assert_eq!(sweep(Duration::days(30)).await, 1);
    assert_eq!(world.stores.invitations.by_token(&revoked.digest).await.unwrap(), None);
    assert!(
        world
            .stores
            .invitations
            .by_token(&waits.digest)
            .await
            .unwrap()
            .is_some()
    );
    world.advance(Duration::days(7));
    assert_eq!(sweep(Duration::days(30)).await, 1);
    assert_eq!(world.stores.invitations.by_token(&waits.digest).await.unwrap(), None);
}
