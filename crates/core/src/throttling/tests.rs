use std::sync::Arc;

use chrono::Duration;
use futures_executor::block_on;

use super::*;
use crate::mocks::{ManualClock, MemoryThrottleStore, OpenDigest};
use crate::ports::{MockThrottleStore, Taken};

fn somebody() -> Subject {
    Subject::network(Some("192.0.2.7".parse().unwrap()))
}

fn throttle(profile: LimitProfile) -> (Arc<ManualClock>, Throttle) {
    let clock = Arc::new(ManualClock::default());
    let throttle = MemoryThrottleStore::throttle(Arc::<ManualClock>::clone(&clock), profile);
    (clock, throttle)
}

fn refusal(result: Result<Level, ThrottleError>) -> Refusal {
    match result {
        Err(ThrottleError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_last_attempt_locks_and_the_lock_ends() {
    let (clock, throttle) = throttle(LimitProfile::Default);
    block_on(async {
        for left in (0..5).rev() {
            let level = throttle.take(Limit::LogInAddress, &somebody()).await.unwrap();
            assert_eq!((level.remaining, level.was_last()), (left, left == 0));
        }
        let refusal = refusal(throttle.take(Limit::LogInAddress, &somebody()).await);
        assert_eq!(refusal.retry_in, Duration::minutes(30));
        clock.advance(Duration::minutes(30));
        let level = throttle.take(Limit::LogInAddress, &somebody()).await.unwrap();
        assert_eq!(level.remaining, 4);
    });
}

#[test]
fn what_is_given_back_can_be_taken_again_and_what_is_cleared_begins_anew() {
    let (_, throttle) = throttle(LimitProfile::Default);
    block_on(async {
        for _ in 0..5 {
            throttle.take(Limit::LogInAddress, &somebody()).await.unwrap();
        }
        throttle.give_back(Limit::LogInAddress, &somebody()).await.unwrap();
        assert!(
            throttle
                .take(Limit::LogInAddress, &somebody())
                .await
                .unwrap()
                .was_last()
        );
        throttle.clear(Limit::LogInAddress, &somebody()).await.unwrap();
        assert_eq!(
            throttle.take(Limit::LogInAddress, &somebody()).await.unwrap().remaining,
            4
        );
    });
}

#[test]
fn limits_that_are_off_ask_nobody() {
    let throttle = Throttle::new(
        Arc::new(MockThrottleStore::new()),
        Arc::new(OpenDigest),
        Arc::new(ManualClock::default()),
        LimitProfile::Off,
    );
    block_on(async {
        let level = throttle.take(Limit::ReadsUser, &somebody()).await.unwrap();
        assert_eq!((level.rule, level.was_last()), (None, false));
        throttle.give_back(Limit::ReadsUser, &somebody()).await.unwrap();
        throttle.clear(Limit::ReadsUser, &somebody()).await.unwrap();
        assert!(throttle.counter(Limit::LogInAddress, &somebody()).is_none());
    });
}

#[test]
fn fifty_reads_ask_the_shared_counter_once() {
    let mut store = MockThrottleStore::new();
    store.expect_take().times(2).returning(|take| {
        assert_eq!(take.amount, 50);
        Ok(Taken::Granted {
            count: 50,
            ends: take.at + take.rule.window,
        })
    });
    let clock = Arc::new(ManualClock::default());
    let throttle = Throttle::new(Arc::new(store), Arc::new(OpenDigest), clock, LimitProfile::Default);
    block_on(async {
        for _ in 0..51 {
            throttle.take(Limit::ReadsUser, &somebody()).await.unwrap();
        }
    });
}

#[test]
fn the_lots_of_all_nodes_add_up_to_the_quota_and_no_more() {
    let clock = Arc::new(ManualClock::default());
    let store = Arc::new(MemoryThrottleStore::default());
    let nodes: Vec<_> = (0..3)
        .map(|_| {
            let store = Arc::<MemoryThrottleStore>::clone(&store);
            let clock = Arc::<ManualClock>::clone(&clock);
            Throttle::new(store, Arc::new(OpenDigest), clock, LimitProfile::Default)
        })
        .collect();
    block_on(async {
        let mut granted = 0;
        for turn in 0..500 {
            let taken = nodes[turn % 3].take(Limit::AnonymousNetwork, &somebody()).await;
            granted += usize::from(taken.is_ok());
        }
        assert_eq!(granted, 300);
        let refusal = refusal(nodes[0].take(Limit::AnonymousNetwork, &somebody()).await);
        assert_eq!(refusal.retry_in, Duration::minutes(1));
        clock.advance(Duration::minutes(1));
        assert_eq!(
            nodes[1]
                .take(Limit::AnonymousNetwork, &somebody())
                .await
                .unwrap()
                .remaining,
            299
        );
    });
}

#[test]
fn whoever_is_refused_costs_the_shared_counter_nothing_more() {
    let mut store = MockThrottleStore::new();
    store.expect_take().times(1).returning(|take| {
        Ok(Taken::Refused {
            ends: take.at + Duration::seconds(30),
        })
    });
    let clock = Arc::new(ManualClock::default());
    let throttle = Throttle::new(Arc::new(store), Arc::new(OpenDigest), clock, LimitProfile::Default);
    block_on(async {
        for _ in 0..100 {
            let refusal = refusal(throttle.take(Limit::ReadsUser, &somebody()).await);
            assert_eq!(refusal.retry_in, Duration::seconds(30));
        }
    });
}

#[test]
fn counters_that_do_not_answer_are_asked_again_a_little_later_and_not_for_every_read() {
    let mut store = MockThrottleStore::new();
    store
        .expect_take()
        .times(3)
        .returning(|_| Err(PortError::unavailable("throttle.take", "gone")));
    let clock = Arc::new(ManualClock::default());
    let same = Arc::<ManualClock>::clone(&clock);
    let throttle = Throttle::new(Arc::new(store), Arc::new(OpenDigest), same, LimitProfile::Default);
    block_on(async {
        for turn in 0..100 {
            let taken = throttle.take(Limit::ReadsUser, &somebody()).await;
            assert_eq!(taken.is_err(), turn % 50 == 0, "{turn}");
        }
        clock.advance(Duration::seconds(5));
        assert!(throttle.take(Limit::ReadsUser, &somebody()).await.is_err());
    });
}

#[test]
fn quotas_that_are_served_in_lots_are_whole_lots() {
    for profile in [LimitProfile::Relaxed, LimitProfile::Default, LimitProfile::Strict] {
        for limit in Limit::ALL {
            let rule = limit.rule(profile).unwrap();
            assert_eq!(rule.quota % limit.lot(), 0, "{}", limit.name());
            assert!(rule.lock.is_none_or(|lock| lock > Duration::zero()));
        }
    }
}

// Proves: ASVS 2.1.3
#[test]
fn a_stricter_profile_never_allows_more_in_an_hour() {
    let hourly = |limit: &Limit, profile| {
        let rule = limit.rule(profile).unwrap();
        let turn = rule.lock.unwrap_or(rule.window).max(rule.window).num_seconds();
        i64::from(rule.quota) * 3600 / turn.min(3600)
    };
    for limit in Limit::ALL {
        let (relaxed, default, strict) = (
            hourly(limit, LimitProfile::Relaxed),
            hourly(limit, LimitProfile::Default),
            hourly(limit, LimitProfile::Strict),
        );
        assert!(strict <= default && default <= relaxed, "{}", limit.name());
    }
}
