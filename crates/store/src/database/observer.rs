//! Whoever wants to hear of every statement.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

type Listener = dyn Fn(&str, Duration) + Send + Sync;

/// Called after every statement with its text, which holds no values, and its duration.
#[derive(Clone)]
pub(super) struct Observer(Arc<Listener>);

impl Observer {
    pub(super) fn new(observer: impl Fn(&str, Duration) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observer))
    }

    pub(super) fn tell(&self, sql: &str, elapsed: Duration) {
        (self.0)(sql, elapsed);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
