//! How many mails strangers can have sent to an address.

use rookery_domain::EmailAddress;

use crate::ports::PortError;
use crate::{Limit, Subject, Throttle, ThrottleError};

/// Counts a mail somebody asks for without being signed in. `false` when the address has had its share: then the request
/// goes on as if the address were nobody's, so that neither the answer nor the work tells.
///
/// # Errors
/// [`PortError`] when the counters do not answer; then no mail is sent.
pub(crate) async fn may_be_mailed(throttle: &Throttle, email: &EmailAddress) -> Result<bool, PortError> {
    match throttle.take(Limit::MailAddress, &Subject::mailbox(email)).await {
        Ok(_) => Ok(true),
        Err(ThrottleError::Refused(_)) => Ok(false),
        Err(ThrottleError::Port(error)) => Err(error),
    }
}
