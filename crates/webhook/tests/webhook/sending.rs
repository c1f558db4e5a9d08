//! What a receiver gets, and what its answer means.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use rookery_core::domain::{EventId, Timestamp, UrlRules, WebhookSecret, WebhookUrl};
use rookery_core::ports::{Dispatch, SendFailure, WebhookSender};
use rookery_webhook::{HttpWebhookSender, Reach};

use super::receiver::{Receiver, status};

fn at_home() -> HttpWebhookSender {
    let reach = Reach {
        rules: UrlRules::Development,
        ..Reach::public()
    };
    HttpWebhookSender::new(reach, "Rookery/1.0")
}

pub(crate) fn dispatch(url: &str) -> Dispatch {
    let at = Timestamp::from_timestamp(1_761_566_400, 0).unwrap();
    Dispatch {
        id: EventId::new(at, &[1; 10]),
        url: WebhookUrl::parse(url, UrlRules::Development).unwrap(),
        body: br#"{"type":"user.created"}"#.to_vec(),
        secrets: vec![
            WebhookSecret::from_entropy([1; 32]),
            WebhookSecret::from_entropy([2; 32]),
        ],
        at,
    }
}

async fn answer_of(receiver: &Receiver) -> Result<u16, SendFailure> {
    let url = format!("http://{}/hooks?for=rookery", receiver.address);
    at_home().send(&dispatch(&url)).await
}

#[tokio::test]
async fn a_message_arrives_whole_and_signed_with_every_secret() {
    let receiver = Receiver::at("127.0.0.1", 0, status(204));
    assert_eq!(answer_of(&receiver).await, Ok(204));
    let requests = receiver.requests();
    let request = &requests[0];
    assert_eq!(request.line, "POST /hooks?for=rookery HTTP/1.1");
    let header = |name: &str| request.headers[name].as_str();
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("user-agent"), "Rookery/1.0");
    assert_eq!(header("host"), receiver.address.to_string());
    let expected = dispatch("http://localhost/");
    assert_eq!(request.body, expected.body);
    assert_eq!(header("webhook-id"), expected.id.to_string());
    assert_eq!(header("webhook-timestamp"), "1761566400");
    let signed = format!("{}.1761566400.{}", expected.id, String::from_utf8_lossy(&request.body));
    let signatures: Vec<&str> = header("webhook-signature").split(' ').collect();
    assert_eq!(signatures.len(), 2);
    for (signature, secret) in signatures.iter().zip([[1_u8; 32], [2; 32]]) {
        let tag = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        hmac::verify(&key, signed.as_bytes(), &tag).unwrap();
    }
}

#[tokio::test]
async fn every_status_is_an_answer() {
    for code in [200, 202, 299, 301, 400, 401, 404, 410, 429, 500, 503] {
        let receiver = Receiver::at("127.0.0.1", 0, status(code));
        assert_eq!(answer_of(&receiver).await, Ok(code));
    }
}

#[tokio::test]
async fn a_long_answer_is_cut_off_and_counts_by_its_status() {
    let mut answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    answer.extend(vec![b'x'; 20 * 1024 * 1024]);
    let receiver = Receiver::at("127.0.0.1", 0, answer);
    let begun = Instant::now();
    assert_eq!(answer_of(&receiver).await, Ok(200));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_is_no_http_is_a_failure() {
    for nonsense in ["SSH-2.0-OpenSSH_9.9\r\n", "HTTP/1.1 banana\r\n\r\n", ""] {
        let receiver = Receiver::at("127.0.0.1", 0, nonsense);
        assert!(answer_of(&receiver).await.is_err(), "{nonsense}");
    }
    let mut endless = b"HTTP/1.1 200 OK\r\n".to_vec();
    endless.extend(b"x: y\r\n".repeat(100_000));
    assert!(answer_of(&Receiver::at("127.0.0.1", 0, endless)).await.is_err());
}

#[tokio::test]
async fn nobody_there_is_a_failure_of_its_own() {
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let failure = at_home().send(&dispatch(&format!("http://{gone}/"))).await;
    assert_eq!(failure, Err(SendFailure::Unreachable));
}

#[tokio::test]
async fn a_receiver_that_hangs_is_left_after_ten_seconds() {
    let receiver = Receiver::slow("127.0.0.1", 0, status(200), Duration::from_secs(30));
    let begun = Instant::now();
    assert_eq!(answer_of(&receiver).await, Err(SendFailure::TimedOut));
    let waited = begun.elapsed();
    assert!(
        waited > Duration::from_secs(9) && waited < Duration::from_secs(14),
        "{waited:?}"
    );
}
