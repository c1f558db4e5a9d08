//! The schema on the databases we claim to serve: in memory, in a file, on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "schema/columns.rs"]
mod columns;
#[path = "schema/databases.rs"]
mod databases;
#[path = "schema/grants.rs"]
mod grants;
#[path = "schema/history.rs"]
mod history;
#[path = "schema/isolation.rs"]
mod isolation;
#[path = "schema/people.rs"]
mod people;
#[path = "schema/row_level_security.rs"]
mod row_level_security;
#[path = "schema/session_lookup.rs"]
mod session_lookup;
#[path = "schema/webhooks.rs"]
mod webhooks;
