//! `rookery openapi`: the contract for programs.

use clap::Args;

use super::Failure;
use super::outcome::print;

/// Print the OpenAPI document, the same that the server answers at /api/openapi.json
#[derive(Debug, Args)]
pub(super) struct OpenApi {}

/// Prints it.
pub(super) fn run() -> Result<(), Failure> {
    print(rookery_api::openapi_json().trim_end())
}
