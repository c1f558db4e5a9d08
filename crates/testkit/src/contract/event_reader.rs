//! The promises of [`EventReader`](rookery_core::ports::EventReader).

use chrono::Duration;
use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, AuditOutcome, CompanyName, EventId, SessionId, TenantId};
use rookery_core::ports::{EventFilter, NewTenant, RecordedEvent};
use serde_json::json;

use super::{Person, World};

/// Everything, up to this many.
fn everything(limit: u32) -> EventFilter {
    EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None,
        limit,
    }
}

/// The ids of what a filter finds.
async fn found(world: &World, person: &Person, filter: &EventFilter) -> Vec<EventId> {
    let events = world.stores.events.of_person(&person.user, filter).await.unwrap();
    events.iter().map(|read| read.event.id).collect()
}

/// All pages of this size, one after the other.
async fn page_by_page(world: &World, person: &Person, size: u32) -> Vec<EventId> {
    let mut filter = everything(size);
    let mut ids = Vec::new();
    loop {
        let page = world.stores.events.of_person(&person.user, &filter).await.unwrap();
        ids.extend(page.iter().map(|read| read.event.id));
        filter.behind = page.last().map(RecordedEvent::position);
        if page.is_empty() {
            return ids;
        }
    }
}

async fn record(world: &World, event: AuditEvent) -> AuditEvent {
    world.stores.audit.record(&event).await.unwrap();
    event
}

impl World {
    /// What happened to this person, the newest first.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn events_of(&self, person: &Person) -> Vec<RecordedEvent> {
        self.stores
            .events
            .of_person(&person.user, &everything(1_000))
            .await
            .unwrap()
    }

    /// Somebody who signs up with a company, which they own.
    async fn owner(&self, email: &str) -> (Person, TenantId) {
        let mut account = self.new_account(email);
        let id = TenantId::new(self.now(), &[5; 10]);
        let name = CompanyName::parse("Analytical Engines").unwrap();
        account.tenant = Some(NewTenant { id, name });
        account.event.tenant = Some(id);
        self.stores.accounts.admit(&account).await.unwrap();
        let person = Person {
            user: account.user,
            email: account.email,
        };
        (person, id)
    }
}

pub async fn events_are_read_back_as_they_were_written_the_newest_first(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::seconds(1));
    let full = AuditEvent {
        tenant: Some(TenantId::new(world.now(), &[3; 10])),
        session: Some(SessionId::new(world.now(), &[4; 10])),
        target: Some("session:0199f2b0".to_owned()),
        detail: Some(json!({ "reason": "\u{1f512} \"quoted\"", "attempts": 3 })),
        ..world.event(AuditAction::SessionEnded, Some(&person))
    };
    record(&world, full.clone()).await;
    world.advance(Duration::microseconds(1));
    let failed = AuditEvent {
        outcome: AuditOutcome::Failure,
        ..world.event(AuditAction::LogIn, Some(&person))
    };
    record(&world, failed.clone()).await;
    let read = world.events_of(&person).await;
    assert_eq!(read.len(), 3);
    assert_eq!((&read[0].event, read[0].anonymised), (&failed, None));
    assert_eq!(read[1].event, full);
    assert_eq!(read[2].event.action, AuditAction::SignUp);
}

// Proves: A78
pub async fn a_person_reads_about_nobody_else(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    record(&world, world.event(AuditAction::LogIn, None)).await;
    for person in [&ada, &bob] {
        let read = world.events_of(person).await;
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].event.user, Some(person.user));
    }
}

pub async fn pages_over_events_of_one_moment_show_each_once(world: World) {
    let person = world.person("ada@example.com").await;
    for _ in 0..9 {
        record(&world, world.event(AuditAction::LogIn, Some(&person))).await;
    }
    let all = found(&world, &person, &everything(100)).await;
    assert_eq!(all.len(), 10);
    let mut sorted = all.clone();
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(all, sorted, "within one moment the ids decide");
    for size in [1, 3, 5, 10, 11] {
        assert_eq!(page_by_page(&world, &person, size).await, all, "pages of {size}");
    }
}

pub async fn events_written_between_two_pages_neither_repeat_nor_hide_any(world: World) {
    let person = world.person("ada@example.com").await;
    for _ in 0..5 {
        world.advance(Duration::milliseconds(1));
        record(&world, world.event(AuditAction::LogIn, Some(&person))).await;
    }
    let before = found(&world, &person, &everything(100)).await;
    let mut filter = everything(2);
    let first = world.stores.events.of_person(&person.user, &filter).await.unwrap();
    world.advance(Duration::milliseconds(1));
    record(&world, world.event(AuditAction::LogOut, Some(&person))).await;
    filter = EventFilter {
        behind: first.last().map(RecordedEvent::position),
        ..everything(100)
    };
    let rest = found(&world, &person, &filter).await;
    let both: Vec<EventId> = first.iter().map(|read| read.event.id).chain(rest).collect();
    assert_eq!(both, before);
}

pub async fn a_filter_keeps_to_actions_outcomes_and_times(world: World) {
    let person = world.person("ada@example.com").await;
    let begun = world.now();
    let mut ids = Vec::new();
    for (action, outcome) in [
        (AuditAction::LogIn, AuditOutcome::Failure),
        (AuditAction::LogIn, AuditOutcome::Success),
        (AuditAction::PasswordChange, AuditOutcome::Success),
        (AuditAction::LogOut, AuditOutcome::Success),
    ] {
        world.advance(Duration::seconds(1));
        let event = AuditEvent {
            outcome,
            ..world.event(action, Some(&person))
        };
        ids.insert(0, record(&world, event).await.id);
    }
    let [left, changed, logged_in, failed] = ids[..] else {
        panic!("four");
    };
    let at = |seconds| Some(begun + Duration::seconds(seconds));
    for (filter, expected) in [
        (
            EventFilter {
                actions: vec![AuditAction::LogIn, AuditAction::LogOut],
                ..everything(10)
            },
            vec![left, logged_in, failed],
        ),
        (
            EventFilter {
                outcome: Some(AuditOutcome::Failure),
                ..everything(10)
            },
            vec![failed],
        ),
        (
            EventFilter {
                from: at(1),
                to: at(3),
                ..everything(10)
            },
            vec![logged_in, failed],
        ),
        (
            EventFilter {
                actions: vec![AuditAction::LogIn],
                outcome: Some(AuditOutcome::Success),
                from: at(2),
                ..everything(10)
            },
            vec![logged_in],
        ),
        (everything(2), vec![left, changed]),
        (
            EventFilter {
                actions: vec![AuditAction::WebhookAdded],
                ..everything(10)
            },
            Vec::new(),
        ),
    ] {
        assert_eq!(found(&world, &person, &filter).await, expected, "{filter:?}");
    }
}

pub async fn a_tenant_s_events_are_shown_to_its_owner(world: World) {
    let (ada, tenant) = world.owner("ada@example.com").await;
    record(&world, world.event(AuditAction::LogIn, Some(&ada))).await;
    let bob = world.person("bob@example.com").await;
    let inside = AuditEvent {
        tenant: Some(tenant),
        ..world.event(AuditAction::ProfileUpdate, Some(&bob))
    };
    world.advance(Duration::seconds(1));
    let inside = AuditEvent {
        at: world.now(),
        ..inside
    };
    record(&world, inside.clone()).await;
    let read = world.stores.events.of_tenant(&tenant, &ada.user, &everything(10)).await;
    let read = read.unwrap().unwrap();
    assert_eq!(read.len(), 2, "and not what happened outside of it");
    assert_eq!(read[0].event, inside, "also what others did");
    assert_eq!(read[1].event.action, AuditAction::SignUp);
}

// Proves: A62, ASVS 8.4.1
pub async fn a_tenant_s_events_are_shown_to_nobody_else(world: World) {
    let (ada, tenant) = world.owner("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let unknown = TenantId::new(world.now(), &[6; 10]);
    for (tenant, reader) in [(tenant, bob.user), (unknown, ada.user)] {
        let read = world.stores.events.of_tenant(&tenant, &reader, &everything(10)).await;
        assert_eq!(read.unwrap(), None);
    }
}
