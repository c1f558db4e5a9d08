//! The pages mails lead to: opening one does nothing, and the token stays where it is.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use rookery_core::{
    ConfirmEmailError, KeepAccountError, MailedProof, RecoveryError, RestorationError, UnlockError, Unlocked,
    VerificationError,
};
use rookery_domain::DeviceToken;
use rookery_pages::{Kind, pages};

use crate::ada;
use crate::ask::browser;
use crate::behind::nothing;

fn mailed() -> impl Iterator<Item = &'static str> {
    // An invitation is looked at when it is opened, and has tests of its own.
    let mailed = pages()
        .into_iter()
        .filter(|(path, kind)| *kind == Kind::Mailed && *path != "/invitation");
    mailed.map(|(path, _)| path)
}

#[actix_web::test]
async fn opening_a_link_uses_no_token_up() {
    for path in mailed() {
        // The mocks expect no call.
        let link = format!("{path}?token=vfy_secret");
        let page = browser(nothing()).get(&link).await;
        assert_eq!(
            (page.status.as_u16(), page.hidden("token")),
            (200, Some("vfy_secret")),
            "{path}"
        );
        let head = browser(nothing())
            .ask(TestRequest::with_uri(&link).method(Method::HEAD))
            .await;
        assert_eq!(head.status, 200, "{path}");
        assert!(!page.set_cookies().iter().any(|cookie| cookie.contains("secret")));
        assert_eq!(
            page.text.matches("vfy_secret").count(),
            3,
            "in its form, and in those of the foot: {}",
            page.text
        );
    }
}

#[actix_web::test]
async fn a_link_without_its_token_is_said_to_be_cut_off() {
    for path in mailed() {
        let fields = [("token", ""), ("newPassword", "correct horse battery")];
        let answer = browser(nothing()).fill(path, path, &fields).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.title().starts_with("Error: "), "{path}");
    }
}

#[actix_web::test]
async fn an_address_is_verified_with_the_button() {
    let mut behind = nothing();
    behind.verification.expect_verify().times(1).returning(|token, _| {
        assert_eq!(*token, MailedProof::Token("vfy_x".to_owned()));
        Ok(ada::email())
    });
    let answer = browser(behind)
        .fill("/verify-email?token=vfy_x", "/verify-email", &[("token", "vfy_x")])
        .await;
    answer.is_page(200, "Your address is confirmed · Rookery");
    assert!(answer.has("ada@example.com") && answer.hidden("token").is_none());
}

#[actix_web::test]
async fn a_token_that_is_good_for_nothing_says_why_as_far_as_anybody_may_know() {
    for (error, words) in [
        (VerificationError::InvalidToken, "This link does not work"),
        (VerificationError::TokenExpired, "This link has expired"),
        (VerificationError::TokenAlreadyUsed, "This link has already been used"),
    ] {
        let mut behind = nothing();
        let mut error = Some(error);
        behind
            .verification
            .expect_verify()
            .returning(move |_, _| Err(error.take().unwrap()));
        let answer = browser(behind)
            .fill("/verify-email", "/verify-email", &[("token", "vfy_x")])
            .await;
        answer.is_page(400, "Error: Confirm your email address · Rookery");
        assert!(answer.has(words), "{words}");
    }
}

#[actix_web::test]
async fn the_other_links_do_not_tell_why_they_do_not_work() {
    let mut behind = nothing();
    behind
        .addresses
        .expect_confirm()
        .returning(|_, _| Err(ConfirmEmailError::InvalidToken));
    behind
        .recovery
        .expect_reset()
        .returning(|_| Err(RecoveryError::InvalidToken));
    behind
        .restoration
        .expect_undo()
        .returning(|_, _| Err(RestorationError::InvalidToken));
    behind
        .deletion
        .expect_keep()
        .returning(|_, _| Err(KeepAccountError::InvalidToken));
    behind
        .unlocking
        .expect_unlock()
        .returning(|_| Err(UnlockError::InvalidToken));
    let mut browser = browser(behind);
    for path in ["/confirm-email", "/reset-password", "/undo", "/unlock", "/keep-account"] {
        let fields = [("token", "abc_x"), ("newPassword", "correct horse battery")];
        let answer = browser.fill(path, path, &fields).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.has("This link no longer works"), "{path}");
    }
}

#[actix_web::test]
async fn a_new_password_is_set_and_a_bad_one_leaves_the_token_in_its_form() {
    let mut behind = nothing();
    behind.recovery.expect_reset().times(1).returning(|_| Ok(()));
    let mut browser = browser(behind);
    let short = [("token", "rst_x"), ("newPassword", "short")];
    let refused = browser
        .fill("/reset-password?token=rst_x", "/reset-password", &short)
        .await;
    assert_eq!(
        refused.mistake("newPassword"),
        Some("Password must be at least 8 characters")
    );
    assert_eq!(refused.hidden("token"), Some("rst_x"));
    let long = [("token", "rst_x"), ("newPassword", "correct horse battery")];
    let done = browser
        .fill("/reset-password?token=rst_x", "/reset-password", &long)
        .await;
    assert_eq!(done.leads_to(), "/login");
    assert!(browser.get("/login").await.has("Your new password is set."));
}

#[actix_web::test]
async fn a_lock_is_lifted_and_the_browser_is_known() {
    let mut behind = nothing();
    behind.unlocking.expect_unlock().times(1).returning(|_| {
        Ok(Unlocked {
            device: DeviceToken::from_entropy([5; 32]),
        })
    });
    let done = browser(behind)
        .fill("/unlock?token=unl_x", "/unlock", &[("token", "unl_x")])
        .await;
    assert_eq!(done.leads_to(), "/login");
    assert!(
        done.set_cookies()
            .iter()
            .any(|cookie| cookie.starts_with("__Host-did="))
    );
}

#[actix_web::test]
async fn a_change_is_taken_back_and_an_address_confirmed() {
    let mut behind = nothing();
    behind.restoration.expect_undo().times(1).returning(|_, _| Ok(()));
    behind
        .addresses
        .expect_confirm()
        .times(1)
        .returning(|_, _| Ok(ada::email()));
    behind.deletion.expect_keep().times(1).returning(|_, _| Ok(()));
    let mut browser = browser(behind);
    let kept = [("token", "kep_x")];
    let kept = browser.fill("/keep-account?token=kep_x", "/keep-account", &kept).await;
    kept.is_page(200, "Your account is kept · Rookery");
    let undone = browser.fill("/undo?token=und_x", "/undo", &[("token", "und_x")]).await;
    undone.is_page(200, "The change is undone · Rookery");
    let confirmed = browser
        .fill("/confirm-email?token=cnf_x", "/confirm-email", &[("token", "cnf_x")])
        .await;
    confirmed.is_page(200, "Your new address is in use · Rookery");
}
