//! Which path and method leads where.

use std::sync::Arc;

use actix_web::Route;
use actix_web::http::Method;
use actix_web::web::{self, Data, ServiceConfig};
use rookery_core::{
    Activity, Addresses, Authentication, Consents, Deletion, Exports, HealthCheck, Invitations, Joining, Members,
    Oversight, Passwords, Pictures, Policies, Profiles, Reauthentication, Recovery, Registration, Restoration,
    SecondFactors, Sessions, Tenants, Unlocking, Verification,
};
use rookery_door::{Door, Served, gate, hidden_resource, not_found, resource};

use crate::Api;
use crate::route;
use crate::voice::Json;

/// Where somebody's own picture is sent to: the one request that brings no JSON along.
pub(crate) const PICTURE: &str = "/users/me/picture";

/// Every resource below `/api`, each with the methods it answers. A `GET` answers `HEAD` as well.
pub(crate) fn resources() -> Vec<(&'static str, Vec<Served>)> {
    let mut resources = of_accounts();
    resources.extend(of_privacy());
    resources.extend(of_tenants());
    resources.extend(of_staff());
    resources.extend(of_the_service());
    resources
}

/// Those about one's own account.
fn of_accounts() -> Vec<(&'static str, Vec<Served>)> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    vec![
        ("/auth/signup", vec![(POST, || web::to(route::sign_up))]),
        ("/auth/login", vec![(POST, || web::to(route::log_in))]),
        (
            "/auth/login/second-factor",
            vec![(POST, || web::to(route::prove_second_factor))],
        ),
        ("/auth/logout", vec![(POST, || web::to(route::log_out))]),
        ("/auth/session", vec![(GET, || web::to(route::current_session))]),
        ("/auth/sessions", vec![(GET, || web::to(route::list_sessions))]),
        (
            "/auth/sessions/revoke-others",
            vec![(POST, || web::to(route::end_other_sessions))],
        ),
        ("/auth/sessions/{id}", vec![(DELETE, || web::to(route::end_session))]),
        ("/auth/reauthenticate", vec![(POST, || web::to(route::reauthenticate))]),
        (
            "/auth/forgot-password",
            vec![(POST, || web::to(route::forgot_password))],
        ),
        ("/auth/reset-password", vec![(POST, || web::to(route::reset_password))]),
        ("/auth/verify-email", vec![(POST, || web::to(route::verify_email))]),
        (
            "/auth/resend-verification",
            vec![(POST, || web::to(route::resend_verification))],
        ),
        ("/auth/confirm-email", vec![(POST, || web::to(route::confirm_email))]),
        ("/auth/unlock", vec![(POST, || web::to(route::unlock))]),
        ("/auth/undo", vec![(POST, || web::to(route::undo_change))]),
        (
            "/auth/cancel-deletion",
            vec![(POST, || web::to(route::cancel_deletion))],
        ),
        (
            "/users/me",
            vec![
                (GET, || web::to(route::read_profile)),
                (PATCH, || web::to(route::update_profile)),
                (DELETE, || web::to(route::delete_account)),
            ],
        ),
        ("/users/me/deletion", vec![(GET, || web::to(route::deletion_outlook))]),
        (
            PICTURE,
            vec![
                (PUT, || web::to(route::show_picture)),
                (DELETE, || web::to(route::remove_picture)),
            ],
        ),
        (
            "/users/me/change-password",
            vec![(POST, || web::to(route::change_password))],
        ),
        (
            "/users/me/change-email",
            vec![
                (POST, || web::to(route::change_email)),
                (DELETE, || web::to(route::cancel_email_change)),
            ],
        ),
        ("/users/me/mfa", vec![(GET, || web::to(route::second_factor_status))]),
        (
            "/users/me/mfa/totp",
            vec![
                (POST, || web::to(route::enrol_totp)),
                (DELETE, || web::to(route::remove_totp)),
            ],
        ),
        (
            "/users/me/mfa/totp/confirm",
            vec![(POST, || web::to(route::confirm_totp))],
        ),
        (
            "/users/me/mfa/recovery-codes",
            vec![(POST, || web::to(route::renew_recovery_codes))],
        ),
        (
            "/users/me/mfa/trusted-devices",
            vec![(DELETE, || web::to(route::forget_trusted_devices))],
        ),
        (
            "/users/me/mfa/trusted-devices/{id}",
            vec![(DELETE, || web::to(route::forget_trusted_device))],
        ),
        ("/users/me/activity", vec![(GET, || web::to(route::read_activity))]),
        ("/pictures/{hash}", vec![(GET, || web::to(route::read_picture))]),
    ]
}

/// Those about the service itself.
fn of_the_service() -> Vec<(&'static str, Vec<Served>)> {
    const GET: Method = Method::GET;
    vec![
        ("/health", vec![(GET, || web::to(route::health))]),
        ("/health/live", vec![(GET, || web::to(route::live))]),
        ("/health/ready", vec![(GET, || web::to(route::ready))]),
        ("/openapi.json", vec![(GET, || web::to(route::openapi_document))]),
        ("/docs", vec![(GET, || web::to(route::docs_page))]),
        ("/docs/{file:.*}", vec![(GET, || web::to(route::docs_file))]),
    ]
}

/// Those about a copy of one's data, and what one agrees to.
fn of_privacy() -> Vec<(&'static str, Vec<Served>)> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        (
            "/users/me/export",
            vec![
                (GET, || web::to(route::list_exports)),
                (POST, || web::to(route::request_export)),
            ],
        ),
        ("/users/me/export/{id}", vec![(GET, || web::to(route::read_export))]),
        (
            "/users/me/export/{id}/download",
            vec![(GET, || web::to(route::download_export))],
        ),
        (
            "/users/me/consents",
            vec![
                (GET, || web::to(route::read_consents)),
                (POST, || web::to(route::decide_consents)),
            ],
        ),
    ]
}

/// Those about tenants and their members.
fn of_tenants() -> Vec<(&'static str, Vec<Served>)> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    vec![
        ("/auth/switch-tenant", vec![(POST, || web::to(route::switch_tenant))]),
        (
            "/tenants",
            vec![
                (GET, || web::to(route::list_tenants)),
                (POST, || web::to(route::found_tenant)),
            ],
        ),
        ("/tenants/{tenantId}", vec![(PATCH, || web::to(route::rename_tenant))]),
        (
            "/tenants/{tenantId}/policy",
            vec![
                (GET, || web::to(route::read_policy)),
                (PATCH, || web::to(route::change_policy)),
            ],
        ),
        (
            "/tenants/{tenantId}/transfer-ownership",
            vec![(POST, || web::to(route::transfer_ownership))],
        ),
        (
            "/tenants/{tenantId}/users",
            vec![(GET, || web::to(route::list_members))],
        ),
        (
            "/tenants/{tenantId}/users/{userId}",
            vec![
                (PATCH, || web::to(route::assign_roles)),
                (DELETE, || web::to(route::remove_member)),
            ],
        ),
        (
            "/tenants/{tenantId}/audit",
            vec![(GET, || web::to(route::read_tenant_audit))],
        ),
        (
            "/tenants/{tenantId}/invitations",
            vec![
                (GET, || web::to(route::list_invitations)),
                (POST, || web::to(route::invite)),
            ],
        ),
        (
            "/tenants/{tenantId}/invitations/{invitationId}",
            vec![(DELETE, || web::to(route::revoke_invitation))],
        ),
        (
            "/tenants/{tenantId}/invitations/{invitationId}/resend",
            vec![(POST, || web::to(route::resend_invitation))],
        ),
        (
            "/auth/invitations/show",
            vec![(POST, || web::to(route::show_invitation))],
        ),
        (
            "/auth/invitations/accept",
            vec![(POST, || web::to(route::accept_invitation))],
        ),
        (
            "/auth/invitations/decline",
            vec![(POST, || web::to(route::decline_invitation))],
        ),
    ]
}

/// Those of the staff. For everybody else there is nothing below this.
const STAFF: &str = "/admin/";

fn of_staff() -> Vec<(&'static str, Vec<Served>)> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const DELETE: Method = Method::DELETE;
    vec![
        ("/admin/users", vec![(GET, || web::to(route::find_users))]),
        ("/admin/users/{id}", vec![(GET, || web::to(route::show_user))]),
        (
            "/admin/users/{id}/suspend",
            vec![(POST, || web::to(route::suspend_user))],
        ),
        (
            "/admin/users/{id}/restore",
            vec![(POST, || web::to(route::restore_user))],
        ),
        ("/admin/users/{id}/hold", vec![(POST, || web::to(route::hold_user))]),
        (
            "/admin/users/{id}/release",
            vec![(POST, || web::to(route::release_user))],
        ),
        ("/admin/users/{id}/erase", vec![(POST, || web::to(route::erase_user))]),
        (
            "/admin/users/{id}/sessions",
            vec![(DELETE, || web::to(route::end_user_sessions))],
        ),
        (
            "/admin/users/{id}/send-password-reset",
            vec![(POST, || web::to(route::send_password_reset))],
        ),
        (
            "/admin/users/{id}/send-verification",
            vec![(POST, || web::to(route::send_verification))],
        ),
        ("/admin/tenants", vec![(GET, || web::to(route::find_tenants))]),
        ("/admin/tenants/{id}", vec![(GET, || web::to(route::show_tenant))]),
        ("/admin/log", vec![(GET, || web::to(route::read_staff_log))]),
    ]
}

/// Mounts `/api` and its alias `/api/v1`, with everything that guards them, into an application.
///
/// The closure may be cloned for every worker. Nothing of the application around it is touched: gates, shared values and
/// the 404 apply below `/api` alone.
pub fn configure(api: &Api) -> impl FnOnce(&mut ServiceConfig) + Clone + Send + use<> {
    let api = api.clone();
    let door = Data::new(Door::of(&api));
    move |config| {
        let scope = web::scope("/api")
            .app_data(door.clone())
            .app_data(Data::<dyn Registration>::from(Arc::clone(&api.registration)))
            .app_data(Data::<dyn Authentication>::from(Arc::clone(&api.authentication)))
            .app_data(Data::<dyn Sessions>::from(Arc::clone(&api.sessions)))
            .app_data(Data::<dyn Reauthentication>::from(Arc::clone(&api.reauthentication)))
            .app_data(Data::<dyn Unlocking>::from(Arc::clone(&api.unlocking)))
            .app_data(Data::<dyn Verification>::from(Arc::clone(&api.verification)))
            .app_data(Data::<dyn Recovery>::from(Arc::clone(&api.recovery)))
            .app_data(Data::<dyn Passwords>::from(Arc::clone(&api.passwords)))
            .app_data(Data::<dyn Addresses>::from(Arc::clone(&api.addresses)))
            .app_data(Data::<dyn Restoration>::from(Arc::clone(&api.restoration)))
            .app_data(Data::<dyn Deletion>::from(Arc::clone(&api.deletion)))
            .app_data(Data::<dyn SecondFactors>::from(Arc::clone(&api.second_factors)))
            .app_data(Data::<dyn Profiles>::from(Arc::clone(&api.profiles)))
            .app_data(Data::<dyn Tenants>::from(Arc::clone(&api.tenants)))
            .app_data(Data::<dyn Members>::from(Arc::clone(&api.members)))
            .app_data(Data::<dyn Invitations>::from(Arc::clone(&api.invitations)))
            .app_data(Data::<dyn Joining>::from(Arc::clone(&api.joining)))
            .app_data(Data::<dyn Policies>::from(Arc::clone(&api.policies)))
            .app_data(Data::<dyn Pictures>::from(Arc::clone(&api.pictures)))
            .app_data(Data::<dyn Activity>::from(Arc::clone(&api.activity)))
            .app_data(Data::<dyn Oversight>::from(Arc::clone(&api.oversight)))
            .app_data(Data::<dyn Exports>::from(Arc::clone(&api.exports)))
            .app_data(Data::<dyn Consents>::from(Arc::clone(&api.consents)))
            .app_data(Data::<dyn HealthCheck>::from(Arc::clone(&api.health)))
            .service(web::scope("/v1").configure(routes))
            .configure(routes)
            .wrap(gate(door, Json));
        config.service(scope);
    }
}

/// A default service for the rest of an application: the same JSON 404 with the same headers as below `/api`.
pub fn not_found_anywhere(api: &Api) -> Route {
    web::to(not_found).wrap(gate(Data::new(Door::of(api)), Json))
}

fn routes(config: &mut ServiceConfig) {
    for (path, served) in resources() {
        let resource = if path.starts_with(STAFF) {
            hidden_resource
        } else {
            resource
        };
        config.service(resource("/api", path, served));
    }
    config.default_service(web::to(not_found));
}
