//! Making one file out of everything.

use rookery_domain::{Timestamp, UserId};

use super::{ExportSubject, PersonalRecord, PortError};
use crate::Section;

/// What stands at the beginning of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Whose it is.
    pub user: UserId,
    /// What they are called, and how they read.
    pub subject: ExportSubject,
    /// When it was made.
    pub made: Timestamp,
}

/// A file in a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A page for people, with everything on it.
    Page,
    /// A document for programs, with everything in it.
    Data,
    /// A table of one section.
    Table(Section),
    /// The picture they show.
    Picture,
}

impl Leaf {
    /// What is told in it, in this order.
    #[must_use]
    pub fn sections(self) -> &'static [Section] {
        match self {
            Self::Page | Self::Data => Section::ALL,
            Self::Table(section) => section.alone(),
            Self::Picture => &[],
        }
    }
}

/// A copy in the making. Files are written one after the other: opened, told their sections with their records, closed.
pub trait Archive: Send {
    /// Begins a file.
    ///
    /// # Errors
    /// [`PortError`]
    fn open(&mut self, leaf: Leaf) -> Result<(), PortError>;

    /// Begins a section in the open file.
    ///
    /// # Errors
    /// [`PortError`]
    fn begin(&mut self, section: Section) -> Result<(), PortError>;

    /// More records of that section.
    ///
    /// # Errors
    /// [`PortError`]
    fn add(&mut self, records: &[PersonalRecord]) -> Result<(), PortError>;

    /// Bytes into the open file, as they are.
    ///
    /// # Errors
    /// [`PortError`]
    fn write(&mut self, bytes: &[u8]) -> Result<(), PortError>;

    /// Ends the open file.
    ///
    /// # Errors
    /// [`PortError`]
    fn close(&mut self) -> Result<(), PortError>;

    /// What has been made since this was last asked: to be put away, for the archive forgets it.
    fn take(&mut self) -> Vec<u8>;

    /// The rest.
    ///
    /// # Errors
    /// [`PortError`]
    fn finish(self: Box<Self>) -> Result<Vec<u8>, PortError>;
}

/// Makes copies.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Archivist: Send + Sync {
    /// Begins a copy.
    ///
    /// # Errors
    /// [`PortError`]
    fn begin(&self, cover: &Cover) -> Result<Box<dyn Archive>, PortError>;
}
