//! What all changes in a tenant have in common.

use rookery_domain::{AuditAction, AuditOutcome, Caller, TenantId, Timestamp};

use crate::ports::{PortError, SignedIn};
use crate::{AuditEvent, Mint};

/// How often something is decided anew because somebody's roles changed between the decision and the write.
pub(crate) const ATTEMPTS: u32 = 4;

/// Something done in a tenant, from this session, to what the target names.
pub(crate) fn deed(
    mint: &Mint,
    signed_in: &SignedIn,
    (action, tenant, target): (AuditAction, TenantId, String),
    caller: &Caller,
    at: Timestamp,
) -> AuditEvent {
    AuditEvent {
        user: Some(signed_in.session.user),
        tenant: Some(tenant),
        session: Some(signed_in.session.id),
        target: Some(target),
        ..mint.event(at, action, AuditOutcome::Success, caller)
    }
}

/// What is said of a decision that was outdated each time it was made.
pub(crate) fn again_and_again(operation: &'static str) -> PortError {
    PortError::unavailable(operation, "the members changed again and again meanwhile")
}
