//! The promises of [`TokenStore`](rookery_core::ports::TokenStore).

mod codes;
mod issuing;
mod redeeming;

pub use codes::*;
pub use issuing::*;
pub use redeeming::*;
