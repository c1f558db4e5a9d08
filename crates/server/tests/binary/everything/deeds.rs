//! Every deed once, by people who do little else.

use serde_json::{Value, json};

use super::stage::{Browser, Stage, code_of};
use crate::binary::database::Database;

const NOTHING: Value = Value::Null;

/// Everything.
pub(super) fn all(stage: &mut Stage, database: &Database) {
    sessions(stage);
    second_factor(stage);
    addresses_and_passwords(stage);
    ways_back(stage);
    a_deletion(stage);
    tenants(stage, database);
    staff(stage, database);
}

fn sessions(stage: &mut Stage) {
    let mut anybody = Browser::default();
    let ada = json!({ "email": "ada@example.com", "password": "a first password of ada", "name": "Ada Lovelace" });
    stage.play("signUp", &mut anybody, ("POST", "/api/auth/signup"), &ada);
    stage.play(
        "resendVerification",
        &mut anybody,
        ("POST", "/api/auth/resend-verification"),
        &json!({ "email": "ada@example.com" }),
    );
    let token = stage.mailed("ada@example.com", "verify_email");
    let token = json!({ "token": token });
    stage.play("verifyEmail", &mut anybody, ("POST", "/api/auth/verify-email"), &token);

    let wrong = json!({ "email": "ada@example.com", "password": "another password entirely" });
    stage.fail("wrong-password", &mut anybody, ("POST", "/api/auth/login"), &wrong, 401);
    let unknown = json!({ "email": "nobody@example.com", "password": "another password entirely" });
    stage.fail(
        "unknown-address",
        &mut anybody,
        ("POST", "/api/auth/login"),
        &unknown,
        401,
    );

    let mut laptop = Browser::default();
    stage.play("logIn", &mut laptop, ("POST", "/api/auth/login"), &ada);
    let edit = json!({ "name": "Augusta Ada", "theme": "dark" });
    stage.play("updateProfile", &mut laptop, ("PATCH", "/api/users/me"), &edit);
    let picture = ("PUT", "/api/users/me/picture");
    stage.play_picture("showPicture", &mut laptop, picture, &png());
    let picture = ("DELETE", "/api/users/me/picture");
    stage.play("removePicture", &mut laptop, picture, &NOTHING);
    let proof = json!({ "password": "no password of ada's" });
    stage.fail(
        "wrong-proof",
        &mut laptop,
        ("POST", "/api/auth/reauthenticate"),
        &proof,
        403,
    );
    let proof = json!({ "password": "a first password of ada" });
    stage.play(
        "reauthenticate",
        &mut laptop,
        ("POST", "/api/auth/reauthenticate"),
        &proof,
    );

    let ada = ("ada@example.com".to_owned(), "a first password of ada".to_owned());
    stage.browser_of(&ada);
    let listed = stage.read(&mut laptop, "/api/auth/sessions");
    let sessions = listed["sessions"].as_array().unwrap();
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/api/auth/sessions/{}", other["id"].as_str().unwrap());
    stage.play("endSession", &mut laptop, ("DELETE", &path), &NOTHING);
    stage.browser_of(&ada);
    stage.play(
        "endOtherSessions",
        &mut laptop,
        ("POST", "/api/auth/sessions/revoke-others"),
        &NOTHING,
    );
    stage.play("logOut", &mut laptop, ("POST", "/api/auth/logout"), &NOTHING);
}

/// A picture of four grey pixels.
fn png() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    let grey = image::GrayImage::from_pixel(2, 2, image::Luma([128]));
    grey.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

fn second_factor(stage: &mut Stage) {
    let bea = stage.somebody("bea");
    let mut laptop = stage.browser_of(&bea);
    let enrolment = stage.play("enrolTotp", &mut laptop, ("POST", "/api/users/me/mfa/totp"), &NOTHING);
    let code = code_of(enrolment["secret"].as_str().unwrap());
    let confirmed = stage.play(
        "confirmTotp",
        &mut laptop,
        ("POST", "/api/users/me/mfa/totp/confirm"),
        &json!({ "code": code }),
    );
    let codes = confirmed["recoveryCodes"].as_array().unwrap().clone();

    let mut phone = stage.browser_of(&bea);
    let step = ("POST", "/api/auth/login/second-factor");
    let wrong = json!({ "recoveryCode": "QRST-UVWX-YZ23-4567" });
    stage.fail("wrong-second-factor", &mut phone, step, &wrong, 401);
    let proof = json!({ "recoveryCode": codes[0], "trustDevice": true });
    stage.play("proveSecondFactor", &mut phone, step, &proof);
    let trusted = "/api/users/me/mfa/trusted-devices";
    stage.play("forgetTrustedDevices", &mut laptop, ("DELETE", trusted), &NOTHING);
    let mut phone = stage.browser_of(&bea);
    let proof = json!({ "recoveryCode": codes[1], "trustDevice": true });
    stage.play("proveSecondFactor", &mut phone, step, &proof);
    let status = stage.read(&mut laptop, "/api/users/me/mfa");
    let path = format!("{trusted}/{}", status["trustedDevices"][0]["id"].as_str().unwrap());
    stage.play("forgetTrustedDevice", &mut laptop, ("DELETE", &path), &NOTHING);

    let renewal = ("POST", "/api/users/me/mfa/recovery-codes");
    let renewed = stage.play("renewRecoveryCodes", &mut laptop, renewal, &NOTHING);
    let removal = ("DELETE", "/api/users/me/mfa/totp");
    stage.fail(
        "wrong-code",
        &mut laptop,
        removal,
        &json!({ "recoveryCode": codes[2] }),
        403,
    );
    let proof = json!({ "recoveryCode": renewed["recoveryCodes"][0] });
    stage.play("removeTotp", &mut laptop, removal, &proof);
}

fn addresses_and_passwords(stage: &mut Stage) {
    let cleo = stage.somebody("cleo");
    let mut laptop = stage.browser_of(&cleo);
    let change = ("POST", "/api/users/me/change-email");
    let wish = json!({ "newEmail": "first-thought@example.com", "password": cleo.1 });
    stage.play("changeEmail", &mut laptop, change, &wish);
    stage.play(
        "cancelEmailChange",
        &mut laptop,
        ("DELETE", "/api/users/me/change-email"),
        &NOTHING,
    );
    let wish = json!({ "newEmail": "second-thought@example.com", "password": cleo.1 });
    stage.play("changeEmail", &mut laptop, change, &wish);
    let token = stage.mailed("second-thought@example.com", "confirm_new_email");
    let token = json!({ "token": token });
    stage.play(
        "confirmEmail",
        &mut Browser::default(),
        ("POST", "/api/auth/confirm-email"),
        &token,
    );

    let dora = stage.somebody("dora");
    let mut laptop = stage.browser_of(&dora);
    let change = ("POST", "/api/users/me/change-password");
    let wrong = json!({ "currentPassword": "no password of dora's", "newPassword": "a second password of dora" });
    stage.fail("wrong-current-password", &mut laptop, change, &wrong, 403);
    let right = json!({ "currentPassword": dora.1, "newPassword": "a second password of dora" });
    stage.play("changePassword", &mut laptop, change, &right);
    let token = json!({ "token": stage.mailed(&dora.0, "password_changed") });
    stage.play(
        "undoChange",
        &mut Browser::default(),
        ("POST", "/api/auth/undo"),
        &token,
    );
}

fn a_deletion(stage: &mut Stage) {
    let liz = stage.somebody("liz");
    let mut laptop = stage.browser_of(&liz);
    let delete = ("DELETE", "/api/users/me");
    let wrong = json!({ "confirmation": "DELETE", "password": "no password of liz's", "tenants": "delete" });
    stage.fail("wrong-password-of-a-deletion", &mut laptop, delete, &wrong, 403);
    let right = json!({ "confirmation": "DELETE", "password": liz.1, "tenants": "delete" });
    stage.play("deleteAccount", &mut laptop, delete, &right);
    let token = json!({ "token": stage.mailed(&liz.0, "deletion_scheduled") });
    let cancel = ("POST", "/api/auth/cancel-deletion");
    stage.play("cancelDeletion", &mut Browser::default(), cancel, &token);
}

fn ways_back(stage: &mut Stage) {
    let eve = stage.somebody("eve");
    let mut anybody = Browser::default();
    let forgotten = json!({ "email": eve.0 });
    stage.play(
        "forgotPassword",
        &mut anybody,
        ("POST", "/api/auth/forgot-password"),
        &forgotten,
    );
    let reset = json!({ "token": stage.mailed(&eve.0, "reset_password"), "newPassword": "a second password of eve" });
    stage.play(
        "resetPassword",
        &mut anybody,
        ("POST", "/api/auth/reset-password"),
        &reset,
    );

    let fay = stage.somebody("fay");
    for attempt in 1..=5 {
        let wrong = json!({ "email": fay.0, "password": format!("guess number {attempt}") });
        stage.fail("guess", &mut anybody, ("POST", "/api/auth/login"), &wrong, 401);
    }
    let token = json!({ "token": stage.mailed(&fay.0, "account_locked") });
    stage.play("unlock", &mut anybody, ("POST", "/api/auth/unlock"), &token);
}

fn tenants(stage: &mut Stage, database: &Database) {
    let (gil, hal) = (stage.somebody("gil"), stage.somebody("hal"));
    let token = json!({ "token": stage.mailed(&gil.0, "verify_email") });
    let verify = ("POST", "/api/auth/verify-email");
    stage.play("verifyEmail", &mut Browser::default(), verify, &token);
    let mut laptop = stage.browser_of(&gil);
    let marketing = json!({ "marketing": true });
    let consents = ("POST", "/api/users/me/consents");
    stage.play("decideConsents", &mut laptop, consents, &marketing);
    let export = ("POST", "/api/users/me/export");
    stage.play("requestExport", &mut laptop, export, &NOTHING);

    let name = json!({ "name": "Deeds" });
    let made = stage.play("foundTenant", &mut laptop, ("POST", "/api/tenants"), &name);
    let tenant = format!("/api/tenants/{}", made["id"].as_str().unwrap());
    stage.play("renameTenant", &mut laptop, ("PATCH", &tenant), &name);
    let policy = format!("{tenant}/policy");
    let stricter = json!({ "passwordMinLength": 9 });
    stage.play("changePolicy", &mut laptop, ("PATCH", &policy), &stricter);
    let into = json!({ "tenantId": made["id"] });
    stage.play("switchTenant", &mut laptop, ("POST", "/api/auth/switch-tenant"), &into);

    invitations(stage, &mut laptop, &tenant);

    // As an invitation does in more steps.
    let roles = if database.file().is_some() {
        "'[\"viewer\"]'"
    } else {
        "CAST('{viewer}' AS text[])"
    };
    database.rows(&format!(
        "INSERT INTO tenant_users (tenant_id, user_id, roles) SELECT t.id, u.id, {roles} FROM tenants t, users u \
         WHERE t.name = 'Deeds' AND u.email = '{}'",
        hal.0
    ));
    let members = stage.read(&mut laptop, &format!("{tenant}/users?search=hal"));
    let member = members["users"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("{tenant}/users/{member}");
    stage.play(
        "assignRoles",
        &mut laptop,
        ("PATCH", &path),
        &json!({ "roles": ["admin"] }),
    );
    let transfer = format!("{tenant}/transfer-ownership");
    let to = json!({ "userId": member });
    stage.play("transferOwnership", &mut laptop, ("POST", &transfer), &to);
    let me = stage.read(&mut laptop, "/api/users/me");
    let path = format!("{tenant}/users/{}", me["id"].as_str().unwrap());
    stage.play("removeMember", &mut laptop, ("DELETE", &path), &NOTHING);
}

fn staff(stage: &mut Stage, database: &Database) {
    let (ivy, jon) = (stage.somebody("ivy"), stage.somebody("jon"));
    let token = json!({ "token": stage.mailed(&ivy.0, "verify_email") });
    let verify = ("POST", "/api/auth/verify-email");
    stage.play("verifyEmail", &mut Browser::default(), verify, &token);
    let mut laptop = stage.browser_of(&ivy);
    let enrolment = stage.play("enrolTotp", &mut laptop, ("POST", "/api/users/me/mfa/totp"), &NOTHING);
    let code = json!({ "code": code_of(enrolment["secret"].as_str().unwrap()) });
    let confirm = ("POST", "/api/users/me/mfa/totp/confirm");
    stage.play("confirmTotp", &mut laptop, confirm, &code);
    database.rows(&format!(
        "INSERT INTO rookery_staff (user_id, role, granted_at) SELECT id, 'operator', created FROM users WHERE email = '{}'",
        ivy.0
    ));

    stage.browser_of(&jon);
    let id_of = |found: Value| found["users"][0]["id"].as_str().unwrap().to_owned();
    let ivys = id_of(stage.read(&mut laptop, &format!("/api/admin/users?query={}", ivy.0)));
    let jons = id_of(stage.read(&mut laptop, &format!("/api/admin/users?query={}", jon.0)));
    let why = json!({ "reason": "Ticket 4711" });
    for (operation, method, deed) in [
        ("endUserSessions", "DELETE", "sessions"),
        ("sendVerification", "POST", "send-verification"),
        ("sendPasswordReset", "POST", "send-password-reset"),
        ("suspendUser", "POST", "suspend"),
        ("restoreUser", "POST", "restore"),
        ("holdUser", "POST", "hold"),
        ("releaseUser", "POST", "release"),
    ] {
        let path = format!("/api/admin/users/{jons}/{deed}");
        stage.play(operation, &mut laptop, (method, &path), &why);
    }
    stage.mailed(&jon.0, "reset_password");
    let oneself = format!("/api/admin/users/{ivys}/suspend");
    stage.fail("suspend-oneself", &mut laptop, ("POST", &oneself), &why, 403);
    // An erasure clears what staff did to the person, so it is somebody nothing else was done to.
    let zoe = stage.somebody("zoe");
    let zoes = id_of(stage.read(&mut laptop, &format!("/api/admin/users?query={}", zoe.0)));
    let erase = format!("/api/admin/users/{zoes}/erase");
    let named = json!({ "reason": "Ticket 4711", "confirmation": zoe.0 });
    stage.play("eraseUser", &mut laptop, ("POST", &erase), &named);
}

fn invitations(stage: &mut Stage, laptop: &mut Browser, tenant: &str) {
    let path = format!("{tenant}/invitations");
    let mut invite = |stage: &mut Stage, email: &str| {
        let drafts = json!({ "invitations": [{ "email": email, "roles": ["member"], "note": "Come in" }] });
        let told = stage.play("invite", laptop, ("POST", &path), &drafts);
        let id = told["invitations"][0]["invitation"]["id"].as_str().unwrap();
        format!("{path}/{id}")
    };
    let (ida, joe, kay) = ("ida@example.com", "joe@example.com", "kay@example.com");
    invite(stage, ida);
    invite(stage, joe);
    let to_kay = invite(stage, kay);
    let mut anybody = Browser::default();
    let shown = json!({ "token": stage.mailed(ida, "invitation") });
    stage.play(
        "showInvitation",
        &mut anybody,
        ("POST", "/api/auth/invitations/show"),
        &shown,
    );
    let accepted = json!({ "token": shown["token"], "password": "a first password of ida" });
    stage.play(
        "acceptInvitation",
        &mut anybody,
        ("POST", "/api/auth/invitations/accept"),
        &accepted,
    );
    let declined = json!({ "token": stage.mailed(joe, "invitation") });
    let decline = ("POST", "/api/auth/invitations/decline");
    stage.play("declineInvitation", &mut Browser::default(), decline, &declined);
    stage.play(
        "resendInvitation",
        laptop,
        ("POST", &format!("{to_kay}/resend")),
        &NOTHING,
    );
    stage.play("revokeInvitation", laptop, ("DELETE", &to_kay), &NOTHING);
}
