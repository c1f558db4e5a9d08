//! Everything that is kept about a person, read page by page.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, Timestamp, UserId};
use uuid::Uuid;

use super::PortError;
use crate::{Reader, Section};

/// A value as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// None.
    Nothing,
    /// Words.
    Text(String),
    /// The name of a thing.
    Id(Uuid),
    /// A point in time.
    Moment(Timestamp),
    /// Yes or no.
    Flag(bool),
    /// How many.
    Count(i64),
    /// Several words.
    Texts(Vec<String>),
}

/// One row of a [`Section`]: a value for each of its columns, in their order.
pub type PersonalRecord = Vec<Datum>;

/// Where a record stands in its section: no two stand at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordPosition {
    /// When it came to be.
    pub at: Timestamp,
    /// Its name, among those of the same moment.
    pub id: Uuid,
}

/// Some records, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordPage {
    /// The records.
    pub records: Vec<PersonalRecord>,
    /// Where the last of them stands, if there may be more behind it.
    pub next: Option<RecordPosition>,
}

/// Whom a copy is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSubject {
    /// Their address.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// How they read.
    pub reader: Reader,
}

/// Reads what is kept about one person and, where the database can see to it, sees nobody else's.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PersonalRecords: Send + Sync {
    /// Whom a copy is for; `None` when there is no such person any more.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn subject(&self, user: &UserId) -> Result<Option<ExportSubject>, PortError>;

    /// Records of a section, the oldest first, behind this place, at most so many. Going from page to page shows no record
    /// twice and leaves none out that was there from the start.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn read(
        &self,
        user: &UserId,
        section: Section,
        behind: Option<RecordPosition>,
        limit: u32,
    ) -> Result<RecordPage, PortError>;

    /// The picture they have uploaded, a JPEG, if any.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn picture(&self, user: &UserId) -> Result<Option<Vec<u8>>, PortError>;
}
