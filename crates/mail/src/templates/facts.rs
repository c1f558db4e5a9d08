//! What a template can say of a letter.

use minijinja::Value;
use rookery_core::{FactorChange, Letter, PolicyTerm, Reader};
use rookery_domain::{Device, Timestamp};
use rookery_words::{Direction, Words};

use super::speech::SAID_AS;
use crate::Brand;
use crate::salutation::{salutation, single_line, told_name};

/// The facts of a letter, as templates name them. What a kind of letter does not have is undefined in it, and using it an
/// error.
pub(super) fn of(letter: &Letter, to: &str, reader: Reader, written: Timestamp, brand: &Brand, words: &Words) -> Value {
    let mut facts = vec![
        ("kind", Value::from(letter.kind().as_str())),
        (SAID_AS, Value::from(said_as(letter))),
        ("to", Value::from(to)),
        ("name", Value::from(salutation(letter.name()))),
        ("link", Value::from(letter.link())),
        ("code", Value::from(letter.code())),
    ];
    facts.extend(of_the_brand(brand));
    facts.extend(of_the_language(reader, words));
    facts.extend(of_the_times(letter, written, reader, words));
    facts.extend(of_its_own(letter, reader, words));
    Value::from_pairs(facts)
}

type Facts = Vec<(&'static str, Value)>;

fn of_the_brand(brand: &Brand) -> Facts {
    let colours = [
        ("primary", brand.primary),
        ("on_primary", brand.primary.ink()),
        ("primary_dark", brand.primary_dark),
        ("on_primary_dark", brand.primary_dark.ink()),
    ];
    let place = |(name, link): (&str, &str)| Value::from_pairs([("name", name), ("link", link)]);
    vec![
        ("product", Value::from(brand.product.as_str())),
        ("initial", Value::from(brand.initial())),
        ("support", Value::from(brand.support.as_deref())),
        ("support_link", Value::from(brand.support_link())),
        ("places", brand.places().into_iter().map(place).collect()),
        (
            "colours",
            Value::from_pairs(colours.map(|(name, colour)| (name, colour.to_string()))),
        ),
    ]
}

fn of_the_language(reader: Reader, words: &Words) -> Facts {
    let direction = words.direction(reader.language);
    let start = match direction {
        Direction::LeftToRight => "left",
        Direction::RightToLeft => "right",
    };
    vec![
        ("language", Value::from(reader.language.as_str())),
        ("dir", Value::from(direction.as_str())),
        ("start", Value::from(start)),
    ]
}

fn of_the_times(letter: &Letter, written: Timestamp, reader: Reader, words: &Words) -> Facts {
    let moment = |at| Value::from(words.moment(reader.language, at, reader.time_zone));
    let mut facts = Facts::new();
    if let Some(expires) = letter.expires() {
        facts.push(("good_for", Value::from(words.span(reader.language, written, expires))));
        facts.push(("until", moment(expires)));
    }
    facts.extend(letter.at().map(|at| ("at", moment(at))));
    facts
}

fn of_its_own(letter: &Letter, reader: Reader, words: &Words) -> Facts {
    match letter {
        Letter::AlreadyRegistered { recover, .. } => vec![("recover", Value::from(recover.as_str()))],
        Letter::NewDevice { device, address, .. } => vec![
            ("device", Value::from(told(device, reader, words))),
            ("address", Value::from(address.as_deref())),
        ],
        Letter::EmailChangeRequested { new_email, .. } | Letter::EmailChanged { new_email, .. } => {
            vec![("new_email", Value::from(new_email.as_str()))]
        }
        Letter::SecondFactorChanged { change, .. } => {
            let change = match change {
                FactorChange::Added => "added",
                FactorChange::Removed => "removed",
                FactorChange::CodesRenewed => "codes_renewed",
            };
            vec![("change", Value::from(change))]
        }
        Letter::PolicyChanged { tenant, by, terms, .. } => vec![
            ("tenant", Value::from(told_name(tenant))),
            ("by", Value::from(by.as_str())),
            ("terms", terms.iter().map(|term| told_term(*term)).collect()),
        ],
        Letter::SecondFactorRequired { tenant, due, .. } => vec![
            ("tenant", Value::from(told_name(tenant))),
            (
                "due",
                Value::from(words.moment(reader.language, *due, reader.time_zone)),
            ),
        ],
        Letter::RecoveryCodesLow { left, .. } => vec![("left", Value::from(*left)), ("count", Value::from(*left))],
        Letter::Invitation {
            tenant,
            inviter_name,
            inviter_email,
            note,
            ..
        } => vec![
            ("tenant", Value::from(told_name(tenant))),
            ("inviter", Value::from(inviter(inviter_name.as_deref(), inviter_email))),
            ("note", Value::from(note.as_deref().map(lines).unwrap_or_default())),
        ],
        Letter::InvitationAccepted { tenant, email, .. } => vec![
            ("tenant", Value::from(told_name(tenant))),
            ("email", Value::from(email.as_str())),
        ],
        Letter::TenantJoined { tenant, .. } => vec![("tenant", Value::from(told_name(tenant)))],
        _ => Facts::new(),
    }
}

/// Whoever invites, by an address that is proved to be theirs: a name can say anything.
fn inviter(name: Option<&str>, email: &str) -> String {
    match name.map(told_name) {
        Some(name) if !name.is_empty() => format!("{name} ({email})"),
        _ => email.to_owned(),
    }
}

/// What somebody wrote, line by line, each of them one.
fn lines(note: &str) -> Vec<String> {
    note.lines().map(single_line).collect()
}

/// The name of the text that tells of a setting, and what goes into it.
fn told_term(term: PolicyTerm) -> Value {
    let switched = |required, on, off| (if required { on } else { off }, 0);
    let (text, number) = match term {
        PolicyTerm::PasswordMinLength(length) => ("min_length", length),
        PolicyTerm::SessionTimeoutHours(hours) => ("hours", hours),
        PolicyTerm::MaxLoginAttempts(attempts) => ("attempts", attempts),
        PolicyTerm::PasswordRequireUppercase(required) => switched(required, "uppercase", "no_uppercase"),
        PolicyTerm::PasswordRequireNumbers(required) => switched(required, "numbers", "no_numbers"),
        PolicyTerm::PasswordRequireSymbols(required) => switched(required, "symbols", "no_symbols"),
        PolicyTerm::TwoFactorRequired(required) => switched(required, "two_factor", "no_two_factor"),
    };
    Value::from_pairs([("text", Value::from(text)), ("number", Value::from(number))])
}

/// The device in the reader's language, if its words are ours.
fn told(device: &str, reader: Reader, words: &Words) -> String {
    let known = Device::told_as(device);
    if known.to_string() == device {
        words.device(reader.language, known)
    } else {
        device.to_owned()
    }
}

/// The tables of the catalogue its texts stand in: that of the kind, then that of its family.
fn said_as(letter: &Letter) -> Vec<&'static str> {
    let kind = letter.kind().as_str();
    match letter {
        Letter::SecondFactorChanged { change, .. } => {
            let change = match change {
                FactorChange::Added => "second_factor_added",
                FactorChange::Removed => "second_factor_removed",
                FactorChange::CodesRenewed => "recovery_codes_renewed",
            };
            vec![change, "undoable"]
        }
        Letter::PasswordChanged { .. } | Letter::EmailChanged { .. } | Letter::NewDevice { .. } => {
            vec![kind, "undoable"]
        }
        Letter::NewEmailConfirmed { .. }
        | Letter::RecoveryCodesLow { .. }
        | Letter::SessionsEnded { .. }
        | Letter::PolicyChanged { .. }
        | Letter::SecondFactorRequired { .. }
        | Letter::AlreadyRegistered { .. }
        | Letter::AccountKept { .. }
        | Letter::AccountErased { .. }
        | Letter::InvitationAccepted { .. }
        | Letter::TenantJoined { .. }
        | Letter::Welcome { .. } => vec![kind, "front_page"],
        _ => vec![kind],
    }
}
