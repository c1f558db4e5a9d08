//! What a mail program would make a link of.
//!
//! Whoever chooses a text that the service mails to others must not have the service carry links for them: escaping keeps a
//! text from becoming markup, and does not keep a mail program from linking it.

/// Mail programs make links of URLs, of addresses and of words with a dot in them. An initial (`J.R.R. Tolkien`) is no
/// such word: no top-level domain has one letter.
#[must_use]
pub fn could_become_a_link(text: &str) -> bool {
    text.contains("://") || text.contains('@') || {
        let characters: Vec<char> = text.chars().collect();
        characters.windows(4).any(|window| {
            matches!(window, [before, dot, first, second]
                if before.is_alphanumeric() && is_dot(*dot) && first.is_alphanumeric() && second.is_alphanumeric())
        })
    }
}

/// The full stop and what name resolution takes for one (UTS 46).
const fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_somewhere_is_a_link_and_what_people_write_is_none() {
        for text in [
            "https://evil.example",
            "see evil.example now",
            "evil\u{3002}com",
            "ada@evil.example",
        ] {
            assert!(could_become_a_link(text), "{text}");
        }
        for text in ["J.R.R. Tolkien", "Come in. The water is fine, e.g. today.", "3.5", ""] {
            assert!(!could_become_a_link(text), "{text}");
        }
    }
}
