//! Erases accounts whose time has come.

use std::sync::Arc;
use std::time::Duration;

use rookery_core::{Deletion, Mint};
use tracing::{info, warn};

use super::StopSign;
use super::pace::about;

/// The first round comes soon: what was due while nothing ran is not to wait longer.
const FIRST: Duration = Duration::from_secs(5);
/// Between two rounds.
const ROUND: Duration = Duration::from_mins(1);

/// Erases until the sign is given, about once a minute, with jitter so that the nodes take turns. A round that fails is made good
/// by the next.
pub(crate) async fn erase(deletion: Arc<dyn Deletion>, mint: Mint, mut stop: StopSign) {
    let mut pause = FIRST;
    while stop.sleep(about(pause, mint.fraction())).await {
        pause = ROUND;
        match deletion.erase_due().await {
            Ok(erased) if erased.is_nothing() => {}
            Ok(erased) => info!(
                asked = erased.asked,
                unverified = erased.unverified,
                "erased accounts whose time had come"
            ),
            Err(error) => warn!(
                error = error.chain(),
                "could not erase all that is due; the next round tries again"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use rookery_core::mocks::{ManualClock, MockDeletion, SeededEntropy};
    use rookery_core::{Erased, PortError};

    use super::*;
    use crate::workers::Workers;

    #[tokio::test(start_paused = true)]
    async fn it_erases_once_a_minute_whether_or_not_a_round_fails() {
        let rounds = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&rounds);
        let mut deletion = MockDeletion::new();
        deletion
            .expect_erase_due()
            .returning(move || match count.fetch_add(1, Ordering::Relaxed) {
                0 => Err(PortError::unavailable("deletions.due", "gone")),
                _ => Ok(Erased::default()),
            });
        let mint = Mint::new(Arc::new(ManualClock::default()), Arc::new(SeededEntropy::default()));
        let mut workers = Workers::default();
        let deletion: Arc<dyn Deletion> = Arc::new(deletion);
        workers.start("deletion", move |stop| erase(Arc::clone(&deletion), mint.clone(), stop));

        tokio::time::sleep(Duration::from_secs(4)).await;
        assert_eq!(rounds.load(Ordering::Relaxed), 0, "the start is left in peace");
        tokio::time::sleep(Duration::from_mins(10)).await;
        let rounds = rounds.load(Ordering::Relaxed);
        assert!((9..=12).contains(&rounds), "{rounds} rounds in ten minutes");
    }
}
