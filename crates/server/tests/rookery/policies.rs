//! What tenants ask of their members, and how everybody is held to it.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::tenants::{founded, join, signed_in};
use super::test_app::TestApp;

const PASSWORD: &str = "correct horse battery";

on_both_databases!(owners_change_a_policy_within_bounds_and_everybody_is_told, in_a_file);
on_both_databases!(of_changes_of_one_policy_at_once_one_is_made, in_a_file);
on_both_databases!(a_new_password_fits_every_tenant_and_an_old_one_goes_on, in_a_file);
on_both_databases!(shorter_sessions_count_for_those_that_run, in_a_file);
on_both_databases!(
    fewer_wrong_passwords_count_and_nobody_can_tell_whose_they_are,
    in_a_file
);
on_both_databases!(
    a_second_factor_is_asked_for_in_time_and_goes_with_the_membership,
    in_a_file
);

fn policy(tenant: &str) -> String {
    format!("/api/tenants/{tenant}/policy")
}

fn refused(answer: Answer, status: u16, code: &str) {
    assert_eq!(answer.expect(status).json()["code"], code);
}

fn asks(owner: &mut Browser, tenant: &str, body: &Value) -> Value {
    owner.patch(&policy(tenant), body).expect(200).json()
}

fn told(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let body = answer.json();
    let errors = body["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| (text(&error["path"][0]), text(&error["message"])))
        .collect()
}

/// Everybody proved who they are so long ago, to the database.
#[expect(
    clippy::disallowed_methods,
    reason = "the server under test runs on the clock of the machine"
)]
fn hours_pass(app: &TestApp, person: &str, hours: u32) {
    let then =
        chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()) - chrono::Duration::hours(hours.into());
    let then = then.to_rfc3339_opts(chrono::SecondsFormat::Micros, false);
    let then = if app.is_on_postgres() {
        format!("CAST('{then}' AS timestamptz)")
    } else {
        format!("'{then}'")
    };
    let whose = format!("SELECT id FROM users WHERE email = '{person}@example.com'");
    let set = format!("UPDATE rookery_sessions SET authenticated_at = {then} WHERE user_id IN ({whose})");
    assert!(app.execute(&set) > 0);
}

fn owners_change_a_policy_within_bounds_and_everybody_is_told(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_RATE_LIMITS", "default")]);
    let (mut ada, ada_id) = signed_in(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    let (mut bob, bob_id) = signed_in(&app, "bob");
    join(&app, &tenant, &bob_id, "admin");
    let (mut eve, _) = signed_in(&app, "eve");

    let first = ada.get(&policy(&tenant)).expect(200);
    assert_eq!(first.header("etag"), "\"0\"");
    let first = first.json();
    assert_eq!(
        (&first["passwordMinLength"], &first["updatedAt"]),
        (&json!(8), &Value::Null)
    );
    assert_eq!(first["sessionTimeoutHours"], 720, "a remembered session's 30 days");
    assert_eq!(bob.get(&policy(&tenant)).expect(200).json(), first);
    refused(eve.get(&policy(&tenant)), 404, "TENANT_NOT_FOUND");
    let stricter = json!({ "passwordMinLength": 12, "maxLoginAttempts": 4 });
    refused(bob.patch(&policy(&tenant), &stricter), 403, "FORBIDDEN_ROLE");
    refused(eve.patch(&policy(&tenant), &stricter), 404, "TENANT_NOT_FOUND");
    hours_pass(&app, "ada", 1);
    refused(ada.patch(&policy(&tenant), &stricter), 403, "REAUTHENTICATION_REQUIRED");
    ada.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD }))
        .expect(200);

    let weak = json!({ "passwordMinLength": 7, "sessionTimeoutHours": 0, "maxLoginAttempts": 6 });
    let expected = [
        ("passwordMinLength", "Minimum password length must be at least 8"),
        ("sessionTimeoutHours", "Session timeout must be at least 1 hour"),
        ("maxLoginAttempts", "Maximum login attempts must be at most 5"),
    ];
    let expected = expected.map(|(path, message)| (path.to_owned(), message.to_owned()));
    assert_eq!(told(&ada.patch(&policy(&tenant), &weak).expect(400)), expected);
    let impossible = json!({ "passwordMinLength": 257 });
    ada.patch(&policy(&tenant), &impossible).expect(400);
    ada.patch(&policy(&tenant), &json!({})).expect(400);
    assert_eq!(
        ada.get(&policy(&tenant)).expect(200).json(),
        first,
        "nothing was changed"
    );

    let changed = asks(&mut ada, &tenant, &stricter);
    assert_eq!(
        (&changed["passwordMinLength"], &changed["maxLoginAttempts"]),
        (&json!(12), &json!(4))
    );
    assert_eq!(bob.get(&policy(&tenant)).expect(200).json(), changed);
    let mail = app.mail("ada@example.com", "policy_changed");
    assert!(
        mail["text"].as_str().unwrap().contains("at least 12 characters"),
        "{mail}"
    );
    let of_bob = app.mails("bob@example.com");
    assert!(
        of_bob.iter().all(|mail| mail["kind"] != "policy_changed"),
        "he owns nothing"
    );
    let events = ada.get(&format!("/api/tenants/{tenant}/audit")).expect(200).json();
    let event = &events["events"][0];
    assert_eq!(
        (&event["action"], &event["userId"]),
        (&json!("tenant.policy_changed"), &json!(ada_id))
    );
    app.stop().unwrap();
}

fn of_changes_of_one_policy_at_once_one_is_made(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    for round in 0..3_u32 {
        let seen = ada.get(&policy(&tenant)).expect(200).header("etag").to_owned();
        let answers: Vec<u16> = thread::scope(|scope| {
            let changes: Vec<_> = (0..6_u32)
                .map(|number| {
                    let mut browser = app.browser();
                    browser.plant_cookie("sid", ada.cookie("sid").unwrap());
                    let (path, seen) = (policy(&tenant), seen.clone());
                    let body = json!({ "passwordMinLength": 10 + 6 * round + number });
                    scope.spawn(move || browser.patch_if(&path, &seen, &body).status)
                })
                .collect();
            changes.into_iter().map(|change| change.join().unwrap()).collect()
        });
        let made = answers.iter().filter(|status| **status == 200).count();
        let late = answers.iter().filter(|status| **status == 412).count();
        assert_eq!((made, late), (1, 5), "{answers:?}");
    }
    app.stop().unwrap();
}

fn a_new_password_fits_every_tenant_and_an_old_one_goes_on(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let (mut bob, bob_id) = signed_in(&app, "bob");
    let (mut eve, _) = signed_in(&app, "eve");
    for (owner, asked) in [
        (&mut ada, json!({ "passwordMinLength": 24 })),
        (&mut eve, json!({ "passwordRequireNumbers": true })),
    ] {
        let tenant = founded(owner, "Engines");
        asks(owner, &tenant, &asked);
        join(&app, &tenant, &bob_id, "member");
    }
    // The password he has is too short by now, and goes on opening his account.
    let mut elsewhere = app.browser();
    let log_in = |browser: &mut Browser, password: &str| {
        let body = json!({ "email": "bob@example.com", "password": password });
        browser.post("/api/auth/login", &body).status
    };
    assert_eq!(log_in(&mut elsewhere, PASSWORD), 200);
    elsewhere.get("/api/users/me").expect(200);

    let change = json!({ "currentPassword": PASSWORD, "newPassword": "another horse" });
    let expected = [
        "Password must be at least 24 characters",
        "Password must contain a number",
    ];
    let expected = expected.map(|message| ("newPassword".to_owned(), message.to_owned()));
    assert_eq!(
        told(&bob.post("/api/users/me/change-password", &change).expect(400)),
        expected
    );
    bob.post("/api/auth/forgot-password", &json!({ "email": "bob@example.com" }))
        .expect(200);
    let mail = app.mail("bob@example.com", "reset_password");
    let reset = |password: &str| json!({ "token": mail["token"], "newPassword": password });
    let answer = bob
        .post("/api/auth/reset-password", &reset("another horse"))
        .expect(400);
    assert_eq!(told(&answer), expected);
    let long = "another 7 horses in the stable";
    bob.post("/api/auth/reset-password", &reset(long)).expect(200);
    assert_eq!(log_in(&mut bob, long), 200);
    app.stop().unwrap();
}

fn shorter_sessions_count_for_those_that_run(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    let (mut bob, bob_id) = signed_in(&app, "bob");
    join(&app, &tenant, &bob_id, "member");
    bob.post("/api/auth/switch-tenant", &json!({ "tenantId": tenant }))
        .expect(200);
    hours_pass(&app, "bob", 3);
    bob.get("/api/auth/session").expect(200);
    asks(&mut ada, &tenant, &json!({ "sessionTimeoutHours": 4 }));
    bob.get("/api/auth/session").expect(200);
    asks(&mut ada, &tenant, &json!({ "sessionTimeoutHours": 2 }));
    refused(bob.get("/api/auth/session"), 401, "AUTHENTICATION_REQUIRED");
    ada.get("/api/auth/session").expect(200);
    app.stop().unwrap();
}

fn fewer_wrong_passwords_count_and_nobody_can_tell_whose_they_are(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_RATE_LIMITS", "default")]);
    let (mut ada, _) = signed_in(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    let (mut bob, bob_id) = signed_in(&app, "bob");
    join(&app, &tenant, &bob_id, "member");
    asks(&mut ada, &tenant, &json!({ "maxLoginAttempts": 3 }));
    let log_in = |browser: &mut Browser, name: &str, password: &str| {
        let body = json!({ "email": format!("{name}@example.com"), "password": password });
        let answer = browser.post("/api/auth/login", &body);
        (answer.status, answer.json()["code"].clone())
    };
    // A slip or two does not matter, and what is right forgets them.
    let mut stranger = app.browser();
    for _ in 0..2 {
        for _ in 0..2 {
            assert_eq!(log_in(&mut app.browser(), "bob", "wrong horse").0, 401);
        }
        assert_eq!(log_in(&mut app.browser(), "bob", PASSWORD).0, 200);
    }
    // After three the right one does not count any more on a device that is not known, and says nothing else than before.
    let mut answers = Vec::new();
    for name in ["bob", "nobody"] {
        let mut heard: Vec<_> = (0..3).map(|_| log_in(&mut stranger, name, "wrong horse")).collect();
        heard.extend((0..3).map(|_| log_in(&mut stranger, name, PASSWORD)));
        answers.push(heard);
    }
    assert_eq!(
        answers[0], answers[1],
        "an address of the tenant and one that nobody has"
    );
    let statuses: Vec<u16> = answers[0].iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    assert_eq!(log_in(&mut bob, "bob", PASSWORD).0, 200, "a known device goes on");
    // The lock that everybody sees writes to him, and its link lets the next one count again.
    let token = app.mail("bob@example.com", "account_locked")["token"].clone();
    stranger
        .post("/api/auth/unlock", &json!({ "token": token }))
        .expect(200);
    assert_eq!(log_in(&mut app.browser(), "bob", PASSWORD).0, 200);
    app.stop().unwrap();
}

fn a_second_factor_is_asked_for_in_time_and_goes_with_the_membership(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_SECOND_FACTOR_GRACE", "2s")]);
    let (mut ada, _) = signed_in(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    let (mut bob, bob_id) = signed_in(&app, "bob");
    join(&app, &tenant, &bob_id, "member");
    super::second_factor::enrol(&mut ada);
    let required_by = |browser: &mut Browser| {
        let session = browser.get("/api/auth/session").expect(200).json();
        session["session"]["secondFactorRequiredBy"].clone()
    };
    assert_eq!(required_by(&mut bob), Value::Null);
    asks(&mut ada, &tenant, &json!({ "twoFactorRequired": true }));
    assert!(
        required_by(&mut bob).is_string(),
        "told at once, in the session that runs"
    );
    assert_eq!(required_by(&mut ada), Value::Null, "she has one");
    let mail = app.mail("bob@example.com", "second_factor_required");
    assert!(mail["text"].as_str().unwrap().contains("Engines"), "{mail}");
    bob.get("/api/auth/sessions").expect(200);
    let code = json!({ "recoveryCode": "AAAA-AAAA-AAAA-AAAA" });
    refused(
        ada.send_delete("/api/users/me/mfa/totp", &code),
        409,
        "SECOND_FACTOR_KEPT",
    );

    thread::sleep(Duration::from_millis(2_200));
    refused(bob.get("/api/auth/sessions"), 403, "SECOND_FACTOR_REQUIRED");
    refused(bob.get("/api/tenants"), 403, "SECOND_FACTOR_REQUIRED");
    bob.get("/api/users/me/mfa").expect(200);
    let mut again = app.browser();
    let log_in = json!({ "email": "bob@example.com", "password": PASSWORD });
    again.post("/api/auth/login", &log_in).expect(200);
    refused(again.get("/api/tenants"), 403, "SECOND_FACTOR_REQUIRED");

    // Who belongs to the tenant no more is asked for nothing, in the sessions they have.
    ada.delete(&format!("/api/tenants/{tenant}/users/{bob_id}")).expect(200);
    for browser in [&mut bob, &mut again] {
        assert_eq!(required_by(browser), Value::Null);
        browser.get("/api/auth/sessions").expect(200);
    }
    // Who joins has their own time, and who sets one up is free.
    join(&app, &tenant, &bob_id, "member");
    bob.get("/api/auth/sessions").expect(403);
    super::second_factor::enrol(&mut bob);
    bob.get("/api/auth/sessions").expect(200);
    app.stop().unwrap();
}
