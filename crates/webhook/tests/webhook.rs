//! Messages over real connections: to receivers of this machine, some of which nobody may reach.

mod webhook {
    mod guard;
    mod names;
    mod receiver;
    mod sending;
    mod tls;
}
