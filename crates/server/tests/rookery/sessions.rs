//! Somebody with several devices, and what they do about the one they have lost: attacks A20, A22, A23, A43, A63 and A82.

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";
const LAPTOP: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
     Version/18.6 Mobile/15E148 Safari/604.1";
const OFFICE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 \
     Safari/537.36 Edg/141.0.0.0";
/// The proofs of who somebody is, made this much older.
const ELEVEN_MINUTES_AGO: [&str; 2] = [
    "UPDATE rookery_sessions SET authenticated_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', authenticated_at, '-11 minutes')",
    "UPDATE rookery_sessions SET authenticated_at = authenticated_at - interval '11 minutes'",
];

on_both_databases!(ada_ends_the_session_on_a_lost_phone_and_then_all_others, in_a_file);
on_both_databases!(what_is_sensitive_asks_again_after_ten_minutes, in_a_file);
on_both_databases!(nobody_sees_or_ends_what_is_somebody_else_s);
on_both_databases!(a_new_token_comes_with_every_sign_in_proof_and_password);
on_both_databases!(the_fifty_first_device_signs_the_first_one_out);
on_both_databases!(
    a_session_that_requests_race_to_use_while_it_ends_is_dead_afterwards,
    in_a_file
);
on_both_databases!(tokens_have_no_structure_that_shows_in_48_of_them);

fn sign_up(app: &TestApp, email: &str) {
    let wish = json!({ "email": email, "password": PASSWORD });
    app.browser().post("/api/auth/signup", &wish).expect(201);
}

/// Signs in with a browser that calls itself so.
fn sign_in(app: &TestApp, email: &str, user_agent: &'static str) -> Browser {
    let mut browser = app.browser().calling_itself(user_agent);
    let wish = json!({ "email": email, "password": PASSWORD });
    browser.post("/api/auth/login", &wish).expect(200);
    browser
}

fn reauthenticate(browser: &mut Browser, password: &str) -> Answer {
    browser.post("/api/auth/reauthenticate", &json!({ "password": password }))
}

fn listed(browser: &mut Browser) -> Vec<Value> {
    let list = browser.get("/api/auth/sessions").expect(200).json();
    list["sessions"].as_array().unwrap().clone()
}

fn words(list: &[Value]) -> Vec<&str> {
    list.iter()
        .map(|session| session["device"]["words"].as_str().unwrap())
        .collect()
}

/// The session of the device with these words.
fn session_on<'a>(list: &'a [Value], words: &str) -> &'a Value {
    list.iter().find(|session| session["device"]["words"] == words).unwrap()
}

fn end(browser: &mut Browser, session: &Value) -> Answer {
    browser.delete(&format!("/api/auth/sessions/{}", session["id"].as_str().unwrap()))
}

fn is_in(browser: &mut Browser) -> bool {
    let answer = browser.get("/api/users/me");
    assert!([200, 401].contains(&answer.status), "{}", answer.text);
    answer.status == 200
}

// Proves: ASVS 7.5.2
fn ada_ends_the_session_on_a_lost_phone_and_then_all_others(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA);
    let mut laptop = sign_in(&app, ADA, LAPTOP);
    let mut phone = sign_in(&app, ADA, PHONE);
    let mut office = sign_in(&app, ADA, OFFICE);

    let list = listed(&mut laptop);
    assert_eq!(words(&list), ["Edge on Windows", "Safari on iOS", "Firefox on Linux"]);
    let mine = session_on(&list, "Firefox on Linux");
    assert_eq!(
        (
            &mine["current"],
            &mine["address"],
            &mine["methods"],
            &mine["device"]["kind"]
        ),
        (
            &json!(true),
            &json!("127.0.0.1"),
            &json!(["password"]),
            &json!("computer")
        )
    );
    assert_eq!(list.iter().filter(|session| session["current"] == true).count(), 1);
    let checked = laptop.get("/api/auth/session").expect(200).json();
    assert_eq!(
        (&checked["session"]["id"], &checked["session"]["fresh"]),
        (&mine["id"], &json!(true))
    );

    // The phone is lost. Its session ends with its next request; the others go on.
    let phones = session_on(&list, "Safari on iOS");
    let ended = end(&mut laptop, phones).expect(200).json();
    assert_eq!(ended, json!({ "success": true, "message": "Session has been ended." }));
    assert!(!is_in(&mut phone) && is_in(&mut laptop) && is_in(&mut office));
    let again = end(&mut laptop, phones).expect(404).json();
    assert_eq!(again["code"], "SESSION_NOT_FOUND");
    assert_eq!(words(&listed(&mut office)), ["Edge on Windows", "Firefox on Linux"]);

    // Everything else, too.
    let others = laptop.post("/api/auth/sessions/revoke-others", &json!({})).expect(200);
    assert_eq!(others.json(), json!({ "success": true, "ended": 1 }));
    assert!(!is_in(&mut office) && is_in(&mut laptop));
    let none_left = laptop.post("/api/auth/sessions/revoke-others", &json!({})).expect(200);
    assert_eq!(none_left.json(), json!({ "success": true, "ended": 0 }));

    // Her own one is a log-out, which needs no fresh proof.
    let list = listed(&mut laptop);
    assert_eq!(words(&list), ["Firefox on Linux"]);
    make_proofs_old(&app);
    let cookie = laptop.cookie("sid").unwrap().to_owned();
    end(&mut laptop, &list[0]).expect(200);
    assert!(laptop.cookie("sid").is_none());
    let mut thief = app.browser();
    thief.plant_cookie("sid", &cookie);
    assert!(!is_in(&mut thief));
    app.stop().unwrap();
}

/// As if eleven minutes had gone by since anybody proved who they are.
fn make_proofs_old(app: &TestApp) {
    let sql = ELEVEN_MINUTES_AGO[usize::from(app.is_on_postgres())];
    assert!(app.execute(sql) > 0);
}

// Proves: ASVS 7.5.1
fn what_is_sensitive_asks_again_after_ten_minutes(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA);
    let mut laptop = sign_in(&app, ADA, LAPTOP);
    let mut phone = sign_in(&app, ADA, PHONE);
    let lost = session_on(&listed(&mut laptop), "Safari on iOS").clone();
    make_proofs_old(&app);

    let checked = laptop.get("/api/auth/session").expect(200).json();
    assert_eq!(checked["session"]["fresh"], false);
    let stale = end(&mut laptop, &lost).expect(403).json();
    assert_eq!(stale["code"], "REAUTHENTICATION_REQUIRED");
    let stale = laptop
        .post("/api/auth/sessions/revoke-others", &json!({}))
        .expect(403)
        .json();
    assert_eq!(stale["code"], "REAUTHENTICATION_REQUIRED");
    assert!(is_in(&mut phone), "nothing has ended");

    let wrong = reauthenticate(&mut laptop, "not it at all").expect(403).json();
    assert_eq!(wrong["code"], "INVALID_PROOF");
    end(&mut laptop, &lost).expect(403);

    let before = laptop.cookie("sid").unwrap().to_owned();
    let proved = reauthenticate(&mut laptop, PASSWORD).expect(200).json();
    assert_eq!(proved, json!({ "success": true }));
    let after = laptop.get("/api/auth/session").expect(200).json();
    assert_eq!(
        (
            &after["session"]["fresh"],
            &after["session"]["id"],
            &after["session"]["expiresAt"]
        ),
        (
            &json!(true),
            &checked["session"]["id"],
            &checked["session"]["expiresAt"]
        )
    );
    let mut thief = app.browser();
    thief.plant_cookie("sid", &before);
    assert!(!is_in(&mut thief), "the token from before is worth nothing");
    end(&mut laptop, &lost).expect(200);
    assert!(!is_in(&mut phone));
    app.stop().unwrap();
}

// Proves: A63, ASVS 7.5.2, 8.2.2
fn nobody_sees_or_ends_what_is_somebody_else_s(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA);
    sign_up(&app, "eve@example.com");
    let mut ada = sign_in(&app, ADA, LAPTOP);
    let mut eve = sign_in(&app, "eve@example.com", PHONE);
    let hers = listed(&mut ada)[0].clone();
    assert_eq!(words(&listed(&mut eve)), ["Safari on iOS"]);

    let anonymous = |answer: Answer| {
        let mut body = answer.expect(404).json();
        body["requestId"] = Value::Null;
        body
    };
    let foreign = anonymous(end(&mut eve, &hers));
    let unknown = anonymous(eve.delete("/api/auth/sessions/0199d2f0-7c00-7000-8000-000000000002"));
    let malformed = anonymous(eve.delete("/api/auth/sessions/all"));
    assert_eq!((&foreign, &foreign), (&unknown, &malformed));
    let others = eve.post("/api/auth/sessions/revoke-others", &json!({})).expect(200);
    assert_eq!(others.json()["ended"], 0);
    assert!(is_in(&mut ada));

    for path in ["/api/auth/sessions", "/api/auth/sessions/x"] {
        app.browser()
            .delete(path)
            .expect(if path.ends_with('x') { 401 } else { 405 });
    }
    app.stop().unwrap();
}

// Proves: A22, ASVS 7.2.4
fn a_new_token_comes_with_every_sign_in_proof_and_password(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA);
    let mut laptop = sign_in(&app, ADA, LAPTOP);
    let mut tokens = vec![laptop.cookie("sid").unwrap().to_owned()];
    let next = "staple the battery horse";
    let steps: [(&str, Value); 3] = [
        ("/api/auth/login", json!({ "email": ADA, "password": PASSWORD })),
        ("/api/auth/reauthenticate", json!({ "password": PASSWORD })),
        (
            "/api/users/me/change-password",
            json!({ "currentPassword": PASSWORD, "newPassword": next }),
        ),
    ];
    for (path, body) in steps {
        laptop.post(path, &body).expect(200);
        let token = laptop.cookie("sid").unwrap().to_owned();
        assert!(!tokens.contains(&token), "{path}");
        tokens.push(token);
    }
    let newest = tokens.pop().unwrap();
    for token in tokens {
        let mut replay = app.browser();
        replay.plant_cookie("sid", &token);
        assert!(!is_in(&mut replay));
    }
    assert!(is_in(&mut laptop));

    // A cookie that somebody planted before the sign-in is not taken over.
    let mut victim = app.browser();
    victim.plant_cookie("sid", &newest);
    victim
        .post("/api/auth/login", &json!({ "email": ADA, "password": next }))
        .expect(200);
    assert_ne!(victim.cookie("sid").unwrap(), newest);
    assert!(!is_in(&mut laptop), "whoever planted it is signed out");
    app.stop().unwrap();
}

fn the_fifty_first_device_signs_the_first_one_out(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA);
    let mut first = sign_in(&app, ADA, PHONE);
    for _ in 1..50 {
        sign_in(&app, ADA, OFFICE);
    }
    assert_eq!(listed(&mut first).len(), 50);
    let mut last = sign_in(&app, ADA, LAPTOP);
    assert!(!is_in(&mut first));
    let sessions = listed(&mut last);
    assert_eq!((sessions.len(), words(&sessions)[0]), (50, "Firefox on Linux"));
    assert!(!words(&sessions).contains(&"Safari on iOS"));
    app.stop().unwrap();
}

/// A43, A82: every request of the race also writes when the session was last used.
fn a_session_that_requests_race_to_use_while_it_ends_is_dead_afterwards(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA);
    let unused_for_two_minutes = if app.is_on_postgres() {
        "UPDATE rookery_sessions SET last_seen_at = last_seen_at - interval '2 minutes'"
    } else {
        "UPDATE rookery_sessions SET last_seen_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', last_seen_at, '-2 minutes')"
    };
    for round in 0..6 {
        let mut laptop = sign_in(&app, ADA, LAPTOP);
        let mut phone = sign_in(&app, ADA, PHONE);
        let token = phone.cookie("sid").unwrap().to_owned();
        let lost = session_on(&listed(&mut laptop), "Safari on iOS").clone();
        assert!(app.execute(unused_for_two_minutes) >= 2);
        let (app, token, lost) = (&app, &token, &lost);
        let renewed = std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(move || {
                    let mut browser = app.browser();
                    browser.plant_cookie("sid", token);
                    for _ in 0..8 {
                        is_in(&mut browser);
                    }
                });
            }
            let proof = scope.spawn(move || {
                let mut browser = app.browser();
                browser.plant_cookie("sid", token);
                let answer = reauthenticate(&mut browser, PASSWORD);
                assert!([200, 401].contains(&answer.status), "{}", answer.text);
                browser
            });
            scope.spawn(move || {
                if round % 2 == 0 {
                    end(&mut laptop, lost).expect(200);
                } else {
                    // Whoever logs out with a token that was renewed a moment before logs nobody out.
                    let left = phone.post("/api/auth/logout", &json!({}));
                    assert!([200, 401].contains(&left.status), "{}", left.text);
                }
                laptop
            });
            proof.join().unwrap()
        });
        let mut replay = app.browser();
        replay.plant_cookie("sid", token);
        assert!(!is_in(&mut replay), "the token that was held");
        let mut renewed = renewed;
        if round % 2 == 0 {
            assert!(!is_in(&mut renewed), "and the one it was renewed to");
        }
    }
}

/// A20: 43 characters of base64url, that is 256 bits, of which none is always the same.
// Proves: A20, ASVS 7.2.3
fn tokens_have_no_structure_that_shows_in_48_of_them(database: TestDatabase) {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let app = TestApp::on(database);
    sign_up(&app, ADA);
    let tokens: Vec<Vec<bool>> = (0..48)
        .map(|_| {
            let browser = sign_in(&app, ADA, LAPTOP);
            let token = browser.cookie("sid").unwrap();
            assert_eq!(token.len(), 43);
            let bits = token.bytes().flat_map(|byte| {
                let value = ALPHABET.bytes().position(|known| known == byte).unwrap();
                (0..6).rev().map(move |bit| value >> bit & 1 == 1)
            });
            bits.take(256).collect()
        })
        .collect();
    for bit in 0..256 {
        let ones = tokens.iter().filter(|token| token[bit]).count();
        // Six standard deviations: one in two million runs of this test would fail by chance.
        assert!((4..=44).contains(&ones), "bit {bit} is set in {ones} of 48 tokens");
    }
    for (at, token) in tokens.iter().enumerate() {
        for other in &tokens[..at] {
            let alike = token.iter().zip(other).filter(|(one, two)| one == two).count();
            assert!((70..=186).contains(&alike), "two tokens share {alike} of 256 bits");
        }
    }
}
