//! A session, as another backend checks it.

use rookery_core::ports::SignedIn;
use rookery_domain::{
    AuthMethod, ConsentSubject, Profile, Role, Session, SessionId, TenantId, TenantSummary, Timestamp, UserId,
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::profile::role_words;
use super::timestamp;

/// Who is signed in, on what session, working in which tenant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CurrentSession)]
pub(crate) struct SessionView<'a> {
    /// The person.
    user: SessionUserView<'a>,
    /// The session.
    session: SessionDetailsView<'a>,
    /// The tenant they are working in.
    #[schema(required = true)]
    tenant: Option<TenantView<'a>>,
    /// Documents in whose current version the person has yet to agree, `terms` and `privacy`: ask them before you go on, and
    /// send what they say to `POST /api/users/me/consents`. Absent when there is none.
    #[serde(serialize_with = "subject_words", skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, required = false, example = json!(["terms"]))]
    consents_due: &'a [ConsentSubject],
}

/// The signed-in person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionUser)]
pub(crate) struct SessionUserView<'a> {
    /// The person's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000001")]
    id: UserId,
    /// Where mail goes.
    #[schema(example = "ada@example.com")]
    email: &'a str,
    /// Whether the person proved that they read that mailbox.
    email_verified: bool,
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
}

/// The session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionDetails)]
pub(crate) struct SessionDetailsView<'a> {
    /// The session's name, which opens nothing.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000002")]
    id: SessionId,
    /// When it began.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// When it ends however busy it is; it ends sooner when it falls idle.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-28T12:00:00.000Z")]
    expires_at: Timestamp,
    /// When the person last proved who they are.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    authenticated_at: Timestamp,
    /// How they proved who they are.
    #[serde(serialize_with = "method_words")]
    #[schema(value_type = Vec<String>, example = json!(["password"]))]
    methods: &'a [AuthMethod],
    /// Whether that was less than 10 minutes ago, which is what sensitive calls ask for. Another backend that has such calls of
    /// its own refuses them with 403 when this is `false`, and sends the person to `POST /api/auth/reauthenticate`.
    fresh: bool,
    /// From when on the session opens nothing but setting up the second factor a tenant asks for; absent when none is missing.
    #[serde(
        serialize_with = "timestamp::optional_milliseconds",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    second_factor_required_by: Option<Timestamp>,
}

/// A tenant and what the person may do in it.
#[derive(Serialize, ToSchema)]
#[schema(as = Tenant)]
pub(crate) struct TenantView<'a> {
    /// The tenant's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000003")]
    id: TenantId,
    /// Its name.
    #[schema(example = "Analytical Engines")]
    name: &'a str,
    /// `owner`, `admin`, `member`, `viewer`.
    #[serde(serialize_with = "role_words")]
    #[schema(value_type = Vec<String>, example = json!(["owner"]))]
    roles: &'a [Role],
}

impl<'a> SessionView<'a> {
    /// The session as it is at this moment.
    pub(crate) fn of(signed_in: &'a SignedIn, consents_due: &'a [ConsentSubject], now: Timestamp) -> Self {
        Self {
            consents_due,
            user: SessionUserView::of(&signed_in.profile),
            session: SessionDetailsView::of(&signed_in.session, now),
            tenant: signed_in.session.tenant.as_ref().map(TenantView::of),
        }
    }
}

impl<'a> SessionUserView<'a> {
    fn of(profile: &'a Profile) -> Self {
        Self {
            id: profile.user,
            email: profile.email.as_str(),
            email_verified: profile.email_verified.is_some(),
            name: profile.name.as_deref(),
            given_name: profile.given_name.as_deref(),
            family_name: profile.family_name.as_deref(),
            picture: profile.picture.as_deref(),
        }
    }
}

impl<'a> SessionDetailsView<'a> {
    fn of(session: &'a Session, now: Timestamp) -> Self {
        Self {
            id: session.id,
            created_at: session.created,
            expires_at: session.expires,
            authenticated_at: session.authenticated,
            methods: &session.methods,
            second_factor_required_by: session.second_factor_due,
            fresh: session.is_fresh(now),
        }
    }
}

impl<'a> TenantView<'a> {
    pub(super) fn of(tenant: &'a TenantSummary) -> Self {
        Self {
            id: tenant.id,
            name: &tenant.name,
            roles: &tenant.roles,
        }
    }
}

fn subject_words<S: Serializer>(subjects: &[ConsentSubject], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(subjects.iter().map(|subject| subject.as_str()))
}

pub(super) fn method_words<S: Serializer>(methods: &[AuthMethod], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(methods.iter().map(|method| method.as_str()))
}
