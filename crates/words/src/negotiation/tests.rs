use proptest::prelude::*;

use super::*;

const OURS: [&str; 3] = ["en", "es", "de"];

#[test]
fn the_most_wanted_of_our_languages_is_chosen() {
    for (header, expected) in [
        ("es", Some("es")),
        ("ES", Some("es")),
        ("es-MX", Some("es")),
        ("es-Latn-MX", Some("es")),
        ("fr, es;q=0.9, en;q=0.8", Some("es")),
        ("en;q=0.8,es;q=0.9", Some("es")),
        ("de;q=0.5, es;q=0.5", Some("de")),
        ("en-GB;q=0.2, en;q=0.7, es;q=0.6", Some("en")),
        ("es ; q=0.3 , de ; q=0.1", Some("es")),
        ("*", Some("en")),
        ("fr, *;q=0.1", Some("en")),
        ("es;q=0.5, *;q=0.1", Some("es")),
        ("en;q=0, *;q=0.5", Some("es")),
        ("es;q=1.000, de;q=0.999", Some("es")),
        ("es;q=0.001", Some("es")),
    ] {
        assert_eq!(best(header, &OURS), expected, "{header}");
    }
}

#[test]
fn who_wants_none_of_ours_gets_none() {
    for header in [
        "",
        "fr",
        "fr, it;q=0.5",
        "es;q=0",
        "es;q=0.0, en;q=0",
        "*;q=0",
        "eng",
        "español",
    ] {
        assert_eq!(best(header, &OURS), None, "{header}");
    }
}

#[test]
fn what_is_not_of_the_standards_form_is_passed_over() {
    for header in [
        "es;q=2, de",
        "es;q=0.1234, de",
        "es;q=-1, de",
        "es;q=, de",
        "es;q=1.5, de",
        "es;x=1, de",
        "es;q=0.5;q=0.9, de;q=0.1",
        "es--MX, de",
        "es-toolongsubtag, de",
        ",,;, de",
        "\u{0}es, de",
        "e s, de",
    ] {
        assert_eq!(best(header, &OURS), Some("de"), "{header}");
    }
}

#[test]
fn a_header_without_end_is_read_to_a_limit() {
    assert_eq!(best(&format!("{}es", "fr,".repeat(MOST)), &OURS), None);
    assert_eq!(best(&format!("es,{}", "ñ".repeat(LONGEST)), &OURS), Some("es"));
}

proptest! {
    #[test]
    fn whatever_the_header_the_answer_is_ours_or_none(header in any::<String>()) {
        let chosen = best(&header, &OURS);
        prop_assert!(chosen.is_none_or(|language| OURS.contains(&language)));
    }

    #[test]
    fn a_language_wanted_alone_is_chosen_among_any_others(
        others in proptest::collection::vec("[f-z]{2}(-[A-Z]{2})?(;q=0\\.[1-9])?", 0..8),
        place in 0usize..8,
        quality in 1u16..=999,
    ) {
        let mut elements = others;
        elements.retain(|other| !other.starts_with("es") && !other.starts_with("de") && !other.starts_with("en"));
        let place = place.min(elements.len());
        elements.insert(place, format!("es;q=0.{quality:03}"));
        prop_assert_eq!(best(&elements.join(", "), &OURS), Some("es"));
    }

    #[test]
    fn of_two_the_more_wanted_wins_in_any_order(one in 0u16..=1000, other in 0u16..=1000, turned in any::<bool>()) {
        prop_assume!(one != other);
        let element = |language: &str, quality: u16| format!("{language};q={}.{:03}", quality / 1000, quality % 1000);
        let (first, second) = (element("es", one), element("de", other));
        let header = if turned { format!("{second},{first}") } else { format!("{first},{second}") };
        prop_assert_eq!(best(&header, &OURS), Some(if one > other { "es" } else { "de" }));
    }
}
