//! Letters in an operator's own words.

use std::{env, fs};

use rookery_domain::{EmailAddress, MailId};

use super::*;

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
