//! Attempts, locks and known devices, with the limits an installation has by default: ATTACKS A13, A30, A31 and A32.

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const NOBODY: &str = "nobody@example.com";
const PASSWORD: &str = "correct horse battery";
const LIMITS: (&str, &str) = ("ROOKERY_RATE_LIMITS", "default");
const KEY: (&str, &str) = (
    "ROOKERY_SECRET_KEY",
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
);

on_both_databases!(a31_strangers_lock_strangers_out_and_never_the_owner);
on_both_databases!(a31_a_reset_leads_past_a_lock);
on_both_databases!(a13_an_address_nobody_has_locks_like_one_somebody_has);
on_both_databases!(a32_an_address_is_sent_three_mails_an_hour_and_the_answer_does_not_change);
on_both_databases!(a30_the_tenth_wrong_current_password_ends_the_session, in_a_file);
on_both_databases!(a_sign_in_on_a_new_device_is_told_and_can_be_taken_back);

fn sign_up(app: &TestApp, email: &str) {
    app.browser()
        .post("/api/auth/signup", &json!({ "email": email, "password": PASSWORD }))
        .expect(201);
}

fn log_in(browser: &mut Browser, email: &str, password: &str) -> Answer {
    browser.post("/api/auth/login", &json!({ "email": email, "password": password }))
}

/// The body without what differs from request to request.
fn body(answer: &Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("requestId");
    body
}

/// Five wrong passwords from a browser nobody knows.
fn lock(app: &TestApp, email: &str) {
    let mut stranger = app.browser();
    for _ in 0..5 {
        log_in(&mut stranger, email, "a guess of a stranger").expect(401);
    }
}

// Proves: A31
fn a31_strangers_lock_strangers_out_and_never_the_owner(database: TestDatabase) {
    let app = TestApp::with(database, &[LIMITS]);
    sign_up(&app, ADA);
    let mut laptop = app.browser();
    log_in(&mut laptop, ADA, PASSWORD).expect(200);
    let known = laptop.cookie("did").unwrap().to_owned();

    lock(&app, ADA);
    let mut phone = app.browser();
    let locked = log_in(&mut phone, ADA, PASSWORD).expect(429);
    assert_eq!(
        body(&locked),
        json!({ "error": "Too many requests", "code": "RATE_LIMIT_EXCEEDED" })
    );
    let seconds: u32 = locked.header("retry-after").parse().unwrap();
    assert!((1700..=1800).contains(&seconds), "{seconds}");
    assert_eq!(locked.header("ratelimit-policy"), "\"log-in-address\";q=5;w=900");

    // The browser she has used before goes on, and keeps its name.
    log_in(&mut laptop, ADA, PASSWORD).expect(200);
    assert_eq!(laptop.cookie("did"), Some(known.as_str()));
    // Its name helps nobody at another address, and another name helps nobody here.
    sign_up(&app, "eve@example.com");
    let mut eve = app.browser();
    log_in(&mut eve, "eve@example.com", PASSWORD).expect(200);
    log_in(&mut eve, ADA, "a guess of a stranger").expect(429);

    // The mail leads to a page; opening it, as scanners do, lifts nothing.
    let mail = app.mail(ADA, "account_locked");
    let link = mail["link"].as_str().unwrap();
    let page = &link[link.find("/unlock").unwrap()..];
    for _ in 0..2 {
        phone.get(page).expect(200);
    }
    log_in(&mut phone, ADA, PASSWORD).expect(429);
    let token = json!({ "token": mail["token"] });
    phone.post("/api/auth/unlock", &token).expect(200);
    assert!(phone.cookie("sid").is_none(), "nobody is signed in by it");
    phone.post("/api/auth/unlock", &token).expect(400);

    // The phone is known now: it gets in even when strangers lock the address again.
    lock(&app, ADA);
    log_in(&mut app.browser(), ADA, PASSWORD).expect(429);
    log_in(&mut phone, ADA, PASSWORD).expect(200);
    assert!(
        app.mails(ADA).iter().all(|mail| mail["kind"] != "new_device"),
        "whoever reads the mailbox is no news to it"
    );
}

// Proves: A31
fn a31_a_reset_leads_past_a_lock(database: TestDatabase) {
    let app = TestApp::with(database, &[LIMITS]);
    sign_up(&app, ADA);
    lock(&app, ADA);
    let mut phone = app.browser();
    log_in(&mut phone, ADA, PASSWORD).expect(429);
    phone
        .post("/api/auth/forgot-password", &json!({ "email": ADA }))
        .expect(200);
    let token = app.mail(ADA, "reset_password")["token"].clone();
    let wish = json!({ "token": token, "newPassword": "staple the battery horse" });
    phone.post("/api/auth/reset-password", &wish).expect(200);
    log_in(&mut phone, ADA, "staple the battery horse").expect(200);
}

// Proves: A13
fn a13_an_address_nobody_has_locks_like_one_somebody_has(database: TestDatabase) {
    let app = TestApp::with(database, &[LIMITS]);
    sign_up(&app, ADA);
    let mut known = app.browser();
    let mut unknown = app.browser();
    for _ in 0..8 {
        let one = log_in(&mut known, ADA, "a guess of a stranger");
        let other = log_in(&mut unknown, NOBODY, "a guess of a stranger");
        assert_eq!(one.status, other.status);
        assert_eq!(body(&one), body(&other));
        let names = |answer: &Answer| {
            let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            names
        };
        assert_eq!(names(&one), names(&other));
        assert_eq!(one.header("ratelimit-policy"), other.header("ratelimit-policy"));
    }
    assert_eq!(log_in(&mut known, ADA, "a guess of a stranger").status, 429);
    app.mail(ADA, "account_locked");
    assert!(app.mails(NOBODY).is_empty());
}

// Proves: A32
fn a32_an_address_is_sent_three_mails_an_hour_and_the_answer_does_not_change(database: TestDatabase) {
    let app = TestApp::with(database, &[LIMITS]);
    sign_up(&app, ADA);
    let mut browser = app.browser();
    let mut answers = Vec::new();
    for _ in 0..15 {
        let answer = browser.post("/api/auth/forgot-password", &json!({ "email": ADA }));
        answers.push((answer.status, body(&answer)));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, 200);
    // Another person's mail comes after all of hers.
    sign_up(&app, "eve@example.com");
    browser
        .post("/api/auth/forgot-password", &json!({ "email": "eve@example.com" }))
        .expect(200);
    app.mail("eve@example.com", "reset_password");
    let resets = app
        .mails(ADA)
        .into_iter()
        .filter(|mail| mail["kind"] == "reset_password");
    assert_eq!(resets.count(), 3);
    // The network has its own limit, which says so.
    for _ in 0..14 {
        browser
            .post("/api/auth/resend-verification", &json!({ "email": NOBODY }))
            .expect(200);
    }
    let refused = browser
        .post("/api/auth/resend-verification", &json!({ "email": NOBODY }))
        .expect(429);
    assert_eq!(refused.header("ratelimit-policy"), "\"mail\";q=30;w=3600");
}

// Proves: A30
fn a30_the_tenth_wrong_current_password_ends_the_session(database: TestDatabase) {
    let app = TestApp::with(database, &[LIMITS]);
    sign_up(&app, ADA);
    let mut browser = app.browser();
    log_in(&mut browser, ADA, PASSWORD).expect(200);
    let wrong = json!({ "currentPassword": "not this one", "newPassword": "staple the battery horse" });
    let mut guess = |status| browser.post("/api/users/me/change-password", &wrong).expect(status);
    for _ in 0..5 {
        guess(403);
    }
    assert_eq!(guess(429).header("ratelimit-policy"), "\"current-password\";q=5;w=900");
    // A quarter of an hour later.
    app.execute("DELETE FROM rookery_throttle_counters WHERE limit_name = 'current-password'");
    for _ in 0..4 {
        guess(403);
    }
    guess(401);
    browser.get("/api/auth/session").expect(401);
}

fn a_sign_in_on_a_new_device_is_told_and_can_be_taken_back(database: TestDatabase) {
    let app = TestApp::with(database, &[LIMITS]);
    sign_up(&app, ADA);
    let mut laptop = app.browser();
    log_in(&mut laptop, ADA, PASSWORD).expect(200);
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
    let mut thief = app.browser().calling_itself(firefox);
    log_in(&mut thief, ADA, PASSWORD).expect(200);
    let mail = app.mail(ADA, "new_device");
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains("Firefox on Linux") && text.contains("127.0.0.1"),
        "{text}"
    );
    assert_eq!(
        app.mails(ADA)
            .iter()
            .filter(|mail| mail["kind"] == "new_device")
            .count(),
        1,
        "the first sign-in of all is no news"
    );
    log_in(&mut thief, ADA, PASSWORD).expect(200);
    laptop
        .post("/api/auth/undo", &json!({ "token": mail["token"] }))
        .expect(200);
    thief.get("/api/auth/session").expect(401);
    log_in(&mut thief, ADA, PASSWORD).expect(401);
    app.mail(ADA, "change_undone");
}

/// Two nodes on one PostgreSQL.
struct TwoNodes {
    // The second goes first, for the database is the first one's.
    second: TestApp,
    first: TestApp,
}

impl TwoNodes {
    fn start() -> Self {
        let database = TestDatabase::postgres();
        let url = database.url();
        let first = TestApp::with(database, &[LIMITS, KEY]);
        let second = TestApp::with(TestDatabase::Elsewhere, &[LIMITS, KEY, ("DATABASE_URL", &url)]);
        Self { second, first }
    }

    /// Asks both at once, on so many connections, and gives the statuses.
    fn race(&self, times: usize, ask: impl Fn(&mut Browser) -> u16 + Sync) -> Vec<u16> {
        std::thread::scope(|scope| {
            let asked: Vec<_> = (0..times)
                .map(|turn| {
                    let mut browser = [&self.first, &self.second][turn % 2].browser();
                    let ask = &ask;
                    scope.spawn(move || ask(&mut browser))
                })
                .collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        })
    }
}

fn how_many(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|other| **other == status).count()
}

// Proves: A30
#[test]
fn a30_two_nodes_share_one_count_of_attempts_and_one_lock() {
    let nodes = TwoNodes::start();
    sign_up(&nodes.first, ADA);
    for address in [ADA, NOBODY] {
        let statuses = nodes.race(20, |browser| log_in(browser, address, "a guess of a stranger").status);
        assert_eq!(
            (how_many(&statuses, 401), how_many(&statuses, 429)),
            (5, 15),
            "{address}: {statuses:?}"
        );
    }
    log_in(&mut nodes.first.browser(), ADA, PASSWORD).expect(429);
    log_in(&mut nodes.second.browser(), ADA, PASSWORD).expect(429);

    // One lock, one mail, one link, one use, wherever it is used.
    let delivered = || {
        let both = nodes.first.mails(ADA).into_iter().chain(nodes.second.mails(ADA));
        both.filter(|mail| mail["kind"] == "account_locked").collect::<Vec<_>>()
    };
    let begun = std::time::Instant::now();
    while delivered().is_empty() {
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "no mail");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let mails = delivered();
    assert_eq!(mails.len(), 1);
    let token = json!({ "token": mails[0]["token"] });
    let statuses = nodes.race(8, |browser| browser.post("/api/auth/unlock", &token).status);
    assert_eq!(
        (how_many(&statuses, 200), how_many(&statuses, 400)),
        (1, 7),
        "{statuses:?}"
    );
    log_in(&mut nodes.second.browser(), ADA, PASSWORD).expect(200);
}

#[test]
fn a_device_known_to_one_node_is_known_to_the_other() {
    let nodes = TwoNodes::start();
    sign_up(&nodes.first, ADA);
    let mut laptop = nodes.first.browser();
    log_in(&mut laptop, ADA, PASSWORD).expect(200);
    lock(&nodes.first, ADA);
    let mut elsewhere = nodes.second.browser();
    log_in(&mut elsewhere, ADA, PASSWORD).expect(429);
    elsewhere.plant_cookie("did", laptop.cookie("did").unwrap());
    log_in(&mut elsewhere, ADA, PASSWORD).expect(200);
}

// Proves: ASVS 2.3.2
#[test]
fn requests_of_a_person_are_counted_by_all_nodes_together() {
    let nodes = TwoNodes::start();
    sign_up(&nodes.first, ADA);
    let mut laptop = nodes.first.browser();
    log_in(&mut laptop, ADA, PASSWORD).expect(200);
    let session = laptop.cookie("sid").unwrap().to_owned();
    let mut elsewhere = nodes.second.browser();
    elsewhere.plant_cookie("sid", &session);
    let begun = std::time::Instant::now();
    let mut granted = 0;
    let mut refused = 0;
    for _ in 0..520 {
        for browser in [&mut laptop, &mut elsewhere] {
            match browser.get("/api/users/me").status {
                200 => granted += 1,
                429 => refused += 1,
                other => panic!("{other}"),
            }
        }
    }
    if begun.elapsed() < std::time::Duration::from_secs(50) {
        assert_eq!((granted, refused), (1000, 40));
    } else {
        panic!("this machine is too slow to tell: {:?}", begun.elapsed());
    }
}
