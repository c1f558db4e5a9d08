//! Chance, as an argument.

/// Unpredictable bytes, from the operating system.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer. Fails the process rather than giving predictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}
