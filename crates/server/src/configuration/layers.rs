//! Flags over environment over `rookery.toml`: what was given, by whom, and what nobody knows.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use config::{Config, ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::problems::{Problem, Problems};
use super::settings::{SETTINGS, Secrecy, Setting, by_key, by_variable};

/// The file that is read from the working directory when none is named and it is there.
pub const DEFAULT_FILE: &str = "rookery.toml";
/// Names the file, where no flag does.
pub const FILE_VARIABLE: &str = "ROOKERY_CONFIG";
/// Variables that start so belong to the tests of this project, and the server passes over them.
const TEST_PREFIX: &str = "ROOKERY_TEST_";
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
        let mut builder = Config::builder();
        if let Some(path) = file_of(sources) {
            match read_file(&path) {
                Ok(values) => builder = builder.add_source(Values(known(&path, values, problems))),
                Err(problem) => problems.note(problem),
            }
        }
        builder = builder
            .add_source(Values(environment(&sources.variables, problems)))
            .add_source(Values(flags(&sources.flags)));
        match builder.build().and_then(|merged| merged.collect()) {
            Ok(merged) => Self::flattened(&merged),
            Err(error) => {
                problems.note(Problem::general(error.to_string()));
                Self::default()
            }
        }
    }

    /// What was given for this setting. Nothing, and an empty text in the environment (as a line of an `.env` file leaves
    /// it), are the same.
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

fn environment(variables: &[(OsString, OsString)], problems: &mut Problems) -> Map<String, Value> {
    let mut values = Map::new();
    let mut unknown = Vec::new();
    for (name, value) in variables {
        let Some(name) = name.to_str() else { continue };
        match by_variable(name) {
            Some(setting) => match value.to_str() {
                Some("") => {}
                Some(text) => drop(values.insert(setting.key.to_owned(), text_from(ENVIRONMENT, text))),
                None => problems.note(Problem::general(format!("{name} is not UTF-8"))),
            },
            None if name.starts_with(PREFIX) && !name.starts_with(TEST_PREFIX) && name != FILE_VARIABLE => {
                unknown.push(name);
            }
            None => {}
        }
    }
    unknown.sort_unstable();
    for name in unknown {
        let guess = did_you_mean(name, |setting| setting.variable);
        problems.note(Problem::general(format!("unknown environment variable {name}{guess}")));
    }
    values
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

/// ` (did you mean …?)` when a known name is close.
fn did_you_mean(name: &str, of: impl Fn(&'static Setting) -> &'static str) -> String {
    let core = |name: &str| name.trim_start_matches(PREFIX).to_owned();
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(&core(name), &core(known));
    SETTINGS
        .iter()
        .map(|setting| (likeness(of(setting)), of(setting)))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map_or_else(String::new, |(_, known)| format!(" (did you mean {known}?)"))
}

impl Secrecy {
    /// The value as it may be shown.
    #[must_use]
    pub fn show(self, text: &str) -> String {
        match self {
            Self::Open => text.to_owned(),
            Self::Hidden => "***".to_owned(),
            Self::Url => without_password(text),
        }
    }
}

fn without_password(text: &str) -> String {
    if text.starts_with("sqlite:") {
        return text.to_owned();
    }
    let Ok(mut url) = url::Url::parse(text) else {
        return "***".to_owned();
    };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "***".to_owned();
    }
    if url.query_pairs().any(|(name, _)| name.contains("password")) {
        url.set_query(Some("***"));
    }
    url.into()
}
