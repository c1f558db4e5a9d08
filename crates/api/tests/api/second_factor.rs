//! The second factor: the second step of a log-in, and `/api/users/me/mfa`.

mod logging_in;
mod managing;
mod overdue;

use rookery_core::domain::TotpCode;

fn code() -> TotpCode {
    TotpCode::parse("001234").unwrap()
}

const CLEARED: &str =
    "__Host-mfa=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
