//! Bytes on a connection, for what no proper client would send.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What came back, and how it ended.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) bytes: Vec<u8>,
    /// Whether the server closed the connection, in whatever way.
    pub(crate) closed: bool,
    /// From the connection being made to its end.
    pub(crate) took: Duration,
}

impl Received {
    /// The statuses of the answers, in order.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let text = String::from_utf8_lossy(&self.bytes);
        let status = |rest: &str| rest.get(2..5)?.parse().ok();
        text.split("HTTP/1.").skip(1).filter_map(status).collect()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// A connection that is ours to misuse.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    begun: Instant,
}

impl Socket {
    pub(crate) fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
        Self {
            stream,
            begun: Instant::now(),
        }
    }

    /// Sends bytes, as many as the server takes; whether the connection is still there.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream
            .write_all(bytes)
            .map_or_else(|error| is_impatience(&error), |()| true)
    }

    /// Since the connection was made.
    pub(crate) fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Reads until these bytes have come; whether they have, within a few seconds.
    pub(crate) fn waits_for(&mut self, end: &[u8]) -> bool {
        self.stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut bytes = Vec::new();
        let mut byte = [0];
        while !bytes.ends_with(end) {
            match self.stream.read(&mut byte) {
                Ok(1) => bytes.push(byte[0]),
                _ => return false,
            }
        }
        true
    }

    /// Reads until the server closes, or until so long after the connection was made.
    pub(crate) fn read_until_closed(mut self, patience: Duration) -> Received {
        let mut bytes = Vec::new();
        let mut buffer = [0; 16 * 1024];
        let closed = loop {
            let Some(left) = patience
                .checked_sub(self.begun.elapsed())
                .filter(|left| !left.is_zero())
            else {
                break false;
            };
            self.stream.set_read_timeout(Some(left)).unwrap();
            match self.stream.read(&mut buffer) {
                Ok(0) => break true,
                Ok(read) => bytes.extend_from_slice(&buffer[..read]),
                Err(error) if is_impatience(&error) => {}
                Err(_) => break true,
            }
        };
        Received {
            bytes,
            closed,
            took: self.begun.elapsed(),
        }
    }
}

/// Whether we did not want to wait any longer, which says nothing about the connection.
fn is_impatience(error: &std::io::Error) -> bool {
    [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind())
}

/// Sends bytes and reads until the server closes, or until the time is up.
pub(crate) fn exchange(port: u16, bytes: &[u8], patience: Duration) -> Received {
    let mut socket = Socket::connect(port);
    socket.send(bytes);
    socket.read_until_closed(patience)
}
