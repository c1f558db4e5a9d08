//! `/settings/security`: who gets in, and with what.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use minijinja::{Value, context};
use rookery_core::ports::{ListedSession, SignedIn};
use rookery_core::{SecondFactorStatus, SecondFactors, Sessions};
use rookery_domain::SessionId;
use rookery_door::{Answer, Problem};

use crate::device;
use crate::filled::Filled;
use crate::visitor::{Person, Visitor};

/// The page.
pub(crate) const PAGE: &str = "/settings/security";

/// What the page is made of, for itself and for the forms on it that were refused.
pub(crate) struct Security {
    factors: Data<dyn SecondFactors>,
    sessions: Data<dyn Sessions>,
}

impl FromRequest for Security {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let factors = request.app_data::<Data<dyn SecondFactors>>().cloned();
        let sessions = request.app_data::<Data<dyn Sessions>>().cloned();
        ready(match (factors, sessions) {
            (Some(factors), Some(sessions)) => Ok(Self { factors, sessions }),
            _ => Err(Problem::Internal {
                cause: "a page is mounted outside its site".to_owned(),
            }),
        })
    }
}

/// All of it.
pub(crate) async fn show(Person { visitor, signed_in }: Person, security: Security) -> Answer {
    security.page(&visitor, &signed_in, Filled::default()).await
}

/// Where the forms of the page are sent to there is nothing to see.
pub(crate) async fn back(visitor: Visitor) -> Answer {
    Ok(visitor.go_to(PAGE))
}

impl Security {
    /// The page, with this in the form that was sent.
    pub(super) async fn page(&self, visitor: &Visitor, signed_in: &SignedIn, filled: Filled) -> Answer {
        let status = self.factors.status(signed_in).await?;
        let sessions = self.sessions.list(signed_in).await?;
        let current = signed_in.session.id;
        let profile = &signed_in.profile;
        let now = visitor.door.now();
        let facts = context! {
            section => "security",
            email => profile.email.as_str(),
            is_verified => profile.email_verified.is_some(),
            pending => profile.awaited_email(now).map(rookery_domain::EmailAddress::as_str),
            personal => personal(signed_in),
            min_length => visitor.door.password_policy.rules.min_chars,
            factor => factor(visitor, &status),
            sessions => sessions.iter().map(|session| row(visitor, session, current)).collect::<Vec<_>>(),
            has_others => sessions.iter().any(|session| session.id != current),
        };
        visitor
            .page("settings/security.html")
            .telling(facts)
            .filled(filled)
            .answer()
    }
}

/// What a password should not be made of.
fn personal(signed_in: &SignedIn) -> Value {
    let profile = &signed_in.profile;
    let names = [&profile.name, &profile.given_name, &profile.family_name];
    std::iter::once(profile.email.as_str())
        .chain(names.into_iter().filter_map(|name| name.as_deref()))
        .collect()
}

fn factor(visitor: &Visitor, status: &SecondFactorStatus) -> Value {
    context! {
        is_on => status.confirmed.is_some(),
        codes => status.recovery_codes,
        browsers => status.trusted_devices.len(),
        required_by => status.required_by.map(|at| visitor.moment(at)),
    }
}

fn row(visitor: &Visitor, session: &ListedSession, current: SessionId) -> Value {
    context! {
        id => session.id.to_string(),
        device => device::told(visitor, session.user_agent.as_deref()),
        address => session.address.map(|address| address.to_string()),
        began => visitor.moment(session.created),
        last_seen => visitor.moment(session.last_seen),
        is_current => session.id == current,
    }
}
