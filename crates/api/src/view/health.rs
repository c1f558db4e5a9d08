//! How the service is.

use rookery_core::Health;
use rookery_domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::timestamp;

/// Whether the service can do its work.
#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub(crate) struct HealthView {
    /// `healthy`, or `unhealthy` while the database does not answer or the service is shutting down.
    #[schema(example = "healthy", pattern = "^(healthy|unhealthy)$")]
    status: &'static str,
    /// Now.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    timestamp: Timestamp,
    /// Whole seconds since the service started.
    #[schema(example = 3600)]
    uptime: i64,
    /// The release.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

impl HealthView {
    pub(crate) fn of(health: &Health, version: &'static str) -> Self {
        Self {
            status: if health.healthy { "healthy" } else { "unhealthy" },
            timestamp: health.at,
            uptime: health.uptime.num_seconds(),
            version,
        }
    }
}

/// The process answers.
#[derive(Serialize, ToSchema)]
#[schema(as = Live)]
pub(crate) struct LiveView {
    /// Always `live`.
    #[schema(example = "live")]
    status: &'static str,
}

impl LiveView {
    pub(crate) const LIVE: Self = Self { status: "live" };
}
