//! Clients that take their time.

use std::thread;
use std::time::Duration;

use super::{assert_well, server};
use crate::binary::socket::{Received, Socket};

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
