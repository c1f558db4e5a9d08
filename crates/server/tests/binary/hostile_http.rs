//! Clients that are slow, greedy, malformed or lying.

mod bodies;
mod claims;
mod slow_clients;

use std::time::Duration;

use super::database::Database;
use super::person::Person;
use super::rookery::{Installation, Rookery};
use super::socket::exchange;

/// Longest answer to somebody who behaves while others do not.
const VICTIM: Duration = Duration::from_secs(2);

fn server() -> (Installation, Rookery) {
    let installation = Installation::on(Database::sqlite());
    let rookery = installation.start();
    (installation, rookery)
}

#[track_caller]
fn assert_well(rookery: &Rookery) {
    let answer = rookery.get("/api/health").send().expect_status(200);
    assert!(answer.took < VICTIM, "it took {:?}", answer.took);
}

// Proves: A38, ASVS 4.2.1
#[test]
fn malformed_http_gets_one_refusal_at_most_and_hurts_nobody() {
    let (installation, mut rookery) = server();
    let json = "Host: x\r\nContent-Type: application/json\r\n";
    let smuggled = "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n";
    let requests: [(&str, Vec<u8>); 14] = [
        (
            "a length and chunks",
            format!(
                "POST /api/auth/login HTTP/1.1\r\n{json}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
            )
            .into(),
        ),
        (
            "two lengths",
            format!("POST /api/auth/login HTTP/1.1\r\n{json}Content-Length: 2\r\nContent-Length: 7\r\n\r\n{{}}{smuggled}").into(),
        ),
        (
            "a list of lengths",
            format!("POST /api/auth/login HTTP/1.1\r\n{json}Content-Length: 2, 2\r\n\r\n{{}}{smuggled}").into(),
        ),
        ("a signed length", format!("POST /api/auth/login HTTP/1.1\r\n{json}Content-Length: +2\r\n\r\n{{}}{smuggled}").into()),
        ("a negative length", format!("POST /api/auth/login HTTP/1.1\r\n{json}Content-Length: -2\r\n\r\n{{}}{smuggled}").into()),
        (
            "a length beyond all bounds",
            format!("POST /api/auth/login HTTP/1.1\r\n{json}Content-Length: 99999999999999999999999\r\n\r\n{{}}{smuggled}").into(),
        ),
        (
            "a bad chunk",
            format!("POST /api/auth/login HTTP/1.1\r\n{json}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{{}}\r\n0\r\n\r\n").into(),
        ),
        (
            "a chunk beyond all bounds",
            format!("POST /api/auth/login HTTP/1.1\r\n{json}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{{}}").into(),
        ),
        (
            "an unknown coding",
            format!("POST /api/auth/login HTTP/1.1\r\n{json}Transfer-Encoding: identity, chunked, rot13\r\n\r\n{smuggled}").into(),
        ),
        ("a blank before the colon", format!("GET /api/health HTTP/1.1\r\nHost : x\r\n\r\n{smuggled}").into()),
        ("a header without a name", format!("GET /api/health HTTP/1.1\r\n: x\r\n\r\n{smuggled}").into()),
        (
            "many headers",
            format!("GET /api/health HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Bomb: 1\r\n".repeat(3_000)).into(),
        ),
        ("a long header", format!("GET /api/health HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(300_000)).into()),
        ("noise", (0..4_000_u32).map(|byte| byte.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()),
    ];
    for (what, bytes) in requests {
        let received = exchange(rookery.port(), &bytes, Duration::from_secs(8));
        let statuses = received.statuses();
        assert!(
            statuses.len() <= 1,
            "{what}: two answers to one request: {}",
            received.text()
        );
        assert!(
            statuses.iter().all(|status| (400..500).contains(status)),
            "{what}: {}",
            received.text()
        );
        assert!(received.closed, "{what}: the connection stays open");
        assert_well(&rookery);
    }
    assert!(rookery.is_running());
    let log = installation.log();
    assert!(!log.contains("ERROR"), "nothing is wrong with the service: {log}");
}

// Proves: A38, A50, ASVS 13.4.4
#[test]
fn odd_methods_paths_and_headers_get_an_answer_of_the_contract() {
    let (_installation, rookery) = server();
    let ada = Person::at_home(&rookery, "ada");
    let cookie = format!("Cookie: {}\r\n", ada.cookie);
    for (line, headers, expected) in [
        ("TRACE /api/health HTTP/1.1", "", 405),
        ("PUT /api/users/me HTTP/1.1", cookie.as_str(), 405),
        ("GET /api/auth/login HTTP/1.1", "", 405),
        ("BREW /api/health HTTP/1.1", "", 405),
        ("GET /api/users/me/x.css HTTP/1.1", &cookie, 404),
        ("GET /api/users/me; HTTP/1.1", &cookie, 404),
        ("GET /api/users/%6de%00 HTTP/1.1", &cookie, 404),
        ("GET /api/users/me%2f..%2fme HTTP/1.1", &cookie, 404),
        ("GET //api//users/me HTTP/1.1", &cookie, 404),
        ("GET /api/docs/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1", "", 404),
        ("GET /api/docs/%ff%fe HTTP/1.1", "", 404),
        ("GET /api/nothing%ff HTTP/1.1", "", 404),
        ("GET /nothing HTTP/1.1", "", 404),
        ("GET /api/users/me HTTP/1.1", "Cookie: sid=%ff; sid=; sid\r\n", 401),
        (
            "GET /api/users/me HTTP/1.1",
            "Authorization: Bearer\r\nAuthorization: \u{fc}\r\n",
            401,
        ),
        ("GET /api/users/me HTTP/1.1", "X-Request-Id: a b\u{1}\r\n", 400),
        (
            "GET /api/users/me HTTP/1.1",
            "Accept: image/*\r\nX-Request-Id: <script>alert(1)</script>\r\n",
            401,
        ),
        (
            "POST /api/auth/login HTTP/1.1",
            "Content-Type: text/plain\r\nContent-Length: 2\r\n",
            415,
        ),
        (
            "POST /api/auth/login HTTP/1.1",
            "X-HTTP-Method-Override: GET\r\nContent-Length: 0\r\n",
            400,
        ),
        (
            "POST /api/auth/logout HTTP/1.1",
            "Origin: https://evil.example\r\nContent-Length: 0\r\n",
            403,
        ),
        (
            "POST /api/auth/logout HTTP/1.1",
            "Sec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n",
            403,
        ),
    ] {
        let bytes = format!("{line}\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n{{}}");
        let received = exchange(rookery.port(), bytes.as_bytes(), Duration::from_secs(8));
        assert_eq!(
            received.statuses().first(),
            Some(&expected),
            "{line} {headers}: {}",
            received.text()
        );
        if expected != 400 {
            assert!(
                received.text().contains("\"requestId\":") || is_page(&received.text()),
                "{line}: {}",
                received.text()
            );
        }
        assert!(!received.text().contains("<script>"), "{}", received.text());
    }
    assert!(Person::is_in(&rookery, &ada.cookie));
}

/// Beside `/api` the account pages answer, and name the request in their head.
fn is_page(answer: &str) -> bool {
    answer.contains("content-type: text/html") && answer.contains("x-request-id: ")
}
