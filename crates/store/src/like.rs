//! Texts within the patterns of `LIKE … ESCAPE '!'`.

/// The text as a pattern that fits it alone, with `!` before what would mean something else.
pub(crate) fn literally(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern
}
