//! Why the service does not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use rookery_core::PortError;
use rookery_crypto::HasherStartError;
use rookery_mail::TemplateError;
use rookery_pages::BrokenTemplates;
use rookery_picture::PictureMakerStartError;
use rookery_store::{ConnectError, MigrationError};
use thiserror::Error;

pub use crate::kept_key::KeptKeyError;
pub use crate::locales::LocalesError;

/// Why the service does not start. Told to whoever starts it, with all its causes; holds no secret.
#[derive(Debug, Error)]
pub enum StartError {
    /// The address is taken, or is none of this machine.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// There is no place for what the service makes itself.
    #[error("the data directory {} cannot be made", .path.display())]
    DataDirectory {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// There is no place for the embedded database.
    #[error("the database {} cannot be made", .path.display())]
    DatabaseFile {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The generated secret key.
    #[error(transparent)]
    Key(#[from] KeptKeyError),
    /// The database's URL.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// The database's schema could not be read or brought up to date.
    #[error(transparent)]
    Schema(#[from] MigrationError),
    /// The database's schema is older than this program.
    #[error(
        "the database's schema is behind by {}: run `rookery migrate up`, or start with --migrate",
        .pending.join(", ")
    )]
    SchemaIsBehind {
        /// The migrations that are missing, oldest first.
        pending: Vec<String>,
    },
    /// The role may not do on the tables what the service does.
    #[error(
        "the PostgreSQL role lacks rights on {}: run `rookery migrate up --grant-to ROLE` as the role that owns the tables",
        .missing.join(", ")
    )]
    RightsAreMissing {
        /// The tables, each with the rights.
        missing: Vec<String>,
    },
    /// The database does not answer.
    #[error(transparent)]
    DatabaseSilent(#[from] PortError),
    /// Passwords cannot be hashed.
    #[error(transparent)]
    Hasher(#[from] HasherStartError),
    /// The words of pages and mails.
    #[error(transparent)]
    Words(#[from] LocalesError),
    /// The templates of the pages.
    #[error(transparent)]
    Pages(#[from] BrokenTemplates),
    /// Pictures cannot be made.
    #[error(transparent)]
    PictureMaker(#[from] PictureMakerStartError),
    /// An operator's mail templates.
    #[error(transparent)]
    Templates(#[from] TemplateError),
}
