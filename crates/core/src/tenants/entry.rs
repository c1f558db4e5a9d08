//! The one way into a tenant that a request names.

use rookery_domain::{Membership, TenantId, Timestamp};

use super::TenantError;
use crate::ReauthenticationRequired;
use crate::ports::{SignedIn, TenantStore};

/// What whoever asks is in the tenant, if their session may still work there: what the tenant asks of sessions counts wherever the
/// session is.
///
/// # Errors
/// [`TenantError`], but never for a missing role.
pub(crate) async fn membership_of(
    tenants: &dyn TenantStore,
    signed_in: &SignedIn,
    tenant: &TenantId,
    now: Timestamp,
) -> Result<Membership, TenantError> {
    let session = &signed_in.session;
    let membership = tenants.membership(tenant, &session.user).await?;
    let membership = membership.ok_or(TenantError::NotFound)?;
    if membership.is_open_to(session, now) {
        Ok(membership)
    } else {
        Err(ReauthenticationRequired.into())
    }
}

#[cfg(test)]
mod tests;
