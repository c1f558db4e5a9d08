//! Flags over environment over `rookery.toml`: what was given, by whom, and what nobody knows.

mod environment;
mod file;
mod guess;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use config::{Config, ConfigError, Map, Source, Value, ValueKind};

use super::problems::{Problem, Problems};
use super::settings::{SETTINGS, Setting};

/// The file that is read from the working directory when none is named and it is there.
pub const DEFAULT_FILE: &str = "rookery.toml";
/// Names the file, where no flag does.
pub const FILE_VARIABLE: &str = "ROOKERY_CONFIG";
const PREFIX: &str = "ROOKERY_";

/// Where settings are looked for.
#[derive(Clone, Default)]
pub struct Sources {
    /// What the command line says: keys of the [table](SETTINGS) with their values. Never a secret, which every user of the
    /// machine could read in the list of processes.
    pub flags: Vec<(&'static str, String)>,
    /// The environment.
    pub variables: Vec<(OsString, OsString)>,
    /// The file `--config` names.
    pub file: Option<PathBuf>,
    /// Where `rookery.toml` is looked for when no file is named; `None` looks nowhere.
    pub directory: Option<PathBuf>,
}

impl Sources {
    /// This process's environment and working directory, with these flags.
    #[must_use]
    pub fn of_process(flags: Vec<(&'static str, String)>, file: Option<PathBuf>) -> Self {
        Self {
            flags,
            variables: std::env::vars_os().collect(),
            file,
            directory: Some(PathBuf::from(".")),
        }
    }
}

/// Who gave a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// A file.
    File(String),
}

const FLAG: &str = "flag";
const ENVIRONMENT: &str = "environment";

impl Origin {
    fn of(value: &Value) -> Self {
        match value.origin() {
            Some(FLAG) => Self::Flag,
            Some(ENVIRONMENT) => Self::Environment,
            file => Self::File(file.unwrap_or(DEFAULT_FILE).to_owned()),
        }
    }

    /// The name under which its giver wrote the setting.
    #[must_use]
    pub fn name(&self, setting: &Setting) -> String {
        match self {
            Self::Flag => format!("--{}", flag_name(setting)),
            Self::Environment => setting.variable.to_owned(),
            Self::File(path) => format!("{} in {path}", setting.key),
        }
    }
}

/// The flag of a setting: the last word of its key, as in `--public-url` for `http.public_url`.
#[must_use]
pub(super) fn flag_name(setting: &Setting) -> String {
    match setting.key {
        "log.filter" => "log".to_owned(),
        "log.format" => "log-format".to_owned(),
        "database.migrate_at_start" => "migrate".to_owned(),
        key => key
            .rsplit('.')
            .next()
            .map_or_else(String::new, |word| word.replace('_', "-")),
    }
}

/// A value and who gave it.
#[derive(Clone)]
pub(super) struct Given {
    /// As it was written; lists are joined by commas.
    pub(super) text: String,
    /// By whom.
    pub(super) origin: Origin,
}

/// What was given, the strongest source of each setting.
#[derive(Default)]
pub(super) struct Layers(BTreeMap<&'static str, Given>);

impl Layers {
    /// Reads the sources. What is unknown or unreadable is noted, the rest is kept.
    pub(super) fn read(sources: &Sources, problems: &mut Problems) -> Self {
        let builder = Config::builder()
            .add_source(Values(file::read(sources, problems)))
            .add_source(Values(environment::read(&sources.variables, problems)))
            .add_source(Values(flags(&sources.flags)));
        match builder.build().and_then(|merged| merged.collect()) {
            Ok(merged) => Self::flattened(&merged),
            Err(error) => {
                problems.note(Problem::general(error.to_string()));
                Self::default()
            }
        }
    }

    /// What was given for this setting.
    #[must_use]
    pub(super) fn given(&self, setting: &Setting) -> Option<&Given> {
        self.0.get(setting.key)
    }

    fn flattened(merged: &Map<String, Value>) -> Self {
        let given = |setting: &Setting| {
            let value = at(merged, setting.key)?;
            Some(Given {
                text: text_of(&value.kind)?,
                origin: Origin::of(value),
            })
        };
        Self(
            SETTINGS
                .iter()
                .filter_map(|setting| Some((setting.key, given(setting)?)))
                .collect(),
        )
    }
}

/// Values by dotted key, as one source of the merge.
#[derive(Clone)]
struct Values(Map<String, Value>);

/// Values may be secrets.
impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Source for Values {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

/// The value under a dotted key. (Asking the merge for it would lose its origin.)
fn at<'a>(table: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        None => table.get(key),
        Some((name, rest)) => match &table.get(name)?.kind {
            ValueKind::Table(table) => at(table, rest),
            _ => None,
        },
    }
}

fn flags(flags: &[(&'static str, String)]) -> Map<String, Value> {
    flags
        .iter()
        .map(|(key, text)| ((*key).to_owned(), text_from(FLAG, text)))
        .collect()
}

fn text_from(origin: &str, text: &str) -> Value {
    Value::new(Some(&origin.to_owned()), text)
}

fn text_of(kind: &ValueKind) -> Option<String> {
    match kind {
        ValueKind::String(text) => Some(text.clone()),
        ValueKind::Boolean(value) => Some(value.to_string()),
        ValueKind::I64(value) => Some(value.to_string()),
        ValueKind::I128(value) => Some(value.to_string()),
        ValueKind::U64(value) => Some(value.to_string()),
        ValueKind::U128(value) => Some(value.to_string()),
        ValueKind::Float(value) => Some(value.to_string()),
        ValueKind::Array(values) => {
            let texts: Option<Vec<String>> = values.iter().map(|value| text_of(&value.kind)).collect();
            texts.map(|texts| texts.join(","))
        }
        ValueKind::Nil | ValueKind::Table(_) => None,
    }
}
