//! From what was given to what was meant, noting every broken rule.

use std::fmt::Display;

use rookery_domain::password::PasswordFault;
use rookery_domain::{EmailAddress, Password, PasswordAttempt, PasswordPolicy, SecretString, Violations};

use super::given::Given;

/// A field's name on the wire, and what is said when it is missing or of another type.
pub(super) struct Field {
    pub(super) path: &'static str,
    pub(super) missing: &'static str,
    pub(super) mistyped: &'static str,
}

/// An address. Whatever is wrong with it, the sentence is the same.
pub(super) fn email(violations: &mut Violations, given: Given<String>) -> Option<EmailAddress> {
    address(violations, "email", given)
}

/// The same under another name.
pub(super) fn address(violations: &mut Violations, path: &'static str, given: Given<String>) -> Option<EmailAddress> {
    let text = match given {
        Given::Value(text) => text,
        Given::Absent | Given::Null | Given::Mistyped => String::new(),
    };
    violations.keep(path, EmailAddress::parse(&text))
}

/// A text that may be left out, but not be `null`.
pub(super) fn optional<T, E: Display>(
    violations: &mut Violations,
    path: &'static str,
    mistyped: &'static str,
    given: Given<String>,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Option<T> {
    match given {
        Given::Absent => None,
        Given::Value(text) => violations.keep(path, parse(&text)),
        Given::Null | Given::Mistyped => {
            violations.field(path, mistyped);
            None
        }
    }
}

/// A switch that may be left out, but not be `null`.
pub(super) fn switch(
    violations: &mut Violations,
    path: &'static str,
    mistyped: &'static str,
    given: Given<bool>,
) -> Option<bool> {
    match given {
        Given::Absent => None,
        Given::Value(flag) => Some(flag),
        Given::Null | Given::Mistyped => {
            violations.field(path, mistyped);
            None
        }
    }
}

/// A text that must be there and not be blank; what it means is judged behind the door.
pub(super) fn required(violations: &mut Violations, field: &Field, given: Given<String>) -> Option<String> {
    match given {
        Given::Value(text) if !text.trim().is_empty() => Some(text),
        Given::Value(_) | Given::Absent | Given::Null => {
            violations.field(field.path, field.missing);
            None
        }
        Given::Mistyped => {
            violations.field(field.path, field.mistyped);
            None
        }
    }
}

/// A password somebody typed to prove who they are.
pub(super) fn attempt(
    violations: &mut Violations,
    field: &Field,
    given: Given<SecretString>,
) -> Option<PasswordAttempt> {
    match typed(violations, field, given)? {
        Ok(attempt) => Some(attempt),
        Err(PasswordFault::Missing) => {
            violations.field(field.path, field.missing);
            None
        }
        Err(fault) => {
            violations.field(field.path, fault.to_string());
            None
        }
    }
}

/// A password somebody chose, judged by the installation's rules and against the words that would give it away.
pub(super) fn chosen(
    violations: &mut Violations,
    field: &Field,
    policy: &PasswordPolicy,
    personal: &[&str],
    given: Given<SecretString>,
) -> Option<Password> {
    let too_short = PasswordFault::TooShort(policy.rules.min_chars);
    let judged = match typed(violations, field, given)? {
        Ok(attempt) => policy.judge(&attempt, personal),
        // An empty password is a short one.
        Err(PasswordFault::Missing) => Err(vec![too_short]),
        Err(fault) => Err(vec![fault]),
    };
    match judged {
        Ok(password) => Some(password),
        // Whoever has to choose a longer one need not hear what else was wrong with the short one.
        Err(faults) if faults.contains(&too_short) => {
            violations.field(field.path, too_short.to_string());
            None
        }
        Err(faults) => {
            for fault in faults {
                violations.field(field.path, fault.to_string());
            }
            None
        }
    }
}

fn typed(
    violations: &mut Violations,
    field: &Field,
    given: Given<SecretString>,
) -> Option<Result<PasswordAttempt, PasswordFault>> {
    match given {
        Given::Value(secret) => Some(PasswordAttempt::parse(&secret)),
        Given::Absent | Given::Null => {
            violations.field(field.path, field.missing);
            None
        }
        Given::Mistyped => {
            violations.field(field.path, field.mistyped);
            None
        }
    }
}
