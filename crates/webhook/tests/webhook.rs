//! Messages over real connections: to receivers of this machine, some of which nobody may reach.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod webhook {
    mod guard;
    mod names;
    mod receiver;
    mod sending;
    mod tls;
}
