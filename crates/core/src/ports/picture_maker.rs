//! Turning what was uploaded into what is kept.

use async_trait::async_trait;
use rookery_domain::{Picture, PictureFault};
use thiserror::Error;

use super::PortError;

/// Why there is no picture.
#[derive(Debug, Error)]
pub enum PictureMakerError {
    /// It cannot become one.
    #[error(transparent)]
    Unacceptable(#[from] PictureFault),
    /// The bounded queue is full: come back in a moment.
    #[error("the picture maker is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Makes pictures, off the threads that serve requests, with bounded memory and a bounded queue.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PictureMaker: Send + Sync {
    /// Looks at the content alone to tell PNG, JPEG and WebP from everything else, decodes it within limits and encodes
    /// it anew: upright, its centred square, at most [`PICTURE_SIDE`](rookery_domain::PICTURE_SIDE) pixels wide and never
    /// enlarged, under 200 kB. Of everything else that was in the upload nothing is left.
    ///
    /// # Errors
    /// [`PictureMakerError::Busy`] at once when the queue is full.
    async fn make(&self, upload: Vec<u8>) -> Result<Picture, PictureMakerError>;
}
