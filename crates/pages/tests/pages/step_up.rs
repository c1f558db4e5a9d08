//! What is sensitive leads to a proof of who one is, and back; and the second step is set up and taken away.

use rookery_core::{
    EndSessionError, Enrolled, Enrolment, Proof, ReauthenticationError, ReauthenticationRequired, RenewedSession,
    SecondFactorError, ports::AppInvitation,
};
use rookery_domain::{FactorId, RecoveryCode, TotpSecret};

use crate::ada;
use crate::ask::browser;
use crate::behind::{ada_signed_in, nothing};

const FACTOR: &str = "/settings/security/second-factor";

fn renewed() -> RenewedSession {
    RenewedSession {
        token: ada::other_token(),
        expires: ada::noon() + chrono::Duration::days(1),
        remembered: false,
    }
}

fn codes() -> Vec<RecoveryCode> {
    ["ABCD-EFGH-IJKL-MNOP", "BCDE-FGHI-JKLM-NOPQ"]
        .map(|code| RecoveryCode::parse(code).unwrap())
        .to_vec()
}

#[actix_web::test]
async fn what_is_sensitive_leads_to_a_proof_and_back() {
    let mut behind = ada_signed_in();
    behind
        .sessions
        .expect_end_others()
        .returning(|_, _| Err(EndSessionError::ReauthenticationRequired(ReauthenticationRequired)));
    behind.reauthentication.expect_prove().times(1).returning(|_, proved| {
        assert!(matches!(proved.proof, Proof::Password(_)));
        Ok(renewed())
    });
    let mut browser = browser(behind).with_session();
    let path = "/settings/security/sessions/end-others";
    let refused = browser.fill("/settings/security", path, &[]).await;
    assert_eq!(
        refused.leads_to(),
        "/reauthenticate?redirect=%2Fsettings%2Fsecurity%2Fsessions%2Fend-others"
    );
    let page = browser.get(refused.leads_to()).await;
    page.is_page(200, "Confirm that it is you · Rookery");
    let redirect = page.hidden("redirect").unwrap().replace("&#x2f;", "/");
    assert!(!page.has("name=\"code\""), "she has no app");
    let proved = browser
        .fill(
            refused.leads_to(),
            "/reauthenticate",
            &[("password", "x"), ("redirect", &redirect)],
        )
        .await;
    assert_eq!(proved.leads_to(), path);
    let session = format!("__Host-sid={};", ada::other_token().expose());
    assert!(proved.set_cookies().iter().any(|cookie| cookie.starts_with(&session)));
}

#[actix_web::test]
async fn a_wrong_proof_is_said_and_leads_nowhere() {
    let mut behind = ada_signed_in();
    behind
        .reauthentication
        .expect_prove()
        .returning(|_, _| Err(ReauthenticationError::WrongProof));
    let fields = [("password", "hunter2"), ("redirect", "//evil.example")];
    let answer = browser(behind)
        .with_session()
        .fill("/reauthenticate", "/reauthenticate", &fields)
        .await;
    answer.is_page(403, "Error: Confirm that it is you · Rookery");
    assert_eq!(
        answer.mistake("password-password"),
        Some("The password or the code is not right.")
    );
    assert!(!answer.has("hunter2"));
}

#[actix_web::test]
async fn a_second_step_is_set_up_with_a_secret_and_codes_that_are_shown_once() {
    let mut behind = ada_signed_in();
    behind.second_factors.expect_enrol().times(1).returning(|_, _| {
        Ok(Enrolment {
            factor: FactorId::new(ada::noon(), &[4; 10]),
            secret: TotpSecret::from_bytes([7; 20]),
            invitation: AppInvitation {
                uri: "otpauth://totp/x".to_owned(),
                qr: "<svg><script>alert(1)</script></svg>".to_owned(),
            },
            expires: ada::noon() + chrono::Duration::hours(1),
        })
    });
    behind
        .second_factors
        .expect_confirm()
        .times(1)
        .returning(|_, held, code, _| {
            assert_eq!(
                (held.digest(), code.expose()),
                (ada::token().digest(), "287082".to_owned())
            );
            Ok(Enrolled {
                codes: codes(),
                session: renewed(),
            })
        });
    let mut browser = browser(behind).with_session();
    let begun = browser.fill(FACTOR, FACTOR, &[]).await;
    begun.is_page(200, "Two-step sign-in · Rookery");
    assert!(begun.has("src=\"data:image&#x2f;svg+xml;base64,") && !begun.has("<script>alert"));
    let path = "/settings/security/second-factor/confirm";
    let done = browser.fill(FACTOR, path, &[("code", "287 082")]).await;
    done.is_page(200, "Your recovery codes · Rookery");
    assert!(done.has("<li>ABCD-EFGH-IJKL-MNOP</li>"));
    let session = format!("__Host-sid={};", ada::other_token().expose());
    assert!(done.set_cookies().iter().any(|cookie| cookie.starts_with(&session)));
}

#[actix_web::test]
async fn codes_come_back_as_a_file_and_nothing_else_does() {
    let mut browser = browser(ada_signed_in()).with_session();
    let path = "/settings/security/recovery-codes/file";
    let fields = [("codes", "abcd-efgh-ijkl-mnop BCDE-FGHI-JKLM-NOPQ")];
    let file = browser.fill(FACTOR, path, &fields).await;
    assert_eq!(file.text, "ABCD-EFGH-IJKL-MNOP\nBCDE-FGHI-JKLM-NOPQ\n");
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"recovery-codes.txt\"")
    );
    assert_eq!(file.header("cache-control"), Some("no-store"));
    let many = "ABCD-EFGH-IJKL-MNOP ".repeat(11);
    for codes in ["", "<script>alert(1)</script>", "ABCD-EFGH-IJKL-MNOP <b>", &many] {
        assert_eq!(
            browser.fill(FACTOR, path, &[("codes", codes)]).await.status,
            400,
            "{codes}"
        );
    }
}

#[actix_web::test]
async fn a_wrong_first_code_is_said_and_the_secret_can_be_had_anew() {
    let mut behind = nothing();
    behind
        .sessions
        .expect_authenticate()
        .returning(|_| Ok(ada::signed_in()));
    behind.second_factors.expect_status().returning(|_| {
        let mut status = crate::behind::no_factor();
        status.pending = Some(rookery_domain::Factor {
            id: FactorId::new(ada::noon(), &[4; 10]),
            created: ada::noon(),
            state: rookery_domain::FactorState::Pending,
            last_used: None,
        });
        Ok(status)
    });
    behind
        .second_factors
        .expect_confirm()
        .returning(|_, _, _, _| Err(SecondFactorError::WrongCode));
    let path = "/settings/security/second-factor/confirm";
    let answer = browser(behind)
        .with_session()
        .fill(FACTOR, path, &[("code", "287082")])
        .await;
    answer.is_page(403, "Error: Two-step sign-in · Rookery");
    assert!(answer.mistake("first-code").is_some() && answer.has("Show a new secret"));
}

#[actix_web::test]
async fn a_second_step_is_taken_away_with_a_code_of_either_kind() {
    for fields in [
        [("code", "287082"), ("recoveryCode", "")],
        [("code", ""), ("recoveryCode", "ABCD-EFGH-IJKL-MNOP")],
    ] {
        let mut behind = ada_signed_in();
        behind
            .second_factors
            .expect_remove()
            .times(1)
            .returning(|_, _, _, _| Ok(renewed()));
        let path = "/settings/security/second-factor/remove";
        let answer = browser(behind).with_session().fill(FACTOR, path, &fields).await;
        assert_eq!(answer.leads_to(), FACTOR);
    }
}

#[actix_web::test]
async fn whoever_lacks_the_second_factor_a_tenant_asks_for_is_led_to_setting_it_up() {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.session.second_factor_due = Some(ada::noon());
        Ok(signed_in)
    });
    behind.second_factors.expect_status().returning(|_| {
        let mut status = crate::behind::no_factor();
        status.required_by = Some(ada::noon());
        Ok(status)
    });
    let mut browser = browser(behind).with_session();
    assert_eq!(browser.get("/settings/profile").await.leads_to(), FACTOR);
    assert!(
        browser
            .get(FACTOR)
            .await
            .has("Your organisation requires two-step sign-in.")
    );
}

#[actix_web::test]
async fn trusted_browsers_are_forgotten_one_by_one_or_all() {
    let mut behind = ada_signed_in();
    behind
        .second_factors
        .expect_forget_devices()
        .times(2)
        .returning(|_, _, _| Ok(()));
    let mut browser = browser(behind).with_session();
    let path = "/settings/security/trusted-browsers/forget";
    let id = rookery_domain::DeviceId::new(ada::noon(), &[1; 10]).to_string();
    assert_eq!(browser.fill(FACTOR, path, &[("id", &id)]).await.leads_to(), FACTOR);
    assert_eq!(browser.fill(FACTOR, path, &[]).await.leads_to(), FACTOR);
    assert_eq!(browser.fill(FACTOR, path, &[("id", "x")]).await.status, 404);
}
