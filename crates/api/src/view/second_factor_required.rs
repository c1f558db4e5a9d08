//! A sign-in that waits for its second step.

use rookery_core::SecondFactorRequired;
use serde::Serialize;
use utoipa::ToSchema;

/// The password was right, and a second factor is asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SecondFactorRequired)]
pub(crate) struct SecondFactorRequiredView {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// Always `true`.
    #[schema(example = true)]
    mfa_required: bool,
    /// What may be shown.
    #[schema(example = json!(["totp", "recovery_code"]))]
    methods: Vec<&'static str>,
}

impl SecondFactorRequiredView {
    pub(crate) fn of(required: &SecondFactorRequired) -> Self {
        Self {
            success: true,
            mfa_required: true,
            methods: required.methods.iter().map(|method| method.as_str()).collect(),
        }
    }
}
