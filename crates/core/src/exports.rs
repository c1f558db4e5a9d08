//! Taking along everything that is kept about oneself.

mod catalogue;
mod making;
mod section;
mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, Export, ExportId};
use thiserror::Error;

use crate::passing_on::may_be_throttled;
use crate::ports::{PortError, SignedIn};
use crate::{ReauthenticationRequired, Refusal};

pub use catalogue::{HOLDINGS, Held, Holding};
pub use making::ExportMakingService;
pub use section::{Column, Kind, Section};
pub use service::ExportService;

/// How much of a copy is in memory at once while it is made or fetched, and so how long a part is before it is sealed.
pub const EXPORT_PART: usize = 256 * 1024;

/// Why there is no copy, or none to be had.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The account is gone.
    #[error("not signed in")]
    NotSignedIn,
    /// No copy of theirs has this name, or it is not ready, or not any more. Nobody can tell which.
    #[error("no such copy")]
    NotFound,
    /// A copy is only for somebody who has proved lately who they are.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Too many in a day.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(ExportError);

/// A copy that may be fetched now, part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedExport {
    /// Which.
    pub id: ExportId,
    /// How many bytes it has.
    pub size: u64,
    /// In how many parts they come.
    pub parts: u32,
}

/// Asking for a copy of everything that is kept about oneself, and fetching it.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Exports: Send + Sync {
    /// Asks for a copy. Whoever waits for one already is told of that one, and it counts against nobody. Needs a
    /// [fresh proof](crate::require_fresh).
    ///
    /// # Errors
    /// [`ExportError`]; then no copy is made that was not to be made before.
    async fn request(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Export, ExportError>;

    /// The person's copies, the newest first.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn list(&self, signed_in: &SignedIn) -> Result<Vec<Export>, PortError>;

    /// One of the person's copies, whatever became of it.
    ///
    /// # Errors
    /// [`ExportError`]
    async fn find(&self, signed_in: &SignedIn, export: &ExportId) -> Result<Export, ExportError>;

    /// Opens a copy that is ready, and writes down that it was fetched. Needs a [fresh proof](crate::require_fresh): whoever
    /// finds a browser open must not take everything along.
    ///
    /// # Errors
    /// [`ExportError`]
    async fn open(&self, signed_in: &SignedIn, export: &ExportId, caller: &Caller)
    -> Result<OpenedExport, ExportError>;

    /// A part of an opened copy, by number.
    ///
    /// # Errors
    /// [`ExportError`]; [`ExportError::NotFound`] when it has gone meanwhile.
    async fn part(&self, signed_in: &SignedIn, opened: &OpenedExport, number: u32) -> Result<Vec<u8>, ExportError>;
}

/// What a round of making did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportRound {
    /// Nobody waits.
    Idle,
    /// A copy is there.
    Made,
    /// A copy could not be made and will be tried again.
    Postponed,
    /// A copy will not be made.
    Failed,
    /// Another worker has taken it over, since this one was too slow.
    Lost,
}

/// The worker's use case.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait ExportMaking: Send + Sync {
    /// Makes one of the copies that are due. Safe to run on several nodes at once.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer. A copy that cannot be made is no error.
    async fn make_due(&self) -> Result<ExportRound, PortError>;
}

/// Where a part of a copy belongs: what it is sealed for.
pub(crate) fn place_of(export: ExportId, number: u32) -> String {
    format!("export:{export}:{number}")
}
