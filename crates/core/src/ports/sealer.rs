//! Keeping a text that must be read again, such as a mail with a link in it.

use super::PortError;

/// Authenticated encryption under the installation's secret key.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Sealer: Send + Sync {
    /// Encrypts. `context` says where the text belongs (a row's id); the seal only opens there.
    ///
    /// # Errors
    /// [`PortError`] when the cipher refuses, which it does not for texts under 256 GiB.
    fn seal(&self, plain: &[u8], context: &str) -> Result<Vec<u8>, PortError>;

    /// Decrypts what [`seal`](Self::seal) made for the same context.
    ///
    /// # Errors
    /// [`PortError`] when the text was changed, sealed for another context or under another key.
    fn open(&self, sealed: &[u8], context: &str) -> Result<Vec<u8>, PortError>;
}
