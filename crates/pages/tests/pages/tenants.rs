//! The tenants somebody belongs to: seeing them, moving between them, making, renaming and leaving them.

use rookery_core::{
    EndedMembership, Forbidden, FoundTenantError, MemberError, ReauthenticationRequired, SwitchTenantError, TenantError,
};
use rookery_domain::{Membership, Role, TenantId, TenantSummary};

use crate::ada;
use crate::ask::browser;
use crate::behind::{ada_signed_in, nothing};
use crate::engines::{self, membership, path, staffed, staffed_at_work};

const PAGE: &str = "/settings/tenants";

#[actix_web::test]
async fn one_s_tenants_are_listed_with_what_one_is_there_and_the_one_the_session_works_in() {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.session.tenant = Some(engines::summary(&[Role::Owner]));
        Ok(signed_in)
    });
    let elsewhere = Membership {
        tenant: TenantSummary {
            id: TenantId::new(ada::noon(), &[4; 10]),
            name: "Elsewhere".to_owned(),
            roles: vec![Role::Viewer, Role::Admin],
        },
        ..membership(&[])
    };
    behind
        .tenants
        .expect_list()
        .returning(move |_| Ok(vec![membership(&[Role::Owner]), elsewhere.clone()]));
    let page = browser(behind).with_session().get(PAGE).await;
    page.is_page(200, "Organisations · Rookery");
    assert!(page.has("<p>Owner</p>") && page.has("<p>Admin, Viewer</p>") && page.has("Joined on 26 October 2025"));
    assert_eq!(page.text.matches("Current").count(), 1);
    assert!(page.has("aria-label=\"Switch to Elsewhere\"") && !page.has("aria-label=\"Switch to Analytical Engines\""));
}

#[actix_web::test]
async fn the_frame_names_the_tenant_the_session_works_in_and_none_where_there_is_none() {
    let name = "<span>Analytical Engines</span>";
    let there = browser(staffed_at_work(&[Role::Viewer], &[])).with_session();
    let page = { there }.get("/settings/profile").await;
    assert!(page.has(name) && page.has("aria-label=\"You work in Analytical Engines: change\""));
    let nowhere = browser(ada_signed_in()).with_session();
    assert!(!{ nowhere }.get("/settings/profile").await.has("works-in"));
}

#[actix_web::test]
async fn whoever_belongs_nowhere_is_told_and_may_make_their_first() {
    let mut behind = ada_signed_in();
    behind.tenants.expect_list().returning(|_| Ok(Vec::new()));
    behind.tenants.expect_found().times(1).returning(|_, name, _| {
        assert_eq!(name.as_str(), "Analytical Engines");
        Ok(membership(&[Role::Owner]))
    });
    let mut browser = browser(behind).with_session();
    assert!(browser.get(PAGE).await.has("You belong to no organisation yet."));
    let made = browser.fill(PAGE, PAGE, &[("name", " Analytical Engines ")]).await;
    assert_eq!(made.leads_to(), path(""));
    let said = made.set_cookies();
    assert!(said.iter().any(|cookie| cookie.starts_with("__Host-note=tenant_made;")));
}

#[actix_web::test]
async fn what_is_wrong_with_a_new_name_is_said_beside_it() {
    let mut browser = browser(staffed_at_work(&[Role::Owner], &[])).with_session();
    let long = "x".repeat(256);
    for (name, mistake) in [
        ("", "Name cannot be empty"),
        (long.as_str(), "Name is too long"),
        ("a\u{202e}b", "Name contains characters that are not allowed"),
    ] {
        let refused = browser.fill(PAGE, PAGE, &[("name", name)]).await;
        refused.is_page(400, "Error: Organisations · Rookery");
        assert_eq!(refused.mistake("new-name"), Some(mistake));
    }
}

#[actix_web::test]
async fn a_further_one_needs_a_confirmed_address_which_is_said_before_and_after() {
    let mut behind = staffed(&[Role::Owner], &[]);
    behind
        .tenants
        .expect_found()
        .returning(|_, _, _| Err(FoundTenantError::EmailNotVerified));
    let mut browser = browser(behind).with_session();
    let page = browser.get(PAGE).await;
    assert!(page.has("please confirm your email address.") && !page.has("id=\"new-name\" name="));
    let refused = browser.fill(PAGE, PAGE, &[("name", "Another")]).await;
    refused.is_page(403, "Error: Organisations · Rookery");
    assert!(refused.has("<a href=\"#new-name\">Please confirm your email address first.</a>"));
}

#[actix_web::test]
async fn the_session_goes_on_in_another_tenant() {
    let mut behind = staffed(&[Role::Viewer], &[]);
    behind.tenants.expect_switch().times(1).returning(|_, tenant, _| {
        assert_eq!(*tenant, engines::id());
        Ok(engines::summary(&[Role::Viewer]))
    });
    let switched = browser(behind).with_session().fill(PAGE, &path("/switch"), &[]).await;
    assert_eq!(switched.leads_to(), PAGE);
    let said = switched.set_cookies();
    assert!(
        said.iter()
            .any(|cookie| cookie.starts_with("__Host-note=tenant_switched;"))
    );
}

#[actix_web::test]
async fn a_switch_that_needs_a_fresh_proof_leads_there_and_back_to_the_list() {
    let mut behind = staffed(&[Role::Viewer], &[]);
    behind
        .tenants
        .expect_switch()
        .returning(|_, _, _| Err(SwitchTenantError::ReauthenticationRequired(ReauthenticationRequired)));
    let mut browser = browser(behind).with_session();
    let refused = browser.fill(PAGE, &path("/switch"), &[]).await;
    let there = path("/switch").replace('/', "%2F");
    assert_eq!(refused.leads_to(), format!("/reauthenticate?redirect={there}"));
    assert_eq!(browser.get(&path("/switch")).await.leads_to(), PAGE);
}

#[actix_web::test]
async fn a_second_factor_that_a_tenant_asks_for_is_said_with_its_day() {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.session.second_factor_due = Some(ada::noon() + chrono::Duration::days(3));
        Ok(signed_in)
    });
    behind
        .tenants
        .expect_list()
        .returning(|_| Ok(vec![membership(&[Role::Member])]));
    let page = browser(behind).with_session().get(PAGE).await;
    assert!(page.has("Without it you cannot continue after 30 October 2025 at 12:00 UTC."));
    assert!(page.has("href=\"/settings/security/second-factor\""));
}

#[actix_web::test]
async fn owners_and_admins_rename_and_to_others_it_is_not_offered() {
    for (role, may) in [
        (Role::Owner, true),
        (Role::Admin, true),
        (Role::Member, false),
        (Role::Viewer, false),
    ] {
        let page = browser(staffed(&[role], &[])).with_session().get(&path("")).await;
        page.is_page(200, "General · Analytical Engines · Rookery");
        assert_eq!(page.has("id=\"name-name\""), may, "{role}");
        assert!(page.has(&path("/leave")), "everybody may leave");
    }
    let mut behind = staffed(&[Role::Admin], &[]);
    behind.tenants.expect_rename().times(1).returning(|_, tenant, name, _| {
        assert_eq!((*tenant, name.as_str()), (engines::id(), "Difference Engines"));
        Ok(membership(&[Role::Admin]))
    });
    let mut browser = browser(behind).with_session();
    let renamed = browser
        .fill(&path(""), &path(""), &[("name", "Difference Engines")])
        .await;
    assert_eq!(renamed.leads_to(), path(""));
    let refused = browser.fill(&path(""), &path(""), &[("name", " ")]).await;
    refused.is_page(400, "Error: General · Analytical Engines · Rookery");
    assert_eq!(refused.mistake("name-name"), Some("Name cannot be empty"));
}

#[actix_web::test]
async fn what_one_s_role_does_not_allow_is_refused_in_words() {
    let mut behind = staffed(&[Role::Viewer], &[]);
    behind
        .tenants
        .expect_rename()
        .returning(|_, _, _, _| Err(TenantError::Forbidden(Forbidden)));
    let refused = browser(behind)
        .with_session()
        .fill(PAGE, &path(""), &[("name", "Mine")])
        .await;
    refused.is_page(403, "This is not possible from here · Rookery");
    assert!(refused.has("Your role in this organisation does not allow that."));
}

#[actix_web::test]
async fn somebody_leaves_once_they_have_been_asked() {
    let mut behind = staffed(&[Role::Member], &[]);
    behind.members.expect_remove().times(1).returning(|_, tenant, user, _| {
        assert_eq!((*tenant, *user), (engines::id(), ada::user()));
        Ok(EndedMembership::Own)
    });
    let mut browser = browser(behind).with_session();
    let asked = browser.get(&path("/leave")).await;
    asked.is_page(200, "Leave Analytical Engines? · Analytical Engines · Rookery");
    let left = browser.fill(&path("/leave"), &path("/leave"), &[]).await;
    assert_eq!(left.leads_to(), PAGE);
}

#[actix_web::test]
async fn the_last_owner_hears_why_they_cannot_leave() {
    let mut behind = staffed(&[Role::Owner], &[]);
    behind
        .members
        .expect_remove()
        .returning(|_, _, _, _| Err(MemberError::LastOwner));
    let stayed = browser(behind)
        .with_session()
        .fill(&path("/leave"), &path("/leave"), &[])
        .await;
    stayed.is_page(409, "Error: Leave Analytical Engines? · Analytical Engines · Rookery");
    assert!(stayed.has("An organisation needs an owner. Make another member an owner first, or transfer it to one."));
}

#[actix_web::test]
async fn a_tenant_of_others_is_not_there_on_any_page() {
    let other = TenantId::new(ada::noon(), &[9; 10]).to_string();
    for id in [other.as_str(), "x", "%2e%2e", "00000000-0000-0000-0000-000000000000"] {
        for below in [
            "",
            "/leave",
            "/members",
            "/members/{bob}",
            "/members/{bob}/remove",
            "/members/{bob}/hand-on",
        ] {
            let below = below.replace("{bob}", &engines::bob().to_string());
            let mut browser = browser(staffed(&[Role::Owner], &[Role::Member])).with_session();
            let answer = browser.get(&format!("{PAGE}/{id}{below}")).await;
            answer.is_page(404, "There is no such page · Rookery");
            assert!(answer.has("There is no such organisation."), "{id}{below}");
        }
        for way in ["", "/switch", "/leave"] {
            let mut browser = browser(staffed(&[Role::Owner], &[Role::Member])).with_session();
            let answer = browser.fill(PAGE, &format!("{PAGE}/{id}{way}"), &[("name", "x")]).await;
            assert_eq!(answer.status, 404, "{id}{way}");
        }
    }
}

#[actix_web::test]
async fn tenants_are_told_of_in_the_reader_s_language() {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.profile.preferences.language = "es".parse().unwrap();
        Ok(signed_in)
    });
    behind
        .tenants
        .expect_list()
        .returning(|_| Ok(vec![membership(&[Role::Owner])]));
    let mut browser = browser(behind).with_session();
    let page = browser.get(PAGE).await;
    assert!(page.has("Organizaciones") && page.has("Propietario") && page.has("Desde el 26 de octubre de 2025"));
    let refused = browser.fill(PAGE, &path(""), &[("name", "")]).await;
    assert_eq!(refused.mistake("name-name"), Some("El nombre no puede quedar vacío"));
}
