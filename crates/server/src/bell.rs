//! Wakes the delivery worker of this process.

use std::sync::Arc;

use rookery_core::ports::DeliveryBell;
use tokio::sync::Notify;

/// A bell in this process. Clones are the same bell.
#[derive(Clone, Debug, Default)]
pub(crate) struct BellNotify(Arc<Notify>);

impl BellNotify {
    /// Returns once somebody has rung since the last time: ringing before listening counts, and once however often.
    pub(crate) async fn rung(&self) {
        self.0.notified().await;
    }
}

impl DeliveryBell for BellNotify {
    fn ring(&self) {
        self.0.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_bell_rung_before_anybody_listens_is_heard_once() {
        let bell = BellNotify::default();
        bell.ring();
        bell.ring();
        bell.rung().await;
        let again = tokio::time::timeout(Duration::from_millis(20), bell.rung()).await;
        assert!(again.is_err(), "two rings before listening are one");
    }
}
