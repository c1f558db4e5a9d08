//! The mail server is gone, refuses, hangs or forgets to answer: nobody who uses the service notices, and the mail comes
//! when it can.

use std::time::{Duration, Instant};

use rookery_testkit::smtp::{ScriptedSmtp, SmtpBehaviour, SmtpStage};

use super::client::Client;
use super::database::Database;
use super::mail::Mail;
use super::mail_server::MailServer;
use super::patience::eventually;
use super::person::Person;
use super::rookery::{Installation, free_port};

on_both_databases!(
    no_trouble_with_mail_is_felt_by_those_who_use_the_service_and_no_mail_is_lost,
    a_recipient_who_is_refused_for_good_does_not_hold_up_the_others,
    a_mail_whose_receipt_was_lost_comes_once_more_and_is_the_same_mail,
);

/// Longest wait for a mail after the mail server is well: the pauses after the first failures, and what is under way.
const DELIVERY: Duration = Duration::from_secs(45);
/// Longest answer of a request that sends mail: less than a mail server is waited for, and a hash on a busy machine.
const ANSWER: Duration = Duration::from_secs(4);

/// The requests that cause mail answer as always, and soon.
fn sign_up_and_forget(client: &Client, name: &str) -> Person {
    let person = Person::new(name);
    let answer = person.sign_up(client).unwrap().expect_status(201);
    assert!(answer.took < ANSWER, "sign-up took {:?}", answer.took);
    let answer = person.forget_password(client).unwrap().expect_status(200);
    assert!(answer.took < ANSWER, "forgot took {:?}", answer.took);
    person
}

/// The mails that came over the wire, whether or not the server took them.
fn transmitted_to(smtp: &ScriptedSmtp, person: &Person) -> Vec<Mail> {
    let mails = smtp.transmitted().into_iter().map(Mail::from);
    mails.filter(|mail| mail.recipient() == person.email).collect()
}

fn no_trouble_with_mail_is_felt_by_those_who_use_the_service_and_no_mail_is_lost(database: Database) {
    let smtp = ScriptedSmtp::start();
    let installation = Installation::on(database).with_smtp(smtp.address().port());
    let rookery = installation.start();
    let troubles = [
        (
            "later",
            SmtpBehaviour::Answer {
                at: SmtpStage::Recipient,
                code: 450,
            },
        ),
        (
            "busy",
            SmtpBehaviour::Answer {
                at: SmtpStage::Greeting,
                code: 421,
            },
        ),
        ("gone", SmtpBehaviour::Drop { at: SmtpStage::Sender }),
        (
            "silent",
            SmtpBehaviour::Hang {
                at: SmtpStage::Greeting,
            },
        ),
    ];
    let mut people = Vec::new();
    for (name, trouble) in troubles {
        smtp.behave(trouble);
        // Whoever is connected has been greeted before.
        smtp.close_connections();
        let person = sign_up_and_forget(&rookery, name);
        eventually(DELIVERY, "the worker runs into it", || {
            let attempted = "(attempts > 0 OR lease_until IS NOT NULL)";
            let whose = format!("recipient = '{}'", person.email);
            let query = format!("SELECT count(*) FROM rookery_outbox WHERE {whose} AND {attempted}");
            (installation.database.count(&query) > 0).then_some(())
        });
        people.push(person);
    }
    assert!(smtp.received().is_empty());
    rookery.get("/api/health/ready").send().expect_status(200);

    smtp.behave(SmtpBehaviour::Accept);
    // Whoever was talked to by a server that has fallen silent need not wait for it to the end.
    smtp.close_connections();
    installation.database.let_pauses_run_out();
    eventually(DELIVERY, "every mail is delivered", || {
        (installation.database.queued_mails() == 0).then_some(())
    });
    for person in &people {
        let mails = transmitted_to(&smtp, person);
        assert_eq!(mails.len(), 2, "one mail of each kind to {}, and once", person.email);
        let is_reset = |mail: &&Mail| mail.link().unwrap().contains("/reset-password");
        let reset = mails.iter().find(is_reset).unwrap();
        Person::reset_password(&rookery, &reset.token(), "a password set by mail")
            .unwrap()
            .expect_status(200);
    }
}

// Proves: A75
fn a_mail_whose_receipt_was_lost_comes_once_more_and_is_the_same_mail(database: Database) {
    let smtp = ScriptedSmtp::start();
    let installation = Installation::on(database).with_smtp(smtp.address().port());
    let rookery = installation.start();
    let ada = Person::new("ada");
    ada.sign_up(&rookery).unwrap().expect_status(201);
    let first = smtp.wait_for(1, DELIVERY).len();

    smtp.behave(SmtpBehaviour::Drop { at: SmtpStage::Content });
    ada.forget_password(&rookery).unwrap().expect_status(200);
    eventually(DELIVERY, "the mail comes over the wire", || {
        (transmitted_to(&smtp, &ada).len() > first).then_some(())
    });
    smtp.behave(SmtpBehaviour::Accept);
    eventually(DELIVERY, "the mail is delivered", || {
        (installation.database.queued_mails() == 0).then_some(())
    });
    let mails = transmitted_to(&smtp, &ada);
    let [_, lost, again] = mails.as_slice() else {
        panic!("{} mails", mails.len());
    };
    assert_eq!((lost.id(), lost.token()), (again.id(), again.token()));
    Person::reset_password(&rookery, &again.token(), "a password set by mail")
        .unwrap()
        .expect_status(200);
}

fn a_recipient_who_is_refused_for_good_does_not_hold_up_the_others(database: Database) {
    let smtp = ScriptedSmtp::start();
    let installation = Installation::on(database).with_smtp(smtp.address().port());
    let rookery = installation.start();
    smtp.behave(SmtpBehaviour::Refuse {
        recipient: "nobody@example.com".to_owned(),
        code: 550,
    });
    let nobody = sign_up_and_forget(&rookery, "nobody");
    let ada = sign_up_and_forget(&rookery, "ada");
    let taken = smtp.wait_for(2, DELIVERY);
    assert!(taken.iter().all(|mail| mail.to == [ada.email.clone()]));
    eventually(DELIVERY, "the refused mails are given up", || {
        (installation.database.queued_mails() == 0).then_some(())
    });
    let states = installation
        .database
        .rows("SELECT state, count(*) FROM rookery_outbox GROUP BY state ORDER BY state");
    assert_eq!(states, [["abandoned", "2"], ["sent", "2"]]);
    // The account is as good as any.
    assert!(nobody.gets_in_with(&rookery, &nobody.password));
    let log = installation.log();
    assert!(log.contains("never be delivered"), "{log}");
    assert!(
        !log.contains("nobody@example.com"),
        "what the mail server quoted is in the log:\n{log}"
    );
}

#[test]
fn mail_waits_for_a_mail_server_that_is_not_there_yet() {
    let port = free_port();
    let installation = Installation::on(Database::sqlite()).with_smtp(port);
    let rookery = installation.start();
    let ada = sign_up_and_forget(&rookery, "ada");
    eventually(DELIVERY, "a failed attempt", || {
        (installation.database.count("SELECT min(attempts) FROM rookery_outbox") > 0).then_some(())
    });
    let back = Instant::now();
    let server = MailServer::start_on(port);
    eventually(DELIVERY, "both mails", || {
        (server.mails_to(&ada.email).len() == 2).then_some(())
    });
    assert!(back.elapsed() < DELIVERY);
}
