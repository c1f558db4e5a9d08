//! `/settings/delete-account`

use chrono::Duration;
use rookery_core::ports::{StakeFate, TenantStake};
use rookery_core::{DeletionOutlook, DeletionScheduled, ReauthenticationRequired, RequestDeletionError};
use rookery_domain::TenantId;

use crate::ada;
use crate::ask::browser;
use crate::behind::{Behind, ada_signed_in};

const PAGE: &str = "/settings/delete-account";

fn stake(name: &str, others: u64, fate: StakeFate) -> TenantStake {
    TenantStake {
        tenant: TenantId::new(ada::noon(), &[4; 10]),
        name: name.to_owned(),
        others,
        fate,
    }
}

/// What would happen, with these tenants.
pub(crate) fn outlook(tenants: Vec<TenantStake>) -> DeletionOutlook {
    DeletionOutlook {
        tenants,
        grace: Duration::days(30),
        scheduled: None,
        needs_password: true,
        needs_second_factor: false,
    }
}

fn looking_ahead(tenants: Vec<TenantStake>) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .deletion
        .expect_outlook()
        .returning(move |_| Ok(outlook(tenants.clone())));
    behind
}

#[actix_web::test]
async fn it_is_told_what_happens_when_and_to_which_tenants() {
    let tenants = vec![
        stake("Alone", 0, StakeFate::Closes),
        stake("Needy", 2, StakeFate::NeedsOwner),
        stake("Shared", 3, StakeFate::GoesOn),
    ];
    let page = browser(looking_ahead(tenants)).with_session().get(PAGE).await;
    page.is_page(200, "Delete your account · Rookery");
    for told in [
        "After 30 days your account is deleted for good",
        "Needy",
        "2 other members",
        "/members\" aria-label=\"Members of Needy\"",
        "<li>Alone</li>",
        "<li>Shared</li>",
        "name=\"tenants\"",
        "name=\"password\"",
    ] {
        assert!(page.has(told), "{told}");
    }
    let page = browser(looking_ahead(Vec::new())).with_session().get(PAGE).await;
    for untold in ["name=\"tenants\"", "need another owner", "name=\"code\""] {
        assert!(!page.has(untold), "{untold}");
    }
}

#[actix_web::test]
async fn whoever_goes_is_signed_out_and_told_what_comes() {
    let mut behind = looking_ahead(Vec::new());
    behind
        .deletion
        .expect_request()
        .times(1)
        .withf(|_, request| request.password.is_some() && request.close_tenants && request.reason.is_none())
        .returning(|_, _| {
            Ok(DeletionScheduled {
                due: ada::noon() + Duration::days(30),
            })
        });
    let fields = [
        ("confirmation", "DELETE"),
        ("password", "correct horse battery"),
        ("tenants", "delete"),
        ("code", ""),
        ("reason", ""),
    ];
    let answer = browser(behind).with_session().fill(PAGE, PAGE, &fields).await;
    answer.is_page(200, "Your account will be deleted · Rookery");
    assert!(
        answer.has("26 November 2025") || answer.has("November 26, 2025"),
        "the day is told"
    );
    let cookies = answer.set_cookies();
    assert!(
        cookies.iter().any(|cookie| cookie.starts_with("__Host-sid=;")),
        "{cookies:?}"
    );
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\",\"storage\""));
}

#[actix_web::test]
async fn what_is_wrong_is_said_at_its_field_and_no_password_comes_back() {
    for (error, field, sentence) in [
        (None, "confirmation", "Type DELETE to confirm"),
        (
            Some(RequestDeletionError::WrongPassword),
            "password",
            "The current password is not right.",
        ),
    ] {
        let mut behind = looking_ahead(Vec::new());
        let word = if error.is_some() { "DELETE" } else { "delete" };
        let mut error = error;
        behind
            .deletion
            .expect_request()
            .returning(move |_, _| Err(error.take().unwrap()));
        let fields = [
            ("confirmation", word),
            ("password", "correct horse battery"),
            ("reason", "too many mails"),
        ];
        let answer = browser(behind).with_session().fill(PAGE, PAGE, &fields).await;
        assert!(answer.title().starts_with("Error: "), "{}", answer.title());
        assert_eq!(answer.mistake(field), Some(sentence));
        assert!(answer.has("too many mails") && !answer.has("correct horse"), "{field}");
    }
}

#[actix_web::test]
async fn tenants_that_come_first_are_told_and_a_stale_proof_is_made_anew() {
    let tenants = vec![stake("Needy", 2, StakeFate::NeedsOwner)];
    let mut behind = looking_ahead(tenants.clone());
    let mut tenants = Some(tenants);
    behind
        .deletion
        .expect_request()
        .returning(move |_, _| Err(RequestDeletionError::SoleOwner(tenants.take().unwrap())));
    let fields = [("confirmation", "DELETE"), ("password", "correct horse battery")];
    let answer = browser(behind).with_session().fill(PAGE, PAGE, &fields).await;
    assert_eq!(answer.status, 409);
    assert!(answer.has("Needy") && answer.has("2 other members"));

    let mut behind = looking_ahead(Vec::new());
    behind
        .deletion
        .expect_request()
        .returning(|_, _| Err(ReauthenticationRequired.into()));
    let answer = browser(behind).with_session().fill(PAGE, PAGE, &fields).await;
    assert_eq!(
        answer.leads_to(),
        "/reauthenticate?redirect=%2Fsettings%2Fdelete-account"
    );
}
