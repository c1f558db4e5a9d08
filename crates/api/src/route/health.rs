//! `GET /api/health`, `/api/health/live` and `/api/health/ready`

use actix_web::HttpResponse;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use rookery_core::HealthCheck;
use rookery_door::Door;

use crate::view::{self, Answer, HealthView, LiveView};

/// Ask how the service is
///
/// `HEAD` works too.
#[utoipa::path(
    get, path = "/api/health", operation_id = "health", tag = "Operations",
    responses(
        (status = 200, description = "The service can do its work", body = HealthView),
        (
            status = 503, description = "The database does not answer, or the service is shutting down", body = HealthView,
            headers(("Retry-After" = u32, description = "Seconds after which to ask again")),
            example = json!({"status": "unhealthy", "timestamp": "2025-10-27T12:00:00.000Z", "uptime": 3600, "version": "0.1.0"}),
        ),
    ),
)]
pub(crate) async fn health(door: Data<Door>, health_check: Data<dyn HealthCheck>) -> Answer {
    let health = health_check.check().await;
    let mut response = if health.healthy {
        HttpResponse::Ok()
    } else {
        let mut unavailable = HttpResponse::ServiceUnavailable();
        unavailable.insert_header((RETRY_AFTER, "2"));
        unavailable
    };
    view::json(response.take(), &HealthView::of(&health, door.version))
}

/// Ask whether to send work
///
/// The same answer as `/api/health`, under the name orchestrators look for.
#[utoipa::path(
    get, path = "/api/health/ready", operation_id = "ready", tag = "Operations",
    responses(
        (status = 200, description = "The service takes work", body = HealthView),
        (
            status = 503, description = "The service takes no work now", body = HealthView,
            headers(("Retry-After" = u32, description = "Seconds after which to ask again")),
            example = json!({"status": "unhealthy", "timestamp": "2025-10-27T12:00:00.000Z", "uptime": 3600, "version": "0.1.0"}),
        ),
    ),
)]
pub(crate) async fn ready(door: Data<Door>, health_check: Data<dyn HealthCheck>) -> Answer {
    health(door, health_check).await
}

/// Ask whether the process answers
///
/// Always 200: a process that answers need not be restarted, whatever its database does.
#[utoipa::path(
    get, path = "/api/health/live", operation_id = "live", tag = "Operations",
    responses((status = 200, description = "The process answers", body = LiveView)),
)]
pub(crate) async fn live() -> Answer {
    view::ok(&LiveView::LIVE)
}
