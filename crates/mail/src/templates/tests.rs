mod hostile;
mod overrides;
mod page;
mod texts;

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
