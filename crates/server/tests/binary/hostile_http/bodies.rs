//! Bodies that are too large, too deep or too wide.

use std::time::Duration;

use serde_json::json;

use super::{assert_well, server};
use crate::binary::person::Person;
use crate::binary::socket::{Received, Socket, exchange};

// Proves: A34, A37
#[test]
fn a_body_that_is_too_large_is_a_413_and_costs_no_memory() {
    let (_installation, rookery) = server();
    let before = rookery.resident_kib();
    let announced = exchange(
        rookery.port(),
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{",
        Duration::from_secs(5),
    );
    assert_eq!(announced.statuses(), [413], "{}", announced.text());
    assert!(announced.closed && announced.text().contains("PAYLOAD_TOO_LARGE"));

    let endless = endless_chunks(rookery.port(), "application/json", "");
    assert_eq!(endless.statuses(), [413], "{}", endless.text());
    assert!(endless.closed);

    let packed = endless_chunks(rookery.port(), "application/json", "Content-Encoding: gzip\r\n");
    assert_eq!(packed.statuses().len(), 1);
    assert!([413, 415].contains(&packed.statuses()[0]), "{}", packed.text());

    let whole = json!({ "email": "ada@example.com", "password": "x".repeat(17 * 1024) });
    let answer = rookery.post("/api/auth/login", &whole).send().expect_status(413);
    assert_eq!(answer.code(), "PAYLOAD_TOO_LARGE");
    // The longest body that may be sent is read.
    let padded = format!(
        "{{\"email\":\"ada@example.com\",\"password\":\"wrong password\"{}}}",
        " ".repeat(16 * 1024 - 60)
    );
    let call = rookery.call("POST", "/api/auth/login").raw_json(padded);
    call.send().expect_status(401);

    let grown = rookery.resident_kib().saturating_sub(before);
    assert!(grown < 48 * 1024, "it grew by {grown} KiB");
    assert_well(&rookery);
}

/// Chunks until nobody takes them, 64 MiB at most.
fn endless_chunks(port: u16, kind: &str, header: &str) -> Received {
    let mut socket = Socket::connect(port);
    let head = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n{header}Transfer-Encoding: chunked\r\n\r\n"
    );
    socket.send(head.as_bytes());
    let chunk = [b"4000\r\n".as_slice(), &[b' '; 0x4000], b"\r\n"].concat();
    for _ in 0..4_096 {
        if !socket.send(&chunk) || socket.age() > Duration::from_secs(10) {
            break;
        }
    }
    socket.read_until_closed(Duration::from_secs(15))
}

// Proves: A36
#[test]
fn json_that_is_deep_or_wide_or_long_is_a_400_at_once() {
    let (_installation, rookery) = server();
    let ada = Person::at_home(&rookery, "ada");
    let wide = |keys: usize| {
        (0..keys)
            .map(|key| format!("\"k{key}\":1"))
            .collect::<Vec<_>>()
            .join(",")
    };
    let bodies = [
        (
            "deep lists",
            format!("{{\"email\":{}{}}}", "[".repeat(8_000), "]".repeat(8_000)),
        ),
        (
            "deep objects",
            format!("{}1{}", "{\"a\":".repeat(2_700), "}".repeat(2_700)),
        ),
        ("deep and open", "[".repeat(16_000)),
        ("many keys", format!("{{{}}}", wide(1_500))),
        ("a long number", format!("{{\"email\":1{}}}", "0".repeat(16_000))),
        ("a long exponent", "{\"email\":1e999999999}".to_owned()),
        (
            "a doubled key",
            "{\"email\":\"a@example.com\",\"email\":\"b@example.com\",\"password\":\"x\"}".to_owned(),
        ),
        ("a list", "[\"ada@example.com\",\"password\"]".to_owned()),
        ("a number", "1".to_owned()),
        ("null", "null".to_owned()),
        ("nothing", String::new()),
        ("half", "{\"email\":".to_owned()),
        ("twice", "{}{}".to_owned()),
    ];
    for (what, body) in bodies {
        for path in ["/api/auth/login", "/api/auth/signup", "/api/users/me/change-password"] {
            let call = rookery.call("POST", path).cookie(&ada.cookie).raw_json(body.clone());
            let answer = call.send();
            assert_eq!(answer.status, 400, "{what} to {path}: {}", answer.text());
            assert_eq!(answer.code(), "VALIDATION_ERROR", "{what} to {path}");
            assert!(
                answer.took < Duration::from_secs(1),
                "{what} to {path} took {:?}",
                answer.took
            );
            let said = answer.text();
            assert!(
                !said.contains("line ") && !said.contains("column"),
                "the parser speaks: {said}"
            );
        }
    }
    // Far more keys than fit into a body.
    let body = format!("{{{}}}", wide(20_000));
    rookery
        .call("POST", "/api/auth/login")
        .raw_json(body)
        .send()
        .expect_status(413);
    assert_well(&rookery);
}
