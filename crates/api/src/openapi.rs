//! The document, made from the code.

mod refusals;

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use refusals::{refusals, responses};

/// The OpenAPI 3.1 document of everything under `/api`.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The same as JSON: indented, in a stable order, with a newline at its end.
#[must_use]
pub fn openapi_json() -> String {
    let mut text = serde_json::to_string_pretty(&openapi()).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rookery",
        description = "\
User accounts for a multi-tenant dashboard: sign-up, sessions, e-mail verification, password change and reset, profile.

Every path works under `/api/v1` as well, with the same bodies. JSON in, JSON out, UTF-8, camelCase; at most 16 KiB, except for pictures. \
Timestamps are ISO 8601 in UTC with milliseconds, ids are UUIDs of version 7.

A session is an opaque token, in a cookie that `POST /api/auth/login` sets or in `Authorization: Bearer`; a request with \
two different tokens counts as having none. A request that changes something must be `application/json` if it has a body, \
and must come from an allowed `Origin` if it has one.

Unknown keys are ignored. `null` for a field that may be left out, a key given twice and a value of another type are \
refused with a 400. Every response carries `X-Request-Id`.",
    ),
    paths(
        crate::route::sign_up,
        crate::route::log_in,
        crate::route::prove_second_factor,
        crate::route::log_out,
        crate::route::current_session,
        crate::route::list_sessions,
        crate::route::end_other_sessions,
        crate::route::end_session,
        crate::route::reauthenticate,
        crate::route::forgot_password,
        crate::route::reset_password,
        crate::route::verify_email,
        crate::route::resend_verification,
        crate::route::read_profile,
        crate::route::update_profile,
        crate::route::show_picture,
        crate::route::remove_picture,
        crate::route::read_picture,
        crate::route::change_password,
        crate::route::change_email,
        crate::route::cancel_email_change,
        crate::route::confirm_email,
        crate::route::undo_change,
        crate::route::delete_account,
        crate::route::deletion_outlook,
        crate::route::cancel_deletion,
        crate::route::unlock,
        crate::route::second_factor_status,
        crate::route::enrol_totp,
        crate::route::confirm_totp,
        crate::route::remove_totp,
        crate::route::renew_recovery_codes,
        crate::route::forget_trusted_devices,
        crate::route::forget_trusted_device,
        crate::route::switch_tenant,
        crate::route::list_tenants,
        crate::route::found_tenant,
        crate::route::rename_tenant,
        crate::route::read_policy,
        crate::route::change_policy,
        crate::route::list_members,
        crate::route::assign_roles,
        crate::route::remove_member,
        crate::route::transfer_ownership,
        crate::route::request_export,
        crate::route::list_exports,
        crate::route::read_export,
        crate::route::download_export,
        crate::route::read_consents,
        crate::route::decide_consents,
        crate::route::invite,
        crate::route::list_invitations,
        crate::route::resend_invitation,
        crate::route::revoke_invitation,
        crate::route::show_invitation,
        crate::route::accept_invitation,
        crate::route::decline_invitation,
        crate::route::read_activity,
        crate::route::read_tenant_audit,
        crate::route::find_users,
        crate::route::show_user,
        crate::route::suspend_user,
        crate::route::restore_user,
        crate::route::hold_user,
        crate::route::release_user,
        crate::route::erase_user,
        crate::route::end_user_sessions,
        crate::route::send_password_reset,
        crate::route::send_verification,
        crate::route::find_tenants,
        crate::route::show_tenant,
        crate::route::read_staff_log,
        crate::route::health,
        crate::route::live,
        crate::route::ready,
        crate::route::openapi_document,
        crate::route::docs_page,
        crate::route::docs_file,
    ),
    components(schemas(crate::view::ProblemView, crate::view::ViolationView)),
    tags(
        (name = "Accounts", description = "Making an account"),
        (name = "Sessions", description = "Signing in and out, and being signed in"),
        (name = "Verification", description = "Proving that one reads one's mailbox"),
        (name = "Recovery", description = "Getting back in without the password"),
        (name = "Profile", description = "What a signed-in person sees and changes of their account"),
        (name = "Second factor", description = "What is shown beside the password"),
        (name = "Tenants", description = "The organisations one belongs to, and who else does"),
        (name = "Privacy", description = "A copy of one's data, and what one agrees to"),
        (name = "Invitations", description = "Asking people to join a tenant, and joining it"),
        (name = "Activity", description = "What happened to an account and in a tenant"),
        (name = "Staff", description = "What the people who run the service see and do; for everybody else nothing is here"),
        (name = "Operations", description = "How the service is"),
        (name = "Documentation", description = "This document"),
    ),
    modifiers(&Credentials, &Refusals),
)]
struct Document;

/// The two ways to show a session token.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let cookie = "The session cookie; named `sid` where the service is reached over http on this machine";
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "cookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("__Host-sid", cookie))),
        );
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        );
    }
}

/// What every operation may refuse, out of the table of problems.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            let operations = [
                (true, &mut item.post),
                (true, &mut item.put),
                (true, &mut item.patch),
                (true, &mut item.delete),
                (false, &mut item.get),
            ];
            for (changes, operation) in operations {
                let Some(operation) = operation else { continue };
                let name = operation.operation_id.clone().unwrap_or_else(|| path.clone());
                for (status, response) in responses(refusals(&name, operation, changes)) {
                    // A response the endpoint describes itself stands.
                    operation.responses.responses.entry(status).or_insert(response);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::mount::resources;

    // Proves: ASVS 6.3.4, 15.2.3
    #[test]
    fn every_mounted_route_is_in_the_document_and_nothing_else_is() {
        // A list and no set: what is mounted twice is served once and misleads whoever reads the other place.
        let mut mounted: Vec<(String, String)> = resources()
            .into_iter()
            .flat_map(|(path, served)| {
                let documented = format!("/api{}", path.replace(":.*", ""));
                served
                    .into_iter()
                    .map(move |(method, _)| (documented.clone(), method.as_str().to_lowercase()))
            })
            .collect();
        mounted.sort_unstable();
        let document: serde_json::Value = serde_json::from_str(&openapi_json()).unwrap();
        let documented: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                item.as_object()
                    .unwrap()
                    .keys()
                    .map(|method| (path.clone(), method.clone()))
            })
            .collect();
        assert_eq!(mounted, Vec::from_iter(documented));
    }
}
