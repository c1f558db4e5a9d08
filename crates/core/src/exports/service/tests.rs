use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::Session;

use super::*;
use crate::LimitProfile;
use crate::fixture::{Workshop, bell_rung, caller, signed_in, user};
use crate::mocks::{GlassSealer, MemoryThrottleStore};
use crate::ports::{MockAuditLog, MockExportStore};

fn service(workshop: &Workshop, exports: MockExportStore, audit: MockAuditLog, rings: usize) -> ExportService {
    ExportService {
        exports: Arc::new(exports),
        sealer: Arc::new(GlassSealer),
        audit: Arc::new(audit),
        throttle: workshop.throttle.clone(),
        bell: bell_rung(rings),
        mint: workshop.mint.clone(),
    }
}

fn export(workshop: &Workshop, state: ExportState) -> Export {
    Export {
        id: ExportId::new(workshop.now(), &[7; 10]),
        requested: workshop.now(),
        state,
    }
}

fn ready(workshop: &Workshop) -> Export {
    let at = workshop.now();
    let state = ExportState::Ready {
        at,
        expires: at + Export::LIFE,
        size: 5,
        parts: 1,
    };
    export(workshop, state)
}

/// Signed in so long ago that the proof is stale by a microsecond.
fn stale(workshop: &Workshop) -> SignedIn {
    signed_in(workshop.now() - Session::FRESHNESS)
}

#[test]
fn a_request_commits_a_copy_with_its_event_and_wakes_whoever_makes_it() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let mut exports = MockExportStore::new();
    exports.expect_of_person().return_once(|_| Ok(Vec::new()));
    exports
        .expect_request()
        .times(1)
        .withf(move |request| {
            request.user == user()
                && request.at == now
                && request.event.action == AuditAction::ExportRequested
                && request.event.user == Some(user())
                && request.event.session.is_some()
                && request.event.target == Some(format!("export:{}", request.id))
                && request.event.caller == caller()
        })
        .returning(|request| {
            Ok(ExportRequested::Accepted(Export {
                id: request.id,
                requested: request.at,
                state: ExportState::Pending,
            }))
        });
    let service = service(&workshop, exports, MockAuditLog::new(), 1);
    let export = block_on(service.request(&signed_in(now), &caller())).unwrap();
    assert_eq!((export.requested, export.state), (now, ExportState::Pending));
}

// Proves: A78, ASVS 7.5.3
#[test]
fn without_a_fresh_proof_nothing_is_asked_for_and_nothing_fetched() {
    let workshop = Workshop::open();
    let service = service(&workshop, MockExportStore::new(), MockAuditLog::new(), 0);
    let (who, id) = (stale(&workshop), ready(&workshop).id);
    assert!(matches!(
        block_on(service.request(&who, &caller())),
        Err(ExportError::ReauthenticationRequired(_))
    ));
    assert!(matches!(
        block_on(service.open(&who, &id, &caller())),
        Err(ExportError::ReauthenticationRequired(_))
    ));
}

#[test]
fn whoever_waits_already_is_told_of_that_copy_and_it_is_not_counted() {
    let workshop = Workshop::open();
    let waiting = export(&workshop, ExportState::Pending);
    let mut exports = MockExportStore::new();
    exports.expect_of_person().returning(move |_| Ok(vec![waiting]));
    exports.expect_request().never();
    let service = service(&workshop, exports, MockAuditLog::new(), 0);
    for _ in 0..10 {
        let answer = block_on(service.request(&signed_in(workshop.now()), &caller()));
        assert_eq!(answer.unwrap(), waiting);
    }
}

#[test]
fn of_two_requests_at_once_the_later_one_hears_of_the_other_and_is_not_counted() {
    let workshop = Workshop::open();
    let waiting = export(&workshop, ExportState::Pending);
    let mut exports = MockExportStore::new();
    exports.expect_of_person().returning(|_| Ok(Vec::new()));
    exports
        .expect_request()
        .times(10)
        .returning(move |_| Ok(ExportRequested::Waiting(waiting)));
    let service = service(&workshop, exports, MockAuditLog::new(), 0);
    for _ in 0..10 {
        let answer = block_on(service.request(&signed_in(workshop.now()), &caller()));
        assert_eq!(answer.unwrap(), waiting);
    }
}

#[test]
fn there_are_three_copies_in_a_day() {
    let workshop = Workshop::open();
    let mut exports = MockExportStore::new();
    exports.expect_of_person().returning(|_| Ok(Vec::new()));
    exports.expect_request().times(3).returning(|request| {
        Ok(ExportRequested::Accepted(Export {
            id: request.id,
            requested: request.at,
            state: ExportState::Pending,
        }))
    });
    let throttle = MemoryThrottleStore::throttle(Arc::clone(&workshop.clock) as _, LimitProfile::Default);
    let service = ExportService {
        throttle,
        ..service(&workshop, exports, MockAuditLog::new(), 3)
    };
    for _ in 0..3 {
        assert!(block_on(service.request(&signed_in(workshop.now()), &caller())).is_ok());
    }
    let answer = block_on(service.request(&signed_in(workshop.now()), &caller()));
    assert!(matches!(answer, Err(ExportError::Throttled(_))));
}

#[test]
fn somebody_who_is_gone_is_not_signed_in() {
    let workshop = Workshop::open();
    let mut exports = MockExportStore::new();
    exports.expect_of_person().returning(|_| Ok(Vec::new()));
    exports
        .expect_request()
        .returning(|_| Ok(ExportRequested::NoSuchPerson));
    let service = service(&workshop, exports, MockAuditLog::new(), 0);
    let answer = block_on(service.request(&signed_in(workshop.now()), &caller()));
    assert!(matches!(answer, Err(ExportError::NotSignedIn)));
}

// Proves: A79
#[test]
fn a_copy_is_opened_once_it_is_written_down_that_it_was() {
    let workshop = Workshop::open();
    let kept = ready(&workshop);
    let mut exports = MockExportStore::new();
    exports
        .expect_find()
        .withf(move |whose, id| *whose == user() && *id == kept.id)
        .returning(move |_, _| Ok(Some(kept)));
    let mut audit = MockAuditLog::new();
    audit
        .expect_record()
        .times(1)
        .withf(move |event| {
            event.action == AuditAction::ExportFetched
                && event.user == Some(user())
                && event.target == Some(format!("export:{}", kept.id))
        })
        .returning(|_| Ok(()));
    let service = service(&workshop, exports, audit, 0);
    let opened = block_on(service.open(&signed_in(workshop.now()), &kept.id, &caller())).unwrap();
    assert_eq!((opened.id, opened.size, opened.parts), (kept.id, 5, 1));
}

#[test]
fn what_cannot_be_written_down_is_not_opened() {
    let workshop = Workshop::open();
    let kept = ready(&workshop);
    let mut exports = MockExportStore::new();
    exports.expect_find().returning(move |_, _| Ok(Some(kept)));
    let mut audit = MockAuditLog::new();
    audit
        .expect_record()
        .returning(|_| Err(PortError::unavailable("audit.record", "gone")));
    let service = service(&workshop, exports, audit, 0);
    let answer = block_on(service.open(&signed_in(workshop.now()), &kept.id, &caller()));
    assert!(matches!(answer, Err(ExportError::Port(_))));
}

#[test]
fn what_is_not_ready_or_not_any_more_or_not_theirs_is_not_there() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let expired = Export {
        state: ExportState::Ready {
            at,
            expires: at,
            size: 5,
            parts: 1,
        },
        ..ready(&workshop)
    };
    for found in [
        None,
        Some(export(&workshop, ExportState::Pending)),
        Some(export(&workshop, ExportState::Failed { at })),
        Some(expired),
    ] {
        let mut exports = MockExportStore::new();
        exports.expect_find().returning(move |_, _| Ok(found));
        let mut audit = MockAuditLog::new();
        audit.expect_record().never();
        let service = service(&workshop, exports, audit, 0);
        let answer = block_on(service.open(&signed_in(at), &expired.id, &caller()));
        assert!(matches!(answer, Err(ExportError::NotFound)), "{found:?}");
    }
}

#[test]
fn a_part_opens_at_its_own_place_alone() {
    let workshop = Workshop::open();
    let opened = OpenedExport {
        id: ready(&workshop).id,
        size: 5,
        parts: 2,
    };
    let sealed = GlassSealer.seal(b"plain", &place_of(opened.id, 0)).unwrap();
    let mut exports = MockExportStore::new();
    exports.expect_part().returning(move |whose, _, number| {
        assert_eq!(*whose, user());
        Ok((number < 2).then(|| sealed.clone()))
    });
    let service = service(&workshop, exports, MockAuditLog::new(), 0);
    let part = |number| block_on(service.part(&signed_in(workshop.now()), &opened, number));
    assert_eq!(part(0).unwrap(), b"plain");
    assert!(matches!(part(1), Err(ExportError::Port(_))));
    assert!(matches!(part(2), Err(ExportError::NotFound)));
}

#[test]
fn a_list_is_the_person_s_own() {
    let workshop = Workshop::open();
    let kept = ready(&workshop);
    let mut exports = MockExportStore::new();
    exports
        .expect_of_person()
        .withf(|whose| *whose == user())
        .returning(move |_| Ok(vec![kept]));
    let service = service(&workshop, exports, MockAuditLog::new(), 0);
    let stale = signed_in(workshop.now() - Duration::hours(1));
    assert_eq!(block_on(service.list(&stale)).unwrap(), [kept]);
}
