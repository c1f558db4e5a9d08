//! More at once than can be done at once.

use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::Client;
use super::database::Database;
use super::patience::eventually;
use super::person::Person;
use super::rookery::Installation;

on_both_databases!(
    a_flood_of_logins_is_served_or_refused_and_leaves_reading_and_memory_alone,
    a_flood_of_writes_is_served_or_refused_and_nothing_is_lost,
);

/// Longest answer to somebody who only reads, in a debug build whose every core is hashing.
const READING: Duration = Duration::from_secs(2);
/// What one hash needs at the default cost, in KiB.
const HASH_KIB: u64 = 19_456;

// Proves: A73, ASVS 15.2.2
fn a_flood_of_logins_is_served_or_refused_and_leaves_reading_and_memory_alone(database: Database) {
    const CLIENTS: usize = 60;
    let installation = Installation::on(database).with("ROOKERY_HASH_THREADS", "2");
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    // So many log-ins push the oldest of Ada's sessions out.
    let reader = Person::at_home(&rookery, "reader");
    let before = rookery.resident_kib();
    let (answers, slowest, most) = thread::scope(|scope| {
        let floods: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (client, ada) = (Client::clone(&rookery), &ada);
                // Known and unknown, right and wrong: all are hashed.
                let email = if number % 3 == 0 {
                    "nobody@example.com"
                } else {
                    &ada.email
                };
                scope.spawn(move || {
                    let body = json!({ "email": email, "password": ada.password });
                    let twice = [0, 1].map(|_| client.post("/api/auth/login", &body).send());
                    twice.map(|answer| (email == ada.email, answer))
                })
            })
            .collect();
        let (mut slowest, mut most) = (Duration::ZERO, 0);
        while floods.iter().any(|flood| !flood.is_finished()) {
            let answer = reader.get(&rookery, "/api/users/me").send().expect_status(200);
            slowest = slowest.max(answer.took);
            most = most.max(rookery.resident_kib());
            thread::sleep(Duration::from_millis(50));
        }
        let answers: Vec<_> = floods.into_iter().flat_map(|flood| flood.join().unwrap()).collect();
        (answers, slowest, most)
    });
    let mut served = 0;
    for (known, answer) in answers {
        match answer.status {
            200 => assert!(known),
            401 => assert!(!known, "the right password is refused: {}", answer.text()),
            503 => assert!(answer.header("retry-after").is_some()),
            other => panic!("{other} {}", answer.text()),
        }
        served += usize::from(answer.status != 503);
    }
    assert!(served >= CLIENTS / 2, "{served} of {} were served", 2 * CLIENTS);
    assert!(slowest < READING, "reading took {slowest:?}");
    let grown = most.saturating_sub(before);
    assert!(grown < 2 * HASH_KIB + 32 * 1024, "it grew by {grown} KiB");
}

fn a_flood_of_writes_is_served_or_refused_and_nothing_is_lost(database: Database) {
    const CLIENTS: usize = 48;
    let installation = Installation::on(database);
    let rookery = installation.start();
    let people: Vec<Person> = (0..4)
        .map(|number| Person::at_home(&rookery, &format!("person{number}")))
        .collect();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let writers: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (client, person) = (Client::clone(&rookery), &people[number % people.len()]);
                scope.spawn(move || {
                    let begun = Instant::now();
                    let mut statuses = Vec::new();
                    while begun.elapsed() < Duration::from_millis(1_500) {
                        let edit = json!({ "name": format!("Writer {number}"), "theme": "dark" });
                        let call = client.patch("/api/users/me", &edit).cookie(&person.cookie);
                        statuses.push(call.send().status);
                        statuses.push(person.forget_password(&client).unwrap().status);
                    }
                    statuses
                })
            })
            .collect();
        // Another process writes to the same database meanwhile.
        let output = installation
            .command(&["user", "verify", &people[0].email])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    let served = statuses.iter().filter(|status| **status == 200).count();
    assert!(
        served * 2 > statuses.len(),
        "{served} of {} were served",
        statuses.len()
    );
    assert_eq!(people[0].me(&rookery)["emailVerified"], json!(true));
    installation.database.assert_whole();
}

// Proves: ASVS 1.4.3
#[test]
fn running_out_of_file_descriptors_passes_when_connections_end() {
    let installation = Installation::on(Database::sqlite());
    let rookery = installation.start_under("ulimit -n 96");
    let ada = Person::at_home(&rookery, "ada");
    let idle: Vec<_> = (0..200)
        .filter_map(|_| TcpStream::connect(("127.0.0.1", rookery.port())).ok())
        .collect();
    assert!(idle.len() > 96);
    let before = rookery.cpu_seconds();
    thread::sleep(Duration::from_secs(2));
    let spent = rookery.cpu_seconds() - before;
    assert!(spent < 1.0, "it spins: {spent} s in 2 s");
    drop(idle);
    eventually(Duration::from_secs(10), "it accepts again", || {
        let answer = ada.get(&rookery, "/api/users/me").attempt().ok()?;
        (answer.status == 200).then_some(())
    });
    assert!(ada.gets_in_with(&rookery, &ada.password));
}

#[test]
fn hundreds_of_idle_connections_keep_nobody_waiting() {
    let installation = Installation::on(Database::sqlite());
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let idle: Vec<_> = (0..400)
        .map(|_| TcpStream::connect(("127.0.0.1", rookery.port())).unwrap())
        .collect();
    for _ in 0..20 {
        let answer = ada.get(&rookery, "/api/users/me").send().expect_status(200);
        assert!(answer.took < READING, "reading took {:?}", answer.took);
    }
    drop(idle);
}
