//! The deeds of Rookery: what can be done with an account, and what doing it needs from the outside.
//!
//! Two kinds of traits live here. A **use case** (a driving port) is the noun of what one does there: [`Registration`],
//! [`Authentication`], [`Sessions`], [`Verification`], [`Recovery`], [`Passwords`], [`Profiles`]. Whoever has a door,
//! be it HTTP, pages or a command line, calls these. A **port** (a driven one, under [`ports`]) is a role the outside
//! plays: a store, a hasher, a mailer, the clock.
//!
//! Each use case decides and computes everything first (ids, times, hashes, mails) and then hands a store *one value*,
//! which is one business fact and one transaction. The doc comment of that value says what must hold afterwards.
//!
//! Nothing here knows HTTP, SQL or an async runtime, so other services depend on this crate alone. Switch the feature
//! `mocks` on in tests and every trait has its `Mock…`, beside a [clock that is set by hand](mocks::ManualClock).

// The use cases.
mod activity;
mod addresses;
mod administration;
mod authentication;
mod consents;
mod deletion;
mod delivery;
mod event_delivery;
mod exports;
mod health;
mod housekeeping;
mod invitations;
mod joining;
mod members;
mod oversight;
mod passwords;
mod pictures;
mod policies;
mod profiles;
mod reauthentication;
mod recovery;
mod registration;
mod restoration;
mod second_factors;
mod sessions;
mod staff;
mod tenants;
mod unlocking;
mod verification;
mod webhooks;

// What several of them decide with.
mod audit;
mod authority;
mod freshness;
mod letter;
mod mail_limit;
mod mailed_proof;
mod mint;
mod passing_on;
mod post_room;
mod proof_guard;
mod reader;
mod staff_authority;
mod throttling;
mod token_mail;
mod undo_link;

pub mod ports;

#[cfg(test)]
mod fixture;
#[cfg(any(test, feature = "mocks"))]
pub mod mocks;

pub use activity::*;
pub use addresses::*;
pub use administration::*;
pub use audit::AuditEvent;
pub use authentication::*;
pub use authority::{Act, Forbidden, authorize, authorize_invitation, authorize_upon};
pub use consents::*;
pub use deletion::*;
pub use delivery::*;
pub use event_delivery::*;
pub use exports::*;
pub use freshness::{ReauthenticationRequired, require_fresh, require_fresh_for_owners};
pub use health::*;
pub use housekeeping::*;
pub use invitations::*;
pub use joining::*;
pub use letter::{FactorChange, Letter, LetterKind};
pub use mailed_proof::{MailedCodes, MailedProof};
pub use members::*;
pub use mint::Mint;
pub use oversight::*;
pub use passwords::*;
pub use pictures::*;
pub use policies::*;
pub use ports::PortError;
pub use post_room::{Links, PostRoom};
pub use profiles::*;
pub use proof_guard::{ProofAttempt, ProofGuard, Standing};
pub use reader::Reader;
pub use reauthentication::*;
pub use recovery::*;
pub use registration::*;
pub use restoration::*;
pub use rookery_domain as domain;
pub use second_factors::*;
pub use sessions::*;
pub use staff::*;
pub use staff_authority::{StaffAct, authorize_staff};
pub use tenants::*;
pub use throttling::*;
pub use unlocking::*;
pub use verification::*;
pub use webhooks::*;
