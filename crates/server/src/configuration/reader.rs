//! Takes values out of the layers, parses them, and notes what is wrong without stopping at the first.

use super::effective::{Effective, Value};
use super::layers::{Layers, Sources};
use super::parse::Demand;
use super::problems::{Problem, Problems};
use super::settings::{Fallback, SETTINGS, Setting};

/// A problem was noted; there is nothing more to say here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noted;

/// Reads settings one by one.
pub(super) struct Reader {
    layers: Layers,
    problems: Problems,
    derived: Vec<(&'static str, String)>,
}

impl Reader {
    /// Reads the sources; what is wrong with them as a whole is noted.
    #[must_use]
    pub(super) fn open(sources: &Sources) -> Self {
        let mut problems = Problems::default();
        let layers = Layers::read(sources, &mut problems);
        Self {
            layers,
            problems,
            derived: Vec::new(),
        }
    }

    /// The value of a setting, or that of its default text.
    ///
    /// # Errors
    /// [`Noted`] when it does not parse, and when it is not set and has no default.
    pub(super) fn value<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, Demand>,
    ) -> Result<T, Noted> {
        match self.optional(key, parse)? {
            Some(value) => Ok(value),
            None => Err(self.refuse(key, "be set")),
        }
    }

    /// The value of a setting, if it is set or has a default text.
    ///
    /// # Errors
    /// [`Noted`] when it does not parse.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, Demand>,
    ) -> Result<Option<T>, Noted> {
        let setting = setting(key);
        let text = match (self.layers.given(setting), setting.fallback) {
            (Some(given), _) => given.text.as_str(),
            (None, Fallback::Text(text)) => text,
            (None, Fallback::Derived(_) | Fallback::Unset) => return Ok(None),
        };
        match parse(text.trim()) {
            Ok(value) => Ok(Some(value)),
            Err(demand) => Err(self.refuse(key, &demand)),
        }
    }

    /// Whether somebody set it.
    #[must_use]
    pub(super) fn is_given(&self, key: &'static str) -> bool {
        self.layers.given(setting(key)).is_some()
    }

    /// Notes that a value does not do; `demand` goes on from "must".
    pub(super) fn refuse(&mut self, key: &'static str, demand: &str) -> Noted {
        let setting = setting(key);
        let given = self.layers.given(setting);
        self.problems.note(Problem::of_value(setting, given, demand));
        Noted
    }

    /// Remembers what followed for a setting that was not set, for showing it.
    pub(super) fn derive(&mut self, key: &'static str, value: &impl ToString) {
        if !self.is_given(key) {
            self.derived.push((key, value.to_string()));
        }
    }

    /// The values that hold, or all that is wrong.
    ///
    /// # Errors
    /// Every problem noted, if there are any.
    pub(super) fn finish(self) -> Result<Vec<Effective>, Problems> {
        if self.problems.is_empty() {
            Ok(SETTINGS.iter().map(|setting| self.effective(setting)).collect())
        } else {
            Err(self.problems)
        }
    }

    fn effective(&self, setting: &'static Setting) -> Effective {
        let show = |text: &str| setting.secrecy.show(text);
        let derived = self.derived.iter().find(|(key, _)| *key == setting.key);
        let value = match (self.layers.given(setting), derived, setting.fallback) {
            (Some(given), ..) => Value::Given {
                value: show(&given.text),
                by: given.origin.clone(),
            },
            (None, Some((_, text)), _) if !text.is_empty() => Value::Default(show(text)),
            (None, None, Fallback::Text(text)) if !text.is_empty() => Value::Default(text.to_owned()),
            _ => Value::Unset,
        };
        Effective { setting, value }
    }
}

/// The setting of a key written in this crate; a test reads every section, so that a key that is not there is noticed.
fn setting(key: &'static str) -> &'static Setting {
    const NOBODY: &Setting = &Setting {
        key: "",
        variable: "",
        fallback: Fallback::Unset,
        secrecy: super::settings::Secrecy::Hidden,
    };
    debug_assert!(super::settings::by_key(key).is_some(), "{key} is not in the table");
    super::settings::by_key(key).unwrap_or(NOBODY)
}
