//! A secret key nobody gave: made once, kept in a file only its owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rookery_core::ports::Entropy;
use rookery_crypto::{InvalidSecretKey, SecretKey};
use rookery_domain::ExposeSecret;
use thiserror::Error;

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeptKeyError {
    /// The file cannot be read or written.
    #[error("the secret key in {} cannot be read or made", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} holds no secret key; if it is lost for good, delete the file and a new one is made", .path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// Why.
        source: InvalidSecretKey,
    },
}

/// The key in this file. Makes it if there is none; of several processes that do so at once all get the same key.
///
/// # Errors
/// [`KeptKeyError`]. A file that is there is never written to.
pub(crate) fn kept_key(path: &Path, entropy: &dyn Entropy) -> Result<SecretKey, KeptKeyError> {
    let failed = |source| KeptKeyError::File {
        path: path.to_owned(),
        source,
    };
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(path, &SecretKey::generate(entropy), entropy).map_err(failed)?;
            fs::read_to_string(path)
        }
        read => read,
    };
    SecretKey::parse(&text.map_err(failed)?).map_err(|source| KeptKeyError::Content {
        path: path.to_owned(),
        source,
    })
}

/// Written whole under another name and then given its own, which fails if somebody else was faster: theirs stays.
fn make(path: &Path, key: &SecretKey, entropy: &dyn Entropy) -> io::Result<()> {
    // Not the process's number: in containers that share a volume all are number 1.
    let mut name = [0; 8];
    entropy.fill(&mut name);
    let draft = path.with_extension(format!("{:016x}.new", u64::from_le_bytes(name)));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    let written = writeln!(file, "{}", key.to_text().expose_secret())
        .and_then(|()| file.sync_all())
        .and_then(|()| match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        });
    fs::remove_file(&draft)?;
    written?;
    // A power cut must not take the name away again: what was sealed meanwhile could never be opened.
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use rookery_crypto::OsEntropy;

    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("rookery-key-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn text(key: &SecretKey) -> String {
        key.to_text().expose_secret().to_owned()
    }

    #[test]
    fn the_second_start_finds_the_key_of_the_first() {
        let folder = Folder::new("kept");
        let path = folder.0.join("secret.key");
        let first = kept_key(&path, &OsEntropy).unwrap();
        let second = kept_key(&path, &OsEntropy).unwrap();
        assert_eq!(text(&first), text(&second));
        let left: Vec<_> = fs::read_dir(&folder.0).unwrap().collect();
        assert_eq!(left.len(), 1, "the draft is gone");
    }

    #[test]
    fn only_its_owner_can_read_it() {
        let folder = Folder::new("mode");
        let path = folder.0.join("secret.key");
        kept_key(&path, &OsEntropy).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn starts_at_the_same_time_agree_on_one_key() {
        let folder = Folder::new("race");
        let path = folder.0.join("secret.key");
        let mine = SecretKey::generate(&OsEntropy);
        make(&path, &SecretKey::generate(&OsEntropy), &OsEntropy).unwrap();
        make(&path, &mine, &OsEntropy).unwrap();
        assert_ne!(
            text(&kept_key(&path, &OsEntropy).unwrap()),
            text(&mine),
            "the first one stays"
        );
    }

    #[test]
    fn a_file_with_something_else_is_refused_and_left_alone() {
        let folder = Folder::new("other");
        let path = folder.0.join("secret.key");
        fs::write(&path, "my shopping list").unwrap();
        let error = kept_key(&path, &OsEntropy).unwrap_err();
        assert!(matches!(error, KeptKeyError::Content { .. }));
        assert!(!error.to_string().contains("shopping"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "my shopping list");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_that_names_the_file() {
        let error = kept_key(Path::new("/nowhere/at/all/secret.key"), &OsEntropy).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all/secret.key"));
    }
}
