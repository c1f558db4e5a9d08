//! The database under a server, and a look behind the server's back.

use std::path::PathBuf;
use std::process::Command;

use rookery_testkit::postgres::{PostgresDatabase, PostgresServer};

use super::folder::Folder;

/// Turns functions that take a [`Database`] into one test each for every database we claim to serve.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test($crate::binary::database::Database::sqlite()); })+
        }
        mod postgres {
            $(#[test] fn $test() { super::$test($crate::binary::database::Database::postgres()); })+
        }
    };
}

/// A fresh, empty database of one test.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a test has one of them")]
pub(crate) enum Database {
    /// The file the embedded default makes in the data directory, which lies in this folder.
    Sqlite(Folder),
    /// A database of its own on a PostgreSQL server.
    Postgres {
        // Dropped first: it is dropped on the server below.
        database: PostgresDatabase,
        server: Option<PostgresServer>,
    },
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(Folder::new("sqlite"))
    }

    pub(crate) fn postgres() -> Self {
        Self::Postgres {
            database: PostgresServer::shared().database(),
            server: None,
        }
    }

    /// On a PostgreSQL server that may be killed, and keeps what it has acknowledged.
    pub(crate) fn mortal_postgres() -> Self {
        let server = PostgresServer::private();
        Self::Postgres {
            database: server.database(),
            server: Some(server),
        }
    }

    /// The URL for `DATABASE_URL`; the embedded default needs none.
    pub(crate) fn url(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { database, .. } => Some(database.url()),
        }
    }

    /// The same for whoever owns the tables, and the role the service connects as, where there are roles.
    pub(crate) fn owner(&self) -> Option<(&str, &str)> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { database, .. } => Some((database.owner_url(), database.name())),
        }
    }

    /// The file, if it is one.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(folder) => Some(folder.path().join("data/rookery.db")),
            Self::Postgres { .. } => None,
        }
    }

    /// The server below, to stop, kill and start again.
    pub(crate) fn server(&self) -> &PostgresServer {
        match self {
            Self::Postgres {
                server: Some(server), ..
            } => server,
            _ => panic!("only Database::mortal_postgres() may be stopped"),
        }
    }

    /// What a query answers, as texts; NULL is empty. Sees every row: row-level security does not bind it.
    pub(crate) fn rows(&self, query: &str) -> Vec<Vec<String>> {
        let output = match self.file() {
            Some(file) => Command::new("/usr/bin/python3")
                .args(["-c", SQLITE])
                .arg(file)
                .arg(query)
                .output(),
            None => self.psql(query).output(),
        };
        let output = output.unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{query}: {complaint}");
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| line.split('\u{1f}').map(str::to_owned).collect())
            .collect()
    }

    /// The one number a query answers.
    pub(crate) fn count(&self, query: &str) -> u64 {
        self.rows(query)[0][0].parse().unwrap()
    }

    /// `psql` with a statement, as the superuser, not started yet.
    pub(crate) fn psql(&self, statement: &str) -> Command {
        let Self::Postgres { database, .. } = self else {
            panic!("psql is for PostgreSQL");
        };
        let mut command = Command::new("psql");
        command
            .args(["-X", "-q", "-A", "-t", "-F", "\u{1f}", "-v", "ON_ERROR_STOP=1", "-d"])
            .args([database.superuser_url(), "-c", statement]);
        command
    }

    /// What a statement says, or why it is refused, to the role the service connects as.
    pub(crate) fn as_the_service(&self, statement: &str) -> String {
        let url = self.url().expect("only PostgreSQL has roles");
        let arguments = [
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            url,
            "-c",
            statement,
        ];
        let output = Command::new("psql").args(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&said).trim().to_owned()
    }

    /// A worker that was killed holds the mails and messages it had claimed until its lease is over. It is over now.
    pub(crate) fn let_leases_run_out(&self) {
        self.rows("UPDATE rookery_outbox SET lease_until = NULL WHERE state = 'queued'");
        self.rows("UPDATE rookery_webhook_messages SET lease_until = NULL WHERE state = 'queued'");
    }

    /// A mail or a message that could not be delivered waits, longer each time. It has waited now.
    pub(crate) fn let_pauses_run_out(&self) {
        self.rows("UPDATE rookery_outbox SET next_attempt_at = created_at WHERE state = 'queued'");
        self.rows("UPDATE rookery_webhook_messages SET next_attempt_at = created_at WHERE state = 'queued'");
    }

    /// Mails that are still to be delivered.
    pub(crate) fn queued_mails(&self) -> u64 {
        self.count("SELECT count(*) FROM rookery_outbox WHERE state = 'queued'")
    }

    /// Fails when a row points to one that is not there, when an account is only half there, or when the file is damaged.
    pub(crate) fn assert_whole(&self) {
        match self {
            Self::Sqlite(_) => {
                assert_eq!(self.rows("PRAGMA integrity_check"), [["ok"]]);
                assert_eq!(self.rows("PRAGMA foreign_key_check"), [[""; 0]; 0]);
            }
            Self::Postgres { .. } => {
                let orphans = &self.rows(ORPHANS_OF_EACH_FOREIGN_KEY)[0][0];
                assert_eq!(self.rows(orphans), [[""; 0]; 0]);
            }
        }
        assert_eq!(self.rows(HALF_AN_ACCOUNT), [[""; 0]; 0]);
    }
}

/// Runs a statement on an SQLite file and prints its rows.
const SQLITE: &str = r"
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=10)
with database:
    for row in database.execute(sys.argv[2]).fetchall():
        print('\x1f'.join('' if column is None else column.hex() if isinstance(column, bytes) else str(column) for column in row))
database.close()
";

/// A query that finds the rows whose foreign keys point nowhere, as this query writes it from the schema. PostgreSQL does
/// not check them again after a crash; this does.
const ORPHANS_OF_EACH_FOREIGN_KEY: &str = "\
SELECT string_agg(format('SELECT %L, a.%I::text FROM %s a LEFT JOIN %s b ON b.%I = a.%I \
WHERE a.%I IS NOT NULL AND b.%I IS NULL', k.conname, here.attname, k.conrelid::regclass, k.confrelid::regclass, \
there.attname, here.attname, here.attname, there.attname), ' UNION ALL ') \
FROM pg_constraint k \
JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attnum = k.conkey[1] \
JOIN pg_attribute there ON there.attrelid = k.confrelid AND there.attnum = k.confkey[1] \
WHERE k.contype = 'f'";

/// What one sign-up writes, it writes together.
const HALF_AN_ACCOUNT: &str = "\
SELECT 'no credential', u.email FROM users u \
LEFT JOIN rookery_credentials c ON c.user_id = u.id WHERE c.user_id IS NULL UNION ALL \
SELECT 'no address', u.email FROM users u \
LEFT JOIN rookery_addresses a ON a.user_id = u.id WHERE a.user_id IS NULL UNION ALL \
SELECT 'no token', u.email FROM users u \
LEFT JOIN rookery_tokens t ON t.user_id = u.id WHERE t.user_id IS NULL UNION ALL \
SELECT 'no mail', u.email FROM users u \
LEFT JOIN rookery_outbox o ON o.user_id = u.id AND o.kind = 'verify_email' WHERE o.id IS NULL UNION ALL \
SELECT 'no event', u.email FROM users u \
LEFT JOIN rookery_audit_events e ON e.user_id = u.id WHERE e.id IS NULL UNION ALL \
SELECT 'no owner', t.name FROM tenants t \
LEFT JOIN tenant_users m ON m.tenant_id = t.id WHERE m.user_id IS NULL";
