//! Another service's guard, written against [`Sessions`] alone and tried against its mock: no HTTP, no database, no
//! runtime is needed to build or to run this.
//!
//! ```sh
//! cargo run -p rookery-core --features mocks --example check_session
//! ```

use std::sync::Arc;

use futures_executor::block_on;
use rookery_core::domain::{EmailAddress, Role, SessionToken};
use rookery_core::mocks::{ManualClock, MockSessions, signed_in, working_in};
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
    working_in(signed_in(address("ada@example.com"), now), "Penguins", &[Role::Member])
}

#[expect(clippy::expect_used, reason = "a literal in an example")]
fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("a well-formed address")
}
