//! Sends queued account events, round after round.

use std::sync::Arc;
use std::time::Duration;

use rookery_core::{EventDelivery, Mint};
use tracing::{info, warn};

use super::StopSign;
use super::pace::{about, back_off};

/// How long an event waits at most: nobody rings for it, for it is queued deep inside the transactions of many stores.
const ROUND: Duration = Duration::from_secs(1);

/// Sends until the sign is given: about once a second, and without a pause as long as there is something to send. While the
/// outbox does not answer the pauses grow.
pub(crate) async fn announce(delivery: Arc<dyn EventDelivery>, mint: Mint, mut stop: StopSign) {
    let mut failures = 0;
    loop {
        let pause = match delivery.send_due().await {
            Ok(sent) => {
                if failures > 0 {
                    info!("the outbox of account events answers again");
                }
                failures = 0;
                if sent.total() > 0 {
                    Duration::ZERO
                } else {
                    about(ROUND, mint.fraction())
                }
            }
            Err(error) => {
                failures += 1;
                if failures == 1 {
                    warn!(
                        error = error.chain(),
                        "the outbox of account events does not answer: they wait"
                    );
                }
                back_off(failures, mint.fraction())
            }
        };
        if !stop.sleep(pause).await {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rookery_core::mocks::{ManualClock, MockEventDelivery, SeededEntropy};
    use rookery_core::{EventsSent, PortError};

    use super::*;
    use crate::workers::Workers;

    fn mint() -> Mint {
        Mint::new(Arc::new(ManualClock::default()), Arc::new(SeededEntropy::default()))
    }

    /// A worker whose rounds answer in this order and then find nothing more, and how many there were.
    fn at_work(rounds: Vec<Result<u32, PortError>>) -> (Workers, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let mut rounds = rounds.into_iter();
        let mut delivery = MockEventDelivery::new();
        delivery.expect_send_due().returning(move || {
            counter.fetch_add(1, Ordering::Relaxed);
            rounds.next().unwrap_or(Ok(0)).map(|delivered| EventsSent {
                delivered,
                ..EventsSent::default()
            })
        });
        let delivery: Arc<dyn EventDelivery> = Arc::new(delivery);
        let mut workers = Workers::default();
        workers.start("webhooks", move |stop| announce(Arc::clone(&delivery), mint(), stop));
        (workers, count)
    }

    #[tokio::test(start_paused = true)]
    async fn it_goes_on_while_there_is_something_to_send_and_looks_once_a_second_otherwise() {
        let (workers, rounds) = at_work(vec![Ok(20), Ok(20), Ok(3)]);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(rounds.load(Ordering::Relaxed), 4);
        tokio::time::sleep(Duration::from_secs(10)).await;
        let rounds = rounds.load(Ordering::Relaxed);
        assert!((13..=15).contains(&rounds), "{rounds}");
        workers.stop(Duration::from_secs(5)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn it_does_not_hammer_a_database_that_is_down() {
        let down = || Err(PortError::unavailable("events.claim", "gone"));
        let (_workers, rounds) = at_work((0..50).map(|_| down()).collect());
        tokio::time::sleep(Duration::from_secs(30)).await;
        let rounds = rounds.load(Ordering::Relaxed);
        assert!((6..=15).contains(&rounds), "{rounds}");
    }
}
