//! Which way the arrows between the crates point. `cargo` says what is; the table says what may be.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Every crate of this workspace and which of the others it may use. Tests and examples may use more: they are nobody's
/// dependency.
const ARROWS: &[(&str, &[&str])] = &[
    ("rookery-domain", &[]),
    ("rookery-words", &["rookery-domain"]),
    ("rookery-core", &["rookery-domain"]),
    ("rookery-migrations", &[]),
    ("rookery-crypto", &["rookery-core", "rookery-domain"]),
    (
        "rookery-store",
        &["rookery-core", "rookery-domain", "rookery-migrations"],
    ),
    ("rookery-mail", &["rookery-core", "rookery-domain", "rookery-words"]),
    ("rookery-webhook", &["rookery-core", "rookery-domain"]),
    ("rookery-picture", &["rookery-core", "rookery-domain"]),
    ("rookery-archive", &["rookery-core", "rookery-domain", "rookery-words"]),
    ("rookery-door", &["rookery-core", "rookery-domain"]),
    ("rookery-api", &["rookery-core", "rookery-door", "rookery-domain"]),
    (
        "rookery-pages",
        &["rookery-core", "rookery-door", "rookery-domain", "rookery-words"],
    ),
    (
        "rookery-server",
        &[
            "rookery-api",
            "rookery-archive",
            "rookery-core",
            "rookery-crypto",
            "rookery-domain",
            "rookery-mail",
            "rookery-pages",
            "rookery-picture",
            "rookery-store",
            "rookery-webhook",
            "rookery-words",
        ],
    ),
];

/// What tests stand on: never a dependency of what is shipped.
const TESTKIT: &str = "rookery-testkit";

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The packages of the workspace and what each depends on when it is shipped.
fn packages() -> BTreeMap<String, BTreeSet<String>> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--offline", "--no-deps", "--format-version", "1"])).unwrap();
    let is_shipped = |dependency: &&Value| dependency["kind"].is_null();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter().filter(is_shipped);
            let names = dependencies.map(|dependency| dependency["name"].as_str().unwrap().to_owned());
            (package["name"].as_str().unwrap().to_owned(), names.collect())
        })
        .collect()
}

#[test]
fn every_crate_uses_only_the_crates_it_may_use() {
    let packages = packages();
    for (package, dependencies) in &packages {
        let ours: Vec<&str> = dependencies
            .iter()
            .map(String::as_str)
            .filter(|name| packages.contains_key(*name))
            .collect();
        if package == TESTKIT {
            continue;
        }
        let (_, allowed) = ARROWS
            .iter()
            .find(|(name, _)| name == package)
            .unwrap_or_else(|| panic!("{package} has no line in the table"));
        for name in ours {
            assert!(allowed.contains(&name), "{package} must not use {name}");
        }
    }
    for (package, _) in ARROWS {
        assert!(
            packages.contains_key(*package),
            "{package} is in the table and not in the workspace"
        );
    }
}

#[test]
fn no_technology_leaves_its_room() {
    let packages = packages();
    for (package, banned) in [
        (
            "rookery-domain",
            &["actix-", "sea-orm", "sqlx", "tokio", "lettre", "async-"][..],
        ),
        (
            "rookery-words",
            &["actix-", "sea-orm", "sqlx", "tokio", "lettre", "async-"],
        ),
        ("rookery-core", &["actix-", "sea-orm", "sqlx", "tokio", "lettre"]),
        ("rookery-door", &["sea-orm", "sqlx", "lettre", "minijinja"]),
        ("rookery-api", &["sea-orm", "sqlx", "lettre", "minijinja"]),
        ("rookery-pages", &["sea-orm", "sqlx", "lettre", "utoipa"]),
        ("rookery-mail", &["actix-", "sea-orm", "sqlx"]),
        ("rookery-webhook", &["actix-", "sea-orm", "sqlx", "lettre"]),
        ("rookery-picture", &["actix-", "sea-orm", "sqlx", "lettre"]),
        ("rookery-crypto", &["actix-", "sea-orm", "sqlx", "lettre"]),
        ("rookery-store", &["actix-", "lettre"]),
        ("rookery-migrations", &["actix-", "lettre"]),
        ("rookery-server", &["sea-orm", "sqlx", "lettre", "ureq"]),
    ] {
        for dependency in &packages[package] {
            let culprit = banned.iter().find(|prefix| dependency.starts_with(**prefix));
            assert!(culprit.is_none(), "{package} must not use {dependency}");
        }
    }
}

#[test]
fn whoever_imports_core_gets_no_web_server_no_database_and_no_runtime() {
    let tree = cargo(&[
        "tree",
        "--offline",
        "--package",
        "rookery-core",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains("rookery-domain"), "the tree is there: {tree}");
    for banned in [
        "actix-web",
        "actix-http",
        "sea-orm",
        "sqlx",
        "tokio",
        "lettre",
        "hyper",
        "async-std",
        "mockall",
    ] {
        assert!(!names.contains(banned), "rookery-core brings {banned} along");
    }
}
