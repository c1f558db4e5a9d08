//! Text that is none: every string of every route, on both databases, which must say the same.

use std::time::Duration;

use serde_json::{Value, json};

use super::client::{Answer, Call, Client};
use super::database::Database;
use super::person::Person;
use super::rookery::{Installation, Rookery};
use super::socket::exchange;

const ROUTES: [(&str, &str, &[&str]); 10] = [
    (
        "POST",
        "/api/auth/signup",
        &[
            "email",
            "password",
            "name",
            "givenName",
            "familyName",
            "companyName",
            "language",
            "timezone",
        ],
    ),
    ("POST", "/api/auth/login", &["email", "password"]),
    ("POST", "/api/auth/forgot-password", &["email"]),
    ("POST", "/api/auth/resend-verification", &["email"]),
    ("POST", "/api/auth/verify-email", &["token"]),
    ("POST", "/api/auth/reset-password", &["token", "newPassword"]),
    (
        "PATCH",
        "/api/users/me",
        &["name", "givenName", "familyName", "theme", "language", "timezone"],
    ),
    ("PATCH", "/api/users/me", &["given_name", "family_name"]),
    (
        "POST",
        "/api/users/me/change-password",
        &["currentPassword", "newPassword"],
    ),
    ("POST", "/api/auth/logout", &["anything"]),
];

/// What a string literal of JSON may have between its quotes without being text: bytes that are no UTF-8 (alone, cut off,
/// overlong, a surrogate's), a surrogate that is alone, control characters that are not escaped.
const NO_TEXT: [&[u8]; 9] = [
    b"a\xffb",
    b"\xc3",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"a\x00b",
    b"a\nb",
];

/// Text that is text, and that databases, logs and mails would stumble over.
const ODD_TEXT: [&str; 8] = [
    "a\\u0000b",
    "\\u0000",
    "a\\u0007b\\u001b[2J",
    "a\\r\\nBcc: eve@example.com",
    "\\u202egnihton",
    "\\u2028",
    "\\ufeffa",
    "'; DROP TABLE users; --",
];

struct Pair {
    nodes: [(Installation, Rookery, Person); 2],
}

impl Pair {
    fn start() -> Self {
        let start = |database: Database| {
            let installation = Installation::on(database);
            let rookery = installation.start();
            let ada = Person::at_home(&rookery, "ada");
            (installation, rookery, ada)
        };
        Self {
            nodes: [start(Database::sqlite()), start(Database::postgres())],
        }
    }

    /// The one answer of both, as status and body without the request's id.
    #[track_caller]
    fn both(&self, what: &str, ask: impl Fn(&Client, &Person) -> Answer) -> (u16, Value) {
        let [on_sqlite, on_postgres] = self
            .nodes
            .each_ref()
            .map(|(_, rookery, ada)| without_ids(&ask(rookery, ada)));
        assert_eq!(on_sqlite, on_postgres, "{what}: the databases differ");
        assert!(on_sqlite.0 < 500, "{what}: {on_sqlite:?}");
        on_sqlite
    }
}

fn without_ids(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        for changing in ["requestId", "id", "userId", "tenantId", "createdAt", "updatedAt"] {
            body.remove(changing);
        }
    }
    if let Some(user) = body.get_mut("user").and_then(Value::as_object_mut) {
        user.remove("id");
    }
    (answer.status, body)
}

/// Somebody who is signed in where that is needed; logging in would end that session.
fn call<'a>(client: &'a Client, ada: &Person, method: &str, path: &str) -> Call<'a> {
    let call = client.call(method, path);
    let needs_session = path.starts_with("/api/users") || path == "/api/auth/logout";
    if needs_session { call.cookie(&ada.cookie) } else { call }
}

/// A body whose every field is fine but one, which has these bytes between its quotes.
fn body_with(fields: &[&str], odd: &str, content: &[u8]) -> Vec<u8> {
    let mut body = vec![b'{'];
    for (number, field) in fields.iter().enumerate() {
        let fine = match *field {
            "email" => "someone.else@example.com",
            "language" => "de",
            "timezone" => "Europe/Berlin",
            "theme" => "dark",
            "token" => "rst_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            _ => "fine enough as text",
        };
        let content = if *field == odd { content } else { fine.as_bytes() };
        let comma = if number > 0 { "," } else { "" };
        body.extend_from_slice(format!("{comma}\"{field}\":\"").as_bytes());
        body.extend_from_slice(content);
        body.push(b'"');
    }
    body.push(b'}');
    body
}

// Proves: A35
#[test]
fn bytes_that_are_no_text_are_a_400_in_every_string_of_every_route_on_both_databases() {
    let pair = Pair::start();
    for (method, path, fields) in ROUTES {
        for field in fields {
            for content in NO_TEXT {
                let body = body_with(fields, field, content);
                let what = format!("{method} {path} {field} {content:?}");
                let (status, said) = pair.both(&what, |client, ada| {
                    call(client, ada, method, path).raw_json(body.clone()).send()
                });
                if path == "/api/auth/logout" {
                    // Nobody reads that body; the first of them ends the session and the others have none.
                    assert!([200, 400, 401].contains(&status), "{what}: {status} {said}");
                } else {
                    assert_eq!(status, 400, "{what}: {said}");
                }
            }
        }
    }
}

// Proves: A35, ASVS 1.2.3, 1.2.4
#[test]
fn odd_text_is_refused_or_kept_exactly_and_never_a_500_on_either_database() {
    let pair = Pair::start();
    for (method, path, fields) in ROUTES.iter().filter(|(_, path, _)| *path != "/api/auth/logout") {
        for field in *fields {
            for content in ODD_TEXT {
                let body = body_with(fields, field, content.as_bytes());
                let what = format!("{method} {path} {field} {content}");
                let (status, said) = pair.both(&what, |client, ada| {
                    call(client, ada, method, path).raw_json(body.clone()).send()
                });
                let is_password = field.to_lowercase().contains("password");
                match status {
                    // A password may hold anything; the one who changes it has given a wrong current one.
                    400 | 401 | 403 => {}
                    // Somebody has just signed up with that very password.
                    200 if *path == "/api/auth/login" => assert!(is_password, "{what}: {said}"),
                    201 | 409 => assert!(is_password || content.starts_with('\''), "{what}: {status} {said}"),
                    200 if *method == "PATCH" => {
                        let kept = if field.contains('_') {
                            field.replace("_n", "N")
                        } else {
                            (*field).to_owned()
                        };
                        assert_eq!(said[&kept], Value::from(content), "{what}: not what was sent");
                    }
                    _ => panic!("{what}: {status} {said}"),
                }
                let nul = content.contains("u0000");
                assert!(!nul || is_password || status == 400, "{what}: {status} {said}");
            }
        }
    }
}

// Proves: ASVS 1.3.3
#[test]
fn odd_bytes_in_headers_reach_no_database() {
    let pair = Pair::start();
    let credentials = |ada: &Person| format!("{{\"email\":\"{}\",\"password\":\"{}\"}}", ada.email, ada.password);
    let headers: [&[u8]; 8] = [
        b"User-Agent: \xff\xfe\xc3",
        b"User-Agent: a\x00b",
        b"User-Agent: \xed\xa0\x80 \t tab",
        b"X-Request-Id: \xff\xff\xff\xff\xff\xff\xff\xff",
        b"X-Request-Id: '; DROP TABLE users; --",
        b"X-Forwarded-For: \xff, 1.2.3.4",
        b"Cookie: sid=\xff\xff",
        b"Accept-Language: \xff",
    ];
    for header in headers {
        let [on_sqlite, on_postgres] = pair.nodes.each_ref().map(|(_, rookery, ada)| {
            let body = credentials(ada);
            let head = format!(
                "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
                 Content-Length: {}\r\n",
                body.len()
            );
            let bytes = [head.as_bytes(), header, b"\r\n\r\n", body.as_bytes()].concat();
            exchange(rookery.port(), &bytes, Duration::from_secs(8)).statuses()
        });
        let what = String::from_utf8_lossy(header);
        assert_eq!(on_sqlite, on_postgres, "{what}");
        assert!(
            matches!(on_sqlite.as_slice(), [] | [200 | 400]),
            "{what}: {on_sqlite:?}"
        );
    }
    let long = "x".repeat(30_000);
    for (_, rookery, ada) in &pair.nodes {
        let body = json!({ "email": ada.email, "password": ada.password });
        rookery
            .post("/api/auth/login", &body)
            .header("user-agent", &long)
            .send()
            .expect_status(200);
    }
}
