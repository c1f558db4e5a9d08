//! The `rookery` program.

use std::process::ExitCode;

/// One thread for what goes on beside the requests (the workers, signals, starting and stopping); the server brings its own.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    rookery_server::command::run(std::env::args_os()).await
}
