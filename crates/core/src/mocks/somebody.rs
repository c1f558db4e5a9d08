//! Somebody who is signed in, for mocks to answer with.

use rookery_domain::{
    AuthMethod, EmailAddress, Preferences, Profile, Role, Session, SessionId, SessionLifetime, TenantId, TenantSummary,
    Timestamp, UserId,
};

use crate::ports::SignedIn;

/// Somebody who signed in at this time with a password: their address is verified, they have chosen nothing, and they work in
/// no tenant. What a test is about it changes, for every field is public.
///
/// ```
/// use rookery_core::domain::{EmailAddress, Role};
/// use rookery_core::mocks::{ManualClock, signed_in, working_in};
/// use rookery_core::ports::Clock;
///
/// let ada = EmailAddress::parse("ada@example.com").unwrap();
/// let ada = working_in(signed_in(ada, ManualClock::default().now()), "Penguins", &[Role::Owner]);
/// assert_eq!(ada.session.tenant.unwrap().roles, ada.profile.roles);
/// ```
#[must_use]
pub fn signed_in(email: EmailAddress, at: Timestamp) -> SignedIn {
    let user = UserId::new(at, &[1; 10]);
    let lifetime = SessionLifetime::DEFAULT;
    let session = Session {
        id: SessionId::new(at, &[3; 10]),
        user,
        tenant: None,
        remembered: false,
        methods: vec![AuthMethod::Password],
        created: at,
        authenticated: at,
        last_seen: at,
        idle: lifetime.idle,
        expires: at + lifetime.absolute,
        second_factor_due: None,
    };
    let profile = Profile {
        user,
        tenant: None,
        email,
        email_verified: Some(at),
        pending_email: None,
        name: Some("Ada Lovelace".to_owned()),
        given_name: None,
        family_name: None,
        picture: None,
        roles: Vec::new(),
        created: at,
        updated: at,
        preferences: Preferences::default(),
    };
    SignedIn { session, profile }
}

/// The same person working in a tenant of this name, with these roles in it: as session and profile both tell it.
#[must_use]
pub fn working_in(somebody: SignedIn, tenant: &str, roles: &[Role]) -> SignedIn {
    let SignedIn { session, profile } = somebody;
    let tenant = TenantSummary {
        id: TenantId::new(session.created, &[2; 10]),
        name: tenant.to_owned(),
        roles: roles.to_vec(),
    };
    SignedIn {
        profile: Profile {
            tenant: Some(tenant.id),
            roles: tenant.roles.clone(),
            ..profile
        },
        session: Session {
            tenant: Some(tenant),
            ..session
        },
    }
}
