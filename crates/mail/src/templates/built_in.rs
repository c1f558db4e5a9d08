//! The templates that come with the service.

macro_rules! templates {
    ($($name:literal)+) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

/// Name and source of each.
pub(super) const TEMPLATES: &[(&str, &str)] = &templates![
    "layout.html" "layout.txt"
    "verify_email.subject.txt" "verify_email.txt" "verify_email.html"
    "reset_password.subject.txt" "reset_password.txt" "reset_password.html"
    "password_changed.subject.txt" "password_changed.txt" "password_changed.html"
    "confirm_new_email.subject.txt" "confirm_new_email.txt" "confirm_new_email.html"
    "email_change_requested.subject.txt" "email_change_requested.txt" "email_change_requested.html"
    "email_changed.subject.txt" "email_changed.txt" "email_changed.html"
    "new_email_confirmed.subject.txt" "new_email_confirmed.txt" "new_email_confirmed.html"
    "change_undone.subject.txt" "change_undone.txt" "change_undone.html"
    "already_registered.subject.txt" "already_registered.txt" "already_registered.html"
    "second_factor_changed.subject.txt" "second_factor_changed.txt" "second_factor_changed.html"
    "recovery_codes_low.subject.txt" "recovery_codes_low.txt" "recovery_codes_low.html"
    "account_locked.subject.txt" "account_locked.txt" "account_locked.html"
    "new_device.subject.txt" "new_device.txt" "new_device.html"
    "welcome.subject.txt" "welcome.txt" "welcome.html"
];
