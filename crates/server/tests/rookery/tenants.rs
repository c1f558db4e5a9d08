//! People and their tenants, told from the founding to the last owner.

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const PASSWORD: &str = "correct horse battery";

on_both_databases!(a_person_founds_tenants_and_moves_between_them, in_a_file);
on_both_databases!(members_are_managed_by_those_who_may_and_the_last_owner_stays, in_a_file);
on_both_databases!(a_tenant_of_others_is_not_there_in_any_route, in_a_file);
on_both_databases!(a_tenant_s_policy_caps_the_session_that_enters_it, in_a_file);
on_both_databases!(a_session_elsewhere_is_no_way_around_a_tenant_s_hours, in_a_file);
on_both_databases!(an_open_session_is_not_enough_to_take_a_tenant_over, in_a_file);

pub(super) fn signed_in(app: &TestApp, name: &str) -> (Browser, String) {
    let wish = json!({ "email": format!("{name}@example.com"), "password": PASSWORD, "name": name });
    let mut browser = app.browser();
    let made = browser.post("/api/auth/signup", &wish).expect(201).json();
    log_in(&mut browser, name);
    (browser, made["user"]["id"].as_str().unwrap().to_owned())
}

pub(super) fn log_in(browser: &mut Browser, name: &str) {
    let wish = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    browser.post("/api/auth/login", &wish).expect(200);
}

pub(super) fn founded(browser: &mut Browser, name: &str) -> String {
    let made = browser
        .post("/api/tenants", &json!({ "name": name }))
        .expect(201)
        .json();
    made["id"].as_str().unwrap().to_owned()
}

pub(super) fn verify(app: &TestApp, name: &str) {
    let mail = app.mail(&format!("{name}@example.com"), "verify_email");
    let token = json!({ "token": mail["token"] });
    app.browser().post("/api/auth/verify-email", &token).expect(200);
}

/// Makes somebody a member behind the service's back, as an invitation does in more steps.
pub(super) fn join(app: &TestApp, tenant: &str, user: &str, role: &str) {
    let id = |id: &str| {
        if app.is_on_postgres() {
            format!("'{id}'")
        } else {
            format!("x'{}'", id.replace('-', ""))
        }
    };
    let roles = if app.is_on_postgres() {
        format!("'{{{role}}}'")
    } else {
        format!("'[\"{role}\"]'")
    };
    let sql = format!(
        "INSERT INTO tenant_users (tenant_id, user_id, roles) VALUES ({}, {}, {roles})
         ON CONFLICT (tenant_id, user_id) DO UPDATE SET deleted = NULL, roles = {roles}",
        id(tenant),
        id(user)
    );
    assert_eq!(app.execute(&sql), 1);
}

fn tenants(browser: &mut Browser) -> Vec<(String, bool)> {
    let listed = browser.get("/api/tenants").expect(200).json();
    let listed = listed["tenants"].as_array().unwrap().clone();
    let shown = |tenant: &Value| {
        (
            tenant["name"].as_str().unwrap().to_owned(),
            tenant["active"].as_bool().unwrap(),
        )
    };
    listed.iter().map(shown).collect()
}

pub(super) fn refused(answer: Answer, status: u16, code: &str) {
    assert_eq!(answer.expect(status).json()["code"], code);
}

fn a_person_founds_tenants_and_moves_between_them(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    assert!(tenants(&mut ada).is_empty());
    let engines = founded(&mut ada, " Analytical Engines ");
    assert_eq!(tenants(&mut ada), [("Analytical Engines".to_owned(), false)]);
    let second = json!({ "name": "Poetry" });
    refused(ada.post("/api/tenants", &second), 403, "EMAIL_NOT_VERIFIED");
    verify(&app, "ada");
    let poetry = founded(&mut ada, "Poetry");

    let mut phone = app.browser();
    phone.plant_cookie("sid", ada.cookie("sid").unwrap());
    for (tenant, name) in [(&poetry, "Poetry"), (&engines, "Analytical Engines")] {
        let switched = ada.post("/api/auth/switch-tenant", &json!({ "tenantId": tenant }));
        assert_eq!(switched.expect(200).json()["tenant"]["name"], name);
        let session = phone.get("/api/auth/session").expect(200).json();
        assert_eq!(
            session["tenant"]["id"],
            json!(tenant),
            "whoever asks next finds it there"
        );
    }
    assert_eq!(
        tenants(&mut ada),
        [("Analytical Engines".to_owned(), true), ("Poetry".to_owned(), false)]
    );
    let renamed = ada.patch(
        &format!("/api/tenants/{engines}"),
        &json!({ "name": "Difference Engines" }),
    );
    assert_eq!(renamed.expect(200).json()["active"], true);
    let session = ada.get("/api/auth/session").expect(200).json();
    assert_eq!(session["tenant"]["name"], "Difference Engines");
    assert_eq!(ada.get("/api/users/me").expect(200).json()["roles"], json!(["owner"]));

    let log = ada.get(&format!("/api/tenants/{engines}/audit")).expect(200).json();
    let actions: Vec<&str> = log["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["tenant.updated", "session.tenant_switched", "tenant.created"]);
    assert_eq!(log["events"][0]["target"], json!(format!("tenant:{engines}")));
    app.stop().unwrap();
}

fn members_are_managed_by_those_who_may_and_the_last_owner_stays(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, ada_id) = signed_in(&app, "ada");
    let (mut bob, bob_id) = signed_in(&app, "bob");
    let (mut cleo, cleo_id) = signed_in(&app, "cleo");
    let tenant = founded(&mut ada, "Engines");
    join(&app, &tenant, &bob_id, "admin");
    join(&app, &tenant, &cleo_id, "viewer");
    let users = format!("/api/tenants/{tenant}/users");
    let user = |id: &str| format!("{users}/{id}");
    let roles = |roles: &[&str]| json!({ "roles": roles });

    // Everybody sees everybody, page by page, and finds whom they look for.
    let mut path = format!("{users}?limit=2");
    let mut seen = Vec::new();
    loop {
        let page = cleo.get(&path).expect(200).json();
        let page_of = page["users"].as_array().unwrap().clone();
        seen.extend(page_of.iter().map(|user| user["email"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        path = format!("{users}?limit=2&cursor={cursor}");
    }
    seen.sort_unstable();
    assert_eq!(seen, ["ada@example.com", "bob@example.com", "cleo@example.com"]);
    let found = cleo.get(&format!("{users}?search=BO")).expect(200).json();
    assert_eq!(found["users"].as_array().unwrap().len(), 1);
    assert_eq!(found["users"][0]["roles"], json!(["admin"]));

    // An admin manages members and touches no owner; a viewer manages nobody.
    let promoted = bob
        .patch(&user(&cleo_id), &roles(&["member", "admin"]))
        .expect(200)
        .json();
    assert_eq!(promoted["roles"], json!(["admin", "member"]));
    for (id, wish) in [
        (&cleo_id, &["owner"][..]),
        (&bob_id, &["owner"]),
        (&ada_id, &["viewer"]),
    ] {
        refused(bob.patch(&user(id), &roles(wish)), 403, "FORBIDDEN_ROLE");
    }
    refused(bob.delete(&user(&ada_id)), 403, "FORBIDDEN_ROLE");
    bob.patch(&user(&cleo_id), &roles(&["viewer"])).expect(200);
    refused(cleo.patch(&user(&bob_id), &roles(&["viewer"])), 403, "FORBIDDEN_ROLE");
    refused(cleo.delete(&user(&bob_id)), 403, "FORBIDDEN_ROLE");
    let name = json!({ "name": "Cleo's" });
    refused(
        cleo.patch(&format!("/api/tenants/{tenant}"), &name),
        403,
        "FORBIDDEN_ROLE",
    );
    refused(
        ada.patch(&user("0199d2f0-7c00-7000-8000-000000000001"), &roles(&["viewer"])),
        404,
        "USER_NOT_FOUND",
    );

    // The last owner stays.
    refused(ada.patch(&user(&ada_id), &roles(&["admin"])), 409, "LAST_OWNER");
    refused(ada.delete(&user(&ada_id)), 409, "LAST_OWNER");

    // Somebody is removed, and is out of it with their next request.
    cleo.post("/api/auth/switch-tenant", &json!({ "tenantId": tenant }))
        .expect(200);
    assert_eq!(cleo.get("/api/users/me").expect(200).json()["tenantId"], json!(tenant));
    bob.delete(&user(&cleo_id)).expect(200);
    let me = cleo.get("/api/users/me").expect(200).json();
    assert_eq!((&me["tenantId"], &me["roles"]), (&Value::Null, &json!([])));
    refused(cleo.get(&users), 404, "TENANT_NOT_FOUND");
    join(&app, &tenant, &cleo_id, "viewer");
    assert_eq!(cleo.get("/api/users/me").expect(200).json()["tenantId"], Value::Null);

    // The tenant is handed on by a fresh proof, whole.
    let transfer = format!("/api/tenants/{tenant}/transfer-ownership");
    let to = |id: &str| json!({ "userId": id });
    refused(bob.post(&transfer, &to(&bob_id)), 403, "FORBIDDEN_ROLE");
    refused(ada.post(&transfer, &to(&ada_id)), 400, "VALIDATION_ERROR");
    let long_ago = if app.is_on_postgres() {
        "authenticated_at - interval '1 hour'"
    } else {
        "'2020-01-01T00:00:00+00:00'"
    };
    app.execute(&format!("UPDATE rookery_sessions SET authenticated_at = {long_ago}"));
    refused(ada.post(&transfer, &to(&bob_id)), 403, "REAUTHENTICATION_REQUIRED");
    ada.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD }))
        .expect(200);
    let owner = ada.post(&transfer, &to(&bob_id)).expect(200).json();
    assert_eq!(
        (&owner["id"], &owner["roles"]),
        (&json!(bob_id), &json!(["owner", "admin"]))
    );
    refused(ada.post(&transfer, &to(&cleo_id)), 403, "FORBIDDEN_ROLE");
    refused(bob.delete(&user(&bob_id)), 409, "LAST_OWNER");

    // And whoever is no owner any more may leave.
    let left = ada.delete(&user(&ada_id)).expect(200).json();
    assert_eq!(left["message"], "You have left the tenant.");
    refused(ada.get(&users), 404, "TENANT_NOT_FOUND");
    app.stop().unwrap();
}

fn a_tenant_of_others_is_not_there_in_any_route(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, ada_id) = signed_in(&app, "ada");
    let (mut eve, eve_id) = signed_in(&app, "eve");
    let hers = founded(&mut ada, "Engines");
    let gone = founded(&mut eve, "Elsewhere");
    app.execute("UPDATE tenants SET deleted = created WHERE name = 'Elsewhere'");
    let mut bodies = Vec::new();
    for tenant in [hers.as_str(), &gone, "0199d2f0-7c00-7000-8000-000000000001"] {
        for id in [&ada_id, &eve_id] {
            let path = |rest: &str| format!("/api/tenants/{tenant}{rest}");
            let user = path(&format!("/users/{id}"));
            for answer in [
                eve.patch(&path(""), &json!({ "name": "Eve's" })),
                eve.get(&path("/users")),
                eve.get(&path("/audit")),
                eve.get(&path("/policy")),
                eve.patch(&path("/policy"), &json!({ "passwordMinLength": 9 })),
                eve.patch(&user, &json!({ "roles": ["owner"] })),
                eve.delete(&user),
                eve.post(&path("/transfer-ownership"), &json!({ "userId": id })),
                eve.post("/api/auth/switch-tenant", &json!({ "tenantId": tenant })),
            ] {
                let mut body = answer.expect(404).json();
                assert!(body.as_object_mut().unwrap().remove("requestId").is_some());
                bodies.push(body);
            }
        }
    }
    let expected = json!({ "error": "Tenant not found", "code": "TENANT_NOT_FOUND" });
    assert!(bodies.iter().all(|body| *body == expected), "{bodies:?}");
    assert_eq!(bodies.len(), 54);
    app.stop().unwrap();
}

fn a_tenant_s_policy_caps_the_session_that_enters_it(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    let before = ada.get("/api/auth/session").expect(200).json();
    let policy = if app.is_on_postgres() {
        format!("('{tenant}', 2, false, now() - interval '30 days')")
    } else {
        format!(
            "(x'{}', 2, false, '2020-01-01T00:00:00+00:00')",
            tenant.replace('-', "")
        )
    };
    let columns = "(tenant_id, session_timeout_hours, two_factor_required, updated)";
    app.execute(&format!("INSERT INTO tenant_policies {columns} VALUES {policy}"));
    app.execute("UPDATE tenant_users SET created = (SELECT updated FROM tenant_policies)");
    ada.post("/api/auth/switch-tenant", &json!({ "tenantId": tenant }))
        .expect(200);
    let after = ada.get("/api/auth/session").expect(200).json();
    let hours = |session: &Value| {
        let moment = |name: &str| {
            let text = session["session"][name].as_str().unwrap();
            chrono::DateTime::parse_from_rfc3339(text).unwrap()
        };
        (moment("expiresAt") - moment("authenticatedAt")).num_minutes()
    };
    assert_eq!((hours(&before), hours(&after)), (24 * 60, 2 * 60));
    assert!(after["session"]["secondFactorRequiredBy"].is_null());
    app.execute("UPDATE tenant_policies SET two_factor_required = true");
    let asked = ada.get("/api/auth/session").expect(200).json();
    assert!(asked["session"]["secondFactorRequiredBy"].is_string());
    refused(ada.get("/api/tenants"), 403, "SECOND_FACTOR_REQUIRED");
    ada.get("/api/users/me/mfa").expect(200);
    app.stop().unwrap();
}

/// So many minutes have gone by since anybody proved who they are.
fn a_while_later(app: &TestApp, minutes: u32) {
    let earlier = if app.is_on_postgres() {
        format!("authenticated_at - interval '{minutes} minutes'")
    } else {
        format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', authenticated_at, '-{minutes} minutes')")
    };
    app.execute(&format!("UPDATE rookery_sessions SET authenticated_at = {earlier}"));
}

fn prove(browser: &mut Browser) {
    browser
        .post("/api/auth/reauthenticate", &json!({ "password": PASSWORD }))
        .expect(200);
}

fn a_session_elsewhere_is_no_way_around_a_tenant_s_hours(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, id) = signed_in(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    let policy = format!("/api/tenants/{tenant}/policy");
    ada.patch(&policy, &json!({ "sessionTimeoutHours": 1 })).expect(200);
    let read = [
        format!("/api/tenants/{tenant}/users"),
        format!("/api/tenants/{tenant}/invitations"),
        format!("/api/tenants/{tenant}/audit"),
        policy,
    ];
    for (minutes, open) in [(59, true), (1, false)] {
        a_while_later(&app, minutes);
        for path in &read {
            if open {
                ada.get(path).expect(200);
            } else {
                refused(ada.get(path), 403, "REAUTHENTICATION_REQUIRED");
            }
        }
    }
    let renamed = ada.patch(&format!("/api/tenants/{tenant}"), &json!({ "name": "Eve's" }));
    refused(renamed, 403, "REAUTHENTICATION_REQUIRED");
    let left = ada.delete(&format!("/api/tenants/{tenant}/users/{id}"));
    refused(left, 403, "REAUTHENTICATION_REQUIRED");
    assert_eq!(tenants(&mut ada), [("Engines".to_owned(), false)]);
    prove(&mut ada);
    ada.get(&read[0]).expect(200);
    app.stop().unwrap();
}

// Proves: A65
fn an_open_session_is_not_enough_to_take_a_tenant_over(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, _) = signed_in(&app, "ada");
    verify(&app, "ada");
    let tenant = founded(&mut ada, "Engines");
    let (_, eve) = signed_in(&app, "eve");
    let (_, bob) = signed_in(&app, "bob");
    join(&app, &tenant, &eve, "member");
    join(&app, &tenant, &bob, "owner");
    a_while_later(&app, 10);

    let users = format!("/api/tenants/{tenant}/users");
    let owner = json!({ "roles": ["owner"] });
    refused(
        ada.patch(&format!("{users}/{eve}"), &owner),
        403,
        "REAUTHENTICATION_REQUIRED",
    );
    let viewer = json!({ "roles": ["viewer"] });
    refused(
        ada.patch(&format!("{users}/{bob}"), &viewer),
        403,
        "REAUTHENTICATION_REQUIRED",
    );
    refused(ada.delete(&format!("{users}/{bob}")), 403, "REAUTHENTICATION_REQUIRED");
    let invitations = format!("/api/tenants/{tenant}/invitations");
    let accomplice = json!({ "invitations": [{ "email": "mallory@example.com", "roles": ["owner"] }] });
    refused(ada.post(&invitations, &accomplice), 403, "REAUTHENTICATION_REQUIRED");
    assert_eq!(app.mails("mallory@example.com"), Vec::<Value>::new());
    // What makes no owner needs none.
    ada.patch(&format!("{users}/{eve}"), &json!({ "roles": ["admin"] }))
        .expect(200);

    prove(&mut ada);
    ada.patch(&format!("{users}/{eve}"), &owner).expect(200);
    ada.delete(&format!("{users}/{bob}")).expect(200);
    ada.post(&invitations, &accomplice).expect(200);
    app.stop().unwrap();
}
