//! Running the history: one node at a time, all or nothing.

use chrono::{DateTime, Utc};
use sea_orm_migration::{
    MigrationTrait, MigratorTrait, SchemaManager,
    sea_orm::{
        ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, DynIden, IsolationLevel,
        SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, sea_query::IntoIden,
    },
};

use crate::sql_migration::SqlMigration;

/// The key of the PostgreSQL advisory lock under which migrations run: the letters `Rookery!` as a big-endian number.
pub const LOCK_KEY: i64 = i64::from_be_bytes(*b"Rookery!");

const RECORD: &str = "rookery_migrations";

/// Every migration, oldest first. A published one is never changed; a new one goes to the end.
const HISTORY: [SqlMigration; 28] = [
    crate::m0001_users::MIGRATION,
    crate::m0002_tenants::MIGRATION,
    crate::m0003_preferences::MIGRATION,
    crate::m0004_credentials::MIGRATION,
    crate::m0005_sessions::MIGRATION,
    crate::m0006_tokens::MIGRATION,
    crate::m0007_outbox::MIGRATION,
    crate::m0008_audit::MIGRATION,
    crate::m0009_addresses::MIGRATION,
    crate::m0010_row_level_security::MIGRATION,
    crate::m0011_session_lookup::MIGRATION,
    crate::m0012_devices::MIGRATION,
    crate::m0013_throttle::MIGRATION,
    crate::m0014_second_factors::MIGRATION,
    crate::m0015_undos::MIGRATION,
    crate::m0016_audit_readers::MIGRATION,
    crate::m0017_webhooks::MIGRATION,
    crate::m0018_pictures::MIGRATION,
    crate::m0019_mailed_codes::MIGRATION,
    crate::m0020_members::MIGRATION,
    crate::m0021_invitations::MIGRATION,
    crate::m0022_policies::MIGRATION,
    crate::m0023_consents::MIGRATION,
    crate::m0024_exports::MIGRATION,
    crate::m0025_deletions::MIGRATION,
    crate::m0026_staff::MIGRATION,
    crate::m0027_isolation::MIGRATION,
    crate::m0028_lookup_plan::MIGRATION,
];

/// Why the schema could not be read or changed. Nothing of a failed change remains.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database has been migrated by a newer version of this program.
    #[error(
        "the database's schema is newer than this program, which does not know {}: run the version that made it, or roll \
         it back with that version first",
        .unknown.join(", ")
    )]
    SchemaIsNewer {
        /// The applied migrations this program does not know, oldest first.
        unknown: Vec<String>,
    },
    /// There is nobody to give rights to.
    #[error("there is no PostgreSQL role {role:?}: make it first (CREATE ROLE … LOGIN)")]
    NoSuchRole {
        /// The name that was given.
        role: String,
    },
    /// The owner of the tables has every right already, and would lose those the service does not need.
    #[error(
        "the PostgreSQL role {role:?} owns the tables, or may become who does: name the role the service connects as, which \
         must be another"
    )]
    RoleOwnsTables {
        /// The name that was given.
        role: String,
    },
    /// SQLite knows no roles.
    #[error("rights are given to PostgreSQL roles: SQLite has none")]
    NoRoles,
    /// Nobody answers where the database should be.
    #[error("the database does not answer: nothing listens at its address, or it takes no more connections")]
    DoesNotAnswer(#[source] DbErr),
    /// The database refused, or broke off.
    #[error("the database's schema could not be read or changed")]
    Database(#[source] DbErr),
}

impl From<DbErr> for MigrationError {
    /// A pool tries again and again to connect to an address that nothing listens at, and in the end says no more than that
    /// it took too long.
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) => Self::DoesNotAnswer(error),
            other => Self::Database(other),
        }
    }
}

/// One migration of the history, and whether this database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its name, for instance `m0001_users`. Names sort in the order of application.
    pub name: String,
    /// Whether it has been applied.
    pub applied: bool,
    /// When, to the second, if it has.
    pub applied_at: Option<DateTime<Utc>>,
}

/// Applies what is missing and answers the names of what it applied, oldest first.
///
/// Any number of nodes may call it at once: one applies, the others wait for it and find nothing left to do. All that
/// is missing is applied in one transaction, so a failure leaves the schema as it was. When nothing is missing it costs
/// one read and takes no lock.
///
/// # Errors
///
/// [`MigrationError::SchemaIsNewer`] when the database has migrations this program does not know.
pub async fn up(database: &DatabaseConnection) -> Result<Vec<String>, MigrationError> {
    if pending(&read_record(database).await?)?.is_empty() {
        return Ok(Vec::new());
    }
    let transaction = locked(database).await?;
    let applied = up_within(&transaction).await;
    finish(transaction, applied).await
}

/// Takes the newest `steps` migrations back, with the data in their tables, and answers their names, newest first.
///
/// Locked and all or nothing, as [`up`] is. More steps than there are take everything back.
///
/// # Errors
///
/// [`MigrationError::SchemaIsNewer`] when the database has migrations this program does not know, for it would not know
/// how to undo them.
pub async fn down(database: &DatabaseConnection, steps: u32) -> Result<Vec<String>, MigrationError> {
    let transaction = locked(database).await?;
    let undone = down_within(&transaction, steps).await;
    finish(transaction, undone).await
}

/// Every migration this program knows, oldest first. Reads only, and needs no more than the right to read.
///
/// # Errors
///
/// [`MigrationError::SchemaIsNewer`] when the database has migrations this program does not know.
pub async fn status(database: &DatabaseConnection) -> Result<Vec<MigrationStatus>, MigrationError> {
    let record = read_record(database).await?;
    refuse_newer(&record)?;
    Ok(HISTORY
        .iter()
        .map(|migration| {
            let entry = record.iter().find(|entry| entry.name == migration.name);
            MigrationStatus {
                name: migration.name.to_owned(),
                applied: entry.is_some(),
                applied_at: entry.and_then(|entry| DateTime::from_timestamp(entry.applied_at, 0)),
            }
        })
        .collect())
}

struct History;

impl MigratorTrait for History {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        HISTORY.into_iter().map(|migration| Box::new(migration) as _).collect()
    }

    fn migration_table_name() -> DynIden {
        RECORD.into_iden()
    }
}

struct Entry {
    name: String,
    /// Seconds since 1970.
    applied_at: i64,
}

/// What has been applied, in one read. Only when that fails is it asked whether there is a record at all; if there is,
/// another node may have made it since, and it is read again.
async fn read_record(database: &DatabaseConnection) -> Result<Vec<Entry>, DbErr> {
    match entries(database).await {
        Err(_) if SchemaManager::new(database).has_table(RECORD).await? => entries(database).await,
        Err(_) => Ok(Vec::new()),
        read => read,
    }
}

async fn entries(database: &impl ConnectionTrait) -> Result<Vec<Entry>, DbErr> {
    let select = format!("SELECT version, applied_at FROM {RECORD} ORDER BY version");
    database
        .query_all_raw(Statement::from_string(database.get_database_backend(), select))
        .await?
        .iter()
        .map(|row| {
            Ok(Entry {
                name: row.try_get("", "version")?,
                applied_at: row.try_get("", "applied_at")?,
            })
        })
        .collect()
}

fn refuse_newer(record: &[Entry]) -> Result<(), MigrationError> {
    let known = |entry: &&Entry| HISTORY.iter().any(|migration| migration.name == entry.name);
    let unknown: Vec<String> = record
        .iter()
        .filter(|entry| !known(entry))
        .map(|entry| entry.name.clone())
        .collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(MigrationError::SchemaIsNewer { unknown })
    }
}

fn pending(record: &[Entry]) -> Result<Vec<String>, MigrationError> {
    refuse_newer(record)?;
    Ok(HISTORY
        .iter()
        .filter(|migration| record.iter().all(|entry| entry.name != migration.name))
        .map(|migration| migration.name.to_owned())
        .collect())
}

/// A transaction that no other node can be in at the same time.
///
/// On PostgreSQL the isolation level is named, for a stricter one would look at the schema as it was before the wait;
/// and the caller's time limits are lifted, for a node has to wait as long as the first one takes.
pub(crate) async fn locked(database: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match database.get_database_backend() {
        DbBackend::Postgres => {
            let transaction = database
                .begin_with_options(TransactionOptions {
                    isolation_level: Some(IsolationLevel::ReadCommitted),
                    ..TransactionOptions::default()
                })
                .await?;
            transaction
                .execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;")
                .await?;
            transaction
                .execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK_KEY})"))
                .await?;
            Ok(transaction)
        }
        _ => {
            database
                .begin_with_options(TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                })
                .await
        }
    }
}

async fn up_within(transaction: &DatabaseTransaction) -> Result<Vec<String>, MigrationError> {
    History::install(transaction).await?;
    let pending = pending(&entries(transaction).await?)?;
    History::up(transaction, None).await?;
    Ok(pending)
}

async fn down_within(transaction: &DatabaseTransaction, steps: u32) -> Result<Vec<String>, MigrationError> {
    History::install(transaction).await?;
    let record = entries(transaction).await?;
    refuse_newer(&record)?;
    History::down(transaction, Some(steps)).await?;
    let steps = usize::try_from(steps).unwrap_or(usize::MAX);
    Ok(record.into_iter().rev().take(steps).map(|entry| entry.name).collect())
}

pub(crate) async fn finish<T>(
    transaction: DatabaseTransaction,
    result: Result<T, MigrationError>,
) -> Result<T, MigrationError> {
    if result.is_ok() {
        transaction.commit().await?;
    } else {
        // The error worth telling is the first one; a transaction that cannot be rolled back ends with its connection.
        let _ = transaction.rollback().await;
    }
    result
}
