//! `/settings/security/second-factor`: setting one up, and taking it away.
//!
//! These pages are for everybody who is signed in, also for those whose session is worth nothing else until a second factor is
//! set up.

use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Value, context};
use rookery_core::ports::SignedIn;
use rookery_core::ports::TrustedDevice;
use rookery_core::{Enrolled, Enrolment, RenewedSession, SecondFactors};
use rookery_domain::{Caller, SessionToken};
use rookery_door::body::{FactorProofBody, FirstCodeBody, Form, Shape};
use rookery_door::{Answer, CallerInfo, HeldToken, Problem};

use super::recovery_codes;
use crate::device;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{LimitedPerson, Person, Visitor};

/// The page.
pub(crate) const PAGE: &str = "/settings/security/second-factor";

/// How things stand.
pub(crate) async fn show(
    LimitedPerson { visitor, signed_in }: LimitedPerson,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    page(&visitor, &signed_in, factors.as_ref(), None, Filled::default()).await
}

/// Where the forms of the page are sent to there is nothing to see.
pub(crate) async fn back(visitor: Visitor) -> Answer {
    Ok(visitor.go_to(PAGE))
}

/// Somebody begins: a secret for their app, shown this once.
pub(crate) async fn act(
    LimitedPerson { visitor, signed_in }: LimitedPerson,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
    Posted(_): Posted,
) -> Answer {
    let enrolment = factors.enrol(&signed_in, &caller).await?;
    page(
        &visitor,
        &signed_in,
        factors.as_ref(),
        Some(&enrolment),
        Filled::default(),
    )
    .await
}

/// Somebody shows the first code: from now on sign-ins ask for one. The recovery codes are shown this once.
pub(crate) async fn confirm(
    LimitedPerson { visitor, signed_in }: LimitedPerson,
    held: HeldToken,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
    Posted(form): Posted,
) -> Answer {
    match first_code(&form, &signed_in, &held.needed()?, &caller, factors.as_ref()).await {
        Ok(enrolled) => {
            let mut response = recovery_codes::page(&visitor.held_by(&enrolled.session.token), &enrolled.codes)?;
            let session = visitor.door.renewing(&enrolled.session);
            response.headers_mut().append(SET_COOKIE, session);
            Ok(response)
        }
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?.in_form("first").blaming("code");
            page(&visitor, &signed_in, factors.as_ref(), None, filled).await
        }
    }
}

async fn first_code(
    form: &Form,
    signed_in: &SignedIn,
    held: &SessionToken,
    caller: &Caller,
    factors: &dyn SecondFactors,
) -> Result<Enrolled, Problem> {
    let code = form.parse::<FirstCodeBody>(&Shape::default())?.meant()?;
    Ok(factors.confirm(signed_in, held, code, caller).await?)
}

/// Somebody takes it away, with a code of it or a recovery code.
pub(crate) async fn remove(
    Person { visitor, signed_in }: Person,
    held: HeldToken,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
    Posted(form): Posted,
) -> Answer {
    match taken_away(&form, &signed_in, &held.needed()?, &caller, factors.as_ref()).await {
        Ok(session) => {
            let mut response = visitor.go_and_say(PAGE, Note::FactorRemoved);
            response
                .headers_mut()
                .append(SET_COOKIE, visitor.door.renewing(&session));
            Ok(response)
        }
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?.in_form("remove").blaming("code");
            page(&visitor, &signed_in, factors.as_ref(), None, filled).await
        }
    }
}

async fn taken_away(
    form: &Form,
    signed_in: &SignedIn,
    held: &SessionToken,
    caller: &Caller,
    factors: &dyn SecondFactors,
) -> Result<RenewedSession, Problem> {
    let shape = Shape {
        switches: &[],
        optional: &["code", "recoveryCode"],
    };
    let proof = form.parse::<FactorProofBody>(&shape)?.meant()?;
    Ok(factors.remove(signed_in, held, proof, caller).await?)
}

async fn page(
    visitor: &Visitor,
    signed_in: &SignedIn,
    factors: &dyn SecondFactors,
    enrolment: Option<&Enrolment>,
    filled: Filled,
) -> Answer {
    let status = factors.status(signed_in).await?;
    let facts = context! {
        section => "security",
        is_on => status.confirmed.is_some(),
        awaits_code => status.pending.is_some(),
        codes => status.recovery_codes,
        required_by => status.required_by.map(|at| visitor.moment(at)),
        browsers => status.trusted_devices.iter().map(|browser| row(visitor, browser)).collect::<Vec<_>>(),
        enrolment => enrolment.map(|enrolment| shown(visitor, enrolment)),
    };
    visitor
        .page("settings/second-factor.html")
        .telling(facts)
        .filled(filled)
        .answer()
}

fn row(visitor: &Visitor, browser: &TrustedDevice) -> Value {
    context! {
        id => browser.id.to_string(),
        device => device::told(visitor, browser.user_agent.as_deref()),
        last_used => visitor.moment(browser.last_used),
        until => visitor.moment(browser.trusted_until),
    }
}

/// A picture in the page itself: the secret is in it, so it is nowhere to be fetched.
fn shown(visitor: &Visitor, enrolment: &Enrolment) -> Value {
    context! {
        secret => in_groups(&enrolment.secret.expose()),
        uri => &enrolment.invitation.uri,
        qr => format!("data:image/svg+xml;base64,{}", STANDARD.encode(&enrolment.invitation.qr)),
        until => visitor.moment(enrolment.expires),
    }
}

/// Four by four, as one reads it off to type it.
fn in_groups(secret: &str) -> String {
    let groups = secret.as_bytes().chunks(4);
    let groups: Vec<&str> = groups.filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}
