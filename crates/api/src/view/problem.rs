//! The body of every answer that is no success.

use rookery_domain::violation::Violation;
use rookery_door::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use super::TenantStakeView;

/// Why a request was not done.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemView<'a> {
    /// A sentence for people.
    #[schema(example = "Validation failed")]
    error: &'static str,
    /// A stable word for programs.
    #[schema(example = "VALIDATION_ERROR")]
    code: &'static str,
    /// Everything that is wrong with the request's fields; only with `VALIDATION_ERROR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    errors: Option<Vec<ViolationView<'a>>>,
    /// The tenants that stand in the way; only with `SOLE_OWNER` and `TENANTS_NEED_OWNER`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tenants: Option<Vec<TenantStakeView<'a>>>,
    /// The request's name, as in `X-Request-Id`, for whoever has to find it in a log.
    #[serde(rename = "requestId")]
    #[schema(example = "0199d2f0-7c00-7000-8000-000000000000")]
    request_id: &'a str,
}

/// One broken rule.
#[derive(Serialize, ToSchema)]
#[schema(as = Violation)]
pub(crate) struct ViolationView<'a> {
    /// The field; empty for the whole body.
    #[schema(value_type = Vec<String>, example = json!(["theme"]))]
    path: Vec<&'static str>,
    /// A sentence for people.
    #[schema(example = "Theme must be light, dark, or system")]
    message: &'a str,
}

impl<'a> ProblemView<'a> {
    pub(crate) fn of(problem: &'a Problem, request_id: &'a str) -> Self {
        Self {
            error: problem.sentence(),
            code: problem.code(),
            errors: problem
                .violations()
                .map(|violations| violations.iter().map(ViolationView::of).collect()),
            tenants: problem
                .tenants()
                .map(|stakes| stakes.iter().map(TenantStakeView::of).collect()),
            request_id,
        }
    }
}

impl<'a> ViolationView<'a> {
    fn of(violation: &'a Violation) -> Self {
        Self {
            path: violation.path.map(steps).unwrap_or_default(),
            message: &violation.message,
        }
    }
}

/// A dot leads into an object within the body, a number in brackets into a list.
fn steps(path: &str) -> Vec<&str> {
    path.split(['.', '[', ']']).filter(|step| !step.is_empty()).collect()
}
