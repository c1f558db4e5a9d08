//! What operations on tenants, their members and their policies may refuse.

use rookery_door::Problem;

use super::{invalid, unavailable};

pub(super) fn of(operation: &str) -> Option<Vec<Problem>> {
    let refused = match operation {
        "foundTenant" => vec![
            invalid("name", "Name cannot be empty"),
            Problem::EmailNotVerified,
            unavailable(),
        ],
        "renameTenant" => vec![
            invalid("name", "Name cannot be empty"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "switchTenant" => vec![
            invalid("tenantId", "Tenant id is required"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "listMembers" => vec![
            invalid("limit", "Limit must be a number from 1 to 100"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "assignRoles" => vec![
            invalid("roles", "Role must be owner, admin, member, or viewer"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::UserNotFound,
            Problem::LastOwner,
            unavailable(),
        ],
        "removeMember" => vec![
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::UserNotFound,
            Problem::LastOwner,
            unavailable(),
        ],
        "readPolicy" => vec![
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "changePolicy" => vec![
            invalid("passwordMinLength", "Minimum password length must be at least 8"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::PreconditionFailed,
            unavailable(),
        ],
        "transferOwnership" => vec![
            invalid("userId", "Must be another member"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::UserNotFound,
            Problem::LastOwner,
            unavailable(),
        ],
        "listTenants" => vec![unavailable()],
        "readTenantAudit" => vec![
            invalid("limit", "Limit must be a number from 1 to 100"),
            Problem::TenantNotFound,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        _ => return None,
    };
    Some(refused)
}
