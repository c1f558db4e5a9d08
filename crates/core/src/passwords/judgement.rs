//! Judging a new password with the person in mind.

use rookery_domain::password::PasswordPolicy;
use rookery_domain::{EmailAddress, Password, PasswordAttempt, TenantPolicy, Violations};

/// The installation's policy, tightened by every tenant the person belongs to, and closed to their own address and names. What is wrong
/// with it is said of this field.
pub(crate) fn acceptable(
    policy: &PasswordPolicy,
    tenants: &[TenantPolicy],
    chosen: &PasswordAttempt,
    email: &EmailAddress,
    names: [Option<&str>; 3],
    field: &'static str,
) -> Result<Password, Violations> {
    let personal: Vec<&str> = names
        .into_iter()
        .flatten()
        .chain([email.as_str(), email.local_part()])
        .collect();
    policy
        .tightened_by(TenantPolicy::strictest(tenants.iter()).as_ref())
        .judge(chosen, &personal)
        .map_err(|faults| {
            let mut violations = Violations::none();
            for fault in faults {
                violations.field(field, fault.to_string());
            }
            violations
        })
}
