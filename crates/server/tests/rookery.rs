//! The whole service in this process: the real composition behind a real port, on both databases.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod rookery {
    // --- what the tests stand on
    pub(crate) mod browser;
    pub(crate) mod database;
    pub(crate) mod test_app;

    // --- the tests
    mod activity;
    mod contract_document;
    mod deletion;
    mod discretion;
    mod handbook;
    mod invitations;
    mod isolation;
    mod ledger;
    mod lost_factors;
    mod mailed_codes;
    mod mails;
    mod pages;
    mod picture;
    mod policies;
    mod privacy;
    mod schema_at_start;
    mod second_factor;
    mod sessions;
    mod shape;
    mod staff;
    mod story;
    mod takeover;
    mod tenant_pages;
    mod tenants;
    mod throttling;
    mod who_may;
}
