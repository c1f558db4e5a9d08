//! Every page there is, out of the pages' own table.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use rookery_core::domain::Role;
use rookery_core::{ActivityPage, Health, InvitationPage};
use rookery_pages::{Kind, pages};

use crate::ada;
use crate::ask::browser;
use crate::behind::Behind;
use crate::engines::{filled_in, staffed};
use crate::policy;

/// Ada is signed in and owns a tenant that Bob is in, the service is well, and nothing has happened.
pub(crate) fn peaceful() -> Behind {
    let mut behind = staffed(&[Role::Owner], &[Role::Member]);
    behind.health.expect_check().returning(|| Health {
        healthy: true,
        at: ada::noon(),
        uptime: chrono::Duration::hours(1),
    });
    behind.policies.expect_read().returning(|_, _| Ok(policy::in_force()));
    behind.invitations.expect_list().returning(|_, _, _| {
        Ok(InvitationPage {
            invitations: Vec::new(),
            next: None,
        })
    });
    behind.joining.expect_show().returning(|_, _| Ok(ada::invitation()));
    behind.activity.expect_of_person().returning(|_, _| {
        Ok(ActivityPage {
            events: Vec::new(),
            next: None,
        })
    });
    let ahead = crate::delete_account::outlook(Vec::new());
    behind.deletion.expect_outlook().returning(move |_| Ok(ahead.clone()));
    behind
}

#[actix_web::test]
async fn every_private_page_shows_itself_to_whoever_is_signed_in_and_leads_others_to_the_sign_in() {
    for (path, _) in pages().into_iter().filter(|(_, kind)| *kind == Kind::Private) {
        let path = filled_in(path);
        let shown = browser(peaceful()).with_session().get(&path).await;
        assert_eq!(shown.status, 200, "{path}");
        let refused = browser(peaceful()).get(&path).await;
        let there = path.replace('/', "%2F");
        assert_eq!(refused.leads_to(), format!("/login?redirect={there}"));
    }
}

#[actix_web::test]
async fn every_other_page_shows_itself_to_everybody_in_every_language() {
    for (path, kind) in pages() {
        if !matches!(kind, Kind::Open | Kind::Mailed) || path == "/login/second-factor" {
            continue;
        }
        for (language, lang) in [("en", "lang=\"en\""), ("es", "lang=\"es\"")] {
            let shown = browser(peaceful())
                .get(&format!("{path}?token=vfy_x&lang={language}"))
                .await;
            assert_eq!(shown.status, 200, "{path}");
            assert!(
                shown.has(&format!("<html {lang} dir=\"ltr\" data-theme=\"system\">")),
                "{path}"
            );
        }
    }
}

#[actix_web::test]
async fn every_page_answers_head_and_tells_other_methods_which_there_are() {
    for (path, _) in pages() {
        let path = filled_in(path);
        let mut browser = browser(peaceful()).with_session();
        let head = browser.ask(TestRequest::with_uri(&path).method(Method::HEAD)).await;
        assert!(head.status.as_u16() < 405, "{path}: {}", head.status);
        let put = browser.ask(TestRequest::with_uri(&path).method(Method::PUT)).await;
        assert_eq!(put.status, 405, "{path}");
        assert!(put.header("allow").unwrap().starts_with("GET, HEAD"), "{path}");
    }
}

#[actix_web::test]
async fn where_forms_are_sent_to_there_is_a_way_back_and_nothing_happens_on_opening_it() {
    let files = ["/assets/{name}", "/settings/privacy/export/{id}"];
    for (path, _) in pages()
        .into_iter()
        .filter(|(path, kind)| *kind == Kind::Way && !files.contains(path))
    {
        let way = browser(peaceful()).with_session().get(&filled_in(path)).await;
        assert!(way.leads_to().starts_with('/'), "{path}");
    }
}

#[actix_web::test]
async fn below_a_path_every_link_begins_with_it() {
    for (path, _) in pages().into_iter().filter(|(_, kind)| *kind == Kind::Private) {
        let mut below = peaceful();
        below.public_url = "https://example.com/accounts";
        let shown = browser(below).with_session().get(&filled_in(path)).await;
        for attribute in ["href=\"", "src=\"", "action=\""] {
            for (at, _) in shown.text.match_indices(attribute) {
                let address = shown.text[at + attribute.len()..].split('"').next().unwrap();
                let address = address.replace("&#x2f;", "/");
                assert!(
                    address.starts_with("/accounts/") || address.starts_with('#'),
                    "{path}: {address}"
                );
            }
        }
    }
    let mut below = peaceful();
    below.public_url = "https://example.com/accounts";
    assert_eq!(browser(below).get("/").await.leads_to(), "/accounts/login");
}
