//! `GET /api/openapi.json` and the page that shows it at `/api/docs`, all of it from the binary.

use rookery_door::{Counter, Problem};
use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName};
use actix_web::web::{Bytes, Path};
use utoipa_swagger_ui::Config;

use crate::openapi::openapi_json;
use crate::view::Answer;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The page loads its own files and asks this service, nobody else. Swagger UI sets styles inline and draws its icons from
/// data URLs.
const OWN_FILES_ONLY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rookery API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
    <link rel="stylesheet" href="/api/docs/index.css">
    <link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png" sizes="32x32">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/swagger-ui-standalone-preset.js"></script>
    <script src="/api/docs/swagger-initializer.js"></script>
  </body>
</html>
"#;

static DOCUMENT: LazyLock<String> = LazyLock::new(openapi_json);

// No validator: it would tell a third party about this installation.
static SWAGGER: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    Arc::new(
        Config::new(["/api/openapi.json"])
            .use_base_layout()
            .validator_url("none"),
    )
});

/// The OpenAPI document
#[utoipa::path(
    get, path = "/api/openapi.json", operation_id = "openApiDocument", tag = "Documentation",
    responses((status = 200, description = "This document", content_type = "application/json", body = Object)),
)]
pub(crate) async fn openapi_document(counter: Counter) -> Answer {
    counter.anonymous().await?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(DOCUMENT.as_str()))
}

/// A page to read and try the API
#[utoipa::path(
    get, path = "/api/docs", operation_id = "docsPage", tag = "Documentation",
    responses((status = 200, description = "The page", content_type = "text/html", body = String)),
)]
pub(crate) async fn docs_page(counter: Counter) -> Answer {
    counter.anonymous().await?;
    Ok(page())
}

fn page() -> HttpResponse {
    page_response(
        "text/html; charset=utf-8",
        "no-cache",
        Bytes::from_static(PAGE.as_bytes()),
    )
}

/// A file of that page
#[utoipa::path(
    get, path = "/api/docs/{file}", operation_id = "docsFile", tag = "Documentation",
    params(("file" = String, Path, description = "The file's name")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = String)),
)]
pub(crate) async fn docs_file(file: Path<String>, counter: Counter) -> Answer {
    counter.anonymous().await?;
    if file.is_empty() || *file == "index.html" {
        return Ok(page());
    }
    let found = utoipa_swagger_ui::serve(&file, Arc::clone(&SWAGGER)).map_err(|error| Problem::Internal {
        cause: format!("docs.serve failed: {error}"),
    })?;
    let file = found.ok_or(Problem::NotFound)?;
    let bytes = match file.bytes {
        Cow::Borrowed(embedded) => Bytes::from_static(embedded),
        Cow::Owned(made) => made.into(),
    };
    Ok(page_response(&file.content_type, "max-age=3600", bytes))
}

fn page_response(content_type: &str, caching: &'static str, body: Bytes) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CONTENT_SECURITY_POLICY, OWN_FILES_ONLY))
        .insert_header((CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
        .insert_header((CACHE_CONTROL, caching))
        .body(body)
}
