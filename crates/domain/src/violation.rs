//! What is wrong with a field, said to the person who filled it in.

use std::fmt;

/// One broken rule. An empty path is a rule on the whole object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field, in the spelling of the wire (`newPassword`); empty for the whole object.
    pub path: Option<&'static str>,
    /// A sentence for people.
    pub message: String,
}

/// Everything that is wrong with a request, gathered before anybody answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Nothing is wrong yet.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// A single broken rule on a field.
    pub fn of(path: &'static str, message: impl Into<String>) -> Self {
        let mut violations = Self::none();
        violations.field(path, message);
        violations
    }

    /// A single broken rule on the whole object.
    pub fn of_whole(message: impl Into<String>) -> Self {
        Self(vec![Violation {
            path: None,
            message: message.into(),
        }])
    }

    /// Adds a broken rule on a field.
    pub fn field(&mut self, path: &'static str, message: impl Into<String>) {
        self.0.push(Violation {
            path: Some(path),
            message: message.into(),
        });
    }

    /// Keeps a parsed value, or notes what was wrong with it under `path`.
    pub fn keep<T, E: fmt::Display>(&mut self, path: &'static str, parsed: Result<T, E>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                self.field(path, error.to_string());
                None
            }
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The broken rules, in the order they were noticed.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter()
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// The violations themselves, when there are any.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, violation) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { "; " };
            match violation.path {
                Some(path) => write!(f, "{separator}{path}: {}", violation.message)?,
                None => write!(f, "{separator}{}", violation.message)?,
            }
        }
        Ok(())
    }
}
