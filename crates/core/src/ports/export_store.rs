//! Copies of everything that is kept about a person: asked for, made part by part, fetched.

use async_trait::async_trait;
use rookery_domain::{Export, ExportId, Timestamp, UserId, WorkerId};

use super::{OutgoingMail, PortError};
use crate::AuditEvent;

/// Somebody asks for a copy, decided. The copy waits to be made and the event is written, together; unless another copy of
/// theirs waits already.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// The copy.
    pub id: ExportId,
    /// Whose.
    pub user: UserId,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportRequested {
    /// The copy waits to be made.
    Accepted(Export),
    /// Another one waited already, which is this; nothing was written.
    Waiting(Export),
    /// There is no such person any more; nothing was written.
    NoSuchPerson,
}

/// A request for a copy to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportClaim {
    /// One that is due at this moment, which nobody holds a lease on.
    pub now: Timestamp,
    /// It is this worker's until then; a worker that dies loses it to another.
    pub lease_until: Timestamp,
    /// Whose it is then.
    pub holder: WorkerId,
}

/// A copy to make, held under a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedExport {
    /// Its name.
    pub id: ExportId,
    /// Whose.
    pub user: UserId,
    /// How many workers have begun to make it, this one among them.
    pub attempts: u32,
}

/// What a worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportHold {
    /// The copy.
    pub export: ExportId,
    /// Whose.
    pub user: UserId,
    /// The worker that makes it.
    pub holder: WorkerId,
}

/// A part of a copy, made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportPart {
    /// Of what.
    pub hold: ExportHold,
    /// The how manieth, from 0. The first one takes the place of all parts of an earlier attempt.
    pub number: u32,
    /// The content, sealed for its place.
    pub sealed: Vec<u8>,
    /// When.
    pub at: Timestamp,
    /// Until when the worker holds the copy from now on.
    pub lease_until: Timestamp,
}

/// What became of making a copy.
#[derive(Clone, Debug)]
pub enum ExportSettlement {
    /// It is there. The mail is queued and the event written with it.
    Ready {
        /// How many bytes it has.
        size: u64,
        /// In how many parts they are kept.
        parts: u32,
        /// Until when it can be fetched.
        expires: Timestamp,
        /// What tells its person so.
        mail: Box<OutgoingMail>,
        /// The event.
        event: Box<AuditEvent>,
    },
    /// It failed and will be tried again.
    Retry {
        /// Not before then.
        next_attempt: Timestamp,
        /// Why, for the operator; holds nothing personal.
        error: String,
    },
    /// It will not be made. What was kept of it is gone, and the event is written.
    Failed {
        /// Why, for the operator; holds nothing personal.
        error: String,
        /// The event.
        event: Box<AuditEvent>,
    },
}

/// Keeps copies.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait ExportStore: Send + Sync {
    /// Has a copy wait to be made. Of several requests at once one is accepted; the others hear of that one.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn request(&self, request: &ExportRequest) -> Result<ExportRequested, PortError>;

    /// The copies of a person, the newest first, at most a hundred.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn of_person(&self, user: &UserId) -> Result<Vec<Export>, PortError>;

    /// A copy, if it is this person's.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn find(&self, user: &UserId, export: &ExportId) -> Result<Option<Export>, PortError>;

    /// A part of a copy, sealed, if it is this person's and there.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn part(&self, user: &UserId, export: &ExportId, number: u32) -> Result<Option<Vec<u8>>, PortError>;

    /// Leases a copy that is due to be made, and counts the attempt, so that one whose makers die is not begun for ever. No copy
    /// is given to two workers while a lease lasts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing is leased.
    async fn claim(&self, claim: &ExportClaim) -> Result<Option<ClaimedExport>, PortError>;

    /// Keeps a part. `false` when the copy is not this worker's any more: then nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn keep(&self, part: &ExportPart) -> Result<bool, PortError>;

    /// Writes down what became of it, and gives the lease back. `false` when the copy is not this worker's any more: then
    /// nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then the lease runs out and the copy is made again.
    async fn settle(&self, hold: &ExportHold, settlement: &ExportSettlement, at: &Timestamp)
    -> Result<bool, PortError>;
}
