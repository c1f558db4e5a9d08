//! Accounts, as staff see them.

use rookery_core::ports::{Account, AccountFile, LegalHold, PendingDeletion};
use rookery_core::{AccountPage, Intervened};
use rookery_domain::{ErasureId, Membership, Role, SessionId, TenantId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::event::EventView;
use super::profile::role_words;
use super::session_list::ListedSessionView;
use super::timestamp;

/// Some of the accounts that a search has found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffUserPage)]
pub(crate) struct StaffUserPageView<'a> {
    /// The accounts, the newest first.
    users: Vec<StaffUserView<'a>>,
    /// What to give as `cursor` to get the next page; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// An account, in short.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffUser)]
pub(crate) struct StaffUserView<'a> {
    /// The person's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000001")]
    id: UserId,
    /// Their address.
    #[schema(example = "ada@example.com")]
    email: &'a str,
    /// How they want to be addressed.
    #[schema(required = true, example = "Ada Lovelace")]
    name: Option<&'a str>,
    /// When they proved that the address is theirs; `null` when they have not.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    email_verified_at: Option<Timestamp>,
    /// When the account was suspended; `null` when it is not.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    suspended_at: Option<Timestamp>,
    /// When the account was made.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// When they last signed in with a password; `null` when they never have.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    last_login_at: Option<Timestamp>,
}

/// An account, in full. It holds nothing that opens it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffUserFile)]
pub(crate) struct StaffUserFileView<'a> {
    #[serde(flatten)]
    user: StaffUserView<'a>,
    /// What they are among the staff: `auditor`, `support`, `operator`; `null` when they are none.
    #[schema(required = true)]
    staff_role: Option<&'static str>,
    /// What they show beside their password, by kind.
    second_factors: StaffFactorsView,
    /// Until when signing in from unknown devices is locked; `null` when it is not.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    locked_until: Option<Timestamp>,
    /// The deletion that waits; `null` when none was asked for.
    #[schema(required = true)]
    deletion: Option<StaffDeletionView>,
    /// Why the account may not be erased; `null` when it may.
    #[schema(required = true)]
    hold: Option<StaffHoldView<'a>>,
    /// The tenants they belong to, the longest-standing first.
    memberships: Vec<StaffMembershipView<'a>>,
    /// Their live sessions, the last used first.
    sessions: Vec<ListedSessionView<'a>>,
    /// What happened to the account lately, the newest first; at most 20.
    events: Vec<EventView<'a>>,
}

/// A deletion that waits for its day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffDeletion)]
pub(crate) struct StaffDeletionView {
    /// When it was asked for.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    requested_at: Timestamp,
    /// When the account is erased, if it is not on hold.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-11-26T12:00:00.000Z")]
    scheduled_for: Timestamp,
}

/// A legal hold.
#[derive(Serialize, ToSchema)]
#[schema(as = StaffHold)]
pub(crate) struct StaffHoldView<'a> {
    /// Since when.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    since: Timestamp,
    /// Why.
    #[schema(example = "Court order 7/2026")]
    reason: &'a str,
}

/// An account was erased.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErasedUser)]
pub(crate) struct ErasedView {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// The id of what is kept of it, the receipt.
    #[schema(value_type = String, format = "uuid", required = true, example = "0199d2f0-7c00-7000-8000-000000000009")]
    receipt_id: Option<ErasureId>,
    /// When it was erased.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = String, format = "date-time", required = true, example = "2025-10-27T12:00:00.000Z")]
    erased_at: Option<Timestamp>,
}

/// What somebody shows beside their password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffFactors)]
pub(crate) struct StaffFactorsView {
    /// Since when sign-ins ask for an authenticator app; `null` when they do not.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    authenticator_since: Option<Timestamp>,
    /// How many recovery codes are left.
    #[schema(example = 8)]
    recovery_codes: u64,
}

/// A tenant somebody belongs to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffMembership)]
pub(crate) struct StaffMembershipView<'a> {
    /// The tenant's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000003")]
    tenant_id: TenantId,
    /// Its name.
    #[schema(example = "Analytical Engines")]
    name: &'a str,
    /// What they may do in it.
    #[serde(serialize_with = "role_words")]
    #[schema(value_type = Vec<String>, example = json!(["owner"]))]
    roles: &'a [Role],
    /// Since when they belong to it.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    joined_at: Timestamp,
}

impl<'a> StaffUserPageView<'a> {
    pub(crate) fn of(page: &'a AccountPage, next_cursor: Option<String>) -> Self {
        Self {
            users: page.found.iter().map(StaffUserView::of).collect(),
            next_cursor,
        }
    }
}

impl<'a> StaffUserView<'a> {
    fn of(account: &'a Account) -> Self {
        Self {
            id: account.user,
            email: account.email.as_str(),
            name: account.name.as_deref(),
            email_verified_at: account.email_verified,
            suspended_at: account.disabled,
            created_at: account.created,
            last_login_at: account.last_login,
        }
    }
}

impl<'a> StaffUserFileView<'a> {
    /// For whoever reads it in this session.
    pub(crate) fn of(file: &'a AccountFile, reading: SessionId) -> Self {
        let sessions = file.sessions.iter();
        Self {
            user: StaffUserView::of(&file.account),
            staff_role: file.staff.map(rookery_domain::StaffRole::as_str),
            second_factors: StaffFactorsView {
                authenticator_since: file.authenticator,
                recovery_codes: file.recovery_codes,
            },
            locked_until: file.locked_until,
            deletion: file.deletion.as_ref().map(StaffDeletionView::of),
            hold: file.hold.as_ref().map(StaffHoldView::of),
            memberships: file.memberships.iter().map(StaffMembershipView::of).collect(),
            sessions: sessions
                .map(|session| ListedSessionView::of(session, reading))
                .collect(),
            events: file.events.iter().map(|event| EventView::of(event, reading)).collect(),
        }
    }
}

impl StaffDeletionView {
    const fn of(deletion: &PendingDeletion) -> Self {
        Self {
            requested_at: deletion.requested,
            scheduled_for: deletion.due,
        }
    }
}

impl<'a> StaffHoldView<'a> {
    fn of(hold: &'a LegalHold) -> Self {
        Self {
            since: hold.since,
            reason: hold.reason.as_str(),
        }
    }
}

impl ErasedView {
    pub(crate) fn of(done: &Intervened) -> Self {
        Self {
            success: true,
            receipt_id: done.receipt.as_ref().map(|receipt| receipt.id),
            erased_at: done.receipt.as_ref().map(|receipt| receipt.erased),
        }
    }
}

impl<'a> StaffMembershipView<'a> {
    fn of(membership: &'a Membership) -> Self {
        Self {
            tenant_id: membership.tenant.id,
            name: &membership.tenant.name,
            roles: &membership.tenant.roles,
            joined_at: membership.joined,
        }
    }
}
