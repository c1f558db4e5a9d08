//! Who is shown which invitations.

use chrono::Duration;
use rookery_core::domain::{InvitationState, Role};
use rookery_core::ports::InvitationFilter;

use super::{invited, revocation};
use crate::contract::World;
use crate::contract::tenants::founded;

pub async fn invitations_are_listed_by_state_the_newest_first_each_once(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let gone = invited(&world, tenant, &ada, "gone@example.com", &[Role::Member]).await;
    world.advance(Duration::days(6));
    let revoked = invited(&world, tenant, &ada, "revoked@example.com", &[Role::Member]).await;
    let taken_back = revocation(&world, &revoked, &ada);
    world.stores.invitations.revoke(&taken_back).await.unwrap();
    world.advance(Duration::days(1));
    for number in 0..3 {
        invited(
            &world,
            tenant,
            &ada,
            &format!("new-{number}@example.com"),
            &[Role::Member],
        )
        .await;
    }
    let list = async |state: Option<InvitationState>, limit: u32| {
        let mut filter = InvitationFilter {
            state,
            behind: None,
            limit,
        };
        let mut emails = Vec::new();
        loop {
            let now = world.now();
            let page = world
                .stores
                .invitations
                .list(&tenant, &ada.user, &filter, &now)
                .await
                .unwrap();
            let Some(last) = page.last() else {
                return emails;
            };
            filter.behind = Some(last.position());
            emails.extend(page.into_iter().map(|invitation| invitation.email.to_string()));
        }
    };
    let all = list(None, 100).await;
    assert_eq!(
        (all.len(), all[3].as_str(), all[4].as_str()),
        (5, "revoked@example.com", "gone@example.com")
    );
    for size in [1, 2, 5] {
        assert_eq!(list(None, size).await, all, "pages of {size}");
    }
    assert_eq!(list(Some(InvitationState::Pending), 2).await, all[..3]);
    assert_eq!(list(Some(InvitationState::Expired), 2).await, [gone.email.to_string()]);
    assert_eq!(
        list(Some(InvitationState::Revoked), 2).await,
        [revoked.email.to_string()]
    );
    assert!(list(Some(InvitationState::Accepted), 2).await.is_empty());
}

pub async fn invitations_are_shown_to_members_alone(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let eve = world.person("eve@example.com").await;
    let elsewhere = founded(&world, &eve, "Elsewhere").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let filter = InvitationFilter {
        state: None,
        behind: None,
        limit: 10,
    };
    for (place, reader) in [(tenant, &eve), (elsewhere, &ada), (elsewhere, &eve)] {
        let store = &world.stores.invitations;
        let listed = store.list(&place, &reader.user, &filter, &world.now()).await.unwrap();
        assert!(listed.is_empty());
        assert_eq!(store.find(&place, &reader.user, &new.id).await.unwrap(), None);
    }
}
