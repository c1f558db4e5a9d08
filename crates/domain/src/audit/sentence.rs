//! What happened, for people.

use super::{AuditAction, AuditOutcome};

impl AuditAction {
    /// A plain English sentence, the same for the person it happened to and for somebody who reads about it.
    #[must_use]
    pub const fn sentence(self, outcome: AuditOutcome) -> &'static str {
        let (success, failure) = self.sentences();
        match outcome {
            AuditOutcome::Success => success,
            AuditOutcome::Failure => failure,
        }
    }

    #[expect(clippy::too_many_lines, reason = "one row for each action, and nothing else")]
    const fn sentences(self) -> (&'static str, &'static str) {
        match self {
            Self::SignUp => ("The account was made", "A sign-up was refused"),
            Self::LogIn => ("Signed in", "A sign-in was refused"),
            Self::LogOut => ("Signed out", "A sign-out failed"),
            Self::PasswordResetRequest => (
                "A password reset was asked for",
                "A request to reset the password was refused",
            ),
            Self::PasswordReset => ("The password was reset by mail", "A password reset was refused"),
            Self::PasswordChange => (
                "The password was changed",
                "A change of the password was refused: the current password was wrong",
            ),
            Self::VerificationRequest => (
                "A verification mail was asked for",
                "A request for a verification mail was refused",
            ),
            Self::EmailVerified => (
                "The e-mail address was verified",
                "A verification of the e-mail address was refused",
            ),
            Self::ProfileUpdate => ("The profile was changed", "A change of the profile was refused"),
            Self::Disabled => ("The account was shut by an operator", "Shutting the account failed"),
            Self::Enabled => (
                "The account was opened again by an operator",
                "Opening the account again failed",
            ),
            Self::Reauthentication => ("Confirmed who they are", "A confirmation of who they are was refused"),
            Self::SessionEnded => ("A session was ended", "Ending a session was refused"),
            Self::OtherSessionsEnded => ("All other sessions were ended", "Ending all other sessions was refused"),
            Self::Locked => (
                "Signing in from unknown devices was locked after failed attempts",
                "Locking the account failed",
            ),
            Self::Unlocked => ("The lock was lifted by mail", "Lifting the lock was refused"),
            Self::EmailChangeRequest => (
                "A change of the e-mail address was asked for",
                "A request to change the e-mail address was refused",
            ),
            Self::EmailChangeCancelled => (
                "The change of the e-mail address was called off",
                "Calling off the change of the e-mail address was refused",
            ),
            Self::EmailChanged => (
                "The e-mail address was changed",
                "A change of the e-mail address was refused",
            ),
            Self::Undone => ("A change was undone by mail", "Undoing a change was refused"),
            Self::FactorBegun => (
                "Setting up a second factor was begun",
                "Beginning to set up a second factor was refused",
            ),
            Self::FactorAdded => ("A second factor was set up", "Setting up a second factor was refused"),
            Self::FactorRemoved => (
                "A second factor was taken away",
                "Taking a second factor away was refused",
            ),
            Self::RecoveryCodesRenewed => ("New recovery codes were made", "Making new recovery codes was refused"),
            Self::RecoveryCodeUsed => ("A recovery code was used", "A recovery code was refused"),
            Self::SecondFactorAsked => (
                "The password was right, and the second factor is asked for",
                "Asking for the second factor was refused",
            ),
            Self::SecondFactor => ("The second factor was shown", "A second factor was refused"),
            Self::DeviceTrusted => (
                "A browser was trusted to sign in without the second factor",
                "Trusting a browser was refused",
            ),
            Self::DeviceForgotten => ("A browser is no longer trusted", "Forgetting a browser was refused"),
            Self::TenantCreated => ("A tenant was made", "Making a tenant was refused"),
            Self::TenantRenamed => ("A tenant was renamed", "Renaming a tenant was refused"),
            Self::PolicyChanged => (
                "The policy of a tenant was changed",
                "Changing the policy of a tenant was refused",
            ),
            Self::MemberRolesChanged => (
                "A member was given other roles",
                "Giving a member other roles was refused",
            ),
            Self::MemberRemoved => (
                "A member was removed from a tenant",
                "Removing a member from a tenant was refused",
            ),
            Self::MemberLeft => ("Left a tenant", "Leaving a tenant was refused"),
            Self::OwnershipTransferred => (
                "The ownership of a tenant was transferred",
                "Transferring the ownership of a tenant was refused",
            ),
            Self::Invited => (
                "Somebody was invited into a tenant",
                "Inviting somebody into a tenant was refused",
            ),
            Self::InvitationResent => (
                "An invitation was mailed again",
                "Mailing an invitation again was refused",
            ),
            Self::InvitationRevoked => ("An invitation was taken back", "Taking an invitation back was refused"),
            Self::InvitationAccepted => ("Joined a tenant by invitation", "Joining a tenant was refused"),
            Self::InvitationDeclined => ("An invitation was declined", "Declining an invitation was refused"),
            Self::TenantSwitched => ("Went on in another tenant", "Going on in another tenant was refused"),
            Self::DeletionRequested => (
                "The deletion of the account was asked for",
                "A request to delete the account was refused",
            ),
            Self::DeletionCancelled => (
                "The account is kept: its deletion was called off",
                "Calling off the deletion of the account was refused",
            ),
            Self::Erased => ("The account was deleted for good", "Deleting the account failed"),
            Self::TenantClosed => (
                "A tenant was closed with the account of its only member",
                "Closing a tenant was refused",
            ),
            Self::TenantReopened => (
                "A closed tenant was opened again",
                "Opening a closed tenant again was refused",
            ),
            Self::HoldPlaced => (
                "An operator put the account on legal hold",
                "Putting the account on legal hold failed",
            ),
            Self::HoldReleased => (
                "An operator released the account from legal hold",
                "Releasing the account from legal hold failed",
            ),
            Self::LookedAt => ("Support looked at the account", "Looking at the account was refused"),
            Self::AllSessionsEnded => ("Support ended all sessions", "Ending all sessions was refused"),
            Self::ResetMailed => (
                "Support sent a mail to reset the password",
                "Sending a mail to reset the password was refused",
            ),
            Self::VerificationMailed => (
                "Support sent a verification mail",
                "Sending a verification mail was refused",
            ),
            Self::StaffGranted => (
                "Became staff or was given another role",
                "Making somebody staff was refused",
            ),
            Self::StaffRevoked => ("Is no longer staff", "Taking a staff role away was refused"),
            Self::StaffSearchedUsers => ("Searched for people", "A search for people was refused"),
            Self::StaffLookedAtUser => (
                "Looked at somebody's account",
                "Looking at somebody's account was refused",
            ),
            Self::StaffSearchedTenants => ("Searched for tenants", "A search for tenants was refused"),
            Self::StaffLookedAtTenant => ("Looked at a tenant", "Looking at a tenant was refused"),
            Self::StaffReadLog => ("Read the log of the staff", "Reading the log of the staff was refused"),
            Self::StaffSuspended => (
                "Suspended somebody's account",
                "Suspending somebody's account was refused",
            ),
            Self::StaffRestored => (
                "Restored somebody's account",
                "Restoring somebody's account was refused",
            ),
            Self::StaffHeld => (
                "Put somebody's account on legal hold",
                "Putting somebody's account on legal hold was refused",
            ),
            Self::StaffReleased => (
                "Released somebody's account from legal hold",
                "Releasing somebody's account from legal hold was refused",
            ),
            Self::StaffErased => ("Erased somebody's account", "Erasing somebody's account was refused"),
            Self::StaffEndedSessions => (
                "Ended all of somebody's sessions",
                "Ending all of somebody's sessions was refused",
            ),
            Self::StaffMailedReset => (
                "Sent somebody a mail to reset their password",
                "Sending somebody a mail to reset their password was refused",
            ),
            Self::StaffMailedVerification => (
                "Sent somebody a verification mail",
                "Sending somebody a verification mail was refused",
            ),
            Self::ExportRequested => (
                "A copy of all data was asked for",
                "A request for a copy of all data was refused",
            ),
            Self::ExportMade => (
                "The copy of all data was made",
                "The copy of all data could not be made",
            ),
            Self::ExportFetched => (
                "The copy of all data was downloaded",
                "A download of the copy of all data was refused",
            ),
            Self::ConsentGiven => ("Agreed to something", "Agreeing to something was refused"),
            Self::ConsentWithdrawn => ("Took an agreement back", "Taking an agreement back was refused"),
            Self::WebhookAdded => ("A webhook was set up", "Setting up a webhook was refused"),
            Self::WebhookChanged => ("A webhook was changed", "Changing a webhook was refused"),
            Self::WebhookRemoved => ("A webhook was taken away", "Taking a webhook away was refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_has_a_sentence_of_its_own() {
        let sentences: BTreeSet<&str> = AuditAction::ALL
            .iter()
            .flat_map(|action| AuditOutcome::ALL.iter().map(|outcome| action.sentence(*outcome)))
            .collect();
        assert_eq!(sentences.len(), AuditAction::ALL.len() * AuditOutcome::ALL.len());
        assert!(sentences.iter().all(|sentence| !sentence.ends_with('.')));
    }
}
