//! Ada reads her mail on a telephone, and types what it says.

use serde_json::{Value, json};

use super::browser::Browser;
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";

on_both_databases!(ada_types_the_codes_of_her_mails);
on_both_databases!(a_stranger_guesses_five_times_and_learns_nothing);

fn sign_up(browser: &mut Browser) {
    let wish = json!({ "email": ADA, "password": PASSWORD });
    browser.post("/api/auth/signup", &wish).expect(201);
}

fn code_in(mail: &Value) -> String {
    let code = mail["code"].as_str().unwrap();
    assert_eq!(code.len(), 11, "{code}");
    code.to_owned()
}

fn ada_types_the_codes_of_her_mails(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut browser = app.browser();
    sign_up(&mut browser);

    // She types it carelessly, and it verifies her address; the link is over with it.
    let mail = app.mail(ADA, "verify_email");
    let typed = code_in(&mail).to_lowercase().replace('-', " ");
    let proof = json!({ "email": "Ada@Example.com", "code": typed });
    let verified = browser.post("/api/auth/verify-email", &proof).expect(200).json();
    assert_eq!(verified["data"]["email"], ADA);
    for over in [proof, json!({ "token": mail["token"] })] {
        let answer = browser.post("/api/auth/verify-email", &over).expect(400).json();
        assert_eq!(answer["code"], "TOKEN_ALREADY_USED");
    }

    // A password that will not do leaves the code alone; one that does uses it up, and the link.
    let forgotten = json!({ "email": ADA });
    browser.post("/api/auth/forgot-password", &forgotten).expect(200);
    let mail = app.mail(ADA, "reset_password");
    let reset = |password: &str| json!({ "email": ADA, "code": code_in(&mail), "newPassword": password });
    for _ in 0..7 {
        browser
            .post("/api/auth/reset-password", &reset("ada@example.com"))
            .expect(400);
    }
    browser
        .post("/api/auth/reset-password", &reset("staple the battery horse"))
        .expect(200);
    let link = json!({ "token": mail["token"], "newPassword": "another battery horse" });
    for over in [reset("another battery horse"), link] {
        let answer = browser.post("/api/auth/reset-password", &over).expect(400).json();
        assert_eq!(answer["code"], "INVALID_OR_EXPIRED_TOKEN");
    }
    let log_in = json!({ "email": ADA, "password": "staple the battery horse" });
    browser.post("/api/auth/login", &log_in).expect(200);
}

fn a_stranger_guesses_five_times_and_learns_nothing(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, mut eve) = (app.browser(), app.browser());
    sign_up(&mut ada);
    let mail = app.mail(ADA, "verify_email");
    let guess = |email: &str, code: &str| json!({ "email": email, "code": code });
    for _ in 0..5 {
        let known = eve
            .post("/api/auth/verify-email", &guess(ADA, "00000-00000"))
            .expect(400);
        let unknown = guess("nobody@example.com", "00000-00000");
        let unknown = eve.post("/api/auth/verify-email", &unknown).expect(400);
        assert_eq!(known.json()["code"], "INVALID_TOKEN");
        assert_eq!(known.json()["error"], unknown.json()["error"]);
    }
    // Now not even the right one counts, and the link does.
    let right = guess(ADA, &code_in(&mail));
    ada.post("/api/auth/verify-email", &right).expect(400);
    let link = json!({ "token": mail["token"] });
    ada.post("/api/auth/verify-email", &link).expect(200);
}
