//! What counts, what does not, and what becomes of a sign-in when nothing can be counted.

use super::*;
use crate::LimitProfile;
use crate::ports::{MockThrottleStore, Taken};

// Proves: A30, ASVS 2.4.1
#[test]
fn a30_a_network_that_sprays_many_addresses_is_refused_and_no_hash_is_made_for_it() {
    let workshop = Workshop::open();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify_nobody().times(100).returning(|_, _| Ok(()));
    let service = AuthenticationService {
        hasher: Arc::new(hasher),
        ..lively(&workshop)
    };
    block_on(async {
        for turn in 0..130 {
            let attempt = LogIn {
                email: format!("nobody{turn}@example.com").parse().unwrap(),
                // One subscriber's /64, however many addresses he draws from it.
                ..trying("wrong", &format!("2001:db8:1:2::{turn:x}"))
            };
            let answer = service.log_in(attempt).await;
            if turn < 100 {
                assert!(matches!(answer, Err(LogInError::InvalidCredentials)), "{turn}");
            } else {
                assert_eq!(refused(answer).limit, Limit::LogInNetwork);
            }
        }
    });
}

#[test]
fn a_right_password_forgets_the_failures_before_it_and_does_not_count() {
    let workshop = Workshop::open();
    let service = lively(&workshop);
    block_on(async {
        for _ in 0..100 {
            for _ in 0..4 {
                let answer = service.log_in(trying("wrong", "192.0.2.1")).await;
                assert!(!matches!(answer, Err(LogInError::Throttled(refusal)) if refusal.limit == Limit::LogInAddress));
            }
            let _ = service.log_in(trying("right", "192.0.2.1")).await;
            workshop.clock.advance(Duration::minutes(2));
        }
        // 300 right ones in one window, from one network.
        workshop.clock.advance(Duration::minutes(30));
        for _ in 0..300 {
            assert!(service.log_in(trying("right", "192.0.2.1")).await.is_ok());
        }
    });
}

// Proves: A73
#[test]
fn a73_an_attempt_the_busy_hasher_turned_away_does_not_count() {
    let workshop = Workshop::open();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify().returning(|_, _, _| Err(HasherError::Busy));
    hasher.expect_verify_nobody().returning(|_, _| Err(HasherError::Busy));
    let service = AuthenticationService {
        hasher: Arc::new(hasher),
        ..lively(&workshop)
    };
    block_on(async {
        for device in [None, Some(shown())] {
            for _ in 0..200 {
                let attempt = LogIn {
                    device: device.clone(),
                    ..trying("right", "192.0.2.1")
                };
                assert!(matches!(service.log_in(attempt).await, Err(LogInError::Busy)));
            }
        }
    });
}

// Proves: A76, ASVS 16.5.3
#[test]
fn a76_counters_that_do_not_answer_let_nobody_in_and_ask_for_no_hash() {
    let workshop = Workshop::open();
    let mut store = MockThrottleStore::new();
    store
        .expect_take()
        .returning(|_| Err(PortError::unavailable("throttle.take", "down")));
    let throttle = Throttle::new(
        Arc::new(store),
        Arc::new(crate::mocks::OpenDigest),
        Arc::<crate::mocks::ManualClock>::clone(&workshop.clock),
        LimitProfile::Default,
    );
    let service = AuthenticationService {
        throttle,
        hasher: Arc::new(MockPasswordHasher::new()),
        ..lively(&workshop)
    };
    for device in [None, Some(shown())] {
        let attempt = LogIn {
            device,
            ..trying("right", "192.0.2.1")
        };
        let answer = block_on(service.log_in(attempt));
        assert!(matches!(answer, Err(LogInError::Port(error)) if error.is_unavailable()));
    }
}

#[test]
fn what_cannot_be_given_back_does_not_keep_the_owner_out() {
    let workshop = Workshop::open();
    let mut store = MockThrottleStore::new();
    store.expect_take().returning(|take| {
        Ok(Taken::Granted {
            count: 1,
            ends: take.at + take.rule.window,
        })
    });
    store
        .expect_clear()
        .times(1)
        .returning(|_| Err(PortError::unavailable("throttle.clear", "down")));
    store
        .expect_give_back()
        .times(1)
        .returning(|_, _| Err(PortError::unavailable("throttle.give_back", "down")));
    let throttle = Throttle::new(
        Arc::new(store),
        Arc::new(crate::mocks::OpenDigest),
        Arc::<crate::mocks::ManualClock>::clone(&workshop.clock),
        LimitProfile::Default,
    );
    let service = AuthenticationService {
        throttle,
        ..lively(&workshop)
    };
    assert!(block_on(service.log_in(trying("right", "192.0.2.1"))).is_ok());
}

#[test]
fn limits_that_are_off_count_nothing() {
    let workshop = Workshop::open();
    let throttle = Throttle::new(
        Arc::new(MockThrottleStore::new()),
        Arc::new(crate::mocks::OpenDigest),
        Arc::<crate::mocks::ManualClock>::clone(&workshop.clock),
        LimitProfile::Off,
    );
    let service = AuthenticationService {
        throttle,
        ..lively(&workshop)
    };
    assert!(
        service
            .throttle
            .counter(Limit::LogInAddress, &Subject::mailbox(&email()))
            .is_none()
    );
    block_on(async {
        for _ in 0..50 {
            let answer = service.log_in(trying("wrong", "192.0.2.1")).await;
            assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
        }
    });
}
