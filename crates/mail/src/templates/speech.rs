//! What templates say: texts of the catalogue, filled with the facts of the letter.

use std::fmt::Write;
use std::sync::Arc;

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State};
use rookery_domain::Language;
use rookery_words::{Piece, Words};

use super::escaped::Escaped;

/// The fact that lists under which kinds a letter's words stand, the first that has a text counts.
pub(super) const SAID_AS: &str = "said_as";

/// Facts that are never set in bold: whoever reads a letter knows what product it is from.
const UNSTRESSED: &str = "product";

/// Teaches templates two functions. `say("message")` is the letter's text of that name in its language, with its places filled by
/// facts; `say("message", emphasis=true)` sets the facts in bold where there is bold. `says("then")` tells whether the
/// letter has such a text.
///
/// In HTML the texts and the facts are escaped, whoever wrote them.
pub(super) fn teach(environment: &mut Environment<'static>, words: &Arc<Words>) {
    let spoken = Arc::clone(words);
    environment.add_function("say", move |state: &State<'_, '_>, name: &str, how: Kwargs| {
        let emphasis = how.get::<Option<bool>>("emphasis")?.unwrap_or(false);
        how.assert_all_used()?;
        let key = key(state, &spoken, name).ok_or_else(|| {
            Error::new(
                ErrorKind::UndefinedError,
                format!("this letter has no text called {name}"),
            )
        })?;
        say(state, &spoken, &key, emphasis)
    });
    let known = Arc::clone(words);
    environment.add_function("says", move |state: &State<'_, '_>, name: &str| {
        key(state, &known, name).is_some()
    });
}

/// Where the text stands: with the kind, with its family, or with what all letters say.
fn key(state: &State<'_, '_>, words: &Words, name: &str) -> Option<String> {
    let kinds = state.lookup(SAID_AS)?;
    let of_the_kind = kinds.try_iter().ok()?.map(|kind| format!("mail.{kind}.{name}"));
    of_the_kind.chain([format!("mail.{name}")]).find(|key| words.has(key))
}

fn say(state: &State<'_, '_>, words: &Words, key: &str, emphasis: bool) -> Result<Value, Error> {
    let language: Language = state
        .lookup("language")
        .and_then(|language| language.as_str()?.parse().ok())
        .unwrap_or_default();
    let count = state.lookup("count").and_then(|count| u64::try_from(count).ok());
    let phrase = words
        .phrase(language, key, count)
        .map_err(|unsaid| Error::new(ErrorKind::UndefinedError, unsaid.to_string()))?;
    let in_html = matches!(state.auto_escape(), AutoEscape::Html);
    let mut said = String::new();
    for piece in phrase.pieces() {
        // Writing to a string does not fail.
        let _ = match piece {
            Piece::Text(text) if in_html => write!(said, "{}", Escaped(text)),
            Piece::Text(text) => write!(said, "{text}"),
            Piece::Argument(name) => {
                let fact = fact(state, key, name)?;
                match (in_html, emphasis && name != UNSTRESSED) {
                    (true, true) => write!(said, "<strong>{}</strong>", Escaped(&fact)),
                    (true, false) => write!(said, "{}", Escaped(&fact)),
                    (false, _) => write!(said, "{fact}"),
                }
            }
        };
    }
    Ok(if in_html {
        Value::from_safe_string(said)
    } else {
        Value::from(said)
    })
}

fn fact(state: &State<'_, '_>, key: &str, name: &str) -> Result<String, Error> {
    state
        .lookup(name)
        .filter(|value| !matches!(value.kind(), ValueKind::Undefined | ValueKind::None))
        .map(|value| value.to_string())
        .ok_or_else(|| {
            Error::new(
                ErrorKind::UndefinedError,
                format!("the text {key} needs {name}, which this letter has not"),
            )
        })
}
