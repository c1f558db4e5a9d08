//! A connection, in the clear or not.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use rustls::{ServerConnection, StreamOwned};

use super::authority;

pub(super) enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Wire {
    /// The same connection with TLS from here on; the handshake happens when something is read or written.
    pub(super) fn secured(self) -> Self {
        match self {
            Self::Plain(stream) => {
                let connection = ServerConnection::new(authority::shared().server()).expect("a TLS connection");
                Self::Tls(Box::new(StreamOwned::new(connection, stream)))
            }
            secure @ Self::Tls(_) => secure,
        }
    }

    pub(super) const fn is_secure(&self) -> bool {
        matches!(self, Self::Tls(_))
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
