//! The door, with mocks behind it: status, body, headers and cookies of every rule of the contract.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod ada;
mod ask;
mod behind;

mod activity;
mod aliases_and_methods;
mod anything;
mod bad_bodies;
mod bad_fields;
mod beat;
mod change_email;
mod change_password;
mod consents;
mod credentials;
mod cross_site;
mod delete_account;
mod documentation;
mod documented;
mod exports;
mod failures;
mod forged;
mod headers;
mod health;
mod invitations;
mod joining;
mod log_in;
mod log_out;
mod logging;
mod members;
mod order_of_checks;
mod picture;
mod policy;
mod profile;
mod rate_limits;
mod reauthenticate;
mod recovery;
mod second_factor;
mod session;
mod sessions;
mod sign_up;
mod slow_bodies;
mod staff;
mod tenants;
mod undo;
mod unlock;
mod verification;
mod wire;
