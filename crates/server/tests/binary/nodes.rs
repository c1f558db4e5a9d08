//! Several servers on one PostgreSQL.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::Client;
use super::database::Database;
use super::mail_server::MailServer;
use super::patience::eventually;
use super::person::Person;
use super::rookery::{Installation, Rookery};

const DELIVERY: Duration = Duration::from_secs(20);
/// 32 random bytes; nodes share it as they share the database.
const SECRET: &str = "q6yQ1D3o0c6v1E5p7GgJtq0S3o5m1W2f9yZ4kX8bRnU=";

fn installation(database: Database) -> Installation {
    Installation::on(database).with("ROOKERY_SECRET_KEY", SECRET)
}

/// What all answer who ask at once, each through the next node.
fn at_once(nodes: &[Rookery], times: usize, ask: impl Fn(&Client, usize) -> u16 + Sync) -> Vec<u16> {
    thread::scope(|scope| {
        let asked: Vec<_> = (0..times)
            .map(|number| (number, &nodes[number % nodes.len()]))
            .collect();
        let ask = &ask;
        let answers: Vec<_> = asked
            .into_iter()
            .map(|(number, node)| scope.spawn(move || ask(node, number)))
            .collect();
        answers.into_iter().map(|answer| answer.join().unwrap()).collect()
    })
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|one| **one == status).count()
}

#[test]
fn four_nodes_may_start_at_once_on_an_empty_database() {
    let post = MailServer::start();
    // They also share a data directory, in which one of them makes the secret key for all.
    let installation = Installation::as_the_owner(Database::postgres()).mailing_to(&post);
    let mut nodes: Vec<Rookery> = (0..4).map(|_| installation.launch()).collect();
    for node in &mut nodes {
        node.come_up()
            .unwrap_or_else(|error| panic!("{error}; they wrote:\n{}", installation.log()));
    }
    let ada = Person::at_home(&nodes[0], "ada");
    for node in &nodes {
        assert_eq!(ada.me(node)["email"], json!(ada.email));
    }
    let applied = installation
        .database
        .rows("SELECT version FROM rookery_migrations ORDER BY version");
    let mut once = applied.clone();
    once.dedup();
    assert_eq!(applied, once);

    // Whichever of them takes a letter can open what any other has sealed.
    let people: Vec<Person> = (0..8).map(|number| Person::new(&format!("person{number}"))).collect();
    at_once(&nodes, people.len(), |node, number| {
        people[number].sign_up(node).unwrap().expect_status(201).status
    });
    for person in &people {
        post.mail_about(&person.email, "verify");
    }
}

// Proves: A39, A40
#[test]
fn a_token_an_address_and_a_session_are_one_for_all_nodes() {
    let post = MailServer::start();
    let installation = installation(Database::postgres()).mailing_to(&post);
    let nodes = [installation.start(), installation.start()];
    let mut ada = Person::at_home(&nodes[0], "ada");

    // One reset token, many at once: one wins.
    ada.forget_password(&nodes[0]).unwrap().expect_status(200);
    let token = post.mail_about(&ada.email, "reset").token();
    let password = |number: usize| format!("the password of attempt {number}");
    let statuses = at_once(&nodes, 8, |node, number| {
        Person::reset_password(node, &token, &password(number)).unwrap().status
    });
    assert_eq!((count(&statuses, 200), count(&statuses, 400)), (1, 7), "{statuses:?}");
    let winner = statuses.iter().position(|status| *status == 200).unwrap();
    ada.password = password(winner);
    ada.log_in(&nodes[1]);

    // One verification token, many at once: one wins.
    let eve = Person::new("eve");
    eve.sign_up(&nodes[1]).unwrap().expect_status(201);
    let token = json!({ "token": post.mail_about(&eve.email, "verify").token() });
    let statuses = at_once(&nodes, 8, |node, _| {
        node.post("/api/auth/verify-email", &token).send().status
    });
    assert_eq!((count(&statuses, 200), count(&statuses, 400)), (1, 7), "{statuses:?}");

    // One address in several spellings, many at once: one gets it.
    let spellings = [
        "new.one@example.com",
        "New.One@example.com",
        "NEW.ONE@EXAMPLE.COM",
        " new.one@Example.com",
    ];
    let statuses = at_once(&nodes, 8, |node, number| {
        let email = spellings[number % spellings.len()];
        node.post(
            "/api/auth/signup",
            &json!({ "email": email, "password": "a password of nobody" }),
        )
        .send()
        .status
    });
    assert_eq!((count(&statuses, 201), count(&statuses, 409)), (1, 7), "{statuses:?}");

    // One first edit, many at once: all succeed.
    let statuses = at_once(&nodes, 8, |node, number| {
        let edit = if number % 2 == 0 {
            json!({ "theme": "dark" })
        } else {
            json!({ "weeklyReports": true })
        };
        node.patch("/api/users/me", &edit).cookie(&ada.cookie).send().status
    });
    assert_eq!(count(&statuses, 200), 8, "{statuses:?}");
    let me = ada.me(&nodes[0]);
    assert_eq!(
        (&me["preferences"]["theme"], &me["preferences"]["weeklyReports"]),
        (&json!("dark"), &json!(true))
    );

    // A session that ends here has ended there.
    for (here, there) in [(0, 1), (1, 0)] {
        ada.log_in(&nodes[here]);
        assert!(Person::is_in(&nodes[there], &ada.cookie));
        Person::log_out(&nodes[here], &ada.cookie).unwrap().expect_status(200);
        assert!(!Person::is_in(&nodes[there], &ada.cookie), "signed out here, not there");
        ada.log_in(&nodes[here]);
        let elsewhere = ada.cookie.clone();
        ada.log_in(&nodes[here]);
        let next = format!("a password changed on node {here}");
        ada.change_password(&nodes[here], &next).unwrap().expect_status(200);
        assert!(
            !Person::is_in(&nodes[there], &elsewhere),
            "another session goes on there"
        );
        assert!(!ada.gets_in_with(&nodes[there], &ada.password));
        ada.password = next;
    }
    installation.database.assert_whole();
}

/// A request, its connection included, on a machine that is busy with other tests: what is measured is that nothing waits for
/// a cache to run out.
const NEXT_REQUEST: Duration = Duration::from_secs(5);

// Proves: A82
#[test]
fn a_session_ended_or_renewed_on_one_node_is_so_on_the_other_with_its_next_request() {
    let installation = installation(Database::postgres());
    let nodes = [installation.start(), installation.start()];
    let mut ada = Person::at_home(&nodes[0], "ada");
    for (here, there) in [(0, 1), (1, 0), (0, 1)] {
        let stolen = ada.cookie.clone();
        ada.log_in(&nodes[here]);
        let elsewhere = ada.cookie.clone();
        ada.log_in(&nodes[there]);
        for cookie in [&stolen, &elsewhere, &ada.cookie] {
            assert!(nodes.iter().all(|node| Person::is_in(node, cookie)));
        }

        // One is ended.
        let list = ada
            .get(&nodes[here], "/api/auth/sessions")
            .send()
            .expect_status(200)
            .json();
        let others: Vec<&Value> = list["sessions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|session| session["current"] == false)
            .collect();
        let named = nodes[there].get("/api/auth/session").cookie(&stolen).send().json()["session"]["id"].clone();
        assert!(others.iter().any(|session| session["id"] == named));
        let path = format!("/api/auth/sessions/{}", named.as_str().unwrap());
        nodes[here]
            .call("DELETE", &path)
            .cookie(&ada.cookie)
            .send()
            .expect_status(200);
        let ended = Instant::now();
        assert!(!Person::is_in(&nodes[there], &stolen), "ended here, not there");
        assert!(ended.elapsed() < NEXT_REQUEST, "{:?}", ended.elapsed());
        assert!(Person::is_in(&nodes[there], &elsewhere));

        // All others are.
        let ended = nodes[here]
            .post("/api/auth/sessions/revoke-others", &json!({}))
            .cookie(&ada.cookie)
            .send()
            .expect_status(200);
        assert!(ended.json()["ended"].as_u64().unwrap() >= 1);
        assert!(!Person::is_in(&nodes[there], &elsewhere), "ended here, not there");

        // The one that is left is renewed; of proofs on both nodes at once one wins, and its token alone is live.
        let proof = json!({ "password": ada.password });
        let held = ada.cookie.clone();
        let proofs = thread::scope(|scope| {
            let asked: Vec<_> = nodes
                .iter()
                .map(|node| {
                    let ask = || node.post("/api/auth/reauthenticate", &proof).cookie(&held).send();
                    scope.spawn(ask)
                })
                .collect();
            asked
                .into_iter()
                .map(|answer| answer.join().unwrap())
                .collect::<Vec<_>>()
        });
        let mut statuses: Vec<u16> = proofs.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
        let winner = proofs.iter().find(|answer| answer.status == 200).unwrap();
        ada.cookie = winner.cookie().unwrap();
        for node in &nodes {
            assert!(Person::is_in(node, &ada.cookie) && !Person::is_in(node, &held));
        }
    }

    // Of two sessions that end each other on two nodes at once, one is left.
    for _ in 0..4 {
        let here = ada.cookie.clone();
        ada.log_in(&nodes[1]);
        let both = [here, ada.cookie.clone()];
        let statuses = at_once(&nodes, 2, |node, number| {
            node.post("/api/auth/sessions/revoke-others", &json!({}))
                .cookie(&both[number])
                .send()
                .status
        });
        assert_eq!((count(&statuses, 200), count(&statuses, 401)), (1, 1), "{statuses:?}");
        let winner = statuses.iter().position(|status| *status == 200).unwrap();
        for node in &nodes {
            assert!(Person::is_in(node, &both[winner]) && !Person::is_in(node, &both[1 - winner]));
        }
        ada.cookie.clone_from(&both[winner]);
    }
    installation.database.assert_whole();
}

// Proves: A75
#[test]
fn two_workers_deliver_every_mail_once() {
    const PEOPLE: usize = 6;
    const LETTERS: usize = 10;
    let post = MailServer::start();
    let installation = installation(Database::postgres()).mailing_to(&post);
    let nodes = [installation.start(), installation.start()];
    let people: Vec<Person> = (0..PEOPLE)
        .map(|number| Person::new(&format!("person{number}")))
        .collect();
    at_once(&nodes, PEOPLE, |node, number| {
        people[number].sign_up(node).unwrap().expect_status(201).status
    });
    at_once(&nodes, PEOPLE, |node, number| {
        for _ in 0..LETTERS {
            people[number].forget_password(node).unwrap().expect_status(200);
        }
        200
    });
    eventually(DELIVERY, "all mails are sent", || {
        (installation.database.queued_mails() == 0).then_some(())
    });
    // A second copy would come with the next rounds of the workers.
    thread::sleep(Duration::from_millis(1_500));
    let mut copies: BTreeMap<String, u32> = BTreeMap::new();
    for mail in post.mails() {
        *copies.entry(mail.id()).or_default() += 1;
    }
    assert_eq!(copies.len(), PEOPLE * (1 + LETTERS));
    assert!(copies.values().all(|copies| *copies == 1), "{copies:?}");
}

#[test]
fn a_rolling_restart_behind_a_balancer_fails_no_request() {
    let installation = installation(Database::postgres()).with("ROOKERY_SHUTDOWN_DELAY", "1s");
    let mut old = vec![installation.start(), installation.start()];
    let ada = Person::at_home(&old[0], "ada");
    let clients: Vec<Client> = old.iter().map(|node| Client::clone(node)).collect();
    let balancer = Balancer {
        nodes: Mutex::new(clients.clone()),
        ready: Mutex::new(clients),
        over: AtomicBool::new(false),
    };
    let mut new = Vec::new();
    let served = thread::scope(|scope| {
        scope.spawn(|| balancer.watch());
        let users: Vec<_> = (0..3)
            .map(|user| {
                scope.spawn({
                    let (balancer, ada) = (&balancer, &ada);
                    move || balancer.serve(user, ada)
                })
            })
            .collect();
        while let Some(mut node) = old.pop() {
            node.terminate();
            let status = node.ended_within(Duration::from_secs(20)).expect("it ends");
            assert!(status.success(), "{status}");
            let node = installation.start();
            balancer.nodes.lock().unwrap().push(Client::clone(&node));
            new.push(node);
            thread::sleep(Duration::from_millis(300));
        }
        balancer.over.store(true, Ordering::Relaxed);
        users.into_iter().map(|user| user.join().unwrap()).sum::<u32>()
    });
    assert!(served > 100, "only {served} requests");
}

/// Sends requests to the nodes that were ready a moment ago, as a load balancer does.
struct Balancer {
    nodes: Mutex<Vec<Client>>,
    ready: Mutex<Vec<Client>>,
    over: AtomicBool,
}

impl Balancer {
    fn watch(&self) {
        while !self.over.load(Ordering::Relaxed) {
            let nodes = self.nodes.lock().unwrap().clone();
            let is_ready = |node: &Client| {
                node.get("/api/health/ready")
                    .attempt()
                    .is_ok_and(|answer| answer.status == 200)
            };
            let ready = nodes.into_iter().filter(is_ready).collect();
            *self.ready.lock().unwrap() = ready;
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Reads a profile over and over; how often.
    fn serve(&self, user: usize, ada: &Person) -> u32 {
        let mut served = 0;
        while !self.over.load(Ordering::Relaxed) {
            let node = {
                let ready = self.ready.lock().unwrap();
                ready.get((user + served as usize) % ready.len().max(1)).cloned()
            };
            let node = node.expect("one node is always ready");
            ada.get(&node, "/api/users/me").send().expect_status(200);
            served += 1;
        }
        served
    }
}
