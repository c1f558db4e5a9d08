//! Somebody who knows Ada's password takes her account, and she takes it back with one link: ATTACKS A05, A12, A74.

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const NEW: &str = "ada@lovelace.example";
const THIEF: &str = "eve@thief.example";
const OTHER: &str = "eve@other.example";
const PASSWORD: &str = "correct horse battery";
const THIEF_S: &str = "mine all mine horses";
const NEXT: &str = "three horses and a battery";

on_both_databases!(ada_changes_her_address_and_everything_follows);
on_both_databases!(a_change_of_address_that_is_called_off_or_refused_changes_nothing);
on_both_databases!(a_thief_takes_the_account_and_ada_takes_it_back_with_the_link_of_the_first_mail);
on_both_databases!(somebody_who_asks_for_a_taken_address_learns_nothing_where_sign_up_tells_nothing);

fn sign_up(app: &TestApp, email: &str) -> Browser {
    let mut browser = app.browser();
    let wish = json!({ "email": email, "password": PASSWORD });
    browser.post("/api/auth/signup", &wish).expect(201);
    let token = app.mail(email, "verify_email")["token"].clone();
    browser
        .post("/api/auth/verify-email", &json!({ "token": token }))
        .expect(200);
    log_in(&mut browser, email, PASSWORD).expect(200);
    browser
}

fn log_in(browser: &mut Browser, email: &str, password: &str) -> Answer {
    browser.post("/api/auth/login", &json!({ "email": email, "password": password }))
}

fn change_email(browser: &mut Browser, to: &str, password: &str) -> Answer {
    let wish = json!({ "newEmail": to, "password": password });
    browser.post("/api/users/me/change-email", &wish)
}

fn confirm(browser: &mut Browser, token: &Value) -> Answer {
    browser.post("/api/auth/confirm-email", &json!({ "token": token }))
}

fn undo(browser: &mut Browser, token: &Value) -> Answer {
    browser.post("/api/auth/undo", &json!({ "token": token }))
}

fn me(browser: &mut Browser) -> Value {
    browser.get("/api/users/me").expect(200).json()
}

/// Follows the link of a mail as a scanner of mails does: it looks, more than once, and changes nothing.
fn scan(app: &TestApp, mail: &Value, page: &str) {
    let link = mail["link"].as_str().unwrap();
    for _ in 0..3 {
        let page = app.browser().get(&link[link.find(page).unwrap()..]).expect(200);
        assert!(page.text.contains("<form"), "a button posts");
    }
}

/// What an app with this secret shows now (RFC 6238).
fn code_of(secret: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut key = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in secret.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter).unwrap();
        held = (held << 5) | u32::try_from(value).unwrap();
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from((held >> bits) & 0xff).unwrap());
            held &= (1 << bits) - 1;
        }
    }
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let mac = ring::hmac::sign(&key, &(now / 30).to_be_bytes());
    let mac = mac.as_ref();
    let at = usize::from(mac[mac.len() - 1] & 15);
    let number = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

// Proves: A12
fn ada_changes_her_address_and_everything_follows(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut browser = sign_up(&app, ADA);
    let mut phone = app.browser();
    log_in(&mut phone, ADA, PASSWORD).expect(200);
    phone
        .post("/api/auth/forgot-password", &json!({ "email": ADA }))
        .expect(200);
    let reset = app.mail(ADA, "reset_password");
    assert_eq!(me(&mut browser)["pendingEmail"], Value::Null);

    // She asks; both mailboxes hear of it, and nothing has changed yet.
    change_email(&mut browser, NEW, PASSWORD).expect(200);
    let mail = app.mail(NEW, "confirm_new_email");
    let notice = app.mail(ADA, "email_change_requested");
    assert!(notice["text"].as_str().unwrap().contains(NEW));
    let waiting = me(&mut phone);
    assert_eq!(
        (&waiting["email"], &waiting["pendingEmail"]),
        (&json!(ADA), &json!(NEW))
    );
    phone
        .post("/api/auth/forgot-password", &json!({ "email": NEW }))
        .expect(200);
    log_in(&mut app.browser(), NEW, PASSWORD).expect(401);

    // She confirms from somewhere else. The session that asked goes on, the other ends, what was mailed before is dead.
    scan(&app, &mail, "/confirm-email");
    let confirmed = confirm(&mut app.browser(), &mail["token"]).expect(200);
    assert_eq!(confirmed.json()["data"], json!({ "email": NEW }));
    let again = confirm(&mut app.browser(), &mail["token"]).expect(400).json();
    assert_eq!(again["code"], "INVALID_OR_EXPIRED_TOKEN");
    let moved = me(&mut browser);
    assert_eq!((&moved["email"], &moved["pendingEmail"]), (&json!(NEW), &Value::Null));
    assert_eq!(moved["emailVerified"], true);
    phone.get("/api/users/me").expect(401);
    let set = json!({ "token": reset["token"], "newPassword": NEXT });
    phone.post("/api/auth/reset-password", &set).expect(400);
    log_in(&mut phone, ADA, PASSWORD).expect(401);
    log_in(&mut phone, NEW, PASSWORD).expect(200);
    app.mail(NEW, "new_email_confirmed");
    assert!(
        app.mails(NEW).iter().all(|mail| mail["kind"] != "reset_password"),
        "nobody recovers by an address that waits"
    );

    // Only the old mailbox has a way back, and the old address is kept for as long.
    assert_eq!(app.mail(ADA, "email_changed")["token"].as_str().unwrap()[..4], *"und_");
    assert!(
        app.mails(NEW)
            .iter()
            .all(|mail| !mail["text"].as_str().unwrap().contains("und_"))
    );
    let wish = json!({ "email": ADA, "password": PASSWORD });
    app.browser().post("/api/auth/signup", &wish).expect(409);
    change_email(&mut browser, ADA, PASSWORD).expect(200);
    let mail = app.mail(ADA, "confirm_new_email");
    confirm(&mut browser, &mail["token"]).expect(200);
    assert_eq!(me(&mut browser)["email"], ADA, "it is hers to go back to");
}

fn a_change_of_address_that_is_called_off_or_refused_changes_nothing(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut browser = sign_up(&app, ADA);
    sign_up(&app, OTHER);

    app.browser()
        .post(
            "/api/users/me/change-email",
            &json!({ "newEmail": NEW, "password": PASSWORD }),
        )
        .expect(401);
    let same = change_email(&mut browser, "ADA@Example.com", "not it at all")
        .expect(400)
        .json();
    assert_eq!(same["errors"][0]["message"], "New email must be different");
    let wrong = change_email(&mut browser, OTHER, "not it at all").expect(403).json();
    assert_eq!(wrong["code"], "INVALID_CURRENT_PASSWORD");
    let taken = change_email(&mut browser, OTHER, PASSWORD).expect(409).json();
    assert_eq!(taken["code"], "EMAIL_ALREADY_EXISTS");
    assert_eq!(me(&mut browser)["pendingEmail"], Value::Null);

    // The newer wish counts, and once it is called off, none does.
    change_email(&mut browser, "ada@typo.example", PASSWORD).expect(200);
    let older = app.mail("ada@typo.example", "confirm_new_email");
    change_email(&mut browser, NEW, PASSWORD).expect(200);
    let newer = app.mail(NEW, "confirm_new_email");
    confirm(&mut browser, &older["token"]).expect(400);
    for _ in 0..2 {
        browser.delete("/api/users/me/change-email").expect(200);
    }
    confirm(&mut browser, &newer["token"]).expect(400);
    let stayed = me(&mut browser);
    assert_eq!((&stayed["email"], &stayed["pendingEmail"]), (&json!(ADA), &Value::Null));

    // An address that somebody takes meanwhile stays theirs.
    change_email(&mut browser, THIEF, PASSWORD).expect(200);
    let mail = app.mail(THIEF, "confirm_new_email");
    sign_up(&app, THIEF);
    confirm(&mut browser, &mail["token"]).expect(409);
    assert_eq!(me(&mut browser)["email"], ADA);
}

// Proves: A12
fn a_thief_takes_the_account_and_ada_takes_it_back_with_the_link_of_the_first_mail(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut ada = sign_up(&app, ADA);
    let mut thief = app.browser();

    // The thief moves the account away, twice, and locks it with a password and an app of his own.
    log_in(&mut thief, ADA, PASSWORD).expect(200);
    change_email(&mut thief, THIEF, PASSWORD).expect(200);
    confirm(&mut thief, &app.mail(THIEF, "confirm_new_email")["token"]).expect(200);
    let first = app.mail(ADA, "email_changed");
    let change = json!({ "currentPassword": PASSWORD, "newPassword": THIEF_S });
    thief.post("/api/users/me/change-password", &change).expect(200);
    let his_ways_back = app.mail(THIEF, "password_changed");
    let enrolled = thief.post("/api/users/me/mfa/totp", &json!({})).expect(201).json();
    let code = code_of(enrolled["secret"].as_str().unwrap());
    thief
        .post("/api/users/me/mfa/totp/confirm", &json!({ "code": code }))
        .expect(200);
    change_email(&mut thief, OTHER, THIEF_S).expect(200);
    confirm(&mut thief, &app.mail(OTHER, "confirm_new_email")["token"]).expect(200);
    let his_last = app.mail(THIEF, "email_changed");
    assert_eq!(me(&mut thief)["email"], OTHER);

    // Ada is out, nothing she knows lets her in, and nobody else can have her address either.
    ada.get("/api/users/me").expect(401);
    log_in(&mut ada, ADA, PASSWORD).expect(401);
    let wish = json!({ "email": ADA, "password": THIEF_S });
    thief.post("/api/auth/signup", &wish).expect(409);

    // Her mail program looks at the link first. Then she presses the button.
    scan(&app, &first, "/undo");
    let undone = undo(&mut ada, &first["token"]).expect(200).json();
    assert_eq!(undone["success"], true);
    undo(&mut ada, &first["token"]).expect(400);

    // The thief is out, with everything he had.
    thief.get("/api/users/me").expect(401);
    for email in [ADA, THIEF, OTHER] {
        for password in [PASSWORD, THIEF_S] {
            log_in(&mut thief, email, password).expect(401);
        }
    }
    for his in [&his_ways_back, &his_last] {
        let refused = undo(&mut thief, &his["token"]).expect(400).json();
        assert_eq!(refused["code"], "INVALID_OR_EXPIRED_TOKEN");
    }
    for email in [THIEF, OTHER] {
        thief
            .post("/api/auth/forgot-password", &json!({ "email": email }))
            .expect(200);
    }

    // The mail to her own address leads to a password of her own, and no second factor stands in her way.
    let mail = app.mail(ADA, "change_undone");
    let set = json!({ "token": mail["token"], "newPassword": NEXT });
    ada.post("/api/auth/reset-password", &set).expect(200);
    let logged_in = log_in(&mut ada, ADA, NEXT).expect(200).json();
    assert_eq!(logged_in["user"]["email"], ADA);
    let hers = me(&mut ada);
    assert_eq!((&hers["email"], &hers["emailVerified"]), (&json!(ADA), &json!(true)));
    for email in [THIEF, OTHER] {
        assert!(app.mails(email).iter().all(|mail| mail["kind"] != "reset_password"));
    }
    app.stop().unwrap();
}

fn somebody_who_asks_for_a_taken_address_learns_nothing_where_sign_up_tells_nothing(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_SIGNUP_CONFLICT", "neutral")]);
    let sign_up = |email: &str| {
        let mut browser = app.browser();
        let wish = json!({ "email": email, "password": PASSWORD });
        browser.post("/api/auth/signup", &wish).expect(202);
        app.mail(email, "verify_email");
        log_in(&mut browser, email, PASSWORD).expect(200);
        browser
    };
    let (mut eve, _ada) = (sign_up(THIEF), sign_up(ADA));

    let taken = change_email(&mut eve, ADA, PASSWORD).expect(200);
    assert_eq!(me(&mut eve)["pendingEmail"], ADA);
    let free = change_email(&mut eve, OTHER, PASSWORD).expect(200);
    assert_eq!(taken.text, free.text);
    app.mail(OTHER, "confirm_new_email");
    app.mail(ADA, "already_registered");
    assert!(app.mails(ADA).iter().all(|mail| mail["kind"] != "confirm_new_email"));
}
