//! Plain text that reads well in every window: lines of at most 76 columns, which programs that can join again
//! (`format=flowed`, RFC 3676).

/// The longest line, the space at its end included.
const WIDTH: usize = 76;

/// The mark that sets a signature off, which must stay as it is.
const SIGNATURE: &str = "-- ";

/// Folds every line that is too long, between words: all parts but the last end in a space, which says that the paragraph
/// goes on. A word that is too long, such as a link, stays whole.
pub(super) fn flowed(text: &str) -> String {
    let mut flowed = String::with_capacity(text.len() + text.len() / WIDTH);
    for line in text.trim_end().lines() {
        if line == SIGNATURE {
            flowed.push_str(line);
        } else {
            fold(line.trim_end(), &mut flowed);
        }
        flowed.push('\n');
    }
    flowed
}

fn fold(line: &str, flowed: &mut String) {
    let mut column = 0;
    for word in line.split_inclusive(' ') {
        let width = word.chars().count();
        if column > 0 && column + width > WIDTH {
            flowed.push('\n');
            column = 0;
        }
        if column == 0 {
            stuff(word, flowed);
        }
        flowed.push_str(word);
        column += width;
    }
}

/// What a program would take for a quotation, for a space of its own or for the start of another mail gets a space before
/// it, which is taken off again.
fn stuff(word: &str, flowed: &mut String) {
    if word.starts_with(['>', ' ']) || word.trim_end() == "From" {
        flowed.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a program that joins lines shows (RFC 3676, section 4).
    fn joined(flowed: &str) -> String {
        let mut text = String::new();
        for line in flowed.lines() {
            let line = line.strip_prefix(' ').unwrap_or(line);
            text.push_str(line);
            if !line.ends_with(' ') || line == SIGNATURE {
                text.push('\n');
            }
        }
        text
    }

    #[test]
    fn a_long_line_goes_on_in_the_next() {
        let line = "word ".repeat(20);
        let flowed = flowed(&line);
        assert_eq!(flowed.lines().count(), 2);
        assert!(flowed.lines().next().unwrap().ends_with(' '));
        assert_eq!(joined(&flowed), format!("{}\n", line.trim_end()));
    }

    #[test]
    fn a_link_stays_whole_and_the_signature_stays_off() {
        let link = format!("https://example.com/{}", "x".repeat(120));
        let text = format!("Here:\n\n{link}\n\n-- \nRookery");
        assert_eq!(flowed(&text), format!("{text}\n"));
    }

    #[test]
    fn what_looks_like_a_quotation_is_none() {
        assert_eq!(flowed("> a\n    code\nFrom here"), " > a\n     code\n From here\n");
    }

    proptest! {
        #[test]
        fn whatever_is_folded_joins_to_what_it_was(text in "([a-zñ>]{1,12} ?|From |\n){0,80}") {
            let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
            let flowed = flowed(&text);
            prop_assert_eq!(joined(&flowed), lines.join("\n") + if lines.is_empty() { "" } else { "\n" });
            for line in flowed.lines() {
                prop_assert!(line.chars().count() <= WIDTH + 1 || !line.trim().contains(' '), "{}", line);
            }
        }
    }
}
