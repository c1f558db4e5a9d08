//! The address is taken first and listened to last.
//!
//! A start that must fail because the port is taken fails before anything is migrated, and nobody is connected to a
//! server that is still migrating.

use std::io;
use std::net::{SocketAddr, TcpListener};
#[cfg(target_os = "linux")]
use std::time::Duration;

use socket2::{Domain, Socket, Type};

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 1_024;

/// How long what was sent may wait for a client that reads none of it. The server knows no such limit; the system does, and
/// breaks the connection (`TCP_USER_TIMEOUT` of RFC 5482, on a closed window too since Linux 5.11).
#[cfg(target_os = "linux")]
const UNREAD: Duration = Duration::from_secs(15);

/// An address that is ours, on which connections are refused as yet.
#[derive(Debug)]
pub(crate) struct ReservedAddress {
    socket: Socket,
    address: SocketAddr,
}

impl ReservedAddress {
    /// Takes the address; port 0 takes a free one.
    ///
    /// # Errors
    /// When somebody listens there, or it is no address of this machine.
    pub(crate) fn take(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        // Connections of a server that has just ended linger on the port; a server that is still there holds it all the same.
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        // Connections inherit it from the socket they are accepted on.
        #[cfg(target_os = "linux")]
        socket.set_tcp_user_timeout(Some(UNREAD))?;
        socket.bind(&address.into())?;
        let address = socket
            .local_addr()?
            .as_socket()
            .ok_or_else(|| io::Error::other("the socket has no internet address"))?;
        Ok(Self { socket, address })
    }

    /// The address, with the port that was found if none was asked for.
    #[must_use]
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on connections are made.
    ///
    /// # Errors
    /// When somebody began to listen there meanwhile.
    pub(crate) fn listen(self) -> io::Result<TcpListener> {
        self.socket.listen(BACKLOG)?;
        Ok(self.socket.into())
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpStream};

    use super::*;

    fn any_port() -> SocketAddr {
        (Ipv4Addr::LOCALHOST, 0).into()
    }

    #[test]
    fn a_reserved_address_refuses_connections_until_it_listens() {
        let reserved = ReservedAddress::take(any_port()).unwrap();
        let address = reserved.address();
        assert_ne!(address.port(), 0);
        assert_eq!(
            TcpStream::connect(address).unwrap_err().kind(),
            io::ErrorKind::ConnectionRefused
        );
        let _listener = reserved.listen().unwrap();
        TcpStream::connect(address).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn connections_inherit_the_limit_for_clients_that_do_not_read() {
        let listener = ReservedAddress::take(any_port()).unwrap().listen().unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (connection, _) = listener.accept().unwrap();
        let limit = socket2::SockRef::from(&connection).tcp_user_timeout().unwrap();
        assert_eq!(limit, Some(UNREAD));
    }

    #[test]
    fn an_address_somebody_listens_on_cannot_be_taken() {
        let listener = ReservedAddress::take(any_port()).unwrap().listen().unwrap();
        let taken = ReservedAddress::take(listener.local_addr().unwrap());
        assert_eq!(taken.unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }
}
