//! A person's profile, borrowed from the domain on its way out.

use rookery_domain::{EmailAddress, Preferences, Profile, Restriction, Role, TenantId, Timestamp, UserId};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::timestamp;

/// A person's account as they see it, inside the tenant their session is in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Profile)]
pub(crate) struct ProfileView<'a> {
    /// The person's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000001")]
    id: UserId,
    /// The same id, under the name some clients look for.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000001")]
    user_id: UserId,
    /// The tenant the session is in.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    tenant_id: Option<TenantId>,
    /// Where mail goes.
    #[schema(example = "ada@example.com")]
    email: &'a str,
    /// Whether the person proved that they read that mailbox.
    email_verified: bool,
    /// An address they have asked to change to, as long as it can be confirmed.
    #[schema(example = "ada@example.org", required = true)]
    pending_email: Option<&'a str>,
    /// How they want to be addressed.
    #[schema(example = "Ada Lovelace", required = true)]
    name: Option<&'a str>,
    /// First name or names.
    #[schema(required = true)]
    given_name: Option<&'a str>,
    /// Last name or names.
    #[schema(required = true)]
    family_name: Option<&'a str>,
    /// Address of a picture.
    #[schema(required = true)]
    picture: Option<&'a str>,
    /// What they may do in the tenant: `owner`, `admin`, `member`, `viewer`.
    #[serde(serialize_with = "role_words")]
    #[schema(value_type = Vec<String>, example = json!(["owner"]))]
    roles: &'a [Role],
    /// When the account was made.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// When the account or its preferences last changed.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    updated_at: Timestamp,
    /// Their choices, always complete.
    preferences: PreferencesView<'a>,
    /// What an unverified account may not do once its grace is over: `INVITATIONS`, `TENANT_CREATION`. Absent when nothing is.
    #[serde(
        serialize_with = "restriction_words",
        skip_serializing_if = "<[Restriction]>::is_empty"
    )]
    #[schema(value_type = Option<Vec<String>>, nullable = false)]
    restrictions: &'static [Restriction],
}

/// All seven preferences.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Preferences)]
#[expect(clippy::struct_excessive_bools, reason = "four independent switches of one form")]
pub(crate) struct PreferencesView<'a> {
    /// `light`, `dark` or `system`.
    #[schema(example = "system", pattern = "^(light|dark|system)$")]
    theme: &'static str,
    /// An ISO 639-1 code.
    #[schema(example = "en")]
    language: &'a str,
    /// A zone of the IANA database.
    #[schema(example = "UTC")]
    timezone: &'a str,
    /// Mails about activity.
    #[schema(example = true)]
    email_notifications: bool,
    /// Push notifications.
    #[schema(example = false)]
    push_notifications: bool,
    /// A weekly summary by mail.
    #[schema(example = false)]
    weekly_reports: bool,
    /// Marketing by mail.
    #[schema(example = false)]
    marketing_emails: bool,
}

impl<'a> ProfileView<'a> {
    pub(crate) fn of(profile: &'a Profile, now: Timestamp) -> Self {
        Self {
            id: profile.user,
            user_id: profile.user,
            tenant_id: profile.tenant,
            email: profile.email.as_str(),
            email_verified: profile.email_verified.is_some(),
            pending_email: profile.awaited_email(now).map(EmailAddress::as_str),
            name: profile.name.as_deref(),
            given_name: profile.given_name.as_deref(),
            family_name: profile.family_name.as_deref(),
            picture: profile.picture.as_deref(),
            roles: &profile.roles,
            created_at: profile.created,
            updated_at: profile.updated,
            preferences: PreferencesView::of(&profile.preferences),
            restrictions: profile.restrictions(now),
        }
    }
}

impl<'a> PreferencesView<'a> {
    fn of(preferences: &'a Preferences) -> Self {
        Self {
            theme: preferences.theme.as_str(),
            language: preferences.language.as_str(),
            timezone: preferences.timezone.as_str(),
            email_notifications: preferences.email_notifications,
            push_notifications: preferences.push_notifications,
            weekly_reports: preferences.weekly_reports,
            marketing_emails: preferences.marketing_emails,
        }
    }
}

pub(super) fn role_words<S: Serializer>(roles: &[Role], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(roles.iter().map(|role| role.as_str()))
}

fn restriction_words<S: Serializer>(restrictions: &[Restriction], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(restrictions.iter().map(|restriction| restriction.as_str()))
}
