//! The table *operation → who may*: it names every operation of the document, and every row is played, by somebody who is not
//! signed in, by a member of another tenant, and by a member of each role; what staff may also by staff of each role, by staff
//! without a second factor and by staff whose proof is too old.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::staff::{employ, make_proof_older, staffed};
use super::tenants::{founded, join, signed_in, verify};
use super::test_app::TestApp;

on_both_databases!(every_operation_is_in_the_table_and_every_row_is_true, in_a_file);

/// Who may do something.
#[derive(Clone, Copy, PartialEq)]
enum Who {
    /// Whoever asks.
    Anybody,
    /// Whoever holds a session.
    SignedIn,
    /// Whoever holds a session and has one of these roles in the tenant that is named.
    Members(&'static [&'static str]),
    /// Whoever holds a session, and is staff of one of these roles. For everybody else it is not there.
    Staff(&'static [&'static str]),
}
use Who::{Anybody, Members, SignedIn, Staff};

const ALL: &[&str] = &["owner", "admin", "member", "viewer"];
const MANAGERS: &[&str] = &["owner", "admin"];
const OWNERS: &[&str] = &["owner"];

const STAFF: &[&str] = &["auditor", "support", "operator"];
const HELPERS: &[&str] = &["support", "operator"];
const OPERATORS: &[&str] = &["operator"];

const TABLE: &[(&str, Who)] = &[
    ("signUp", Anybody),
    ("logIn", Anybody),
    ("proveSecondFactor", Anybody),
    ("logOut", SignedIn),
    ("currentSession", SignedIn),
    ("listSessions", SignedIn),
    ("endOtherSessions", SignedIn),
    ("endSession", SignedIn),
    ("reauthenticate", SignedIn),
    ("forgotPassword", Anybody),
    ("resetPassword", Anybody),
    ("verifyEmail", Anybody),
    ("resendVerification", Anybody),
    ("readProfile", SignedIn),
    ("updateProfile", SignedIn),
    ("showPicture", SignedIn),
    ("removePicture", SignedIn),
    ("readPicture", Anybody),
    ("changePassword", SignedIn),
    ("changeEmail", SignedIn),
    ("cancelEmailChange", SignedIn),
    ("confirmEmail", Anybody),
    ("undoChange", Anybody),
    ("unlock", Anybody),
    ("deleteAccount", SignedIn),
    ("deletionOutlook", SignedIn),
    ("cancelDeletion", Anybody),
    ("secondFactorStatus", SignedIn),
    ("enrolTotp", SignedIn),
    ("confirmTotp", SignedIn),
    ("removeTotp", SignedIn),
    ("renewRecoveryCodes", SignedIn),
    ("forgetTrustedDevices", SignedIn),
    ("forgetTrustedDevice", SignedIn),
    ("requestExport", SignedIn),
    ("listExports", SignedIn),
    ("readExport", SignedIn),
    ("downloadExport", SignedIn),
    ("readConsents", SignedIn),
    ("decideConsents", SignedIn),
    ("readActivity", SignedIn),
    ("readTenantAudit", Members(OWNERS)),
    ("listTenants", SignedIn),
    ("foundTenant", SignedIn),
    ("switchTenant", Members(ALL)),
    ("renameTenant", Members(MANAGERS)),
    ("readPolicy", Members(MANAGERS)),
    ("changePolicy", Members(OWNERS)),
    ("invite", Members(MANAGERS)),
    ("listInvitations", Members(MANAGERS)),
    ("resendInvitation", Members(MANAGERS)),
    ("revokeInvitation", Members(MANAGERS)),
    ("showInvitation", Anybody),
    ("acceptInvitation", Anybody),
    ("declineInvitation", Anybody),
    ("listMembers", Members(ALL)),
    ("assignRoles", Members(MANAGERS)),
    ("removeMember", Members(MANAGERS)),
    ("transferOwnership", Members(OWNERS)),
    ("findUsers", Staff(STAFF)),
    ("showUser", Staff(STAFF)),
    ("endUserSessions", Staff(HELPERS)),
    ("sendPasswordReset", Staff(HELPERS)),
    ("sendVerification", Staff(HELPERS)),
    ("suspendUser", Staff(OPERATORS)),
    ("restoreUser", Staff(OPERATORS)),
    ("holdUser", Staff(OPERATORS)),
    ("releaseUser", Staff(OPERATORS)),
    ("eraseUser", Staff(OPERATORS)),
    ("findTenants", Staff(STAFF)),
    ("showTenant", Staff(STAFF)),
    ("readStaffLog", Staff(STAFF)),
    ("health", Anybody),
    ("live", Anybody),
    ("ready", Anybody),
    ("openApiDocument", Anybody),
    ("docsPage", Anybody),
    ("docsFile", Anybody),
];

/// An operation as the document has it.
#[derive(Clone)]
struct Operation {
    id: String,
    method: String,
    path: String,
}

fn operations(app: &TestApp) -> Vec<Operation> {
    let document = app.browser().get("/api/openapi.json").expect(200).json();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
            });
        }
    }
    operations
}

impl Operation {
    /// The same about this invitation.
    fn about(&self, invitation: &str) -> Self {
        Self {
            path: self.path.replace("{invitationId}", invitation),
            ..self.clone()
        }
    }

    /// Asks for it in this browser, about this tenant and this person.
    fn ask(&self, browser: &mut Browser, tenant: &str, user: &str) -> Answer {
        let path = self
            .path
            .replace("{tenantId}", tenant)
            .replace("{userId}", user)
            .replace("{invitationId}", user)
            .replace("{file}", "index.css")
            .replace("{hash}", &"0".repeat(64))
            .replace("/admin/tenants/{id}", &format!("/admin/tenants/{tenant}"))
            .replace("{id}", user);
        let body = json!({
            "tenantId": tenant, "userId": user, "name": "Engines", "roles": ["viewer"],
            "invitations": [{ "email": "invited@example.com", "roles": ["viewer"] }],
            "passwordMinLength": 9, "reason": "Ticket 4711", "confirmation": user,
        });
        match self.method.as_str() {
            "GET" => browser.get(&path),
            "POST" => browser.post(&path, &body),
            "PATCH" => browser.patch(&path, &body),
            "PUT" => browser.put_picture(&path, "image/png", b"no picture"),
            "DELETE" if path.starts_with("/api/admin/") => browser.send_delete(&path, &body),
            "DELETE" => browser.delete(&path),
            other => panic!("{other} is played by nobody"),
        }
    }
}

fn code(answer: &Answer) -> Value {
    serde_json::from_str::<Value>(&answer.text).map_or(Value::Null, |body| body["code"].clone())
}

/// An invitation of the tenant that waits.
fn invited(owner: &mut Browser, tenant: &str, email: &str) -> String {
    let drafts = json!({ "invitations": [{ "email": email, "roles": ["viewer"] }] });
    let path = format!("/api/tenants/{tenant}/invitations");
    let told = owner.post(&path, &drafts).expect(200).json();
    told["invitations"][0]["invitation"]["id"].as_str().unwrap().to_owned()
}

/// What somebody without the right hears: one is not told of the audit log that there is a tenant.
fn refusal(operation: &str) -> (u16, &'static str) {
    match operation {
        "readTenantAudit" => (404, "TENANT_NOT_FOUND"),
        _ => (403, "FORBIDDEN_ROLE"),
    }
}

/// Staff of each role, and staff who lack something.
struct OnDuty {
    by_role: Vec<(&'static str, Browser, String)>,
    without_factor: Browser,
    without_proof: Browser,
}

/// Whom the operation is about, as it needs them: whoever is released is on hold, whoever is erased is there.
fn ready_for(operation: &str, app: &TestApp, role: &str, target: &str) -> String {
    match operation {
        "releaseUser" => {
            app.execute(
                "INSERT INTO rookery_legal_holds (user_id, placed_at, reason) SELECT id, created, 'court' FROM users \
                 WHERE email = 'target@example.com' ON CONFLICT (user_id) DO NOTHING",
            );
            target.to_owned()
        }
        "eraseUser" => {
            let (_, id) = signed_in(app, &format!("erased-by-{role}"));
            id
        }
        _ => target.to_owned(),
    }
}

impl OnDuty {
    fn of(app: &TestApp) -> Self {
        let by_role = STAFF.iter().map(|role| {
            let (browser, _, id) = staffed(app, &format!("staff-{role}"), role);
            (*role, browser, id)
        });
        let by_role = by_role.collect();
        let (without_factor, id) = signed_in(app, "staff-without-factor");
        verify(app, "staff-without-factor");
        employ(app, &id, "operator");
        let (without_proof, _, id) = staffed(app, "staff-without-proof", "operator");
        make_proof_older(app, &id, 9);
        Self {
            by_role,
            without_factor,
            without_proof,
        }
    }

    fn play(&mut self, operation: &Operation, allowed: &[&str], app: &TestApp, (tenant, target): (&str, &str)) {
        let name = operation.id.as_str();
        let changes = operation.method != "GET";
        for (role, browser, id) in &mut self.by_role {
            app.execute("UPDATE rookery_credentials SET disabled_at = NULL");
            let target = &ready_for(name, app, role, target);
            let answer = operation.ask(browser, tenant, target);
            if allowed.contains(role) {
                assert_eq!(answer.status, 200, "{name} by {role}: {}", answer.text);
            } else {
                assert_eq!(
                    (answer.status, code(&answer)),
                    (403, json!("FORBIDDEN_ROLE")),
                    "{name} by {role}"
                );
            }
            if changes && allowed.contains(role) {
                make_proof_older(app, id, 1);
                let answer = operation.ask(browser, tenant, target);
                let needed = json!("REAUTHENTICATION_REQUIRED");
                assert_eq!((answer.status, code(&answer)), (403, needed), "{name} by {role}");
                make_proof_older(app, id, 0);
            }
        }
        for (browser, needed) in [
            (&mut self.without_factor, "SECOND_FACTOR_REQUIRED"),
            (&mut self.without_proof, "REAUTHENTICATION_REQUIRED"),
        ] {
            let answer = operation.ask(browser, tenant, target);
            assert_eq!((answer.status, code(&answer)), (403, json!(needed)), "{name}");
        }
    }
}

// Proves: ASVS 8.1.1, 8.2.1, 8.2.2
fn every_operation_is_in_the_table_and_every_row_is_true(database: TestDatabase) {
    let app = TestApp::on(database);
    let operations = operations(&app);
    let documented: BTreeSet<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
    let known: BTreeSet<&str> = TABLE.iter().map(|(id, _)| *id).collect();
    assert_eq!(documented, known, "the document on the left, the table on the right");
    assert_eq!(known.len(), TABLE.len(), "each has one row");

    let (mut owner, owner_id) = signed_in(&app, "owner");
    let tenant = founded(&mut owner, "Engines");
    let (mut stranger, _) = signed_in(&app, "stranger");
    founded(&mut stranger, "Elsewhere");
    let (_, target) = signed_in(&app, "target");
    let mut people = Vec::new();
    verify(&app, "owner");
    for role in ALL {
        let (browser, id) = signed_in(&app, &format!("the-{role}"));
        verify(&app, &format!("the-{role}"));
        people.push((*role, browser, id));
    }
    let mut on_duty = OnDuty::of(&app);
    for operation in &operations {
        let (_, who) = TABLE.iter().find(|(id, _)| *id == operation.id).unwrap();
        let name = operation.id.as_str();
        let anonymous = operation.ask(&mut app.browser(), &tenant, &target);
        let is_refused = anonymous.status == 401 && code(&anonymous) == "AUTHENTICATION_REQUIRED";
        assert_eq!(is_refused, *who != Anybody, "{name}: {}", anonymous.text);
        if let Staff(allowed) = who {
            on_duty.play(operation, allowed, &app, (&tenant, &target));
            let answer = operation.ask(&mut stranger, &tenant, &target);
            assert_eq!((answer.status, code(&answer)), (404, json!("NOT_FOUND")), "{name}");
        }
        let Members(allowed) = who else { continue };
        let answer = operation.ask(&mut stranger, &tenant, &target);
        assert_eq!(
            (answer.status, code(&answer)),
            (404, json!("TENANT_NOT_FOUND")),
            "{name}"
        );
        for (role, browser, id) in &mut people {
            // As they were before whatever was done last: the tenant has an owner besides.
            join(&app, &tenant, &owner_id, "owner");
            join(&app, &tenant, &target, "member");
            join(&app, &tenant, id, role);
            let answer = if operation.path.contains("{invitationId}") {
                let waiting = invited(&mut owner, &tenant, &format!("{name}-{role}@example.com"));
                operation.about(&waiting).ask(browser, &tenant, &target)
            } else {
                operation.ask(browser, &tenant, &target)
            };
            if allowed.contains(role) {
                assert_eq!(answer.status, 200, "{name} by {role}: {}", answer.text);
            } else {
                let (status, word) = refusal(name);
                assert_eq!(
                    (answer.status, code(&answer)),
                    (status, json!(word)),
                    "{name} by {role}"
                );
            }
        }
    }
    app.stop().unwrap();
}
