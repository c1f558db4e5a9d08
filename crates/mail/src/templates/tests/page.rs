//! What the HTML part is made of, and what it looks like.

use std::collections::BTreeSet;

use rookery_domain::Colour;

use super::*;

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
