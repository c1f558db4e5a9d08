use chrono::Duration;
use futures_executor::block_on;

use super::*;
use crate::mocks::ManualClock;
use crate::ports::{MockHeartbeat, PortError};

fn service(answers: bool) -> (Arc<ManualClock>, HealthService) {
    let mut heartbeat = MockHeartbeat::new();
    heartbeat.expect_beat().returning(move || {
        if answers {
            Ok(())
        } else {
            Err(PortError::unavailable("heartbeat", "refused"))
        }
    });
    let clock = Arc::new(ManualClock::default());
    let service = HealthService::start(Arc::new(heartbeat), Arc::<ManualClock>::clone(&clock));
    (clock, service)
}

#[test]
fn a_database_that_answers_is_healthy_and_time_passes() {
    let (clock, service) = service(true);
    clock.advance(Duration::seconds(90));
    let health = block_on(service.check());
    assert!(health.healthy);
    assert_eq!((health.uptime, health.at), (Duration::seconds(90), clock.now()));
}

#[test]
fn a_silent_database_is_not_healthy() {
    assert!(!block_on(service(false).1.check()).healthy);
}

#[test]
fn a_service_that_is_shutting_down_wants_no_more_work() {
    let (_, service) = service(true);
    service.begin_shutdown();
    assert!(!block_on(service.check()).healthy);
}

#[test]
fn a_clock_that_is_set_back_does_not_make_the_uptime_negative() {
    let (clock, service) = service(true);
    clock.advance(Duration::hours(-1));
    assert_eq!(block_on(service.check()).uptime, Duration::zero());
}
