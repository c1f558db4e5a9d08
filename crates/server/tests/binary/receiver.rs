//! Another system that wants to know what happens to accounts.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;

use super::patience::eventually;

/// Longest a test waits for a message.
const DELIVERY: Duration = Duration::from_secs(20);

/// A message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    pub(crate) fn user(&self) -> String {
        self.json()["data"]["userId"].as_str().unwrap().to_owned()
    }

    pub(crate) fn signatures(&self) -> usize {
        self.header("webhook-signature").split(' ').count()
    }

    /// Whether somebody who has this secret (`whsec_…`) would believe it. By another implementation of HMAC than the
    /// sender's.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let mut signed = format!("{}.{}.", self.id(), self.header("webhook-timestamp")).into_bytes();
        signed.extend_from_slice(&self.body);
        self.header("webhook-signature").split(' ').any(|signature| {
            let tag = signature.strip_prefix("v1,").and_then(|tag| STANDARD.decode(tag).ok());
            tag.is_some_and(|tag| hmac::verify(&key, &signed, &tag).is_ok())
        })
    }
}

#[derive(Debug, Default)]
struct Shared {
    status: AtomicU16,
    delay: AtomicU64,
    connections: AtomicUsize,
    messages: Mutex<Vec<Message>>,
}

/// Takes every message, keeps it, and answers what it is told to. It listens as long as the test runs.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    port: u16,
    shared: Arc<Shared>,
}

impl Receiver {
    /// Answers 204.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            shared: Arc::default(),
        };
        receiver.answer(204);
        let shared = Arc::clone(&receiver.shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                shared.connections.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || serve(&stream, &shared));
            }
        });
        receiver
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hooks", self.port)
    }

    /// Answers this status from now on.
    pub(crate) fn answer(&self, status: u16) {
        self.shared.status.store(status, Ordering::SeqCst);
    }

    /// Answers so much later from now on.
    pub(crate) fn take_its_time(&self, delay: Duration) {
        let delay = u64::try_from(delay.as_millis()).unwrap();
        self.shared.delay.store(delay, Ordering::SeqCst);
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// All messages, in the order they came.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.shared.messages.lock().unwrap().clone()
    }

    /// The copies of each message, by its id.
    pub(crate) fn copies(&self) -> BTreeMap<String, Vec<Message>> {
        let mut copies: BTreeMap<String, Vec<Message>> = BTreeMap::new();
        for message in self.messages() {
            copies.entry(message.id().to_owned()).or_default().push(message);
        }
        copies
    }

    /// The first message that will do, as soon as it is there.
    #[track_caller]
    pub(crate) fn message(&self, what: &str, will_do: impl Fn(&Message) -> bool) -> Message {
        eventually(DELIVERY, what, || self.messages().into_iter().find(&will_do))
    }
}

fn serve(stream: &TcpStream, shared: &Shared) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    let mut headers = BTreeMap::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        if let Some((name, value)) = line.trim_end().split_once(": ") {
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        line.clear();
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    // Whoever is killed while it sends has sent nothing.
    if headers.is_empty() || reader.read_exact(&mut body).is_err() {
        return;
    }
    shared.messages.lock().unwrap().push(Message { headers, body });
    thread::sleep(Duration::from_millis(shared.delay.load(Ordering::SeqCst)));
    let status = shared.status.load(Ordering::SeqCst);
    let answer = format!("HTTP/1.1 {status} Whatever\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let mut stream = stream;
    let _ = stream.write_all(answer.as_bytes());
}
