//! What is shown, and what is not.

use super::*;

#[test]
fn a_secret_key_comes_from_the_environment_or_a_file_and_not_from_both() {
    let folder = Folder::new("secret");
    let file = folder.file("key", &format!("{OTHER_KEY}\n"));
    let file = file.to_str().unwrap();
    let configuration = with(&[("ROOKERY_SECRET_KEY_FILE", file)]).unwrap();
    assert!(matches!(configuration.secrets.key, KeySource::Given(_)));
    let both = problems(with(&[("ROOKERY_SECRET_KEY_FILE", file), ("ROOKERY_SECRET_KEY", KEY)]));
    assert_eq!(both.len(), 1);
    assert!(both[0].starts_with("ROOKERY_SECRET_KEY_FILE must not be set together with ROOKERY_SECRET_KEY"));
}

#[test]
fn nothing_that_is_shown_holds_a_secret() {
    let secrets = [KEY, OTHER_KEY, "hunter2", "hunter3", "hunter4"];
    let given = [
        ("ROOKERY_PEPPER", OTHER_KEY),
        ("ROOKERY_OLDER_PEPPERS", KEY),
        ("ROOKERY_OLDER_SECRET_KEYS", OTHER_KEY),
        (
            "DATABASE_URL",
            "postgres://rookery:hunter2@db.internal/accounts?password=hunter4",
        ),
    ];
    let configuration = production(&given).unwrap();
    let shown = format!("{configuration:?}");
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
    let value = |key: &str| {
        let effective = configuration
            .effective
            .iter()
            .find(|effective| effective.setting.key == key);
        effective.unwrap().value.text().unwrap_or_default().to_owned()
    };
    assert_eq!(value("database.url"), "postgres://rookery:***@db.internal/accounts?***");
    assert_eq!(value("mail.smtp_url"), "smtps://rookery:***@mail.example.com");
    assert_eq!(value("security.secret_key"), "***");
    assert_eq!(value("password.pepper"), "***");
}

#[test]
fn no_complaint_quotes_a_secret() {
    let bad = [
        ("ROOKERY_SECRET_KEY", "hunter2"),
        ("ROOKERY_OLDER_SECRET_KEYS", "hunter2"),
        ("ROOKERY_PEPPER", "hunter2"),
        ("ROOKERY_OLDER_PEPPERS", "hunter2"),
        ("DATABASE_URL", "mysql://root:hunter2@db"),
        ("ROOKERY_SMTP_URL", "http://root:hunter2@mail"),
    ];
    let problems = problems(with(&bad));
    assert_eq!(problems.len(), bad.len());
    for problem in problems {
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}
