//! How somebody proved who they are, as a row keeps it: the words with commas between them.

use rookery_domain::AuthMethod;

pub(super) fn write(methods: &[AuthMethod]) -> String {
    let words: Vec<&str> = methods.iter().copied().map(AuthMethod::as_str).collect();
    words.join(",")
}

pub(super) fn parse(text: &str) -> Result<Vec<AuthMethod>, String> {
    text.split(',')
        .map(|word| AuthMethod::from_word(word).ok_or_else(|| format!("no method is called {word:?}")))
        .collect()
}
