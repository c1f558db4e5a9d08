use futures_executor::block_on;
use rookery_domain::{EmailAddress, MailId};

use super::*;
use crate::Letter;
use crate::fixture::{Workshop, email, reader, user};
use crate::mocks::GlassSealer;
use crate::ports::{Addressee, MockMailer, MockOutbox, Sealer};

fn claimed(workshop: &Workshop, attempts: u32) -> ClaimedMail {
    let letter = Letter::Welcome {
        name: None,
        home: "https://app.example.com/".to_owned(),
    };
    let mail = workshop
        .post_room
        .write(
            &letter,
            Addressee::Person {
                user: user(),
                email: email(),
                reader: reader(),
            },
            workshop.now(),
        )
        .unwrap();
    ClaimedMail {
        id: mail.id,
        to: email(),
        sealed: mail.sealed,
        attempts,
        created: mail.created,
        expires: mail.expires,
    }
}

fn run(
    workshop: &Workshop,
    mail: ClaimedMail,
    mailer: MockMailer,
    expected: impl Fn(&Settlement) -> bool + Send + 'static,
) -> Delivered {
    let now = workshop.now();
    let id: MailId = mail.id;
    let mut outbox = MockOutbox::new();
    outbox
        .expect_claim()
        .times(1)
        .withf(move |claim| claim.now == now && claim.lease_until > now)
        .return_once(move |_| Ok(vec![mail]));
    outbox
        .expect_settle()
        .times(1)
        .withf(move |mail, settlement, _| *mail == id && expected(settlement))
        .returning(|_, _, _| Ok(()));
    let service = DeliveryService {
        outbox: Arc::new(outbox),
        sealer: Arc::new(GlassSealer),
        mailer: Arc::new(mailer),
        mint: workshop.mint.clone(),
    };
    block_on(service.deliver_due()).unwrap()
}

fn mailer_answering(answer: fn() -> Result<(), MailerError>) -> MockMailer {
    let mut mailer = MockMailer::new();
    mailer.expect_deliver().times(1).returning(move |_| answer());
    mailer
}

#[test]
fn a_mail_is_opened_delivered_and_settled() {
    let workshop = Workshop::open();
    let mail = claimed(&workshop, 0);
    let id = mail.id;
    let mut mailer = MockMailer::new();
    mailer
        .expect_deliver()
        .times(1)
        .withf(move |envelope| {
            envelope.id == id
                && envelope.to == email()
                && envelope.reader == reader()
                && matches!(envelope.letter, Letter::Welcome { .. })
        })
        .returning(|_| Ok(()));
    let delivered = run(&workshop, mail, mailer, |settlement| *settlement == Settlement::Sent);
    assert_eq!((delivered.sent, delivered.total()), (1, 1));
}

#[test]
fn a_server_that_is_away_is_asked_again_later_and_later() {
    for (attempts, at_least, at_most) in [(0, 2, 5), (3, 20, 40), (30, 1800, 3600)] {
        let workshop = Workshop::open();
        let now = workshop.now();
        let mail = claimed(&workshop, attempts);
        let mailer = mailer_answering(|| Err(MailerError::Temporary("connection refused".to_owned())));
        let delivered = run(&workshop, mail, mailer, move |settlement| match settlement {
            Settlement::Retry { next_attempt, .. } => {
                (Duration::seconds(at_least)..=Duration::seconds(at_most)).contains(&(*next_attempt - now))
            }
            _ => false,
        });
        assert_eq!(delivered.postponed, 1);
    }
}

#[test]
fn a_server_that_refuses_for_good_is_not_asked_again() {
    let workshop = Workshop::open();
    let mailer = mailer_answering(|| Err(MailerError::Permanent("550 no such mailbox".to_owned())));
    let delivered = run(&workshop, claimed(&workshop, 0), mailer, |settlement| {
        matches!(settlement, Settlement::Abandoned { .. })
    });
    assert_eq!(delivered.abandoned, 1);
}

#[test]
fn a_mail_that_is_too_late_or_makes_no_sense_is_never_sent() {
    let workshop = Workshop::open();
    let late = ClaimedMail {
        expires: workshop.now(),
        ..claimed(&workshop, 0)
    };
    let mut senseless = claimed(&workshop, 0);
    senseless.sealed = GlassSealer
        .seal(b"{\"kind\":\"poem\"}", &senseless.id.to_string())
        .unwrap();
    for mail in [late, senseless] {
        let mut mailer = MockMailer::new();
        mailer.expect_deliver().never();
        run(&workshop, mail, mailer, |settlement| {
            matches!(settlement, Settlement::Abandoned { .. })
        });
    }
}

#[test]
fn a_mail_sealed_with_a_key_this_node_does_not_hold_waits_for_it() {
    let workshop = Workshop::open();
    let foreign = ClaimedMail {
        sealed: b"another context\0{}".to_vec(),
        ..claimed(&workshop, 0)
    };
    let mut mailer = MockMailer::new();
    mailer.expect_deliver().never();
    run(&workshop, foreign, mailer, |settlement| {
        matches!(settlement, Settlement::Retry { .. })
    });
}

#[test]
fn one_bad_recipient_does_not_hold_the_others_up() {
    let workshop = Workshop::open();
    let bad = EmailAddress::parse("gone@example.com").unwrap();
    let mails = vec![
        ClaimedMail {
            to: bad.clone(),
            ..claimed(&workshop, 0)
        },
        claimed(&workshop, 0),
    ];
    let mut outbox = MockOutbox::new();
    outbox.expect_claim().return_once(move |_| Ok(mails));
    outbox.expect_settle().times(2).returning(|_, _, _| Ok(()));
    let mut mailer = MockMailer::new();
    mailer.expect_deliver().times(2).returning(move |envelope| {
        if envelope.to == bad {
            Err(MailerError::Permanent("550".to_owned()))
        } else {
            Ok(())
        }
    });
    let service = DeliveryService {
        outbox: Arc::new(outbox),
        sealer: Arc::new(GlassSealer),
        mailer: Arc::new(mailer),
        mint: workshop.mint.clone(),
    };
    let delivered = block_on(service.deliver_due()).unwrap();
    assert_eq!((delivered.sent, delivered.abandoned), (1, 1));
}
