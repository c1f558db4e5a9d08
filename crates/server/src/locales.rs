//! The words of pages and mails: those that come with the service, and an operator's own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rookery_words::{CatalogueError, Words};
use thiserror::Error;

/// Words that cannot be used.
#[derive(Debug, Error)]
pub enum LocalesError {
    /// A file or the directory cannot be read.
    #[error("cannot read {}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// What stands in a file.
    #[error("a language cannot be used: {0}")]
    Words(#[from] CatalogueError),
}

/// The words of every language: the built-in ones, then those of this directory. A language is a file such as `fr.toml`, or a
/// folder such as `fr` with several; files of a built-in language say some things differently. Hidden entries and what is no
/// `.toml` do not count. What a language lacks is told in the log, once, and said in English.
///
/// # Errors
/// [`LocalesError`] when something cannot be read or used.
pub(crate) fn words(directory: Option<&Path>) -> Result<Words, LocalesError> {
    let mut words = Words::built_in()?;
    for (tag, files) in directory.map(languages).transpose()?.unwrap_or_default() {
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        for remark in words.add(&tag, &files)? {
            tracing::warn!("{remark}");
        }
    }
    Ok(words)
}

/// A file: its name, for messages, and its text.
type File = (String, String);

/// The tags of a directory's languages, each with its files.
fn languages(directory: &Path) -> Result<Vec<(String, Vec<File>)>, LocalesError> {
    entries(directory)?
        .into_iter()
        .filter_map(|path| {
            let tag = path.file_stem()?.to_string_lossy().into_owned();
            let files = if path.is_dir() { entries(&path) } else { Ok(vec![path]) };
            Some(files.and_then(|paths| read(&paths)).map(|files| (tag, files)))
        })
        .filter(|language| language.as_ref().map_or(true, |(_, files)| !files.is_empty()))
        .collect()
}

/// What is in a directory and not hidden, in the order of the names.
fn entries(directory: &Path) -> Result<Vec<PathBuf>, LocalesError> {
    let unreadable = |source| LocalesError::Unreadable {
        path: directory.to_owned(),
        source,
    };
    let mut paths: Vec<PathBuf> = fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(unreadable)?;
    paths.retain(|path| {
        path.file_name()
            .is_some_and(|name| !name.to_string_lossy().starts_with('.'))
    });
    paths.sort();
    Ok(paths)
}

fn read(paths: &[PathBuf]) -> Result<Vec<File>, LocalesError> {
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| match fs::read_to_string(path) {
            Ok(text) => Ok((path.display().to_string(), text)),
            Err(source) => Err(LocalesError::Unreadable {
                path: path.clone(),
                source,
            }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::env;

    use rookery_domain::Language;

    use super::*;

    /// A directory of languages that goes away with the test.
    struct Directory(PathBuf);

    impl Directory {
        fn with(name: &str, files: &[(&str, &[u8])]) -> Self {
            let path = env::temp_dir().join(format!("rookery-locales-{}-{name}", std::process::id()));
            for (file, content) in files {
                let file = path.join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, content).unwrap();
            }
            Self(path)
        }

        fn refusal(&self) -> String {
            words(Some(&self.0)).unwrap_err().to_string()
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn said(words: &Words, tag: &str, key: &str) -> String {
        words.say(tag.parse().unwrap(), key, &[("product", "Rookery".into())])
    }

    #[test]
    fn a_language_is_added_by_a_file_or_by_a_folder() {
        let directory = Directory::with(
            "added",
            &[
                (
                    "fr.toml",
                    "[language]\nname = 'Français'\n[mail.welcome]\nsubject = 'Bienvenue chez {product}'".as_bytes(),
                ),
                ("de/a.toml", b"[language]\nname = 'Deutsch'"),
                ("de/b.toml", b"[mail.welcome]\nsubject = 'Willkommen bei {product}'"),
                ("de/notes.md", b"not a language"),
                ("es.toml", b"[mail.welcome]\nsubject = 'Hola, aqui {product}'"),
                (".hidden.toml", b"not a language"),
                ("README.md", b"not a language"),
            ],
        );
        let words = words(Some(&directory.0)).unwrap();
        let tags: Vec<&str> = words.languages().map(Language::as_str).collect();
        assert_eq!(tags, ["en", "de", "es", "fr"]);
        for (tag, subject) in [
            ("de", "Willkommen bei Rookery"),
            ("es", "Hola, aqui Rookery"),
            ("fr", "Bienvenue chez Rookery"),
        ] {
            assert_eq!(said(&words, tag, "mail.welcome.subject"), subject);
        }
        assert_eq!(
            said(&words, "es", "mail.welcome.doubt"),
            "¿No has confirmado tú esta dirección?"
        );
        assert_eq!(said(&words, "fr", "mail.hello"), "Hello,");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (name, file, content, complaint) in [
            (
                "tag",
                "klingon.toml",
                &b"[language]\nname = 'x'"[..],
                "\"klingon\" is no language",
            ),
            (
                "toml",
                "fr.toml",
                b"[language",
                "fr.toml cannot be read: TOML parse error",
            ),
            ("utf8", "fr.toml", &[0xff], "fr.toml"),
            (
                "markup",
                "fr/a.toml",
                b"language.name = 'x'\nmail.hello = '<b>'",
                "mail.hello holds markup",
            ),
        ] {
            let refusal = Directory::with(name, &[(file, content)]).refusal();
            assert!(refusal.contains(complaint), "{refusal}");
        }
        let missing = words(Some(Path::new("/does/not/exist"))).unwrap_err();
        assert_eq!(missing.to_string(), "cannot read /does/not/exist");
    }
}
