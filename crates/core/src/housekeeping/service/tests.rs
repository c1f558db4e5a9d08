use std::sync::Mutex;

use chrono::Duration;
use futures_executor::block_on;

use super::*;
use crate::Leftover;
use crate::fixture::Workshop;
use crate::ports::MockHousekeepingStore;

fn service(workshop: &Workshop, store: MockHousekeepingStore) -> HousekeepingService {
    HousekeepingService {
        store: Arc::new(store),
        mint: workshop.mint.clone(),
    }
}

#[test]
fn what_has_run_out_is_kept_as_long_as_promised() {
    let workshop = Workshop::open();
    let asked: Arc<Mutex<Vec<Sweep>>> = Arc::default();
    let notes = Arc::clone(&asked);
    let mut store = MockHousekeepingStore::new();
    store.expect_sweep().times(RETENTION.len()).returning(move |sweep| {
        notes.lock().unwrap().push(sweep.clone());
        Ok(if sweep.leftover == Leftover::Tokens { 2 } else { 0 })
    });
    let swept = block_on(service(&workshop, store).tidy()).unwrap();
    assert_eq!(swept, [(Leftover::Tokens, 2)].into_iter().collect());
    assert_eq!((swept.count(Leftover::Tokens), swept.count(Leftover::Mails)), (2, 0));
    assert_eq!((swept.to_string().as_str(), swept.is_nothing()), ("Tokens: 2", false));
    let expected: Vec<_> = RETENTION
        .iter()
        .map(|rule| Sweep {
            leftover: rule.leftover,
            before: workshop.now() - Duration::days(rule.days),
            at: workshop.now(),
        })
        .collect();
    assert_eq!(*asked.lock().unwrap(), expected);
}

#[test]
fn one_kind_that_cannot_be_swept_keeps_no_other_from_it() {
    let workshop = Workshop::open();
    let mut store = MockHousekeepingStore::new();
    store
        .expect_sweep()
        .times(RETENTION.len())
        .returning(|sweep| match sweep.leftover {
            Leftover::Sessions => Err(PortError::unavailable("housekeeping.sweep", "gone")),
            _ => Ok(1),
        });
    let error = block_on(service(&workshop, store).tidy()).unwrap_err();
    assert!(error.is_unavailable());
}
