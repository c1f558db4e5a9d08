//! The database is gone, stuck, or will not let anybody write: the service says so, soon, and comes back by itself.

mod lock;

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use lock::Lock;

use super::client::{Answer, Client};
use super::database::Database;
use super::patience::eventually;
use super::person::Person;
use super::rookery::{Installation, Rookery};

on_both_databases!(a_locked_database_is_a_503_and_leaves_what_needs_no_lock_alone);

/// How soon a client learns that the database is down.
const REFUSAL: Duration = Duration::from_secs(2);
/// How soon a client learns that a statement does not come to an end: the wait for a connection and that for the
/// statement.
const TIMEOUT: Duration = Duration::from_millis(4_500);
/// How soon the service works again once its database does.
const RECOVERY: Duration = Duration::from_secs(5);
/// What a loaded machine adds to any of them.
const SLACK: Duration = Duration::from_millis(700);

/// Every request that needs the database, somebody being signed in.
fn requests(client: &Client, ada: &Person) -> Vec<(&'static str, Answer)> {
    let address = json!({ "email": ada.email });
    let credentials = json!({ "email": ada.email, "password": ada.password });
    let stranger = json!({ "email": "stranger@example.com", "password": ada.password });
    // Well-formed, or nobody would have to be asked.
    let [reset, verify] = ["rst_", "vfy_"].map(|kind| format!("{kind}{}", "A".repeat(43)));
    let calls = [
        ("me", ada.get(client, "/api/users/me")),
        ("session", ada.get(client, "/api/auth/session")),
        (
            "edit",
            client
                .patch("/api/users/me", &json!({ "theme": "dark" }))
                .cookie(&ada.cookie),
        ),
        ("logout", client.call("POST", "/api/auth/logout").cookie(&ada.cookie)),
        ("login", client.post("/api/auth/login", &credentials)),
        ("sign-up", client.post("/api/auth/signup", &stranger)),
        ("forgot", client.post("/api/auth/forgot-password", &address)),
        ("resend", client.post("/api/auth/resend-verification", &address)),
        (
            "reset",
            client.post(
                "/api/auth/reset-password",
                &json!({ "token": reset, "newPassword": "a new passphrase" }),
            ),
        ),
        (
            "verify",
            client.post("/api/auth/verify-email", &json!({ "token": verify })),
        ),
        ("health", client.get("/api/health")),
        ("ready", client.get("/api/health/ready")),
        ("HEAD health", client.call("HEAD", "/api/health")),
    ];
    thread::scope(|scope| {
        let answers: Vec<_> = calls.map(|(what, call)| (what, scope.spawn(|| call.send()))).into();
        answers
            .into_iter()
            .map(|(what, answer)| (what, answer.join().unwrap()))
            .collect()
    })
}

#[track_caller]
fn assert_unavailable(what: &str, answer: &Answer) {
    assert_eq!(answer.status, 503, "{what}: {}", answer.text());
    assert_eq!(answer.cookie(), None, "{what}");
    if what.contains("health") || what == "ready" {
        return;
    }
    assert_eq!(answer.code(), "SERVICE_UNAVAILABLE", "{what}");
    let seconds: u32 = answer
        .header("retry-after")
        .unwrap_or_else(|| panic!("{what}: no Retry-After"))
        .parse()
        .unwrap();
    assert!((1..=60).contains(&seconds), "{what}: Retry-After: {seconds}");
}

#[track_caller]
fn assert_alive(client: &Client) {
    let answer = client.get("/api/health/live").send().expect_status(200);
    assert!(answer.took < REFUSAL, "live took {:?}", answer.took);
}

#[track_caller]
fn assert_back(rookery: &Rookery, ada: &Person) {
    let begun = Instant::now();
    eventually(RECOVERY, "the service works again", || {
        let answers = [
            ada.get(rookery, "/api/users/me").send(),
            ada.try_password(rookery, &ada.password),
            rookery.get("/api/health/ready").send(),
        ];
        for answer in &answers {
            assert!(
                [200, 503].contains(&answer.status),
                "{} {}",
                answer.status,
                answer.text()
            );
        }
        answers.iter().all(|answer| answer.status == 200).then_some(())
    });
    assert!(begun.elapsed() < RECOVERY + SLACK, "it took {:?}", begun.elapsed());
}

// Proves: A76, ASVS 16.5.2
#[test]
fn a_database_that_is_down_is_a_503_within_two_seconds_and_the_service_is_back_when_it_is() {
    let installation = Installation::on(Database::mortal_postgres());
    let mut rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let server = installation.database.server();
    for round in 0..2 {
        if round == 0 {
            server.stop();
        } else {
            server.kill_immediately();
        }
        for _ in 0..2 {
            for (what, answer) in requests(&rookery, &ada) {
                assert_unavailable(what, &answer);
                assert!(answer.took < REFUSAL + SLACK, "{what} took {:?}", answer.took);
            }
            assert_alive(&rookery);
        }
        server.start_again();
        assert_back(&rookery, &ada);
    }
    assert!(rookery.is_running());
}

#[test]
fn a_server_started_before_its_database_says_what_is_wrong() {
    let installation = Installation::on(Database::mortal_postgres());
    installation.database.server().stop();
    let output = installation
        .command(&["serve"])
        .env("ROOKERY_LISTEN", "127.0.0.1:0")
        .output()
        .unwrap();
    assert!(!output.status.success(), "it cannot migrate what it cannot reach");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("database"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    installation.database.server().start_again();
    installation.start();
}

fn a_locked_database_is_a_503_and_leaves_what_needs_no_lock_alone(database: Database) {
    let installation = Installation::on(database);
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let lock = Lock::take(&installation.database, Duration::from_secs(7));
    for (what, answer) in requests(&rookery, &ada) {
        let locked = lock.blocks(what);
        if locked {
            assert_unavailable(what, &answer);
        }
        assert_ne!(answer.status, 500, "{what}");
        assert!(answer.took < TIMEOUT + SLACK, "{what} took {:?}", answer.took);
    }
    assert_alive(&rookery);
    lock.release();
    assert_back(&rookery, &ada);
}

#[test]
fn connections_cut_by_the_database_are_never_a_500_and_never_sign_anybody_out() {
    let installation = Installation::on(Database::postgres());
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() \
               AND pid <> pg_backend_pid()";
    let statuses = thread::scope(|scope| {
        let askers: Vec<_> = (0..4)
            .map(|asker| {
                let (client, ada) = (Client::clone(&rookery), &ada);
                scope.spawn(move || {
                    let edit = json!({ "name": format!("Ada the {asker}."), "theme": "dark" });
                    let begun = Instant::now();
                    let mut statuses = Vec::new();
                    while begun.elapsed() < Duration::from_secs(2) {
                        statuses.push(ada.get(&client, "/api/users/me").send().status);
                        statuses.push(client.patch("/api/users/me", &edit).cookie(&ada.cookie).send().status);
                    }
                    statuses
                })
            })
            .collect();
        for _ in 0..8 {
            thread::sleep(Duration::from_millis(200));
            installation.database.rows(cut);
        }
        askers
            .into_iter()
            .flat_map(|asker| asker.join().unwrap())
            .collect::<Vec<_>>()
    });
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    assert!(statuses.contains(&200));
    assert_back(&rookery, &ada);
    installation.database.assert_whole();
}

#[test]
fn a_database_that_only_reads_opens_no_session_and_loses_none() {
    let installation = Installation::on(Database::postgres());
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let name = installation.database.rows("SELECT current_database()")[0][0].clone();
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() \
               AND pid <> pg_backend_pid()";
    installation
        .database
        .rows(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    installation.database.rows(cut);
    eventually(RECOVERY, "a session is read", || {
        let answer = ada.get(&rookery, "/api/users/me").send();
        assert!([200, 503].contains(&answer.status), "{}", answer.text());
        (answer.status == 200).then_some(())
    });
    let answer = ada.try_password(&rookery, &ada.password);
    assert_unavailable("login", &answer);
    let answer = Person::new("eve").sign_up(&rookery).unwrap();
    assert_unavailable("sign-up", &answer);
    let edit = rookery
        .patch("/api/users/me", &json!({ "theme": "dark" }))
        .cookie(&ada.cookie)
        .send();
    assert_unavailable("edit", &edit);

    let reset = format!("ALTER DATABASE {name} RESET default_transaction_read_only");
    installation
        .database
        .rows(&format!("BEGIN READ WRITE; {reset}; COMMIT"));
    installation.database.rows(cut);
    assert_back(&rookery, &ada);
}
