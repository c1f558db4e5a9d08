//! A folder that ends with the test.

use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

/// A new folder below the system's temporary one, removed with all that is in it when the value is dropped.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(what: &str) -> Self {
        let name = format!(
            "rookery-{what}-{:016x}",
            RandomState::new().hash_one(std::process::id())
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
