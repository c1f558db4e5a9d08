//! The people who run the service, told from becoming staff to being none any more.

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::second_factor::{App, enrol};
use super::tenants::{founded, refused, signed_in, verify};
use super::test_app::TestApp;

const PASSWORD: &str = "correct horse battery";

on_both_databases!(
    staff_get_in_with_all_that_is_asked_of_them_and_nobody_else_finds_anything,
    in_a_file
);
on_both_databases!(support_helps_somebody_back_in_and_she_reads_what_was_done, in_a_file);
on_both_databases!(
    an_operator_suspends_and_restores_and_nobody_above_or_beside_them,
    in_a_file
);
on_both_databases!(an_operator_holds_releases_and_erases_an_account, in_a_file);
on_both_databases!(everything_staff_do_is_in_their_log, in_a_file);

/// An id as the database spells it.
fn spelt(app: &TestApp, id: &str) -> String {
    if app.is_on_postgres() {
        format!("'{id}'")
    } else {
        format!("x'{}'", id.replace('-', ""))
    }
}

/// Makes somebody staff behind the service's back, as the command line does before its eyes.
pub(super) fn employ(app: &TestApp, user: &str, role: &str) {
    let sql = format!(
        "INSERT INTO rookery_staff (user_id, role, granted_at) SELECT id, '{role}', created FROM users WHERE id = {}
         ON CONFLICT (user_id) DO UPDATE SET role = '{role}'",
        spelt(app, user)
    );
    assert_eq!(app.execute(&sql), 1);
}

/// Has somebody proved who they are so many hours ago.
pub(super) fn make_proof_older(app: &TestApp, user: &str, hours: i64) {
    let at = if app.is_on_postgres() {
        format!("now() - interval '{hours} hours'")
    } else {
        // With the microseconds and the zone that the service writes.
        format!("strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', 'now', '-{hours} hours')")
    };
    app.execute(&format!(
        "UPDATE rookery_sessions SET authenticated_at = {at} WHERE user_id = {}",
        spelt(app, user)
    ));
}

/// Somebody of the staff, with all that is asked of them.
pub(super) fn staffed(app: &TestApp, name: &str, role: &str) -> (Browser, App, String) {
    let (mut browser, id) = signed_in(app, name);
    verify(app, name);
    let (phone, _) = enrol(&mut browser);
    employ(app, &id, role);
    (browser, phone, id)
}

fn why() -> Value {
    json!({ "reason": "Ticket 4711" })
}

fn log_in(browser: &mut Browser, name: &str) -> Answer {
    let wish = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    browser.post("/api/auth/login", &wish)
}

/// What somebody reads of their own account: action, actor, and everything that could tell of the staff.
fn activity(browser: &mut Browser) -> Vec<Value> {
    let read = browser.get("/api/users/me/activity").expect(200).json();
    read["events"].as_array().unwrap().clone()
}

fn staff_get_in_with_all_that_is_asked_of_them_and_nobody_else_finds_anything(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut sue, sue_id) = signed_in(&app, "sue");
    let users = "/api/admin/users";
    refused(app.browser().get(users), 401, "AUTHENTICATION_REQUIRED");
    let nowhere = sue.get("/api/nowhere").expect(404);
    let hidden = sue.get(users).expect(404);
    let without_id = |answer: &Answer| {
        let mut body = answer.json();
        body.as_object_mut().unwrap().remove("requestId");
        body
    };
    assert_eq!(without_id(&hidden), without_id(&nowhere));

    employ(&app, &sue_id, "auditor");
    refused(sue.get(users), 403, "EMAIL_NOT_VERIFIED");
    verify(&app, "sue");
    refused(sue.get(users), 403, "SECOND_FACTOR_REQUIRED");
    let (phone, codes) = enrol(&mut sue);
    sue.get(users).expect(200);

    // A proof lasts a working day for looks. Afterwards the password is enough, for the session has shown the second factor.
    make_proof_older(&app, &sue_id, 7);
    sue.get(users).expect(200);
    make_proof_older(&app, &sue_id, 9);
    refused(sue.get(users), 403, "REAUTHENTICATION_REQUIRED");
    sue.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD }))
        .expect(200);
    sue.get(users).expect(200);

    // A browser that is trusted to sign in without the second factor has shown none.
    let mut laptop = app.browser();
    log_in(&mut laptop, "sue").expect(200);
    let trusting = json!({ "recoveryCode": codes[0], "trustDevice": true });
    laptop.post("/api/auth/login/second-factor", &trusting).expect(200);
    laptop.get(users).expect(200);
    laptop.post("/api/auth/logout", &json!({})).expect(200);
    log_in(&mut laptop, "sue").expect(200);
    refused(laptop.get(users), 403, "SECOND_FACTOR_PROOF_REQUIRED");
    let shown = json!({ "code": phone.code(1) });
    laptop.post("/api/auth/reauthenticate", &shown).expect(200);
    laptop.get(users).expect(200);

    // Whoever is staff no more finds nothing with their next request.
    app.execute("DELETE FROM rookery_staff");
    refused(sue.get(users), 404, "NOT_FOUND");
    app.stop().unwrap();
}

fn support_helps_somebody_back_in_and_she_reads_what_was_done(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, ada_id) = signed_in(&app, "ada");
    let engines = founded(&mut ada, "Engines");
    let (mut sue, _, sue_id) = staffed(&app, "sue", "support");
    let hers = |rest: &str| format!("/api/admin/users/{ada_id}{rest}");

    let found = sue.get("/api/admin/users?query=ADA").expect(200).json();
    assert_eq!(found["users"].as_array().unwrap().len(), 1);
    assert_eq!(found["users"][0]["id"], json!(ada_id));
    let file = sue.get(&hers("?reason=Ticket%204711")).expect(200);
    for secret in ["token", "hash", "digest", "argon2", "secret"] {
        assert!(!file.text.to_lowercase().contains(secret), "{secret}: {}", file.text);
    }
    let file = file.json();
    assert_eq!(file["memberships"][0]["tenantId"], json!(engines));
    assert_eq!(file["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(file["secondFactors"]["authenticatorSince"], Value::Null);
    let tenant = sue.get(&format!("/api/admin/tenants/{engines}")).expect(200).json();
    assert_eq!(
        (&tenant["memberCount"], &tenant["members"][0]["id"]),
        (&json!(1), &json!(ada_id))
    );
    let tenants = sue.get("/api/admin/tenants?query=eng").expect(200).json();
    assert_eq!(tenants["tenants"][0]["id"], json!(engines));

    // Signed out everywhere, by a mail that says so.
    let ended = sue.send_delete(&hers("/sessions"), &why()).expect(200).json();
    assert_eq!(ended["ended"], json!(1));
    refused(ada.get("/api/users/me"), 401, "AUTHENTICATION_REQUIRED");
    let mail = app.mail("ada@example.com", "sessions_ended");
    assert!(mail["subject"].as_str().unwrap().contains("signed out"), "{mail}");
    let ended = sue.send_delete(&hers("/sessions"), &why()).expect(200).json();
    assert_eq!(ended["ended"], json!(0));

    // Back in by mails that lead there.
    sue.post(&hers("/send-verification"), &why()).expect(200);
    let mails = app.mails("ada@example.com");
    let mail = mails.iter().find(|mail| mail["kind"] == "verify_email").unwrap();
    let token = json!({ "token": mail["token"] });
    app.browser().post("/api/auth/verify-email", &token).expect(200);
    refused(
        sue.post(&hers("/send-verification"), &why()),
        409,
        "EMAIL_ALREADY_VERIFIED",
    );
    sue.post(&hers("/send-password-reset"), &why()).expect(200);
    let mail = app.mail("ada@example.com", "reset_password");
    let reset = json!({ "token": mail["token"], "newPassword": "battery of another horse" });
    app.browser().post("/api/auth/reset-password", &reset).expect(200);
    let again = json!({ "email": "ada@example.com", "password": "battery of another horse" });
    ada.post("/api/auth/login", &again).expect(200);

    // She reads what was done, and not by whom.
    let read = activity(&mut ada);
    let by_staff: Vec<&Value> = read.iter().filter(|event| event["actor"] == "staff").collect();
    let what: Vec<&str> = by_staff.iter().map(|event| event["what"].as_str().unwrap()).collect();
    assert_eq!(
        what,
        [
            "Support sent a mail to reset the password",
            "Support sent a verification mail",
            "Support ended all sessions",
            "Support looked at the account",
        ]
    );
    for event in by_staff {
        for key in ["address", "device", "sessionId", "requestId"] {
            assert_eq!(event[key], Value::Null, "{key}: {event}");
        }
        assert!(!event.to_string().contains(&sue_id), "{event}");
    }

    // What is not support's to do is refused, and written down.
    refused(sue.post(&hers("/suspend"), &why()), 403, "FORBIDDEN_ROLE");
    refused(sue.post(&hers("/suspend"), &json!({})), 400, "VALIDATION_ERROR");
    let nobody = "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001";
    refused(sue.get(nobody), 404, "USER_NOT_FOUND");
    let log = sue.get("/api/admin/log?outcome=failure").expect(200).json();
    let refused: Vec<(&str, &str)> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["action"].as_str().unwrap(), entry["refused"].as_str().unwrap()))
        .collect();
    assert_eq!(
        refused,
        [
            ("staff.user_looked_at", "not_there"),
            ("staff.user_suspended", "role"),
            ("staff.verification_mailed", "verified"),
        ]
    );
    app.stop().unwrap();
}

// Proves: ASVS 7.4.5
fn an_operator_suspends_and_restores_and_nobody_above_or_beside_them(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, ada_id) = signed_in(&app, "ada");
    let (mut olga, _, olga_id) = staffed(&app, "olga", "operator");
    let (mut otto, _, otto_id) = staffed(&app, "otto", "operator");
    let (_, _, sue_id) = staffed(&app, "sue", "support");
    let path = |id: &str, deed: &str| format!("/api/admin/users/{id}/{deed}");

    let unknown = log_in(&mut app.browser(), "nobody").expect(401);
    let suspended = olga.post(&path(&ada_id, "suspend"), &why()).expect(200).json();
    assert_eq!(suspended["ended"], json!(1));
    refused(ada.get("/api/users/me"), 401, "AUTHENTICATION_REQUIRED");
    let refusal = log_in(&mut ada, "ada").expect(401);
    assert_eq!(
        refusal.json()["error"],
        unknown.json()["error"],
        "a stranger learns nothing"
    );
    let forgot = json!({ "email": "ada@example.com" });
    app.browser().post("/api/auth/forgot-password", &forgot).expect(200);
    refused(
        olga.post(&path(&ada_id, "send-password-reset"), &why()),
        409,
        "ACCOUNT_SUSPENDED",
    );
    let file = olga
        .get(&path(&ada_id, "")[..path(&ada_id, "").len() - 1])
        .expect(200)
        .json();
    assert!(file["suspendedAt"].is_string() && file["sessions"] == json!([]));
    olga.post(&path(&ada_id, "suspend"), &why()).expect(200);
    olga.post(&path(&ada_id, "restore"), &why()).expect(200);
    log_in(&mut ada, "ada").expect(200);
    let mails = app.mails("ada@example.com");
    assert!(
        mails.iter().all(|mail| mail["kind"] != "reset_password"),
        "nothing leads into it"
    );
    let read = activity(&mut ada);
    let by_staff: Vec<&str> = read
        .iter()
        .filter(|event| event["actor"] == "staff")
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        by_staff,
        ["user.enabled", "user.looked_at", "user.disabled"],
        "once each"
    );

    // Not themselves, not each other; but support, whose session is over at once.
    for deed in ["suspend", "restore"] {
        refused(olga.post(&path(&olga_id, deed), &why()), 403, "FORBIDDEN_ON_ONESELF");
        refused(olga.post(&path(&otto_id, deed), &why()), 403, "STAFF_PROTECTED");
    }
    otto.get("/api/admin/users").expect(200);
    olga.post(&path(&sue_id, "suspend"), &why()).expect(200);

    // A change needs a proof of the last ten minutes, and a role that is lower now decides no more.
    make_proof_older(&app, &olga_id, 1);
    refused(
        olga.post(&path(&ada_id, "suspend"), &why()),
        403,
        "REAUTHENTICATION_REQUIRED",
    );
    olga.get("/api/admin/users").expect(200);
    olga.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD }))
        .expect(200);
    employ(&app, &olga_id, "support");
    refused(olga.post(&path(&ada_id, "suspend"), &why()), 403, "FORBIDDEN_ROLE");
    ada.get("/api/users/me").expect(200);
    app.stop().unwrap();
}

fn an_operator_holds_releases_and_erases_an_account(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, ada_id) = signed_in(&app, "ada");
    let (mut bob, bob_id) = signed_in(&app, "bob");
    let (mut olga, _, olga_id) = staffed(&app, "olga", "operator");
    let (_, _, otto_id) = staffed(&app, "otto", "operator");
    let (mut sue, _, _) = staffed(&app, "sue", "support");
    let path = |id: &str, deed: &str| format!("/api/admin/users/{id}{deed}");
    let named = |name: &str| json!({ "reason": "Case 12", "confirmation": name });
    for deed in ["/hold", "/release", "/erase"] {
        refused(sue.post(&path(&ada_id, deed), &named(&ada_id)), 403, "FORBIDDEN_ROLE");
        let oneself = olga.post(&path(&olga_id, deed), &named(&olga_id));
        refused(oneself, 403, "FORBIDDEN_ON_ONESELF");
        refused(
            olga.post(&path(&otto_id, deed), &named(&otto_id)),
            403,
            "STAFF_PROTECTED",
        );
    }

    // She wants to go; a court wants her to stay. She does not read of it, and staff do.
    let wish = json!({ "confirmation": "DELETE", "password": PASSWORD });
    bob.send_delete("/api/users/me", &wish).expect(202);
    let file = olga.get(&path(&bob_id, "")).expect(200).json();
    assert!(file["deletion"]["requestedAt"].is_string() && file["deletion"]["scheduledFor"].is_string());
    assert_eq!(file["hold"], Value::Null);
    refused(olga.post(&path(&ada_id, "/release"), &why()), 409, "NOT_ON_LEGAL_HOLD");
    let court = json!({ "reason": "Court order 7/2026" });
    olga.post(&path(&ada_id, "/hold"), &court).expect(200);
    let file = sue.get(&path(&ada_id, "")).expect(200).json();
    assert_eq!(file["hold"]["reason"], json!("Court order 7/2026"));
    assert_eq!(file["deletion"], Value::Null);
    let read = activity(&mut ada);
    assert!(!format!("{read:?}").to_lowercase().contains("hold"), "{read:?}");
    let erase = path(&ada_id, "/erase");
    refused(olga.post(&erase, &named(&ada_id)), 409, "ON_LEGAL_HOLD");
    ada.get("/api/users/me").expect(200);
    olga.post(&path(&ada_id, "/release"), &why()).expect(200);

    // Whoever shares a tenant that would be without an owner comes first.
    let engines = founded(&mut ada, "Engines");
    let roles = if app.is_on_postgres() {
        "CAST('{viewer}' AS text[])"
    } else {
        "'[\"viewer\"]'"
    };
    let join = |tenant: &str, user: &str| {
        format!(
            "INSERT INTO tenant_users (tenant_id, user_id, roles) VALUES ({}, {}, {roles})",
            spelt(&app, tenant),
            spelt(&app, user)
        )
    };
    app.execute(&join(&engines, &olga_id));
    let in_the_way = olga.post(&erase, &named("ADA@example.com")).expect(409).json();
    assert_eq!(in_the_way["code"], json!("TENANTS_NEED_OWNER"));
    assert_eq!(in_the_way["tenants"][0]["id"], json!(engines));
    app.execute(&format!(
        "DELETE FROM tenant_users WHERE user_id = {}",
        spelt(&app, &olga_id)
    ));

    // The account is named twice, by a proof of the last ten minutes; then it is gone, with its tenant.
    refused(olga.post(&erase, &named("bob@example.com")), 400, "VALIDATION_ERROR");
    make_proof_older(&app, &olga_id, 1);
    refused(olga.post(&erase, &named(&ada_id)), 403, "REAUTHENTICATION_REQUIRED");
    olga.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD }))
        .expect(200);
    let erased = olga.post(&erase, &named("ADA@example.com")).expect(200).json();
    assert!(erased["receiptId"].is_string() && erased["erasedAt"].is_string());
    refused(ada.get("/api/users/me"), 401, "AUTHENTICATION_REQUIRED");
    log_in(&mut ada, "ada").expect(401);
    refused(olga.get(&path(&ada_id, "")), 404, "USER_NOT_FOUND");
    refused(olga.post(&erase, &named(&ada_id)), 404, "USER_NOT_FOUND");
    let tenant = format!("/api/admin/tenants/{engines}");
    refused(olga.get(&tenant), 404, "TENANT_NOT_FOUND");

    // The log says who did it and why, and no more why anything was done to her before.
    let log = olga.get("/api/admin/log?limit=100").expect(200).json();
    let about: Vec<(&str, &str, &Value)> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["target"] == json!(format!("user:{ada_id}")) && entry["outcome"] == "success")
        .map(|entry| {
            assert!(entry["userId"].is_string(), "{entry}");
            let word = entry["action"].as_str().unwrap();
            (word, entry["outcome"].as_str().unwrap(), &entry["reason"])
        })
        .collect();
    let case = json!("Case 12");
    assert_eq!(
        about,
        [
            ("staff.user_erased", "success", &case),
            ("staff.user_released", "success", &Value::Null),
            ("staff.user_looked_at", "success", &Value::Null),
            ("staff.user_held", "success", &Value::Null),
        ]
    );
    app.stop().unwrap();
}

fn everything_staff_do_is_in_their_log(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_RATE_LIMITS", "default")]);
    let (_, ada_id) = signed_in(&app, "ada");
    let (mut olga, _, olga_id) = staffed(&app, "olga", "operator");
    let suspend = format!("/api/admin/users/{ada_id}/suspend");
    olga.get("/api/admin/users?query=ada%40&reason=Case%2012").expect(200);
    let suspended = olga.post(&suspend, &json!({ "reason": "Spam, case 12" })).expect(200);
    olga.get("/api/admin/tenants").expect(200);
    olga.get("/api/admin/log").expect(200);
    let page = olga.get("/api/admin/log?limit=3").expect(200);
    let first = page.json();
    let entries = first["entries"].as_array().unwrap();
    let actions: Vec<&str> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        ["staff.log_read", "staff.tenants_searched", "staff.user_suspended"]
    );
    let entry = &entries[2];
    assert_eq!(entry["userId"], json!(olga_id));
    assert_eq!(entry["target"], json!(format!("user:{ada_id}")));
    assert_eq!(entry["reason"], json!("Spam, case 12"));
    assert_eq!(entry["address"], json!("127.0.0.1"));
    assert_eq!(entry["requestId"], json!(suspended.header("x-request-id")));
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = olga.get(&format!("/api/admin/log?cursor={cursor}")).expect(200).json();
    let searched = &rest["entries"][0];
    assert_eq!(
        (&searched["query"], &searched["reason"]),
        (&json!("ada@"), &json!("Case 12"))
    );

    // Sixty looks a minute, and no more.
    let looks = (0..61).map(|_| olga.get("/api/admin/users?limit=1"));
    let last = looks.last().unwrap();
    refused(last, 429, "RATE_LIMIT_EXCEEDED");
    app.stop().unwrap();
}
