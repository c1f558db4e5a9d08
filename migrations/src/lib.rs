//! The schema's history for SQLite and PostgreSQL, and the one locked way to run it.
//!
//! ```no_run
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let database = sea_orm::Database::connect("sqlite://rookery.db?mode=rwc").await?;
//! for name in rookery_migrations::up(&database).await? {
//!     println!("applied {name}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Tables
//!
//! Five tables are shared with other programs, so their names, columns and types never change: `users`, `tenants`,
//! `tenant_users`, `user_preferences`, `tenant_policies`. Rookery's own begin with `rookery_`, its record of what has
//! been applied included (`rookery_migrations`), so that they lie beside another tool's tables without a clash.
//!
//! | value | PostgreSQL | SQLite |
//! |---|---|---|
//! | id | `uuid` | `blob`, its 16 bytes, as sqlx binds a `Uuid` |
//! | point in time | `timestamptz` | `text`, RFC 3339 ending in `+00:00`, as sqlx binds a `DateTime<Utc>`: text order is time order |
//! | digest, sealed text | `bytea` | `blob` |
//! | list of texts | `text[]` | `text` holding a JSON array |
//!
//! # Row-level security
//!
//! On PostgreSQL every table with a person's or a tenant's rows enforces row-level security, against the tables' owner
//! too. A transaction says for whom it works by `SELECT set_config(name, value, true)`:
//!
//! | setting | value | the transaction |
//! |---|---|---|
//! | `app.current_user_id` | a uuid | works for this person: sees and changes their rows, sees their tenants |
//! | `app.current_tenant_id` | a uuid | works inside this tenant: sees its members, if the person is one |
//! | `app.rookery_scope` | `service` | works before the person is known, or for nobody: login, recovery, delivery, housekeeping |
//!
//! With none of them set, or set to the empty string, no row is seen and none can be written. What a tenant owns
//! (`tenants`, `tenant_users`, `tenant_policies`) is written in the service scope alone, and so is who is staff (`rookery_staff`).
//!
//! The settings guard against a forgotten condition, not against somebody who can already send SQL of his own.
//!
//! The tables' owner migrates, and [`grant`]s the role the service connects as what it needs: rows, and nothing of the
//! schema. So the service can neither drop a table nor switch its row-level security off.
//!
//! # Finding a row fast under row-level security
//!
//! PostgreSQL lets a condition use its index only when its operator cannot leak what it saw (`LEAKPROOF`): equality and
//! order of `uuid`, `bytea`, `timestamptz`, `integer` and `text` are such, a function call around a column is not.
//! `WHERE lower(email) = $1` therefore reads all of `users`, whatever indexes there are. To find a person by address ask
//! `rookery_addresses(user_id, address)`, where `address` is the lower-case e-mail: a table kept by a trigger on
//! PostgreSQL, a view over the index of `users` on SQLite, read with the same statement on both and never written.
//!
//! A session is looked up with [`SESSION_LOOKUP_POSTGRES`] or [`SESSION_LOOKUP_SQLITE`].

mod grants;
mod runner;
mod sql_migration;

mod m0001_users;
mod m0002_tenants;
mod m0003_preferences;
mod m0004_credentials;
mod m0005_sessions;
mod m0006_tokens;
mod m0007_outbox;
mod m0008_audit;
mod m0009_addresses;
mod m0010_row_level_security;
mod m0011_session_lookup;
mod m0012_devices;
mod m0013_throttle;
mod m0014_second_factors;
mod m0015_undos;
mod m0016_audit_readers;
mod m0017_webhooks;
mod m0018_pictures;
mod m0019_mailed_codes;
mod m0020_members;
mod m0021_invitations;
mod m0022_policies;
mod m0023_consents;
mod m0024_exports;
mod m0025_deletions;
mod m0026_staff;
mod m0027_isolation;
mod m0028_lookup_plan;

pub use grants::{grant, missing_rights};
pub use m0017_webhooks::{ANNOUNCE_POSTGRES, ANNOUNCE_SQLITE};
pub use m0022_policies::{SESSION_LOOKUP_POSTGRES, SESSION_LOOKUP_SQLITE, SESSION_LOOKUP_SQLITE_PACKED};
pub use runner::{LOCK_KEY, MigrationError, MigrationStatus, down, status, up};
