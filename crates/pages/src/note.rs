//! What the page after a redirect says once.

/// Something that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Signed out.
    LoggedOut,
    /// A mail is on its way, if there is whom to send it to.
    MailSent,
    /// A new password holds from now on.
    PasswordReset,
    /// A lock is lifted.
    Unlocked,
    /// The sign-in has waited too long for its second factor.
    ChallengeEnded,
    /// The person has shown who they are.
    Reauthenticated,
    /// The profile is saved.
    ProfileSaved,
    /// The choices about data are saved.
    PrivacySaved,
    /// A copy of somebody's data is being made.
    ExportRequested,
    /// The picture is there.
    PictureSaved,
    /// The picture is gone.
    PictureRemoved,
    /// The password is changed.
    PasswordChanged,
    /// A mail is on its way to another address.
    EmailRequested,
    /// The other address is not wanted any more.
    EmailCancelled,
    /// The second factor is taken away.
    FactorRemoved,
    /// Browsers sign in with the second factor again.
    DevicesForgotten,
    /// They belong to a tenant now.
    TenantJoined,
    /// One session has ended.
    SessionEnded,
    /// All others have.
    OthersEnded,
    /// The account was to be deleted, and is kept.
    AccountKept,
    /// There is another tenant.
    TenantMade,
    /// A tenant has another name.
    TenantRenamed,
    /// The session works in another tenant.
    TenantSwitched,
    /// The person belongs to a tenant no more.
    TenantLeft,
    /// A member has other roles.
    RolesChanged,
    /// A member is none any more.
    MemberRemoved,
    /// Another member owns the tenant.
    OwnershipTransferred,
    /// The tenant asks its members for something else.
    PolicySaved,
    /// Invitations are on their way.
    Invited,
    /// An invitation is on its way once more.
    InvitationResent,
    /// An invitation is taken back.
    InvitationRevoked,
}

impl Note {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::LoggedOut, "logged_out"),
        (Self::MailSent, "mail_sent"),
        (Self::PasswordReset, "password_reset"),
        (Self::Unlocked, "unlocked"),
        (Self::ChallengeEnded, "challenge_ended"),
        (Self::Reauthenticated, "reauthenticated"),
        (Self::ProfileSaved, "profile_saved"),
        (Self::PrivacySaved, "privacy_saved"),
        (Self::ExportRequested, "export_requested"),
        (Self::PictureSaved, "picture_saved"),
        (Self::PictureRemoved, "picture_removed"),
        (Self::PasswordChanged, "password_changed"),
        (Self::EmailRequested, "email_requested"),
        (Self::EmailCancelled, "email_cancelled"),
        (Self::FactorRemoved, "factor_removed"),
        (Self::DevicesForgotten, "devices_forgotten"),
        (Self::TenantJoined, "tenant_joined"),
        (Self::SessionEnded, "session_ended"),
        (Self::OthersEnded, "others_ended"),
        (Self::AccountKept, "account_kept"),
        (Self::TenantMade, "tenant_made"),
        (Self::TenantRenamed, "tenant_renamed"),
        (Self::TenantSwitched, "tenant_switched"),
        (Self::TenantLeft, "tenant_left"),
        (Self::RolesChanged, "roles_changed"),
        (Self::MemberRemoved, "member_removed"),
        (Self::OwnershipTransferred, "ownership_transferred"),
        (Self::PolicySaved, "policy_saved"),
        (Self::Invited, "invited"),
        (Self::InvitationResent, "invitation_resent"),
        (Self::InvitationRevoked, "invitation_revoked"),
    ];

    /// The word in the cookie, and in the words' table `note`.
    pub(crate) fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(note, _)| *note == self)
            .map_or("", |(_, word)| word)
    }

    /// The note a cookie means.
    pub(crate) fn meant(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(note, _)| *note)
    }

    /// How it is shown.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::ChallengeEnded => "warning",
            Self::LoggedOut | Self::MailSent | Self::EmailRequested | Self::ExportRequested => "",
            _ => "success",
        }
    }
}

#[cfg(test)]
mod tests {
    use rookery_words::Words;

    use super::*;

    #[test]
    fn every_note_has_a_word_of_its_own_and_words_for_people() {
        let words = Words::built_in().unwrap();
        for (note, word) in Note::ALL {
            assert_eq!((note.word(), Note::meant(word)), (*word, Some(*note)));
            assert!(words.has(&format!("note.{word}")), "{word}");
        }
        assert_eq!(Note::meant("<script>"), None);
    }
}
