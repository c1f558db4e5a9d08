//! What the use cases need from the outside, role by role.
//!
//! One method of a store is one business fact and one transaction. A method answers with its expected outcomes by name;
//! everything else that can go wrong is one opaque [`PortError`].

mod account_store;
mod audit_log;
mod clock;
mod credential_store;
mod entropy;
mod error;
mod heartbeat;
mod housekeeping_store;
mod keyed_digest;
mod mailer;
mod outbox;
mod password_hasher;
mod profile_store;
mod sealer;
mod session_store;
mod throttle_store;
mod token_store;
mod undo_store;

pub use account_store::*;
pub use audit_log::*;
pub use clock::*;
pub use credential_store::*;
pub use entropy::*;
pub use error::*;
pub use heartbeat::*;
pub use housekeeping_store::*;
pub use keyed_digest::*;
pub use mailer::*;
pub use outbox::*;
pub use password_hasher::*;
pub use profile_store::*;
pub use sealer::*;
pub use session_store::*;
pub use throttle_store::*;
pub use token_store::*;
pub use undo_store::*;
