//! What a rule says, in another language.
//!
//! The rules speak English, each where it is kept, and their sentences are what programs get to read. People need them in
//! their own language without a second list of the rules: the sentence itself is the key of its translations. Numbers in it
//! are what the translation is filled with, in their order, as `n1`, `n2` and so on.

use rookery_domain::Language;

use crate::{Argument, Words};

impl Words {
    /// A sentence of the rules in this language; as it is where nobody has translated it.
    #[must_use]
    pub fn translated(&self, language: Language, sentence: &str) -> String {
        let (key, numbers) = key_of(sentence);
        let names: Vec<String> = (1..=numbers.len()).map(|at| format!("n{at}")).collect();
        let arguments: Vec<(&str, Argument<'_>)> = names
            .iter()
            .zip(&numbers)
            .map(|(name, number)| (name.as_str(), Argument::from(*number)))
            .collect();
        self.try_say(language, &key, &arguments)
            .unwrap_or_else(|_| sentence.to_owned())
    }
}

/// The key of a sentence, `sentence.password_must_be_at_least_n1_characters`, and the numbers in it.
fn key_of(sentence: &str) -> (String, Vec<&str>) {
    let mut numbers = Vec::new();
    let words: Vec<String> = sentence
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                numbers.push(word);
                format!("n{}", numbers.len())
            } else {
                word.to_lowercase()
            }
        })
        .collect();
    (format!("sentence.{}", words.join("_")), numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_the_key_of_its_translations_and_its_numbers_fill_them() {
        assert_eq!(
            key_of("Password must be at least 12 characters"),
            (
                "sentence.password_must_be_at_least_n1_characters".to_owned(),
                vec!["12"]
            )
        );
        assert_eq!(
            key_of("A second factor is set up already").0,
            "sentence.a_second_factor_is_set_up_already"
        );
    }

    #[test]
    fn what_nobody_has_translated_is_said_as_it_is() {
        let words = Words::of(&[
            ("en", "[sentence]\npassword_must_be_at_least_n1_characters = 'Password must be at least {n1} characters'"),
            ("es", "language.name = 'Español'\n[sentence]\npassword_must_be_at_least_n1_characters = 'Al menos {n1} caracteres'"),
        ])
        .unwrap();
        let spanish = "es".parse().unwrap();
        assert_eq!(
            words.translated(spanish, "Password must be at least 8 characters"),
            "Al menos 8 caracteres"
        );
        assert_eq!(
            words.translated(spanish, "Nobody knows this {n1}"),
            "Nobody knows this {n1}"
        );
    }
}
