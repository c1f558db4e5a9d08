//! Fields that tell of a person, wherever they are asked for.

use rookery_domain::{FamilyName, GivenName, Language, TimeZone, Violations};

use super::field::optional;
use super::given::Given;

/// The path is that of the spelling that was used.
pub(super) fn given_name(violations: &mut Violations, path: &'static str, given: Given<String>) -> Option<GivenName> {
    optional(violations, path, "Given name must be a string", given, GivenName::parse)
}

/// The path is that of the spelling that was used.
pub(super) fn family_name(violations: &mut Violations, path: &'static str, given: Given<String>) -> Option<FamilyName> {
    optional(
        violations,
        path,
        "Family name must be a string",
        given,
        FamilyName::parse,
    )
}

pub(super) fn language(violations: &mut Violations, given: Given<String>) -> Option<Language> {
    let mistyped = "Language must be a 2-letter ISO code";
    optional(violations, "language", mistyped, given, str::parse)
}

pub(super) fn timezone(violations: &mut Violations, given: Given<String>) -> Option<TimeZone> {
    let mistyped = "Timezone must be a valid IANA time zone";
    optional(violations, "timezone", mistyped, given, str::parse)
}
