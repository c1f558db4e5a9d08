//! The databases everything is tried on: each fresh, migrated, and seen by a witness on a connection of its own.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use rookery_store::{
    Database, DatabaseSettings, SqlAccountStore, SqlAddressStore, SqlAuditLog, SqlCredentialStore, SqlDeviceStore,
    SqlEventOutbox, SqlEventReader, SqlHeartbeat, SqlHousekeepingStore, SqlInvitationStore, SqlMemberStore, SqlOutbox,
    SqlOversightStore, SqlPictureStore, SqlPolicyStore, SqlProfileStore, SqlSecondFactorStore, SqlSessionStore,
    SqlStaffStore, SqlTenantStore, SqlThrottleStore, SqlTokenStore, SqlUndoStore, SqlWebhookStore,
};
use rookery_testkit::contract::{GRACE, Stores, World};
use rookery_testkit::postgres::{PostgresDatabase, PostgresServer};
use rookery_testkit::sqlite::SqliteFile;

use crate::witness::SqlWitness;

/// A database and what has to outlive its connections.
pub(crate) struct Backend {
    pub(crate) database: Database,
    pub(crate) witness: Arc<SqlWitness>,
    url: String,
    _file: Option<SqliteFile>,
    postgres: Option<PostgresDatabase>,
}

impl Backend {
    pub(crate) fn world(&self) -> World {
        World::new(stores(&self.database, &self.witness))
    }

    /// The URL the service connects by.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The PostgreSQL database behind it.
    pub(crate) fn postgres(&self) -> &PostgresDatabase {
        self.postgres.as_ref().unwrap()
    }
}

pub(crate) fn stores(database: &Database, witness: &Arc<SqlWitness>) -> Stores {
    let database = || database.clone();
    Stores {
        accounts: Arc::new(SqlAccountStore::new(database())),
        addresses: Arc::new(SqlAddressStore::new(database())),
        undos: Arc::new(SqlUndoStore::new(database())),
        audit: Arc::new(SqlAuditLog::new(database())),
        credentials: Arc::new(SqlCredentialStore::new(database())),
        devices: Arc::new(SqlDeviceStore::new(database())),
        factors: Arc::new(SqlSecondFactorStore::new(database())),
        throttle: Arc::new(SqlThrottleStore::new(database())),
        sessions: Arc::new(SqlSessionStore::new(database(), GRACE)),
        tenants: Arc::new(SqlTenantStore::new(database())),
        members: Arc::new(SqlMemberStore::new(database())),
        invitations: Arc::new(SqlInvitationStore::new(database())),
        policies: Arc::new(SqlPolicyStore::new(database())),
        profiles: Arc::new(SqlProfileStore::new(database())),
        pictures: Arc::new(SqlPictureStore::new(database())),
        tokens: Arc::new(SqlTokenStore::new(database())),
        outbox: Arc::new(SqlOutbox::new(database())),
        webhooks: Arc::new(SqlWebhookStore::new(database())),
        event_outbox: Arc::new(SqlEventOutbox::new(database())),
        housekeeping: Arc::new(SqlHousekeepingStore::new(database())),
        heartbeat: Arc::new(SqlHeartbeat::new(database())),
        events: Arc::new(SqlEventReader::new(database())),
        staff: Arc::new(SqlStaffStore::new(database())),
        oversight: Arc::new(SqlOversightStore::new(database())),
        witness: Arc::<SqlWitness>::clone(witness),
    }
}

/// In memory, under a name, so that the witness sees the same one.
pub(crate) async fn sqlite_in_memory() -> Backend {
    let name = RandomState::new().hash_one(std::process::id());
    let url = format!("sqlite:file:rookery-{name:016x}?mode=memory&cache=shared");
    on(&url, &url, None, None).await
}

pub(crate) async fn sqlite_in_a_file() -> Backend {
    let file = SqliteFile::new();
    let url = file.url();
    on(&url, &url, Some(file), None).await
}

pub(crate) async fn postgresql() -> Backend {
    let postgres = PostgresServer::shared().database();
    let (url, witness_url) = (postgres.url().to_owned(), postgres.superuser_url().to_owned());
    on(&url, &witness_url, None, Some(postgres)).await
}

async fn on(url: &str, witness_url: &str, file: Option<SqliteFile>, postgres: Option<PostgresDatabase>) -> Backend {
    let database = Database::connect(&patient(url)).await.unwrap();
    database.migrate_up().await.unwrap();
    Backend {
        database,
        witness: Arc::new(SqlWitness::connect(witness_url).await),
        url: url.to_owned(),
        _file: file,
        postgres,
    }
}

/// The defaults, with patience for a machine that runs all these tests at once: no promise is about time.
pub(crate) fn patient(url: &str) -> DatabaseSettings {
    DatabaseSettings {
        acquire_timeout: std::time::Duration::from_secs(30),
        statement_timeout: std::time::Duration::from_secs(30),
        ..DatabaseSettings::new(url)
    }
}

/// Makes a test on each backend of `async fn name(backend: Backend)`.
macro_rules! on_every_backend {
    ($($name:ident)+) => {
        mod sqlite_in_memory {
            $(#[tokio::test] async fn $name() { super::$name(crate::backends::sqlite_in_memory().await).await; })+
        }
        mod sqlite_in_a_file {
            $(#[tokio::test] async fn $name() { super::$name(crate::backends::sqlite_in_a_file().await).await; })+
        }
        mod postgresql {
            $(#[tokio::test] async fn $name() { super::$name(crate::backends::postgresql().await).await; })+
        }
    };
}
pub(crate) use on_every_backend;
