//! What is refused, what is said, and who wins.

mod defaults;
mod notes;
mod production;
mod refusals;
mod sample;
mod secrecy;
mod sources;

use std::path::PathBuf;

use super::*;

const KEY: &str = "qL0uYbAKqVxvJ6mCw0pW3n5Zr8tE1fHsG4dXi9kTy2o=";
const OTHER_KEY: &str = "c3f1a09b5d7e2846ffb0913c6a58d27e4b1f80c95d36ea7209fd4c81b6e5732a";

/// A configuration given by environment variables alone.
fn with(variables: &[(&str, &str)]) -> Result<Configuration, Problems> {
    Configuration::read(&environment(variables))
}

fn environment(variables: &[(&str, &str)]) -> Sources {
    Sources {
        variables: variables
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        ..Sources::default()
    }
}

/// What production needs at least, with some of it given otherwise.
fn production(variables: &[(&str, &str)]) -> Result<Configuration, Problems> {
    let mut all = vec![
        ("ROOKERY_PROFILE", "production"),
        ("DATABASE_URL", "postgres://rookery:hunter2@db.internal/accounts"),
        ("ROOKERY_PUBLIC_URL", "https://app.example.com"),
        ("ROOKERY_SMTP_URL", "smtps://rookery:hunter3@mail.example.com"),
        ("ROOKERY_MAIL_FROM", "Example <accounts@example.com>"),
        ("ROOKERY_SECRET_KEY", KEY),
    ];
    all.retain(|(name, _)| variables.iter().all(|(other, _)| name != other));
    all.extend(variables);
    with(&all)
}

fn problems(read: Result<Configuration, Problems>) -> Vec<String> {
    read.expect_err("it should be refused")
        .iter()
        .map(ToString::to_string)
        .collect()
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rookery-configuration-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
