//! What tests stand on that have to do with the outside: the contract suites of the ports, throw-away databases, a mail
//! server that does as it is told. For tests only, of this workspace and of whoever writes an adapter of their own.
//!
//! | module | what it is for |
//! |---|---|
//! | [`contract`] | every promise of every store of [`rookery_core::ports`], to be run against another implementation |
//! | [`postgres`] | a PostgreSQL server and fresh databases in it, each with an owner's role and the service's |
//! | [`sqlite`] | SQLite files that are gone when the test is over |
//! | [`smtp`] | a mail server that takes, puts off, refuses or drops what it is sent, with and without TLS |
//!
//! Mocks of the use cases and ports, a clock that is set by hand and entropy that repeats are in `rookery-core`, behind its
//! feature `mocks`.
//!
//! # A mail server for a test
//!
//! ```
//! use rookery_testkit::smtp::{ScriptedSmtp, SmtpBehaviour};
//!
//! let post = ScriptedSmtp::start();
//! // Give this to what is tested, such as a server with `ROOKERY_SMTP_URL`.
//! assert!(post.url().starts_with("smtp://127.0.0.1:"));
//! // … and have it do without for a while.
//! post.behave(SmtpBehaviour::Accept);
//! assert!(post.received().is_empty());
//! ```
//!
//! # A store of one's own
//!
//! [`contract`] names each promise; [`promises!`] hands all of them to a macro that makes a test of each, with a
//! [`World`](contract::World) of [`Stores`](contract::Stores) that are the implementation's own. `crates/store/tests` does so
//! for SQLite in memory, an SQLite file and PostgreSQL.

pub mod contract;
pub mod postgres;
pub mod smtp;
pub mod sqlite;
