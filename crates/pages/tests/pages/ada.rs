//! Ada, her session and her tokens.

use chrono::Duration;
use rookery_core::domain::{
    AuthMethod, EmailAddress, Preferences, Profile, Role, Session, SessionId, SessionToken, Timestamp, UserId,
};
use rookery_core::ports::SignedIn;
use rookery_core::{JoiningStep, ShownInvitation};

/// Noon of 27 October 2025, where the clock of these tests stands.
pub(crate) fn noon() -> Timestamp {
    Timestamp::from_timestamp(1_761_566_400, 0).unwrap()
}

pub(crate) fn user() -> UserId {
    UserId::new(noon(), &[1; 10])
}

pub(crate) fn email() -> EmailAddress {
    EmailAddress::parse("ada@example.com").unwrap()
}

/// The session token Ada holds.
pub(crate) fn token() -> SessionToken {
    SessionToken::from_entropy([7; 32])
}

/// Somebody else's token, or her own after it was renewed.
pub(crate) fn other_token() -> SessionToken {
    SessionToken::from_entropy([8; 32])
}

/// A fresh account in no tenant.
pub(crate) fn profile() -> Profile {
    Profile {
        user: user(),
        tenant: None,
        email: email(),
        email_verified: None,
        pending_email: None,
        name: Some("Ada Lovelace".to_owned()),
        given_name: None,
        family_name: None,
        picture: None,
        roles: Vec::new(),
        created: noon(),
        updated: noon(),
        preferences: Preferences::default(),
    }
}

pub(crate) fn session() -> Session {
    Session {
        id: SessionId::new(noon(), &[2; 10]),
        user: user(),
        tenant: None,
        remembered: false,
        methods: vec![AuthMethod::Password],
        created: noon() - Duration::hours(1),
        authenticated: noon() - Duration::minutes(30),
        last_seen: noon(),
        idle: Duration::minutes(30),
        expires: noon() + Duration::hours(23),
        second_factor_due: None,
    }
}

pub(crate) fn signed_in() -> SignedIn {
    SignedIn {
        session: session(),
        profile: profile(),
    }
}

/// Ada is invited into a tenant by somebody with a name that means something in HTML.
pub(crate) fn invitation() -> ShownInvitation {
    ShownInvitation {
        tenant_name: "Analytical <Engines>".to_owned(),
        inviter_name: Some("Charles <b>".to_owned()),
        inviter_email: EmailAddress::parse("charles@example.com").unwrap(),
        email: email(),
        roles: vec![Role::Member],
        note: Some("Come in,\n<i>now</i>".to_owned()),
        expires: noon(),
        is_expired: false,
        next: JoiningStep::Enrol,
    }
}
