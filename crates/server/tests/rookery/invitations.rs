//! Invitations, told from the mail to the membership.

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::tenants::{founded, signed_in, verify};
use super::test_app::TestApp;

const PASSWORD: &str = "towers above the town";

on_both_databases!(a_stranger_is_invited_and_works_in_the_tenant_at_once, in_a_file);
on_both_databases!(a_person_with_an_account_signs_in_and_joins, in_a_file);
on_both_databases!(whoever_took_the_address_first_keeps_no_way_in, in_a_file);
on_both_databases!(links_that_lead_nowhere_say_why, in_a_file);

/// Ada, who owns a tenant and may invite.
fn ada(app: &TestApp) -> (Browser, String) {
    let (mut ada, _) = signed_in(app, "ada");
    verify(app, "ada");
    let tenant = founded(&mut ada, "Analytical Engines");
    (ada, tenant)
}

fn invite(browser: &mut Browser, tenant: &str, email: &str, role: &str) -> Value {
    let draft = json!({ "email": email, "roles": [role], "note": "Come in,\nthe water is fine." });
    let path = format!("/api/tenants/{tenant}/invitations");
    let invited = browser
        .post(&path, &json!({ "invitations": [draft] }))
        .expect(200)
        .json();
    invited["invitations"][0].clone()
}

fn token(app: &TestApp, email: &str) -> String {
    app.mail(email, "invitation")["token"].as_str().unwrap().to_owned()
}

/// The token of a mail that is not this one.
fn another_token(app: &TestApp, email: &str, old: &str) -> String {
    for _ in 0..200 {
        let mails = app.mails(email);
        let mut tokens = mails.iter().filter_map(|mail| mail["token"].as_str());
        if let Some(token) = tokens.find(|token| *token != old) {
            return token.to_owned();
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("no other mail has come for {email}")
}

fn refused(answer: Answer, status: u16, code: &str) {
    assert_eq!(answer.expect(status).json()["code"], code);
}

fn show(browser: &mut Browser, token: &str) -> Answer {
    browser.post("/api/auth/invitations/show", &json!({ "token": token }))
}

fn accept(browser: &mut Browser, token: &str) -> Answer {
    let body = json!({ "token": token, "password": PASSWORD, "name": "Grace Hopper" });
    browser.post("/api/auth/invitations/accept", &body)
}

fn a_stranger_is_invited_and_works_in_the_tenant_at_once(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, tenant) = ada(&app);
    let invited = invite(&mut ada, &tenant, "grace@example.com", "admin");
    assert_eq!(
        (&invited["status"], &invited["invitation"]["state"]),
        (&json!("sent"), &json!("pending"))
    );
    let mail = app.mail("grace@example.com", "invitation");
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains("Analytical Engines") && text.contains("| Come in,"),
        "{text}"
    );
    let token = token(&app, "grace@example.com");
    let mut grace = app.browser();
    for _ in 0..2 {
        let shown = show(&mut grace, &token).expect(200).json();
        assert_eq!(shown["next"], "sign_up");
        assert_eq!(
            (&shown["tenantName"], &shown["expired"]),
            (&json!("Analytical Engines"), &json!(false))
        );
        assert_eq!(shown["invitedBy"]["email"], "ada@example.com");
    }
    let short = json!({ "token": token, "password": "short" });
    refused(
        grace.post("/api/auth/invitations/accept", &short),
        400,
        "VALIDATION_ERROR",
    );
    let joined = accept(&mut grace, &token).expect(201).json();
    assert_eq!(joined["tenant"]["roles"], json!(["admin"]));
    let session = grace.get("/api/auth/session").expect(200).json();
    assert_eq!(session["tenant"]["id"], json!(tenant));
    assert_eq!(session["user"]["emailVerified"], true);
    let members = ada.get(&format!("/api/tenants/{tenant}/users")).expect(200).json();
    assert_eq!(members["users"][1]["email"], "grace@example.com");
    app.mail("grace@example.com", "welcome");
    app.mail("ada@example.com", "invitation_accepted");
    refused(accept(&mut app.browser(), &token), 410, "INVITATION_ACCEPTED");
    let listed = ada
        .get(&format!("/api/tenants/{tenant}/invitations?state=accepted"))
        .expect(200)
        .json();
    assert_eq!(listed["invitations"][0]["email"], "grace@example.com");
    assert_eq!(
        invite(&mut ada, &tenant, "GRACE@example.com", "viewer")["status"],
        "already_member"
    );
    let wish = json!({ "email": "grace@example.com", "password": PASSWORD });
    app.browser().post("/api/auth/login", &wish).expect(200);
    app.stop().unwrap();
}

fn a_person_with_an_account_signs_in_and_joins(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, tenant) = ada(&app);
    let (mut grace, _) = signed_in(&app, "grace");
    verify(&app, "grace");
    let (mut eve, _) = signed_in(&app, "eve");
    let invited = invite(&mut ada, &tenant, "grace@example.com", "member");
    let stranger = invite(&mut ada, &tenant, "nobody@example.com", "member");
    let keys = |value: &Value| {
        value["invitation"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (keys(&invited), &invited["status"]),
        (keys(&stranger), &stranger["status"]),
        "nothing is told"
    );
    let token = token(&app, "grace@example.com");
    let mut nobody = app.browser();
    assert_eq!(show(&mut nobody, &token).expect(200).json()["next"], "sign_in");
    refused(accept(&mut nobody, &token), 401, "SIGN_IN_REQUIRED");
    assert_eq!(show(&mut eve, &token).expect(200).json()["next"], "sign_out");
    refused(accept(&mut eve, &token), 409, "SIGNED_IN_AS_SOMEONE_ELSE");
    assert_eq!(show(&mut grace, &token).expect(200).json()["next"], "join");
    let joined = accept(&mut grace, &token).expect(200).json();
    assert_eq!(
        (&joined["tenant"]["id"], &joined["user"]),
        (&json!(tenant), &Value::Null)
    );
    let switched = grace.post("/api/auth/switch-tenant", &json!({ "tenantId": tenant }));
    assert_eq!(switched.expect(200).json()["tenant"]["roles"], json!(["member"]));
    app.mail("grace@example.com", "tenant_joined");
    let more = grace.post(
        &format!("/api/tenants/{tenant}/invitations"),
        &json!({ "invitations": [{ "email": "alan@example.com", "roles": ["viewer"] }] }),
    );
    refused(more, 403, "FORBIDDEN_ROLE");
    app.stop().unwrap();
}

// Proves: A64
fn whoever_took_the_address_first_keeps_no_way_in(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, tenant) = ada(&app);
    let (mut squatter, _) = signed_in(&app, "grace");
    squatter
        .patch("/api/users/me", &json!({ "givenName": "Mallory", "language": "es" }))
        .expect(200);
    invite(&mut ada, &tenant, "grace@example.com", "member");
    let listed = squatter.get("/api/tenants").expect(200).json();
    assert_eq!(listed["tenants"], json!([]), "the account alone is worth nothing");
    let token = token(&app, "grace@example.com");
    let mut grace = app.browser();
    assert_eq!(show(&mut grace, &token).expect(200).json()["next"], "sign_up");
    accept(&mut grace, &token).expect(201);
    refused(squatter.get("/api/auth/session"), 401, "AUTHENTICATION_REQUIRED");
    let old = json!({ "email": "grace@example.com", "password": "correct horse battery" });
    refused(app.browser().post("/api/auth/login", &old), 401, "INVALID_CREDENTIALS");
    let profile = grace.get("/api/users/me").expect(200).json();
    assert_eq!(
        (&profile["name"], &profile["givenName"]),
        (&json!("Grace Hopper"), &Value::Null)
    );
    assert_eq!(profile["preferences"]["language"], "en");
    app.stop().unwrap();
}

fn links_that_lead_nowhere_say_why(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, tenant) = ada(&app);
    let path = |id: &Value, rest: &str| {
        let id = id["invitation"]["id"].as_str().unwrap();
        format!("/api/tenants/{tenant}/invitations/{id}{rest}")
    };
    let mut nobody = app.browser();
    refused(
        show(&mut nobody, "inv_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
        404,
        "INVITATION_NOT_FOUND",
    );
    let invited = invite(&mut ada, &tenant, "grace@example.com", "member");
    assert_eq!(
        invite(&mut ada, &tenant, "grace@example.com", "member")["status"],
        "already_invited"
    );
    let old = token(&app, "grace@example.com");
    let resent = ada.post(&path(&invited, "/resend"), &json!({})).expect(200).json();
    assert_eq!(resent["state"], "pending");
    refused(accept(&mut nobody, &old), 410, "INVITATION_SUPERSEDED");
    let newest = another_token(&app, "grace@example.com", &old);
    assert_eq!(show(&mut nobody, &newest).expect(200).json()["next"], "sign_up");
    ada.delete(&path(&invited, "")).expect(200);
    refused(accept(&mut nobody, &old), 410, "INVITATION_REVOKED");
    refused(
        ada.post(&path(&invited, "/resend"), &json!({})),
        409,
        "INVITATION_SETTLED",
    );

    invite(&mut ada, &tenant, "alan@example.com", "member");
    let declined = token(&app, "alan@example.com");
    nobody
        .post("/api/auth/invitations/decline", &json!({ "token": declined }))
        .expect(200);
    refused(show(&mut nobody, &declined), 410, "INVITATION_DECLINED");

    invite(&mut ada, &tenant, "hedy@example.com", "member");
    let late = token(&app, "hedy@example.com");
    let moment = if app.is_on_postgres() {
        "'2020-01-01T00:00:00Z'"
    } else {
        "'2020-01-01T00:00:00+00:00'"
    };
    app.execute(&format!(
        "UPDATE rookery_invitations SET expires_at = {moment} WHERE address = 'hedy@example.com'"
    ));
    assert_eq!(show(&mut nobody, &late).expect(200).json()["expired"], true);
    refused(accept(&mut nobody, &late), 410, "INVITATION_EXPIRED");
    app.stop().unwrap();
}
