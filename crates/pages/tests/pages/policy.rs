//! What a tenant asks of its members.

use rookery_core::{Act, ChangePolicyError, PolicyInForce, PolicyVersion, ReauthenticationRequired, authorize};
use rookery_domain::{PolicyUpdate, Role, TenantPolicy, Violations};

use crate::ada;
use crate::ask::browser;
use crate::behind::Behind;
use crate::engines::{self, path, staffed_at_work};

fn page() -> String {
    path("/policy")
}

fn version() -> PolicyVersion {
    PolicyVersion::parse("0").unwrap()
}

/// The installation asks for ten characters and a number, and the tenant for twelve.
pub(crate) fn in_force() -> PolicyInForce {
    let weakest = TenantPolicy {
        password_min_length: 10,
        password_require_numbers: true,
        session_timeout_hours: 720,
        max_login_attempts: 5,
        ..TenantPolicy::default()
    };
    PolicyInForce {
        policy: TenantPolicy {
            password_min_length: 12,
            ..weakest.clone()
        },
        weakest,
        version: version(),
        changed: Some(ada::noon()),
        two_factor_since: None,
    }
}

/// Ada has this role, and has shown who she is now or half an hour ago.
fn asking(role: Role, is_fresh: bool) -> Behind {
    let mut behind = if is_fresh {
        let mut fresh = crate::behind::nothing();
        fresh.sessions.expect_authenticate().returning(move |_| {
            let mut signed_in = ada::signed_in();
            signed_in.session.authenticated = ada::noon();
            Ok(signed_in)
        });
        engines::belonging(fresh, &[role], &[])
    } else {
        staffed_at_work(&[role], &[])
    };
    behind.policies.expect_read().returning(move |_, tenant| {
        assert_eq!(*tenant, engines::id());
        authorize(&[role], Act::SeePolicy)?;
        Ok(in_force())
    });
    behind
}

const WISH: [(&str, &str); 5] = [
    ("version", "0"),
    ("passwordMinLength", "14"),
    ("passwordRequireNumbers", "true"),
    ("sessionTimeoutHours", "8"),
    ("maxLoginAttempts", "3"),
];

#[actix_web::test]
async fn owners_change_what_admins_read_and_others_do_not_see() {
    for (role, may_read, may_change) in [
        (Role::Owner, true, true),
        (Role::Admin, true, false),
        (Role::Member, false, false),
        (Role::Viewer, false, false),
    ] {
        let mut browser = browser(asking(role, true)).with_session();
        let tab = format!("href=\"{}\"", page());
        assert_eq!(browser.get(&path("")).await.has(&tab), may_read, "{role}");
        let shown = browser.get(&page()).await;
        assert_eq!(shown.status, if may_read { 200 } else { 403 });
        assert_eq!(shown.has("name=\"passwordMinLength\""), may_change, "{role}");
    }
}

#[actix_web::test]
async fn how_far_a_setting_may_go_is_said_before_anybody_errs() {
    let shown = browser(asking(Role::Owner, true)).with_session().get(&page()).await;
    for bounds in ["From 10 to 256", "From 1 to 720.", "From 3 to 5"] {
        assert!(shown.has(bounds), "{bounds}");
    }
    assert!(shown.has("value=\"12\"") && shown.has("Required of everybody on this service"));
    assert!(
        shown.has("type=\"hidden\" name=\"passwordRequireNumbers\" value=\"true\""),
        "what the installation asks for is no choice"
    );
}

#[actix_web::test]
async fn whoever_has_not_shown_lately_who_they_are_does_so_first_and_comes_back() {
    let mut browser = browser(asking(Role::Owner, false)).with_session();
    let shown = browser.get(&page()).await;
    assert!(!shown.has("name=\"passwordMinLength\""));
    let way = format!("href=\"/reauthenticate?redirect={}\"", page());
    assert!(shown.text.replace("&#x2f;", "/").contains(&way));
}

#[actix_web::test]
async fn a_policy_is_changed_as_it_was_read() {
    let mut behind = asking(Role::Owner, true);
    behind
        .policies
        .expect_change()
        .times(1)
        .returning(|_, tenant, update, expected, _| {
            assert_eq!((*tenant, expected), (engines::id(), Some(vec![version()])));
            let meant = PolicyUpdate {
                password_min_length: Some(14),
                password_require_uppercase: Some(false),
                password_require_numbers: Some(true),
                password_require_symbols: Some(false),
                session_timeout_hours: Some(8),
                max_login_attempts: Some(3),
                two_factor_required: Some(false),
            };
            assert_eq!(update, meant);
            Ok(in_force())
        });
    let saved = browser(behind).with_session().fill(&page(), &page(), &WISH).await;
    assert_eq!(saved.leads_to(), page());
}

#[actix_web::test]
async fn what_is_no_number_or_out_of_bounds_is_said_beside_its_field() {
    let mut behind = asking(Role::Owner, true);
    behind.policies.expect_change().returning(|_, _, _, _, _| {
        let broken = Violations::of("sessionTimeoutHours", "Session timeout must be at most 720 hours");
        Err(ChangePolicyError::Invalid(broken))
    });
    let mut browser = browser(behind).with_session();
    let no_number = [
        ("version", "0"),
        ("passwordMinLength", "many"),
        ("twoFactorRequired", "true"),
    ];
    let refused = browser.fill(&page(), &page(), &no_number).await;
    refused.is_page(400, "Error: Rules · Analytical Engines · Rookery");
    assert_eq!(
        refused.mistake("policy-passwordMinLength"),
        Some("Minimum password length must be a whole number")
    );
    assert!(refused.has("value=\"many\""), "what was typed stays");
    let refused = browser.fill(&page(), &page(), &WISH).await;
    assert_eq!(
        refused.mistake("policy-sessionTimeoutHours"),
        Some("Session timeout must be at most 720 hours")
    );
}

#[actix_web::test]
async fn whoever_was_overtaken_is_shown_what_holds_now() {
    let mut behind = asking(Role::Owner, true);
    behind
        .policies
        .expect_change()
        .returning(|_, _, _, _, _| Err(ChangePolicyError::Superseded));
    let refused = browser(behind).with_session().fill(&page(), &page(), &WISH).await;
    refused.is_page(412, "Error: Rules · Analytical Engines · Rookery");
    assert!(refused.has("value=\"12\"") && !refused.has("value=\"14\""));
}

#[actix_web::test]
async fn a_proof_that_has_grown_old_meanwhile_is_asked_for_again() {
    let mut behind = asking(Role::Owner, true);
    behind
        .policies
        .expect_change()
        .returning(|_, _, _, _, _| Err(ReauthenticationRequired.into()));
    let refused = browser(behind).with_session().fill(&page(), &page(), &WISH).await;
    let there = page().replace('/', "%2F");
    assert_eq!(refused.leads_to(), format!("/reauthenticate?redirect={there}"));
}
