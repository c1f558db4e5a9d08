//! What can go wrong below a store, and what it means.

use std::error::Error;
use std::time::Duration;

use rookery_core::PortError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr, SqlxError, SqlxSqliteError};

/// Why a statement or a row did not do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// A row holds what no program of ours has written.
    #[error("{column} makes no sense")]
    Nonsense {
        /// `table.column`
        column: &'static str,
        /// Why.
        #[source]
        reason: Box<dyn Error + Send + Sync>,
    },
    /// The database took a request and did not answer it.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// So many want to write that this one's turn did not come.
    #[error("no turn to write within {0:?}")]
    NoTurn(Duration),
}

/// A rule of the schema that two requests can race for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unique {
    /// One account to an address.
    Email,
}

/// The rules by what the databases call them: PostgreSQL names the constraint, SQLite the index or the columns in its
/// message.
const UNIQUE: [(Unique, &[&str], &str); 1] = [(
    Unique::Email,
    &["users_email_key", "rookery_addresses_address_key"],
    "index 'users_email_key'",
)];

impl Failure {
    /// A row's value that is none.
    pub(crate) fn nonsense(column: &'static str, reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Nonsense {
            column,
            reason: reason.into(),
        }
    }

    /// The same failure once more, for somebody else whom it befell.
    pub(crate) fn for_another(&self) -> Self {
        match self {
            Self::Database(error) => Self::Database(error.clone()),
            Self::Nonsense { column, reason } => Self::nonsense(column, reason.to_string()),
            Self::TimedOut(limit) => Self::TimedOut(*limit),
            Self::NoTurn(limit) => Self::NoTurn(*limit),
        }
    }

    /// The failure as the port's caller sees it.
    pub(crate) fn during(self, operation: &'static str) -> PortError {
        if self.is_unavailable() {
            PortError::unavailable(operation, self)
        } else {
            PortError::broken(operation, self)
        }
    }

    /// Which of the schema's rules was broken, if one was.
    pub(crate) fn violates(&self) -> Option<Unique> {
        let error = self.of_the_database().filter(|error| error.is_unique_violation())?;
        UNIQUE
            .into_iter()
            .find(|(_, constraints, message)| match error.constraint() {
                Some(constraint) => constraints.contains(&constraint),
                None => error.message().contains(message),
            })
            .map(|(unique, ..)| unique)
    }

    /// Whether the transaction lost against another one and nothing of it remains, so that it may be tried again.
    pub(crate) fn is_lost_race(&self) -> bool {
        match self.of_the_database().map(Code::of) {
            Some(Code::Postgres(code)) => matches!(code.as_str(), "40001" | "40P01"),
            Some(Code::Sqlite(code)) => matches!(code, SQLITE_BUSY | SQLITE_LOCKED),
            None => false,
        }
    }

    /// Whether the same request may succeed a little later.
    pub(crate) fn is_unavailable(&self) -> bool {
        match self {
            Self::Nonsense { .. } => false,
            Self::TimedOut(_) | Self::NoTurn(_) => true,
            Self::Database(error) => match self.of_the_database().map(Code::of) {
                Some(code) => code.is_unavailable(),
                None => is_out_of_reach(error),
            },
        }
    }

    fn of_the_database(&self) -> Option<&dyn DatabaseError> {
        match self {
            Self::Database(error) => match driver_error(error)? {
                SqlxError::Database(error) => Some(error.as_ref()),
                _ => None,
            },
            _ => None,
        }
    }
}

fn driver_error(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// Whether the database was not reached at all, or the connection broke.
fn is_out_of_reach(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return true;
    }
    matches!(
        driver_error(error),
        Some(
            SqlxError::Io(_)
                | SqlxError::Tls(_)
                | SqlxError::Protocol(_)
                | SqlxError::PoolTimedOut
                | SqlxError::PoolClosed
                | SqlxError::WorkerCrashed
        )
    )
}

/// The result codes of SQLite (<https://www.sqlite.org/rescode.html>) that pass, by themselves or by an operator's hand.
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;

enum Code {
    /// The five characters of SQLSTATE.
    Postgres(String),
    /// The primary result code.
    Sqlite(u32),
}

impl Code {
    fn of(error: &dyn DatabaseError) -> Self {
        let code = error.code().unwrap_or_default();
        if error.try_downcast_ref::<SqlxSqliteError>().is_some() {
            // The low byte of an extended code is its primary one.
            Self::Sqlite(code.parse::<u32>().map_or(0, |code| code & 0xff))
        } else {
            Self::Postgres(code.into_owned())
        }
    }

    fn is_unavailable(&self) -> bool {
        match self {
            Self::Sqlite(code) => matches!(
                *code,
                SQLITE_BUSY | SQLITE_LOCKED | SQLITE_READONLY | SQLITE_IOERR | SQLITE_FULL | SQLITE_CANTOPEN
            ),
            // https://www.postgresql.org/docs/current/errcodes-appendix.html: connections, insufficient resources,
            // operator intervention (shutdown, statement time-out, starting up) and system errors, by class; then lost
            // races, a lock not given in time, and a server that only reads.
            Self::Postgres(code) => {
                ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class))
                    || matches!(code.as_str(), "40001" | "40P01" | "55P03" | "25006")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_makes_no_sense_is_named_and_will_not_mend_by_waiting() {
        let error = Failure::nonsense("users.email", "no address").during("credentials.by_email");
        assert!(!error.is_unavailable());
        assert_eq!(
            error.chain(),
            "credentials.by_email failed: users.email makes no sense: no address"
        );
    }

    #[test]
    fn what_cannot_be_reached_may_be_reached_later() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        for error in [
            DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout),
            DbErr::Conn(RuntimeErr::SqlxError(SqlxError::Io(refused).into())),
            DbErr::Query(RuntimeErr::SqlxError(SqlxError::WorkerCrashed.into())),
        ] {
            assert!(Failure::from(error).during("test").is_unavailable());
        }
        let nothing = DbErr::Query(RuntimeErr::SqlxError(SqlxError::RowNotFound.into()));
        assert!(!Failure::from(nothing).during("test").is_unavailable());
    }

    #[test]
    fn the_states_of_postgresql_that_pass_are_told_from_those_that_do_not() {
        for state in [
            "08006", "53300", "53100", "57014", "57P01", "57P03", "55P03", "40001", "25006",
        ] {
            assert!(Code::Postgres(state.to_owned()).is_unavailable(), "{state}");
        }
        for state in ["23505", "42P01", "22P02", "28P01", ""] {
            assert!(!Code::Postgres(state.to_owned()).is_unavailable(), "{state}");
        }
    }
}
