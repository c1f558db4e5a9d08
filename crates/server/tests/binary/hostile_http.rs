//! Clients that are slow, greedy, malformed or lying.

use std::thread;
use std::time::Duration;

use serde_json::json;

use super::client::Client;
use super::database::Database;
use super::mail_server::MailServer;
use super::person::Person;
use super::rookery::{Installation, Rookery};
use super::socket::{Received, Socket, exchange};

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

fn request(head: &str, body: &str) -> Vec<u8> {
    format!(
        "{head}\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[test]
fn clients_that_are_slow_are_cut_off_and_others_do_not_wait_for_them() {
    let (_installation, rookery) = server();
    let port = rookery.port();
    thread::scope(|scope| {
        let slow_heads = (0..20)
            .map(|_| scope.spawn(move || slow_head(port)))
            .collect::<Vec<_>>();
        let slow_bodies = (0..20)
            .map(|_| scope.spawn(move || slow_body(port)))
            .collect::<Vec<_>>();
        let slow_chunks = scope.spawn(move || slow_chunks(port));
        let lazy_reader = scope.spawn(move || lazy_reader(port));
        for _ in 0..8 {
            thread::sleep(Duration::from_secs(1));
            assert_well(&rookery);
        }
        for client in slow_heads {
            let received = client.join().unwrap();
            assert!(
                received.closed && received.took < Duration::from_secs(10),
                "{received:?}"
            );
            assert!(
                received.statuses().iter().all(|status| *status == 408),
                "{}",
                received.text()
            );
        }
        for client in slow_bodies.into_iter().chain([slow_chunks]) {
            let received = client.join().unwrap();
            assert!(received.closed, "a slow body is never cut: {received:?}");
            assert!(
                received.took > Duration::from_secs(10) && received.took < Duration::from_secs(20),
                "{received:?}"
            );
            assert_eq!(received.statuses(), [408], "{}", received.text());
            assert!(received.text().contains("REQUEST_TIMEOUT"), "{}", received.text());
        }
        assert!(
            lazy_reader.join().unwrap(),
            "a client that never reads holds its connection for ever"
        );
    });
    assert_well(&rookery);
}

/// Sends a header a second.
fn slow_head(port: u16) -> Received {
    let mut socket = Socket::connect(port);
    socket.send(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n");
    for number in 0..12 {
        thread::sleep(Duration::from_secs(1));
        if !socket.send(format!("X-Slow-{number}: yes\r\n").as_bytes()) {
            break;
        }
    }
    socket.read_until_closed(Duration::from_secs(15))
}

/// Announces a body and sends a byte a second.
fn slow_body(port: u16) -> Received {
    let mut socket = Socket::connect(port);
    socket.send(
        b"POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    );
    dribble(socket, b" ")
}

fn slow_chunks(port: u16) -> Received {
    let mut socket = Socket::connect(port);
    socket.send(
        b"POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
          Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    );
    dribble(socket, b"1\r\n \r\n")
}

fn dribble(mut socket: Socket, bytes: &[u8]) -> Received {
    for _ in 0..13 {
        thread::sleep(Duration::from_secs(1));
        if !socket.send(bytes) {
            break;
        }
    }
    socket.read_until_closed(Duration::from_secs(25))
}

/// Asks for much on one connection and reads none of it; whether the server lets go of it.
fn lazy_reader(port: u16) -> bool {
    let mut socket = Socket::connect(port);
    let one = b"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for _ in 0..20 {
        socket.send(&one.repeat(50));
    }
    // A byte now and then tells whether anybody is still there.
    while socket.age() < Duration::from_secs(40) {
        thread::sleep(Duration::from_millis(500));
        if !socket.send(b"G") {
            return true;
        }
    }
    false
}

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

#[test]
fn malformed_http_gets_one_refusal_at_most_and_hurts_nobody() {
    let (_installation, mut rookery) = server();
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
}

#[test]
fn odd_methods_paths_and_headers_get_an_answer_of_the_contract() {
    let (_installation, rookery) = server();
    let ada = Person::at_home(&rookery, "ada");
    let cookie = format!("Cookie: {}\r\n", ada.cookie);
    for (line, headers, expected) in [
        ("TRACE /api/health HTTP/1.1", "", 405),
        ("DELETE /api/users/me HTTP/1.1", cookie.as_str(), 405),
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
                received.text().contains("\"requestId\":"),
                "{line}: {}",
                received.text()
            );
        }
        assert!(!received.text().contains("<script>"), "{}", received.text());
    }
    assert!(Person::is_in(&rookery, &ada.cookie));
}

#[test]
fn what_a_client_says_about_who_it_is_and_where_it_asked_is_not_believed() {
    let post = MailServer::start();
    let installation = Installation::on(Database::sqlite())
        .with("ROOKERY_PUBLIC_URL", "https://accounts.example.com")
        .mailing_to(&post);
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let eve = Person::at_home(&rookery, "eve");
    let victim = ada.me(&rookery);
    let (user, tenant) = (victim["id"].as_str().unwrap(), victim["tenantId"].as_str().unwrap());

    // Identities in headers, in the query and in the body.
    let identity = |client: &Client, cookie: &str| {
        client
            .get(&format!("/api/users/me?userId={user}&tenantId={tenant}"))
            .header("x-user-id", user)
            .header("x-tenant-id", tenant)
            .header("x-forwarded-user", &ada.email)
            .header("x-middleware-subrequest", "middleware:middleware:middleware")
            .cookie(cookie)
            .send()
    };
    identity(&rookery, "").expect_status(401);
    assert_eq!(
        identity(&rookery, &eve.cookie).expect_status(200).json()["email"],
        json!(eve.email)
    );
    let edit = json!({ "name": "Mallory", "id": user, "userId": user, "tenantId": tenant, "email": ada.email, "roles": ["owner"] });
    let answer = rookery
        .patch("/api/users/me", &edit)
        .header("x-user-id", user)
        .cookie(&eve.cookie)
        .send()
        .expect_status(200);
    assert_eq!(answer.json()["email"], json!(eve.email));
    assert_eq!(ada.me(&rookery)["name"], json!("Ada Lovelace"));

    // Where it asked: mail leads to the configured address, whatever the request said.
    let body =
        json!({ "email": ada.email, "url": "https://evil.example", "redirectTo": "https://evil.example" }).to_string();
    for lie in [
        "Host: evil.example\r\n",
        "Host: localhost\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: gopher\r\nX-Forwarded-Port: 666\r\n",
        "Host: localhost\r\nForwarded: for=evil.example;host=evil.example;proto=http\r\nReferer: https://evil.example/\r\n",
        "Host: localhost:1@evil.example\r\nX-Original-Host: evil.example\r\nX-Host: evil.example\r\n",
    ] {
        let seen = post.mails_to(&ada.email).len();
        let head = format!(
            "POST /api/auth/forgot-password HTTP/1.1\r\n{lie}Content-Type: application/json\r\nConnection: close\r\n"
        );
        let bytes = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let received = exchange(rookery.port(), bytes.as_bytes(), Duration::from_secs(8));
        assert_eq!(received.statuses(), [200], "{lie}: {}", received.text());
        let mails = super::patience::eventually(Duration::from_secs(20), "a mail", || {
            Some(post.mails_to(&ada.email)).filter(|mails| mails.len() > seen)
        });
        let mail = mails.last().unwrap();
        assert!(
            mail.link()
                .unwrap()
                .starts_with("https://accounts.example.com/reset-password?token="),
            "{:?}",
            mail.link()
        );
        assert!(!mail.text().contains("evil") && !mail.html().contains("evil"), "{lie}");
    }
    let bytes = request("POST http://evil.example/api/auth/forgot-password HTTP/1.1", &body);
    let received = exchange(rookery.port(), &bytes, Duration::from_secs(2));
    assert!(
        received
            .statuses()
            .iter()
            .all(|status| [200, 400, 404].contains(status)),
        "{}",
        received.text()
    );
    thread::sleep(Duration::from_secs(1));
    assert!(post.mails().iter().all(|mail| !mail.text().contains("evil")));
}
