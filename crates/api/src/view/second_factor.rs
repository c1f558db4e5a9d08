//! How a person stands with second factors, and the secrets that are shown once.

use rookery_core::ports::TrustedDevice;
use rookery_core::{Enrolment, SecondFactorStatus};
use rookery_domain::{DeviceId, Factor, FactorId, FactorState, RecoveryCode, Timestamp};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::session_list::DeviceView;
use super::timestamp;

/// How the person stands with second factors.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SecondFactorStatus)]
pub(crate) struct SecondFactorStatusView {
    /// Whether sign-ins ask for a second factor.
    enabled: bool,
    /// The authenticator app they ask for.
    #[schema(required = true)]
    totp: Option<TotpView>,
    /// Whether a secret was shown whose first code may still come.
    pending: bool,
    /// How many recovery codes are left.
    #[schema(example = 10)]
    recovery_codes_left: u64,
    /// The browsers that sign in without it, the one used last first.
    trusted_devices: Vec<TrustedDeviceView>,
    /// From when on this session opens nothing but setting one up, because a tenant asks for it.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    required_by: Option<Timestamp>,
}

/// An authenticator app. Its secret is never shown again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Totp)]
pub(crate) struct TotpView {
    /// Its id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000004")]
    id: FactorId,
    /// Since when sign-ins ask for it.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    confirmed_at: Timestamp,
    /// When it last let the person pass.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    last_used_at: Option<Timestamp>,
}

/// A browser that signs in without the second factor.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrustedDevice)]
pub(crate) struct TrustedDeviceView {
    /// Its id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000005")]
    id: DeviceId,
    /// What it is.
    device: DeviceView,
    /// When the person first signed in with it.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// When they last did.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    last_used_at: Timestamp,
    /// Until when it is trusted.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-11-26T12:00:00.000Z")]
    trusted_until: Timestamp,
}

/// A secret to put into an app. Shown once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Enrolment)]
pub(crate) struct EnrolmentView<'a> {
    /// The id the factor will have.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000004")]
    id: FactorId,
    /// The secret in base32, for typing.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The same as an `otpauth://` URI, for an app on the same device.
    #[schema(
        example = "otpauth://totp/Rookery:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Rookery&algorithm=SHA1&digits=6&period=30"
    )]
    uri: &'a str,
    /// The same as a QR code: an `<svg>` element.
    #[schema(example = "<svg xmlns=\"http://www.w3.org/2000/svg\">…</svg>")]
    qr: &'a str,
    /// Until when the first code may be shown.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T13:00:00.000Z")]
    expires_at: Timestamp,
}

/// Recovery codes. Shown once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecoveryCodes)]
pub(crate) struct RecoveryCodesView<'a> {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// The codes, each good for one use.
    #[serde(serialize_with = "exposed")]
    #[schema(value_type = Vec<String>, example = json!(["ABCD-EFGH-IJKL-MNOP"]))]
    recovery_codes: &'a [RecoveryCode],
}

impl SecondFactorStatusView {
    pub(crate) fn of(status: &SecondFactorStatus) -> Self {
        Self {
            enabled: status.confirmed.is_some(),
            totp: status.confirmed.as_ref().and_then(TotpView::of),
            pending: status.pending.is_some(),
            recovery_codes_left: status.recovery_codes,
            trusted_devices: status.trusted_devices.iter().map(TrustedDeviceView::of).collect(),
            required_by: status.required_by,
        }
    }
}

impl TotpView {
    fn of(factor: &Factor) -> Option<Self> {
        match factor.state {
            FactorState::Confirmed { since, .. } => Some(Self {
                id: factor.id,
                confirmed_at: since,
                last_used_at: factor.last_used,
            }),
            FactorState::Pending | FactorState::Removed { .. } => None,
        }
    }
}

impl TrustedDeviceView {
    fn of(device: &TrustedDevice) -> Self {
        Self {
            id: device.id,
            device: DeviceView::calling_itself(device.user_agent.as_deref()),
            created_at: device.created,
            last_used_at: device.last_used,
            trusted_until: device.trusted_until,
        }
    }
}

impl<'a> EnrolmentView<'a> {
    pub(crate) fn of(enrolment: &'a Enrolment) -> Self {
        Self {
            id: enrolment.factor,
            secret: enrolment.secret.expose(),
            uri: &enrolment.invitation.uri,
            qr: &enrolment.invitation.qr,
            expires_at: enrolment.expires,
        }
    }
}

impl<'a> RecoveryCodesView<'a> {
    pub(crate) const fn of(recovery_codes: &'a [RecoveryCode]) -> Self {
        Self {
            success: true,
            recovery_codes,
        }
    }
}

fn exposed<S: Serializer>(codes: &[RecoveryCode], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(codes.iter().map(RecoveryCode::expose))
}
