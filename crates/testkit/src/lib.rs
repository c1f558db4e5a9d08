//! What tests of this workspace stand on: throw-away databases and the contract suites of the ports.

pub mod contract;
pub mod postgres;
pub mod smtp;
pub mod sqlite;
