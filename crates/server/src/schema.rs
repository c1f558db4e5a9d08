//! The database, with a schema this program can work on.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rookery_store::{DatabaseSettings, MigrationStatus};
use tracing::{info, warn};

use crate::configuration::{Configuration, Database};
use crate::start_error::StartError;

/// Connects, whatever the schema is like.
///
/// # Errors
/// [`StartError`] when the URL cannot be used or there is no place for the file.
pub(crate) async fn connect(configuration: &Configuration) -> Result<rookery_store::Database, StartError> {
    let Database {
        url,
        max_connections,
        made_here,
        ..
    } = &configuration.database;
    if let Some(file) = made_here {
        data_directory(&configuration.data_dir)?;
        database_file(file)?;
    }
    let settings = DatabaseSettings {
        max_connections: *max_connections,
        ..DatabaseSettings::new(url.clone())
    };
    Ok(rookery_store::Database::connect(&settings).await?)
}

/// Connects and sees to the schema: brings it up to date where that was asked for, and refuses one that is behind where it
/// was not, or on which the role lacks rights.
///
/// # Errors
/// [`StartError`]; a schema that could not be brought up to date is as it was.
pub(crate) async fn ready_database(configuration: &Configuration) -> Result<rookery_store::Database, StartError> {
    let database = connect(configuration).await?;
    let missing = database.missing_rights().await?;
    if !missing.is_empty() {
        return Err(StartError::RightsAreMissing { missing });
    }
    if configuration.database.migrate_at_start {
        let applied = database.migrate_up().await?;
        if !applied.is_empty() {
            info!(migrations = applied.len(), "the database's schema is up to date now");
        }
    } else {
        let pending = pending(database.migration_status().await?);
        if !pending.is_empty() {
            return Err(StartError::SchemaIsBehind { pending });
        }
    }
    for warning in database.warnings().await? {
        warn!("{warning}");
    }
    Ok(database)
}

/// The migrations that are missing, oldest first.
#[must_use]
pub(crate) fn pending(status: Vec<MigrationStatus>) -> Vec<String> {
    status
        .into_iter()
        .filter(|migration| !migration.applied)
        .map(|migration| migration.name)
        .collect()
}

/// Makes the data directory, for its owner's eyes alone; one that is there stays as it is.
pub(crate) fn data_directory(path: &Path) -> Result<(), StartError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| StartError::DataDirectory {
            path: path.to_owned(),
            source,
        })
}

/// Makes the embedded database's file, empty and for its owner's eyes alone, whoever may look into the directory; SQLite gives
/// the files beside it the same mode. One that is there stays as it is.
fn database_file(path: &Path) -> Result<(), StartError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => Err(StartError::DatabaseFile {
            path: path.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}
