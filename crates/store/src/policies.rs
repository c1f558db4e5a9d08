//! What tenants ask of their members.

use rookery_domain::TenantPolicy;

use crate::error::Failure;
use crate::row::Columns;

/// The columns [`take`] reads, of `tenant_policies p` that may be missing.
macro_rules! columns {
    () => {
        "p.tenant_id, p.password_min_length, p.password_require_uppercase, p.password_require_numbers, \
         p.password_require_symbols, p.session_timeout_hours"
    };
}
/// The memberships of `users u` that count, their tenants `t` and the policies `p` of those that have one.
macro_rules! of_the_tenants {
    () => {
        "LEFT JOIN tenant_users m ON m.user_id = u.id AND m.deleted IS NULL \
         LEFT JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
         LEFT JOIN tenant_policies p ON p.tenant_id = t.id"
    };
}
pub(crate) use {columns, of_the_tenants};

/// Reads a policy, if the row has one.
pub(crate) fn take(columns: &mut Columns<'_>) -> Result<Option<TenantPolicy>, Failure> {
    if columns
        .take::<Option<uuid::Uuid>>("tenant_policies.tenant_id")?
        .is_none()
    {
        return Ok(None);
    }
    Ok(Some(TenantPolicy {
        password_min_length: columns.count("tenant_policies.password_min_length")?,
        password_require_uppercase: columns.take("tenant_policies.password_require_uppercase")?,
        password_require_numbers: columns.take("tenant_policies.password_require_numbers")?,
        password_require_symbols: columns.take("tenant_policies.password_require_symbols")?,
        session_timeout_hours: columns.count("tenant_policies.session_timeout_hours")?,
    }))
}
