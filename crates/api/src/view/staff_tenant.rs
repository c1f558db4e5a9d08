//! Tenants, as staff see them.

use rookery_core::TenantPage;
use rookery_core::ports::{FoundTenant, TenantFile};
use rookery_domain::{TenantId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::tenant::MemberView;
use super::timestamp;

/// Some of the tenants that a search has found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffTenantPage)]
pub(crate) struct StaffTenantPageView<'a> {
    /// The tenants, the newest first.
    tenants: Vec<StaffTenantView<'a>>,
    /// What to give as `cursor` to get the next page; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// A tenant, in short.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffTenant)]
pub(crate) struct StaffTenantView<'a> {
    /// The tenant's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000003")]
    id: TenantId,
    /// Its name.
    #[schema(example = "Analytical Engines")]
    name: &'a str,
    /// When it was made.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// How many people belong to it.
    #[schema(example = 3)]
    member_count: u64,
}

/// A tenant, in full.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffTenantFile)]
pub(crate) struct StaffTenantFileView<'a> {
    #[serde(flatten)]
    tenant: StaffTenantView<'a>,
    /// Those who have belonged to it longest; at most 50.
    members: Vec<MemberView<'a>>,
}

impl<'a> StaffTenantPageView<'a> {
    pub(crate) fn of(page: &'a TenantPage, next_cursor: Option<String>) -> Self {
        Self {
            tenants: page.found.iter().map(StaffTenantView::of).collect(),
            next_cursor,
        }
    }
}

impl<'a> StaffTenantView<'a> {
    fn of(tenant: &'a FoundTenant) -> Self {
        Self {
            id: tenant.id,
            name: &tenant.name,
            created_at: tenant.created,
            member_count: tenant.members,
        }
    }
}

impl<'a> StaffTenantFileView<'a> {
    pub(crate) fn of(file: &'a TenantFile) -> Self {
        Self {
            tenant: StaffTenantView::of(&file.tenant),
            members: file.members.iter().map(MemberView::of).collect(),
        }
    }
}
