//! Making an invitation.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{InvitationState, Preferences, Role, TokenPurpose};
use rookery_core::ports::{InvitationOutcome, InvitingOutcome, OutboxClaim, Prospect};

use super::{draft, invite, invited, revocation, stored};
use crate::contract::World;
use crate::contract::draft::address;
use crate::contract::tenants::founded;

pub async fn an_invitation_is_kept_as_it_was_decided_and_its_mail_goes_to_the_mailbox(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let before = world.ledger().await;
    let new = invited(&world, tenant, &ada, "Grace@Example.com", &[Role::Admin, Role::Viewer]).await;
    assert_eq!(
        world.since(&before).await,
        [
            "events invitation.created success +1",
            "invitations pending +1",
            "mails invitation queued +1"
        ]
    );
    let found = world
        .stores
        .invitations
        .find(&tenant, &ada.user, &new.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.id, found.email.as_str()), (new.id, "Grace@example.com"));
    assert_eq!(found.roles, [Role::Admin, Role::Viewer]);
    assert_eq!(found.note.as_deref(), Some("Come in,\nthe water is fine. \u{1f99c}"));
    let inviter = found.inviter.as_ref().unwrap();
    assert_eq!((inviter.user, inviter.roles.as_slice()), (ada.user, &[Role::Owner][..]));
    assert_eq!((found.created, found.expires), (new.at, new.expires));
    assert_eq!(found.state(world.now()), InvitationState::Pending);
    let record = world.stores.invitations.by_token(&new.digest).await.unwrap().unwrap();
    assert!(record.is_newest && record.holder.is_none());
    assert_eq!((record.tenant, record.tenant_name.as_str()), (tenant, "Engines"));
    assert_eq!(record.inviter, found.inviter);
    assert_eq!(record.roles, new.roles);
    let claim = OutboxClaim {
        now: world.now(),
        lease_until: world.now() + Duration::minutes(1),
        limit: 100,
    };
    let mails = world.stores.outbox.claim(&claim).await.unwrap();
    let mailed = mails.iter().find(|mail| mail.id == new.mail.id).unwrap();
    assert_eq!(mailed.to.as_str(), "Grace@example.com");
    let unknown = world.mint.one_time_token(TokenPurpose::Invitation).digest();
    assert_eq!(world.stores.invitations.by_token(&unknown).await.unwrap(), None);
}

pub async fn a_prospect_is_a_member_or_nobody_in_particular(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let mut account = world.new_account("bob@example.com");
    account.preferences = Some(Preferences {
        language: "es".parse().unwrap(),
        ..Preferences::default()
    });
    world.stores.accounts.admit(&account).await.unwrap();
    let prospect = async |email: &str| {
        world
            .stores
            .invitations
            .prospect(&tenant, &address(email))
            .await
            .unwrap()
    };
    assert_eq!(prospect("nobody@example.com").await, Prospect::default());
    let ada_s = prospect("ADA@example.com").await;
    assert!(ada_s.is_member && ada_s.reader.is_none());
    let bob_s = prospect("bob@example.com").await;
    assert!(!bob_s.is_member);
    assert_eq!(bob_s.reader.unwrap().language.as_str(), "es");
}

pub async fn one_invitation_to_an_address_waits_and_an_expired_one_makes_room(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let elsewhere = founded(&world, &ada, "Elsewhere").await;
    let first = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let again = draft(&world, tenant, &ada, "GRACE@example.com", &[Role::Viewer]).await;
    let before = world.ledger().await;
    assert_eq!(invite(&world, &again).await, InvitingOutcome::AlreadyInvited);
    let member = draft(&world, tenant, &ada, "Ada@Example.com", &[Role::Viewer]).await;
    assert_eq!(invite(&world, &member).await, InvitingOutcome::AlreadyMember);
    assert_eq!(world.since(&before).await, [""; 0]);
    invited(&world, elsewhere, &ada, "grace@example.com", &[Role::Member]).await;

    world.advance(Duration::days(7));
    let second = invited(&world, tenant, &ada, "grace@example.com", &[Role::Viewer]).await;
    assert_eq!(stored(&world, &first.digest).await, InvitationState::Expired);
    assert_eq!(stored(&world, &second.digest).await, InvitationState::Pending);
}

pub async fn of_invitations_to_one_address_at_once_one_is_made(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let mut drafts = Vec::new();
    for _ in 0..8 {
        drafts.push(draft(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await);
    }
    let before = world.ledger().await;
    let outcomes = join_all(drafts.iter().map(|new| invite(&world, new))).await;
    let made = outcomes.iter().filter(|outcome| **outcome == InvitingOutcome::Invited);
    assert_eq!(made.count(), 1, "{outcomes:?}");
    assert!(
        world
            .since(&before)
            .await
            .contains(&"invitations pending +1".to_owned())
    );
}

pub async fn nobody_invites_who_is_not_what_they_were(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let mut new = draft(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let waits = invited(&world, tenant, &ada, "alan@example.com", &[Role::Member]).await;
    let before = world.ledger().await;
    new.by.roles = vec![Role::Admin];
    assert_eq!(invite(&world, &new).await, InvitingOutcome::Outdated);
    let mut taken_back = revocation(&world, &waits, &ada);
    taken_back.by.roles = vec![Role::Admin];
    let outcome = world.stores.invitations.revoke(&taken_back).await.unwrap();
    assert_eq!(outcome, InvitationOutcome::Outdated);
    assert_eq!(world.since(&before).await, [""; 0]);
}
