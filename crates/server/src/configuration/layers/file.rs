//! `rookery.toml`

use std::path::{Path, PathBuf};

use config::{ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::guess::did_you_mean;
use super::{DEFAULT_FILE, FILE_VARIABLE, Sources, text_of};
use crate::configuration::problems::{Problem, Problems};
use crate::configuration::settings::by_key;

/// What the file says, if there is one; what is wrong with it is noted.
pub(super) fn read(sources: &Sources, problems: &mut Problems) -> Map<String, Value> {
    let Some(path) = file_of(sources) else {
        return Map::new();
    };
    match read_file(&path) {
        Ok(values) => known(&path, values, problems),
        Err(problem) => {
            problems.note(problem);
            Map::new()
        }
    }
}

fn file_of(sources: &Sources) -> Option<PathBuf> {
    let named = sources.file.clone().or_else(|| {
        sources
            .variables
            .iter()
            .find(|(name, value)| name == FILE_VARIABLE && !value.is_empty())
            .map(|(_, value)| PathBuf::from(value))
    });
    named.or_else(|| {
        let path = sources.directory.as_ref()?.join(DEFAULT_FILE);
        path.is_file().then_some(path)
    })
}

fn read_file(path: &Path) -> Result<Map<String, Value>, Problem> {
    if !path.is_file() {
        return Err(Problem::general(format!(
            "there is no configuration file {}",
            path.display()
        )));
    }
    File::from(path).format(FileFormat::Toml).collect().map_err(|error| {
        Problem::general(format!(
            "{} cannot be read: {}",
            path.display(),
            without_snippet(&error)
        ))
    })
}

/// A parser's complaint without the line of the file it quotes, which may hold a secret.
fn without_snippet(error: &ConfigError) -> String {
    let text = match error {
        ConfigError::FileParse { cause, .. } => cause.to_string(),
        other => other.to_string(),
    };
    let first = text.lines().next().unwrap_or_default();
    match text.lines().rfind(|line| !line.trim().is_empty()) {
        Some(last) if last != first && !last.contains('|') => format!("{first}: {last}"),
        _ => first.to_owned(),
    }
}

/// The values of the file whose keys are in the table; the others are noted.
fn known(path: &Path, values: Map<String, Value>, problems: &mut Problems) -> Map<String, Value> {
    let mut leaves = Vec::new();
    for (key, value) in values {
        gather(&key, value, &mut leaves);
    }
    // As it was named, not as it looks from here.
    let origin = path.display().to_string();
    for (_, value) in &mut leaves {
        *value = Value::new(Some(&origin), value.kind.clone());
    }
    leaves.sort_by(|(one, _), (other, _)| one.cmp(other));
    leaves
        .into_iter()
        .filter(|(key, value)| {
            let problem = match by_key(key) {
                None => format!(
                    "{} has an unknown key {key}{}",
                    path.display(),
                    did_you_mean(key, |s| s.key)
                ),
                Some(_) if text_of(&value.kind).is_none() => {
                    format!(
                        "{key} in {} must be a text, a number, true or false, or a list of them",
                        path.display()
                    )
                }
                Some(_) => return true,
            };
            problems.note(Problem::general(problem));
            false
        })
        .collect()
}

fn gather(path: &str, value: Value, leaves: &mut Vec<(String, Value)>) {
    match value.kind {
        ValueKind::Table(table) if by_key(path).is_none() && !table.is_empty() => {
            for (key, value) in table {
                gather(&format!("{path}.{key}"), value, leaves);
            }
        }
        _ => leaves.push((path.to_owned(), value)),
    }
}
