//! Everything that can be changed is changed once, on a server that logs all it can. Then three questions: did every change
//! write down who did what, does the log keep everybody's secrets, and does whoever steals the database find one he can use?

mod deeds;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::database::Database;
use super::rookery::Installation;

use stage::{Secrets, Stage};

on_both_databases!(
    a79_a51_a52_every_change_is_written_down_and_no_secret_is,
    what_an_operator_does_is_written_down_as_the_operator_s,
);

/// What every operation that changes something leaves in the audit log when it succeeds: actions, and by whom.
const WRITTEN: &[(&str, &[&str], &str)] = &[
    ("signUp", &["user.created"], "user"),
    ("verifyEmail", &["email.verified"], "user"),
    ("resendVerification", &["email.verification_requested"], "anonymous"),
    ("logIn", &["session.created"], "user"),
    (
        "proveSecondFactor",
        &["session.created", "factor.recovery_code_used", "device.trusted"],
        "user",
    ),
    ("logOut", &["session.revoked"], "user"),
    ("endSession", &["session.ended"], "user"),
    ("endOtherSessions", &["session.others_ended"], "user"),
    ("reauthenticate", &["session.reauthenticated"], "user"),
    ("forgotPassword", &["password.reset_requested"], "anonymous"),
    ("resetPassword", &["password.reset"], "user"),
    ("unlock", &["user.unlocked"], "user"),
    ("undoChange", &["user.change_undone"], "user"),
    ("deleteAccount", &["user.deletion_requested"], "user"),
    ("cancelDeletion", &["user.deletion_cancelled"], "user"),
    ("updateProfile", &["user.updated"], "user"),
    ("showPicture", &["user.updated"], "user"),
    ("removePicture", &["user.updated"], "user"),
    ("changePassword", &["password.changed"], "user"),
    ("changeEmail", &["email.change_requested"], "user"),
    ("cancelEmailChange", &["email.change_cancelled"], "user"),
    ("confirmEmail", &["email.changed"], "user"),
    ("enrolTotp", &["factor.begun"], "user"),
    ("confirmTotp", &["factor.added"], "user"),
    ("removeTotp", &["factor.removed"], "user"),
    ("renewRecoveryCodes", &["factor.recovery_codes_renewed"], "user"),
    ("forgetTrustedDevices", &["device.forgotten"], "user"),
    ("forgetTrustedDevice", &["device.forgotten"], "user"),
    ("requestExport", &["export.requested"], "user"),
    ("decideConsents", &["consent.given"], "user"),
    ("foundTenant", &["tenant.created"], "user"),
    ("renameTenant", &["tenant.updated"], "user"),
    ("changePolicy", &["tenant.policy_changed"], "user"),
    ("switchTenant", &["session.tenant_switched"], "user"),
    ("assignRoles", &["member.updated"], "user"),
    ("transferOwnership", &["tenant.ownership_transferred"], "user"),
    ("removeMember", &["member.left"], "user"),
    ("endUserSessions", &["staff.sessions_ended"], "staff"),
    ("sendVerification", &["staff.verification_mailed"], "staff"),
    ("sendPasswordReset", &["staff.reset_mailed"], "staff"),
    ("suspendUser", &["staff.user_suspended"], "staff"),
    ("restoreUser", &["staff.user_restored"], "staff"),
    ("holdUser", &["staff.user_held"], "staff"),
    ("releaseUser", &["staff.user_released"], "staff"),
    ("eraseUser", &["staff.user_erased"], "staff"),
    ("invite", &["invitation.created"], "user"),
    ("resendInvitation", &["invitation.resent"], "user"),
    ("revokeInvitation", &["invitation.revoked"], "user"),
    ("declineInvitation", &["invitation.declined"], "anonymous"),
    ("showInvitation", &[], "anonymous"),
    (
        "acceptInvitation",
        &[
            "user.created",
            "email.verified",
            "invitation.accepted",
            "session.created",
        ],
        "user",
    ),
];

/// What is written down of attempts that fail.
const REFUSED: &[(&str, &str, &str)] = &[
    ("wrong-password", "session.created", "anonymous"),
    ("unknown-address", "session.created", "anonymous"),
    ("wrong-current-password", "password.changed", "user"),
    ("wrong-password-of-a-deletion", "user.deletion_requested", "user"),
    ("wrong-proof", "session.reauthenticated", "user"),
    ("wrong-second-factor", "factor.verified", "anonymous"),
    ("wrong-code", "factor.removed", "user"),
    ("suspend-oneself", "staff.user_suspended", "staff"),
];

// Proves: A51, A52, A79, ASVS 16.2.1, 16.2.5, 16.3.1
fn a79_a51_a52_every_change_is_written_down_and_no_secret_is(database: Database) {
    let installation = Installation::on(database)
        .with("ROOKERY_LOG", "trace")
        .with("ROOKERY_RATE_LIMITS", "default")
        .with("ROOKERY_TRUSTED_PROXIES", "127.0.0.0/8");
    let mut rookery = installation.start();
    let mut stage = Stage::on(&rookery);
    deeds::all(&mut stage, &installation.database);
    let document = rookery.get("/api/openapi.json").send().expect_status(200).json();
    let Stage { secrets, played, .. } = stage;
    rookery.terminate();
    assert!(rookery.ended_within(std::time::Duration::from_secs(20)).is_some());

    every_operation_is_played(&document, &played);
    every_change_is_written_down(&installation.database);
    every_refusal_is_written_down(&installation.database);
    the_log_keeps_secrets(&installation.log(), &secrets);
    the_database_keeps_secrets(&installation.database, &secrets);
}

fn every_operation_is_played(document: &Value, played: &BTreeSet<String>) {
    let documented: BTreeSet<&str> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap())
        .filter(|(method, _)| *method != "get")
        .map(|(_, operation)| operation["operationId"].as_str().unwrap())
        .collect();
    let known: BTreeSet<&str> = WRITTEN.iter().map(|(operation, ..)| *operation).collect();
    assert_eq!(documented, known, "the document on the left, the table on the right");
    for operation in known {
        assert!(played.contains(operation), "{operation} has not been played");
    }
}

/// The events of each request: action, outcome and actor.
fn events(database: &Database) -> BTreeMap<String, Vec<(String, String, String)>> {
    let rows = database.rows(
        "SELECT request_id, action, outcome, actor FROM rookery_audit_events WHERE request_id IS NOT NULL ORDER BY id",
    );
    let mut events: BTreeMap<String, Vec<(String, String, String)>> = BTreeMap::new();
    for row in rows {
        let [request, action, outcome, actor] = row.try_into().unwrap();
        events.entry(request).or_default().push((action, outcome, actor));
    }
    events
}

fn every_change_is_written_down(database: &Database) {
    let events = events(database);
    for (operation, actions, actor) in WRITTEN {
        let written = events.get(&stage::request_of(operation)).cloned().unwrap_or_default();
        for action in *actions {
            let expected = ((*action).to_owned(), "success".to_owned(), (*actor).to_owned());
            assert!(
                written.contains(&expected),
                "{operation}: {expected:?} is not in {written:?}"
            );
        }
    }
}

fn every_refusal_is_written_down(database: &Database) {
    let events = events(database);
    for (attempt, action, actor) in REFUSED {
        let written = events.get(&stage::request_of(attempt)).cloned().unwrap_or_default();
        let expected = ((*action).to_owned(), "failure".to_owned(), (*actor).to_owned());
        assert!(
            written.contains(&expected),
            "{attempt}: {expected:?} is not in {written:?}"
        );
    }
}

fn the_log_keeps_secrets(log: &str, secrets: &Secrets) {
    assert!(
        log.contains("/api/auth/reset-password"),
        "the log tells of requests:\n{log}"
    );
    assert!(
        log.contains("\"TRACE\"") || log.contains("\"DEBUG\""),
        "and of more than that"
    );
    for secret in secrets.usable.iter().chain(&secrets.personal) {
        assert!(
            !log.contains(secret.as_str()),
            "{secret:?} is in the log, here: {}",
            around(log, secret)
        );
    }
    for code in &secrets.codes {
        let found = log
            .match_indices(code.as_str())
            .any(|(at, _)| stands_alone(log, at, code.len()));
        assert!(!found, "the code {code} is in the log");
    }
}

/// Whether it is a number of its own, and no part of a longer one or of a time.
fn stands_alone(log: &str, at: usize, length: usize) -> bool {
    let before = log[..at].chars().next_back();
    let behind = log[at + length..].chars().next();
    let goes_on = |neighbour: char| neighbour.is_ascii_alphanumeric() || neighbour == '.' || neighbour == '-';
    !before.is_some_and(goes_on) && !behind.is_some_and(goes_on)
}

fn around<'a>(log: &'a str, secret: &str) -> &'a str {
    log.lines().find(|line| line.contains(secret)).unwrap_or_default()
}

/// Every row of every table, and on SQLite every byte of the file, holds no secret: neither as text nor as bytes.
fn the_database_keeps_secrets(database: &Database, secrets: &Secrets) {
    let dump = stage::dump(database);
    assert!(dump.contains("rookery_audit_events"), "the dump names its tables");
    assert!(dump.contains("ada@example.com"), "the dump holds what is no secret");
    for secret in &secrets.usable {
        for spelling in stage::spellings(secret) {
            assert!(
                !dump.contains(&spelling),
                "{secret:?} is in the database, as {spelling}"
            );
        }
    }
    if let Some(file) = database.file() {
        let bytes = std::fs::read(file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in &secrets.usable {
            assert!(!text.contains(secret.as_str()), "{secret:?} is in the file");
        }
    }
}

fn what_an_operator_does_is_written_down_as_the_operator_s(database: Database) {
    let installation = Installation::on(database);
    let rookery = installation.start();
    let ada = super::person::Person::at_home(&rookery, "ada");
    for deed in ["verify", "disable", "enable"] {
        let output = installation.command(&["user", deed, &ada.email]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let written = installation
        .database
        .rows("SELECT action, outcome FROM rookery_audit_events WHERE actor = 'operator' ORDER BY action");
    assert_eq!(
        written,
        [
            ["email.verified", "success"],
            ["staff.user_restored", "success"],
            ["staff.user_suspended", "success"],
            ["user.disabled", "success"],
            ["user.enabled", "success"]
        ]
    );
}
