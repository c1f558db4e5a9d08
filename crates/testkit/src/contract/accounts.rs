//! The promises of [`AccountStore`](rookery_core::ports::AccountStore).

mod administering;
mod discreet;
mod signing_up;

pub use administering::*;
pub use discreet::*;
pub use signing_up::*;
