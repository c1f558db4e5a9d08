use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const ENGLISH: &str = "
    [login]
    title = 'Sign in to {product}'
    heading = 'Sign in'
    [codes]
    left = { 0 = 'It was the last one.', one = 'One code is left.', other = '{count} codes are left.' }
";

fn language(tag: &str) -> Language {
    tag.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// English, and another language of this file.
fn words_with(tag: &str, file: &str) -> (Words, Vec<Remark>) {
    let mut words = Words::of(&[("en", ENGLISH)]).unwrap();
    let remarks = words.add(tag, &[("file.toml", file)]).unwrap();
    (words, remarks)
}

/// What is said of a file that cannot be used.
fn refusal(tag: &str, file: &str) -> String {
    let mut words = Words::of(&[("en", ENGLISH)]).unwrap();
    words.add(tag, &[("file.toml", file)]).unwrap_err().to_string()
}

fn remarks(tag: &str, file: &str) -> Vec<String> {
    let (_, remarks) = words_with(tag, file);
    remarks.iter().map(ToString::to_string).collect()
}

#[test]
fn every_built_in_language_says_what_english_says_and_nothing_else() {
    let english = LANGUAGES.iter().find(|(tag, _)| *tag == "en").unwrap();
    assert!(LANGUAGES.len() >= 2);
    for (tag, files) in LANGUAGES.iter().filter(|(tag, _)| *tag != "en") {
        let mut words = Words::collected([(english.0, english.1.to_vec())]).unwrap();
        assert_eq!(words.add(tag, files).unwrap(), [], "{tag}");
    }
}

#[test]
fn no_file_says_what_another_of_its_language_says() {
    for (tag, files) in LANGUAGES {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (name, text) in *files {
            let nameless = [("name", "language.name = 'Test'"), (*name, *text)];
            let catalogue = Catalogue::of(language(tag), &nameless).unwrap();
            for key in catalogue.messages.keys() {
                assert!(seen.insert(key.clone()), "{tag}/{name} says {key} once more");
            }
        }
    }
}

#[test]
fn built_in_languages_are_called_by_their_own_names() {
    let words = Words::built_in().unwrap();
    let names: Vec<(&str, &str)> = words
        .languages()
        .map(|tongue| (tongue.as_str(), words.name(tongue)))
        .collect();
    assert_eq!(names[0], ("en", "English"));
    assert!(names.contains(&("es", "Español")));
    assert_eq!(words.direction(language("es")), Direction::LeftToRight);
}

#[test]
fn a_text_is_said_in_the_language_asked_for_and_filled() {
    let (words, remarks) = words_with(
        "es",
        "[language]\nname = 'Español'\n[login]\ntitle = 'Inicia sesión en {product}'\nheading = 'Inicia sesión'\n[codes]\nleft = { one = 'Queda un código.', other = 'Quedan {count} códigos.' }",
    );
    assert_eq!(remarks, []);
    let spanish = language("es");
    assert_eq!(
        words.say(spanish, "login.title", &[("product", "Rookery {count} <b>".into())]),
        "Inicia sesión en Rookery {count} <b>"
    );
    for (count, text) in [
        (0, "Quedan 0 códigos."),
        (1, "Queda un código."),
        (2, "Quedan 2 códigos."),
    ] {
        let count: u64 = count;
        assert_eq!(words.say(spanish, "codes.left", &[("count", count.into())]), text);
    }
    assert_eq!(
        words.say(language("en"), "codes.left", &[("count", 0_u64.into())]),
        "It was the last one."
    );
    assert_eq!(
        words.say(language("fr"), "login.heading", &[]),
        "Sign in",
        "a language that is not there"
    );
}

#[test]
fn what_a_language_lacks_is_said_in_english_with_english_plurals() {
    let (words, remarks) = words_with("fr", "language.name = 'Français'");
    assert_eq!(
        remarks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["fr lacks 3 keys, said in English: codes.left, login.heading, login.title"]
    );
    let french = language("fr");
    assert_eq!(words.say(french, "login.heading", &[]), "Sign in");
    assert_eq!(
        words.say(french, "codes.left", &[("count", 2_u64.into())]),
        "2 codes are left."
    );
    assert_eq!(words.name(french), "Français");
}

#[test]
fn a_language_has_the_plural_forms_it_has() {
    let file = "[language]\nname = 'Polski'\n[codes]\nleft = { one = 'Został {count} kod.', few = 'Zostały {count} kody.', many = 'Zostało {count} kodów.', other = 'Zostało {count} kodu.' }\n[login]\ntitle = '{product}'\nheading = 'x'";
    let (words, remarks) = words_with("pl", file);
    assert_eq!(remarks, []);
    for (count, text) in [
        (1, "Został 1 kod."),
        (3, "Zostały 3 kody."),
        (5, "Zostało 5 kodów."),
        (22, "Zostały 22 kody."),
    ] {
        let count: u64 = count;
        assert_eq!(
            words.say(language("pl"), "codes.left", &[("count", count.into())]),
            text
        );
    }
}

#[test]
fn every_shortcoming_is_remarked_on_by_its_name() {
    let whole = "[language]\nname = 'X'\n[login]\ntitle = '{product}'\nheading = 'x'\n[codes]\nleft = { one = 'x', other = '{count}' }\n";
    for (file, expected) in [
        (whole.to_owned(), vec![]),
        (
            format!("{whole}[more]\nof = 'x'"),
            vec!["fr has one key that nothing says: more.of"],
        ),
        (
            whole.replace("{product}", "{nobody}"),
            vec!["fr names other arguments in login.title than English, which has {product}; said in English"],
        ),
        (
            whole.replace("one = 'x'", "one = '{name}'"),
            vec!["fr names other arguments in codes.left than English, which has {count}; said in English"],
        ),
        (
            whole.replace("heading = 'x'", "heading = '{product}'"),
            vec!["fr names other arguments in login.heading than English, which has none; said in English"],
        ),
        (
            whole.replace("{ one = 'x', other = '{count}' }", "'{count}'"),
            vec!["fr has a plural in codes.left and English has none, or the reverse; said in English"],
        ),
        (
            whole.replace("one = 'x', ", ""),
            vec!["fr lacks the plural form \"one\" of codes.left; \"other\" stands for it"],
        ),
    ] {
        assert_eq!(remarks("fr", &file), expected, "{file}");
    }
}

#[test]
fn a_text_that_could_not_be_filled_is_said_in_english() {
    let (words, _) = words_with(
        "fr",
        "language.name = 'Français'\nlogin.title = 'Connexion à {produit}'",
    );
    let said = words.try_say(language("fr"), "login.title", &[("product", "Rookery".into())]);
    assert_eq!(said.as_deref(), Ok("Sign in to Rookery"));
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_its_place() {
    for (file, complaint) in [
        ("login.heading = 'x'", "fr has no name"),
        (
            "[language]\nname = ",
            "file.toml cannot be read: TOML parse error at line 2",
        ),
        ("login = 7", "file.toml: login is neither a text nor a table of texts"),
        (
            "[login]\nheading = 'a <b>b</b>'",
            "file.toml: login.heading holds markup",
        ),
        ("[login]\nheading = '{'", "file.toml: login.heading has a brace"),
        (
            "[codes]\nleft = { one = '', other = 'x' }",
            "file.toml: codes.left.one is empty",
        ),
        ("language = 'fr'", "file.toml: language is no table"),
        (
            "[language]\nmonths = []",
            "file.toml: language.months is no list of twelve names",
        ),
    ] {
        let refusal = refusal("fr", file);
        assert!(refusal.starts_with(complaint), "{refusal}");
    }
    assert!(refusal("pt-BR", "").starts_with("\"pt-BR\" is no language"));
    assert_eq!(Words::of(&[("es", "")]).unwrap_err().to_string(), "there is no English");
}

#[test]
fn an_operator_says_something_else_where_a_language_is_complete() {
    let mut words = Words::of(&[("en", ENGLISH)]).unwrap();
    let file = "[login]\nheading = 'Welcome back'\ntitle = '{nobody}'\nnothing = 'x'";
    let remarks = words.add("en", &[("en.toml", file)]).unwrap();
    assert_eq!(remarks.len(), 2, "{remarks:?}");
    let english = language("en");
    assert_eq!(words.say(english, "login.heading", &[]), "Welcome back");
    assert_eq!(
        words.say(english, "login.title", &[("product", "R".into())]),
        "Sign in to R"
    );
    assert_eq!(words.name(english), "English");
    assert!(!words.has("login.nothing"));
}

#[test]
fn who_asks_wrongly_is_told_and_reads_the_key() {
    let words = Words::of(&[("en", ENGLISH)]).unwrap();
    let english = language("en");
    assert_eq!(
        words.try_say(english, "login.nope", &[]),
        Err(Unsaid::UnknownKey("login.nope".to_owned()))
    );
    assert_eq!(
        words.try_say(english, "codes.left", &[("count", "2".into())]),
        Err(Unsaid::NoCount("codes.left".to_owned()))
    );
    assert_eq!(
        words.try_say(english, "login.title", &[]).unwrap_err().to_string(),
        "the text login.title needs product"
    );
    assert_eq!(words.say(english, "login.nope", &[]), "login.nope");
}

#[test]
fn dates_are_written_in_the_language_and_the_zone_of_the_reader() {
    let words = Words::built_in().unwrap();
    let noon = at("2025-10-27T12:05:00Z");
    for (tag, zone, moment, date) in [
        ("en", "UTC", "27 October 2025 at 12:05 UTC", "27 October 2025"),
        (
            "en",
            "Asia/Kolkata",
            "27 October 2025 at 17:35 UTC+5:30",
            "27 October 2025",
        ),
        (
            "es",
            "Europe/Madrid",
            "27 de octubre de 2025, 13:05 UTC+1",
            "27 de octubre de 2025",
        ),
        (
            "es",
            "Pacific/Auckland",
            "28 de octubre de 2025, 01:05 UTC+13",
            "28 de octubre de 2025",
        ),
        ("fr", "UTC", "27 October 2025 at 12:05 UTC", "27 October 2025"),
    ] {
        let zone: TimeZone = zone.parse().unwrap();
        assert_eq!(words.moment(language(tag), noon, zone), moment);
        assert_eq!(words.date(language(tag), noon, zone), date);
    }
}

#[test]
fn spans_are_told_in_the_unit_people_would_use_and_never_too_long() {
    let words = Words::built_in().unwrap();
    let start = at("2025-10-27T12:00:00Z");
    for (seconds, english, spanish) in [
        (-5, "0 minutes", "0 minutos"),
        (60, "1 minute", "1 minuto"),
        (3599, "59 minutes", "59 minutos"),
        (3600, "1 hour", "1 hora"),
        (86_399, "23 hours", "23 horas"),
        (86_400, "24 hours", "24 horas"),
        (2 * 86_400, "2 days", "2 días"),
    ] {
        let end = start + chrono::Duration::seconds(seconds);
        assert_eq!(words.span(language("en"), start, end), english);
        assert_eq!(words.span(language("es"), start, end), spanish);
    }
}

#[test]
fn devices_are_told_in_english_as_everywhere_and_in_spanish_in_spanish() {
    let words = Words::built_in().unwrap();
    for (told, spanish) in [
        ("Firefox on Linux", "Firefox en Linux"),
        ("curl", "curl"),
        ("Unknown browser on Windows", "Navegador desconocido en Windows"),
        ("Unknown device", "Dispositivo desconocido"),
    ] {
        let device = Device::told_as(told);
        assert_eq!(words.device(language("en"), device), told);
        assert_eq!(words.device(language("es"), device), spanish);
    }
}

#[test]
fn the_account_decides_before_the_visit_and_the_visit_before_the_browser() {
    let words = Words::built_in().unwrap();
    let (en, es, fr) = (language("en"), language("es"), language("fr"));
    for (preference, choice, header, expected) in [
        (Some(es), Some("en"), Some("en"), es),
        (None, Some("es"), Some("en"), es),
        (None, None, Some("es-AR, en;q=0.5"), es),
        (None, None, None, en),
        (Some(fr), Some("es"), None, es),
        (Some(fr), Some("fr"), Some("es"), es),
        (None, Some("<script>"), Some("fr"), en),
        (None, Some(""), Some(";;;"), en),
    ] {
        assert_eq!(
            words.choose(preference, choice, header),
            expected,
            "{preference:?} {choice:?} {header:?}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_a_file_holds_it_is_read_or_refused(file in any::<String>()) {
        let mut words = Words::of(&[("en", ENGLISH)]).unwrap();
        let _ = words.add("fr", &[("fr.toml", &file)]);
        prop_assert_eq!(words.try_say(language("fr"), "login.heading", &[]).is_ok(), true);
    }

    #[test]
    fn whatever_the_number_there_is_a_form(count in any::<u64>(), tag in "[a-z]{2}") {
        let Ok(tongue) = tag.parse::<Language>() else { return Ok(()) };
        let file = "[language]\nname = 'X'\n[codes]\nleft = { few = 'few {count}', other = 'other {count}' }";
        let mut words = Words::of(&[("en", ENGLISH)]).unwrap();
        words.add(&tag, &[("x.toml", file)]).unwrap();
        let said = words.say(tongue, "codes.left", &[("count", count.into())]);
        prop_assert!(said.contains(&count.to_string()) || tag == "en");
    }

    #[test]
    fn whatever_a_place_is_filled_with_it_stays_in_its_place(value in any::<String>()) {
        let words = Words::of(&[("en", ENGLISH)]).unwrap();
        let said = words.say(Language::default(), "login.title", &[("product", value.as_str().into())]);
        prop_assert_eq!(said, format!("Sign in to {value}"));
    }

    #[test]
    fn whatever_somebody_asks_for_we_speak_it(choice in any::<String>(), header in any::<String>()) {
        let words = Words::built_in().unwrap();
        let chosen = words.choose(None, Some(&choice), Some(&header));
        prop_assert!(words.speaks(chosen));
    }
}

#[test]
fn threads_share_them() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Words::built_in().unwrap());
}
