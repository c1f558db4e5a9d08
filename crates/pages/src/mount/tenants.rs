//! The paths of tenants.

use actix_web::http::Method;
use actix_web::web;

use super::{Kind, Listed};
use crate::route;

/// Everything below `/settings/tenants`.
pub(super) fn tenants() -> Vec<Listed> {
    vec![
        ("/settings/tenants", Kind::Private, form!(settings::tenants)),
        (
            "/settings/tenants/{tenantId}",
            Kind::Private,
            form!(settings::tenants::name),
        ),
        (
            "/settings/tenants/{tenantId}/switch",
            Kind::Way,
            form!(settings::tenants::switch),
        ),
        (
            "/settings/tenants/{tenantId}/leave",
            Kind::Private,
            form!(settings::tenants::leave),
        ),
        (
            "/settings/tenants/{tenantId}/members",
            Kind::Private,
            vec![(Method::GET, || web::to(route::settings::tenants::members::show))],
        ),
        (
            "/settings/tenants/{tenantId}/members/{userId}",
            Kind::Private,
            form!(settings::tenants::member),
        ),
        (
            "/settings/tenants/{tenantId}/members/{userId}/remove",
            Kind::Private,
            form!(settings::tenants::removal),
        ),
        (
            "/settings/tenants/{tenantId}/members/{userId}/hand-on",
            Kind::Private,
            form!(settings::tenants::transfer),
        ),
        (
            "/settings/tenants/{tenantId}/invitations",
            Kind::Private,
            form!(settings::tenants::invitations),
        ),
        (
            "/settings/tenants/{tenantId}/invitations/{invitationId}/resend",
            Kind::Way,
            form!(settings::tenants::invitation, back, resend),
        ),
        (
            "/settings/tenants/{tenantId}/invitations/{invitationId}/revoke",
            Kind::Way,
            form!(settings::tenants::invitation, back, revoke),
        ),
        (
            "/settings/tenants/{tenantId}/policy",
            Kind::Private,
            form!(settings::tenants::policy),
        ),
    ]
}
