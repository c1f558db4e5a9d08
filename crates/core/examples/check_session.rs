//! Another service's guard, written against [`Sessions`] alone and tried against its mock: no HTTP, no database, no
//! runtime is needed to build or to run this.
//!
//! ```sh
//! cargo run -p rookery-core --features mocks --example check_session
//! ```

use std::sync::Arc;

use chrono::Duration;
use futures_executor::block_on;
use rookery_core::domain::{
    AuthMethod, EmailAddress, Preferences, Profile, Role, Session, SessionId, SessionToken, TenantId, TenantSummary,
    Timestamp, UserId,
};
use rookery_core::mocks::{ManualClock, MockSessions};
use rookery_core::ports::{Clock, SignedIn};
use rookery_core::{SessionError, Sessions};

/// A service of somebody else's: it sends campaigns, for tenants, and only for people who may.
struct Campaigns {
    sessions: Arc<dyn Sessions>,
}

#[derive(Debug, PartialEq)]
enum Refusal {
    SignInFirst,
    NotYours,
    TryAgainLater,
}

impl Campaigns {
    async fn send(&self, bearer: &str) -> Result<String, Refusal> {
        let token = SessionToken::parse(bearer).ok_or(Refusal::SignInFirst)?;
        let signed_in = self.sessions.authenticate(&token).await.map_err(|error| match error {
            SessionError::NotSignedIn => Refusal::SignInFirst,
            SessionError::Port(_) => Refusal::TryAgainLater,
        })?;
        let tenant = signed_in.session.tenant.ok_or(Refusal::NotYours)?;
        if tenant.roles.contains(&Role::Viewer) {
            return Err(Refusal::NotYours);
        }
        Ok(format!(
            "{} sends a campaign for {}",
            signed_in.profile.email, tenant.name
        ))
    }
}

fn main() {
    let token = SessionToken::from_entropy([7; 32]);
    let known = token.digest();
    let mut sessions = MockSessions::new();
    sessions.expect_authenticate().returning(move |shown| {
        if shown.digest() == known {
            Ok(ada())
        } else {
            Err(SessionError::NotSignedIn)
        }
    });

    let campaigns = Campaigns {
        sessions: Arc::new(sessions),
    };
    let sent = block_on(campaigns.send(&token.expose()));
    let stranger = block_on(campaigns.send(&SessionToken::from_entropy([8; 32]).expose()));
    let garbage = block_on(campaigns.send("garbage"));

    assert_eq!(sent.as_deref(), Ok("ada@example.com sends a campaign for Penguins"));
    assert_eq!(stranger, Err(Refusal::SignInFirst));
    assert_eq!(garbage, Err(Refusal::SignInFirst));
    println!("with Ada's session: {sent:?}\nwith another: {stranger:?}\nwith garbage: {garbage:?}");
}

/// What the mock answers for Ada.
fn ada() -> SignedIn {
    let now = ManualClock::default().now();
    let user = UserId::new(now, &[1; 10]);
    let tenant = TenantSummary {
        id: TenantId::new(now, &[2; 10]),
        name: "Penguins".to_owned(),
        roles: vec![Role::Member],
    };
    let profile = Profile {
        user,
        tenant: Some(tenant.id),
        email: address("ada@example.com"),
        email_verified: Some(now),
        pending_email: None,
        name: Some("Ada Lovelace".to_owned()),
        given_name: None,
        family_name: None,
        picture: None,
        roles: tenant.roles.clone(),
        created: now,
        updated: now,
        preferences: Preferences::default(),
    };
    SignedIn {
        session: session(user, tenant, now),
        profile,
    }
}

fn session(user: UserId, tenant: TenantSummary, now: Timestamp) -> Session {
    Session {
        id: SessionId::new(now, &[3; 10]),
        user,
        tenant: Some(tenant),
        remembered: false,
        methods: vec![AuthMethod::Password],
        created: now,
        authenticated: now,
        last_seen: now,
        idle: Duration::minutes(30),
        expires: now + Duration::hours(24),
        second_factor_due: None,
    }
}

#[expect(clippy::expect_used, reason = "a literal in an example")]
fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("a well-formed address")
}
