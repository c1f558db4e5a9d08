//! Delivers queued mail, round after round.

use std::sync::Arc;
use std::time::Duration;

use rookery_core::{Delivery, Mint};
use tracing::{info, warn};

use super::StopSign;
use super::pace::back_off;
use crate::bell::BellNotify;

/// How long a mail waits at most when nobody rings: one that another process queued, or one that is due again.
const ROUND: Duration = Duration::from_secs(1);

/// Between the bell and the round it calls for at least so long. The bell is rung before the request that rings it is
/// answered, and a round with a mail in it costs more than one without: at once, on a busy core, it would hold up the very
/// answer that must not tell whether there was a mail. Such an answer leaves on a [beat](rookery_api::BEAT); by then it
/// is gone.
const MOMENT: Duration = Duration::from_millis(80);

/// Delivers until the sign is given: a moment after the bell rings, once a second otherwise, and without a pause as long as
/// there is something to deliver. While the outbox does not answer the pauses grow, and no bell shortens them.
pub(crate) async fn deliver(delivery: Arc<dyn Delivery>, bell: BellNotify, mint: Mint, mut stop: StopSign) {
    let mut failures = 0;
    loop {
        let go_on = match delivery.deliver_due().await {
            Ok(delivered) => {
                if failures > 0 {
                    info!("the outbox answers again");
                }
                failures = 0;
                let pause = if delivered.total() > 0 { Duration::ZERO } else { ROUND };
                tokio::select! {
                    go_on = stop.sleep(pause) => go_on,
                    () = bell.rung() => stop.sleep(MOMENT + MOMENT.mul_f64(mint.fraction())).await,
                }
            }
            Err(error) => {
                failures += 1;
                if failures == 1 {
                    warn!(error = error.chain(), "the outbox does not answer: mail waits");
                }
                stop.sleep(back_off(failures, mint.fraction())).await
            }
        };
        if !go_on {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use rookery_core::mocks::{ManualClock, MockDelivery, SeededEntropy};
    use rookery_core::ports::DeliveryBell;
    use rookery_core::{Delivered, PortError};
    use tokio::sync::mpsc;

    use super::*;
    use crate::workers::Workers;

    fn mint() -> Mint {
        Mint::new(Arc::new(ManualClock::default()), Arc::new(SeededEntropy::default()))
    }

    /// A worker whose rounds answer in this order and then find nothing more; each round is told.
    fn at_work(rounds: Vec<Result<u32, PortError>>) -> (Workers, BellNotify, mpsc::UnboundedReceiver<()>) {
        let (tell, told) = mpsc::unbounded_channel();
        let mut rounds = rounds.into_iter();
        let mut delivery = MockDelivery::new();
        delivery.expect_deliver_due().returning(move || {
            tell.send(()).unwrap();
            rounds.next().unwrap_or(Ok(0)).map(|sent| Delivered {
                sent,
                ..Delivered::default()
            })
        });
        let bell = BellNotify::default();
        let mut workers = Workers::default();
        let (delivery, heard): (Arc<dyn Delivery>, _) = (Arc::new(delivery), bell.clone());
        workers.start("delivery", move |stop| {
            deliver(Arc::clone(&delivery), heard.clone(), mint(), stop)
        });
        (workers, bell, told)
    }

    fn unavailable() -> Result<u32, PortError> {
        Err(PortError::unavailable("outbox.claim", "gone"))
    }

    async fn rounds_within(told: &mut mpsc::UnboundedReceiver<()>, time: Duration) -> usize {
        tokio::time::sleep(time).await;
        let mut rounds = 0;
        while told.try_recv().is_ok() {
            rounds += 1;
        }
        rounds
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_round_is_followed_by_the_next_at_once() {
        let (_workers, _bell, mut told) = at_work(vec![Ok(10), Ok(10), Ok(3)]);
        assert_eq!(rounds_within(&mut told, Duration::from_millis(100)).await, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_worker_looks_once_a_second_and_when_the_bell_rings() {
        let (_workers, bell, mut told) = at_work(vec![]);
        assert_eq!(rounds_within(&mut told, Duration::from_millis(100)).await, 1);
        assert_eq!(rounds_within(&mut told, Duration::from_secs(3)).await, 3);
        bell.ring();
        assert_eq!(rounds_within(&mut told, 3 * MOMENT).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_rings_is_answered_before_the_round_begins() {
        let (_workers, bell, mut told) = at_work(vec![]);
        assert_eq!(rounds_within(&mut told, Duration::from_millis(10)).await, 1);
        for _ in 0..20 {
            bell.ring();
            assert_eq!(rounds_within(&mut told, MOMENT / 2).await, 0);
            assert_eq!(rounds_within(&mut told, 3 * MOMENT).await, 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_bell_makes_it_hammer_a_database_that_is_down() {
        let (_workers, bell, mut told) = at_work((0..20).map(|_| unavailable()).collect());
        let mut rounds = 0;
        for _ in 0..30 {
            bell.ring();
            rounds += rounds_within(&mut told, Duration::from_secs(1)).await;
        }
        assert!((6..=15).contains(&rounds), "{rounds} rounds in 30 s");
    }

    #[tokio::test(start_paused = true)]
    async fn it_stops_between_two_rounds() {
        let (workers, _bell, mut told) = at_work(vec![]);
        assert_eq!(rounds_within(&mut told, Duration::from_millis(10)).await, 1);
        workers.stop(Duration::from_secs(5)).await;
        assert!(told.recv().await.is_none(), "it went on");
    }
}
