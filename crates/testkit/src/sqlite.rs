//! SQLite databases for tests.

use std::{
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
};

/// The URL of a database in memory. Each connection has one of its own: use it with a pool of one connection that is
/// never closed.
pub const MEMORY_URL: &str = "sqlite::memory:";

/// A database file in a folder of its own, both removed when the value is dropped.
#[derive(Debug)]
pub struct SqliteFile {
    folder: PathBuf,
}

impl SqliteFile {
    /// A file that does not exist yet, in a new folder below the system's temporary one.
    ///
    /// # Panics
    ///
    /// When the folder cannot be made.
    #[must_use]
    pub fn new() -> Self {
        let name = format!(
            "rookery-sqlite-{:016x}",
            RandomState::new().hash_one(std::process::id())
        );
        let folder = std::env::temp_dir().join(name);
        if let Err(error) = std::fs::create_dir(&folder) {
            panic!("{} cannot be made: {error}", folder.display());
        }
        Self { folder }
    }

    /// Its URL, `sqlite://PATH?mode=rwc`: the file is created on the first connection.
    #[must_use]
    pub fn url(&self) -> String {
        format!("sqlite://{}?mode=rwc", self.path().display())
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join("rookery.db")
    }

    /// The folder it lies in, with nothing else but SQLite's own companions of the file.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Default for SqliteFile {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for SqliteFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
