//! Rookery's stores on SQLite and PostgreSQL.
//!
//! ```no_run
//! use std::sync::Arc;
//! use rookery_core::ports::SessionStore;
//! use rookery_store::{Database, DatabaseSettings, SqlSessionStore};
//!
//! # async fn compose() -> Result<(), Box<dyn std::error::Error>> {
//! let database = Database::connect(&DatabaseSettings::new("sqlite://rookery.db?mode=rwc")).await?;
//! database.migrate_up().await?;
//! let sessions: Arc<dyn SessionStore> = Arc::new(SqlSessionStore::new(database, chrono::Duration::days(7)));
//! # Ok(())
//! # }
//! ```
//!
//! # How it is built
//!
//! Each adapter is one role of [`rookery_core::ports`] on a [`Database`], and nothing of SeaORM leaves this crate. One
//! public method is one transaction, opened by `Database::atomically` (writes) or `Database::reading` (reads); private
//! functions take any connection and never open one. The exception is the session look-up, which every request pays
//! for: one statement of static SQL without a transaction around it.
//!
//! What the two databases say differently is text, kept in one `Dialect`; the stores themselves do not know which one
//! they talk to. What was read before is repeated as the condition of the write, and the row count is the answer.
//!
//! Rows are locked in one order everywhere, so that transactions wait for each other instead of dead-locking: person,
//! staff, tenants by their ids, invitation, members, deletion, credential, picture, export, sessions, tokens, mails, messages, webhooks.

// The stores.
mod accounts;
mod addresses;
mod audit_log;
mod consents;
mod credentials;
mod deletions;
mod devices;
mod event_outbox;
mod event_reader;
mod exports;
mod factors;
mod heartbeat;
mod housekeeping;
mod invitations;
mod like;
mod outbox;
mod oversight;
mod personal_records;
mod pictures;
mod policies;
mod profiles;
mod roster;
mod sessions;
mod staff;
mod tenants;
mod throttle;
mod tokens;
mod undos;
mod webhooks;

// What they stand on.
mod database;
mod dialect;
mod entity;
mod error;
mod members;
mod people;
mod row;
mod settings;
mod transaction;

pub use accounts::SqlAccountStore;
pub use addresses::SqlAddressStore;
pub use audit_log::SqlAuditLog;
pub use consents::SqlConsentStore;
pub use credentials::SqlCredentialStore;
pub use database::{ConnectError, Database, DatabaseWarning};
pub use deletions::SqlDeletionStore;
pub use devices::SqlDeviceStore;
pub use event_outbox::SqlEventOutbox;
pub use event_reader::SqlEventReader;
pub use exports::SqlExportStore;
pub use factors::SqlSecondFactorStore;
pub use heartbeat::SqlHeartbeat;
pub use housekeeping::SqlHousekeepingStore;
pub use invitations::SqlInvitationStore;
pub use outbox::SqlOutbox;
pub use oversight::SqlOversightStore;
pub use personal_records::SqlPersonalRecords;
pub use pictures::SqlPictureStore;
pub use policies::SqlPolicyStore;
pub use profiles::SqlProfileStore;
pub use rookery_migrations::{MigrationError, MigrationStatus};
pub use roster::SqlMemberStore;
pub use sessions::SqlSessionStore;
pub use settings::DatabaseSettings;
pub use staff::SqlStaffStore;
pub use tenants::SqlTenantStore;
pub use throttle::SqlThrottleStore;
pub use tokens::SqlTokenStore;
pub use undos::SqlUndoStore;
pub use webhooks::SqlWebhookStore;
