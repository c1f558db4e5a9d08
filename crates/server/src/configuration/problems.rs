//! Everything that is wrong with the configuration, told at once.

use std::fmt;

use super::layers::Given;
use super::settings::{Secrecy, Setting};

/// One thing that is wrong. Its text quotes a value only where the value is no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(String);

impl Problem {
    /// Something that is not about one value.
    pub fn general(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A value that does not do; `demand` goes on from "must".
    #[must_use]
    pub(super) fn of_value(setting: &Setting, given: Option<&Given>, demand: &str) -> Self {
        Self(match given {
            None => format!("{} must {demand}", setting.variable),
            Some(given) if setting.secrecy == Secrecy::Open => {
                format!("{} must {demand}, not {:?}", given.origin.name(setting), given.text)
            }
            Some(given) => format!("{} must {demand}", given.origin.name(setting)),
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// All that is wrong, in the order in which it was noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn note(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is not usable:")?;
        for problem in &self.0 {
            write!(f, "\n  - {problem}")?;
        }
        Ok(())
    }
}
