//! Looking back: a person at their account, an owner at their tenant.

use serde_json::{Value, json};

use super::browser::Browser;
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const PASSWORD: &str = "correct horse battery";
const LAPTOP: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";
const FORMULA: &str = "=HYPERLINK(\"http://evil.example\")";

on_both_databases!(ada_sees_what_happened_to_her_account);
on_both_databases!(pages_lead_through_everything_once);
on_both_databases!(a62_a_tenant_s_log_is_its_owner_s_as_long_as_they_own_it, in_a_file);

fn sign_up(app: &TestApp, email: &str, company: Option<&str>) {
    let mut wish = json!({ "email": email, "password": PASSWORD });
    if let Some(company) = company {
        wish["companyName"] = json!(company);
    }
    app.browser().post("/api/auth/signup", &wish).expect(201);
}

fn log_in(app: &TestApp, email: &str, user_agent: &'static str) -> Browser {
    let mut browser = app.browser().calling_itself(user_agent);
    let wish = json!({ "email": email, "password": PASSWORD });
    browser.post("/api/auth/login", &wish).expect(200);
    browser
}

fn events(browser: &mut Browser, path: &str) -> Vec<Value> {
    browser.get(path).expect(200).json()["events"]
        .as_array()
        .unwrap()
        .clone()
}

fn words(events: &[Value]) -> Vec<(&str, &str)> {
    events
        .iter()
        .map(|event| (event["action"].as_str().unwrap(), event["outcome"].as_str().unwrap()))
        .collect()
}

fn ada_sees_what_happened_to_her_account(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA, None);
    sign_up(&app, BOB, None);
    let guess = json!({ "email": ADA, "password": "guessed by a stranger" });
    app.browser()
        .calling_itself(FORMULA)
        .post("/api/auth/login", &guess)
        .expect(401);
    let mut laptop = log_in(&app, ADA, LAPTOP);
    let mut other = log_in(&app, ADA, FORMULA);
    log_in(&app, BOB, LAPTOP);
    laptop.patch("/api/users/me", &json!({ "theme": "dark" })).expect(200);

    let seen = events(&mut laptop, "/api/users/me/activity");
    assert_eq!(
        words(&seen),
        [
            ("user.updated", "success"),
            ("session.created", "success"),
            ("session.created", "success"),
            ("session.created", "failure"),
            ("user.created", "success"),
        ],
        "the newest first, what a stranger tried too, and nothing of Bob's"
    );
    let (first, guessed) = (&seen[2], &seen[3]);
    assert_eq!((&first["what"], &first["actor"]), (&json!("Signed in"), &json!("user")));
    assert_eq!(first["device"]["words"], "Firefox on Linux");
    assert_eq!(first["address"], "127.0.0.1");
    assert_eq!(first["current"], true);
    assert_eq!(seen[1]["current"], false);
    assert_eq!(guessed["what"], "A sign-in was refused");
    assert_eq!(
        (&guessed["actor"], &guessed["sessionId"]),
        (&json!("anonymous"), &Value::Null)
    );
    assert!(guessed["requestId"].is_string());
    assert_eq!(events(&mut other, "/api/users/me/activity")[1]["current"], true);

    let failed = events(
        &mut laptop,
        "/api/users/me/activity?outcome=failure&action=session.created",
    );
    assert_eq!(failed, std::slice::from_ref(guessed));
    let from = guessed["at"].as_str().unwrap();
    let earlier = events(&mut laptop, &format!("/api/users/me/activity?to={from}"));
    assert_eq!(words(&earlier), [("user.created", "success")]);

    let table = laptop.get("/api/users/me/activity?format=csv").expect(200);
    assert!(
        table
            .header("content-disposition")
            .starts_with("attachment; filename=\"activity-")
    );
    assert_eq!(table.text.lines().count(), 6);
    assert!(
        !table.text.contains("HYPERLINK"),
        "what a client calls itself is not repeated"
    );
    app.browser().get("/api/users/me/activity").expect(401);
    app.stop().unwrap();
}

fn pages_lead_through_everything_once(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA, None);
    let mut laptop = log_in(&app, ADA, LAPTOP);
    for theme in ["dark", "light", "system"] {
        laptop.patch("/api/users/me", &json!({ "theme": theme })).expect(200);
    }
    let all = events(&mut laptop, "/api/users/me/activity?limit=100");
    assert_eq!(all.len(), 5);
    let mut path = "/api/users/me/activity?limit=2".to_owned();
    let mut paged: Vec<Value> = Vec::new();
    loop {
        let page = laptop.get(&path).expect(200);
        let (link, body) = (page.header("link").to_owned(), page.json());
        paged.extend(body["events"].as_array().unwrap().clone());
        // It goes on while something is written.
        laptop.patch("/api/users/me", &json!({ "theme": "dark" })).expect(200);
        let Some(cursor) = body["nextCursor"].as_str() else {
            assert_eq!(link, "");
            break;
        };
        assert_eq!(link, format!("<?limit=2&cursor={cursor}>; rel=\"next\""));
        path = format!("/api/users/me/activity?limit=2&cursor={cursor}");
    }
    assert_eq!(paged, all);
    app.stop().unwrap();
}

// Proves: A62
fn a62_a_tenant_s_log_is_its_owner_s_as_long_as_they_own_it(database: TestDatabase) {
    let app = TestApp::on(database);
    sign_up(&app, ADA, Some("Analytical Engines"));
    sign_up(&app, BOB, Some("Other Engines"));
    let mut ada = log_in(&app, ADA, LAPTOP);
    let mut bob = log_in(&app, BOB, LAPTOP);
    ada.patch("/api/users/me", &json!({ "theme": "dark" })).expect(200);
    let tenant_of = |browser: &mut Browser| {
        let session = browser.get("/api/auth/session").expect(200).json();
        session["tenant"]["id"].as_str().unwrap().to_owned()
    };
    let (hers, his) = (tenant_of(&mut ada), tenant_of(&mut bob));
    let path = format!("/api/tenants/{hers}/audit");
    assert_eq!(
        words(&events(&mut ada, &path)),
        [
            ("user.updated", "success"),
            ("session.created", "success"),
            ("user.created", "success"),
        ]
    );
    assert_eq!(
        words(&events(&mut bob, &format!("/api/tenants/{his}/audit"))),
        [("session.created", "success"), ("user.created", "success")]
    );
    let table = ada.get(&format!("{path}?format=csv")).expect(200);
    assert!(
        table
            .header("content-disposition")
            .starts_with("attachment; filename=\"audit-")
    );

    let refused = |browser: &mut Browser, path: &str| {
        let mut body = browser.get(path).expect(404).json();
        assert!(body.as_object_mut().unwrap().remove("requestId").is_some());
        body
    };
    let expected = json!({ "error": "Tenant not found", "code": "TENANT_NOT_FOUND" });
    for id in [hers.as_str(), "0199d2f0-7c00-7000-8000-000000000001", "hers", "%00"] {
        assert_eq!(refused(&mut bob, &format!("/api/tenants/{id}/audit")), expected, "{id}");
    }
    app.browser().get(&path).expect(401);

    app.execute("UPDATE tenant_users SET deleted = created");
    assert_eq!(refused(&mut ada, &path), expected, "her session is as live as before");
    ada.get("/api/users/me/activity").expect(200);
    app.stop().unwrap();
}
