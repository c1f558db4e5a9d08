//! What goes out.

mod account;
mod consent;
mod deletion;
mod event;
mod export;
mod health;
mod invitation;
mod log_in;
mod message;
mod policy;
mod problem;
mod profile;
mod second_factor;
mod second_factor_required;
mod session;
mod session_list;
mod staff;
mod staff_log;
mod staff_tenant;
mod tenant;
mod timestamp;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpResponse, HttpResponseBuilder};
use rookery_door::Problem;
use serde::Serialize;

pub(crate) use account::AccountView;
pub(crate) use consent::ConsentStateView;
pub(crate) use deletion::{DeletionScheduledView, DeletionView, TenantStakeView};
pub(crate) use event::EventPageView;
pub(crate) use export::{ExportListView, ExportView};
pub(crate) use health::{HealthView, LiveView};
pub(crate) use invitation::{AcceptedView, InvitationPageView, InvitationView, InvitedListView, ShownInvitationView};
pub(crate) use log_in::LogInView;
pub(crate) use message::{DoneView, MessageView, VerifiedView};
pub(crate) use policy::PolicyView;
pub(crate) use problem::{ProblemView, ViolationView};
pub(crate) use profile::ProfileView;
pub(crate) use rookery_door::Answer;
pub(crate) use second_factor::{EnrolmentView, RecoveryCodesView, SecondFactorStatusView};
pub(crate) use second_factor_required::SecondFactorRequiredView;
pub(crate) use session::SessionView;
pub(crate) use session_list::{EndedSessionsView, SessionListView};
pub(crate) use staff::{ErasedView, StaffUserFileView, StaffUserPageView};
pub(crate) use staff_log::StaffLogView;
pub(crate) use staff_tenant::{StaffTenantFileView, StaffTenantPageView};
pub(crate) use tenant::{MemberPageView, MemberView, MembershipView, SwitchedView, TenantListView};

const APPLICATION_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// `200` with a JSON body.
pub(crate) fn ok(view: &impl Serialize) -> Answer {
    json(HttpResponse::Ok(), view)
}

/// `201` with a JSON body.
pub(crate) fn created(view: &impl Serialize) -> Answer {
    json(HttpResponse::Created(), view)
}

/// `202` with a JSON body.
pub(crate) fn accepted(view: &impl Serialize) -> Answer {
    json(HttpResponse::Accepted(), view)
}

/// A JSON body under whatever the builder has so far.
pub(crate) fn json(mut response: HttpResponseBuilder, view: &impl Serialize) -> Answer {
    let mut body = Vec::with_capacity(768);
    match serde_json::to_writer(&mut body, view) {
        Ok(()) => Ok(response.content_type(APPLICATION_JSON).body(body)),
        Err(error) => Err(Problem::Internal {
            cause: format!("view.serialise failed: {error}"),
        }),
    }
}

/// The body of a problem, which cannot fail.
pub(crate) fn problem(problem: &Problem, request_id: &str) -> HttpResponse {
    let view = ProblemView::of(problem, request_id);
    json(HttpResponse::build(problem.status()), &view)
        .unwrap_or_else(|_| HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR))
}
