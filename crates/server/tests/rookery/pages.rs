//! The pages mails lead to, and the mailbox of developers.

use serde_json::{Value, json};

use super::database::TestDatabase;
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";

const PAGES: &[&str] = &[
    "/",
    "/verify-email?token=x",
    "/reset-password?token=x",
    "/confirm-email?token=x",
    "/undo?token=x",
    "/forgot-password",
];

// Proves: A74, ASVS 3.4.3, 3.4.5, 6.2.6, 6.2.7, 14.2.3
#[test]
fn every_page_mails_lead_to_is_there_and_fenced_in() {
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_BRAND_NAME", "Engines <& Sons>")]);
    for &path in PAGES {
        let page = app.browser().get(path).expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("script-src 'self'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(page.text.contains("Engines &#60;&#38; Sons&#62;"), "{path}");
        assert!(!page.text.contains("<& Sons>"), "{path}");
        let unfilled = ["{brand}", "{title}", "{body}", "{min}"];
        assert!(unfilled.iter().all(|place| !page.text.contains(place)), "{path}");
        // The policy lets nothing inline run, so there is none.
        assert!(
            !page.text.contains(" style=") && !page.text.contains(" onclick="),
            "{path}"
        );
    }
    let posted = app.browser().post("/verify-email", &json!({})).expect(405);
    assert_eq!(
        (posted.header("allow"), &posted.json()["code"]),
        ("GET, HEAD", &json!("METHOD_NOT_ALLOWED"))
    );
    for asset in ["/landing/page.js", "/landing/page.css"] {
        app.browser().get(asset).expect(200);
    }
}

// Proves: ASVS 3.2.2, 14.2.1
#[test]
fn the_token_of_a_link_is_not_repeated_in_the_page() {
    let app = TestApp::on(TestDatabase::Sqlite);
    let page = app
        .browser()
        .get("/verify-email?token=vfy_secret%22%3E%3Cscript%3E")
        .expect(200);
    assert!(!page.text.contains("vfy_secret"));
}

#[test]
fn the_page_asks_for_as_many_characters_as_the_rules() {
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_PASSWORD_MIN_LENGTH", "12")]);
    let page = app.browser().get("/reset-password").expect(200);
    assert!(page.text.contains("minlength=\"12\"") && page.text.contains("At least 12 characters"));
}

#[test]
fn a_dashboard_may_serve_these_pages_itself() {
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_LANDING_PAGES", "false")]);
    for &path in PAGES {
        let answer = app.browser().get(path).expect(404);
        assert_eq!(answer.json()["code"], "NOT_FOUND", "{path}");
    }
}

#[test]
fn the_mailbox_shows_people_and_programs_the_same_letters() {
    let app = TestApp::on(TestDatabase::Sqlite);
    let mut browser = app.browser();
    let empty = browser.get("/dev/mailbox").expect(200);
    assert!(empty.text.contains("No mail yet"));
    assert_eq!(browser.get("/dev/mailbox.json").expect(200).json(), json!([]));

    let name = "<script>alert(1)</script>";
    let wish = json!({ "email": ADA, "password": "correct horse battery", "name": name });
    browser.post("/api/auth/signup", &wish).expect(201);
    let mail = app.mail(ADA, "verify_email");
    for field in ["id", "kind", "to", "subject", "text", "html", "link", "token", "at"] {
        assert!(mail[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
    }
    let token = mail["token"].as_str().unwrap();
    assert!(mail["link"].as_str().unwrap().ends_with(token) && mail["text"].as_str().unwrap().contains(token));

    let page = browser.get("/dev/mailbox").expect(200);
    assert!(page.text.contains(token) && page.text.contains(ADA));
    assert!(
        !page.text.contains("<script>"),
        "what people wrote is shown and not run"
    );
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    browser.get("/dev/mailbox.css").expect(200);

    let letter = browser
        .get(&format!("/dev/mailbox/{}", mail["id"].as_str().unwrap()))
        .expect(200);
    assert_eq!(letter.text, mail["html"].as_str().unwrap());
    assert!(letter.header("content-security-policy").contains("sandbox"));
    browser
        .get("/dev/mailbox/01890a5d-ac96-774b-bcce-b302099a8057")
        .expect(404);
}

#[test]
fn the_mailbox_can_be_asked_for_one_person_and_shows_the_newest_letter_first() {
    let app = TestApp::on(TestDatabase::Sqlite);
    let mut browser = app.browser();
    for email in [ADA, "grace@example.com"] {
        let wish = json!({ "email": email, "password": "correct horse battery" });
        browser.post("/api/auth/signup", &wish).expect(201);
        app.mail(email, "verify_email");
    }
    browser
        .post("/api/auth/forgot-password", &json!({ "email": ADA }))
        .expect(200);
    app.mail(ADA, "reset_password");

    let kinds: Vec<Value> = app.mails(ADA).iter().map(|mail| mail["kind"].clone()).collect();
    assert_eq!(kinds, ["reset_password", "verify_email"]);
    assert_eq!(
        browser
            .get("/dev/mailbox.json")
            .expect(200)
            .json()
            .as_array()
            .unwrap()
            .len(),
        3
    );
    browser.get("/dev/mailbox.json?to=nonsense").expect(400);
}

#[test]
fn there_is_no_mailbox_where_a_mail_server_is_configured() {
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_SMTP_URL", "smtp://127.0.0.1:9")]);
    for path in ["/dev/mailbox", "/dev/mailbox.json", "/dev/mailbox.css"] {
        app.browser().get(path).expect(404);
    }
}

// Proves: ASVS 13.4.1, 13.4.3
#[test]
fn a_path_nobody_serves_is_a_404_in_json() {
    let app = TestApp::on(TestDatabase::Sqlite);
    for path in ["/nothing", "/dev", "/api/nothing", "/landing/page.html"] {
        let answer = app.browser().get(path).expect(404);
        assert_eq!(answer.json()["code"], "NOT_FOUND", "{path}");
    }
}
