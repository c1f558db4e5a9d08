//! The stores on real databases: the promises of their ports, and what only an adapter of SQL can get wrong.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod append_only;
mod audit_readers;
mod backends;
mod consents;
mod contract;
mod costs;
mod erasure;
mod first_proof;
mod history;
mod holdings;
mod invitations;
mod last_owner;
mod leftovers;
mod nonsense;
mod outage;
mod policy_race;
mod row_level_security;
mod rows;
mod sqlite;
mod staff_erasures;
mod tenants;
mod throttle_pools;
mod two_pools;
mod warnings;
mod witness;
