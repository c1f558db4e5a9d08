//! The templates that come with the service.

macro_rules! templates {
    ($($name:literal)+) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

/// Name and source of each.
pub(super) const TEMPLATES: [(&str, &str); 14] = templates![
    "layout.html" "layout.txt"
    "verify_email.subject.txt" "verify_email.txt" "verify_email.html"
    "reset_password.subject.txt" "reset_password.txt" "reset_password.html"
    "password_changed.subject.txt" "password_changed.txt" "password_changed.html"
    "welcome.subject.txt" "welcome.txt" "welcome.html"
];
