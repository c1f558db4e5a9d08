//! The deletion of an account.

use rookery_core::ports::{StakeFate, TenantStake};
use rookery_core::{DeletionOutlook, DeletionScheduled};
use rookery_domain::{TenantId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::timestamp;

/// The account waits for its deletion.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeletionScheduled)]
pub(crate) struct DeletionScheduledView {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// When it is erased.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-11-26T12:00:00.000Z")]
    deletion_scheduled_for: Timestamp,
}

impl From<DeletionScheduled> for DeletionScheduledView {
    fn from(scheduled: DeletionScheduled) -> Self {
        Self {
            success: true,
            deletion_scheduled_for: scheduled.due,
        }
    }
}

/// What a deletion would mean, and how things stand.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Deletion)]
pub(crate) struct DeletionView<'a> {
    /// When the account is erased, if that was asked for.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    deletion_scheduled_for: Option<Timestamp>,
    /// How long it would wait, in seconds.
    #[schema(example = 2_592_000)]
    grace_seconds: i64,
    /// Whether the password has to be shown.
    needs_password: bool,
    /// Whether a code has to be shown beside it.
    needs_second_factor: bool,
    /// The tenants of the person, and what would become of each.
    tenants: Vec<TenantStakeView<'a>>,
}

impl<'a> DeletionView<'a> {
    pub(crate) fn of(outlook: &'a DeletionOutlook) -> Self {
        Self {
            deletion_scheduled_for: outlook.scheduled,
            grace_seconds: outlook.grace.num_seconds(),
            needs_password: outlook.needs_password,
            needs_second_factor: outlook.needs_second_factor,
            tenants: outlook.tenants.iter().map(TenantStakeView::of).collect(),
        }
    }
}

/// What would become of a tenant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TenantStake)]
pub(crate) struct TenantStakeView<'a> {
    /// The tenant's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000003")]
    id: TenantId,
    /// Its name.
    #[schema(example = "Analytical Engines")]
    name: &'a str,
    /// How many others belong to it.
    #[schema(example = 2)]
    other_members: u64,
    /// What would become of it: `goesOn`, `needsOwner`, `closes`.
    #[schema(value_type = String, example = "needsOwner")]
    fate: &'static str,
}

impl<'a> TenantStakeView<'a> {
    pub(crate) fn of(stake: &'a TenantStake) -> Self {
        Self {
            id: stake.tenant,
            name: &stake.name,
            other_members: stake.others,
            fate: match stake.fate {
                StakeFate::GoesOn => "goesOn",
                StakeFate::NeedsOwner => "needsOwner",
                StakeFate::Closes => "closes",
            },
        }
    }
}
