//! The document, made from the code.

use utoipa::OpenApi;

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
#[openapi(paths(
    crate::route::sign_up,
    crate::route::log_in,
    crate::route::log_out,
    crate::route::current_session,
    crate::route::forgot_password,
    crate::route::reset_password,
    crate::route::verify_email,
    crate::route::resend_verification,
    crate::route::read_profile,
    crate::route::update_profile,
    crate::route::change_password,
    crate::route::health,
    crate::route::live,
    crate::route::openapi_document,
    crate::route::docs_page,
    crate::route::docs_file,
))]
struct Document;
