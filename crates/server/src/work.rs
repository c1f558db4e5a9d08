//! The work a request causes, for those who count it.

/// Is told of the work that is done: for metrics, and to prove that two requests cost the same. Told in the middle of that
/// work, so it must not block.
pub trait WorkObserver: Send + Sync {
    /// A statement was run. Its text holds no values.
    fn statement(&self, text: &str);

    /// A password hash is about to be computed.
    fn hash(&self);
}
