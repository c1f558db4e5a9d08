//! What strangers write into a letter stays a text.

use proptest::prelude::*;

use super::*;

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
fn debug_output_hides_the_link() {
    assert_eq!(
        format!("{:?}", rendered(verify(None))),
        "Rendered { subject: \"Confirm your email address for Rookery\", .. }"
    );
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
    for tenant in ["win.example", "win\u{3002}example", "https://win.example/now"] {
        let sample = Sample {
            name: "invitation",
            letter: Letter::Invitation {
                tenant: tenant.to_owned(),
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
            assert!(!part.contains(tenant) && !part.contains("evil.example"), "{part}");
        }
    }
}
