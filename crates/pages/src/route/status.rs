//! `/status`: how the service is, for people.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Data;
use minijinja::context;
use rookery_core::HealthCheck;
use rookery_door::Answer;

use crate::visitor::Visitor;

/// Whether it can do its work. Asks for no session: it is looked at when nothing else works.
pub(crate) async fn show(visitor: Visitor, health: Data<dyn HealthCheck>) -> Answer {
    let health = health.check().await;
    let facts = context! {
        is_healthy => health.healthy,
        at => visitor.moment(health.at),
        version => visitor.door.version,
    };
    let page = visitor.page("status.html").telling(facts);
    if health.healthy {
        return page.answer();
    }
    let mut answer = page.status(StatusCode::SERVICE_UNAVAILABLE).answer()?;
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    Ok(answer)
}
