//! Throws away what has run out, now and then.

use std::sync::Arc;
use std::time::Duration;

use rookery_core::{Housekeeping, Mint};
use tracing::{info, warn};

use super::StopSign;
use super::pace::about;

/// The first round comes when the start is over.
const FIRST: Duration = Duration::from_mins(1);
/// Between two rounds.
const ROUND: Duration = Duration::from_mins(10);

/// Tidies until the sign is given: a minute after the start, and about every ten minutes from then on, with jitter so that
/// the nodes take turns. A round that fails is made good by the next.
pub(crate) async fn tidy(housekeeping: Arc<dyn Housekeeping>, mint: Mint, mut stop: StopSign) {
    let mut pause = FIRST;
    while stop.sleep(about(pause, mint.fraction())).await {
        pause = ROUND;
        match housekeeping.tidy().await {
            Ok(swept) if swept.is_nothing() => {}
            Ok(swept) => info!(rows = %swept, "threw away what had run out"),
            Err(error) => warn!(error = error.chain(), "could not tidy up; the next round tries again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use rookery_core::mocks::{ManualClock, MockHousekeeping, SeededEntropy};
    use rookery_core::{PortError, Swept};

    use super::*;
    use crate::workers::Workers;

    #[tokio::test(start_paused = true)]
    async fn it_tidies_every_ten_minutes_whether_or_not_a_round_fails() {
        let rounds = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&rounds);
        let mut housekeeping = MockHousekeeping::new();
        housekeeping
            .expect_tidy()
            .returning(move || match count.fetch_add(1, Ordering::Relaxed) {
                0 => Err(PortError::unavailable("housekeeping.sweep", "gone")),
                _ => Ok(Swept::default()),
            });
        let mint = Mint::new(Arc::new(ManualClock::default()), Arc::new(SeededEntropy::default()));
        let mut workers = Workers::default();
        let housekeeping: Arc<dyn Housekeeping> = Arc::new(housekeeping);
        workers.start("housekeeping", move |stop| {
            tidy(Arc::clone(&housekeeping), mint.clone(), stop)
        });

        tokio::time::sleep(Duration::from_secs(40)).await;
        assert_eq!(rounds.load(Ordering::Relaxed), 0, "the start is left in peace");
        tokio::time::sleep(Duration::from_hours(1)).await;
        let rounds = rounds.load(Ordering::Relaxed);
        assert!((6..=8).contains(&rounds), "{rounds} rounds in an hour");
    }
}
