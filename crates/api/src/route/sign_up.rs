//! `POST /api/auth/signup`

use actix_web::web::Data;
use rookery_core::Registration;

use crate::view::{self, AccountView, Answer, MessageView};
use rookery_door::body::{Body, SignUpBody};
use rookery_door::{CallerInfo, Counter, Door, deed};

/// Sign up
///
/// Makes an account and mails a verification link. With `companyName` it makes a tenant too, with the person as its owner.
/// Nobody is signed in by it.
///
/// An installation that tells nobody who has an account (`ROOKERY_SIGNUP_CONFLICT=neutral`) answers every sign-up with the
/// same 202; whoever has the address already is told so by mail.
#[utoipa::path(
    post, path = "/api/auth/signup", operation_id = "signUp", tag = "Accounts",
    request_body = SignUpBody,
    responses(
        (status = 201, description = "The account was made", body = AccountView),
        (
            status = 202, description = "The account was made, or its owner was written to (neutral sign-up only)", body = MessageView,
            example = json!({"success": true, "message": "Please check your mailbox: a message with the next step is sent to this address."}),
        ),
    ),
)]
pub(crate) async fn sign_up(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    door: Data<Door>,
    registration: Data<dyn Registration>,
) -> Answer {
    let sign_up = body
        .parse::<SignUpBody>()?
        .meant(&door.password_policy, &door.documents, caller)?;
    match deed::sign_up(&door, &counter, registration.as_ref(), sign_up).await? {
        Some(registered) => view::created(&AccountView::from(&registered)),
        None => view::accepted(&MessageView::saying(
            "Please check your mailbox: a message with the next step is sent to this address.",
        )),
    }
}
