//! What operations on copies of somebody's data and on consents may refuse.

use rookery_door::Problem;

use super::{invalid, unavailable};

pub(super) fn of(operation: &str) -> Option<Vec<Problem>> {
    let refused = match operation {
        "requestExport" => vec![Problem::ReauthenticationRequired, unavailable()],
        "readExport" => vec![Problem::ExportNotFound, unavailable()],
        "downloadExport" => vec![
            Problem::ReauthenticationRequired,
            Problem::ExportNotFound,
            unavailable(),
        ],
        "decideConsents" => vec![
            invalid("terms", "Terms of service must be accepted in version 2026-11"),
            unavailable(),
        ],
        "listExports" | "readConsents" => vec![unavailable()],
        _ => return None,
    };
    Some(refused)
}
