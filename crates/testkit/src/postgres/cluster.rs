//! A PostgreSQL cluster of our own: a folder, a port, and a shell that removes both.
//!
//! The shell waits on a pipe whose other end this process holds and nobody inherits. When the process ends, by whatever
//! death, the pipe closes and the shell stops the server and deletes its folder.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::programs;

const SCRIPT: &str = include_str!("cluster.sh");

/// How often another port is tried: between finding a free one and listening on it somebody else may take it.
const ATTEMPTS: u32 = 5;

#[derive(Debug)]
pub(super) struct Cluster {
    keeper: Child,
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts a cluster with further lines of `postgresql.conf`.
    pub(super) fn start(settings: &str) -> Self {
        let Some(programs) = programs::folder() else {
            panic!(
                "PostgreSQL is not installed (no initdb, pg_ctl and postgres below /usr/lib/postgresql or in PATH): run \
                 scripts/test, which installs it, or point ROOKERY_TEST_POSTGRES to a superuser's URL"
            );
        };
        let mut failure = String::new();
        for _ in 0..ATTEMPTS {
            match Self::attempt(programs.clone(), settings) {
                Ok(cluster) => return cluster,
                Err(error) => failure = error,
            }
        }
        panic!("PostgreSQL does not start (scripts/test installs what it needs): {failure}");
    }

    fn attempt(programs: PathBuf, settings: &str) -> Result<Self, String> {
        let port = free_port().map_err(|error| error.to_string())?;
        let mut keeper = programs::as_postgres("sh")
            .args(["-c", SCRIPT, "cluster.sh"])
            .arg(&programs)
            .args([&port.to_string(), settings])
            // A Ctrl-C meant for the test must not reach the shell that cleans up after it.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the shell does not start: {error}"))?;

        let mut answer = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut answer)
                .map_err(|error| error.to_string())?;
        }
        if let Some(folder) = answer.trim_end().strip_prefix("ready ") {
            return Ok(Self {
                keeper,
                programs,
                folder: PathBuf::from(folder),
                port,
            });
        }
        drop(keeper.stdin.take());
        let mut log = String::new();
        if let Some(mut stderr) = keeper.stderr.take() {
            let _ = stderr.read_to_string(&mut log);
        }
        let _ = keeper.wait();
        Err(log)
    }

    pub(super) fn superuser_url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    pub(super) fn stop(&self, mode: &str) {
        self.control(&["-m", mode, "-w", "stop"]);
    }

    pub(super) fn start_again(&self) {
        let log = self.folder.join("log");
        self.control(&["-l", &log.to_string_lossy(), "-w", "start"]);
    }

    fn control(&self, arguments: &[&str]) {
        let mut command: Command = programs::as_postgres(&self.programs.join("pg_ctl").to_string_lossy());
        let status = command
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(arguments)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "pg_ctl {arguments:?} failed"
        );
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
