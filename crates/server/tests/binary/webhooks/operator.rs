//! What an operator is told, and what is refused.

use std::process::Output;

use serde_json::json;

use super::{add, webhook};
use crate::binary::receiver::Receiver;
use crate::binary::rookery::Installation;

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8(text).unwrap()
}

/// What a command says that ends with this code.
#[track_caller]
fn told(installation: &Installation, arguments: &[&str], code: i32) -> String {
    let all = [&["webhook"], arguments].concat();
    let output = installation.command(&all).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(code), "{all:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[test]
fn a_test_says_what_the_receiver_answered_and_fails_when_it_was_not_taken() {
    let receiver = Receiver::start();
    let installation = Installation::bare();
    let (id, secret) = add(&installation, &receiver, &[]);
    assert!(told(&installation, &["test", &id], 0).contains("204"));
    let message = receiver.messages().pop().unwrap();
    assert_eq!(message.kind(), "webhook.test");
    assert!(message.is_signed_with(&secret));
    receiver.answer(503);
    assert!(told(&installation, &["test", &id], 1).contains("the receiver answered 503"));
    let output = installation
        .command(&["webhook", "test", &id, "--json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["taken"], &answer["status"]), (&json!(false), &json!(503)));
}

#[test]
fn words_for_people_name_everything_and_the_secret_once() {
    let receiver = Receiver::start();
    let installation = Installation::bare();
    assert!(told(&installation, &["list"], 0).contains("no webhooks"));
    let added = told(
        &installation,
        &["add", &receiver.url(), "--events", "user.created,session.revoked"],
        0,
    );
    for expected in [
        &receiver.url(),
        "user.created, session.revoked",
        "everybody",
        "whsec_",
        "enabled",
    ] {
        assert!(added.contains(expected), "{expected} in {added}");
    }
    let id = webhook(&installation, &["list"])["webhooks"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for again in [&["list"][..], &["show", &id], &["disable", &id], &["enable", &id]] {
        let said = told(&installation, again, 0);
        assert!(said.contains(&id) && !said.contains("whsec_"), "{said}");
    }
    assert!(told(&installation, &["rotate", &id], 0).contains("whsec_"));
    assert!(told(&installation, &["deliveries", &id], 0).contains("no messages"));
    assert!(told(&installation, &["replay", &id, "--since", "1d"], 0).contains("0 to be sent again"));
    assert!(told(&installation, &["remove", &id], 0).contains("removed"));
    assert!(told(&installation, &["--help"], 0).contains("Examples:"));
}

// Proves: A68
#[test]
fn a68_what_leads_inside_is_refused_when_it_is_set_up() {
    let installation = Installation::bare();
    for url in [
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00:ec2::254]/",
        "https://nobody.invalid/",
    ] {
        let said = told(&installation, &["add", url], 1);
        assert!(said.contains("no address that events are sent to"), "{url}: {said}");
    }
    for url in [
        "http://example.com/",
        "ftp://example.com/",
        "https://ada:secret@example.com/",
        "https://example.com/#x",
        "not a url",
    ] {
        let said = told(&installation, &["add", url], 1);
        assert!(said.contains("a webhook's URL"), "{url}: {said}");
    }
    assert_eq!(webhook(&installation, &["list"]), json!({ "webhooks": [] }));
    let named = Installation::bare().with("ROOKERY_WEBHOOKS_ALLOW_INTERNAL", "10.0.0.0/8");
    told(&named, &["add", "https://10.0.0.1/"], 0);
}

#[test]
fn what_makes_no_sense_is_said_to_make_none() {
    let installation = Installation::bare();
    let nobody = "0199f2b0-0000-7000-8000-000000000000";
    for arguments in [
        &["show", nobody][..],
        &["test", nobody],
        &["rotate", nobody],
        &["disable", nobody],
        &["enable", nobody],
        &["remove", nobody],
        &["replay", nobody, "--since", "1h"],
        &["deliveries", nobody],
    ] {
        assert!(
            told(&installation, arguments, 1).contains("no webhook has this id"),
            "{arguments:?}"
        );
    }
    let receiver = Receiver::start();
    let unknown = told(&installation, &["add", &receiver.url(), "--tenant", nobody], 1);
    assert!(unknown.contains("no tenant has this id"), "{unknown}");
    for arguments in [
        &[][..],
        &["add"],
        &["sing"],
        &["show", "not-an-id"],
        &["add", &receiver.url(), "--events", "user.exploded"],
        &["replay", nobody],
        &["replay", nobody, "--since", "yesterday"],
        &["deliveries", nobody, "--state", "lost"],
    ] {
        told(&installation, arguments, 2);
    }
}
