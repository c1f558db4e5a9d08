//! What comes in: JSON or a form, at most 16 KiB, within 15 seconds, and everything that is wrong with it.
//!
//! A body is read whole before anybody looks at it, and is parsed only when its handler asks: so whoever is not signed
//! in learns that, and not what their JSON lacks. Unknown keys are ignored; a known key given twice makes the body
//! malformed. Neither the parser's words nor the values sent are ever repeated to the client.

mod accept_invitation;
mod change_email;
mod change_password;
mod consents;
mod delete_account;
mod erase;
mod field;
mod form;
mod form_with_file;
mod given;
mod given_list;
mod invite;
mod log_in;
mod mailed_proof;
mod person;
mod picture;
mod policy;
mod profile_update;
mod reason;
mod reauthenticate;
mod reset_password;
mod second_factor;
mod sign_up;
mod single;
mod tenant;

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::rt::time::timeout;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use rookery_domain::Violations;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::gate::{JSON, announced_length, has_content_type};
use crate::problem::Problem;

pub use accept_invitation::AcceptInvitationBody;
pub use change_email::ChangeEmailBody;
pub use change_password::ChangePasswordBody;
pub use consents::ConsentsBody;
pub use delete_account::DeleteAccountBody;
pub use erase::EraseBody;
pub use form::{Form, Shape};
pub use form_with_file::PictureForm;
pub use invite::{InvitationDraftBody, InviteBody};
pub use log_in::LogInBody;
pub use picture::{MAX_PICTURE_TIME, PictureBody};
pub use policy::PolicyBody;
pub use profile_update::ProfileUpdateBody;
pub use reason::ReasonBody;
pub use reauthenticate::ReauthenticateBody;
pub use reset_password::ResetPasswordBody;
pub use second_factor::{FactorProofBody, FirstCodeBody, Held, SecondStepBody};
pub use sign_up::SignUpBody;
pub use single::{AddressBody, MailedTokenBody, VerifyEmailBody};
pub use tenant::{NewOwnerBody, RolesBody, SwitchTenantBody, TenantNameBody};

/// Most bytes of a body. The longest sensible one, a sign-up with every field at its limit, needs a third of it.
pub const MAX_BODY: usize = 16 * 1024;
/// Longest a client may take to send it.
pub const MAX_BODY_TIME: Duration = Duration::from_secs(15);

/// A whole body, not yet parsed.
pub struct Body(Bytes);

impl Body {
    /// The body as the raw fields of `T`.
    ///
    /// # Errors
    /// [`Problem::Validation`] when it is no JSON object, or has a known key twice.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        // The parser checks only the strings it keeps; a body is UTF-8 in all its parts (RFC 8259, section 8.1).
        let text = std::str::from_utf8(&self.0).map_err(|_| whole("Request body must be valid JSON"))?;
        // An array would otherwise pass for the fields in order.
        if !text.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok() {
            return Err(whole("Request body must be a JSON object"));
        }
        serde_json::from_str(text).map_err(|_| whole("Request body must be valid JSON"))
    }
}

fn whole(sentence: &'static str) -> Problem {
    Problem::Validation(Violations::of_whole(sentence))
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = has_content_type(request.headers(), JSON);
        let announced = announced_length(request.headers());
        let payload = payload.take();
        Box::pin(async move {
            let body = read_within_time(payload, announced).await?;
            if is_json || body.is_empty() {
                Ok(Self(body))
            } else {
                Err(Problem::UnsupportedMediaType)
            }
        })
    }
}

async fn read_within_time(payload: Payload, announced: Option<u64>) -> Result<Bytes, Problem> {
    read_within(payload, announced, MAX_BODY, MAX_BODY_TIME).await
}

async fn read_within(payload: Payload, announced: Option<u64>, room: usize, time: Duration) -> Result<Bytes, Problem> {
    timeout(time, read(payload, announced, room))
        .await
        .map_err(|_| Problem::BodyTooSlow)?
}

async fn read(mut payload: Payload, announced: Option<u64>, room: usize) -> Result<Bytes, Problem> {
    let expected = announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    // A length that was only announced takes no more room than any other body's.
    let mut body = BytesMut::with_capacity(expected.min(MAX_BODY));
    while let Some(chunk) = payload.next().await {
        // A broken chunk or a connection that ends halfway.
        let chunk = chunk.map_err(|_| Problem::BadRequest)?;
        if body.len() + chunk.len() > room {
            return Err(Problem::PayloadTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
