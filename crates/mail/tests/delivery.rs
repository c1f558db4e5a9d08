//! Letters on their way: to a mail server that does what it is told, and to the development mailbox.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rookery_core::ports::{Envelope, Mailer, MailerError};
use rookery_core::{Letter, LetterKind, Reader};
use rookery_domain::{EmailAddress, MailId, Timestamp};
use rookery_mail::{Brand, DevMailbox, Sender, SmtpMailer, SmtpServer, Templates};
use rookery_testkit::smtp::{ScriptedSmtp, SmtpBehaviour, SmtpOffer, SmtpStage, authority_pem};
use rookery_words::Words;

const TOKEN: &str = "rst_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

fn templates() -> Arc<Templates> {
    let words = Arc::new(Words::built_in().unwrap());
    Arc::new(Templates::new(Brand::named("Rookery"), words).unwrap())
}

fn mailer(url: &str) -> SmtpMailer {
    let server = SmtpServer::parse(url).unwrap();
    let sender = Sender::parse("Rookery Müller <no-reply@mail.example.com>").unwrap();
    SmtpMailer::new(server, sender, templates()).with_timeouts(Duration::from_secs(5), Duration::from_secs(20))
}

fn envelope_to(address: &str, number: u8) -> Envelope {
    let written = Timestamp::from_timestamp(1_761_566_400, 0).unwrap();
    Envelope {
        id: MailId::new(written, &[number; 10]),
        to: EmailAddress::parse(address).unwrap(),
        letter: Letter::ResetPassword {
            name: Some("Grace Höpper\r\n.\r\nRSET".to_owned()),
            link: format!("https://app.example.com/reset-password?token={TOKEN}"),
            code: None,
            expires: written + Duration::from_hours(1),
        },
        reader: Reader::default(),
        written,
    }
}

fn envelope() -> Envelope {
    envelope_to("ada@example.com", 7)
}

/// The text of a temporary failure.
async fn postponed(mailer: &SmtpMailer) -> String {
    match mailer.deliver(&envelope()).await.unwrap_err() {
        MailerError::Temporary(text) => text,
        MailerError::Permanent(text) => panic!("permanent: {text}"),
    }
}

/// The text of a permanent failure.
async fn abandoned(mailer: &SmtpMailer) -> String {
    match mailer.deliver(&envelope()).await.unwrap_err() {
        MailerError::Permanent(text) => text,
        MailerError::Temporary(text) => panic!("temporary: {text}"),
    }
}

fn answer(server: &ScriptedSmtp, at: SmtpStage, code: u16) {
    server.behave(SmtpBehaviour::Answer { at, code });
}

/// A file with the certificate of the servers' authority.
fn authority() -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("authority-{}.pem", std::process::id()));
    fs::write(&path, authority_pem()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_letter_arrives_whole_and_with_the_headers_it_needs() {
    let server = ScriptedSmtp::start();
    mailer(&server.url()).deliver(&envelope()).await.unwrap();
    let received = server.received();
    let [mail] = received.as_slice() else {
        panic!("{received:?}")
    };
    assert_eq!(mail.from, "no-reply@mail.example.com");
    assert_eq!(mail.to, ["ada@example.com"]);
    assert_eq!(mail.subject(), "Reset your password for Rookery");
    let header = |name: &str| mail.header(name).unwrap_or_default();
    assert_eq!(header("To"), "ada@example.com");
    assert!(
        header("From").ends_with("<no-reply@mail.example.com>"),
        "{}",
        header("From")
    );
    assert_eq!(header("Message-ID"), format!("<{}@mail.example.com>", envelope().id));
    assert_eq!(header("Date"), "Mon, 27 Oct 2025 12:00:00 +0000");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Content-Language"), "en");
    assert!(header("Content-Type").starts_with("multipart/alternative"));
    let raw = String::from_utf8_lossy(&mail.raw);
    assert!(
        raw.contains("Content-Type: text/plain; charset=utf-8; format=flowed\r\n"),
        "{raw}"
    );
    assert!(raw.contains("Content-Type: text/html; charset=utf-8\r\n"));
    assert_eq!(mail.header("Bcc"), None);
    assert!(
        mail.text().starts_with("Hello Grace Höpper . RSET,\n"),
        "{}",
        mail.text()
    );
    assert_eq!(mail.token().as_deref(), Some(TOKEN));
    assert!(mail.html().contains("Set a new password"));
    assert!(mail.raw.is_ascii(), "every server can carry it");
    assert!(mail.raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
}

#[tokio::test]
async fn a_letter_says_which_language_it_is_in() {
    let server = ScriptedSmtp::start();
    let reader = Reader::told(Some("es"), None);
    let envelope = Envelope { reader, ..envelope() };
    mailer(&server.url()).deliver(&envelope).await.unwrap();
    let mail = &server.received()[0];
    assert_eq!(mail.header("Content-Language").as_deref(), Some("es"));
    assert_eq!(mail.subject(), "Restablece tu contraseña de Rookery");
    assert!(mail.html().contains("<html lang=\"es\" dir=\"ltr\"") && mail.raw.is_ascii());
}

#[tokio::test]
async fn a_second_copy_is_the_same_to_the_byte() {
    let server = ScriptedSmtp::start();
    server.behave(SmtpBehaviour::Drop { at: SmtpStage::Content });
    postponed(&mailer(&server.url())).await;
    server.behave(SmtpBehaviour::Accept);
    mailer(&server.url()).deliver(&envelope()).await.unwrap();
    let transmitted = server.transmitted();
    assert_eq!(transmitted.len(), 2);
    assert_eq!(transmitted[0].raw, transmitted[1].raw);
}

#[tokio::test]
async fn letters_one_after_another_share_a_connection() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    for number in 0..5 {
        mailer.deliver(&envelope_to("ada@example.com", number)).await.unwrap();
    }
    assert_eq!((server.received().len(), server.connections()), (5, 1));
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_costs_no_letter() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    mailer.deliver(&envelope()).await.unwrap();
    server.close_connections();
    mailer.deliver(&envelope()).await.unwrap();
    assert_eq!((server.received().len(), server.connections()), (2, 2));
}

#[tokio::test]
async fn what_the_server_puts_off_is_temporary_and_what_it_refuses_is_not() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    for at in [SmtpStage::Recipient, SmtpStage::Data, SmtpStage::Content] {
        answer(&server, at, 450);
        assert!(postponed(&mailer).await.ends_with("answered 450 4.1.1 (the address)"));
        answer(&server, at, 550);
        assert!(abandoned(&mailer).await.ends_with("answered 550 5.1.1 (the address)"));
    }
    assert_eq!(server.received(), []);
    server.behave(SmtpBehaviour::Accept);
    mailer.deliver(&envelope()).await.unwrap();
}

#[tokio::test]
async fn what_is_not_about_the_letter_never_gives_it_up() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    for at in [SmtpStage::Greeting, SmtpStage::Hello, SmtpStage::Sender] {
        for code in [421, 554] {
            answer(&server, at, code);
            let text = postponed(&mailer).await;
            assert!(text.contains(&format!("answered {code}")), "{at:?}: {text}");
        }
    }
    answer(&server, SmtpStage::Recipient, 530);
    assert!(postponed(&mailer).await.contains("answered 530"));
}

#[tokio::test]
async fn one_bad_recipient_leaves_the_others_alone() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    server.behave(SmtpBehaviour::Refuse {
        recipient: "bad@example.com".to_owned(),
        code: 550,
    });
    let refused = mailer.deliver(&envelope_to("bad@example.com", 1)).await;
    assert!(matches!(refused, Err(MailerError::Permanent(_))), "{refused:?}");
    mailer.deliver(&envelope_to("ada@example.com", 2)).await.unwrap();
}

#[tokio::test]
async fn no_error_repeats_what_the_server_quotes_of_the_letter() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    for at in [SmtpStage::Sender, SmtpStage::Recipient, SmtpStage::Content] {
        for code in [451, 554] {
            answer(&server, at, code);
            let text = mailer.deliver(&envelope()).await.unwrap_err().to_string();
            assert!(text.len() < 100, "{text}");
            for secret in ["ada@", "rst_", "Grace", "https"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_left_in_time_at_every_stage() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url()).with_timeouts(Duration::from_millis(300), Duration::from_millis(300));
    for at in [
        SmtpStage::Greeting,
        SmtpStage::Hello,
        SmtpStage::Recipient,
        SmtpStage::Content,
    ] {
        server.behave(SmtpBehaviour::Hang { at });
        let started = Instant::now();
        assert_eq!(postponed(&mailer).await, "the mail server took more than 0.3 s");
        assert!(started.elapsed() < Duration::from_secs(10), "{at:?}");
    }
    server.behave(SmtpBehaviour::Accept);
    mailer.deliver(&envelope()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_drops_the_connection_at_any_stage_is_tried_again_later() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    for at in [
        SmtpStage::Greeting,
        SmtpStage::Hello,
        SmtpStage::Sender,
        SmtpStage::Recipient,
        SmtpStage::Data,
        SmtpStage::Content,
    ] {
        server.behave(SmtpBehaviour::Drop { at });
        assert!(!postponed(&mailer).await.is_empty(), "{at:?}");
    }
    server.behave(SmtpBehaviour::Accept);
    mailer.deliver(&envelope()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again_later() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    drop(server);
    assert!(postponed(&mailer).await.starts_with("connecting: "));
}

#[tokio::test]
async fn a_delivery_somebody_breaks_off_spoils_no_later_one() {
    let server = ScriptedSmtp::start();
    let mailer = mailer(&server.url());
    mailer.deliver(&envelope()).await.unwrap();
    server.behave(SmtpBehaviour::Hang { at: SmtpStage::Content });
    let broken_off = tokio::time::timeout(Duration::from_millis(300), mailer.deliver(&envelope())).await;
    assert!(broken_off.is_err());
    server.behave(SmtpBehaviour::Accept);
    mailer.deliver(&envelope_to("grace@example.com", 9)).await.unwrap();
    assert_eq!(server.received().last().unwrap().to, ["grace@example.com"]);
}

// Proves: ASVS 12.1.1
#[tokio::test]
async fn over_tls_the_letter_and_the_password_are_hidden() {
    let sign_in = Some(("ada".to_owned(), "p@ss wörd".to_owned()));
    let ca = authority();
    for (implicit_tls, scheme, tls) in [
        (false, "smtp", "tls=required&"),
        (false, "smtp", "tls=opportunistic&"),
        (true, "smtps", ""),
    ] {
        let server = ScriptedSmtp::offering(SmtpOffer {
            starttls: !implicit_tls,
            implicit_tls,
            sign_in: sign_in.clone(),
        });
        for host in ["localhost", "127.0.0.1"] {
            let port = server.address().port();
            let url = format!("{scheme}://ada:p%40ss%20w%C3%B6rd@{host}:{port}?{tls}ca={ca}");
            mailer(&url).deliver(&envelope()).await.unwrap();
        }
        let received = server.received();
        assert_eq!(received.len(), 2);
        for mail in received {
            assert!(mail.encrypted);
            assert_eq!(mail.signed_in.as_deref(), Some("ada"));
        }
    }
}

// Proves: ASVS 12.3.2
#[tokio::test]
async fn a_certificate_nobody_vouches_for_ends_the_delivery_before_a_word_is_said() {
    for (implicit_tls, scheme, tls) in [(false, "smtp", "?tls=required"), (true, "smtps", "")] {
        let server = ScriptedSmtp::offering(SmtpOffer {
            starttls: !implicit_tls,
            implicit_tls,
            sign_in: None,
        });
        let url = format!("{scheme}://{}{tls}", server.address());
        let text = postponed(&mailer(&url)).await;
        assert!(text.contains("certificate"), "{text}");
        assert_eq!(server.transmitted(), []);
    }
}

// Proves: ASVS 12.3.1
#[tokio::test]
async fn where_tls_is_required_and_not_offered_nothing_is_sent() {
    let server = ScriptedSmtp::start();
    let text = postponed(&mailer(&format!("{}?tls=required", server.url()))).await;
    assert!(text.starts_with("STARTTLS: "), "{text}");
    answer(&server, SmtpStage::StartTls, 454);
    assert_eq!(server.transmitted(), []);
    mailer(&format!("{}?tls=opportunistic", server.url()))
        .deliver(&envelope())
        .await
        .unwrap();
}

// Proves: ASVS 13.2.1
#[tokio::test]
async fn a_wrong_password_is_the_operators_to_mend_and_no_letters_fault() {
    let server = ScriptedSmtp::offering(SmtpOffer {
        sign_in: Some(("ada".to_owned(), "right".to_owned())),
        ..SmtpOffer::default()
    });
    let url = |password: &str| format!("smtp://ada:{password}@{}", server.address());
    let text = postponed(&mailer(&url("wrong"))).await;
    assert_eq!(text, "signing in: the server answered 535 5.7.8 (security or policy)");
    mailer(&url("right")).deliver(&envelope()).await.unwrap();
    let without = postponed(&mailer(&server.url())).await;
    assert!(without.contains("530"), "{without}");
}

#[test]
fn a_mailer_needs_no_runtime_to_be_made_or_dropped() {
    drop(mailer("smtps://mail.example.com"));
}

#[tokio::test]
async fn the_development_mailbox_shows_the_newest_letters_first_and_to_each_their_own() {
    let mailbox = DevMailbox::new(templates());
    for number in 0..3 {
        mailbox.deliver(&envelope_to("ada@example.com", number)).await.unwrap();
        mailbox
            .deliver(&envelope_to("Grace@example.com", 100 + number))
            .await
            .unwrap();
    }
    let everybodys = mailbox.letters(None);
    assert_eq!(everybodys.len(), 6);
    assert_eq!(everybodys[0].id, envelope_to("x@example.com", 102).id);
    let graces = mailbox.letters(Some(&EmailAddress::parse("grace@EXAMPLE.com").unwrap()));
    assert_eq!(graces.len(), 3);
    let letter = &graces[0];
    assert_eq!(letter.kind, LetterKind::ResetPassword);
    assert_eq!(letter.subject, "Reset your password for Rookery");
    assert_eq!(letter.token.as_deref(), Some(TOKEN));
    let link = letter.link.as_deref().unwrap();
    assert!(letter.text.contains(link));
    assert_eq!(letter.written, envelope().written);
    let shown = format!("{letter:?} {mailbox:?}");
    assert!(!shown.contains("rst_") && !shown.contains("race"), "{shown}");
}

#[tokio::test]
async fn the_development_mailbox_keeps_the_latest_two_hundred_and_each_once() {
    let mailbox = DevMailbox::new(templates());
    for number in 0..=200 {
        mailbox.deliver(&envelope_to("ada@example.com", number)).await.unwrap();
    }
    mailbox.deliver(&envelope_to("ada@example.com", 200)).await.unwrap();
    let letters = mailbox.letters(None);
    assert_eq!(letters.len(), 200);
    assert_eq!(letters[0].id, envelope_to("x@example.com", 200).id);
    assert_eq!(letters[199].id, envelope_to("x@example.com", 1).id);
}

#[tokio::test]
async fn a_link_without_a_token_is_shown_without_one() {
    let mailbox = DevMailbox::new(templates());
    let letter = Letter::Welcome {
        name: None,
        home: "https://app.example.com/".to_owned(),
    };
    mailbox.deliver(&Envelope { letter, ..envelope() }).await.unwrap();
    let letters = mailbox.letters(None);
    assert_eq!(letters[0].link.as_deref(), Some("https://app.example.com/"));
    assert_eq!(letters[0].token, None);
}
