//! `/email-confirmation`: a mail is on its way, and can be asked for again after a minute.
//!
//! Whom it was sent to, and when, a cookie keeps: an address in a link ends up in histories and logs. The minute holds for the
//! browser that asked, so it tells nobody whether the address has an account.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, SET_COOKIE};
use actix_web::web::Data;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration};
use minijinja::context;
use rookery_core::Verification;
use rookery_domain::{Caller, EmailAddress, Timestamp};
use rookery_door::body::{AddressBody, Form, Shape};
use rookery_door::{Answer, CallerInfo, Counter, Problem, deed};

use crate::cookie::Cookie;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

/// How long nobody asks for another mail who has just been sent one.
const PATIENCE: Duration = Duration::seconds(60);

/// A mail that was sent, as the browser remembers it.
struct Sent {
    email: String,
    at: Timestamp,
}

/// Where the mail went, and the form that asks for another.
pub(crate) async fn show(request: HttpRequest, Guest { visitor, signed_in }: Guest) -> Answer {
    let sent = Sent::shown(&request, &visitor);
    let own = signed_in.map(|signed_in| signed_in.profile.email.to_string());
    let email = sent.as_ref().map(|sent| sent.email.clone()).or(own).unwrap_or_default();
    page(&visitor, sent.as_ref(), Filled::with(&[("email", &email)]))
}

/// Somebody asks for another mail.
pub(crate) async fn act(
    request: HttpRequest,
    visitor: Visitor,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    verification: Data<dyn Verification>,
    Posted(form): Posted,
) -> Answer {
    let sent = Sent::shown(&request, &visitor);
    let again = sent.as_ref().filter(|sent| sent.email == form.text("email").trim());
    if again.is_some_and(|sent| sent.wait(visitor.door.now()) > 0) {
        return too_soon(&visitor, again, &form);
    }
    match resend(&visitor, &form, &caller, &counter, verification.as_ref()).await {
        Ok(email) => Ok(sent_again(&visitor, email.as_str())),
        Err(problem) => page(&visitor, sent.as_ref(), Filled::refused(&form, problem)?),
    }
}

async fn resend(
    visitor: &Visitor,
    form: &Form,
    caller: &Caller,
    counter: &Counter,
    verification: &dyn Verification,
) -> Result<EmailAddress, Problem> {
    let email = form.parse::<AddressBody>(&Shape::default())?.meant()?;
    deed::resend_verification(&visitor.door, counter, verification, &email, caller).await?;
    Ok(email)
}

/// On to this page, which knows from now on that a mail was sent there.
pub(super) fn sent_to(visitor: &Visitor, email: &str) -> HttpResponse {
    remembering(visitor, email, visitor.go_to("/email-confirmation"))
}

fn sent_again(visitor: &Visitor, email: &str) -> HttpResponse {
    remembering(
        visitor,
        email,
        visitor.go_and_say("/email-confirmation", Note::MailSent),
    )
}

fn remembering(visitor: &Visitor, email: &str, mut response: HttpResponse) -> HttpResponse {
    let sent = Sent {
        email: email.trim().to_owned(),
        at: visitor.door.now(),
    };
    let cookie = Cookie::Sent.kept(visitor.door.cookie, &sent.to_text());
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

fn too_soon(visitor: &Visitor, sent: Option<&Sent>, form: &Form) -> Answer {
    let filled = Filled::with(&[("email", form.text("email"))]);
    let mut response = page(visitor, sent, filled)?;
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let seconds = sent.map_or(0, |sent| sent.wait(visitor.door.now()));
    let headers = response.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

fn page(visitor: &Visitor, sent: Option<&Sent>, filled: Filled) -> Answer {
    let facts = context! {
        email => sent.map(|sent| &sent.email),
        wait => sent.map_or(0, |sent| sent.wait(visitor.door.now())),
    };
    visitor
        .page("email-confirmation.html")
        .telling(facts)
        .filled(filled)
        .answer()
}

impl Sent {
    fn shown(request: &HttpRequest, visitor: &Visitor) -> Option<Self> {
        let text = Cookie::Sent.shown(request, visitor.door.cookie)?;
        let (at, email) = text.split_once('.')?;
        let email = URL_SAFE_NO_PAD.decode(email).ok()?;
        Some(Self {
            at: DateTime::from_timestamp(at.parse().ok()?, 0)?,
            email: EmailAddress::parse(std::str::from_utf8(&email).ok()?).ok()?.to_string(),
        })
    }

    fn to_text(&self) -> String {
        format!("{}.{}", self.at.timestamp(), URL_SAFE_NO_PAD.encode(&self.email))
    }

    /// Seconds until another mail may be asked for. A clock that was set back does not make it longer than it is.
    fn wait(&self, now: Timestamp) -> u32 {
        let left = (self.at + PATIENCE - now).num_seconds();
        u32::try_from(left.clamp(0, PATIENCE.num_seconds())).unwrap_or(0)
    }
}
