//! What staff can do to an account.

use rookery_domain::AuditAction;

use crate::StaffAct;

/// What staff can do to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intervention {
    /// Shut it: every session ends, every sign-in is refused as a wrong password is. Nothing of it is lost.
    Suspend,
    /// Open it again. Sessions stay ended.
    Restore,
    /// End every session.
    EndSessions,
    /// Have a mail sent that leads to a new password.
    SendPasswordReset,
    /// Have a mail sent that verifies the address.
    SendVerification,
    /// Put it on legal hold: it is not erased, and nothing of it is swept away. The person is not told.
    Hold,
    /// Release it from legal hold.
    Release,
    /// Erase it at once, whatever waits. It is confirmed by [`Oversight::erase`](super::Oversight::erase).
    Erase,
}

impl Intervention {
    /// Everything there is.
    pub const ALL: [Self; 8] = [
        Self::Suspend,
        Self::Restore,
        Self::EndSessions,
        Self::SendPasswordReset,
        Self::SendVerification,
        Self::Hold,
        Self::Release,
        Self::Erase,
    ];

    /// What one must be allowed to do.
    #[must_use]
    pub const fn act(self) -> StaffAct {
        match self {
            Self::Suspend => StaffAct::Suspend,
            Self::Restore => StaffAct::Restore,
            Self::EndSessions => StaffAct::EndSessions,
            Self::SendPasswordReset => StaffAct::SendPasswordReset,
            Self::SendVerification => StaffAct::SendVerification,
            Self::Hold => StaffAct::Hold,
            Self::Release => StaffAct::Release,
            Self::Erase => StaffAct::Erase,
        }
    }

    /// Whether it decides about the account as a whole: nobody does that to themselves, nor to staff of the same or a higher
    /// role.
    #[must_use]
    pub const fn is_weighty(self) -> bool {
        matches!(
            self,
            Self::Suspend | Self::Restore | Self::Hold | Self::Release | Self::Erase
        )
    }

    /// What it is called in the log of the staff.
    pub(super) const fn recorded_as(self) -> AuditAction {
        match self {
            Self::Suspend => AuditAction::StaffSuspended,
            Self::Restore => AuditAction::StaffRestored,
            Self::EndSessions => AuditAction::StaffEndedSessions,
            Self::SendPasswordReset => AuditAction::StaffMailedReset,
            Self::SendVerification => AuditAction::StaffMailedVerification,
            Self::Hold => AuditAction::StaffHeld,
            Self::Release => AuditAction::StaffReleased,
            Self::Erase => AuditAction::StaffErased,
        }
    }

    /// What it is called among what happened to the account.
    pub(super) const fn told_as(self) -> AuditAction {
        match self {
            Self::Suspend => AuditAction::Disabled,
            Self::Restore => AuditAction::Enabled,
            Self::EndSessions => AuditAction::AllSessionsEnded,
            Self::SendPasswordReset => AuditAction::ResetMailed,
            Self::SendVerification => AuditAction::VerificationMailed,
            Self::Hold => AuditAction::HoldPlaced,
            Self::Release => AuditAction::HoldReleased,
            Self::Erase => AuditAction::Erased,
        }
    }

    /// Whether the person reads of it in their activity. They are not to know of a hold, and nobody is left to read of an erasure.
    pub(super) const fn is_told(self) -> bool {
        !matches!(self, Self::Hold | Self::Release | Self::Erase)
    }
}
