//! What the use cases need from the outside, role by role.
//!
//! One method of a store is one business fact and one transaction. A method answers with its expected outcomes by name;
//! everything else that can go wrong is one opaque [`PortError`].

mod account_store;
mod address_store;
mod audit_log;
mod clock;
mod credential_store;
mod device_store;
mod entropy;
mod error;
mod event_outbox;
mod event_reader;
mod heartbeat;
mod housekeeping_store;
mod keyed_digest;
mod mailer;
mod one_time_passwords;
mod outbox;
mod password_hasher;
mod profile_store;
mod sealer;
mod second_factor_store;
mod session_store;
mod throttle_store;
mod token_store;
mod undo_store;
mod webhook_sender;
mod webhook_store;

pub use account_store::*;
pub use address_store::*;
pub use audit_log::*;
pub use clock::*;
pub use credential_store::*;
pub use device_store::*;
pub use entropy::*;
pub use error::*;
pub use event_outbox::*;
pub use event_reader::*;
pub use heartbeat::*;
pub use housekeeping_store::*;
pub use keyed_digest::*;
pub use mailer::*;
pub use one_time_passwords::*;
pub use outbox::*;
pub use password_hasher::*;
pub use profile_store::*;
pub use sealer::*;
pub use second_factor_store::*;
pub use session_store::*;
pub use throttle_store::*;
pub use token_store::*;
pub use undo_store::*;
pub use webhook_sender::*;
pub use webhook_store::*;
