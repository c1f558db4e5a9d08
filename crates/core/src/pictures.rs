//! The picture a person shows of themselves.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, Picture, PictureFault, PictureHash, Profile};
use thiserror::Error;

use crate::Refusal;
use crate::passing_on::may_be_throttled;
use crate::ports::{PictureMakerError, PortError, SignedIn};

pub use service::PictureService;

/// Why somebody shows no other picture now.
#[derive(Debug, Error)]
pub enum PictureError {
    /// What they sent cannot become one.
    #[error("the picture is not acceptable: {0}")]
    Unacceptable(PictureFault),
    /// They have sent too many.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Too many pictures are waiting to be made.
    #[error("the picture maker is busy")]
    Busy,
    /// There is no such person any more.
    #[error("no such user")]
    NotFound,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(PictureError);

impl From<PictureMakerError> for PictureError {
    fn from(error: PictureMakerError) -> Self {
        match error {
            PictureMakerError::Unacceptable(fault) => Self::Unacceptable(fault),
            PictureMakerError::Busy => Self::Busy,
            PictureMakerError::Port(error) => Self::Port(error),
        }
    }
}

/// People's pictures.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Pictures: Send + Sync {
    /// Makes a picture of what was uploaded, shows it from now on, and answers with the whole profile. What was sent is
    /// judged by its content; each upload is counted before it is looked at.
    ///
    /// # Errors
    /// [`PictureError`]; then the person shows what they showed before.
    async fn show(&self, signed_in: &SignedIn, upload: Vec<u8>, caller: &Caller) -> Result<Profile, PictureError>;

    /// Shows none from now on, wherever the one before came from, and answers with the whole profile. Whoever shows none
    /// goes on doing so.
    ///
    /// # Errors
    /// [`PictureError`]; then the person shows what they showed before.
    async fn remove(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Profile, PictureError>;

    /// The picture of this name, while somebody shows it. For whoever asks: the name is the secret.
    ///
    /// # Errors
    /// [`PortError`]
    async fn find(&self, hash: &PictureHash) -> Result<Option<Picture>, PortError>;
}
