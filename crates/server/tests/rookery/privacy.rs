//! A copy of one's data, told from asking for it to the last file in it; and what one agrees to, from the sign-up on.

use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zip::ZipArchive;

use super::browser::Browser;
use super::database::{TestDatabase, on_both_databases};
use super::tenants::{founded, join, signed_in};
use super::test_app::TestApp;

const PASSWORD: &str = "correct horse battery";
/// Two nodes seal with one.
const KEY: &str = "q6yQ1D3o0c6v1E5p7GgJtq0S3o5m1W2f9yZ4kX8bRnU=";
const PATH: &str = "/api/users/me/export";

on_both_databases!(
    a_copy_holds_everything_of_its_person_and_nothing_of_anybody_else,
    in_a_file
);
on_both_databases!(a_copy_is_for_nobody_else_and_not_without_a_fresh_proof, in_a_file);
on_both_databases!(two_nodes_make_every_copy_once, in_a_file);
on_both_databases!(
    whoever_signs_up_agrees_and_is_asked_again_when_there_is_a_new_version,
    in_a_file
);
on_both_databases!(
    every_change_about_marketing_is_written_down_wherever_it_is_made,
    in_a_file
);

/// The copy, as soon as it is made.
#[track_caller]
fn made(browser: &mut Browser, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let export = browser.get(&format!("{PATH}/{id}")).expect(200).json();
        if export["status"] != "pending" {
            return export;
        }
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "a copy is there within a minute"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn asked(browser: &mut Browser) -> String {
    let export = browser.post(PATH, &json!({})).expect(202).json();
    export["id"].as_str().unwrap().to_owned()
}

fn unzipped(bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn text(files: &[(String, Vec<u8>)], name: &str) -> String {
    let (_, content) = files.iter().find(|(known, _)| known == name).unwrap();
    String::from_utf8(content.clone()).unwrap()
}

// Proves: A78
fn a_copy_holds_everything_of_its_person_and_nothing_of_anybody_else(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, ada_id) = signed_in(&app, "ada-marked");
    let (mut bob, bob_id) = signed_in(&app, "bob-marked");
    let tenant = founded(&mut ada, "Marked Engines");
    founded(&mut bob, "Bobs Secret Club");
    join(&app, &tenant, &bob_id, "member");
    for (browser, given) in [(&mut ada, "Adagiven"), (&mut bob, "Bobgiven")] {
        let change = json!({ "givenName": given, "marketingEmails": true, "language": "es" });
        browser.patch("/api/users/me", &change).expect(200);
    }
    ada.post(
        "/api/auth/login",
        &json!({ "email": "ada-marked@example.com", "password": "wrong" }),
    )
    .expect(401);

    let first = asked(&mut ada);
    let export = made(&mut ada, &first);
    assert_eq!(export["status"], "ready", "{export}");
    let mail = app.mail("ada-marked@example.com", "export_ready");
    assert!(mail["text"].as_str().unwrap().contains("/settings/privacy"), "{mail}");
    assert!(
        !mail.to_string().contains(&first),
        "the mail leads to the page, not to the copy"
    );

    let answer = ada.get(&format!("{PATH}/{first}/download")).expect(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        u64::try_from(answer.bytes.len()).unwrap(),
        export["size"].as_u64().unwrap()
    );
    let files = unzipped(answer.bytes);

    let data: Value = serde_json::from_str(&text(&files, "data.json")).unwrap();
    assert_eq!(data["format"], "rookery-export/1");
    assert_eq!(data["userId"], json!(ada_id));
    assert_eq!(data["profile"]["email"], "ada-marked@example.com");
    assert_eq!(data["profile"]["givenName"], "Adagiven");
    assert_eq!(data["preferences"]["language"], "es");
    assert_eq!(data["memberships"][0]["tenant"], "Marked Engines");
    assert_eq!(data["memberships"][0]["roles"], json!(["owner"]));
    assert_eq!(data["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(data["devices"].as_array().unwrap().len(), 1);
    assert_eq!(data["consents"][0]["subject"], "marketing");
    assert_eq!(data["mails"][0]["kind"], "verify_email");
    assert!(data["mails"][0]["subject"].as_str().unwrap().contains("Rookery"));
    assert_eq!(data["links"][0]["email"], "ada-marked@example.com");
    assert_eq!(data["exports"][0]["id"], json!(first));
    let actions: Vec<&str> = data["activity"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    for action in [
        "user.created",
        "session.created",
        "tenant.created",
        "user.updated",
        "consent.given",
        "export.requested",
    ] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
    assert!(text(&files, "index.html").contains("<html lang=\"es\""));
    assert!(text(&files, "memberships.csv").contains("\"Marked Engines\""));

    for (name, content) in &files {
        let content = String::from_utf8_lossy(content);
        for foreign in ["bob-marked", "Bobgiven", "Bobs Secret Club", bob_id.as_str()] {
            assert!(!content.contains(foreign), "{foreign} in {name}");
        }
        for secret in ["$argon2", "token_hash", "password_hash"] {
            assert!(!content.contains(secret), "{secret} in {name}");
        }
        let token = ada.cookie("sid").unwrap();
        assert!(!content.contains(token), "a session's token in {name}");
    }
    let log = ada
        .get("/api/users/me/activity?action=export.downloaded")
        .expect(200)
        .json();
    assert_eq!(log["events"].as_array().unwrap().len(), 1);
    app.stop().unwrap();
}

// Proves: A62, A78
fn a_copy_is_for_nobody_else_and_not_without_a_fresh_proof(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let (mut bob, _) = signed_in(&app, "bob");
    let id = asked(&mut ada);
    assert_eq!(asked(&mut ada), id, "whoever waits already is told of that one");
    made(&mut ada, &id);
    for path in [format!("{PATH}/{id}"), format!("{PATH}/{id}/download")] {
        let answer = bob.get(&path).expect(404).json();
        assert_eq!(answer["code"], "EXPORT_NOT_FOUND");
        app.browser().get(&path).expect(401);
    }
    assert_eq!(bob.get(PATH).expect(200).json()["exports"], json!([]));

    // Eleven minutes later the proof of who she is has gone stale.
    let aged = if app.is_on_postgres() {
        "UPDATE rookery_sessions SET authenticated_at = authenticated_at - interval '11 minutes'"
    } else {
        "UPDATE rookery_sessions SET authenticated_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', authenticated_at, '-11 minutes')"
    };
    app.execute(aged);
    let answer = ada.get(&format!("{PATH}/{id}/download")).expect(403).json();
    assert_eq!(answer["code"], "REAUTHENTICATION_REQUIRED");
    let answer = ada.post(PATH, &json!({})).expect(403).json();
    assert_eq!(answer["code"], "REAUTHENTICATION_REQUIRED");
    ada.get(&format!("{PATH}/{id}")).expect(200);
    ada.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD }))
        .expect(200);
    ada.get(&format!("{PATH}/{id}/download")).expect(200);

    let mut elsewhere = app.browser();
    elsewhere.plant_cookie("sid", ada.cookie("sid").unwrap());
    ada.post("/api/auth/logout", &json!({})).expect(200);
    elsewhere.get(&format!("{PATH}/{id}/download")).expect(401);

    // From its end on it can be fetched no more, swept or not.
    let log_in = json!({ "email": "ada@example.com", "password": PASSWORD });
    ada.post("/api/auth/login", &log_in).expect(200);
    let over = if app.is_on_postgres() {
        "UPDATE rookery_exports SET expires_at = now()"
    } else {
        "UPDATE rookery_exports SET expires_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"
    };
    app.execute(over);
    assert_eq!(ada.get(&format!("{PATH}/{id}")).expect(200).json()["status"], "expired");
    ada.get(&format!("{PATH}/{id}/download")).expect(404);
    app.stop().unwrap();
}

/// One mail says that the copy is there, whichever node sends it.
#[track_caller]
fn is_told(nodes: &[&TestApp], to: &str) {
    let begun = Instant::now();
    loop {
        let mails = nodes.iter().flat_map(|node| node.mails(to));
        match mails.filter(|mail| mail["kind"] == "export_ready").count() {
            0 => assert!(begun.elapsed() < Duration::from_secs(30), "nobody told {to}"),
            count => return assert_eq!(count, 1, "{to}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn two_nodes_make_every_copy_once(database: TestDatabase) {
    let url = database.url();
    let key = ("ROOKERY_SECRET_KEY", KEY);
    let app = TestApp::with(database, &[key]);
    let second = TestApp::with(TestDatabase::Elsewhere, &[("DATABASE_URL", &url), key]);
    let names = ["ada", "bob", "eve", "dan"];
    let mut people: Vec<_> = names.iter().map(|name| signed_in(&app, name).0).collect();
    let ids: Vec<_> = people.iter_mut().map(asked).collect();
    for ((browser, id), name) in people.iter_mut().zip(&ids).zip(names) {
        assert_eq!(made(browser, id)["status"], "ready");
        is_told(&[&app, &second], &format!("{name}@example.com"));
        let log = browser
            .get("/api/users/me/activity?action=export.ready")
            .expect(200)
            .json();
        assert_eq!(
            log["events"].as_array().unwrap().len(),
            1,
            "{name}'s copy was made once"
        );
        let answer = browser.get(&format!("{PATH}/{id}/download")).expect(200);
        assert!(!unzipped(answer.bytes).is_empty());
    }
    second.stop().unwrap();
    app.stop().unwrap();
}

fn whoever_signs_up_agrees_and_is_asked_again_when_there_is_a_new_version(database: TestDatabase) {
    let url = database.url();
    let first = [("ROOKERY_TERMS_VERSION", "1"), ("ROOKERY_PRIVACY_VERSION", "1")];
    let app = TestApp::with(database, &first);
    let mut ada = app.browser();
    let mut wish = json!({ "email": "ada@example.com", "password": PASSWORD, "consents": { "terms": "1" } });
    let refused = ada.post("/api/auth/signup", &wish).expect(400).json();
    assert_eq!(refused["errors"][0]["path"], json!(["consents", "privacy"]));
    wish["consents"]["privacy"] = json!("1");
    ada.post("/api/auth/signup", &wish).expect(201);
    ada.post("/api/auth/login", &wish).expect(200);
    assert!(
        ada.get("/api/auth/session")
            .expect(200)
            .json()
            .get("consentsDue")
            .is_none()
    );
    let state = ada.get("/api/users/me/consents").expect(200).json();
    assert_eq!(state["history"].as_array().unwrap().len(), 2);
    assert_eq!(state["consents"][0]["given"], true);

    let second = [
        ("DATABASE_URL", url.as_str()),
        ("ROOKERY_TERMS_VERSION", "2"),
        ("ROOKERY_PRIVACY_VERSION", "1"),
    ];
    let newer = TestApp::with(TestDatabase::Elsewhere, &second);
    let mut ada = newer.browser();
    ada.post("/api/auth/login", &wish).expect(200);
    assert_eq!(
        ada.get("/api/auth/session").expect(200).json()["consentsDue"],
        json!(["terms"])
    );
    let outdated = ada
        .post("/api/users/me/consents", &json!({ "terms": "1" }))
        .expect(400)
        .json();
    let sentence = "Terms of service must be accepted in version 2";
    assert_eq!(outdated["errors"][0]["message"], sentence);
    for _ in 0..2 {
        ada.post("/api/users/me/consents", &json!({ "terms": "2" })).expect(200);
    }
    assert!(
        ada.get("/api/auth/session")
            .expect(200)
            .json()
            .get("consentsDue")
            .is_none()
    );
    let state = ada.get("/api/users/me/consents").expect(200).json();
    let versions: Vec<_> = state["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|decision| decision["subject"] == "terms")
        .map(|decision| decision["version"].as_str().unwrap())
        .collect();
    assert_eq!(versions, ["2", "1"], "what was agreed to twice is written down once");
    newer.stop().unwrap();
    app.stop().unwrap();
}

fn every_change_about_marketing_is_written_down_wherever_it_is_made(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut ada = app.browser();
    let wish = json!({ "email": "ada@example.com", "password": PASSWORD, "consents": { "marketing": true } });
    ada.post("/api/auth/signup", &wish).expect(201);
    ada.post("/api/auth/login", &wish).expect(200);
    let wants =
        |ada: &mut Browser| ada.get("/api/users/me").expect(200).json()["preferences"]["marketingEmails"].clone();
    assert_eq!(wants(&mut ada), true);
    ada.patch("/api/users/me", &json!({ "marketingEmails": false }))
        .expect(200);
    ada.patch("/api/users/me", &json!({ "marketingEmails": false, "theme": "dark" }))
        .expect(200);
    ada.post("/api/users/me/consents", &json!({ "marketing": true }))
        .expect(200);
    assert_eq!(wants(&mut ada), true);
    let state = ada
        .post("/api/users/me/consents", &json!({ "marketing": false }))
        .expect(200)
        .json();
    assert_eq!(wants(&mut ada), false);
    let told: Vec<_> = state["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|decision| {
            (
                decision["given"].as_bool().unwrap(),
                decision["source"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(false, "api"), (true, "api"), (false, "api"), (true, "api")]);
    let log = ada
        .get("/api/users/me/activity?action=consent.given&action=consent.withdrawn")
        .expect(200)
        .json();
    assert_eq!(
        log["events"].as_array().unwrap().len(),
        3,
        "the sign-up has an event of its own"
    );
    app.stop().unwrap();
}
