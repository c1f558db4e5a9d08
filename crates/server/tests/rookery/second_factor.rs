//! The second factor, told from setting it up to taking it away: attacks A06, A22, A53 to A57, A59.

use rookery_crypto::Totp;
use rookery_domain::{Timestamp, TotpSecret, TotpStep};
use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";

on_both_databases!(ada_sets_an_app_up_signs_in_with_it_and_takes_it_away, in_a_file);
on_both_databases!(
    a_pending_second_step_opens_nothing_and_ends_after_five_wrong_codes,
    in_a_file
);
on_both_databases!(wrong_codes_are_counted_across_sign_ins, in_a_file);
on_both_databases!(a_trusted_browser_signs_in_without_it_until_it_is_forgotten, in_a_file);
on_both_databases!(a_thief_who_takes_the_app_away_is_undone_by_mail, in_a_file);
on_both_databases!(a_reset_password_leaves_the_second_factor, in_a_file);
on_both_databases!(a_tenant_that_asks_for_it_gets_it_in_time, in_a_file);
on_both_databases!(one_code_shown_sixteen_times_at_once_opens_one_session, in_a_file);

/// Somebody's phone.
pub(super) struct App {
    secret: TotpSecret,
}

impl App {
    /// Reads the secret off the screen, as a person would type it.
    fn holding(secret: &str) -> Self {
        let bits = secret.bytes().flat_map(|character| {
            let value = match character {
                b'A'..=b'Z' => character - b'A',
                digit => digit - b'2' + 26,
            };
            (0..5).rev().map(move |bit| value >> bit & 1)
        });
        let bits: Vec<u8> = bits.collect();
        let bytes: Vec<u8> = bits
            .chunks(8)
            .map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit))
            .collect();
        Self {
            secret: TotpSecret::from_bytes(bytes.try_into().unwrap()),
        }
    }

    /// What it shows now, or so many steps from now.
    pub(super) fn code(&self, steps: i64) -> String {
        let now = Timestamp::from(std::time::UNIX_EPOCH + std::time::UNIX_EPOCH.elapsed().unwrap());
        let step = TotpStep::from_number(TotpStep::at(now).number() + steps);
        Totp::code(&self.secret, step).unwrap().expose()
    }
}

/// Has every code that was used lie a few steps further back, as if time had passed.
fn let_time_pass(app: &TestApp) {
    assert_eq!(app.execute("UPDATE rookery_factors SET last_step = last_step - 10"), 1);
}

fn log_in(browser: &mut Browser) -> Answer {
    browser.post("/api/auth/login", &json!({ "email": ADA, "password": PASSWORD }))
}

fn second_step(browser: &mut Browser, body: &Value) -> Answer {
    browser.post("/api/auth/login/second-factor", body)
}

/// Ada with a session, and no second factor.
fn ada(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    let wish = json!({ "email": ADA, "password": PASSWORD, "companyName": "Analytical Engines" });
    browser.post("/api/auth/signup", &wish).expect(201);
    let mail = app.mail(ADA, "verify_email");
    browser
        .post("/api/auth/verify-email", &json!({ "token": mail["token"] }))
        .expect(200);
    log_in(&mut browser).expect(200);
    browser
}

/// Sets an app up, and gives it with its recovery codes.
pub(super) fn enrol(browser: &mut Browser) -> (App, Vec<String>) {
    let enrolment = browser.post("/api/users/me/mfa/totp", &json!({})).expect(201).json();
    let phone = App::holding(enrolment["secret"].as_str().unwrap());
    let confirmed = browser
        .post("/api/users/me/mfa/totp/confirm", &json!({ "code": phone.code(0) }))
        .expect(200)
        .json();
    let codes = confirmed["recoveryCodes"].as_array().unwrap();
    let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    (phone, codes)
}

/// Sets an app up in this browser, and gives the recovery codes.
pub(super) fn set_up(browser: &mut Browser) -> Vec<String> {
    enrol(browser).1
}

/// The newest mail about the second factor with these words in its subject.
fn factor_mail(app: &TestApp, words: &str) -> Value {
    for _ in 0..1000 {
        let mails = app.mails(ADA);
        let found = mails.into_iter().find(|mail| {
            mail["kind"] == "second_factor_changed" && mail["subject"].as_str().is_some_and(|text| text.contains(words))
        });
        if let Some(mail) = found {
            return mail;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("no mail about {words}")
}

// Proves: A53
fn ada_sets_an_app_up_signs_in_with_it_and_takes_it_away(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut browser = ada(&app);
    let status = browser.get("/api/users/me/mfa").expect(200).json();
    assert_eq!((&status["enabled"], &status["totp"]), (&json!(false), &Value::Null));

    // She gets a secret in three forms. As long as it is not confirmed, nothing asks for it.
    let enrolment = browser.post("/api/users/me/mfa/totp", &json!({})).expect(201).json();
    let secret = enrolment["secret"].as_str().unwrap();
    assert!(enrolment["uri"].as_str().unwrap().contains(secret));
    assert!(enrolment["qr"].as_str().unwrap().starts_with("<svg"));
    let mut elsewhere = app.browser();
    let begun = log_in(&mut elsewhere).expect(200).json();
    assert_eq!(begun["mfaRequired"], Value::Null, "A59: {begun}");

    // A wrong code confirms nothing, the right one does, and only this session goes on, under a new token.
    let phone = App::holding(secret);
    let confirm = "/api/users/me/mfa/totp/confirm";
    browser.post(confirm, &json!({ "code": "12345" })).expect(400);
    browser.post(confirm, &json!({ "code": 123_456 })).expect(400);
    let before = browser.cookie("sid").unwrap().to_owned();
    let first = phone.code(0);
    let confirmed = browser.post(confirm, &json!({ "code": first })).expect(200).json();
    assert_ne!(browser.cookie("sid").unwrap(), before);
    elsewhere.get("/api/users/me").expect(401);
    let codes: Vec<String> = serde_json::from_value(confirmed["recoveryCodes"].clone()).unwrap();
    assert_eq!(codes.len(), 10);
    let status = browser.get("/api/users/me/mfa").expect(200);
    assert!(!status.text.contains(secret), "A59: {}", status.text);
    assert_eq!(status.json()["recoveryCodesLeft"], 10);
    browser.post(confirm, &json!({ "code": phone.code(1) })).expect(404);
    let again = browser.post("/api/users/me/mfa/totp", &json!({})).expect(409).json();
    assert_eq!(again["code"], "SECOND_FACTOR_EXISTS");

    // She signs out and in, in two steps. The code she confirmed with is used up.
    browser.post("/api/auth/logout", &json!({})).expect(200);
    let begun = log_in(&mut browser).expect(200).json();
    let expected = json!({ "success": true, "mfaRequired": true, "methods": ["totp", "recovery_code"] });
    assert_eq!(begun, expected);
    assert!(browser.cookie("sid").is_none());
    let replayed = second_step(&mut browser, &json!({ "code": first })).expect(401).json();
    assert_eq!(replayed["code"], "INVALID_SECOND_FACTOR", "A53");
    let spaced = format!(" {} {}", &first[..3], &first[3..]);
    second_step(&mut browser, &json!({ "code": spaced })).expect(401);
    let next = phone.code(1);
    let signed_in = second_step(&mut browser, &json!({ "code": next })).expect(200).json();
    assert_eq!(signed_in["user"]["email"], ADA);
    assert!(browser.cookie("mfa").is_none(), "the challenge is over");
    let session = browser.get("/api/auth/session").expect(200).json();
    assert_eq!(session["session"]["methods"], json!(["password", "totp"]));

    // A recovery code signs in once, however it is typed, and few of them are worth a mail.
    let mut phone_browser = app.browser();
    for (at, code) in codes.iter().take(7).enumerate() {
        log_in(&mut phone_browser).expect(200);
        let typed = code.to_lowercase().replace('-', if at % 2 == 0 { "" } else { " " });
        second_step(&mut phone_browser, &json!({ "recoveryCode": typed })).expect(200);
        log_in(&mut phone_browser).expect(200);
        second_step(&mut phone_browser, &json!({ "recoveryCode": code })).expect(401);
        if at < 6 {
            assert!(app.mails(ADA).iter().all(|mail| mail["kind"] != "recovery_codes_low"));
        }
    }
    app.mail(ADA, "recovery_codes_low");

    // New codes void the old ones.
    let renewed = browser
        .post("/api/users/me/mfa/recovery-codes", &json!({}))
        .expect(200)
        .json();
    log_in(&mut phone_browser).expect(200);
    second_step(&mut phone_browser, &json!({ "recoveryCode": codes[8] })).expect(401);
    let fresh = renewed["recoveryCodes"][0].as_str().unwrap();
    second_step(&mut phone_browser, &json!({ "recoveryCode": fresh })).expect(200);

    // A code also proves again who she is, once, and takes the app away.
    let_time_pass(&app);
    let code = phone.code(0);
    let reauthenticate = "/api/auth/reauthenticate";
    browser.post(reauthenticate, &json!({ "code": code })).expect(200);
    browser.post(reauthenticate, &json!({ "code": code })).expect(403);
    browser
        .post(reauthenticate, &json!({ "code": code, "password": PASSWORD }))
        .expect(400);
    let remove = "/api/users/me/mfa/totp";
    browser.send_delete(remove, &json!({ "code": code })).expect(403);
    browser.send_delete(remove, &json!({})).expect(400);
    browser
        .send_delete(remove, &json!({ "code": phone.code(1) }))
        .expect(200);
    phone_browser.get("/api/users/me").expect(401);
    let begun = log_in(&mut phone_browser).expect(200).json();
    assert_eq!(begun["user"]["email"], ADA, "the password is enough again");
    factor_mail(&app, "is on");
    factor_mail(&app, "is off");
    factor_mail(&app, "recovery codes");
    app.stop().unwrap();
}

// Proves: A54, A57
fn a_pending_second_step_opens_nothing_and_ends_after_five_wrong_codes(database: TestDatabase) {
    let app = TestApp::on(database);
    let (phone, codes) = enrol(&mut ada(&app));
    let mut browser = app.browser();
    let missing = second_step(&mut browser, &json!({ "code": phone.code(1) }))
        .expect(401)
        .json();
    assert_eq!(missing["code"], "CHALLENGE_EXPIRED");
    log_in(&mut browser).expect(200);
    for path in [
        "/api/auth/session",
        "/api/auth/sessions",
        "/api/users/me",
        "/api/users/me/mfa",
        "/api/users/me/activity",
    ] {
        browser.get(path).expect(401);
    }
    let nothing = json!({});
    for path in [
        "/api/users/me/mfa/totp",
        "/api/users/me/mfa/recovery-codes",
        "/api/auth/sessions/revoke-others",
    ] {
        browser.post(path, &nothing).expect(401);
    }
    // The challenge's token is no session's, wherever it is shown.
    let token = browser.cookie("mfa").unwrap().to_owned();
    let mut sly = app.browser();
    sly.plant_cookie("sid", &token);
    sly.get("/api/users/me").expect(401);

    // What is no code at all costs no attempt.
    for bad in [
        json!({}),
        json!({ "code": null }),
        json!({ "code": 123_456 }),
        json!({ "code": "12345" }),
        json!({ "code": "1234567" }),
        json!({ "code": "12345\u{0}" }),
        json!({ "code": "abcdef" }),
        json!({ "code": "1".repeat(10_000) }),
        json!({ "code": ["123456"] }),
        json!({ "recoveryCode": "short" }),
        json!({ "code": "123456", "recoveryCode": codes[0] }),
        json!({ "code": "123456", "trustDevice": "yes" }),
    ] {
        second_step(&mut browser, &bad).expect(400);
    }
    let right = phone.code(1);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        let refused = second_step(&mut browser, &json!({ "code": wrong })).expect(401).json();
        assert_eq!(refused["code"], "INVALID_SECOND_FACTOR");
    }
    let refused = second_step(&mut browser, &json!({ "code": wrong })).expect(401).json();
    assert_eq!(refused["code"], "CHALLENGE_EXPIRED", "A54");
    browser.plant_cookie("mfa", &token);
    second_step(&mut browser, &json!({ "code": right })).expect(401);
    log_in(&mut browser).expect(200);
    second_step(&mut browser, &json!({ "code": right })).expect(200);
}

fn wrong_codes_are_counted_across_sign_ins(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_RATE_LIMITS", "default")]);
    let mut known = ada(&app);
    // The thief knew the password before there was a second factor, and has signed in with it.
    let mut early = app.browser();
    log_in(&mut early).expect(200);
    let (phone, codes) = enrol(&mut known);
    let right = phone.code(1);
    let wrong = json!({ "code": if right == "000000" { "000001" } else { "000000" } });
    let mut thief = app.browser();
    for _ in 0..2 {
        log_in(&mut thief).expect(200);
        for _ in 0..5 {
            second_step(&mut thief, &wrong).expect(401);
        }
    }
    log_in(&mut thief).expect(200);
    let refused = second_step(&mut thief, &json!({ "recoveryCode": codes[0] })).expect(429);
    assert_eq!(refused.json()["code"], "RATE_LIMIT_EXCEEDED", "A54");
    assert!(!refused.header("Retry-After").is_empty());
    log_in(&mut early).expect(200);
    second_step(&mut early, &wrong).expect(429);
    // The browser in which Ada has shown a code has its own count.
    known.post("/api/auth/logout", &json!({})).expect(200);
    log_in(&mut known).expect(200);
    second_step(&mut known, &json!({ "code": right })).expect(200);
}

fn a_trusted_browser_signs_in_without_it_until_it_is_forgotten(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut browser = ada(&app);
    let (phone, codes) = enrol(&mut browser);
    browser.post("/api/auth/logout", &json!({})).expect(200);
    log_in(&mut browser).expect(200);
    let trusting = json!({ "code": phone.code(1), "trustDevice": true });
    second_step(&mut browser, &trusting).expect(200);
    browser.post("/api/auth/logout", &json!({})).expect(200);
    let begun = log_in(&mut browser).expect(200).json();
    assert_eq!(begun["user"]["email"], ADA);
    let session = browser.get("/api/auth/session").expect(200).json();
    assert_eq!(session["session"]["methods"], json!(["password"]));
    let mut elsewhere = app.browser();
    assert_eq!(log_in(&mut elsewhere).expect(200).json()["mfaRequired"], true);

    // It is listed, and forgotten by name.
    let status = browser.get("/api/users/me/mfa").expect(200).json();
    let devices = status["trustedDevices"].as_array().unwrap();
    assert_eq!(devices.len(), 1);
    let id = devices[0]["id"].as_str().unwrap();
    let path = format!("/api/users/me/mfa/trusted-devices/{id}");
    browser.delete(&path).expect(200);
    browser.delete(&path).expect(404);
    browser.delete("/api/users/me/mfa/trusted-devices/nothing").expect(404);
    browser.delete("/api/users/me/mfa/trusted-devices").expect(200);
    assert_eq!(log_in(&mut browser).expect(200).json()["mfaRequired"], true);

    // Trust dies with the password.
    let trusting = json!({ "recoveryCode": codes[0], "trustDevice": true });
    second_step(&mut browser, &trusting).expect(200);
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "another horse entirely" });
    browser.post("/api/users/me/change-password", &change).expect(200);
    let status = browser.get("/api/users/me/mfa").expect(200).json();
    assert_eq!(status["trustedDevices"], json!([]));
    let again = json!({ "email": ADA, "password": "another horse entirely" });
    let begun = browser.post("/api/auth/login", &again).expect(200).json();
    assert_eq!(begun["mfaRequired"], true);
}

fn a_thief_who_takes_the_app_away_is_undone_by_mail(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut thief = ada(&app);
    let (phone, codes) = enrol(&mut thief);
    let remove = json!({ "recoveryCode": codes[0] });
    thief.send_delete("/api/users/me/mfa/totp", &remove).expect(200);
    let mail = factor_mail(&app, "is off");
    assert!(mail["link"].as_str().unwrap().contains("/undo?token=und_"), "{mail}");

    let mut owner = app.browser();
    owner
        .post("/api/auth/undo", &json!({ "token": mail["token"] }))
        .expect(200);
    thief.get("/api/users/me").expect(401);
    let reset = app.mail(ADA, "change_undone");
    let new = json!({ "token": reset["token"], "newPassword": "nobody else's horse" });
    owner.post("/api/auth/reset-password", &new).expect(200);
    let again = json!({ "email": ADA, "password": "nobody else's horse" });
    let begun = owner.post("/api/auth/login", &again).expect(200).json();
    assert_eq!(begun["mfaRequired"], true, "the app is back");
    second_step(&mut owner, &json!({ "recoveryCode": codes[0] })).expect(401);
    second_step(&mut owner, &json!({ "code": phone.code(1) })).expect(200);
}

// Proves: A06, ASVS 6.4.3
fn a_reset_password_leaves_the_second_factor(database: TestDatabase) {
    let app = TestApp::on(database);
    let (phone, _) = enrol(&mut ada(&app));
    let mut browser = app.browser();
    browser
        .post("/api/auth/forgot-password", &json!({ "email": ADA }))
        .expect(200);
    let mail = app.mail(ADA, "reset_password");
    let new = json!({ "token": mail["token"], "newPassword": "another horse entirely" });
    browser.post("/api/auth/reset-password", &new).expect(200);
    let again = json!({ "email": ADA, "password": "another horse entirely" });
    let begun = browser.post("/api/auth/login", &again).expect(200).json();
    assert_eq!(begun["mfaRequired"], true, "A06");
    second_step(&mut browser, &json!({ "code": phone.code(1) })).expect(200);
    let status = browser.get("/api/users/me/mfa").expect(200).json();
    assert_eq!(status["recoveryCodesLeft"], 10);
}

// Proves: ASVS 6.3.3
fn a_tenant_that_asks_for_it_gets_it_in_time(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_SECOND_FACTOR_GRACE", "1s")]);
    let mut browser = ada(&app);
    browser.get("/api/auth/sessions").expect(200);
    let asked = app.execute(
        "INSERT INTO tenant_policies (tenant_id, two_factor_required, created, updated) \
         SELECT id, true, '2025-01-01T00:00:00+00:00', '2025-01-01T00:00:00+00:00' FROM tenants",
    );
    assert_eq!(asked, 1);
    std::thread::sleep(std::time::Duration::from_millis(1_100));

    // Every session opens nothing but what leads to a second factor, and the way out: one that runs, and the next.
    browser.get("/api/auth/sessions").expect(403);
    log_in(&mut browser).expect(200);
    let session = browser.get("/api/auth/session").expect(200).json();
    assert!(session["session"]["secondFactorRequiredBy"].is_string(), "{session}");
    browser.get("/api/users/me").expect(200);
    let status = browser.get("/api/users/me/mfa").expect(200).json();
    assert!(status["requiredBy"].is_string());
    for path in ["/api/auth/sessions", "/api/users/me/activity"] {
        let refused = browser.get(path).expect(403).json();
        assert_eq!(refused["code"], "SECOND_FACTOR_REQUIRED");
    }
    browser.patch("/api/users/me", &json!({ "theme": "dark" })).expect(403);
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "another horse entirely" });
    browser.post("/api/users/me/change-password", &change).expect(403);
    browser
        .post("/api/auth/reauthenticate", &json!({ "password": PASSWORD }))
        .expect(200);

    let (phone, codes) = enrol(&mut browser);
    browser.get("/api/auth/sessions").expect(200);
    let session = browser.get("/api/auth/session").expect(200).json();
    assert_eq!(session["session"]["secondFactorRequiredBy"], Value::Null);
    let mut elsewhere = app.browser();
    log_in(&mut elsewhere).expect(200);
    second_step(&mut elsewhere, &json!({ "code": phone.code(1) })).expect(200);
    elsewhere.get("/api/auth/sessions").expect(200);

    // It stays while the tenant asks for it, and can be taken away when it does not any more.
    let remove = json!({ "recoveryCode": codes[0] });
    let kept = elsewhere
        .send_delete("/api/users/me/mfa/totp", &remove)
        .expect(409)
        .json();
    assert_eq!(kept["code"], "SECOND_FACTOR_KEPT");
    app.execute("DELETE FROM tenant_policies");
    elsewhere.send_delete("/api/users/me/mfa/totp", &remove).expect(200);
    elsewhere.get("/api/auth/sessions").expect(200);
}

fn one_code_shown_sixteen_times_at_once_opens_one_session(database: TestDatabase) {
    let app = TestApp::on(database);
    let (phone, codes) = enrol(&mut ada(&app));
    for proof in [json!({ "code": phone.code(1) }), json!({ "recoveryCode": codes[4] })] {
        let browsers: Vec<Browser> = (0..16)
            .map(|_| {
                let mut browser = app.browser();
                assert_eq!(log_in(&mut browser).expect(200).json()["mfaRequired"], true);
                browser
            })
            .collect();
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let shown: Vec<_> = browsers
                .into_iter()
                .map(|mut browser| {
                    let proof = &proof;
                    scope.spawn(move || second_step(&mut browser, proof).status)
                })
                .collect();
            shown.into_iter().map(|shown| shown.join().unwrap()).collect()
        });
        let opened = answers.iter().filter(|status| **status == 200).count();
        let refused = answers.iter().filter(|status| **status == 401).count();
        assert_eq!((opened, refused), (1, 15), "A53, A55: {answers:?}");
    }
}
