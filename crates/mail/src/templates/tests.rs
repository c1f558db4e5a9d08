use std::collections::BTreeSet;
use std::env;
use std::fs;

use proptest::prelude::*;
use rookery_domain::{Colour, EmailAddress, MailId};

use super::*;

const URL: &str = "https://app.example.com";
const TAGS: [&str; 2] = ["en", "es"];

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_761_566_400 + seconds, 0).unwrap()
}

fn words() -> Arc<Words> {
    Arc::new(Words::built_in().unwrap())
}

fn templates() -> Templates {
    Templates::new(Brand::named("Rookery"), words()).unwrap()
}

/// A brand that says everything a brand can say.
fn whole_brand() -> Brand {
    Brand {
        support: Some("help@example.com".to_owned()),
        home: Some("https://example.com/".to_owned()),
        terms: Some("https://example.com/terms".to_owned()),
        privacy: Some("https://example.com/privacy".to_owned()),
        ..Brand::named("Rookery")
    }
}

fn reading(language: &str) -> Reader {
    Reader::told(Some(language), None)
}

fn every_kind(name: Option<&str>) -> Vec<Sample> {
    samples(URL, name, at(0))
}

fn render(sample: &Sample, language: &str) -> Rendered {
    templates().render_sample(sample, reading(language)).unwrap()
}

fn rendered(letter: Letter) -> Rendered {
    let sample = Sample {
        name: "",
        letter,
        written: at(0),
    };
    render(&sample, "en")
}

fn verify(name: Option<&str>) -> Letter {
    Letter::VerifyEmail {
        name: name.map(str::to_owned),
        link: format!("{URL}/verify-email?token=vfy_AAEC"),
        code: None,
        expires: at(86_400),
    }
}

/// The text between tags, as a reader sees it.
fn visible(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The text as a program shows it that joins lines again.
fn joined(text: &str) -> String {
    text.replace(" \n", " ")
}

#[test]
fn every_letter_reads_as_it_was_written_in_every_language() {
    let templates = Templates::new(whole_brand(), words()).unwrap();
    for sample in every_kind(Some("Ada Lovelace")) {
        for language in TAGS {
            let rendered = templates.render_sample(&sample, reading(language)).unwrap();
            let name = sample.name;
            insta::assert_snapshot!(
                format!("{name}.{language}.txt"),
                format!("Subject: {}\n\n{}", rendered.subject, rendered.text)
            );
            insta::assert_snapshot!(format!("{name}.{language}.html"), rendered.html);
        }
    }
}

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
fn the_page_loads_nothing_and_links_nowhere_but_where_it_says() {
    let templates = Templates::new(whole_brand(), words()).unwrap();
    for sample in every_kind(Some("Ada")) {
        let html = templates.render_sample(&sample, reading("en")).unwrap().html;
        for loading in [
            "<img",
            "src=",
            "url(",
            "@import",
            "<link",
            "<script",
            "background=",
            "<form",
            "<iframe",
        ] {
            assert!(!html.contains(loading), "{loading}");
        }
        let mut expected = BTreeSet::from([
            sample.letter.link(),
            "mailto:help@example.com",
            "https://example.com/",
            "https://example.com/terms",
            "https://example.com/privacy",
        ]);
        if let Letter::AlreadyRegistered { recover, .. } = &sample.letter {
            expected.insert(recover);
        }
        let links: BTreeSet<&str> = html
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert_eq!(links, expected, "{}", sample.name);
        assert_eq!(
            html.matches(&format!("href=\"{}\"", sample.letter.link())).count(),
            2,
            "the button, and below it"
        );
    }
}

#[test]
fn the_page_is_made_for_mail_programs_light_and_dark() {
    for sample in every_kind(Some("Ada")) {
        let html = render(&sample, "en").html;
        for needed in [
            "<!DOCTYPE html>",
            "<meta name=\"color-scheme\" content=\"light dark\">",
            "prefers-color-scheme: dark",
            "max-width:600px",
            "<html lang=\"en\" dir=\"ltr\"",
            "<!--[if mso]>",
            "mso-padding-alt",
            "role=\"presentation\"",
        ] {
            assert!(html.contains(needed), "{needed}");
        }
        assert!(html.len() < 102 * 1024, "programs cut longer pages off: {}", html.len());
        assert!(html.len() < 16 * 1024, "and nothing needs so much: {}", html.len());
        assert!(!html.contains("<table cell"), "every table says that it is none");
    }
}

/// The colours of the layout, light and dark: text and the ground it stands on.
#[test]
fn whatever_is_written_can_be_read() {
    let html = render(&every_kind(None)[0], "en").html;
    let colour = |text: &str| text.parse::<Colour>().unwrap();
    for (text, ground) in [
        ("#0f172a", "#ffffff"),
        ("#0f172a", "#f8fafc"),
        ("#0f172a", "#f1f5f9"),
        ("#4b5a6e", "#ffffff"),
        ("#4b5a6e", "#f8fafc"),
        ("#4b5a6e", "#f1f5f9"),
        ("#0369a1", "#ffffff"),
        ("#e8eef6", "#121821"),
        ("#e8eef6", "#0b0f16"),
        ("#e8eef6", "#1a222d"),
        ("#a3b1c2", "#121821"),
        ("#a3b1c2", "#0b0f16"),
        ("#a3b1c2", "#1a222d"),
        ("#38bdf8", "#121821"),
        ("#ffffff", "#0369a1"),
        ("#072536", "#38bdf8"),
    ] {
        assert!(
            html.contains(text) || html.contains(ground),
            "{text} on {ground} is in the page"
        );
        assert!(colour(text).contrast(colour(ground)) >= 4.5, "{text} on {ground}");
    }
}

#[test]
fn a_brand_has_its_own_colours() {
    let brand = Brand {
        primary: "#b91c1c".parse().unwrap(),
        primary_dark: "#fca5a5".parse().unwrap(),
        ..Brand::named("Penguins")
    };
    let templates = Templates::new(brand, words()).unwrap();
    let html = templates
        .render_sample(&every_kind(None)[0], reading("en"))
        .unwrap()
        .html;
    assert!(html.contains("background-color:#b91c1c;") && html.contains("background-color: #fca5a5 "));
    assert!(!html.contains("#0369a1") && !html.contains("#38bdf8"));
    assert!(html.contains(">P</td>") && html.contains(">Penguins</td>"));
}

// Proves: A47, ASVS 1.1.2, 1.2.1, 1.3.7
#[test]
fn markup_and_template_syntax_in_a_name_are_shown_as_they_are() {
    for name in [
        "<b>&\"'",
        "<img/onerror=alert(1)>",
        "\"><script>alert(1)</script>",
        "{{ link }}",
        "{{7*7}}",
        "{% include 'layout' %}",
        "{# gone #}",
        "${7*7}",
        "<%= 7*7 %>",
        "%s%n{0:?}{}",
    ] {
        let named = every_kind(Some(name)).into_iter();
        for sample in named.filter(|sample| sample.letter.name().is_some()) {
            let rendered = render(&sample, "en");
            assert!(
                rendered.text.starts_with(&format!("Hello {name},\n")),
                "{}",
                rendered.text
            );
            assert!(
                visible(&rendered.html).contains(&format!("Hello {name},")),
                "{}",
                rendered.html
            );
            for markup in ["<b>", "<img", "<script"] {
                assert!(!rendered.html.contains(markup), "{name}");
            }
        }
    }
}

#[test]
fn a_letter_carries_nobody_elses_message() {
    for name in [
        "YOU WON: https://evil.example/claim",
        "call us on evil.example now",
        "a@evil.example",
        &"buy ".repeat(30),
    ] {
        for sample in every_kind(Some(name)) {
            let rendered = render(&sample, "es");
            for part in [&rendered.subject, &rendered.text, &rendered.html] {
                assert!(!part.contains("evil") && !part.contains("buy"), "{part}");
            }
        }
    }
}

// Proves: A47
#[test]
fn a_hostile_link_cannot_leave_its_attribute() {
    let letter = Letter::Welcome {
        name: None,
        home: "https://app.example.com/\"onmouseover=\"alert(1)'><b>".to_owned(),
    };
    let html = rendered(letter).html;
    assert!(!html.contains("\"onmouseover") && !html.contains("<b>"), "{html}");
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

#[test]
fn debug_output_hides_the_link() {
    assert_eq!(
        format!("{:?}", rendered(verify(None))),
        "Rendered { subject: \"Confirm your email address for Rookery\", .. }"
    );
}

/// A directory of templates that goes away with the test.
struct Directory(PathBuf);

impl Directory {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let name = thread_name().replace("::", "-");
        let path = env::temp_dir().join(format!("rookery-mail-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        for (name, content) in files {
            fs::write(path.join(name), content).unwrap();
        }
        Self(path)
    }

    fn templates(&self) -> Result<Templates, TemplateError> {
        Templates::with_overrides(Brand::named("Rookery"), words(), &self.0)
    }

    fn refusal(&self) -> String {
        self.templates().unwrap_err().to_string()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Tests run on threads that bear their names.
fn thread_name() -> String {
    std::thread::current().name().unwrap().to_owned()
}

#[test]
fn an_operator_can_put_a_letter_into_their_own_words() {
    let directory = Directory::with(&[
        ("welcome.subject.txt", b"Servus bei {{ product }}\n"),
        (
            "welcome.txt",
            "Grüß Gott{% if name %}, {{ name }}{% endif %}! {{ link }}".as_bytes(),
        ),
        (".welcome.txt.swp", b"not a template"),
    ]);
    let templates = directory.templates().unwrap();
    let rendered = templates
        .render(&Envelope {
            id: MailId::new(at(0), &[7; 10]),
            to: EmailAddress::parse("ada@example.com").unwrap(),
            letter: Letter::Welcome {
                name: Some("Ada".to_owned()),
                home: "https://app.example.com/".to_owned(),
            },
            reader: reading("es"),
            written: at(0),
        })
        .unwrap();
    assert_eq!(rendered.subject, "Servus bei Rookery");
    assert_eq!(rendered.text, "Grüß Gott, Ada! https://app.example.com/\n");
    assert!(
        rendered.html.contains("Te damos la bienvenida a Rookery"),
        "what has no override stays"
    );
}

#[test]
fn a_misspelt_file_is_named_with_the_names_that_count() {
    let refusal = Directory::with(&[("wellcome.txt", b"{{ link }}")]).refusal();
    assert!(
        refusal.contains("wellcome.txt is no mail template") && refusal.contains("welcome.html"),
        "{refusal}"
    );
}

#[test]
fn a_template_that_is_none_is_refused_with_its_line() {
    let refusal = Directory::with(&[("welcome.txt", b"{{ link }}\n{% if %}")]).refusal();
    assert!(refusal.contains("welcome.txt") && refusal.contains(":2"), "{refusal}");
}

#[test]
fn a_template_that_says_what_its_letter_does_not_know_is_refused() {
    let refusal = Directory::with(&[("welcome.txt", b"{{ link }} until {{ until }}")]).refusal();
    assert!(
        refusal.contains("welcome.txt") && refusal.contains("undefined"),
        "{refusal}"
    );
}

#[test]
fn a_template_that_leaves_out_the_link_or_the_subject_is_refused() {
    assert_eq!(
        Directory::with(&[("reset_password.html", b"<p>Good luck</p>")]).refusal(),
        "the mail template reset_password.html leaves out the link"
    );
}

#[test]
fn a_template_cannot_switch_the_escaping_off() {
    let refusal = Directory::with(&[("welcome.html", b"{{ link }} {{ name|safe }}")]).refusal();
    assert!(
        refusal.contains("welcome.html") && refusal.contains("filter"),
        "{refusal}"
    );
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let refusal = Directory::with(&[("welcome.txt", &[0xff, 0xfe])]).refusal();
    assert!(
        refusal.contains("cannot read") && refusal.contains("welcome.txt"),
        "{refusal}"
    );
    let missing =
        Templates::with_overrides(Brand::named("Rookery"), words(), Path::new("/does/not/exist")).unwrap_err();
    assert!(missing.to_string().contains("/does/not/exist"));
}

#[test]
fn an_operator_s_template_speaks_the_language_of_the_reader() {
    let template =
        b"{% extends \"layout.txt\" %}{% block advice %}{{ language }} {{ kind }} {{ say(\"advice\") }}{% endblock %}";
    let directory = Directory::with(&[("welcome.txt", template)]);
    let templates = directory.templates().unwrap();
    let welcome = every_kind(None)
        .into_iter()
        .find(|sample| sample.name == "welcome")
        .unwrap();
    let rendered = templates.render_sample(&welcome, reading("es")).unwrap();
    assert!(
        rendered
            .text
            .contains("\nes welcome Entonces otra persona puede leer tu correo."),
        "{}",
        rendered.text
    );
}

#[test]
fn a_template_that_says_a_text_there_is_not_is_refused() {
    let refusal = Directory::with(&[("welcome.txt", b"{{ link }} {{ say(\"goodbye\") }}")]).refusal();
    assert!(refusal.contains("this letter has no text called goodbye"), "{refusal}");
    let refusal = Directory::with(&[("layout.html", b"{{ link }} {{ say(\"left\") }}")]).refusal();
    assert!(refusal.contains("no text called left"), "{refusal}");
}

proptest! {
    // Each case reads and tries all templates anew.
    #![proptest_config(ProptestConfig::with_cases(24))]

    // Proves: A47, ASVS 1.3.11
    #[test]
    fn whatever_the_product_and_the_person_are_called_the_subject_is_one_line(product in any::<String>(), name in any::<String>()) {
        let templates = Templates::new(Brand::named(&product), words()).unwrap();
        for sample in every_kind(Some(&name)) {
            let rendered = templates.render_sample(&sample, reading("es")).unwrap();
            prop_assert!(!rendered.subject.is_empty());
            let breaks = rendered.subject.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'));
            prop_assert!(!breaks);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // Proves: A47
    #[test]
    fn whatever_the_person_is_called_the_page_has_the_same_tags(name in "[\\PC\u{0}-\u{20}<>&\"'{}%/]{0,80}") {
        let templates = templates();
        let tags = |name: Option<&str>| {
            let sample = Sample { name: "", letter: verify(name), written: at(0) };
            let html = templates.render_sample(&sample, reading("en")).unwrap().html;
            (html.matches('<').count(), html.matches('>').count(), html.matches('"').count())
        };
        prop_assert_eq!(tags(Some(&name)), tags(None));
    }

    #[test]
    fn whatever_address_somebody_wants_it_stays_text(new_email in "[\\PC<>&\"'{}%/]{1,40}") {
        let templates = templates();
        let html = |new_email: &str| {
            let letter = Letter::EmailChanged {
                name: None,
                at: at(0),
                new_email: new_email.to_owned(),
                undo: format!("{URL}/undo"),
                expires: at(60),
            };
            let sample = Sample { name: "", letter, written: at(0) };
            templates.render_sample(&sample, reading("en")).unwrap().html
        };
        let page = html(&new_email);
        prop_assert!(visible(&page).contains(&new_email));
        prop_assert_eq!(page.matches('<').count(), html("x").matches('<').count());
    }
}

// Proves: A47
#[test]
fn what_others_write_into_an_invitation_is_a_text_and_leads_nowhere() {
    for markup in ["<b>&\"'", "<script>alert(1)</script>", "{{ link }}", "{% raw %}"] {
        let letter = Letter::Invitation {
            tenant: markup.to_owned(),
            inviter_name: Some(markup.to_owned()),
            inviter_email: "charles@example.com".to_owned(),
            note: Some(format!("One {markup}\nTwo\u{2028}three")),
            link: "https://app.example.com/invitation?token=inv_x".to_owned(),
            expires: Timestamp::UNIX_EPOCH,
        };
        let sample = Sample {
            name: "invitation",
            letter,
            written: Timestamp::UNIX_EPOCH,
        };
        let rendered = render(&sample, "en");
        let html = visible(&rendered.html);
        assert!(
            !rendered.html.contains("<script") && !rendered.html.contains("<b>"),
            "{}",
            rendered.html
        );
        assert!(html.contains(&format!("{markup} (charles@example.com)")), "{html}");
        assert!(html.contains(&format!("One {markup}")), "{html}");
        assert!(
            rendered.text.contains(&format!("| One {markup}\n| Two three")),
            "{}",
            rendered.text
        );
    }
    let sample = Sample {
        name: "invitation",
        letter: Letter::Invitation {
            tenant: "win.example".to_owned(),
            inviter_name: Some("go to evil.example".to_owned()),
            inviter_email: "charles@example.com".to_owned(),
            note: None,
            link: "https://app.example.com/invitation?token=inv_x".to_owned(),
            expires: Timestamp::UNIX_EPOCH,
        },
        written: Timestamp::UNIX_EPOCH,
    };
    let rendered = render(&sample, "en");
    for part in [&rendered.subject, &rendered.text, &rendered.html] {
        assert!(
            !part.contains("win.example") && !part.contains("evil.example"),
            "{part}"
        );
    }
}
