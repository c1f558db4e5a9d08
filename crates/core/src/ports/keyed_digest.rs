//! Naming somebody without saying whom.

/// A keyed digest under the installation's secret: the same text gives the same digest on every node, and without the
/// key nobody can try addresses out against it.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait KeyedDigest: Send + Sync {
    /// The digest of these bytes.
    fn digest(&self, bytes: &[u8]) -> [u8; 32];
}
