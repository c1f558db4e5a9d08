//! The account pages in the whole server, and the mailbox of developers.

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";

const PAGES: &[&str] = &[
    "/login",
    "/register",
    "/status",
    "/verify-email?token=x",
    "/reset-password?token=x",
    "/confirm-email?token=x",
    "/unlock?token=x",
    "/undo?token=x",
    "/keep-account?token=x",
    "/forgot-password",
    "/email-confirmation",
];

on_both_databases!(a_newcomer_does_everything_on_the_pages);

/// What stands in a hidden field of a page.
pub(super) fn hidden(page: &Answer, name: &str) -> String {
    let (_, rest) = page
        .text
        .split_once(&format!("type=\"hidden\" name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no {name} in {}", page.text));
    rest.split_once('"').unwrap().0.replace("&#x2f;", "/")
}

/// Opens a page, fills its form in and sends it.
pub(super) fn fill(browser: &mut Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let opened = browser.get(page).expect(200);
    let csrf = hidden(&opened, "csrf");
    let mut form = vec![("csrf", csrf.as_str())];
    form.extend_from_slice(fields);
    browser.send_form(path, &form)
}

fn a_newcomer_does_everything_on_the_pages(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, first, second) = (app.browser(), "correct horse battery", "another horse battery");
    let leads_to = |answer: Answer| answer.expect(303).header("location").to_owned();

    assert_eq!(leads_to(ada.get("/")), "/login");
    let wish = [
        ("email", ADA),
        ("password", first),
        ("name", "Ada Lovelace"),
        ("language", "es"),
    ];
    assert_eq!(
        leads_to(fill(&mut ada, "/register", "/register", &wish)),
        "/email-confirmation"
    );
    assert!(ada.get("/email-confirmation").expect(200).text.contains(ADA));

    let link = app.mail(ADA, "verify_email")["link"].as_str().unwrap().to_owned();
    let link = link.split_at(link.find("/verify-email").unwrap()).1;
    for _ in 0..2 {
        ada.get(link).expect(200);
    }
    let token = hidden(&ada.get(link), "token");
    let verified = fill(&mut ada, link, "/verify-email", &[("token", &token)]).expect(200);
    assert!(verified.text.contains("Your address is confirmed"));

    let lost = fill(&mut ada, "/login", "/login", &[("email", ADA), ("password", "wrong")]).expect(401);
    assert!(lost.text.contains("The address or the password is not right.") && !lost.text.contains("wrong\""));
    let found = [("email", ADA), ("password", first), ("redirect", "/settings/security")];
    assert_eq!(
        leads_to(fill(&mut ada, "/login", "/login", &found)),
        "/settings/security"
    );
    let security = ada.get("/settings/security").expect(200);
    assert!(security.text.contains("<html lang=\"es\"") && security.text.contains("Este navegador"));

    let looks = [
        ("part", "looks"),
        ("language", "en"),
        ("timezone", "Europe/London"),
        ("theme", "dark"),
    ];
    leads_to(fill(&mut ada, "/settings/profile", "/settings/profile", &looks));
    let profile = ada.get("/settings/profile").expect(200);
    assert!(profile.text.contains("data-theme=\"dark\"") && profile.text.contains("Your profile is saved."));
    assert_eq!(
        ada.get("/api/users/me").expect(200).json()["preferences"]["theme"],
        "dark"
    );

    let change = [("currentPassword", first), ("newPassword", second)];
    leads_to(fill(
        &mut ada,
        "/settings/security",
        "/settings/security/password",
        &change,
    ));
    let activity = ada.get("/settings/activity").expect(200);
    assert!(activity.text.contains("The password was changed") && activity.text.contains("A sign-in was refused"));

    assert_eq!(leads_to(fill(&mut ada, "/settings/security", "/logout", &[])), "/login");
    assert_eq!(
        leads_to(ada.get("/settings/security")),
        "/login?redirect=%2Fsettings%2Fsecurity"
    );
    fill(&mut ada, "/forgot-password", "/forgot-password", &[("email", ADA)]).expect(200);
    let token = app.mail(ADA, "reset_password")["token"].as_str().unwrap().to_owned();
    let reset = [("token", token.as_str()), ("newPassword", first)];
    let page = format!("/reset-password?token={token}");
    assert_eq!(leads_to(fill(&mut ada, &page, "/reset-password", &reset)), "/login");
    fill(&mut ada, &page, "/reset-password", &reset).expect(400);
    let back = [("email", ADA), ("password", first)];
    assert_eq!(leads_to(fill(&mut ada, "/login", "/login", &back)), "/settings/profile");
}

// Proves: A74, ASVS 3.4.3, 3.4.5, 6.2.6, 6.2.7, 14.2.3
#[test]
fn every_page_mails_lead_to_is_there_and_fenced_in() {
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_BRAND_NAME", "Engines <& Sons>")]);
    for &path in PAGES {
        let page = app.browser().get(path).expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("script-src 'self'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(page.text.contains("Engines &lt;&amp; Sons&gt;"), "{path}");
        assert!(!page.text.contains("<& Sons>"), "{path}");
        // The policy lets nothing inline run, so there is none.
        assert!(
            !page.text.contains(" style=") && !page.text.contains(" onclick="),
            "{path}"
        );
        // Passwords are masked, may be pasted, and are found by password managers.
        if page.text.contains("type=\"password\"") {
            assert!(
                page.text.contains("autocomplete=\"current-password\"")
                    || page.text.contains("autocomplete=\"new-password\"")
            );
        }
        assert!(!page.text.contains("onpaste") && !page.text.contains("autocomplete=\"off\" type=\"password\""));
    }
    let posted = app.browser().post("/verify-email", &json!({})).expect(415);
    assert!(posted.text.contains("<!doctype html>"), "pages take forms");
}

// Proves: ASVS 3.2.2, 14.2.1
#[test]
fn the_token_of_a_link_stays_in_the_forms_of_its_page_and_is_text() {
    let app = TestApp::on(TestDatabase::Sqlite);
    let page = app
        .browser()
        .get("/verify-email?token=vfy_secret%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        .expect(200);
    let inside = page.text.matches("vfy_secret").count();
    assert_eq!(
        inside,
        page.text
            .matches("type=\"hidden\" name=\"token\" value=\"vfy_secret")
            .count()
    );
    assert!(!page.text.contains("<script>alert"));
    assert!(!page.header("set-cookie").contains("vfy_secret"));
}

#[test]
fn the_page_asks_for_as_many_characters_as_the_rules() {
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_PASSWORD_MIN_LENGTH", "12")]);
    let page = app.browser().get("/reset-password").expect(200);
    assert!(page.text.contains("minlength=\"12\"") && page.text.contains("At least 12 characters"));
}

#[test]
fn a_dashboard_may_serve_these_pages_itself() {
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_PAGES", "false")]);
    for &path in PAGES {
        let answer = app.browser().get(path).expect(404);
        assert_eq!(answer.json()["code"], "NOT_FOUND", "{path}");
    }
}

#[test]
fn an_operator_gives_the_pages_a_brand_and_a_sheet() {
    let folder = super::test_app::new_folder();
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let logo = file("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    let sheet = file("own.css", "body { letter-spacing: 1px }");
    let app = TestApp::with(
        TestDatabase::Sqlite,
        &[
            ("ROOKERY_BRAND_NAME", "PenguinMails"),
            ("ROOKERY_BRAND_PRIMARY_COLOR", "#7c2d12"),
            ("ROOKERY_BRAND_LOGO", &logo),
            ("ROOKERY_BRAND_TERMS", "https://example.com/terms"),
            ("ROOKERY_STYLESHEET", &sheet),
        ],
    );
    let mut browser = app.browser();
    let page = browser.get("/login").expect(200).text.replace("&#x2f;", "/");
    assert!(page.contains("PenguinMails") && page.contains("href=\"https://example.com/terms\""));
    let at = |name: &str| {
        let begin = page
            .find(&format!("/assets/{name}."))
            .unwrap_or_else(|| panic!("no {name} in {page}"));
        page[begin..].split('"').next().unwrap().to_owned()
    };
    assert!(
        browser
            .get(&at("brand"))
            .expect(200)
            .text
            .contains("--brand-light: #7c2d12")
    );
    assert_eq!(browser.get(&at("own")).expect(200).text, "body { letter-spacing: 1px }");
    let logo = browser.get(&at("logo")).expect(200);
    assert_eq!(logo.header("content-type"), "image/svg+xml");
    assert!(
        page.rfind("/assets/own.") > page.rfind("/assets/app."),
        "it has the last word"
    );
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
fn a_path_nobody_serves_is_a_404_in_the_words_of_its_door() {
    let paths = [
        "/nothing",
        "/dev",
        "/assets/app.css",
        "/.git/config",
        "/settings/nothing",
    ];
    let app = TestApp::on(TestDatabase::Sqlite);
    let answer = app.browser().get("/api/nothing").expect(404);
    assert_eq!(answer.json()["code"], "NOT_FOUND");
    for path in paths {
        let answer = app.browser().get(path).expect(404);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
    }
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_PAGES", "false")]);
    for path in paths {
        let answer = app.browser().get(path).expect(404);
        assert_eq!(answer.json()["code"], "NOT_FOUND", "{path}");
    }
}
