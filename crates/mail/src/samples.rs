//! One letter of every kind, with facts that look like real ones: for previews, and for trying templates before they are needed.

use chrono::Duration;
use rookery_core::{FactorChange, Letter, PolicyTerm};
use rookery_domain::Timestamp;

/// The address samples are written to.
pub(crate) const TO: &str = "ada@example.com";

/// Stands where a token would: as long, and opens nothing.
const TOKEN: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// The code beside it, as worthless.
const CODE: &str = "7K3QX-M2W9F";

/// What the tenant in them is called.
const TENANT: &str = "Analytical Engines";

/// Every setting of a policy, as it is when it asks for much, and the switches as they are when it does not.
const STRICTER: [PolicyTerm; 7] = [
    PolicyTerm::PasswordMinLength(14),
    PolicyTerm::PasswordRequireUppercase(true),
    PolicyTerm::PasswordRequireNumbers(true),
    PolicyTerm::PasswordRequireSymbols(true),
    PolicyTerm::SessionTimeoutHours(12),
    PolicyTerm::MaxLoginAttempts(3),
    PolicyTerm::TwoFactorRequired(true),
];
const LOOSER: [PolicyTerm; 4] = [
    PolicyTerm::PasswordRequireUppercase(false),
    PolicyTerm::PasswordRequireNumbers(false),
    PolicyTerm::PasswordRequireSymbols(false),
    PolicyTerm::TwoFactorRequired(false),
];

/// A letter to look at.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it is called: its kind, and what sets it off from others of that kind.
    pub name: &'static str,
    /// The letter.
    pub letter: Letter,
    /// When it was written.
    pub written: Timestamp,
}

/// A letter of every kind, and of every way a kind can read, to somebody of this name, with links below this URL.
#[must_use]
pub fn samples(public_url: &str, name: Option<&str>, written: Timestamp) -> Vec<Sample> {
    letters(public_url.trim_end_matches('/'), name, written)
        .into_iter()
        .map(|(name, letter)| Sample { name, letter, written })
        .collect()
}

#[expect(clippy::too_many_lines, reason = "one entry for each kind, and nothing else")]
fn letters(public_url: &str, name: Option<&str>, written: Timestamp) -> Vec<(&'static str, Letter)> {
    let page = |page: &str, mark: &str| format!("{public_url}/{page}?token={mark}_{TOKEN}");
    let code = || Some(CODE.to_owned());
    let name = || name.map(str::to_owned);
    let (at, in_an_hour) = (written - Duration::seconds(90), written + Duration::hours(1));
    let (in_a_day, in_three_days) = (written + Duration::hours(24), written + Duration::hours(72));
    let (undo, new_email) = (page("undo", "und"), "ada@example.org".to_owned());
    let (home, recover) = (format!("{public_url}/"), format!("{public_url}/forgot-password"));
    let factor = |change| Letter::SecondFactorChanged {
        name: name(),
        at,
        change,
        undo: undo.clone(),
        expires: in_three_days,
    };
    let codes_left = |left| Letter::RecoveryCodesLow {
        name: name(),
        at,
        left,
        home: home.clone(),
    };
    let policy = |terms: &[PolicyTerm]| Letter::PolicyChanged {
        name: name(),
        at,
        tenant: TENANT.to_owned(),
        by: "grace@example.com".to_owned(),
        terms: terms.to_vec(),
        home: home.clone(),
    };
    vec![
        (
            "verify_email",
            Letter::VerifyEmail {
                name: name(),
                link: page("verify-email", "vfy"),
                code: code(),
                expires: in_a_day,
            },
        ),
        (
            "welcome",
            Letter::Welcome {
                name: name(),
                home: home.clone(),
            },
        ),
        (
            "already_registered",
            Letter::AlreadyRegistered {
                name: name(),
                home: home.clone(),
                recover: recover.clone(),
            },
        ),
        (
            "reset_password",
            Letter::ResetPassword {
                name: name(),
                link: page("reset-password", "rst"),
                code: code(),
                expires: in_an_hour,
            },
        ),
        (
            "password_changed",
            Letter::PasswordChanged {
                name: name(),
                at,
                undo: undo.clone(),
                expires: in_three_days,
            },
        ),
        (
            "new_device",
            Letter::NewDevice {
                name: name(),
                at,
                device: "Firefox on Linux".to_owned(),
                address: Some("192.0.2.7".to_owned()),
                undo: undo.clone(),
                expires: in_three_days,
            },
        ),
        (
            "account_locked",
            Letter::AccountLocked {
                name: name(),
                at,
                link: page("unlock", "unl"),
                expires: in_an_hour,
            },
        ),
        (
            "email_change_requested",
            Letter::EmailChangeRequested {
                name: name(),
                at,
                new_email: new_email.clone(),
                recover,
            },
        ),
        (
            "confirm_new_email",
            Letter::ConfirmNewEmail {
                name: name(),
                link: page("confirm-email", "chg"),
                expires: in_a_day,
            },
        ),
        (
            "email_changed",
            Letter::EmailChanged {
                name: name(),
                at,
                new_email,
                undo: undo.clone(),
                expires: in_three_days,
            },
        ),
        (
            "new_email_confirmed",
            Letter::NewEmailConfirmed {
                name: name(),
                home: home.clone(),
            },
        ),
        (
            "change_undone",
            Letter::ChangeUndone {
                name: name(),
                link: page("reset-password", "rst"),
                code: code(),
                expires: in_an_hour,
            },
        ),
        (
            "invitation",
            Letter::Invitation {
                tenant: "Analytical Engines".to_owned(),
                inviter_name: Some("Charles Babbage".to_owned()),
                inviter_email: "charles@example.com".to_owned(),
                note: Some("Come in, the water is fine.\nWe begin on Monday.".to_owned()),
                link: page("invitation", "inv"),
                expires: written + Duration::days(7),
            },
        ),
        (
            "invitation_accepted",
            Letter::InvitationAccepted {
                name: name(),
                at,
                tenant: "Analytical Engines".to_owned(),
                email: "grace@example.com".to_owned(),
                home: home.clone(),
            },
        ),
        (
            "tenant_joined",
            Letter::TenantJoined {
                name: name(),
                at,
                tenant: "Analytical Engines".to_owned(),
                home: home.clone(),
            },
        ),
        ("second_factor_changed-added", factor(FactorChange::Added)),
        ("second_factor_changed-removed", factor(FactorChange::Removed)),
        (
            "second_factor_changed-codes_renewed",
            factor(FactorChange::CodesRenewed),
        ),
        (
            "sessions_ended",
            Letter::SessionsEnded {
                name: name(),
                at,
                home: home.clone(),
            },
        ),
        ("recovery_codes_low-3", codes_left(3)),
        ("recovery_codes_low-1", codes_left(1)),
        ("recovery_codes_low-0", codes_left(0)),
        ("policy_changed-stricter", policy(&STRICTER)),
        ("policy_changed-looser", policy(&LOOSER)),
        (
            "second_factor_required",
            Letter::SecondFactorRequired {
                name: name(),
                tenant: TENANT.to_owned(),
                due: in_three_days,
                home: home.clone(),
            },
        ),
    ]
}
