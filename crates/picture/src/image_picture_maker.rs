//! The picture maker.

use std::io;

use async_trait::async_trait;
use rookery_core::ports::{PictureMaker, PictureMakerError, PortError};
use rookery_domain::{Picture, PictureFault};
use thiserror::Error;

use crate::decoded::decoded;
use crate::encoded::encoded;
use crate::square::square;
use crate::workbench::{Refusal, Workbench};

/// The system gave no thread to make pictures on.
#[derive(Debug, Error)]
#[error("no thread for making pictures")]
pub struct PictureMakerStartError(#[from] io::Error);

/// [`PictureMaker`] with the decoders of the `image` crate, one picture at a time on a thread of its own behind all others.
///
/// A flood of uploads therefore costs the memory of one decoded picture and of a few waiting ones, and no other request its
/// turn; who finds the queue full is refused at once. Dropping the maker ends its thread, when what waits is done.
#[derive(Debug)]
pub struct ImagePictureMaker(Workbench);

impl ImagePictureMaker {
    /// Starts the thread.
    ///
    /// # Errors
    /// [`PictureMakerStartError`] when the system gives none.
    pub fn start() -> Result<Self, PictureMakerStartError> {
        Ok(Self(Workbench::start()?))
    }
}

#[async_trait]
impl PictureMaker for ImagePictureMaker {
    async fn make(&self, upload: Vec<u8>) -> Result<Picture, PictureMakerError> {
        const OPERATION: &str = "pictures.make";
        let made = self.0.submit(move || make(&upload)).map_err(|refusal| match refusal {
            Refusal::Full => PictureMakerError::Busy,
            Refusal::Closed => PortError::unavailable(OPERATION, "the thread has ended").into(),
        })?;
        // A decoder that gives up in a panic has met something that is no picture; the workbench has told the log.
        made.await
            .unwrap_or(Err(PictureMakerError::Unacceptable(PictureFault::Damaged)))
    }
}

fn make(upload: &[u8]) -> Result<Picture, PictureMakerError> {
    let (pixels, orientation) = decoded(upload)?;
    let mut square = square(&pixels);
    drop(pixels);
    square.apply_orientation(orientation);
    encoded(square)
        .map(Picture::new)
        .map_err(|error| PortError::broken("pictures.encode", error).into())
}
