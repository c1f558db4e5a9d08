//! Where everything is played: one server, a few browsers, and a memory of every secret that was ever shown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::binary::client::{Answer, Call, Client};
use crate::binary::database::Database;
use crate::binary::patience::eventually;

/// What the browsers call themselves, and where they are.
const USER_AGENT: &str = "Mozilla/5.0 (an unmistakable browser)";
const ADDRESS: &str = "203.0.113.77";

/// What must stay where it is.
#[derive(Default)]
pub(super) struct Secrets {
    /// Good for getting in: in no log and in no database.
    pub(super) usable: BTreeSet<String>,
    /// About somebody: in no log.
    pub(super) personal: BTreeSet<String>,
    /// Codes of an app: in no log. So short that they are found by chance where anything is.
    pub(super) codes: BTreeSet<String>,
}

/// One browser: its cookies by name.
#[derive(Clone, Default)]
pub(super) struct Browser(BTreeMap<String, String>);

/// The server, and what happened on it.
pub(super) struct Stage {
    client: Client,
    pub(super) secrets: Secrets,
    /// The operations that succeeded under their own name.
    pub(super) played: BTreeSet<String>,
}

/// The request id under which an operation is played.
pub(super) fn request_of(operation: &str) -> String {
    format!("play-{operation}")
}

impl Stage {
    pub(super) fn on(client: &Client) -> Self {
        let mut secrets = Secrets::default();
        secrets.personal.extend([USER_AGENT, ADDRESS].map(str::to_owned));
        Self {
            client: client.clone(),
            secrets,
            played: BTreeSet::new(),
        }
    }

    /// Plays an operation in this browser under its own name; it must succeed.
    #[track_caller]
    pub(super) fn play(&mut self, operation: &str, browser: &mut Browser, call: (&str, &str), body: &Value) -> Value {
        let answer = self.ask(operation, browser, call, body);
        self.played(operation, &answer)
    }

    /// Plays the operation that sends a PNG.
    #[track_caller]
    pub(super) fn play_picture(&mut self, operation: &str, browser: &mut Browser, call: (&str, &str), png: &[u8]) {
        let answer = self.send(operation, browser, call, |call| call.body("image/png", png));
        self.played(operation, &answer);
    }

    #[track_caller]
    fn played(&mut self, operation: &str, answer: &Answer) -> Value {
        assert!(
            (200..300).contains(&answer.status),
            "{operation}: {} {}",
            answer.status,
            answer.text()
        );
        self.played.insert(operation.to_owned());
        answer.json()
    }

    /// Tries something under this name that must be refused with this status.
    #[track_caller]
    pub(super) fn fail(&mut self, name: &str, browser: &mut Browser, call: (&str, &str), body: &Value, status: u16) {
        let answer = self.ask(name, browser, call, body);
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
    }

    fn ask(&mut self, name: &str, browser: &mut Browser, call: (&str, &str), body: &Value) -> Answer {
        self.note(body);
        self.send(
            name,
            browser,
            call,
            |call| {
                if body.is_null() { call } else { call.json(body) }
            },
        )
    }

    fn send(
        &mut self,
        name: &str,
        browser: &mut Browser,
        (method, path): (&str, &str),
        with_body: impl FnOnce(Call<'_>) -> Call<'_>,
    ) -> Answer {
        let cookies: Vec<String> = browser
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let client = self.client.clone();
        let mut call = client
            .call(method, path)
            .header("x-request-id", &request_of(name))
            .header("user-agent", USER_AGENT)
            .header("x-forwarded-for", ADDRESS);
        if !cookies.is_empty() {
            call = call.cookie(&cookies.join("; "));
        }
        let answer = with_body(call).send();
        for cookie in answer.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                browser.0.remove(name);
            } else {
                self.secrets.usable.insert(value.to_owned());
                browser.0.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Ok(body) = serde_json::from_slice(&answer.body) {
            self.note(&body);
        }
        answer
    }

    /// Remembers what is secret in a body that was sent or answered.
    fn note(&mut self, body: &Value) {
        let Value::Object(fields) = body else { return };
        for (name, value) in fields {
            let texts: Vec<&str> = match value {
                Value::String(text) => vec![text],
                Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            for text in texts {
                match name.as_str() {
                    // The code of an error is a word.
                    "code" if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                        self.secrets.codes.insert(text.to_owned());
                    }
                    "password" | "currentPassword" | "newPassword" | "token" | "secret" | "recoveryCode"
                    | "recoveryCodes" | "uri" => {
                        self.secrets.usable.insert(text.to_owned());
                    }
                    "email" | "newEmail" => {
                        self.secrets.personal.insert(text.to_owned());
                    }
                    _ => {}
                }
            }
        }
    }

    /// The token in the newest mail of this kind to this address, as soon as it is there.
    #[track_caller]
    pub(super) fn mailed(&mut self, to: &str, kind: &str) -> String {
        let path = format!("/dev/mailbox.json?to={to}");
        let token = eventually(Duration::from_secs(20), &format!("a {kind} mail to {to}"), || {
            let mails = self.client.get(&path).send().expect_status(200).json();
            let mails = mails.as_array().unwrap().clone();
            let mail = mails.into_iter().find(|mail| mail["kind"] == kind)?;
            let code = mail["code"].as_str().map(str::to_owned);
            Some((mail["token"].as_str().unwrap().to_owned(), code))
        });
        let (token, code) = token;
        self.secrets.usable.extend(code);
        self.secrets.usable.insert(token.clone());
        token
    }

    /// Signs somebody up under this name; their address is `NAME@example.com`.
    pub(super) fn somebody(&mut self, name: &str) -> (String, String) {
        let (email, password) = (format!("{name}@example.com"), format!("a first password of {name}"));
        let wish = json!({ "email": email, "password": password, "companyName": "Engines" });
        let answer = self.ask(
            &format!("sign-up-{name}"),
            &mut Browser::default(),
            ("POST", "/api/auth/signup"),
            &wish,
        );
        assert_eq!(answer.status, 201, "{}", answer.text());
        (email, password)
    }

    /// Signs somebody in, in a new browser.
    pub(super) fn browser_of(&mut self, (email, password): &(String, String)) -> Browser {
        let mut browser = Browser::default();
        let wish = json!({ "email": email, "password": password });
        let answer = self.ask("sign-in-again", &mut browser, ("POST", "/api/auth/login"), &wish);
        assert_eq!(answer.status, 200, "{}", answer.text());
        browser
    }

    /// Reads something in this browser.
    #[track_caller]
    pub(super) fn read(&mut self, browser: &mut Browser, path: &str) -> Value {
        let answer = self.ask("reading", browser, ("GET", path), &Value::Null);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }
}

/// What an app with this secret shows now (RFC 6238).
pub(super) fn code_of(secret: &str) -> String {
    const APP: &str = "import base64, hmac, struct, sys, time\n\
        key = base64.b32decode(sys.argv[1] + '=' * (-len(sys.argv[1]) % 8))\n\
        mac = hmac.new(key, struct.pack('>Q', int(time.time()) // 30), 'sha1').digest()\n\
        at = mac[-1] & 15\n\
        print('%06d' % ((struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000))";
    let output = Command::new("/usr/bin/python3")
        .args(["-c", APP, secret])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Every row of every table as text, bytes in hexadecimal digits.
pub(super) fn dump(database: &Database) -> String {
    let (tables, row) = if database.file().is_some() {
        ("SELECT name FROM sqlite_master WHERE type = 'table'", "*")
    } else {
        (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
            "t.*::text",
        )
    };
    let mut dump = String::new();
    for table in database.rows(tables) {
        dump.push_str(&table[0]);
        dump.push('\n');
        for row in database.rows(&format!("SELECT {row} FROM \"{}\" t", table[0])) {
            dump.push_str(&row.join("\u{1f}"));
            dump.push('\n');
        }
    }
    dump
}

/// The ways a secret could stand in a dump: as it is, without what people may add to it, and either as bytes; and the bytes it
/// stands for.
pub(super) fn spellings(secret: &str) -> Vec<String> {
    const DECODED: &str = "import base64, sys\n\
        text = sys.argv[1].split('_', 1)[-1] if sys.argv[1][3:4] == '_' else sys.argv[1]\n\
        for decode in (base64.urlsafe_b64decode, base64.b32decode):\n\
        \x20   bare = text.replace('-', '') if decode is base64.b32decode else text\n\
        \x20   try:\n\
        \x20       value = decode(bare + '=' * (-len(bare) % 8))\n\
        \x20   except ValueError:\n\
        \x20       continue\n\
        \x20   if len(value) >= 10:\n\
        \x20       print(value.hex())";
    let hex = |text: &str| {
        text.bytes().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
    };
    let output = Command::new("/usr/bin/python3")
        .args(["-c", DECODED, secret])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bare = secret.replace('-', "");
    let mut spellings = vec![secret.to_owned(), hex(secret), hex(&bare), bare];
    spellings.extend(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned));
    spellings
}
