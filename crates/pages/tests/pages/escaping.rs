//! What people wrote is shown and never run.

use rookery_core::MemberPage;
use rookery_core::ports::ListedSession;
use rookery_domain::{AuthMethod, Membership, Role, SessionId, TenantSummary};

use crate::ada;
use crate::ask::browser;
use crate::behind::nothing;
use crate::engines;

/// Texts that would break out of an element, an attribute, a script, a template or a sheet.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "</title><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "<!--",
    "\u{2028}</textarea><b>",
    "&lt;script&gt;",
];

/// No element comes of it; that no attribute does, every answer is looked through for.
fn is_harmless(html: &str, text: &str) {
    for tag in ["<script>", "<img src=x", "<svg/onload", "<b>", "<!--"] {
        assert!(!html.contains(tag), "{text}: {tag}");
    }
    assert!(!html.contains(">49<"), "no template runs");
}

#[actix_web::test]
async fn whatever_is_typed_into_a_form_or_a_link_comes_back_as_text() {
    for text in HOSTILE {
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            format!("/login?redirect={encoded}&{encoded}={encoded}&lang={encoded}&theme={encoded}"),
            format!("/verify-email?token={encoded}"),
            format!("/reset-password?token={encoded}"),
            format!("/{encoded}"),
        ] {
            is_harmless(&browser(nothing()).get(&path).await.text, text);
        }
        for (path, fields) in [
            (
                "/login",
                vec![("email", *text), ("password", ""), ("redirect", text), (text, "x")],
            ),
            (
                "/register",
                vec![
                    ("email", *text),
                    ("name", text),
                    ("companyName", text),
                    ("password", ""),
                ],
            ),
            ("/forgot-password", vec![("email", *text)]),
            ("/email-confirmation", vec![("email", *text)]),
            ("/reset-password", vec![("token", *text), ("newPassword", "")]),
        ] {
            let answer = browser(nothing()).fill(path, path, &fields).await;
            assert_eq!(answer.status, 400, "{path} {text}");
            is_harmless(&answer.text, text);
        }
    }
}

#[actix_web::test]
async fn whatever_a_person_is_called_and_comes_from_is_text() {
    for text in HOSTILE {
        let mut behind = nothing();
        behind.sessions.expect_authenticate().returning(|_| {
            let mut signed_in = ada::signed_in();
            let profile = &mut signed_in.profile;
            profile.name = Some((*text).to_owned());
            profile.given_name = Some((*text).to_owned());
            profile.family_name = Some((*text).to_owned());
            profile.picture = Some((*text).to_owned());
            Ok(signed_in)
        });
        behind.sessions.expect_list().returning(|_| {
            Ok(vec![ListedSession {
                id: SessionId::new(ada::noon(), &[9; 10]),
                remembered: false,
                methods: vec![AuthMethod::Password],
                created: ada::noon(),
                last_seen: ada::noon(),
                expires: ada::noon(),
                address: None,
                user_agent: Some((*text).to_owned()),
            }])
        });
        behind
            .second_factors
            .expect_status()
            .returning(|_| Ok(crate::behind::no_factor()));
        let mut browser = browser(behind).with_session();
        for path in ["/settings/profile", "/settings/security", "/settings/privacy"] {
            is_harmless(&browser.get(path).await.text, text);
        }
    }
}

#[actix_web::test]
async fn whatever_a_tenant_and_its_members_are_called_is_text() {
    for text in HOSTILE {
        let mut behind = nothing();
        let tenant = || TenantSummary {
            name: (*text).to_owned(),
            ..engines::summary(&[Role::Owner])
        };
        behind.sessions.expect_authenticate().returning(move |_| {
            let mut signed_in = ada::signed_in();
            signed_in.session.tenant = Some(tenant());
            Ok(signed_in)
        });
        behind.tenants.expect_list().returning(move |_| {
            Ok(vec![Membership {
                tenant: tenant(),
                ..engines::membership(&[])
            }])
        });
        let bob = || engines::member(engines::bob(), Some(text), &[Role::Member]);
        behind.members.expect_find().returning(move |_, _, _| Ok(bob()));
        behind.members.expect_list().returning(move |_, _, _| {
            Ok(MemberPage {
                members: vec![bob()],
                next: None,
            })
        });
        let mut browser = browser(behind).with_session();
        for below in [
            "",
            "/leave",
            "/members",
            "/members/{bob}",
            "/members/{bob}/remove",
            "/members/{bob}/hand-on",
        ] {
            let page = browser.get(&engines::path(below)).await;
            assert_eq!(page.status, 200, "{below} {text}");
            is_harmless(&page.text, text);
        }
        is_harmless(&browser.get("/settings/tenants").await.text, text);
    }
}

#[actix_web::test]
async fn a_brand_is_text_too() {
    for text in HOSTILE {
        let mut behind = nothing();
        behind.brand.name = (*text).to_owned();
        is_harmless(&browser(behind).get("/login").await.text, text);
    }
}

#[actix_web::test]
async fn a_picture_from_elsewhere_is_not_asked_for() {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.profile.picture = Some("https://evil.example/pixel.gif".to_owned());
        Ok(signed_in)
    });
    let page = browser(behind).with_session().get("/settings/profile").await;
    assert!(!page.has("evil.example") && page.has(">AL<"));
}
