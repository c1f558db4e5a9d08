//! `/invitation`: who invites to what, and what leads on.

use rookery_core::domain::{DeviceToken, TenantSummary};
use rookery_core::{DeadInvitation, Joined, JoiningError, JoiningStep, LoggedIn, ShownInvitation, SwitchTenantError};
use rookery_domain::{Role, TenantId, Violations};

use crate::ada;
use crate::ask::browser;
use crate::behind::{Behind, ada_signed_in, nothing};

fn showing(mut behind: Behind, shown: ShownInvitation) -> Behind {
    behind.joining.expect_show().returning(move |token, _| {
        assert_eq!(token, "inv_x");
        Ok(shown.clone())
    });
    behind
}

fn with(next: JoiningStep) -> ShownInvitation {
    ShownInvitation {
        next,
        ..ada::invitation()
    }
}

fn tenant() -> TenantSummary {
    TenantSummary {
        id: TenantId::new(ada::noon(), &[2; 10]),
        name: "Engines".to_owned(),
        roles: vec![Role::Member],
    }
}

fn newcomer() -> Joined {
    Joined::Newcomer(
        tenant(),
        LoggedIn {
            user: ada::user(),
            email: ada::email(),
            name: None,
            token: ada::token(),
            expires: ada::noon(),
            remembered: false,
            device: DeviceToken::from_entropy([7; 32]),
            kept: false,
        },
    )
}

#[actix_web::test]
async fn opening_the_link_shows_who_invites_to_what_and_uses_nothing_up() {
    for (next, words, forms) in [
        (JoiningStep::Enrol, "Create account and join", 2),
        (JoiningStep::SignIn, "Sign in to join", 1),
        (JoiningStep::SignOut, "Sign out", 0),
        (JoiningStep::Join, "Join Analytical", 2),
        (JoiningStep::Nothing, "You already belong to", 0),
    ] {
        let signed_in = matches!(next, JoiningStep::SignOut | JoiningStep::Join | JoiningStep::Nothing);
        let behind = if signed_in { ada_signed_in() } else { nothing() };
        let mut browser = browser(showing(behind, with(next)));
        if signed_in {
            browser = browser.with_session();
        }
        let page = browser.get("/invitation?token=inv_x").await;
        assert_eq!(page.status, 200, "{next:?}");
        assert!(page.has(words), "{next:?}: {}", page.text);
        assert!(
            page.has("charles@example.com") && page.has("ada@example.com"),
            "{next:?}"
        );
        assert!(
            !page.text.contains("<i>now</i>") && !page.text.contains("<b>"),
            "what others write is a text"
        );
        let in_forms = page.text.matches("name=\"token\" value=\"inv_x\"").count();
        let in_the_foot = if signed_in { 0 } else { 2 };
        assert_eq!(in_forms, forms + in_the_foot, "{next:?}");
        assert!(!page.set_cookies().iter().any(|cookie| cookie.contains("inv_x")));
    }
}

#[actix_web::test]
async fn whoever_has_an_account_is_led_through_the_sign_in_and_back() {
    let page = browser(showing(nothing(), with(JoiningStep::SignIn)))
        .get("/invitation?token=inv_x")
        .await;
    let back = "/login?redirect=%2Finvitation%3Ftoken%3Dinv_x";
    assert!(page.text.replace("&#x2f;", "/").contains(back), "{}", page.text);
}

#[actix_web::test]
async fn an_invitation_that_leads_nowhere_says_why_in_both_languages() {
    for (dead, status, english, spanish) in [
        (
            DeadInvitation::Unknown,
            404,
            "no such invitation",
            "No existe esa invitación",
        ),
        (
            DeadInvitation::Superseded,
            410,
            "A newer email replaces",
            "Un correo más reciente",
        ),
        (DeadInvitation::Expired, 410, "has expired", "ha caducado"),
        (DeadInvitation::Void, 410, "can no longer do so", "ya no puede hacerlo"),
        (DeadInvitation::Revoked, 410, "was withdrawn", "se ha retirado"),
        (
            DeadInvitation::Accepted,
            410,
            "already been accepted",
            "ya se ha aceptado",
        ),
        (DeadInvitation::Declined, 410, "was declined", "se ha rechazado"),
    ] {
        for (language, words) in [("en", english), ("es", spanish)] {
            let mut behind = nothing();
            behind.joining.expect_show().returning(move |_, _| Err(dead.into()));
            let page = browser(behind)
                .get(&format!("/invitation?token=inv_x&lang={language}"))
                .await;
            assert_eq!(page.status, status, "{dead:?}");
            assert!(page.has(words), "{dead:?}: {}", page.text);
        }
    }
    let expired = ShownInvitation {
        is_expired: true,
        ..ada::invitation()
    };
    let page = browser(showing(nothing(), expired))
        .get("/invitation?token=inv_x")
        .await;
    assert!(page.has("The invitation has expired") && page.hidden("answer").is_none());
}

#[actix_web::test]
async fn a_newcomer_goes_on_with_a_session_and_what_is_wrong_is_said_at_its_field() {
    let mut behind = showing(nothing(), with(JoiningStep::Enrol));
    behind.joining.expect_accept().times(1).returning(|accept| {
        assert_eq!(accept.token, "inv_x");
        assert!(accept.signed_in.is_none() && accept.newcomer.password.is_some());
        assert_eq!(accept.newcomer.language, Some("en".parse().unwrap()));
        assert!(accept.newcomer.name.is_none());
        Ok(newcomer())
    });
    let link = "/invitation?token=inv_x";
    let fields = [
        ("token", "inv_x"),
        ("password", "correct horse battery"),
        ("name", ""),
        ("language", "en"),
    ];
    let answer = browser(behind).fill(link, "/invitation", &fields).await;
    assert_eq!(answer.leads_to(), "/settings/profile");
    let cookies = answer.set_cookies().join("\n");
    assert!(cookies.contains("__Host-sid=") && cookies.contains("__Host-did=") && cookies.contains("tenant_joined"));

    let mut behind = showing(nothing(), with(JoiningStep::Enrol));
    behind.joining.expect_accept().returning(|_| {
        let sentence = "Password must be at least 12 characters";
        Err(JoiningError::Invalid(Violations::of("password", sentence)))
    });
    let answer = browser(behind).fill(link, "/invitation", &fields).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.mistake("password"),
        Some("Password must be at least 12 characters")
    );
    assert_eq!(answer.hidden("token"), Some("inv_x"));
    assert!(!answer.text.contains("correct horse"), "no password is written back");
}

#[actix_web::test]
async fn where_there_is_something_to_agree_to_a_newcomer_is_asked_on_the_way() {
    let mut behind = showing(nothing(), with(JoiningStep::Enrol));
    behind.documents.terms = Some("2026-11".parse().unwrap());
    behind.joining.expect_accept().returning(|_| Ok(newcomer()));
    let fields = [("token", "inv_x"), ("password", "correct horse battery"), ("name", "")];
    let answer = browser(behind)
        .fill("/invitation?token=inv_x", "/invitation", &fields)
        .await;
    assert_eq!(answer.leads_to(), "/consents?then=on");
    assert!(answer.set_cookies().join("\n").contains("__Host-sid="));
}

#[actix_web::test]
async fn a_person_joins_and_their_session_goes_on_there_if_it_may() {
    for may in [true, false] {
        let mut behind = showing(ada_signed_in(), with(JoiningStep::Join));
        behind.joining.expect_accept().times(1).returning(|accept| {
            assert_eq!(accept.signed_in, Some(ada::signed_in()));
            Ok(Joined::Member(tenant()))
        });
        behind.tenants.expect_switch().times(1).returning(move |_, wanted, _| {
            assert_eq!(*wanted, tenant().id);
            if may {
                Ok(tenant())
            } else {
                Err(SwitchTenantError::NotSignedIn)
            }
        });
        let answer = browser(behind)
            .with_session()
            .fill("/invitation?token=inv_x", "/invitation", &[("token", "inv_x")])
            .await;
        assert_eq!(answer.leads_to(), "/settings/profile");
        assert!(answer.set_cookies().join("\n").contains("tenant_joined"));
    }
}

#[actix_web::test]
async fn what_became_of_it_meanwhile_is_what_the_page_shows() {
    for error in [
        JoiningError::SignInRequired,
        JoiningError::SignedInAsSomeoneElse,
        JoiningError::AlreadyMember,
    ] {
        let mut behind = showing(nothing(), with(JoiningStep::SignIn));
        let mut error = Some(error);
        behind
            .joining
            .expect_accept()
            .returning(move |_| Err(error.take().unwrap()));
        let answer = browser(behind)
            .fill("/invitation?token=inv_x", "/invitation", &[("token", "inv_x")])
            .await;
        answer.is_page(200, "Invitation to Analytical &lt;Engines&gt; · Rookery");
        assert!(
            answer.text.replace("&#x2f;", "/").contains("token%3Dinv_x"),
            "the way back is whole"
        );
    }
    let mut behind = showing(nothing(), with(JoiningStep::Enrol));
    behind
        .joining
        .expect_accept()
        .returning(|_| Err(DeadInvitation::Revoked.into()));
    let fields = [("token", "inv_x"), ("password", "correct horse battery")];
    let answer = browser(behind)
        .fill("/invitation?token=inv_x", "/invitation", &fields)
        .await;
    assert_eq!(answer.status, 410);
}

#[actix_web::test]
async fn an_invitation_is_declined_with_the_other_button() {
    let mut behind = showing(nothing(), with(JoiningStep::Enrol));
    behind.joining.expect_decline().times(1).returning(|token, _| {
        assert_eq!(token, "inv_x");
        Ok(())
    });
    let fields = [("token", "inv_x"), ("answer", "decline")];
    let answer = browser(behind)
        .fill("/invitation?token=inv_x", "/invitation", &fields)
        .await;
    answer.is_page(200, "The invitation is declined · Rookery");
}
