//! No room for another byte.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::client::{Answer, Client};
use super::database::Database;
use super::patience::eventually;
use super::person::Person;
use super::rookery::Installation;

/// No file may grow beyond 1 MiB, and whoever tries is told so, as by a disk that is full.
const NO_ROOM: &str = "trap '' XFSZ; ulimit -S -f 2048";
/// More edits than fit into that.
const EDITS: u32 = 2_000;

fn edit(client: &Client, ada: &Person, number: u32) -> Answer {
    let body = json!({ "name": format!("Edition {number}"), "theme": "dark" });
    client.patch("/api/users/me", &body).cookie(&ada.cookie).send()
}

fn edition(client: &Client, ada: &Person) -> Value {
    ada.me(client)["name"].clone()
}

#[test]
fn a_full_disk_is_a_503_for_whoever_writes_and_nothing_for_whoever_reads_and_loses_nothing() {
    // The log is a file as well, and fills up too.
    let installation = Installation::on(Database::sqlite());
    let rookery = installation.start_under(NO_ROOM);
    let ada = Person::at_home(&rookery, "ada");
    let mut last = 0;
    let refused = (1..EDITS)
        .map(|number| (number, edit(&rookery, &ada, number)))
        .find(|(number, answer)| {
            if answer.status == 200 {
                last = *number;
            }
            answer.status != 200
        });
    let (_, answer) = refused.expect("the disk is full at some time");
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(answer.code(), "SERVICE_UNAVAILABLE");
    for _ in 0..20 {
        assert_eq!(
            edition(&rookery, &ada),
            json!(format!("Edition {last}")),
            "reading goes on"
        );
        // A smaller write may still fit.
        let answer = edit(&rookery, &ada, last);
        assert!([200, 503].contains(&answer.status), "{}", answer.text());
    }
    let answer = ada.try_password(&rookery, &ada.password);
    assert!(
        answer.status == 503 || answer.cookie().is_some(),
        "a session without a row: {}",
        answer.text()
    );

    let id = rookery.process_id().to_string();
    let room = Command::new("prlimit")
        .args(["--pid", &id, "--fsize=unlimited"])
        .status()
        .unwrap();
    assert!(room.success());
    eventually(Duration::from_secs(5), "it writes again", || {
        (edit(&rookery, &ada, last + 1).status == 200).then_some(())
    });
    rookery.kill();
    let rookery = installation.start();
    assert_eq!(edition(&rookery, &ada), json!(format!("Edition {}", last + 1)));
    installation.database.assert_whole();
}
