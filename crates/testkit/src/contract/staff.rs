//! The promises of [`StaffStore`](rookery_core::ports::StaffStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, StaffRole};
use rookery_core::ports::{StaffGrant, StaffMember};

use super::{Person, World};

impl World {
    fn grant(&self, person: &Person, role: StaffRole) -> StaffGrant {
        StaffGrant {
            user: person.user,
            role,
            event: self.event(AuditAction::StaffGranted, Some(person)),
            at: self.now(),
        }
    }

    fn revoked(&self, person: &Person) -> AuditEvent {
        self.event(AuditAction::StaffRevoked, Some(person))
    }

    /// Makes somebody staff.
    pub(super) async fn employed(&self, person: &Person, role: StaffRole) {
        assert!(self.stores.staff.grant(&self.grant(person, role)).await.unwrap());
    }
}

pub async fn a_role_is_what_was_granted_last_and_each_time_is_written_down(world: World) {
    let ada = world.person("Ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    assert_eq!(world.stores.staff.role_of(&ada.user).await.unwrap(), None);
    assert!(world.stores.staff.list().await.unwrap().is_empty());
    let before = world.ledger().await;
    world.employed(&ada, StaffRole::Auditor).await;
    world.employed(&bob, StaffRole::Support).await;
    world.advance(Duration::seconds(1));
    world.employed(&ada, StaffRole::Operator).await;
    assert_eq!(
        world.since(&before).await,
        ["events staff.granted success +3", "staff +2"]
    );
    assert_eq!(
        world.stores.staff.role_of(&ada.user).await.unwrap(),
        Some(StaffRole::Operator)
    );
    let member = |person: &Person, role, since| StaffMember {
        user: person.user,
        email: person.email.clone(),
        name: Some("N. N.".to_owned()),
        role,
        since,
    };
    let expected = [
        member(&ada, StaffRole::Operator, world.now()),
        member(&bob, StaffRole::Support, world.now() - Duration::seconds(1)),
    ];
    let mut listed = world.stores.staff.list().await.unwrap();
    for member in &mut listed {
        member.name = Some("N. N.".to_owned());
    }
    assert_eq!(listed, expected);
}

pub async fn a_role_is_taken_away_once(world: World) {
    let ada = world.person("ada@example.com").await;
    world.employed(&ada, StaffRole::Support).await;
    let before = world.ledger().await;
    let events: Vec<AuditEvent> = (0..4).map(|_| world.revoked(&ada)).collect();
    let revoked = join_all(events.iter().map(|event| world.stores.staff.revoke(&ada.user, event))).await;
    assert_eq!(revoked.into_iter().filter(|gone| *gone.as_ref().unwrap()).count(), 1);
    assert_eq!(
        world.since(&before).await,
        ["events staff.revoked success +1", "staff -1"]
    );
    assert_eq!(world.stores.staff.role_of(&ada.user).await.unwrap(), None);
}

pub async fn nobody_who_is_gone_is_staff_or_becomes_it(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    world.employed(&ada, StaffRole::Operator).await;
    for person in [&ada, &bob] {
        world.stores.witness.end(&person.user, &world.now()).await;
    }
    let nobody = Person {
        user: world.mint.user_id(world.now()),
        email: "nobody@example.com".parse().unwrap(),
    };
    assert_eq!(world.stores.staff.role_of(&ada.user).await.unwrap(), None);
    assert!(world.stores.staff.list().await.unwrap().is_empty());
    let before = world.ledger().await;
    for person in [&ada, &bob, &nobody] {
        let grant = world.grant(person, StaffRole::Auditor);
        assert!(!world.stores.staff.grant(&grant).await.unwrap());
    }
    assert!(world.since(&before).await.is_empty());
}
