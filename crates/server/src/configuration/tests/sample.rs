//! The sample environment.

use std::process::Command;

use super::*;

#[test]
fn the_sample_environment_names_every_variable_with_its_default() {
    let sample = include_str!("../../../../../.env.example");
    let mut named: Vec<(&str, &str)> = sample
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once('='))
        .filter(|(name, _)| name.starts_with("ROOKERY_") || *name == "DATABASE_URL")
        .collect();
    named.retain(|(name, _)| *name != FILE_VARIABLE);
    for setting in SETTINGS {
        let values: Vec<&str> = named
            .iter()
            .filter(|(name, _)| *name == setting.variable)
            .map(|(_, value)| *value)
            .collect();
        assert_eq!(values.len(), 1, "{} is named once", setting.variable);
        if let Fallback::Text(text) = setting.fallback {
            assert_eq!(values[0], text, "{}", setting.variable);
        }
    }
    assert_eq!(named.len(), SETTINGS.len(), "and nothing else is named");
}

#[test]
fn the_sample_environment_can_be_used_as_it_is() {
    let sample = include_str!("../../../../../.env.example");
    let set: Vec<(&str, &str)> = sample
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .collect();
    with(&set).unwrap();
}

/// As its head says to load it, with every line switched on.
#[test]
fn a_shell_can_load_every_line_of_the_sample_environment() {
    let sample = include_str!("../../../../../.env.example");
    let switched_on: Vec<&str> = sample
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.starts_with("ROOKERY_") || line.starts_with("DATABASE_URL="))
        .filter(|line| !line.starts_with(FILE_VARIABLE))
        .collect();
    let script = format!("set -eu; set -a; {}\nset +a; env", switched_on.join("\n"));
    let told = Command::new("/bin/sh")
        .args(["-c", &script])
        .env_clear()
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let environment = String::from_utf8(told.stdout).unwrap();
    let set: Vec<(&str, &str)> = environment
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(name, _)| SETTINGS.iter().any(|setting| setting.variable == *name))
        .collect();
    assert_eq!(set.len(), SETTINGS.len());
    let configuration = with(&set).unwrap();
    assert_eq!(configuration.mail.sender.to_string(), "Rookery <no-reply@localhost>");
}
