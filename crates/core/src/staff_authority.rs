//! Who of the staff may do what: the one table, and the one question. What the table does not grant is denied.

use rookery_domain::StaffRole;

use crate::Forbidden;

/// Something that only staff may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StaffAct {
    /// Searching for people and tenants.
    Find,
    /// Looking at one of them.
    Show,
    /// Reading what staff did.
    ReadLog,
    /// Ending all of a person's sessions.
    EndSessions,
    /// Having a reset mail sent.
    SendPasswordReset,
    /// Having a verification mail sent.
    SendVerification,
    /// Shutting an account.
    Suspend,
    /// Opening it again.
    Restore,
    /// Erasing an account.
    Erase,
    /// Forbidding to erase it.
    Hold,
    /// Allowing that again.
    Release,
}

impl StaffAct {
    /// Every act there is.
    pub const ALL: [Self; 11] = [
        Self::Find,
        Self::Show,
        Self::ReadLog,
        Self::EndSessions,
        Self::SendPasswordReset,
        Self::SendVerification,
        Self::Suspend,
        Self::Restore,
        Self::Erase,
        Self::Hold,
        Self::Release,
    ];
}

/// The table.
const GRANTS: &[(StaffRole, &[StaffAct])] = &[
    (StaffRole::Auditor, &[StaffAct::Find, StaffAct::Show, StaffAct::ReadLog]),
    (
        StaffRole::Support,
        &[
            StaffAct::Find,
            StaffAct::Show,
            StaffAct::ReadLog,
            StaffAct::EndSessions,
            StaffAct::SendPasswordReset,
            StaffAct::SendVerification,
        ],
    ),
    (
        StaffRole::Operator,
        &[
            StaffAct::Find,
            StaffAct::Show,
            StaffAct::ReadLog,
            StaffAct::EndSessions,
            StaffAct::SendPasswordReset,
            StaffAct::SendVerification,
            StaffAct::Suspend,
            StaffAct::Restore,
            StaffAct::Erase,
            StaffAct::Hold,
            StaffAct::Release,
        ],
    ),
];

/// The one check before everything staff do.
///
/// # Errors
/// [`Forbidden`] unless the role grants the act.
pub fn authorize_staff(role: StaffRole, act: StaffAct) -> Result<(), Forbidden> {
    let granted = GRANTS
        .iter()
        .any(|(granted_to, acts)| *granted_to == role && acts.contains(&act));
    if granted { Ok(()) } else { Err(Forbidden) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table once more, the other way round, as people read it: auditor, support, operator.
    const EXPECTED: [(StaffAct, [bool; 3]); StaffAct::ALL.len()] = [
        (StaffAct::Find, [true, true, true]),
        (StaffAct::Show, [true, true, true]),
        (StaffAct::ReadLog, [true, true, true]),
        (StaffAct::EndSessions, [false, true, true]),
        (StaffAct::SendPasswordReset, [false, true, true]),
        (StaffAct::SendVerification, [false, true, true]),
        (StaffAct::Suspend, [false, false, true]),
        (StaffAct::Restore, [false, false, true]),
        (StaffAct::Erase, [false, false, true]),
        (StaffAct::Hold, [false, false, true]),
        (StaffAct::Release, [false, false, true]),
    ];

    #[test]
    fn every_staff_role_may_do_what_its_row_grants_and_nothing_else() {
        for (place, (act, row)) in EXPECTED.into_iter().enumerate() {
            assert_eq!(act, StaffAct::ALL[place]);
            for (role, expected) in StaffRole::ALL.into_iter().zip(row) {
                assert_eq!(authorize_staff(role, act).is_ok(), expected, "{role} {act:?}");
            }
        }
    }
}
