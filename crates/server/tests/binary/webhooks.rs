//! Account events for other systems, from the command line to a receiver on a real connection.

mod nodes;
mod operator;

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::database::Database;
use super::patience::eventually;
use super::person::Person;
use super::receiver::Receiver;
use super::rookery::Installation;

on_both_databases!(
    what_happens_to_an_account_is_told_signed_and_without_a_word_about_the_person,
    both_secrets_sign_after_a_rotation,
    what_was_not_taken_is_sent_again_and_what_was_missed_is_replayed,
    a_receiver_that_is_gone_is_told_nothing_more,
    a_proxy_in_the_environment_is_not_asked,
);

const DELIVERY: Duration = Duration::from_secs(20);

/// What `rookery webhook … --json` prints.
#[track_caller]
pub(super) fn webhook(installation: &Installation, arguments: &[&str]) -> Value {
    let all = [&["webhook"], arguments, &["--json"]].concat();
    let output = installation.command(&all).output().unwrap();
    assert!(
        output.status.success(),
        "{all:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Sets one up, and gives its id and its secret.
pub(super) fn add(installation: &Installation, receiver: &Receiver, more: &[&str]) -> (String, String) {
    let added = webhook(installation, &[&["add", &receiver.url()], more].concat());
    let text = |key: &str| added[key].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

fn what_happens_to_an_account_is_told_signed_and_without_a_word_about_the_person(database: Database) {
    let receiver = Receiver::start();
    let installation = Installation::on(database);
    let (_, secret) = add(&installation, &receiver, &[]);
    let (_, _) = add(&installation, &receiver, &["--events", "user.verified,password.reset"]);
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let id = ada.me(&rookery)["id"].as_str().unwrap().to_owned();
    let session = ada.get(&rookery, "/api/auth/session").send().expect_status(200).json();
    let edit = json!({ "theme": "dark" });
    rookery
        .call("PATCH", "/api/users/me")
        .json(&edit)
        .cookie(&ada.cookie)
        .send()
        .expect_status(200);
    let wrong = ada.try_password(&rookery, "not her password");
    assert_eq!(wrong.status, 401);
    Person::log_out(&rookery, &ada.cookie).unwrap().expect_status(200);

    receiver.message("the end of the session", |message| message.kind() == "session.revoked");
    let told = receiver.messages();
    let kinds: BTreeSet<String> = told.iter().map(super::receiver::Message::kind).collect();
    assert_eq!(
        kinds,
        ["session.created", "session.revoked", "user.created", "user.updated"]
            .map(str::to_owned)
            .into()
    );
    assert_eq!(told.len(), 4, "each once, and nothing of what was refused: {told:?}");
    for message in &told {
        assert!(message.is_signed_with(&secret));
        assert_eq!(message.header("content-type"), "application/json");
        assert!(message.header("user-agent").starts_with("Rookery/"));
        assert_eq!(message.user(), id);
        let body = String::from_utf8(message.body.clone()).unwrap();
        for personal in ["ada", "Ada", "@", "Lovelace", "127.0.0.1"] {
            assert!(!body.contains(personal), "{body}");
        }
        let body = message.json();
        assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
        assert!(body["timestamp"].as_str().unwrap().ends_with('Z'), "{body}");
    }
    let created = receiver.message("the sign-in", |message| message.kind() == "session.created");
    assert_eq!(created.json()["data"]["sessionId"], session["session"]["id"]);
    assert_eq!(created.json()["data"]["tenantId"], session["tenant"]["id"]);
}

fn both_secrets_sign_after_a_rotation(database: Database) {
    let receiver = Receiver::start();
    let installation = Installation::on(database);
    let (id, old) = add(&installation, &receiver, &[]);
    let rookery = installation.start();
    let rotated = webhook(&installation, &["rotate", &id]);
    let new = rotated["secret"].as_str().unwrap();
    assert_ne!(new, old);
    assert!(rotated["oldSecretSignsUntil"].is_string(), "{rotated}");
    Person::new("ada").sign_up(&rookery).unwrap().expect_status(201);
    let message = receiver.message("the sign-up", |message| message.kind() == "user.created");
    assert_eq!(message.signatures(), 2);
    assert!(message.is_signed_with(&old) && message.is_signed_with(new));
    let somebody_else_s = format!("whsec_{}=", "A".repeat(43));
    assert!(!message.is_signed_with(&somebody_else_s));
    let shown = webhook(&installation, &["show", &id]).to_string();
    assert!(!shown.contains("whsec_"), "secrets are shown once: {shown}");
    let kept = installation
        .database
        .rows("SELECT secret, previous_secret FROM rookery_webhooks");
    assert!(!format!("{kept:?}").contains(&old[6..20]), "and kept sealed");
}

fn what_was_not_taken_is_sent_again_and_what_was_missed_is_replayed(database: Database) {
    let receiver = Receiver::start();
    let installation = Installation::on(database);
    let (id, secret) = add(&installation, &receiver, &["--events", "user.created"]);
    let rookery = installation.start();
    receiver.answer(500);
    Person::new("ada").sign_up(&rookery).unwrap().expect_status(201);
    let first = receiver.message("the first attempt", |_| true);
    let failed = eventually(DELIVERY, "the failure is written down", || {
        let all = webhook(&installation, &["deliveries", &id]);
        (all["deliveries"][0]["status"] == json!(500)).then(|| all["deliveries"][0].clone())
    });
    assert_eq!(failed["state"], json!("queued"));
    assert_eq!(failed["error"], json!("the receiver answered 500"));
    receiver.answer(200);
    installation.database.let_pauses_run_out();
    eventually(DELIVERY, "it was delivered", || {
        let delivered = webhook(&installation, &["deliveries", &id, "--state", "delivered"]);
        (delivered["deliveries"].as_array().unwrap().len() == 1).then_some(())
    });
    let again = receiver.messages().pop().unwrap();
    assert_eq!(
        (again.id(), &again.body),
        (first.id(), &first.body),
        "the very same message"
    );
    assert!(again.is_signed_with(&secret));

    webhook(&installation, &["disable", &id]);
    Person::new("bob").sign_up(&rookery).unwrap().expect_status(201);
    webhook(&installation, &["enable", &id]);
    assert_eq!(
        webhook(&installation, &["replay", &id, "--since", "1h"]),
        json!({ "queued": 2 })
    );
    eventually(DELIVERY, "both came", || (receiver.copies().len() == 2).then_some(()));
    let copies = &receiver.copies()[first.id()];
    assert!(copies.iter().all(|copy| copy.body == first.body));
    webhook(&installation, &["remove", &id]);
    assert_eq!(webhook(&installation, &["list"]), json!({ "webhooks": [] }));
}

fn a_receiver_that_is_gone_is_told_nothing_more(database: Database) {
    let receiver = Receiver::start();
    let installation = Installation::on(database);
    let (id, _) = add(&installation, &receiver, &[]);
    let rookery = installation.start();
    receiver.answer(410);
    Person::new("ada").sign_up(&rookery).unwrap().expect_status(201);
    eventually(DELIVERY, "it is disabled", || {
        let shown = webhook(&installation, &["show", &id]);
        (shown["disabled"]["reason"] == json!("gone")).then_some(())
    });
    Person::new("bob").sign_up(&rookery).unwrap().expect_status(201);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(receiver.messages().len(), 1);
    let written = installation
        .database
        .count("SELECT count(*) FROM rookery_audit_events WHERE action = 'webhook.changed' AND actor = 'service'");
    assert_eq!(written, 1);
}

/// A68: a proxy would look names up by itself, past every check.
fn a_proxy_in_the_environment_is_not_asked(database: Database) {
    let (receiver, proxy) = (Receiver::start(), Receiver::start());
    let url = format!("http://127.0.0.1:{}", proxy.port());
    let installation = Installation::on(database)
        .with("http_proxy", &url)
        .with("HTTP_PROXY", &url)
        .with("HTTPS_PROXY", &url)
        .with("ALL_PROXY", &url);
    add(&installation, &receiver, &[]);
    let rookery = installation.start();
    Person::new("ada").sign_up(&rookery).unwrap().expect_status(201);
    receiver.message("the sign-up", |message| message.kind() == "user.created");
    assert_eq!(proxy.connections(), 0);
}
