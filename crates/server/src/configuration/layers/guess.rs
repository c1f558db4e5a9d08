//! "Did you mean …?"

use crate::configuration::settings::{SETTINGS, Setting};

use super::PREFIX;

/// From here on two names are alike: a letter more, less, other or swapped in a short word.
const ALIKE: f64 = 0.75;

/// ` (did you mean …?)` when a known name is close.
pub(super) fn did_you_mean(name: &str, of: impl Fn(&'static Setting) -> &'static str) -> String {
    let core = |name: &str| name.trim_start_matches(PREFIX).to_owned();
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(&core(name), &core(known));
    SETTINGS
        .iter()
        .map(|setting| (likeness(of(setting)), of(setting)))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map_or_else(String::new, |(_, known)| format!(" (did you mean {known}?)"))
}
