//! Tenants, and who belongs to them.

use rookery_core::MemberPage;
use rookery_core::ports::Member;
use rookery_domain::{Membership, Role, Session, TenantId, TenantSummary, Timestamp, UserId};
use rookery_door::query::cursor_at_member;
use serde::Serialize;
use utoipa::ToSchema;

use super::profile::role_words;
use super::session::TenantView;
use super::timestamp;

/// The tenants somebody belongs to.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantList)]
pub(crate) struct TenantListView<'a> {
    /// The tenants, the one they have belonged to longest first.
    tenants: Vec<MembershipView<'a>>,
}

/// A tenant as one of its members sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Membership)]
pub(crate) struct MembershipView<'a> {
    /// The tenant's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000003")]
    id: TenantId,
    /// Its name.
    #[schema(example = "Analytical Engines")]
    name: &'a str,
    /// What the member may do in it: `owner`, `admin`, `member`, `viewer`.
    #[serde(serialize_with = "role_words")]
    #[schema(value_type = Vec<String>, example = json!(["owner"]))]
    roles: &'a [Role],
    /// When the tenant was made.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// Since when they belong to it.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    joined_at: Timestamp,
    /// Whether the session that asks is in it.
    active: bool,
}

/// The session is in another tenant.
#[derive(Serialize, ToSchema)]
#[schema(as = SwitchedTenant)]
pub(crate) struct SwitchedView<'a> {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// The tenant it is in now.
    tenant: TenantView<'a>,
}

/// Some of the members of a tenant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MemberPage)]
pub(crate) struct MemberPageView<'a> {
    /// The members, in the order in which they joined.
    users: Vec<MemberView<'a>>,
    /// Where the next page begins; `null` on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// A member as the others see them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub(crate) struct MemberView<'a> {
    /// The member's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000001")]
    id: UserId,
    /// Where mail goes.
    #[schema(example = "ada@example.com")]
    email: &'a str,
    /// How they want to be addressed.
    #[schema(example = "Ada Lovelace", required = true)]
    name: Option<&'a str>,
    /// First name or names.
    #[schema(required = true)]
    given_name: Option<&'a str>,
    /// Last name or names.
    #[schema(required = true)]
    family_name: Option<&'a str>,
    /// What they may do in the tenant: `owner`, `admin`, `member`, `viewer`.
    #[serde(serialize_with = "role_words")]
    #[schema(value_type = Vec<String>, example = json!(["admin"]))]
    roles: &'a [Role],
    /// Since when they belong to it.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    joined_at: Timestamp,
}

impl<'a> TenantListView<'a> {
    pub(crate) fn of(listed: &'a [Membership], session: &Session) -> Self {
        let tenants = listed.iter().map(|membership| MembershipView::of(membership, session));
        Self {
            tenants: tenants.collect(),
        }
    }
}

impl<'a> MembershipView<'a> {
    pub(crate) fn of(membership: &'a Membership, session: &Session) -> Self {
        let tenant = &membership.tenant;
        Self {
            id: tenant.id,
            name: &tenant.name,
            roles: &tenant.roles,
            created_at: membership.created,
            joined_at: membership.joined,
            active: session.tenant.as_ref().is_some_and(|active| active.id == tenant.id),
        }
    }
}

impl<'a> SwitchedView<'a> {
    pub(crate) fn of(tenant: &'a TenantSummary) -> Self {
        Self {
            success: true,
            tenant: TenantView::of(tenant),
        }
    }
}

impl<'a> MemberPageView<'a> {
    pub(crate) fn of(page: &'a MemberPage) -> Self {
        Self {
            users: page.members.iter().map(MemberView::of).collect(),
            next_cursor: page.next.as_ref().map(cursor_at_member),
        }
    }
}

impl<'a> MemberView<'a> {
    pub(crate) fn of(member: &'a Member) -> Self {
        Self {
            id: member.user,
            email: member.email.as_str(),
            name: member.name.as_deref(),
            given_name: member.given_name.as_deref(),
            family_name: member.family_name.as_deref(),
            roles: &member.roles,
            joined_at: member.joined,
        }
    }
}
