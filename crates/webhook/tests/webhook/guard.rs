//! A68: whoever chooses a URL makes this service talk to nobody inside. `127.0.0.2` plays the public receiver, `127.0.0.3`
//! the canary inside that must never be touched.

use std::net::SocketAddr;

use rookery_core::domain::{UrlRules, WebhookUrl};
use rookery_core::ports::{SendFailure, WebhookSender};
use rookery_webhook::{HttpWebhookSender, Reach, Trust};

use super::names::Names;
use super::receiver::{Receiver, status};
use super::sending::dispatch;

/// URLs as they stand in development, for plain http; addresses as strictly as in production, but for the receiver's.
fn guarded(names: &Names) -> HttpWebhookSender {
    let reach = Reach {
        rules: UrlRules::Development,
        allow_internal: vec!["127.0.0.2/32".parse().unwrap()],
    };
    HttpWebhookSender::with(reach, "Rookery", &Trust::Public, names.clone())
}

fn receiver_and_canary() -> (Receiver, Receiver) {
    let receiver = Receiver::at("127.0.0.2", 0, status(200));
    let canary = Receiver::at("127.0.0.3", receiver.address.port(), status(200));
    (receiver, canary)
}

/// A name that is not this machine's. https, for it is the only scheme such a name may have; nobody answers in TLS, so a
/// message that goes out fails there and is counted as a connection.
const URL: &str = "https://rebinding.example.com/";

async fn send(sender: &HttpWebhookSender) -> Result<u16, SendFailure> {
    sender.send(&dispatch(URL)).await
}

// Proves: A68
#[tokio::test]
async fn a68_a_name_that_leads_inside_the_second_time_leads_nowhere() {
    let (receiver, canary) = receiver_and_canary();
    let names = Names::answering(vec![vec![receiver.address], vec![canary.address]]);
    let sender = guarded(&names);
    assert!(send(&sender).await.is_err(), "it speaks no TLS");
    assert_eq!(
        (receiver.connections(), names.asked()),
        (1, 1),
        "looked up once, connected there"
    );
    assert_eq!(send(&sender).await, Err(SendFailure::NoAddress));
    assert_eq!((receiver.connections(), names.asked()), (1, 2));
    assert_eq!(canary.connections(), 0);
}

// Proves: ASVS 1.3.6
#[tokio::test]
async fn a68_one_forbidden_address_among_good_ones_forbids_them_all() {
    let (receiver, canary) = receiver_and_canary();
    for addresses in [
        vec![receiver.address, canary.address],
        vec![canary.address, receiver.address],
        vec![],
    ] {
        let names = Names::answering(vec![addresses]);
        assert_eq!(send(&guarded(&names)).await, Err(SendFailure::NoAddress));
    }
    assert_eq!((receiver.connections(), canary.connections()), (0, 0));
}

// Proves: A68, ASVS 15.3.2
#[tokio::test]
async fn a68_a_redirect_is_an_answer_and_is_not_followed() {
    let canary = Receiver::at("127.0.0.3", 0, status(200));
    for code in [301, 302, 303, 307, 308] {
        let redirect = format!(
            "HTTP/1.1 {code} Elsewhere\r\nlocation: http://{}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            canary.address
        );
        let receiver = Receiver::at("127.0.0.1", 0, redirect);
        let reach = Reach {
            rules: UrlRules::Development,
            ..Reach::public()
        };
        let sender = HttpWebhookSender::new(reach, "Rookery");
        let url = format!("http://{}/", receiver.address);
        assert_eq!(sender.send(&dispatch(&url)).await, Ok(code));
        assert_eq!(receiver.connections(), 1);
    }
    assert_eq!(canary.connections(), 0);
}

// Proves: A68, ASVS 1.3.6
#[tokio::test]
async fn a68_an_address_of_the_inside_is_refused_however_it_is_spelt() {
    let canary = Receiver::at("127.0.0.1", 0, status(200));
    let port = canary.address.port();
    let strict = HttpWebhookSender::new(Reach::public(), "Rookery");
    let lenient = HttpWebhookSender::new(
        Reach {
            rules: UrlRules::Development,
            ..Reach::public()
        },
        "Rookery",
    );
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "0.0.0.0",
        "169.254.169.254",
        "[fd00:ec2::254]",
    ] {
        let url = format!("https://{host}:8443/");
        assert_eq!(
            strict.send(&dispatch(&url)).await,
            Err(SendFailure::NoAddress),
            "{host}"
        );
        let url = WebhookUrl::parse(&url, UrlRules::Production).unwrap();
        assert_eq!(strict.admits(&url).await, Err(SendFailure::NoAddress), "{host}");
    }
    for host in ["0.0.0.0", "[::ffff:7f00:1]", "169.254.169.254"] {
        let url = format!("https://{host}:{port}/");
        assert_eq!(
            lenient.send(&dispatch(&url)).await,
            Err(SendFailure::NoAddress),
            "{host}"
        );
    }
    assert_eq!(canary.connections(), 0);
}

#[tokio::test]
async fn a68_a_url_that_was_kept_under_laxer_rules_is_not_sent_to() {
    let canary = Receiver::at("127.0.0.1", 0, status(200));
    let names = Names::answering(vec![vec![canary.address]]);
    let reach = Reach {
        rules: UrlRules::Production,
        allow_internal: vec!["127.0.0.0/8".parse().unwrap()],
    };
    let sender = HttpWebhookSender::with(reach, "Rookery", &Trust::Public, names);
    for url in [
        format!("http://{}/", canary.address),
        "https://example.com:22/".to_owned(),
    ] {
        assert_eq!(sender.send(&dispatch(&url)).await, Err(SendFailure::NoAddress), "{url}");
    }
    assert_eq!(canary.connections(), 0);
}

/// A76: a name that cannot be looked up is refused, not let through.
#[tokio::test]
async fn a76_a_name_that_nobody_knows_is_refused_in_the_words_of_a_forbidden_one() {
    let sender = HttpWebhookSender::new(Reach::public(), "Rookery");
    let unknown = WebhookUrl::parse("https://nobody.invalid/", UrlRules::Production).unwrap();
    let inside = WebhookUrl::parse("https://10.0.0.1/", UrlRules::Production).unwrap();
    let refusals = [
        sender.admits(&unknown).await.unwrap_err(),
        sender.admits(&inside).await.unwrap_err(),
    ];
    assert_eq!(refusals[0], refusals[1]);
    let said = refusals[0].to_string();
    assert!(!said.contains("10.0.0.1") && !said.contains("internal"), "{said}");
}

#[tokio::test]
async fn a_place_that_may_be_reached_is_admitted_without_being_touched() {
    let (receiver, _canary) = receiver_and_canary();
    let addresses: Vec<SocketAddr> = vec![receiver.address];
    let sender = guarded(&Names::answering(vec![addresses]));
    let url = WebhookUrl::parse(URL, UrlRules::Production).unwrap();
    assert_eq!(sender.admits(&url).await, Ok(()));
    assert_eq!(receiver.connections(), 0);
}
