//! The main job from one end to the other, with real mail, and what it leaves in the log.

use std::time::Duration;

use serde_json::json;

use super::database::Database;
use super::mail::Mail;
use super::mail_server::MailServer;
use super::patience::eventually;
use super::person::Person;
use super::rookery::{Installation, Rookery};

on_both_databases!(a_person_goes_the_whole_way_with_real_mail);

const DELIVERY: Duration = Duration::from_secs(20);
const USER_AGENT: &str = "Mozilla/5.0 (an unmistakable browser)";

fn a_person_goes_the_whole_way_with_real_mail(database: Database) {
    goes_the_whole_way(database);
}

// Proves: ASVS 13.2.2
#[test]
fn a_role_that_owns_nothing_serves_the_whole_way_and_cannot_change_the_schema() {
    let database = goes_the_whole_way(Database::postgres());
    for (refused, complaint) in [
        ("CREATE TABLE mine ()", "permission denied for schema public"),
        (
            "CREATE TEMPORARY TABLE mine ()",
            "permission denied to create temporary tables",
        ),
        ("ALTER TABLE users ADD COLUMN mine int", "must be owner of table users"),
        (
            "ALTER TABLE users NO FORCE ROW LEVEL SECURITY",
            "must be owner of table users",
        ),
        ("DROP POLICY rookery_own ON users", "must be owner of relation users"),
        ("TRUNCATE users CASCADE", "permission denied for table users"),
        ("DROP TABLE rookery_sessions", "must be owner of table rookery_sessions"),
        (
            "DELETE FROM rookery_migrations",
            "permission denied for table rookery_migrations",
        ),
    ] {
        let told = database.as_the_service(refused);
        assert!(told.contains(complaint), "{refused}: {told}");
    }
    assert_eq!(
        database.as_the_service("SELECT count(*) FROM users"),
        "0",
        "it says not for whom"
    );
    assert_eq!(database.count("SELECT count(*) FROM users"), 1);
}

/// Plays it and gives the database back.
fn goes_the_whole_way(database: Database) -> Database {
    let post = MailServer::start();
    let installation = Installation::on(database)
        .mailing_to(&post)
        .with("ROOKERY_LOG", "trace");
    let rookery = installation.start();
    let mut walk = Walk {
        post,
        rookery,
        ada: Person::new("ada.lovelace"),
        device: "did=".to_owned(),
        secrets: Vec::new(),
    };
    walk.keep_secret(USER_AGENT);
    walk.keep_secret(&walk.ada.email.clone());
    walk.signs_up_and_verifies();
    walk.logs_in_and_edits_the_profile();
    let others = walk.changes_the_password();
    walk.forgets_and_resets_it(&others);
    walk.logs_out();

    let log = installation.log();
    assert!(log.contains("/api/auth/login"), "the log tells of requests:\n{log}");
    for secret in &walk.secrets {
        assert!(!log.contains(secret), "{secret:?} is in the log:\n{log}");
    }
    drop(walk);
    installation.into_database()
}

struct Walk {
    post: MailServer,
    rookery: Rookery,
    ada: Person,
    /// The cookie her device is known by, once she has logged in on it.
    device: String,
    /// What must not be in the log.
    secrets: Vec<String>,
}

impl Walk {
    fn keep_secret(&mut self, secret: &str) {
        self.secrets.push(secret.to_owned());
    }

    /// Logs in on the one device Ada has, so that no mail warns her of it.
    fn log_in(&mut self) -> String {
        self.keep_secret(&self.ada.password.clone());
        let body = json!({ "email": self.ada.email, "password": self.ada.password });
        let answer = self
            .rookery
            .post("/api/auth/login", &body)
            .header("user-agent", USER_AGENT)
            .cookie(&self.device)
            .send()
            .expect_status(200);
        for cookie in answer.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.keep_secret(value);
            if name == "did" {
                pair.clone_into(&mut self.device);
            }
        }
        answer.cookie().unwrap()
    }

    /// The n-th mail to Ada, once exactly so many have arrived.
    #[track_caller]
    fn mail(&mut self, number: usize) -> Mail {
        let mails = eventually(DELIVERY, &format!("mail number {number}"), || {
            Some(self.post.mails_to(&self.ada.email)).filter(|mails| mails.len() >= number)
        });
        assert_eq!(mails.len(), number, "more mails than there should be");
        let mail = mails[number - 1].clone();
        assert_is_well_formed(&mail);
        if mail.link().is_some() {
            self.keep_secret(&mail.token());
        }
        mail
    }

    /// Opens the page behind a mail's link as mail scanners do.
    fn scan(&self, mail: &Mail) {
        let link = mail.link().unwrap();
        assert!(
            link.starts_with(&format!("http://localhost:{}/", self.rookery.port())),
            "{link}"
        );
        for _ in 0..3 {
            let page = self.rookery.get(&link).send().expect_status(200);
            assert!(page.header("content-type").unwrap().starts_with("text/html"));
            assert!(
                self.rookery
                    .call("HEAD", &link)
                    .send()
                    .expect_status(200)
                    .body
                    .is_empty()
            );
        }
    }

    fn signs_up_and_verifies(&mut self) {
        let account = self.ada.sign_up(&self.rookery).unwrap().expect_status(201).json();
        assert_eq!(account["user"]["email"], json!(self.ada.email));
        let mail = self.mail(1);
        self.scan(&mail);
        let body = json!({ "token": mail.token() });
        let answer = self
            .rookery
            .post("/api/auth/verify-email", &body)
            .send()
            .expect_status(200);
        assert_eq!(answer.json()["data"]["email"], json!(self.ada.email));
        let again = self
            .rookery
            .post("/api/auth/verify-email", &body)
            .send()
            .expect_status(400);
        assert_eq!(again.code(), "TOKEN_ALREADY_USED");
        assert!(self.mail(2).is_about("welcome"));
    }

    fn logs_in_and_edits_the_profile(&mut self) {
        self.ada.cookie = self.log_in();
        let me = self.ada.me(&self.rookery);
        assert_eq!(me["email"], json!(self.ada.email));
        assert_eq!(me["emailVerified"], json!(true));
        assert_eq!(me["preferences"]["theme"], json!("system"));
        assert_eq!(me["roles"], json!(["owner"]));
        assert!(me["tenantId"].is_string());
        let edit = json!({ "givenName": "Augusta Ada", "theme": "dark", "weeklyReports": true });
        let answer = self
            .rookery
            .patch("/api/users/me", &edit)
            .cookie(&self.ada.cookie)
            .send()
            .expect_status(200);
        assert_eq!(answer.json()["givenName"], "Augusta Ada");
        let me = self.ada.me(&self.rookery);
        assert_eq!(me["preferences"]["theme"], json!("dark"));
        assert_eq!(me["preferences"]["weeklyReports"], json!(true));
        assert_eq!(me["preferences"]["language"], json!("en"));
        assert_eq!(me["name"], json!("Ada Lovelace"));
    }

    /// Answers the cookies of the two sessions there are afterwards: the renewed one, and one that was there before.
    fn changes_the_password(&mut self) -> [String; 2] {
        let elsewhere = self.log_in();
        let next = "the second password of ada";
        let session = self.ada.cookie.clone();
        self.ada.cookie = format!("{session}; {}", self.device);
        let answer = self
            .ada
            .change_password(&self.rookery, next)
            .unwrap()
            .expect_status(200);
        let before = std::mem::replace(&mut self.ada.cookie, answer.cookie().unwrap());
        self.keep_secret(self.ada.cookie.clone().split_once('=').unwrap().1);
        next.clone_into(&mut self.ada.password);
        assert!(
            !Person::is_in(&self.rookery, &before),
            "the session goes on under a new token"
        );
        assert!(!Person::is_in(&self.rookery, &elsewhere), "all other sessions are over");
        assert!(Person::is_in(&self.rookery, &self.ada.cookie));
        let mail = self.mail(3);
        assert!(mail.is_about("password"));
        assert!(
            mail.text().contains("/undo?token=und_"),
            "it helps whoever did not do it: {}",
            mail.text()
        );
        [self.ada.cookie.clone(), self.log_in()]
    }

    fn forgets_and_resets_it(&mut self, sessions: &[String; 2]) {
        self.ada.forget_password(&self.rookery).unwrap().expect_status(200);
        let mail = self.mail(4);
        self.scan(&mail);
        let next = "the third password of ada";
        let answer = Person::reset_password(&self.rookery, &mail.token(), next)
            .unwrap()
            .expect_status(200);
        assert_eq!(answer.cookie(), None, "nobody is logged in by a reset");
        for cookie in sessions {
            assert!(!Person::is_in(&self.rookery, cookie));
        }
        let again = Person::reset_password(&self.rookery, &mail.token(), next)
            .unwrap()
            .expect_status(400);
        assert_eq!(again.json()["error"], json!("Invalid or expired reset token"));
        assert!(!self.ada.gets_in_with(&self.rookery, &self.ada.password));
        self.keep_secret(&self.ada.password.clone());
        next.clone_into(&mut self.ada.password);
        assert!(self.mail(5).is_about("password"));
    }

    fn logs_out(&mut self) {
        let cookie = self.log_in();
        assert!(Person::is_in(&self.rookery, &cookie));
        let answer = Person::log_out(&self.rookery, &cookie).unwrap().expect_status(200);
        let cleared = answer.header("set-cookie").unwrap();
        assert!(
            cleared.starts_with("sid=;") && cleared.contains("Max-Age=0"),
            "{cleared}"
        );
        assert!(!Person::is_in(&self.rookery, &cookie));
    }
}

/// What every mail has, so that mail servers and people can tell it from rubbish.
fn assert_is_well_formed(mail: &Mail) {
    let id = mail.id();
    assert!(
        id.starts_with('<') && id.ends_with('>') && id.contains('@'),
        "Message-ID: {id}"
    );
    let header = |name: &str| mail.header(name).unwrap_or_else(|| panic!("no {name}"));
    let date = header("date");
    assert!(date.ends_with("+0000") || date.ends_with("GMT"), "Date: {date}");
    assert!(header("content-type").starts_with("multipart/alternative"));
    assert_eq!(header("auto-submitted"), "auto-generated");
    assert!(header("from").contains("no-reply@rookery.example"));
    assert_eq!(header("to").trim_matches(['<', '>']), mail.recipient());
    assert!(!header("subject").is_empty());
    assert!(mail.text().len() > 40 && mail.html().contains('<'), "{mail:?}");
    if let Some(link) = mail.link() {
        // Slashes may be written as entities in HTML.
        let html = mail.html().replace("&#x2f;", "/");
        assert!(html.contains(&link), "the link is not in {html}");
    }
}
