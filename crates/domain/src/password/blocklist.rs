//! The passwords attackers try first, kept in the binary so that no network is asked.
//!
//! The list is the union of the two collections of leaked passwords that ship with Django and with zxcvbn, reduced to
//! the 16,285 entries of eight and more printable ASCII characters (shorter ones fall to the length rule), in lower case
//! and sorted by bytes. Matching is exact: there are no false positives to explain to anybody.

/// One password a line, lower case, sorted by bytes.
const LIST: &str = include_str!("common-passwords.txt");

/// Whether a lower-cased password is on the list, or is one character repeated.
pub(super) fn contains(lowered: &str) -> bool {
    is_one_character_repeated(lowered) || is_listed(lowered)
}

fn is_one_character_repeated(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| chars.all(|c| c == first))
}

/// Binary search over the bytes of the list; no index is built and nothing is allocated.
fn is_listed(wanted: &str) -> bool {
    let (mut low, mut high) = (0, LIST.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = LIST.as_bytes()[..middle]
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let end = LIST.as_bytes()[start..]
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(LIST.len(), |at| start + at);
        match LIST.as_bytes()[start..end].cmp(wanted.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_the_list_is_sorted_as_the_search_expects() {
        let lines: Vec<_> = LIST.lines().collect();
        assert!(lines.len() > 16_000);
        assert!(lines.windows(2).all(|pair| pair[0].as_bytes() < pair[1].as_bytes()));
        assert!(lines.iter().all(|line| is_listed(line)));
    }

    #[test]
    fn neighbours_of_entries_are_not_found() {
        for line in LIST.lines().step_by(37) {
            assert!(!is_listed(&format!("{line}\u{1}")), "{line}");
            assert!(!is_listed(&line[..7]), "shorter than any entry: {line}");
        }
        for text in [
            "",
            "correct horse battery staple",
            "zzzzzzzzzzzzzzzzzzzzzzzz-not-there",
            "!",
            "securepass123!",
        ] {
            assert!(!is_listed(text), "{text}");
        }
    }
}
