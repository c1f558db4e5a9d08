//! What others learn of an account, and what they can do with an address that is not theirs: nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const HERS: &str = "correct horse battery";
const EVES: &str = "staple the battery horse";

on_both_databases!(whoever_signs_up_neutrally_learns_nothing_and_the_owner_is_told);
on_both_databases!(the_owner_of_a_mailbox_takes_over_an_account_that_waits_for_her);

fn log_in(browser: &mut Browser, password: &str) -> Answer {
    browser.post("/api/auth/login", &json!({ "email": ADA, "password": password }))
}

fn whoever_signs_up_neutrally_learns_nothing_and_the_owner_is_told(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_SIGNUP_CONFLICT", "neutral")]);
    let (mut ada, mut eve) = (app.browser(), app.browser());
    let wish = |email: &str, password: &str| json!({ "email": email, "password": password, "name": "Ada Lovelace" });

    // She signs up. Nothing but her mailbox says that there is an account now, and it works like any other.
    let first = ada.post("/api/auth/signup", &wish(ADA, HERS)).expect(202);
    assert_eq!(
        first.json().as_object().unwrap().keys().collect::<Vec<_>>(),
        ["message", "success"]
    );
    let token = app.mail(ADA, "verify_email")["token"].clone();
    ada.post("/api/auth/verify-email", &json!({ "token": token }))
        .expect(200);
    log_in(&mut ada, HERS).expect(200);

    // Somebody else tries her address, and is told what she was told.
    for email in [ADA, "ADA@Example.com"] {
        let again = eve.post("/api/auth/signup", &wish(email, EVES)).expect(202);
        assert_eq!(again.text, first.text);
        let names = |answer: &Answer| -> BTreeSet<String> { answer.headers.keys().map(ToString::to_string).collect() };
        assert_eq!(names(&again), names(&first));
    }
    let told = app.mail(ADA, "already_registered");
    assert!(told["text"].as_str().unwrap().contains("/forgot-password"), "{told}");
    assert_eq!(told["token"], Value::Null, "nothing in it opens anything");

    // Her account is as it was.
    log_in(&mut eve, EVES).expect(401);
    ada.get("/api/users/me").expect(200);
    assert_eq!(
        log_in(&mut app.browser(), HERS).expect(200).json()["user"]["name"],
        "Ada Lovelace"
    );
}

// Proves: A07
fn the_owner_of_a_mailbox_takes_over_an_account_that_waits_for_her(database: TestDatabase) {
    let app = TestApp::on(database);

    // Eve signs up with Ada's address and settles in.
    let mut eve = app.browser();
    eve.post("/api/auth/signup", &json!({ "email": ADA, "password": EVES }))
        .expect(201);
    log_in(&mut eve, EVES).expect(200);
    assert_eq!(eve.get("/api/users/me").expect(200).json()["emailVerified"], false);

    // Ada finds her address taken, and takes it back through her mailbox.
    let mut ada = app.browser();
    ada.post("/api/auth/signup", &json!({ "email": ADA, "password": HERS }))
        .expect(409);
    ada.post("/api/auth/forgot-password", &json!({ "email": ADA }))
        .expect(200);
    let token = app.mail(ADA, "reset_password")["token"].clone();
    ada.post(
        "/api/auth/reset-password",
        &json!({ "token": token, "newPassword": HERS }),
    )
    .expect(200);

    // Nothing of Eve's is left, and the mailbox is proved.
    eve.get("/api/users/me").expect(401);
    log_in(&mut eve, EVES).expect(401);
    log_in(&mut ada, HERS).expect(200);
    assert_eq!(ada.get("/api/users/me").expect(200).json()["emailVerified"], true);
}
