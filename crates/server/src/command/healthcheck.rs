//! `rookery healthcheck`: is the server ready? For containers, whose image has no other HTTP client.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use super::Failure;
use super::outcome::print;
use crate::configuration::Configuration;

/// Longest wait for each step. An unhealthy server answers within two seconds.
const PATIENCE: Duration = Duration::from_secs(4);
/// The answer is a line or two.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Ask the server that listens on the configured address whether it is ready
///
/// Exits with 0 when it is and with 1 when it is not, or does not answer.
#[derive(Debug, Args)]
pub(super) struct HealthCheck {
    /// Print the server's answer
    #[arg(long)]
    json: bool,
}

impl HealthCheck {
    pub(super) fn run(self, configuration: &Configuration) -> Result<(), Failure> {
        let address = reachable(configuration.listen);
        let answer = ask(address).map_err(|error| Failure::Failed(format!("{address} does not answer: {error}")))?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).unwrap_or("nothing that is HTTP");
        if self.json {
            print(body.trim())?;
        }
        match status {
            "200" if self.json => Ok(()),
            "200" => print("ready"),
            other => Err(Failure::Failed(format!("{address} is not ready: it answered {other}"))),
        }
    }
}

/// Who listens everywhere is asked here.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    write!(
        connection,
        "GET /api/health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nUser-Agent: rookery-healthcheck\r\n\r\n"
    )?;
    let mut answer = String::new();
    connection.take(LONGEST_ANSWER).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_the_loopback() {
        for (listens, asked) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("192.0.2.1:80", "192.0.2.1:80"),
        ] {
            assert_eq!(reachable(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
