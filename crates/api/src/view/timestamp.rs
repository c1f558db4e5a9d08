//! Moments on the wire: ISO 8601 in UTC with milliseconds, `2025-10-27T12:00:00.000Z`.

use chrono::SecondsFormat;
use rookery_domain::Timestamp;
use serde::Serializer;

/// For `#[serde(serialize_with = "…")]`, of what may not have come.
#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
pub(crate) fn optional_milliseconds<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => milliseconds(at, serializer),
        None => serializer.serialize_none(),
    }
}

/// For `#[serde(serialize_with = "…")]`.
pub(crate) fn milliseconds<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}
