//! Over a real socket: what only the bytes on the wire can show.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer};
use rookery_api::{configure, not_found_anywhere};

use crate::ada;
use crate::behind::{Behind, nothing};

/// A server on a free port of this machine, stopped when dropped.
struct Served {
    address: SocketAddr,
    handle: ServerHandle,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

fn serve(behind: Behind) -> Served {
    let api = behind.api();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || {
                App::new()
                    .configure(configure(&api))
                    .default_service(not_found_anywhere(&api))
            })
            .workers(1)
            .bind("127.0.0.1:0")
            .unwrap();
            let address = server.addrs()[0];
            let running = server.run();
            tell.send((address, running.handle())).unwrap();
            running.await.unwrap();
        });
    });
    let (address, handle) = told.recv().unwrap();
    Served { address, handle }
}

/// Sends these bytes and reads until the connection closes or falls silent.
fn exchange(server: &Served, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(read) = stream.read(&mut chunk) {
        if read == 0 {
            break;
        }
        answer.extend_from_slice(&chunk[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn status_of(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("{answer:?}"))
}

#[test]
fn head_has_no_body_and_get_has_one() {
    let server = serve(nothing());
    let head = exchange(
        &server,
        b"HEAD /api/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(status_of(&head), 200);
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    let get = exchange(
        &server,
        b"GET /api/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    assert!(get.ends_with("\r\n\r\n{\"status\":\"live\"}"), "{get}");
    assert!(!get.to_lowercase().contains("\r\nserver:"));
}

#[test]
fn odd_targets_never_reach_data() {
    let mut behind = nothing();
    // Paths that are spelled differently and are the same path read the profile, as they should; nothing else does.
    behind.profiles.expect_read().returning(|_| Ok(ada::profile()));
    let server = serve(behind);
    for target in [
        "//api/users/me",
        "/api//users/me",
        "/api/./users/me",
        "/api/x/../users/me",
        "/api/users/me/%2e%2e/me",
        "/api/users/me/x.css",
        "/api/users/me;jsessionid=1",
        "/api/users/me%00",
        "/api/docs/%ff%fe",
        "/api/docs/%00",
        "/api/docs/..%2f..%2fCargo.toml",
        "/api/users/me%0d%0aSet-Cookie:x=1",
        "/api/users/me/",
        "/api\\users\\me",
        "/%61pi/users/m%65/..",
        "http://evil.example/api/users/you",
    ] {
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {}\r\n\r\n",
            ada::cookie(&ada::token())
        );
        let answer = exchange(&server, request.as_bytes());
        assert!([400, 404].contains(&status_of(&answer)), "{target}: {answer}");
        assert!(
            !answer.contains("ada@example.com") && !answer.contains("x=1"),
            "{target}: {answer}"
        );
    }
}

// Proves: A38, ASVS 4.2.1
#[test]
fn ambiguous_and_broken_framing_is_refused() {
    let server = serve(nothing());
    let head = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n";
    for rest in [
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: -1\r\n\r\n{}",
        "Content-Length: two\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip\r\n\r\n{}",
    ] {
        let answer = exchange(&server, format!("{head}{rest}").as_bytes());
        assert!((400..500).contains(&status_of(&answer)), "{rest:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    }
    for request in [
        "GARBAGE\r\n\r\n",
        "GET /api/health\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
    ] {
        assert_eq!(status_of(&exchange(&server, request.as_bytes())), 400, "{request:?}");
    }
}

#[test]
fn a_body_that_is_too_large_ends_the_connection() {
    let server = serve(nothing());
    let head = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let announced = exchange(&server, format!("{head}Content-Length: 99999999\r\n\r\n").as_bytes());
    assert_eq!(status_of(&announced), 413);
    assert!(
        announced.to_lowercase().contains("\r\nconnection: close"),
        "{announced}"
    );

    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    let streamed = exchange(
        &server,
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(5)).as_bytes(),
    );
    assert_eq!(status_of(&streamed), 413);
    assert!(streamed.to_lowercase().contains("\r\nconnection: close"), "{streamed}");
}

#[test]
fn a_panic_answers_and_the_same_connection_is_served_on() {
    let mut behind = nothing();
    behind
        .profiles
        .expect_read()
        .once()
        .returning(|_| panic!("the sky fell"));
    let server = serve(behind);
    let broken = format!(
        "GET /api/users/me HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n",
        ada::cookie(&ada::token())
    );
    let answer = exchange(
        &server,
        format!("{broken}GET /api/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes(),
    );
    assert_eq!(status_of(&answer), 500);
    assert!(
        answer.contains("\"code\":\"INTERNAL_ERROR\"") && answer.contains("{\"status\":\"live\"}"),
        "{answer}"
    );
    assert!(!answer.contains("sky"));
}

#[test]
fn a_chunked_body_that_nobody_reads_does_not_keep_the_connection() {
    let server = serve(nothing());
    for line in [
        "POST /api/auth/logout",
        "POST /nothing",
        "DELETE /api/health",
        "GET /api/health/live",
        "GET /nothing",
    ] {
        let head = "Host: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked";
        let started = Instant::now();
        let answer = exchange(
            &server,
            format!("{line} HTTP/1.1\r\n{head}\r\n\r\n1\r\n{{\r\n").as_bytes(),
        );
        assert!([200, 401, 404, 405].contains(&status_of(&answer)), "{answer}");
        assert!(started.elapsed() < Duration::from_secs(4), "{line} is still open");
    }
}

#[test]
fn a_body_in_chunks_that_is_none_needs_no_type_and_one_that_is_some_does() {
    let server = serve(nothing());
    let head = "Host: x\r\nTransfer-Encoding: chunked\r\n";
    let next = "GET /api/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    for line in [
        "POST /api/auth/logout",
        "POST /api/auth/sessions/revoke-others",
        "DELETE /api/auth/sessions/x",
    ] {
        let answer = exchange(
            &server,
            format!("{line} HTTP/1.1\r\n{head}\r\n0\r\n\r\n{next}").as_bytes(),
        );
        assert_eq!(status_of(&answer), 401, "{line}: {answer}");
        assert!(
            answer.contains("{\"status\":\"live\"}"),
            "the connection goes on: {answer}"
        );

        // What is no end is some body, and is not read on.
        let started = Instant::now();
        let answer = exchange(
            &server,
            format!("{line} HTTP/1.1\r\n{head}\r\n2\r\n{{}}\r\n").as_bytes(),
        );
        assert_eq!(status_of(&answer), 415, "{line}: {answer}");
        assert!(started.elapsed() < Duration::from_secs(4), "{line} is still open");
        let typed = format!("{line} HTTP/1.1\r\n{head}Content-Type: text/plain\r\n\r\n0\r\n\r\n");
        assert_eq!(status_of(&exchange(&server, typed.as_bytes())), 415, "{line}");
        let foreign = format!("{line} HTTP/1.1\r\n{head}Origin: https://evil.example\r\n\r\n0\r\n\r\n");
        assert_eq!(status_of(&exchange(&server, foreign.as_bytes())), 403, "{line}");
    }
}
