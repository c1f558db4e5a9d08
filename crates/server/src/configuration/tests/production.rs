//! What real people may rely on.

use super::*;

#[test]
fn production_takes_what_is_complete_and_strong() {
    let configuration = production(&[]).unwrap();
    assert!(configuration.profile.is_production());
    assert!(!configuration.database.migrate_at_start);
    assert_eq!(configuration.log.format, LogFormat::Json);
    assert_eq!(configuration.http.shutdown_delay.as_secs(), 5);
    assert!(matches!(configuration.secrets.key, KeySource::Given(_)));
}

#[test]
fn production_refuses_everything_a_developer_may_leave_out() {
    assert_eq!(
        problems(with(&[
            ("ROOKERY_PROFILE", "production"),
            ("DATABASE_URL", "sqlite::memory:")
        ])),
        [
            "DATABASE_URL must not be an SQLite database in memory in production",
            "ROOKERY_PUBLIC_URL must be set to an https URL in production",
            "ROOKERY_SMTP_URL must be set in production: without it nobody gets any mail",
            "ROOKERY_MAIL_FROM must be set in production",
            "ROOKERY_SECRET_KEY must be set in production, or ROOKERY_SECRET_KEY_FILE: make one with `openssl rand -base64 32`",
        ]
    );
    let url = problems(production(&[("ROOKERY_PUBLIC_URL", "http://localhost:8080")]));
    assert_eq!(
        url,
        ["ROOKERY_PUBLIC_URL must be set to an https URL in production, not \"http://localhost:8080\""]
    );
    let weak = problems(production(&[("ROOKERY_SECRET_KEY", &"ab".repeat(32))]));
    assert_eq!(
        weak,
        ["ROOKERY_SECRET_KEY must be random, which this one is not: make one with `openssl rand -base64 32`"]
    );
}

#[test]
fn a_role_that_migrates_at_start_and_serves_is_worth_a_note() {
    let is_noted = |variables: &[(&str, &str)]| {
        let notes = production(variables).unwrap().notes();
        notes.iter().any(|note| note.contains("owns the tables"))
    };
    assert!(!is_noted(&[("ROOKERY_DATABASE_ROLE", "rookery")]));
    assert!(is_noted(&[("ROOKERY_MIGRATE_AT_START", "true")]));
    assert_eq!(with(&[]).unwrap().notes(), [""; 0], "SQLite has no roles");
    let role = production(&[("ROOKERY_DATABASE_ROLE", "rookery")]).unwrap();
    assert_eq!(role.database.role.as_deref(), Some("rookery"));
}
