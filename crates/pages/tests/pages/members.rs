//! The members of a tenant: finding them, changing what they are, removing them, handing the tenant on.

use rookery_core::domain::SearchText;
use rookery_core::ports::MemberPosition;
use rookery_core::{EndedMembership, Forbidden, MemberError, MemberPage, ReauthenticationRequired};
use rookery_domain::{Role, UserId};

use crate::ada;
use crate::ask::browser;
use crate::behind::ada_signed_in;
use crate::engines::{self, member, membership, path, staffed};

fn list() -> String {
    path("/members")
}

fn of_bob() -> String {
    path("/members/{bob}")
}

#[actix_web::test]
async fn members_are_shown_by_name_or_address_with_what_they_are() {
    let page = browser(staffed(&[Role::Owner], &[Role::Viewer, Role::Member]))
        .with_session()
        .get(&list())
        .await;
    page.is_page(200, "Members · Analytical Engines · Rookery");
    assert!(page.has("Ada Lovelace") && page.has("<small>ada@example.com</small>"));
    assert!(page.has("bob@example.com") && !page.has("<small>bob@example.com</small>"));
    assert!(page.has(">Member, Viewer</td>") && page.has("27 October 2025"));
}

#[actix_web::test]
async fn a_search_is_judged_by_the_api_s_rules_and_turned_page_by_page() {
    let mut behind = ada_signed_in();
    behind
        .tenants
        .expect_list()
        .returning(|_| Ok(vec![membership(&[Role::Viewer])]));
    let place = MemberPosition {
        joined: ada::noon(),
        user: engines::bob(),
    };
    behind.members.expect_list().times(2).returning(move |_, _, filter| {
        assert_eq!(filter.search, Some(SearchText::parse("Bo & co").unwrap()));
        assert_eq!(filter.limit, 25);
        Ok(MemberPage {
            members: vec![member(engines::bob(), Some("Bo & co"), &[Role::Member])],
            next: filter.behind.is_none().then_some(place),
        })
    });
    let mut browser = browser(behind).with_session();
    let first = browser.get(&format!("{}?search=Bo+%26+co&cursor=", list())).await;
    assert!(!first.has("First page"));
    let (_, rest) = first.text.split_once("members?search=Bo+%26+co&amp;cursor=").unwrap();
    let cursor = rest.split('"').next().unwrap();
    let last = browser
        .get(&format!("{}?search=Bo+%26+co&cursor={cursor}", list()))
        .await;
    assert!(last.has("members?search=Bo+%26+co\">First page") && !last.has("Next page"));
}

#[actix_web::test]
async fn a_search_that_makes_no_sense_is_said_and_nothing_is_read() {
    let long = "x".repeat(255);
    for (query, mistake) in [
        ("search=a%07", "Search contains characters that are not allowed"),
        (&format!("search={long}"), "Search is too long"),
        ("cursor=x", "Cursor is not valid"),
    ] {
        let mut behind = ada_signed_in();
        behind
            .tenants
            .expect_list()
            .returning(|_| Ok(vec![membership(&[Role::Viewer])]));
        let page = browser(behind).with_session().get(&format!("{}?{query}", list())).await;
        page.is_page(400, "Error: Members · Analytical Engines · Rookery");
        assert!(page.has(mistake), "{query}");
    }
}

#[actix_web::test]
async fn whom_a_search_does_not_find_is_said() {
    let mut behind = ada_signed_in();
    behind
        .tenants
        .expect_list()
        .returning(|_| Ok(vec![membership(&[Role::Viewer])]));
    behind.members.expect_list().returning(|_, _, _| {
        Ok(MemberPage {
            members: Vec::new(),
            next: None,
        })
    });
    let page = browser(behind)
        .with_session()
        .get(&format!("{}?search=zoe", list()))
        .await;
    assert!(page.has("Nobody matches this search.") && page.has("value=\"zoe\""));
}

/// Who looks at whom, and what is offered: the change at all, making somebody an owner, removing them, handing on.
const OFFERED: [(Role, Role, [bool; 4]); 7] = [
    (Role::Owner, Role::Owner, [true, true, true, true]),
    (Role::Owner, Role::Viewer, [true, true, true, true]),
    (Role::Admin, Role::Owner, [false, false, false, false]),
    (Role::Admin, Role::Admin, [true, false, true, false]),
    (Role::Admin, Role::Viewer, [true, false, true, false]),
    (Role::Member, Role::Viewer, [false, false, false, false]),
    (Role::Viewer, Role::Viewer, [false, false, false, false]),
];

#[actix_web::test]
async fn what_one_may_not_do_is_not_offered() {
    for (mine, theirs, [change, crown, remove, hand_on]) in OFFERED {
        let mut browser = browser(staffed(&[mine], &[theirs])).with_session();
        let what = format!("{mine} looks at {theirs}");
        assert_eq!(
            browser.get(&list()).await.has(&format!("href=\"{}\"", of_bob())),
            change,
            "{what}"
        );
        let page = browser.get(&of_bob()).await;
        page.is_page(200, "bob@example.com · Analytical Engines · Rookery");
        assert_eq!(page.has("name=\"viewer\""), change, "{what}");
        assert_eq!(page.has("name=\"owner\""), crown, "{what}");
        for (way, may) in [("remove", remove), ("hand-on", hand_on)] {
            let way = format!("{}/{way}", of_bob());
            assert_eq!(page.has(&format!("href=\"{way}\"")), may, "{what}");
            let asked = browser.get(&way).await;
            assert_eq!(asked.status, if may { 200 } else { 403 }, "{what} {way}");
        }
    }
}

#[actix_web::test]
async fn oneself_one_neither_removes_nor_hands_the_tenant_to() {
    let me = path(&format!("/members/{}", ada::user()));
    let page = browser(staffed(&[Role::Owner], &[])).with_session().get(&me).await;
    page.is_page(200, "Ada Lovelace · Analytical Engines · Rookery");
    assert!(page.has("name=\"viewer\"") && !page.has("/remove\"") && !page.has("/hand-on\""));
}

#[actix_web::test]
async fn the_boxes_that_are_ticked_are_the_roles() {
    let mut behind = staffed(&[Role::Owner], &[Role::Viewer]);
    behind
        .members
        .expect_assign()
        .times(1)
        .returning(|_, tenant, user, roles, _| {
            assert_eq!((*tenant, *user), (engines::id(), engines::bob()));
            assert_eq!(roles.as_slice(), [Role::Admin, Role::Viewer]);
            Ok(member(*user, None, roles.as_slice()))
        });
    let mut browser = browser(behind).with_session();
    let page = browser.get(&of_bob()).await.text.replace('\n', "");
    assert!(page.contains("name=\"viewer\" type=\"checkbox\" value=\"true\" checked"));
    assert!(!page.contains("name=\"admin\" type=\"checkbox\" value=\"true\" checked"));
    let fields = [("admin", "true"), ("viewer", "true"), ("root", "true")];
    let saved = browser.fill(&of_bob(), &of_bob(), &fields).await;
    assert_eq!(saved.leads_to(), list());
}

#[actix_web::test]
async fn no_role_and_the_last_owner_s_are_refused_beside_the_boxes() {
    let mut behind = staffed(&[Role::Owner], &[Role::Owner]);
    behind
        .members
        .expect_assign()
        .returning(|_, _, _, _, _| Err(MemberError::LastOwner));
    let mut browser = browser(behind).with_session();
    let none = browser.fill(&of_bob(), &of_bob(), &[]).await;
    none.is_page(400, "Error: bob@example.com · Analytical Engines · Rookery");
    assert_eq!(none.mistake("roles-roles"), Some("At least one role is required"));
    let last = browser.fill(&of_bob(), &of_bob(), &[("viewer", "true")]).await;
    last.is_page(409, "Error: bob@example.com · Analytical Engines · Rookery");
    assert!(
        last.mistake("roles-roles")
            .unwrap()
            .starts_with("An organisation needs an owner.")
    );
    let page = last.text.replace('\n', "");
    assert!(
        page.contains("name=\"viewer\" type=\"checkbox\" value=\"true\" checked"),
        "what was ticked stays"
    );
    assert!(!page.contains("name=\"owner\" type=\"checkbox\" value=\"true\" checked"));
}

#[actix_web::test]
async fn what_is_posted_though_it_is_not_offered_is_refused_in_words() {
    let mut behind = staffed(&[Role::Admin], &[Role::Owner]);
    let forbidden = || MemberError::Forbidden(Forbidden);
    behind
        .members
        .expect_assign()
        .returning(move |_, _, _, _, _| Err(forbidden()));
    behind
        .members
        .expect_remove()
        .returning(move |_, _, _, _| Err(forbidden()));
    behind
        .members
        .expect_transfer_ownership()
        .returning(move |_, _, _, _| Err(forbidden()));
    let mut browser = browser(behind).with_session();
    for way in ["", "/remove", "/hand-on"] {
        let way = format!("{}{way}", of_bob());
        let refused = browser.fill("/settings/profile", &way, &[("owner", "true")]).await;
        refused.is_page(403, "This is not possible from here · Rookery");
        assert!(
            refused.has("Your role in this organisation does not allow that."),
            "{way}"
        );
    }
}

#[actix_web::test]
async fn a_member_is_removed_once_somebody_has_been_asked() {
    let mut behind = staffed(&[Role::Admin], &[Role::Member]);
    behind.members.expect_remove().times(1).returning(|_, tenant, user, _| {
        assert_eq!((*tenant, *user), (engines::id(), engines::bob()));
        Ok(EndedMembership::Other)
    });
    let way = path("/members/{bob}/remove");
    let mut browser = browser(behind).with_session();
    let asked = browser.get(&way).await;
    asked.is_page(200, "Remove bob@example.com? · Analytical Engines · Rookery");
    assert!(asked.has("bob@example.com will no longer belong to Analytical Engines"));
    assert_eq!(browser.fill(&way, &way, &[]).await.leads_to(), list());
}

#[actix_web::test]
async fn whoever_removes_themselves_has_left() {
    let mut behind = staffed(&[Role::Owner], &[]);
    behind
        .members
        .expect_remove()
        .returning(|_, _, _, _| Ok(EndedMembership::Own));
    let way = path(&format!("/members/{}/remove", ada::user()));
    let left = browser(behind).with_session().fill(&way, &way, &[]).await;
    assert_eq!(left.leads_to(), "/settings/tenants");
}

#[actix_web::test]
async fn a_tenant_is_handed_on_by_a_fresh_proof_and_back_to_the_question() {
    let mut behind = staffed(&[Role::Owner], &[Role::Member]);
    let mut is_fresh = false;
    behind
        .members
        .expect_transfer_ownership()
        .times(2)
        .returning(move |_, tenant, user, _| {
            assert_eq!((*tenant, *user), (engines::id(), engines::bob()));
            if std::mem::replace(&mut is_fresh, true) {
                Ok(member(*user, None, &[Role::Owner, Role::Member]))
            } else {
                Err(MemberError::ReauthenticationRequired(ReauthenticationRequired))
            }
        });
    let way = path("/members/{bob}/hand-on");
    let mut browser = browser(behind).with_session();
    let proof = browser.fill(&way, &way, &[]).await;
    let there = way.replace('/', "%2F");
    assert_eq!(proof.leads_to(), format!("/reauthenticate?redirect={there}"));
    browser.get(&way).await.is_page(
        200,
        "Transfer Analytical Engines to bob@example.com? · Analytical Engines · Rookery",
    );
    assert_eq!(browser.fill(&way, &way, &[]).await.leads_to(), list());
}

#[actix_web::test]
async fn nobody_hands_a_tenant_on_to_themselves() {
    let mut behind = staffed(&[Role::Owner], &[]);
    behind
        .members
        .expect_transfer_ownership()
        .returning(|_, _, _, _| Err(MemberError::NotAnother));
    let way = path(&format!("/members/{}/hand-on", ada::user()));
    let refused = browser(behind).with_session().fill(&way, &way, &[]).await;
    assert_eq!(refused.status, 400);
    assert!(refused.has("<a href=\"#userId\">Must be another member</a>"));
}

#[actix_web::test]
async fn somebody_who_is_no_member_is_not_there() {
    let stranger = UserId::new(ada::noon(), &[6; 10]).to_string();
    for id in [stranger.as_str(), "x", "%00"] {
        for way in ["", "/remove", "/hand-on"] {
            let mut browser = browser(staffed(&[Role::Owner], &[Role::Member])).with_session();
            let answer = browser.get(&format!("{}/{id}{way}", list())).await;
            answer.is_page(404, "There is no such page · Rookery");
            assert!(answer.has("There is no such person here"), "{id}{way}");
        }
    }
}
