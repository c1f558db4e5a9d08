//! Everything that can be said is said in every language, and no rule's sentence is forgotten.

use std::collections::BTreeSet;

use rookery_core::RETENTION;
use rookery_domain::{AuditAction, AuditOutcome, PictureFault};
use rookery_words::Words;

/// The key under which a sentence of the rules is translated: its words, with numbers as `n1`, `n2`.
pub(crate) fn key_of(sentence: &str) -> String {
    let mut numbers = 0;
    let words: Vec<String> = sentence
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                numbers += 1;
                format!("n{numbers}")
            } else {
                word.to_lowercase()
            }
        })
        .collect();
    format!("sentence.{}", words.join("_"))
}

#[test]
fn every_sentence_about_what_happened_is_translated() {
    let words = Words::built_in().unwrap();
    for action in AuditAction::ALL {
        for outcome in AuditOutcome::ALL {
            let sentence = action.sentence(*outcome);
            assert!(words.has(&key_of(sentence)), "{sentence}");
        }
    }
    for rule in RETENTION {
        assert!(
            words.has(&key_of(rule.rows)) && words.has(&key_of(rule.from)),
            "{}",
            rule.rows
        );
    }
    for fault in [
        PictureFault::Missing,
        PictureFault::UnknownKind,
        PictureFault::TooLarge,
        PictureFault::Damaged,
    ] {
        assert!(words.has(&key_of(&fault.to_string())), "{fault}");
    }
}

/// What happened and what is kept is told in the words of people: `sentence` and the rules' own words are for programs.
fn told_to_people() -> BTreeSet<String> {
    let happened = AuditAction::ALL.iter().flat_map(|action| {
        let outcomes = AuditOutcome::ALL.iter();
        outcomes.map(|outcome| key_of(action.sentence(*outcome)))
    });
    let kept = RETENTION.iter().flat_map(|rule| [key_of(rule.rows), key_of(rule.from)]);
    happened.chain(kept).collect()
}

/// Says every text whose key this holds for, with a 7 in every place.
fn english(is_meant: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let words = Words::built_in().unwrap();
    let tongue = "en".parse().unwrap();
    let places: Vec<(String, &str)> = (1..=9).map(|at| (format!("n{at}"), "7")).collect();
    let arguments: Vec<_> = places
        .iter()
        .map(|(name, value)| (name.as_str(), (*value).into()))
        .collect();
    let keys = words.keys().filter(|key| is_meant(key));
    keys.map(|key| (key.to_owned(), words.try_say(tongue, key, &arguments).unwrap()))
        .collect()
}

#[test]
fn in_english_a_sentence_reads_as_the_rule_says_it() {
    let people = told_to_people();
    let rules = english(|key| key.starts_with("sentence.") && !people.contains(key));
    assert!(rules.len() > 50);
    for (key, sentence) in rules {
        assert_eq!(key_of(&sentence), key, "{sentence}");
    }
}

#[test]
fn people_read_of_organisations_and_steps_where_programs_read_of_tenants_and_factors() {
    let people = told_to_people();
    for (key, sentence) in english(|key| people.contains(key)) {
        for word in ["tenant", "factor", "token", "e-mail", "polic"] {
            assert!(!sentence.to_lowercase().contains(word), "{key}: {sentence}");
        }
    }
}

/// What somebody agrees to is the words beside the switch. Whoever changes them changes `ConsentVersion::marketing` and this.
#[test]
fn the_words_beside_the_switch_for_marketing_are_those_of_its_version() {
    let words = Words::built_in().unwrap();
    let said = |language: &str, key: &str| words.say(language.parse().unwrap(), key, &[]);
    let told: Vec<String> = ["en", "es"]
        .iter()
        .flat_map(|language| {
            ["profile.marketing_emails", "profile.marketing_emails_hint"].map(|key| said(language, key))
        })
        .collect();
    assert_eq!(rookery_domain::ConsentVersion::marketing().as_str(), "2026-11");
    assert_eq!(
        told,
        [
            "News and offers",
            "What is new, now and then, by mail",
            "Novedades y ofertas",
            "Lo nuevo, de vez en cuando, por correo"
        ]
    );
}
