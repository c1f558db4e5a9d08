//! The built binary, driven as people drive it: over HTTP, with a real SMTP server, on both databases, and killed.
//!
//! Every test starts servers of its own on 127.0.0.1 and ends them by their process id.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod binary {
    // --- what the tests stand on
    pub(crate) mod client;
    #[macro_use]
    pub(crate) mod database;
    pub(crate) mod folder;
    pub(crate) mod mail;
    pub(crate) mod mail_server;
    pub(crate) mod patience;
    pub(crate) mod person;
    pub(crate) mod receiver;
    pub(crate) mod rookery;
    pub(crate) mod socket;

    // --- the tests
    mod command_line;
    mod crash;
    mod database_outage;
    mod disk_full;
    mod everything;
    mod flood;
    mod foreign_text;
    mod hostile_http;
    mod mail_outage;
    mod nodes;
    mod shutdown;
    mod walk;
    mod webhooks;
}
