//! Starting: with nothing configured, again, in production, where somebody else listens.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::json;

use super::tell;
use crate::binary::mail_server::MailServer;
use crate::binary::patience::eventually;
use crate::binary::person::Person;
use crate::binary::rookery::{Installation, free_port};

// Proves: ASVS 6.3.2
#[test]
fn with_nothing_configured_it_serves_and_says_where_to_look() {
    let installation = Installation::bare().with("ROOKERY_LOG", "debug");
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let log = installation.log();
    assert!(log.contains(&format!("http://localhost:{}", rookery.port())), "{log}");
    assert!(log.contains("/dev/mailbox") && log.contains("/api/docs"), "{log}");
    rookery.get("/dev/mailbox").send().expect_status(200);
    let mails = eventually(Duration::from_secs(10), "a mail in the mailbox", || {
        let mails = rookery
            .get(&format!("/dev/mailbox.json?to={}", ada.email))
            .send()
            .expect_status(200)
            .json();
        let mails = mails.as_array().or_else(|| mails["mails"].as_array()).cloned().unwrap();
        (!mails.is_empty()).then_some(mails)
    });
    assert_eq!(mails.len(), 1);
    let log = installation.log();
    assert!(
        !log.contains("token=") && !log.contains(&ada.email),
        "the mail is in the log:\n{log}"
    );
    assert!(installation.data_dir().join("rookery.db").is_file());
    assert!(installation.data_dir().join("secret.key").is_file());
}

#[test]
fn nobody_but_its_owner_may_read_what_it_makes_even_where_others_may_look_into_the_directory() {
    let installation = Installation::bare();
    std::fs::create_dir(installation.data_dir()).unwrap();
    std::fs::set_permissions(installation.data_dir(), Permissions::from_mode(0o755)).unwrap();
    let rookery = installation.start();
    Person::at_home(&rookery, "ada");
    let mut found = 0;
    for entry in std::fs::read_dir(installation.data_dir()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{entry:?}");
        found += 1;
    }
    assert!(found >= 3, "the database, its log of writes, and the key");
}

// Proves: ASVS 13.3.2
#[test]
fn a_second_start_on_the_same_data_keeps_the_secret_and_everything_else() {
    let post = MailServer::start();
    // A mail that is queued at the first start, when nobody listens, is opened and sent at the second.
    let installation = Installation::bare().with_smtp(free_port());
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let key = std::fs::read(installation.data_dir().join("secret.key")).unwrap();
    rookery.terminate();
    let mut rookery = rookery;
    assert!(
        rookery
            .ended_within(Duration::from_secs(15))
            .expect("it ends")
            .success()
    );

    let installation = installation.mailing_to(&post);
    let rookery = installation.start();
    assert_eq!(std::fs::read(installation.data_dir().join("secret.key")).unwrap(), key);
    assert!(Person::is_in(&rookery, &ada.cookie), "a session outlives a restart");
    let token = post.mail_about(&ada.email, "verify").token();
    rookery
        .post("/api/auth/verify-email", &json!({ "token": token }))
        .send()
        .expect_status(200);
}

// Proves: ASVS 13.4.2, 15.2.3
#[test]
fn in_production_there_is_no_development_mailbox() {
    let post = MailServer::start();
    let installation = Installation::bare()
        .with("ROOKERY_PROFILE", "production")
        .with("ROOKERY_PUBLIC_URL", "https://accounts.example.com")
        .with("ROOKERY_SECRET_KEY", "q6yQ1D3o0c6v1E5p7GgJtq0S3o5m1W2f9yZ4kX8bRnU=")
        .with("ROOKERY_SHUTDOWN_DELAY", "0s")
        .mailing_to(&post);
    tell(&installation, &["check-config"]).done();
    let rookery = installation.start();
    for path in ["/dev/mailbox", "/dev/mailbox.json?to=ada@example.com"] {
        rookery.get(path).send().expect_status(404);
    }
    let mut ada = Person::new("ada");
    ada.sign_up(&rookery).unwrap().expect_status(201);
    let answer = ada.log_in(&rookery);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
}

#[test]
fn an_address_somebody_listens_on_is_refused_before_anything_is_made() {
    let installation = Installation::bare();
    let rookery = installation.start();
    let other = Installation::bare();
    let listen = format!("127.0.0.1:{}", rookery.port());
    let said = tell(&other, &["serve", "--listen", &listen]).failed(1);
    assert!(said.contains(&listen), "{said}");
    assert!(
        !other.data_dir().exists(),
        "the database was made for a server that cannot listen"
    );
}
