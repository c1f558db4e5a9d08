//! Two people and their tenants, on the pages and nowhere else: from the first one to the last owner.

use serde_json::json;

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::pages::fill;
use super::tenants::{founded, join, signed_in, verify};
use super::test_app::TestApp;

const PASSWORD: &str = "correct horse battery";
const LIST: &str = "/settings/tenants";

on_both_databases!(two_people_manage_a_tenant_on_its_pages, in_a_file);
on_both_databases!(pages_of_members_lead_to_each_other_and_a_search_finds, in_a_file);
on_both_databases!(a_tenant_of_others_has_no_pages, in_a_file);

/// The path a page leads on to.
fn leads_to(answer: Answer) -> String {
    answer.expect(303).header("location").to_owned()
}

/// Sends the one button of a page, and says where it leads.
fn send(browser: &mut Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> String {
    leads_to(fill(browser, page, path, fields))
}

fn is_told(browser: &mut Browser, page: &str, text: &str) {
    let shown = browser.get(page).expect(200).text;
    assert!(shown.contains(text), "{page} lacks {text}: {shown}");
}

fn two_people_manage_a_tenant_on_its_pages(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, ada_id) = signed_in(&app, "ada");
    let (mut bob, bob_id) = signed_in(&app, "bob");

    // The first one needs nothing; a further one needs a confirmed address, which is said before and after.
    is_told(&mut ada, LIST, "You belong to no organisation yet.");
    let engines = send(&mut ada, LIST, LIST, &[("name", "Engines")]);
    is_told(&mut ada, &engines, "Your organisation is ready.");
    let refused = fill(&mut ada, LIST, LIST, &[("name", "Poetry")]).expect(403);
    assert!(refused.text.contains("Please confirm your email address first."));
    verify(&app, "ada");
    let poetry = send(&mut ada, LIST, LIST, &[("name", "Poetry")]);

    // The session works where the person says, and the frame says so.
    let page = ada.get("/settings/profile").expect(200).text;
    assert!(!page.contains("class=\"works-in\""));
    for (tenant, name) in [(&poetry, "Poetry"), (&engines, "Engines")] {
        assert_eq!(send(&mut ada, LIST, &format!("{tenant}/switch"), &[]), LIST);
        is_told(&mut ada, LIST, "You are working in another organisation now.");
        is_told(&mut ada, "/settings/profile", &format!("You work in {name}: change"));
    }
    assert_eq!(
        send(&mut ada, &engines, &engines, &[("name", "Analytical Engines")]),
        engines
    );
    is_told(&mut ada, "/settings/profile", "You work in Analytical Engines: change");

    // Bob belongs to it, and manages it once he is an admin; but no owner.
    let tenant = engines.rsplit('/').next().unwrap().to_owned();
    join(&app, &tenant, &bob_id, "viewer");
    let members = format!("{engines}/members");
    let (of_bob, of_ada) = (format!("{members}/{bob_id}"), format!("{members}/{ada_id}"));
    let seen = bob.get(&members).expect(200).text;
    assert!(
        seen.contains("ada@example.com") && !seen.contains(&of_ada),
        "a viewer changes nobody"
    );
    bob.get(&format!("{of_ada}/remove")).expect(403);
    assert_eq!(send(&mut ada, &of_bob, &of_bob, &[("admin", "true")]), members);
    is_told(&mut bob, &engines, "Admin");
    assert_eq!(
        send(&mut bob, &engines, &engines, &[("name", "Engines & Sons")]),
        engines
    );
    let forbidden = fill(&mut bob, LIST, &of_ada, &[("viewer", "true")]).expect(403);
    assert!(
        forbidden
            .text
            .contains("Your role in this organisation does not allow that.")
    );

    // The last owner stays, and hands the tenant on by a fresh proof.
    let leave = format!("{engines}/leave");
    let stayed = fill(&mut ada, &leave, &leave, &[]).expect(409);
    assert!(stayed.text.contains("An organisation needs an owner."));
    let hand_on = format!("{of_bob}/hand-on");
    let long_ago = if app.is_on_postgres() {
        "authenticated_at - interval '1 hour'"
    } else {
        "'2020-01-01T00:00:00+00:00'"
    };
    app.execute(&format!("UPDATE rookery_sessions SET authenticated_at = {long_ago}"));
    let proof = send(&mut ada, &hand_on, &hand_on, &[]);
    assert!(proof.starts_with("/reauthenticate?redirect="), "{proof}");
    let proved = [("password", PASSWORD), ("redirect", hand_on.as_str())];
    assert_eq!(send(&mut ada, &proof, "/reauthenticate", &proved), hand_on);
    assert_eq!(send(&mut ada, &hand_on, &hand_on, &[]), members);
    is_told(&mut ada, &members, "The organisation has a new owner");
    ada.get(&hand_on).expect(403);

    // Whoever is no owner any more may leave, and works there no more.
    assert_eq!(send(&mut ada, &leave, &leave, &[]), LIST);
    ada.get(&engines).expect(404);
    let page = ada.get(LIST).expect(200).text;
    assert!(page.contains("Poetry") && !page.contains("Engines &amp; Sons") && !page.contains("class=\"works-in\""));

    // And a member who is removed is out of it with their next request.
    join(&app, &tenant, &ada_id, "member");
    send(&mut ada, LIST, &format!("{engines}/switch"), &[]);
    let remove = format!("{of_ada}/remove");
    assert_eq!(send(&mut bob, &remove, &remove, &[]), members);
    ada.get(&members).expect(404);
    assert_eq!(ada.get("/api/users/me").expect(200).json()["tenantId"], json!(null));
    app.stop().unwrap();
}

fn pages_of_members_lead_to_each_other_and_a_search_finds(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    for number in 0..26 {
        let (_, id) = signed_in(&app, &format!("member{number:02}"));
        join(&app, &tenant, &id, "member");
    }
    let members = format!("{LIST}/{tenant}/members");
    let first = ada.get(&members).expect(200).text;
    let (_, rest) = first.split_once(&format!("{members}?")).unwrap();
    let next = format!("{members}?{}", rest.split('"').next().unwrap());
    let second = ada.get(&next).expect(200).text;
    let on = |page: &str| page.matches("scope=\"row\"").count();
    assert_eq!((on(&first), on(&second)), (25, 2));
    assert!(second.contains("First page"));
    let found = ada.get(&format!("{members}?search=MEMBER1")).expect(200).text;
    assert_eq!(on(&found), 10);
    app.stop().unwrap();
}

fn a_tenant_of_others_has_no_pages(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, ada_id) = signed_in(&app, "ada");
    let (mut eve, _) = signed_in(&app, "eve");
    let hers = founded(&mut ada, "Engines");
    for tenant in [hers.as_str(), "0199d2f0-7c00-7000-8000-000000000001"] {
        let member = format!("/members/{ada_id}");
        for below in [
            "",
            "/leave",
            "/members",
            &member,
            &format!("{member}/remove"),
            &format!("{member}/hand-on"),
        ] {
            let path = format!("{LIST}/{tenant}{below}");
            assert!(
                eve.get(&path)
                    .expect(404)
                    .text
                    .contains("There is no such organisation."),
                "{path}"
            );
        }
        for below in [
            "",
            "/switch",
            "/leave",
            &member,
            &format!("{member}/remove"),
            &format!("{member}/hand-on"),
        ] {
            let path = format!("{LIST}/{tenant}{below}");
            fill(&mut eve, LIST, &path, &[("name", "Eve's"), ("viewer", "true")]).expect(404);
        }
    }
    app.stop().unwrap();
}
