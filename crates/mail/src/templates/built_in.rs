//! The templates that come with the service.

macro_rules! templates {
    ($($name:literal)+) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

/// Name and source of each. A letter that has no template of its own is the layout with its words in it.
pub(super) const TEMPLATES: &[(&str, &str)] = &templates![
    "layout.html" "layout.txt" "subject.txt"
    "new_device.html" "new_device.txt"
    "policy_changed.html" "policy_changed.txt"
    "recovery_codes_low.html" "recovery_codes_low.txt"
    "already_registered.html" "already_registered.txt"
    "invitation.html" "invitation.txt"
];
