use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{AuditAction, AuditOutcome, Caller, Role};

use super::*;
use crate::fixture::{Workshop, membership, signed_in, tenant, user};
use crate::ports::{MockEventReader, MockTenantStore};

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

fn events(workshop: &Workshop, count: usize) -> Vec<RecordedEvent> {
    let event = || {
        workshop.mint.event(
            workshop.now(),
            AuditAction::LogIn,
            AuditOutcome::Success,
            &Caller::default(),
        )
    };
    std::iter::repeat_with(|| RecordedEvent {
        event: event(),
        anonymised: None,
    })
    .take(count)
    .collect()
}

fn service(workshop: &Workshop, events: MockEventReader) -> ActivityService {
    inside(workshop, None, events)
}

/// Somebody who belongs to the tenant, which lets sessions live so many hours.
fn inside(workshop: &Workshop, timeout_hours: Option<u32>, events: MockEventReader) -> ActivityService {
    let mut tenants = MockTenantStore::new();
    tenants.expect_membership().returning(move |asked, whose| {
        assert_eq!((*asked, *whose), (tenant(), user()));
        Ok(Some(membership(&[Role::Owner], timeout_hours)))
    });
    ActivityService {
        tenants: Arc::new(tenants),
        events: Arc::new(events),
        mint: workshop.mint.clone(),
    }
}

#[test]
fn a_page_that_is_not_the_last_tells_where_the_next_begins() {
    let workshop = Workshop::open();
    let found = events(&workshop, 3);
    let answer = found.clone();
    let mut reader = MockEventReader::new();
    reader
        .expect_of_person()
        .times(1)
        .withf(|whose, filter| *whose == user() && filter.limit == 3)
        .returning(move |_, _| Ok(answer.clone()));
    let page = block_on(service(&workshop, reader).of_person(&signed_in(workshop.now()), everything(2))).unwrap();
    assert_eq!(page.events, found[..2]);
    assert_eq!(page.next, Some(found[1].position()));
}

#[test]
fn the_last_page_and_an_empty_one_have_no_next() {
    let workshop = Workshop::open();
    for count in [0, 2] {
        let found = events(&workshop, count);
        let mut reader = MockEventReader::new();
        reader.expect_of_person().returning(move |_, _| Ok(found.clone()));
        let page = block_on(service(&workshop, reader).of_person(&signed_in(workshop.now()), everything(2))).unwrap();
        assert_eq!((page.events.len(), page.next), (count, None));
    }
}

#[test]
fn a_person_s_history_reaches_back_twelve_months_and_no_further() {
    let workshop = Workshop::open();
    let horizon = workshop.now() - Duration::days(365);
    let late = workshop.now() - Duration::days(3);
    for (from, expected) in [
        (None, horizon),
        (Some(horizon - Duration::days(1)), horizon),
        (Some(late), late),
    ] {
        let mut reader = MockEventReader::new();
        reader
            .expect_of_person()
            .times(1)
            .withf(move |_, filter| filter.from == Some(expected))
            .returning(|_, _| Ok(Vec::new()));
        let filter = EventFilter { from, ..everything(25) };
        assert!(block_on(service(&workshop, reader).of_person(&signed_in(workshop.now()), filter)).is_ok());
    }
}

#[test]
fn a_tenant_s_log_is_read_for_whoever_holds_the_session_and_is_not_cut() {
    let workshop = Workshop::open();
    let found = events(&workshop, 1);
    let mut reader = MockEventReader::new();
    reader
        .expect_of_tenant()
        .times(1)
        .withf(|which, whom, filter| {
            *which == tenant() && *whom == user() && filter.from.is_none() && filter.limit == 2
        })
        .returning(move |_, _, _| Ok(Some(found.clone())));
    let service = service(&workshop, reader);
    let page = block_on(service.of_tenant(&signed_in(workshop.now()), &tenant(), everything(1))).unwrap();
    assert_eq!((page.events.len(), page.next), (1, None));
}

#[test]
fn a_tenant_one_does_not_own_is_not_there() {
    let workshop = Workshop::open();
    let mut reader = MockEventReader::new();
    reader.expect_of_tenant().returning(|_, _, _| Ok(None));
    let service = service(&workshop, reader);
    let error = block_on(service.of_tenant(&signed_in(workshop.now()), &tenant(), everything(1))).unwrap_err();
    assert!(matches!(error, TenantActivityError::NotFound));
}
