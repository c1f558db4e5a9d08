//! Makes copies of people's data, one after the other.

use std::sync::Arc;
use std::time::Duration;

use rookery_core::{ExportMaking, ExportRound, Mint};
use tracing::{info, warn};

use super::StopSign;
use super::pace::{about, back_off};
use crate::bell::BellNotify;

/// How long a request waits at most when nobody rings: one that another process took, or one that is due again.
const ROUND: Duration = Duration::from_secs(5);

/// Makes copies until the sign is given: when the bell rings, every few seconds otherwise, and without a pause as long as somebody
/// waits. One at a time, for it is work that nobody stands and waits for.
pub(crate) async fn export(making: Arc<dyn ExportMaking>, bell: BellNotify, mint: Mint, mut stop: StopSign) {
    let mut failures = 0;
    loop {
        let go_on = match making.make_due().await {
            Ok(round) => {
                failures = 0;
                if round == ExportRound::Made {
                    info!("a copy of somebody's data was made");
                }
                let pause = if round == ExportRound::Idle {
                    about(ROUND, mint.fraction())
                } else {
                    Duration::ZERO
                };
                tokio::select! {
                    go_on = stop.sleep(pause) => go_on,
                    () = bell.rung() => true,
                }
            }
            Err(error) => {
                failures += 1;
                if failures == 1 {
                    warn!(
                        error = error.chain(),
                        "no copies of data can be made: the store does not answer"
                    );
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
    use rookery_core::PortError;
    use rookery_core::mocks::{ManualClock, MockExportMaking, SeededEntropy};
    use rookery_core::ports::DeliveryBell;
    use tokio::sync::mpsc;

    use super::*;
    use crate::workers::Workers;

    /// A worker whose rounds answer in this order and then find nobody; each round is told.
    fn at_work(rounds: Vec<Result<ExportRound, PortError>>) -> (Workers, BellNotify, mpsc::UnboundedReceiver<()>) {
        let (tell, told) = mpsc::unbounded_channel();
        let mut rounds = rounds.into_iter();
        let mut making = MockExportMaking::new();
        making.expect_make_due().returning(move || {
            tell.send(()).unwrap();
            rounds.next().unwrap_or(Ok(ExportRound::Idle))
        });
        let bell = BellNotify::default();
        let mut workers = Workers::default();
        let (making, heard): (Arc<dyn ExportMaking>, _) = (Arc::new(making), bell.clone());
        let mint = Mint::new(Arc::new(ManualClock::default()), Arc::new(SeededEntropy::default()));
        workers.start("exports", move |stop| {
            export(Arc::clone(&making), heard.clone(), mint.clone(), stop)
        });
        (workers, bell, told)
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
    async fn as_long_as_somebody_waits_there_is_no_pause() {
        let rounds = vec![
            Ok(ExportRound::Made),
            Ok(ExportRound::Postponed),
            Ok(ExportRound::Failed),
        ];
        let (_workers, _bell, mut told) = at_work(rounds);
        assert_eq!(rounds_within(&mut told, Duration::from_millis(100)).await, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_worker_looks_now_and_then_and_when_the_bell_rings() {
        let (_workers, bell, mut told) = at_work(vec![]);
        assert_eq!(rounds_within(&mut told, Duration::from_secs(1)).await, 1);
        bell.ring();
        assert_eq!(rounds_within(&mut told, Duration::from_secs(1)).await, 1);
        let idle = rounds_within(&mut told, Duration::from_mins(1)).await;
        assert!((10..=14).contains(&idle), "{idle} rounds in a minute");
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_does_not_answer_is_asked_later() {
        let gone = || Err(PortError::unavailable("exports.claim", "gone"));
        let (_workers, _bell, mut told) = at_work((0..20).map(|_| gone()).collect());
        let rounds = rounds_within(&mut told, Duration::from_secs(30)).await;
        assert!((6..=15).contains(&rounds), "{rounds} rounds in 30 s");
    }
}
