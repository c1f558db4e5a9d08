//! `POST /api/auth/signup`

use actix_web::web::Data;
use rookery_core::Registration;

use crate::body::{Body, SignUpBody};
use crate::door::Door;
use crate::gate::CallerInfo;
use crate::view::{self, AccountView, Answer};

/// Sign up
///
/// Makes an account and mails a verification link. With `companyName` it makes a tenant too, with the person as its owner.
/// Nobody is signed in by it.
#[utoipa::path(
    post, path = "/api/auth/signup", operation_id = "signUp", tag = "Accounts",
    request_body = SignUpBody,
    responses((status = 201, description = "The account was made", body = AccountView)),
)]
pub(crate) async fn sign_up(
    body: Body,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    registration: Data<dyn Registration>,
) -> Answer {
    let sign_up = body.parse::<SignUpBody>()?.meant(&door.password_policy, caller)?;
    let registered = registration.register(sign_up).await?;
    view::created(&AccountView::from(&registered))
}
