use std::env;
use std::fs;

use proptest::prelude::*;
use rookery_domain::{EmailAddress, MailId};

use super::*;

const LINK: &str = "https://app.example.com/verify-email?token=vfy_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

const UNDO: &str = "https://app.example.com/undo?token=und_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_761_566_400 + seconds, 0).unwrap()
}

fn brand(product: &str) -> Brand {
    Brand {
        product: product.to_owned(),
        support: None,
    }
}

fn render(brand: Brand, letter: Letter) -> Rendered {
    Templates::new(brand)
        .unwrap()
        .render(&Envelope {
            id: MailId::new(at(0), &[7; 10]),
            to: EmailAddress::parse("ada@example.com").unwrap(),
            letter,
            written: at(0),
        })
        .unwrap()
}

fn verify(name: Option<&str>) -> Letter {
    Letter::VerifyEmail {
        name: name.map(str::to_owned),
        link: LINK.to_owned(),
        code: None,
        expires: at(86_400),
    }
}

fn every_kind(name: Option<&str>) -> Vec<Letter> {
    let name = name.map(str::to_owned);
    vec![
        verify(name.as_deref()),
        Letter::ResetPassword {
            name: name.clone(),
            link: "https://app.example.com/reset-password?token=rst_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
                .to_owned(),
            code: None,
            expires: at(3600),
        },
        Letter::PasswordChanged {
            name: name.clone(),
            at: at(-90),
            undo: UNDO.to_owned(),
            expires: at(3 * 86_400),
        },
        Letter::ConfirmNewEmail {
            name: name.clone(),
            link: "https://app.example.com/confirm-email?token=chg_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
                .to_owned(),
            expires: at(86_400),
        },
        Letter::EmailChangeRequested {
            name: name.clone(),
            at: at(-90),
            new_email: "ada@example.org".to_owned(),
            recover: "https://app.example.com/forgot-password".to_owned(),
        },
        Letter::EmailChanged {
            name: name.clone(),
            at: at(-90),
            new_email: "ada@example.org".to_owned(),
            undo: UNDO.to_owned(),
            expires: at(3 * 86_400),
        },
        Letter::NewEmailConfirmed {
            name: name.clone(),
            home: "https://app.example.com/".to_owned(),
        },
        Letter::ChangeUndone {
            name: name.clone(),
            link: "https://app.example.com/reset-password?token=rst_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
                .to_owned(),
            code: None,
            expires: at(3600),
        },
        Letter::AlreadyRegistered {
            name: name.clone(),
            home: "https://app.example.com/".to_owned(),
            recover: "https://app.example.com/forgot-password".to_owned(),
        },
        Letter::SecondFactorChanged {
            name: name.clone(),
            at: at(-90),
            change: FactorChange::Added,
            undo: UNDO.to_owned(),
            expires: at(3 * 86_400),
        },
        Letter::RecoveryCodesLow {
            name: name.clone(),
            at: at(-90),
            left: 3,
            home: "https://app.example.com/".to_owned(),
        },
        Letter::AccountLocked {
            name: name.clone(),
            at: at(-90),
            link: "https://app.example.com/unlock?token=unl_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8".to_owned(),
            expires: at(3600),
        },
        Letter::NewDevice {
            name: name.clone(),
            at: at(-90),
            device: "Firefox on Linux".to_owned(),
            address: Some("192.0.2.7".to_owned()),
            undo: UNDO.to_owned(),
            expires: at(3 * 86_400),
        },
        Letter::Welcome {
            name,
            home: "https://app.example.com/".to_owned(),
        },
    ]
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
        .replace("&#x27;", "'")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&")
}

#[test]
fn every_letter_reads_as_it_was_written() {
    for letter in every_kind(Some("Ada Lovelace")) {
        let kind = letter.kind().as_str();
        let rendered = render(
            Brand {
                product: "Rookery".to_owned(),
                support: Some("help@example.com".to_owned()),
            },
            letter,
        );
        insta::assert_snapshot!(
            format!("{kind}.txt"),
            format!("Subject: {}\n\n{}", rendered.subject, rendered.text)
        );
        insta::assert_snapshot!(format!("{kind}.html"), rendered.html);
    }
}

#[test]
fn a_letter_needs_neither_a_name_nor_a_place_for_help() {
    for letter in every_kind(None) {
        let rendered = render(brand("Rookery"), letter);
        assert!(rendered.text.starts_with("Hello,\n"), "{}", rendered.text);
        assert!(rendered.html.contains(">Hello,</p>"));
        for part in [&rendered.text, &rendered.html] {
            assert!(!part.contains("none") || part.contains("display:none"), "{part}");
            assert!(!part.contains("If you need help"));
        }
    }
}

#[test]
fn every_letter_says_what_to_do_if_it_was_not_you_and_how_long_its_link_is_good() {
    for letter in every_kind(None) {
        let (validity, advice) = match letter.kind() {
            LetterKind::VerifyEmail => ("24 hours", "You did not create this account?"),
            LetterKind::ResetPassword => ("1 hour", "You did not ask for this?"),
            LetterKind::PasswordChanged | LetterKind::EmailChanged | LetterKind::SecondFactorChanged => {
                ("3 days", "You did not change it?")
            }
            LetterKind::ConfirmNewEmail => ("24 hours", "You did not ask for this?"),
            LetterKind::EmailChangeRequested => ("does not expire", "You did not ask for this?"),
            LetterKind::ChangeUndone => ("1 hour", "You did not take anything back?"),
            LetterKind::AccountLocked => ("1 hour", "That was not you?"),
            LetterKind::NewDevice => ("3 days", "You did not sign in?"),
            LetterKind::AlreadyRegistered => ("does not expire", "You did not sign up?"),
            LetterKind::RecoveryCodesLow => ("does not expire", "You did not use it?"),
            LetterKind::NewEmailConfirmed | LetterKind::Welcome => {
                ("does not expire", "You did not confirm this address?")
            }
        };
        let rendered = render(brand("Rookery"), letter);
        let unfolded = rendered.text.replace('\n', " ");
        for part in [&unfolded, &visible(&rendered.html)] {
            assert!(part.contains(validity) && part.contains(advice), "{part}");
        }
    }
}

#[test]
fn a_change_of_the_second_factor_is_told_for_what_it_is() {
    for (change, subject) in [
        (FactorChange::Added, "Two-step sign-in for Rookery is on"),
        (FactorChange::Removed, "Two-step sign-in for Rookery is off"),
        (
            FactorChange::CodesRenewed,
            "Your recovery codes for Rookery were replaced",
        ),
    ] {
        let rendered = render(
            brand("Rookery"),
            Letter::SecondFactorChanged {
                name: None,
                at: at(0),
                change,
                undo: UNDO.to_owned(),
                expires: at(3 * 86_400),
            },
        );
        assert_eq!(rendered.subject, subject);
        assert!(rendered.text.contains(UNDO) && rendered.html.contains("It was not me"));
    }
}

#[test]
fn the_recovery_codes_that_are_left_are_counted_in_words_that_fit() {
    for (left, words) in [
        (0, "It was the last one."),
        (1, "One code is left."),
        (2, "2 codes are left."),
    ] {
        let letter = Letter::RecoveryCodesLow {
            name: None,
            at: at(0),
            left,
            home: "https://app.example.com/".to_owned(),
        };
        let rendered = render(brand("Rookery"), letter);
        assert!(rendered.text.contains(words) && rendered.html.contains(words), "{left}");
    }
}

#[test]
fn the_page_loads_nothing_and_works_in_the_dark() {
    for letter in every_kind(Some("Ada")) {
        let further = usize::from(letter.kind() == LetterKind::AlreadyRegistered);
        let html = render(brand("Rookery"), letter).html;
        for loading in ["<img", "src=", "url(", "@import", "<link", "<script", "background="] {
            assert!(!html.contains(loading), "{loading}");
        }
        let links = html.matches("href=").count();
        assert_eq!(
            links,
            2 + further,
            "the button and the same address below it, and where a password is forgotten"
        );
        for needed in [
            "<meta name=\"color-scheme\" content=\"light dark\">",
            "prefers-color-scheme: dark",
            "max-width:600px",
            "lang=\"en\"",
        ] {
            assert!(html.contains(needed), "{needed}");
        }
    }
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
        for letter in every_kind(Some(name)) {
            let rendered = render(brand("Rookery"), letter);
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
        for letter in every_kind(Some(name)) {
            let rendered = render(brand("Rookery"), letter);
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
    let html = render(brand("Rookery"), letter).html;
    assert!(!html.contains("\"onmouseover") && !html.contains("<b>"), "{html}");
}

#[test]
fn debug_output_hides_the_link() {
    let rendered = render(brand("Rookery"), verify(None));
    assert_eq!(
        format!("{rendered:?}"),
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
        Templates::with_overrides(brand("Rookery"), &self.0)
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
            written: at(0),
        })
        .unwrap();
    assert_eq!(rendered.subject, "Servus bei Rookery");
    assert_eq!(rendered.text, "Grüß Gott, Ada! https://app.example.com/\n");
    assert!(
        rendered.html.contains("Welcome to Rookery"),
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
    let missing = Templates::with_overrides(brand("Rookery"), Path::new("/does/not/exist")).unwrap_err();
    assert!(missing.to_string().contains("/does/not/exist"));
}

proptest! {
    // Proves: A47, ASVS 1.3.11
    #[test]
    fn whatever_the_product_and_the_person_are_called_the_subject_is_one_line(product in any::<String>(), name in any::<String>()) {
        let templates = Templates::new(brand(&product)).unwrap();
        for letter in every_kind(Some(&name)) {
            let envelope = Envelope {
                id: MailId::new(at(0), &[7; 10]),
                to: EmailAddress::parse("ada@example.com").unwrap(),
                letter,
                written: at(0),
            };
            let rendered = templates.render(&envelope).unwrap();
            prop_assert!(!rendered.subject.is_empty());
            let breaks = rendered.subject.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'));
            prop_assert!(!breaks);
        }
    }

    #[test]
    fn whatever_the_person_is_called_the_page_has_the_same_tags(name in "[\\PC\u{0}-\u{20}<>&\"'{}%/]{0,80}") {
        let tags = |name: Option<&str>| {
            let html = render(brand("Rookery"), verify(name)).html;
            (html.matches('<').count(), html.matches('>').count(), html.matches('"').count())
        };
        prop_assert_eq!(tags(Some(&name)), tags(None));
    }
}
