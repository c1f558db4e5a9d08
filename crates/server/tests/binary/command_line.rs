//! The program as an operator uses it: arguments in, words and an exit code out.

mod admin;
mod configuration;
mod migrate;
mod starting;
mod user;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::rookery::Installation;

/// A configuration that makes no sense.
const EX_CONFIG: i32 = 78;

/// A command line that makes no sense.
const USAGE: i32 = 2;

/// What a command said and how it ended.
#[derive(Debug)]
struct Told {
    code: i32,
    out: String,
    err: String,
}

impl Told {
    fn by(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    fn done(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    #[track_caller]
    fn json(self) -> Value {
        let out = self.done();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} in {out}"))
    }

    /// What it complained about.
    #[track_caller]
    fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        self.err
    }
}

fn tell(installation: &Installation, arguments: &[&str]) -> Told {
    Told::by(installation.command(arguments).output().unwrap())
}

fn tell_with_input(installation: &Installation, arguments: &[&str], input: &str) -> Told {
    let mut command: Command = installation.command(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever refuses the arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Told::by(child.wait_with_output().unwrap())
}

#[test]
fn healthcheck_ends_with_0_when_the_server_is_ready_and_with_1_when_it_is_not() {
    let installation = Installation::bare();
    let rookery = installation.start();
    let listen = format!("127.0.0.1:{}", rookery.port());
    assert_eq!(
        tell(&installation, &["healthcheck", "--listen", &listen]).done().trim(),
        "ready"
    );
    let answer = tell(&installation, &["healthcheck", "--json", "--listen", &listen]).json();
    assert_eq!(answer["status"], json!("healthy"));
    rookery.kill();
    let said = tell(&installation, &["healthcheck", "--listen", &listen]).failed(1);
    assert!(said.contains(&listen), "{said}");
}

#[test]
fn openapi_prints_the_document_the_server_answers() {
    let installation = Installation::bare();
    let printed = tell(&installation, &["openapi"]).json();
    assert!(printed["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(printed["paths"]["/api/users/me"]["patch"].is_object());
    let rookery = installation.start();
    assert_eq!(
        rookery.get("/api/openapi.json").send().expect_status(200).json(),
        printed
    );
}

#[test]
fn help_has_examples_and_nonsense_is_a_usage_error() {
    let installation = Installation::bare();
    for command in [&["--help"][..], &["migrate", "--help"], &["user", "--help"]] {
        let said = tell(&installation, command).done();
        assert!(said.contains("Examples:"), "{command:?}: {said}");
    }
    for command in ["serve", "check-config", "openapi", "healthcheck"] {
        assert!(tell(&installation, &[command, "--help"]).done().contains("Usage:"));
    }
    assert!(
        tell(&installation, &["--version"])
            .done()
            .contains(env!("CARGO_PKG_VERSION"))
    );
    for command in [
        &["sing"][..],
        &["--port", "80"],
        &["migrate"],
        &["migrate", "sideways"],
        &["user", "create"],
    ] {
        tell(&installation, command).failed(USAGE);
    }
}
