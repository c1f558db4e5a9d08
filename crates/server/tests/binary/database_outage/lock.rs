//! A lock that somebody else holds.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::binary::database::Database;

/// Takes SQLite's turn to write in another process, says so, and holds it.
const HOLD_THE_TURN_TO_WRITE: &str = r"
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
database.execute('BEGIN IMMEDIATE')
print('held', flush=True)
time.sleep(int(sys.argv[2]))
";

/// Somebody else holds a lock on the database.
pub(super) struct Lock {
    holder: Child,
    reads: bool,
}

impl Lock {
    /// On SQLite the turn to write; on PostgreSQL the table of people, reading included.
    pub(super) fn take(database: &Database, time: Duration) -> Self {
        let seconds = time.as_secs().to_string();
        let mut command = if let Some(file) = database.file() {
            let mut command = Command::new("/usr/bin/python3");
            command.args(["-c", HOLD_THE_TURN_TO_WRITE]).arg(file).arg(seconds);
            command
        } else {
            let mut command = database.psql("BEGIN");
            command
                .args(["-c", "LOCK TABLE users IN ACCESS EXCLUSIVE MODE", "-c", "SELECT 'held'"])
                .args(["-c", &format!("SELECT pg_sleep({seconds})")]);
            command
        };
        let mut holder = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = [0; 4];
        holder.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();
        assert_eq!(&said, b"held");
        Self {
            holder,
            reads: database.file().is_none(),
        }
    }

    /// Whether a request waits for the lock.
    pub(super) fn blocks(&self, what: &str) -> bool {
        match what {
            "me" | "session" | "reset" | "verify" => self.reads,
            "edit" | "logout" | "login" | "sign-up" | "forgot" | "resend" => true,
            _ => false,
        }
    }

    pub(super) fn release(mut self) {
        self.holder.wait().unwrap();
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
