//! By which name a letter greets somebody.
//!
//! Whoever signs up chooses the name and the address, and the address may be a stranger's. Without care that makes this
//! service a carrier of other people's messages: "Hello YOU WON, go to evil.example". Escaping keeps a name from becoming
//! markup; it does not keep a mail program from making a link of it.

use rookery_domain::could_become_a_link;

/// Longer names are not greeted: nobody is called so, and an advertisement needs the room.
const LONGEST: usize = 64;

/// The name to greet with, on one line. `None` where the name is missing, too long, or could become a link in a mail
/// program; a letter then greets without one.
pub(crate) fn salutation(name: Option<&str>) -> Option<String> {
    let name = single_line(name?);
    (!name.is_empty() && name.chars().count() <= LONGEST && !could_become_a_link(&name)).then_some(name)
}

/// A name that must be told, whatever it is: on one line, cut where it is too long, and so that no mail program makes a link of it,
/// by spaces of no width that are not seen.
pub(crate) fn told_name(name: &str) -> String {
    let name = single_line(name);
    let mut told: String = name.chars().take(LONGEST).collect();
    if name.chars().count() > LONGEST {
        told.push('\u{2026}');
    }
    if could_become_a_link(&told) {
        told = told
            .chars()
            .flat_map(|c| {
                [
                    Some(c),
                    (!c.is_alphanumeric() && !c.is_whitespace()).then_some('\u{200b}'),
                ]
            })
            .flatten()
            .collect();
    }
    told
}

/// Everything on one line: control characters, line and paragraph separators and marks that reorder text become spaces,
/// and several spaces one.
pub(crate) fn single_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control() || is_direction_mark(c))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX 9): with them a text reads as another than it is.
const fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn people_are_greeted_by_their_names() {
        for name in [
            "Ada Lovelace",
            "J.R.R. Tolkien",
            "Dr. Grace Hopper",
            "Miles O'Brien",
            "José María de la Ó",
            "नरेन्द्र",
            "Nguyễn Thị Minh Khai",
            "王小明",
            "محمد",
            "X Æ A-12",
        ] {
            assert_eq!(salutation(Some(name)).as_deref(), Some(name));
        }
    }

    #[test]
    fn markup_and_template_syntax_are_left_for_the_escaping_to_show_as_they_are() {
        for name in ["<b>&\"'", "{{7*7}}", "${7*7}", "<%= x %>", "{% raw %}"] {
            assert_eq!(salutation(Some(name)).as_deref(), Some(name));
        }
    }

    #[test]
    fn nobody_is_greeted_by_what_a_mail_program_would_make_a_link_of() {
        for name in [
            "https://evil.example",
            "go to evil.example now",
            "bit.ly/abc",
            "EVIL.COM",
            "192.168.10.20",
            "evil。com",
            "evil．com",
            "ada@evil.example",
            "http://localhost",
            "<script src=//evil.example/x.js>",
        ] {
            assert_eq!(salutation(Some(name)), None, "{name}");
        }
    }

    #[test]
    fn a_name_stays_on_its_line_and_reads_in_its_own_direction() {
        assert_eq!(salutation(Some("Ada\r\nBcc: eve")).as_deref(), Some("Ada Bcc: eve"));
        assert_eq!(salutation(Some("Ada\u{2028}\u{85}\0\tL")).as_deref(), Some("Ada L"));
        assert_eq!(salutation(Some("Ada \u{202e}evil")).as_deref(), Some("Ada evil"));
    }

    #[test]
    fn a_name_that_must_be_told_is_whole_short_and_no_link() {
        assert_eq!(told_name("Analytical Engines"), "Analytical Engines");
        assert_eq!(told_name("a\r\nb"), "a b");
        assert_eq!(told_name(&"x".repeat(65)), format!("{}\u{2026}", "x".repeat(64)));
        for name in [
            "evil.example",
            "https://evil.example/x",
            "ada@evil.example",
            "evil\u{3002}com",
        ] {
            let told = told_name(name);
            assert!(
                !told.contains("://") && told.replace('\u{200b}', "") == name,
                "{told:?}"
            );
            assert!(told.chars().filter(|c| *c == '\u{200b}').count() >= 1);
        }
    }

    #[test]
    fn no_name_and_a_whole_advertisement_are_greeted_alike() {
        for name in [None, Some(""), Some(" \n "), Some("call now ".repeat(9).as_str())] {
            assert_eq!(salutation(name), None);
        }
    }

    proptest! {
        #[test]
        fn whatever_the_name_it_is_one_line(text in any::<String>()) {
            let line = single_line(&text);
            let breaks = line.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'));
            prop_assert!(!breaks);
            prop_assert_eq!(single_line(&line), line);
        }
    }
}
