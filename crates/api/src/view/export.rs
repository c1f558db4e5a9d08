//! A copy of somebody's data.

use rookery_domain::{Export, ExportId, ExportState, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::timestamp;

/// A copy of everything that is kept about a person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Export)]
pub(crate) struct ExportView {
    /// The copy's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000012")]
    id: ExportId,
    /// `pending` (being made), `ready` (can be downloaded), `expired` (could have been) or `failed`.
    #[schema(example = "ready")]
    status: &'static str,
    /// When it was asked for.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// Until when it can be downloaded; `null` before it was made.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true, example = "2025-11-03T12:00:10.000Z")]
    expires_at: Option<Timestamp>,
    /// How many bytes it has; `null` before it was made.
    #[schema(required = true, example = 20480)]
    size: Option<u64>,
}

/// Copies of somebody's data.
#[derive(Serialize, ToSchema)]
#[schema(as = ExportList)]
pub(crate) struct ExportListView {
    /// The copies, the newest first.
    exports: Vec<ExportView>,
}

impl ExportView {
    pub(crate) fn of(export: &Export, now: Timestamp) -> Self {
        let made = match export.state {
            ExportState::Ready { expires, size, .. } => Some((expires, size)),
            ExportState::Pending | ExportState::Failed { .. } => None,
        };
        Self {
            id: export.id,
            status: export.status(now).as_str(),
            created_at: export.requested,
            expires_at: made.map(|(expires, _)| expires),
            size: made.map(|(_, size)| size),
        }
    }
}

impl ExportListView {
    pub(crate) fn of(exports: &[Export], now: Timestamp) -> Self {
        Self {
            exports: exports.iter().map(|export| ExportView::of(export, now)).collect(),
        }
    }
}
