//! The beginning of a name, as `LIKE` takes it.

use rookery_domain::SearchText;

/// What begins so, with `!` before what would mean something else. SQLite knows small and capital letters from A to Z
/// alone; for the others what was written is looked for as well.
pub(crate) struct Patterns {
    /// To be compared with small letters.
    pub(crate) lower: String,
    /// To be compared with what is there.
    pub(crate) as_written: String,
}

impl Patterns {
    /// Everything begins with nothing.
    pub(crate) fn of(search: Option<&SearchText>) -> Self {
        let text = search.map_or("", SearchText::as_str);
        Self {
            lower: beginning_with(&text.to_lowercase()),
            as_written: beginning_with(text),
        }
    }
}

fn beginning_with(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_a_pattern_means_itself() {
        let search = SearchText::parse("100%_A!").unwrap();
        let patterns = Patterns::of(Some(&search));
        assert_eq!(patterns.as_written, "100!%!_A!!%");
        assert_eq!(patterns.lower, "100!%!_a!!%");
        assert_eq!(Patterns::of(None).lower, "%");
    }
}
