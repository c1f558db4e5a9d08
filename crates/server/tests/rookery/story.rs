//! The main job, told from beginning to end.

use serde_json::{Value, json};

use super::browser::Browser;
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const FIRST_PASSWORD: &str = "correct horse battery";
const SECOND_PASSWORD: &str = "staple the battery horse";
const THIRD_PASSWORD: &str = "three horses and a battery";

on_both_databases!(ada_signs_up_verifies_logs_in_changes_forgets_resets_and_leaves);
on_both_databases!(somebody_else_learns_nothing_and_gets_nowhere);
on_both_databases!(a_company_comes_with_its_first_owner);

fn log_in(browser: &mut Browser, password: &str) -> super::browser::Answer {
    browser.post("/api/auth/login", &json!({ "email": ADA, "password": password }))
}

fn sign_up(browser: &mut Browser) -> Value {
    let wish = json!({ "email": ADA, "password": FIRST_PASSWORD, "name": "Ada Lovelace" });
    browser.post("/api/auth/signup", &wish).expect(201).json()
}

fn ada_signs_up_verifies_logs_in_changes_forgets_resets_and_leaves(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut browser = app.browser();

    // She signs up, and is told what was made.
    let made = sign_up(&mut browser);
    assert_eq!(made["success"], true);
    assert_eq!(
        (&made["user"]["email"], &made["user"]["name"]),
        (&json!(ADA), &json!("Ada Lovelace"))
    );
    assert!(browser.cookie("sid").is_none(), "signing up signs nobody in");

    // The mail is there, its link leads here, and opening it changes nothing.
    let mail = app.mail(ADA, "verify_email");
    let link = mail["link"].as_str().unwrap();
    let path = &link[link.find("/verify-email").unwrap()..];
    for _ in 0..2 {
        browser.get(path).expect(200);
    }
    let verified = browser
        .post("/api/auth/verify-email", &json!({ "token": mail["token"] }))
        .expect(200)
        .json();
    assert_eq!(verified["data"], json!({ "email": ADA }));
    let again = browser
        .post("/api/auth/verify-email", &json!({ "token": mail["token"] }))
        .expect(400)
        .json();
    assert_eq!(again["code"], "TOKEN_ALREADY_USED");
    app.mail(ADA, "welcome");

    // She logs in and finds herself.
    let logged_in = log_in(&mut browser, FIRST_PASSWORD).expect(200).json();
    assert_eq!(logged_in, json!({ "success": true, "user": made["user"] }));
    let me = browser.get("/api/users/me").expect(200).json();
    assert_eq!(
        (&me["email"], &me["emailVerified"], &me["tenantId"], &me["roles"]),
        (&json!(ADA), &json!(true), &Value::Null, &json!([]))
    );
    assert_eq!(me["preferences"]["theme"], "system");
    let session = browser.get("/api/auth/session").expect(200).json();
    assert_eq!(session["session"]["methods"], json!(["password"]));

    // She changes what she likes, and nothing else changes.
    let changed = browser
        .patch("/api/users/me", &json!({ "theme": "dark", "givenName": "Ada" }))
        .expect(200)
        .json();
    assert_eq!(
        (&changed["preferences"]["theme"], &changed["givenName"]),
        (&json!("dark"), &json!("Ada"))
    );
    assert_eq!(changed["preferences"]["pushNotifications"], false);
    assert_eq!(browser.get("/api/users/me").expect(200).json(), changed);

    // She changes her password: this session goes on under a new token, the other ends.
    let mut phone = app.browser();
    log_in(&mut phone, FIRST_PASSWORD).expect(200);
    let before = browser.cookie("sid").unwrap().to_owned();
    let wrong = json!({ "currentPassword": "not it at all", "newPassword": SECOND_PASSWORD });
    browser.post("/api/users/me/change-password", &wrong).expect(403);
    let change = json!({ "currentPassword": FIRST_PASSWORD, "newPassword": SECOND_PASSWORD });
    browser.post("/api/users/me/change-password", &change).expect(200);
    assert_ne!(browser.cookie("sid").unwrap(), before);
    browser.get("/api/users/me").expect(200);
    phone.get("/api/users/me").expect(401);
    app.mail(ADA, "password_changed");

    // She forgets it. The link opens a page, the page sets a new one, and nobody is signed in any more.
    phone
        .post("/api/auth/forgot-password", &json!({ "email": ADA }))
        .expect(200);
    let mail = app.mail(ADA, "reset_password");
    let link = mail["link"].as_str().unwrap();
    phone.get(&link[link.find("/reset-password").unwrap()..]).expect(200);
    let weak = json!({ "token": mail["token"], "newPassword": "short" });
    phone.post("/api/auth/reset-password", &weak).expect(400);
    let reset = json!({ "token": mail["token"], "newPassword": THIRD_PASSWORD });
    phone.post("/api/auth/reset-password", &reset).expect(200);
    let spent = phone.post("/api/auth/reset-password", &reset).expect(400).json();
    assert_eq!(spent["error"], "Invalid or expired reset token");
    browser.get("/api/users/me").expect(401);
    log_in(&mut browser, SECOND_PASSWORD).expect(401);
    log_in(&mut browser, THIRD_PASSWORD).expect(200);

    // She leaves, and her cookie is worth nothing even to who copied it.
    let copied = browser.cookie("sid").unwrap().to_owned();
    browser.post("/api/auth/logout", &json!({})).expect(200);
    assert!(browser.cookie("sid").is_none());
    let mut thief = app.browser();
    thief.plant_cookie("sid", &copied);
    thief.get("/api/users/me").expect(401);
    app.stop().unwrap();
}

fn somebody_else_learns_nothing_and_gets_nowhere(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut ada = app.browser();
    sign_up(&mut ada);
    let mut eve = app.browser();

    let taken = json!({ "email": "ADA@Example.com", "password": SECOND_PASSWORD });
    let taken = eve.post("/api/auth/signup", &taken).expect(409).json();
    assert_eq!(taken["code"], "EMAIL_ALREADY_EXISTS");

    let anonymous = |answer: Value| {
        let mut answer = answer;
        answer["requestId"] = Value::Null;
        answer
    };
    let wrong = log_in(&mut eve, "some other password").expect(401).json();
    let unknown = json!({ "email": "nobody@example.com", "password": "some other password" });
    let unknown = eve.post("/api/auth/login", &unknown).expect(401).json();
    assert_eq!(anonymous(wrong), anonymous(unknown));

    let known = eve
        .post("/api/auth/forgot-password", &json!({ "email": ADA }))
        .expect(200);
    let unknown = eve
        .post("/api/auth/forgot-password", &json!({ "email": "nobody@example.com" }))
        .expect(200);
    assert_eq!(known.text, unknown.text);
    app.mail(ADA, "reset_password");
    assert!(app.mails("nobody@example.com").is_empty());

    eve.get("/api/users/me").expect(401);
    eve.post("/api/auth/verify-email", &json!({ "token": "vfy_guess" }))
        .expect(400);
}

fn a_company_comes_with_its_first_owner(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut browser = app.browser();
    let wish = json!({ "email": ADA, "password": FIRST_PASSWORD, "companyName": "Analytical Engines" });
    browser.post("/api/auth/signup", &wish).expect(201);
    log_in(&mut browser, FIRST_PASSWORD).expect(200);
    let session = browser.get("/api/auth/session").expect(200).json();
    assert_eq!(session["tenant"]["name"], "Analytical Engines");
    let me = browser.get("/api/users/me").expect(200).json();
    assert_eq!(
        (&me["tenantId"], &me["roles"]),
        (&session["tenant"]["id"], &json!(["owner"]))
    );
}

mod everything_is_there_again_after_a_stop_in_order {
    use crate::rookery::database::postgres_made_ready;
    use rookery_testkit::sqlite::SqliteFile;

    #[test]
    fn on_sqlite() {
        let file = SqliteFile::new();
        super::stop_and_start_again(&file.url());
    }

    #[test]
    fn on_postgres() {
        let database = postgres_made_ready();
        super::stop_and_start_again(database.url());
    }
}

fn stop_and_start_again(url: &str) {
    let settings = [("DATABASE_URL", url)];
    let app = TestApp::with(TestDatabase::Elsewhere, &settings);
    let mut browser = app.browser();
    sign_up(&mut browser);
    log_in(&mut browser, FIRST_PASSWORD).expect(200);
    let cookie = browser.cookie("sid").unwrap().to_owned();
    app.stop().unwrap();

    let app = TestApp::with(TestDatabase::Elsewhere, &settings);
    let mut browser = app.browser();
    browser.plant_cookie("sid", &cookie);
    assert_eq!(browser.get("/api/users/me").expect(200).json()["email"], ADA);
    app.stop().unwrap();
}
