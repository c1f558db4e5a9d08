//! What the letters say, in every language.

use std::collections::BTreeSet;

use super::*;

#[test]
fn there_is_a_sample_of_every_kind() {
    let sampled: BTreeSet<&str> = every_kind(None)
        .iter()
        .map(|sample| sample.letter.kind().as_str())
        .collect();
    let kinds: BTreeSet<&str> = LetterKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(sampled, kinds);
}

#[test]
fn every_language_that_is_built_in_is_looked_at_here() {
    let languages: Vec<&str> = words().languages().map(Language::as_str).collect();
    assert_eq!(languages, TAGS);
}

#[test]
fn both_parts_say_the_same() {
    for language in TAGS {
        for sample in every_kind(Some("Ada Lovelace")) {
            let words = words();
            let rendered = render(&sample, language);
            let (text, html) = (joined(&rendered.text), visible(&rendered.html));
            let said = |key: &str| html.contains(key) && text.contains(key);
            let Reader { language, time_zone } = reading(language);
            assert!(said(sample.letter.link()), "{}: its link", sample.name);
            let action = rendered.html.split("<a class=\"button\"").nth(1).unwrap();
            let action = visible(&action[action.find('>').unwrap() + 1..action.find("</a>").unwrap()]);
            assert!(
                text.contains(&format!("\n{action}:\n{}\n", sample.letter.link())),
                "{text}"
            );
            if sample.letter.name().is_some() {
                assert!(said("Ada Lovelace"), "{}: the name", sample.name);
            }
            assert!(said("ada@example.com"), "{}: the address", sample.name);
            if let Some(code) = sample.letter.code() {
                assert!(said(code), "{}: the code", sample.name);
            }
            if let Some(at) = sample.letter.at() {
                assert!(said(&words.moment(language, at, time_zone)), "{}: when", sample.name);
            }
            if let Some(expires) = sample.letter.expires() {
                assert!(
                    said(&words.span(language, sample.written, expires)),
                    "{}: how long",
                    sample.name
                );
                assert!(
                    said(&words.moment(language, expires, time_zone)),
                    "{}: until",
                    sample.name
                );
            }
            if let Letter::EmailChangeRequested { new_email, .. } | Letter::EmailChanged { new_email, .. } =
                &sample.letter
            {
                assert!(said(new_email), "{}: the new address", sample.name);
            }
            if let Letter::NewDevice { address, .. } = &sample.letter {
                assert!(said(address.as_deref().unwrap()) && said("Firefox") && said("Linux"));
            }
            if let Letter::AlreadyRegistered { recover, .. } = &sample.letter {
                assert!(text.contains(recover) && rendered.html.contains(&format!("href=\"{recover}\"")));
            }
        }
    }
}

#[test]
fn times_are_told_in_the_zone_of_the_reader() {
    let reader = Reader::told(Some("es"), Some("America/Bogota"));
    let sample = Sample {
        name: "",
        letter: verify(None),
        written: at(0),
    };
    let rendered = templates().render_sample(&sample, reader).unwrap();
    assert!(
        joined(&rendered.text).contains("hasta el 28 de octubre de 2025, 07:00 UTC\u{2212}5"),
        "{}",
        rendered.text
    );
}

#[test]
fn whoever_reads_a_language_there_is_not_reads_english() {
    let [russian, english] = ["ru", "en"].map(|language| {
        let sample = &every_kind(Some("Ada"))[0];
        render(sample, language)
    });
    assert_eq!(russian.language.as_str(), "en");
    assert!(russian == english && russian.html.contains("<html lang=\"en\""));
}

#[test]
fn a_language_needs_a_file_and_nothing_else() {
    let file = "[language]\nname = 'العربية'\ndirection = 'rtl'\n[mail.welcome]\nsubject = 'أهلا بك في {product}'\nheading = 'أهلا بك'";
    let mut words = Words::built_in().unwrap();
    words.add("ar", &[("ar.toml", file)]).unwrap();
    let templates = Templates::new(Brand::named("Rookery"), Arc::new(words)).unwrap();
    let welcome = every_kind(None)
        .into_iter()
        .find(|sample| sample.name == "welcome")
        .unwrap();
    let rendered = templates.render_sample(&welcome, reading("ar")).unwrap();
    assert_eq!(rendered.subject, "أهلا بك في Rookery");
    assert!(rendered.html.contains("<html lang=\"ar\" dir=\"rtl\"") && rendered.html.contains("text-align:right"));
    assert!(
        rendered.html.contains("is confirmed and your account is ready"),
        "the rest is English"
    );
}

#[test]
fn a_letter_needs_neither_a_name_nor_a_place_for_help() {
    for (language, hello, help) in [("en", "Hello,", "Need help"), ("es", "Hola:", "¿Necesitas ayuda")] {
        for sample in every_kind(None) {
            let rendered = render(&sample, language);
            assert!(rendered.text.starts_with(&format!("{hello}\n")), "{}", rendered.text);
            assert!(rendered.html.contains(&format!(">{hello}</p>")));
            for part in [&rendered.text, &rendered.html] {
                assert!(
                    !part
                        .replace("display:none", "")
                        .replace("text-decoration:none", "")
                        .contains("none"),
                    "{part}"
                );
                assert!(!part.contains(help));
            }
        }
    }
}

#[test]
fn every_letter_has_a_subject_a_preheader_and_an_answer_for_whoever_did_not_do_it() {
    for language in TAGS {
        let mut subjects = BTreeSet::new();
        for sample in every_kind(Some("Ada")) {
            let rendered = render(&sample, language);
            let preheader = rendered.html.split("mso-hide:all;\">").nth(1).unwrap();
            let preheader = preheader.split("&#8199;").next().unwrap();
            let length = preheader.chars().count();
            assert!((30..=130).contains(&length), "{}: {preheader}", sample.name);
            assert!(!rendered.subject.contains("Ada"), "no name in a subject");
            assert!(rendered.subject.contains("Rookery") && rendered.subject.chars().count() <= 70);
            subjects.insert(rendered.subject);
        }
        assert_eq!(
            subjects.len(),
            LetterKind::ALL.len() + 2,
            "each kind, and each change of a second factor, has its own"
        );
    }
}

#[test]
fn the_recovery_codes_that_are_left_are_counted_in_words_that_fit() {
    for (left, english, spanish) in [
        (0, "It was the last one.", "Era el último."),
        (1, "One code is left.", "Queda un código."),
        (2, "2 codes are left.", "Quedan 2 códigos."),
    ] {
        let sample = Sample {
            name: "",
            letter: Letter::RecoveryCodesLow {
                name: None,
                at: at(0),
                left,
                home: format!("{URL}/"),
            },
            written: at(0),
        };
        for (language, words) in [("en", english), ("es", spanish)] {
            let rendered = render(&sample, language);
            assert!(
                joined(&rendered.text).contains(words) && rendered.html.contains(words),
                "{left}"
            );
        }
    }
}

#[test]
fn a_device_nobody_here_knows_is_told_in_the_words_it_came_in() {
    let letter = Letter::NewDevice {
        name: None,
        at: at(0),
        device: "Netscape <3".to_owned(),
        address: None,
        undo: format!("{URL}/undo"),
        expires: at(60),
    };
    let rendered = rendered(letter);
    assert!(rendered.text.contains("Device: Netscape <3\n\n") && rendered.html.contains("Netscape &lt;3"));
    assert!(!rendered.text.contains("IP address"));
}
