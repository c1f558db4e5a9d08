//! An account that is deleted, told from the wish to the free address, and those that are kept.

use serde_json::{Value, json};

use super::browser::Browser;
use super::database::{TestDatabase, on_both_databases};
use super::tenants::{founded, join, signed_in};
use super::test_app::TestApp;

const PASSWORD: &str = "correct horse battery";

on_both_databases!(
    whoever_owns_a_tenant_alone_hands_it_on_first_and_signing_in_keeps_all,
    in_a_file
);
on_both_databases!(the_mailed_link_keeps_the_account_once, in_a_file);
on_both_databases!(what_is_due_is_gone_and_its_address_free, in_a_file);
on_both_databases!(whoever_has_a_second_factor_shows_it, in_a_file);

fn wish() -> Value {
    json!({ "confirmation": "DELETE", "password": PASSWORD, "reason": "too many mails" })
}

fn log_in(browser: &mut Browser, name: &str) -> super::browser::Answer {
    let credentials = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    browser.post("/api/auth/login", &credentials)
}

fn names(browser: &mut Browser) -> Vec<String> {
    let listed = browser.get("/api/tenants").expect(200).json();
    let listed = listed["tenants"].as_array().unwrap().clone();
    listed
        .iter()
        .map(|tenant| tenant["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The names and fates of the tenants that are told of.
fn fates(told: &Value) -> Vec<(String, String)> {
    let tenants = told["tenants"].as_array().unwrap();
    let fate = |tenant: &Value| {
        let word = |key: &str| tenant[key].as_str().unwrap().to_owned();
        (word("name"), word("fate"))
    };
    tenants.iter().map(fate).collect()
}

fn whoever_owns_a_tenant_alone_hands_it_on_first_and_signing_in_keeps_all(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let token = json!({ "token": app.mail("ada@example.com", "verify_email")["token"] });
    app.browser().post("/api/auth/verify-email", &token).expect(200);
    let (mut bob, his) = signed_in(&app, "bob");
    founded(&mut ada, "Alone");
    let shared = founded(&mut ada, "Shared");
    join(&app, &shared, &his, "member");
    let mut phone = app.browser();
    log_in(&mut phone, "ada").expect(200);

    let told = ada.get("/api/users/me/deletion").expect(200).json();
    let fate = |name: &str, fate: &str| (name.to_owned(), fate.to_owned());
    let both = [fate("Alone", "closes"), fate("Shared", "needsOwner")];
    assert_eq!(fates(&told), both);
    assert_eq!(told["graceSeconds"], 30 * 24 * 60 * 60);
    let refused = ada.send_delete("/api/users/me", &wish()).expect(409).json();
    assert_eq!(
        (refused["code"].as_str(), fates(&refused)),
        (Some("SOLE_OWNER"), both.to_vec())
    );
    let mut consenting = wish();
    consenting["tenants"] = json!("delete");
    let refused = ada.send_delete("/api/users/me", &consenting).expect(409).json();
    assert_eq!(fates(&refused), [fate("Shared", "needsOwner")]);

    let members = format!("/api/tenants/{shared}/users/{his}");
    ada.patch(&members, &json!({ "roles": ["owner"] })).expect(200);
    let refused = ada.send_delete("/api/users/me", &wish()).expect(409).json();
    assert_eq!(fates(&refused), [fate("Alone", "closes")]);
    let mut wrong = consenting.clone();
    wrong["password"] = json!("another password");
    let refused = ada.send_delete("/api/users/me", &wrong).expect(403).json();
    assert_eq!(refused["code"], "INVALID_CURRENT_PASSWORD");

    let accepted = ada.send_delete("/api/users/me", &consenting).expect(202).json();
    assert!(accepted["deletionScheduledFor"].as_str().unwrap().ends_with('Z'));
    for browser in [&mut ada, &mut phone] {
        browser.get("/api/auth/session").expect(401);
    }
    app.mail("ada@example.com", "deletion_scheduled");
    let path = format!("/api/tenants/{shared}/users/{his}");
    let refused = bob.delete(&path).expect(409).json();
    assert_eq!(refused["code"], "LAST_OWNER", "Ada is no owner who stays");
    let listed = bob.get(&format!("/api/tenants/{shared}/users")).expect(200).json();
    assert_eq!(
        listed["users"].as_array().unwrap().len(),
        2,
        "she is listed until she is gone"
    );

    let credentials = json!({ "email": "ada@example.com", "password": "another password" });
    ada.post("/api/auth/login", &credentials).expect(401);
    let welcome = log_in(&mut ada, "ada").expect(200).json();
    assert_eq!(welcome["accountKept"], true);
    assert_eq!(names(&mut ada), ["Alone", "Shared"]);
    app.mail("ada@example.com", "account_kept");
    let again = log_in(&mut phone, "ada").expect(200).json();
    assert_eq!(again.get("accountKept"), None);
    let told = ada.get("/api/users/me/deletion").expect(200).json();
    assert_eq!(told["deletionScheduledFor"], Value::Null);
}

fn the_mailed_link_keeps_the_account_once(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let reset = json!({ "email": "ada@example.com" });
    app.browser().post("/api/auth/forgot-password", &reset).expect(200);
    let reset = app.mail("ada@example.com", "reset_password")["token"].clone();
    ada.send_delete("/api/users/me", &wish()).expect(202);
    let renewed = json!({ "token": reset, "newPassword": "another horse altogether" });
    app.browser().post("/api/auth/reset-password", &renewed).expect(400);

    let mail = app.mail("ada@example.com", "deletion_scheduled");
    let link = mail["link"].as_str().unwrap();
    let path = &link[link.find("/keep-account").unwrap()..];
    for _ in 0..2 {
        app.browser().get(path).expect(200);
    }
    let token = json!({ "token": mail["token"] });
    app.browser().post("/api/auth/cancel-deletion", &token).expect(200);
    let refused = app
        .browser()
        .post("/api/auth/cancel-deletion", &token)
        .expect(400)
        .json();
    assert_eq!(refused["code"], "INVALID_OR_EXPIRED_TOKEN");
    app.mail("ada@example.com", "account_kept");
    let welcome = log_in(&mut ada, "ada").expect(200).json();
    assert_eq!(welcome.get("accountKept"), None, "it had been kept before");
}

// Proves: A67
fn what_is_due_is_gone_and_its_address_free(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_DELETION_GRACE", "1s")]);
    let (mut ada, hers) = signed_in(&app, "ada");
    founded(&mut ada, "Alone");
    let mut consenting = wish();
    consenting["tenants"] = json!("delete");
    ada.send_delete("/api/users/me", &consenting).expect(202);
    let token = json!({ "token": app.mail("ada@example.com", "deletion_scheduled")["token"] });
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    app.browser().post("/api/auth/cancel-deletion", &token).expect(400);
    log_in(&mut app.browser(), "ada").expect(401);

    app.mail("ada@example.com", "account_erased");
    log_in(&mut app.browser(), "ada").expect(401);
    let (mut again, id) = signed_in(&app, "ada");
    assert_ne!(id, hers);
    assert!(names(&mut again).is_empty());
    let me = again.get("/api/users/me").expect(200).json();
    assert_eq!((&me["name"], &me["emailVerified"]), (&json!("ada"), &json!(false)));
    let events = again.get("/api/users/me/activity").expect(200).json();
    assert_eq!(events["events"].as_array().unwrap().len(), 2, "nothing is inherited");
}

fn whoever_has_a_second_factor_shows_it(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let codes = super::second_factor::set_up(&mut ada);
    let refused = ada.send_delete("/api/users/me", &wish()).expect(400).json();
    assert_eq!(refused["errors"][0]["path"], json!(["code"]));
    let mut wrong = wish();
    wrong["recoveryCode"] = json!("AAAA-AAAA-AAAA-AAAA");
    let refused = ada.send_delete("/api/users/me", &wrong).expect(403).json();
    assert_eq!(refused["code"], "INVALID_SECOND_FACTOR");
    let mut right = wish();
    right["recoveryCode"] = json!(codes[0]);
    ada.send_delete("/api/users/me", &right).expect(202);
    let asked = log_in(&mut ada, "ada").expect(200).json();
    assert_eq!(
        asked.get("accountKept"),
        None,
        "the password alone keeps nothing: {asked}"
    );
    let used = json!({ "recoveryCode": codes[0] });
    ada.post("/api/auth/login/second-factor", &used).expect(401);
    let code = json!({ "recoveryCode": codes[1] });
    let welcome = ada.post("/api/auth/login/second-factor", &code).expect(200).json();
    assert_eq!(welcome["accountKept"], true);
}
