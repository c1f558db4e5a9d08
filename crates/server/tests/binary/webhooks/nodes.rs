//! Several servers, and servers that die: nothing is lost, and nothing is told twice at once.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{DELIVERY, add};
use crate::binary::database::Database;
use crate::binary::patience::{any_below, eventually};
use crate::binary::person::Person;
use crate::binary::receiver::Receiver;
use crate::binary::rookery::{Installation, Rookery};

on_both_databases!(
    a75_a_message_that_was_sent_and_not_written_down_is_sent_again_and_is_the_same,
    a75_no_event_of_an_acknowledged_sign_up_is_lost_to_kills,
);

/// Signs people up, each through the next node, and gives their ids where that was acknowledged.
fn sign_ups(nodes: &[&Rookery], name: &str, count: usize) -> BTreeSet<String> {
    (0..count)
        .filter_map(|number| {
            let person = Person::new(&format!("{name}{number}"));
            let answer = person.sign_up(nodes[number % nodes.len()]).ok()?;
            (answer.status == 201).then(|| answer.json()["user"]["id"].as_str().unwrap().to_owned())
        })
        .collect()
}

fn told(receiver: &Receiver) -> BTreeSet<String> {
    receiver
        .messages()
        .iter()
        .map(super::super::receiver::Message::user)
        .collect()
}

// Proves: A75
fn a75_a_message_that_was_sent_and_not_written_down_is_sent_again_and_is_the_same(database: Database) {
    let receiver = Receiver::start();
    let installation = Installation::on(database);
    let (_, secret) = add(&installation, &receiver, &["--events", "user.created"]);
    receiver.take_its_time(Duration::from_secs(5));
    let rookery = installation.start();
    let people = sign_ups(&[&rookery], "ada", 1);
    receiver.message("the message before the kill", |_| true);
    rookery.kill();
    receiver.take_its_time(Duration::ZERO);
    installation.database.let_leases_run_out();
    let _rookery = installation.start();
    eventually(DELIVERY, "the message came again", || {
        (receiver.messages().len() == 2).then_some(())
    });
    let messages = receiver.messages();
    assert_eq!(
        (messages[0].id(), &messages[0].body),
        (messages[1].id(), &messages[1].body)
    );
    assert!(messages.iter().all(|message| message.is_signed_with(&secret)));
    assert_eq!(told(&receiver), people);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(receiver.messages().len(), 2, "and not once more");
}

fn a75_no_event_of_an_acknowledged_sign_up_is_lost_to_kills(database: Database) {
    let receiver = Receiver::start();
    receiver.take_its_time(Duration::from_millis(30));
    let installation = Installation::on(database);
    add(&installation, &receiver, &["--events", "user.created"]);
    let mut people = BTreeSet::new();
    for round in 0..3 {
        let rookery = installation.start();
        std::thread::scope(|scope| {
            let signing_up = scope.spawn(|| sign_ups(&[&rookery], &format!("round{round}."), 12));
            std::thread::sleep(Duration::from_millis(300 + any_below(1_500)));
            rustix::process::kill_process(
                rustix::process::Pid::from_raw(i32::try_from(rookery.process_id()).unwrap()).unwrap(),
                rustix::process::Signal::KILL,
            )
            .unwrap();
            people.extend(signing_up.join().unwrap());
        });
        drop(rookery);
        installation.database.let_leases_run_out();
    }
    assert!(!people.is_empty(), "nothing was acknowledged");
    let _rookery = installation.start();
    eventually(DELIVERY, "everybody was told of", || {
        told(&receiver).is_superset(&people).then_some(())
    });
    for (id, copies) in receiver.copies() {
        assert!(copies.len() <= 3, "{} copies of {id} after three kills", copies.len());
        assert!(
            copies.iter().all(|copy| copy.body == copies[0].body),
            "the copies of {id} differ"
        );
    }
}

// Proves: A75
#[test]
fn a75_two_nodes_tell_everything_once_and_together() {
    let receiver = Receiver::start();
    receiver.take_its_time(Duration::from_millis(100));
    let installation = Installation::on(Database::postgres());
    add(&installation, &receiver, &["--events", "user.created"]);
    let nodes = [installation.start(), installation.start()];
    let people = sign_ups(&[&nodes[0], &nodes[1]], "person", 30);
    assert_eq!(people.len(), 30);
    eventually(DELIVERY, "everybody was told of", || {
        (told(&receiver) == people).then_some(())
    });
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(receiver.messages().len(), 30, "each once");
    let workers = installation
        .database
        .count("SELECT count(*) FROM rookery_webhook_messages WHERE state = 'delivered' AND attempts = 1");
    assert_eq!(workers, 30);
}
