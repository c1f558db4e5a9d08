//! Invitations, as whoever invites and whoever was invited see them.

use rookery_core::ports::{Invitation, Inviter};
use rookery_core::{InvitationPage, Invited, Joined, JoiningStep, LoggedIn, ShownInvitation};
use rookery_domain::{EmailAddress, InvitationId, Role, TenantSummary, Timestamp};
use rookery_door::query::cursor_at_invitation;
use serde::Serialize;
use utoipa::ToSchema;

use super::account::PersonView;
use super::profile::role_words;
use super::session::TenantView;
use super::timestamp;

/// What became of the invitations that were asked for, in their order.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitedList)]
pub(crate) struct InvitedListView<'a> {
    /// One for each.
    invitations: Vec<InvitedView<'a>>,
}

/// What became of one of them.
#[derive(Serialize, ToSchema)]
#[schema(as = Invited)]
pub(crate) struct InvitedView<'a> {
    /// The address.
    #[schema(example = "grace@example.com")]
    email: &'a str,
    /// `sent`: the mail is on its way. `already_member`: they belong to the tenant. `already_invited`: an invitation waits, and can
    /// be mailed again. `rate_limited`: too many in a day, by oneself, into the tenant or to this address.
    #[schema(example = "sent")]
    status: &'static str,
    /// The invitation that was sent.
    #[schema(required = true)]
    invitation: Option<InvitationView<'a>>,
}

/// Some of the invitations of a tenant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvitationPage)]
pub(crate) struct InvitationPageView<'a> {
    /// The invitations, the newest first.
    invitations: Vec<InvitationView<'a>>,
    /// Where the next page begins; `null` on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// An invitation as whoever may invite sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invitation)]
pub(crate) struct InvitationView<'a> {
    /// Its id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000009")]
    id: InvitationId,
    /// Where it was mailed to.
    #[schema(example = "grace@example.com")]
    email: &'a str,
    /// What whoever accepts it may do: `owner`, `admin`, `member`, `viewer`.
    #[serde(serialize_with = "role_words")]
    #[schema(value_type = Vec<String>, example = json!(["member"]))]
    roles: &'a [Role],
    /// What was written to them.
    #[schema(required = true)]
    note: Option<&'a str>,
    /// `pending`, `expired`, `accepted`, `declined`, `revoked`; or `void`: whoever stands for it may not give these roles any more,
    /// and until somebody who may mails it again it leads nowhere.
    #[schema(example = "pending")]
    state: &'static str,
    /// Who stands for it; `null` once they have left.
    #[schema(required = true)]
    invited_by: Option<InviterView<'a>>,
    /// When it was made.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// When its link ends.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-11-03T12:00:00.000Z")]
    expires_at: Timestamp,
    /// When it was answered, taken back or replaced.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    settled_at: Option<Timestamp>,
}

/// Who invites.
#[derive(Serialize, ToSchema)]
#[schema(as = Inviter)]
pub(crate) struct InviterView<'a> {
    /// How they want to be addressed.
    #[schema(example = "Ada Lovelace", required = true)]
    name: Option<&'a str>,
    /// Their address.
    #[schema(example = "ada@example.com")]
    email: &'a str,
}

/// An invitation as whoever was invited sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ShownInvitation)]
pub(crate) struct ShownInvitationView<'a> {
    /// What the tenant is called.
    #[schema(example = "Analytical Engines")]
    tenant_name: &'a str,
    /// Who invites.
    invited_by: InviterView<'a>,
    /// Where it was mailed to.
    #[schema(example = "grace@example.com")]
    email: &'a str,
    /// What whoever accepts it may do: `owner`, `admin`, `member`, `viewer`.
    #[serde(serialize_with = "role_words")]
    #[schema(value_type = Vec<String>, example = json!(["member"]))]
    roles: &'a [Role],
    /// What was written to them: plain text.
    #[schema(required = true)]
    note: Option<&'a str>,
    /// When its link ends.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-11-03T12:00:00.000Z")]
    expires_at: Timestamp,
    /// Whether it has ended.
    expired: bool,
    /// What leads into the tenant: `sign_up` (accepting it with a password makes the account), `sign_in` (with the invited address,
    /// then accepting it), `join` (accepting it), `sign_out` (somebody else is signed in), `nothing` (they are a member).
    #[schema(example = "sign_up")]
    next: &'static str,
}

/// Somebody belongs to the tenant now.
#[derive(Serialize, ToSchema)]
#[schema(as = AcceptedInvitation)]
pub(crate) struct AcceptedView<'a> {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// The tenant.
    tenant: TenantView<'a>,
    /// The person whose account was made, and who is signed in; `null` when they had one.
    #[schema(required = true)]
    user: Option<PersonView<'a>>,
}

impl<'a> InvitedListView<'a> {
    pub(crate) fn of(all: &'a [Invited], now: Timestamp) -> Self {
        Self {
            invitations: all.iter().map(|invited| InvitedView::of(invited, now)).collect(),
        }
    }
}

impl<'a> InvitedView<'a> {
    fn of(invited: &'a Invited, now: Timestamp) -> Self {
        let (email, status, invitation): (&EmailAddress, _, _) = match invited {
            Invited::Sent(invitation) => (&invitation.email, "sent", Some(InvitationView::of(invitation, now))),
            Invited::AlreadyMember(email) => (email, "already_member", None),
            Invited::AlreadyInvited(email) => (email, "already_invited", None),
            Invited::Limited(email, _) => (email, "rate_limited", None),
        };
        Self {
            email: email.as_str(),
            status,
            invitation,
        }
    }
}

impl<'a> InvitationPageView<'a> {
    pub(crate) fn of(page: &'a InvitationPage, now: Timestamp) -> Self {
        let invitations = page.invitations.iter();
        Self {
            invitations: invitations
                .map(|invitation| InvitationView::of(invitation, now))
                .collect(),
            next_cursor: page.next.as_ref().map(cursor_at_invitation),
        }
    }
}

impl<'a> InvitationView<'a> {
    pub(crate) fn of(invitation: &'a Invitation, now: Timestamp) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email.as_str(),
            roles: &invitation.roles,
            note: invitation.note.as_deref(),
            state: invitation.state(now).as_str(),
            invited_by: invitation.inviter.as_ref().map(InviterView::of),
            created_at: invitation.created,
            expires_at: invitation.expires,
            settled_at: invitation.settled,
        }
    }
}

impl<'a> InviterView<'a> {
    fn of(inviter: &'a Inviter) -> Self {
        Self {
            name: inviter.name.as_deref(),
            email: inviter.email.as_str(),
        }
    }
}

impl<'a> ShownInvitationView<'a> {
    pub(crate) fn of(shown: &'a ShownInvitation) -> Self {
        Self {
            tenant_name: &shown.tenant_name,
            invited_by: InviterView {
                name: shown.inviter_name.as_deref(),
                email: shown.inviter_email.as_str(),
            },
            email: shown.email.as_str(),
            roles: &shown.roles,
            note: shown.note.as_deref(),
            expires_at: shown.expires,
            expired: shown.is_expired,
            next: match shown.next {
                JoiningStep::Enrol => "sign_up",
                JoiningStep::SignIn => "sign_in",
                JoiningStep::Join => "join",
                JoiningStep::SignOut => "sign_out",
                JoiningStep::Nothing => "nothing",
            },
        }
    }
}

impl<'a> AcceptedView<'a> {
    pub(crate) fn of(joined: &'a Joined) -> Self {
        let (tenant, logged_in): (&TenantSummary, Option<&LoggedIn>) = match joined {
            Joined::Member(tenant) => (tenant, None),
            Joined::Newcomer(tenant, logged_in) => (tenant, Some(logged_in)),
        };
        Self {
            success: true,
            tenant: TenantView::of(tenant),
            user: logged_in.map(PersonView::from),
        }
    }
}
