//! Being asked to end.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{Answer, Client, Lost};
use super::database::Database;
use super::person::Person;
use super::rookery::Installation;
use super::socket::Socket;

on_both_databases!(
    requests_in_flight_are_finished_before_the_process_ends,
    a_request_that_has_half_arrived_is_read_and_answered,
);

/// Longest the process may take when nobody holds it up.
const END: Duration = Duration::from_secs(15);

fn requests_in_flight_are_finished_before_the_process_ends(database: Database) {
    let installation = Installation::on(database);
    let mut rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    // Somebody keeps a connection open and says nothing.
    let idle = Socket::connect(rookery.port());
    let begun_and_answer: Mutex<Vec<(Instant, Result<Answer, Lost>)>> = Mutex::new(Vec::new());
    let client = Client::clone(&rookery);
    let asked = thread::scope(|scope| {
        for asker in 0..4 {
            let (client, ada, answers) = (&client, &ada, &begun_and_answer);
            scope.spawn(move || {
                for count in 0..1_000 {
                    let begun = Instant::now();
                    let answer = match asker {
                        // Hashing takes long enough to be interrupted.
                        0 => client
                            .post(
                                "/api/auth/login",
                                &json!({ "email": ada.email, "password": ada.password }),
                            )
                            .attempt(),
                        1 => Person::new(&format!("new.{count}")).sign_up(client),
                        2 => client
                            .patch("/api/users/me", &json!({ "theme": "dark" }))
                            .cookie(&ada.cookie)
                            .attempt(),
                        _ => ada.get(client, "/api/users/me").attempt(),
                    };
                    let lost = answer.is_err();
                    answers.lock().unwrap().push((begun, answer));
                    if lost {
                        break;
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(700));
        rookery.terminate();
        Instant::now()
    });
    let status = rookery
        .ended_within(END)
        .expect("it ends although somebody keeps a connection open");
    assert!(status.success(), "{status}");
    drop(idle);

    let answers = begun_and_answer.into_inner().unwrap();
    // Whoever had not connected yet when it stopped listening is refused, and knows that nothing was done.
    let in_flight = |begun: &Instant| *begun + Duration::from_millis(150) < asked;
    for (begun, answer) in &answers {
        match answer {
            Ok(answer) => assert!(
                [200, 201].contains(&answer.status),
                "{} {}\n{}",
                answer.status,
                answer.text(),
                installation.log()
            ),
            Err(Lost(why)) => assert!(!in_flight(begun), "a request in flight was lost: {why}"),
        }
    }
    assert!(answers.iter().filter(|(begun, _)| in_flight(begun)).count() > 10);
    installation.database.assert_whole();
}

fn a_request_that_has_half_arrived_is_read_and_answered(database: Database) {
    const THREADS: usize = 4;
    let installation = Installation::on(database).with("ROOKERY_HTTP_WORKERS", THREADS.to_string());
    let mut rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let body = json!({ "email": ada.email, "password": ada.password }).to_string();
    let head = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut sockets: Vec<Socket> = (0..6 * THREADS).map(|_| Socket::connect(rookery.port())).collect();
    for socket in &mut sockets {
        assert!(socket.send(head.as_bytes()));
        assert!(socket.waits_for(b"100 Continue\r\n\r\n"), "the server has the head");
    }
    rookery.terminate();
    // Connections go to the threads of the server in turn. Those of the last thread arrive bit by bit, while the others run
    // out of work.
    let (late, early): (Vec<_>, Vec<_>) = sockets
        .iter_mut()
        .enumerate()
        .partition(|(number, _)| number % THREADS == 3);
    for (_, socket) in early {
        assert!(socket.send(body.as_bytes()));
    }
    for (_, socket) in late {
        thread::sleep(Duration::from_millis(400));
        assert!(socket.send(body.as_bytes()));
    }
    for socket in sockets {
        let received = socket.read_until_closed(END);
        assert_eq!(received.statuses(), [200], "{}", received.text());
        assert!(
            received.closed && received.text().contains("connection: close"),
            "{}",
            received.text()
        );
    }
    let status = rookery.ended_within(END).expect("it ends");
    assert!(status.success(), "{status}");
}

#[test]
fn readiness_goes_first_and_requests_are_served_until_the_delay_is_over() {
    let installation = Installation::on(Database::sqlite()).with("ROOKERY_SHUTDOWN_DELAY", "2s");
    let mut rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let asked = Instant::now();
    rookery.terminate();
    thread::sleep(Duration::from_millis(300));
    while asked.elapsed() < Duration::from_millis(1_500) {
        rookery.get("/api/health/ready").send().expect_status(503);
        rookery.get("/api/health/live").send().expect_status(200);
        ada.get(&rookery, "/api/users/me").send().expect_status(200);
    }
    let status = rookery.ended_within(END).expect("it ends");
    assert!(status.success(), "{status}");
    assert!(
        asked.elapsed() >= Duration::from_millis(1_900),
        "it waited for the delay"
    );
}
