//! The sample environment.

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
