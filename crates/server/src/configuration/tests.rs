//! What is refused, what is said, and who wins.

use std::path::PathBuf;

use rookery_domain::ExposeSecret;

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

#[test]
fn with_nothing_set_everything_has_a_value() {
    let configuration = with(&[]).unwrap();
    assert_eq!(configuration.profile, Profile::Development);
    assert_eq!(configuration.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(
        configuration.database.url.expose_secret(),
        "sqlite://./data/rookery.db?mode=rwc"
    );
    assert!(configuration.database.migrate_at_start);
    assert!(configuration.mail.server.is_none());
    assert!(matches!(&configuration.secrets.key, KeySource::Kept(path) if path.ends_with("data/secret.key")));
    assert_eq!(
        configuration.sessions.lifetime,
        rookery_domain::SessionLifetime::DEFAULT
    );
    assert_eq!(
        configuration.sessions.remembered,
        rookery_domain::SessionLifetime::REMEMBERED
    );
    assert_eq!(configuration.passwords.cost, rookery_crypto::Argon2Cost::default());
    assert_eq!(configuration.passwords.rules, rookery_domain::PasswordRules::default());
    assert_eq!(configuration.log.format, LogFormat::Pretty);
    assert_eq!(configuration.http.shutdown_delay.as_secs(), 0);
    assert_eq!(configuration.brand.name, BrandName::default());
}

#[test]
fn the_public_url_follows_the_port() {
    let configuration = with(&[("ROOKERY_LISTEN", "0.0.0.0:9000")]).unwrap();
    let url = configuration.http.public_url_at(configuration.listen);
    assert_eq!(url.as_str(), "http://localhost:9000/");
}

#[test]
fn the_data_directory_moves_everything_that_is_made() {
    let configuration = with(&[("ROOKERY_DATA_DIR", "/srv/a?b")]).unwrap();
    assert_eq!(
        configuration.database.url.expose_secret(),
        "sqlite:///srv/a%3Fb/rookery.db?mode=rwc"
    );
    assert!(matches!(&configuration.secrets.key, KeySource::Kept(path) if path.ends_with("a?b/secret.key")));
}

/// A variable, a bad value, and how the complaint about it begins.
const BAD_VALUES: &[(&str, &str, &str)] = &[
    (
        "ROOKERY_PROFILE",
        "prod",
        "ROOKERY_PROFILE must be one of development, production, not \"prod\"",
    ),
    (
        "ROOKERY_LISTEN",
        "8080",
        "ROOKERY_LISTEN must be an address with a port such as 127.0.0.1:8080 or [::]:8080, not \"8080\"",
    ),
    (
        "ROOKERY_LISTEN",
        "localhost:8080",
        "ROOKERY_LISTEN must be an address with a port",
    ),
    (
        "ROOKERY_PUBLIC_URL",
        "app.example.com",
        "ROOKERY_PUBLIC_URL must be a URL such as https://app.example.com",
    ),
    (
        "ROOKERY_PUBLIC_URL",
        "https://app.example.com/?x=1",
        "ROOKERY_PUBLIC_URL must be a URL",
    ),
    (
        "ROOKERY_PUBLIC_URL",
        "https://ada:secret@app.example.com",
        "ROOKERY_PUBLIC_URL must be a URL",
    ),
    (
        "ROOKERY_PUBLIC_URL",
        "http://app.example.com",
        "ROOKERY_PUBLIC_URL must be https, or http on localhost",
    ),
    (
        "ROOKERY_PUBLIC_URL",
        "ftp://localhost",
        "ROOKERY_PUBLIC_URL must be https, or http on localhost",
    ),
    (
        "ROOKERY_ALLOWED_ORIGINS",
        "https://a.example,*",
        "ROOKERY_ALLOWED_ORIGINS must be a list of origins",
    ),
    (
        "ROOKERY_ALLOWED_ORIGINS",
        "https://a.example/path",
        "ROOKERY_ALLOWED_ORIGINS must be a list of origins",
    ),
    (
        "ROOKERY_TRUSTED_PROXIES",
        "10.0.0.0/33",
        "ROOKERY_TRUSTED_PROXIES must be a list of addresses or networks",
    ),
    (
        "ROOKERY_TRUSTED_PROXIES",
        "0.0.0.0/0",
        "ROOKERY_TRUSTED_PROXIES must not trust everybody",
    ),
    (
        "ROOKERY_HTTP_WORKERS",
        "0",
        "ROOKERY_HTTP_WORKERS must be a whole number from 1 to 512, not \"0\"",
    ),
    (
        "ROOKERY_MAX_CONNECTIONS",
        "many",
        "ROOKERY_MAX_CONNECTIONS must be a whole number from 16 to 1000000",
    ),
    (
        "ROOKERY_KEEP_ALIVE",
        "30",
        "ROOKERY_KEEP_ALIVE must be a time from 1s to 1h such as 45s, 30m, 24h or 7d",
    ),
    (
        "ROOKERY_REQUEST_TIMEOUT",
        "2h",
        "ROOKERY_REQUEST_TIMEOUT must be a time from 1s to 1m",
    ),
    (
        "ROOKERY_LANDING_PAGES",
        "yes",
        "ROOKERY_LANDING_PAGES must be true or false, not \"yes\"",
    ),
    (
        "ROOKERY_SHUTDOWN_DELAY",
        "-1s",
        "ROOKERY_SHUTDOWN_DELAY must be a time from 0s to 1h",
    ),
    (
        "ROOKERY_SHUTDOWN_GRACE",
        "forever",
        "ROOKERY_SHUTDOWN_GRACE must be a time from 0s to 1h",
    ),
    (
        "DATABASE_URL",
        "mysql://root:hunter2@db/accounts",
        "DATABASE_URL must be a URL such as sqlite://PATH?mode=rwc",
    ),
    (
        "DATABASE_URL",
        "/var/lib/rookery.db",
        "DATABASE_URL must be a URL such as sqlite://PATH?mode=rwc",
    ),
    (
        "ROOKERY_DATABASE_MAX_CONNECTIONS",
        "0",
        "ROOKERY_DATABASE_MAX_CONNECTIONS must be a whole number from 1 to 100",
    ),
    (
        "ROOKERY_MIGRATE_AT_START",
        "1",
        "ROOKERY_MIGRATE_AT_START must be true or false",
    ),
    (
        "ROOKERY_SMTP_URL",
        "mail.example.com:587",
        "ROOKERY_SMTP_URL must be a URL such as",
    ),
    (
        "ROOKERY_SMTP_URL",
        "smtp://ada:x@mail.example.com?tls=none",
        "ROOKERY_SMTP_URL must be a URL such as",
    ),
    (
        "ROOKERY_MAIL_FROM",
        "nobody",
        "ROOKERY_MAIL_FROM must be an address such as",
    ),
    (
        "ROOKERY_MAIL_FROM",
        "A <a@example.com>\nBcc: b@example.com",
        "ROOKERY_MAIL_FROM must be an address such as",
    ),
    (
        "ROOKERY_SECRET_KEY",
        "changeme",
        "ROOKERY_SECRET_KEY must be 32 random bytes",
    ),
    (
        "ROOKERY_SECRET_KEY",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "ROOKERY_SECRET_KEY must be random",
    ),
    (
        "ROOKERY_SECRET_KEY_FILE",
        "/nowhere/at/all",
        "ROOKERY_SECRET_KEY_FILE must name a file that can be read",
    ),
    (
        "ROOKERY_OLDER_SECRET_KEYS",
        "old",
        "ROOKERY_OLDER_SECRET_KEYS must be 32 random bytes",
    ),
    (
        "ROOKERY_SESSION_IDLE",
        "2d",
        "ROOKERY_SESSION_IDLE must be at most the absolute life of a session, 1d, not \"2d\"",
    ),
    (
        "ROOKERY_SESSION_ABSOLUTE",
        "0s",
        "ROOKERY_SESSION_ABSOLUTE must be a time from 1m to 366d",
    ),
    (
        "ROOKERY_SESSION_REMEMBERED_IDLE",
        "31d",
        "ROOKERY_SESSION_REMEMBERED_IDLE must be at most the absolute life",
    ),
    (
        "ROOKERY_SESSION_REMEMBERED_ABSOLUTE",
        "367d",
        "ROOKERY_SESSION_REMEMBERED_ABSOLUTE must be a time from 1m to 366d",
    ),
    (
        "ROOKERY_PASSWORD_MIN_LENGTH",
        "7",
        "ROOKERY_PASSWORD_MIN_LENGTH must be a whole number from 8 to 256, not \"7\"",
    ),
    (
        "ROOKERY_ARGON2_MEMORY_KIB",
        "1024",
        "ROOKERY_ARGON2_MEMORY_KIB must be stronger with 2 iterations",
    ),
    (
        "ROOKERY_ARGON2_MEMORY_KIB",
        "999999999",
        "ROOKERY_ARGON2_MEMORY_KIB must be at most 262144",
    ),
    (
        "ROOKERY_ARGON2_ITERATIONS",
        "none",
        "ROOKERY_ARGON2_ITERATIONS must be a whole number",
    ),
    (
        "ROOKERY_ARGON2_PARALLELISM",
        "0",
        "ROOKERY_ARGON2_PARALLELISM must be a whole number",
    ),
    (
        "ROOKERY_HASH_THREADS",
        "0",
        "ROOKERY_HASH_THREADS must be a whole number from 1 to 256",
    ),
    ("ROOKERY_PEPPER", "salt", "ROOKERY_PEPPER must be 32 random bytes"),
    (
        "ROOKERY_OLDER_PEPPERS",
        "salt",
        "ROOKERY_OLDER_PEPPERS must be 32 random bytes",
    ),
    (
        "ROOKERY_RATE_LIMITS",
        "on",
        "ROOKERY_RATE_LIMITS must be one of off, relaxed, default, strict, not \"on\"",
    ),
    (
        "ROOKERY_BRAND_NAME",
        "two\nlines",
        "ROOKERY_BRAND_NAME must be 1 to 80 characters on one line",
    ),
    (
        "ROOKERY_BRAND_SUPPORT",
        "a\tb",
        "ROOKERY_BRAND_SUPPORT must be 1 to 80 characters on one line",
    ),
    (
        "ROOKERY_LOG_FORMAT",
        "xml",
        "ROOKERY_LOG_FORMAT must be one of pretty, json, not \"xml\"",
    ),
    ("ROOKERY_LOG", "loud", "ROOKERY_LOG must be a level"),
    ("ROOKERY_LOG", "info,rookery_core", "ROOKERY_LOG must be a level"),
    ("ROOKERY_LOG", "info,=debug", "ROOKERY_LOG must be a level"),
];

#[test]
fn each_bad_value_is_named_with_what_would_do() {
    for (variable, value, message) in BAD_VALUES {
        let problems = problems(with(&[(variable, value)]));
        assert_eq!(problems.len(), 1, "{variable}={value}: {problems:?}");
        assert!(problems[0].starts_with(message), "{variable}={value}: {}", problems[0]);
    }
}

#[test]
fn every_setting_has_a_bad_value_in_that_table_or_takes_any_text() {
    let free = ["ROOKERY_DATA_DIR", "ROOKERY_MAIL_TEMPLATES"];
    for setting in SETTINGS {
        let judged = BAD_VALUES.iter().any(|(variable, ..)| *variable == setting.variable);
        assert!(judged || free.contains(&setting.variable), "{}", setting.variable);
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let error = with(&[
        ("ROOKERY_LISTEN", "x"),
        ("ROOKERY_PASSWORD_MIN_LENGTH", "4"),
        ("ROOKERY_SMTP_URL", "x"),
        ("ROOKERY_NONSENSE", "x"),
    ])
    .unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("the configuration is not usable:\n  - "), "{text}");
    for name in [
        "ROOKERY_LISTEN",
        "ROOKERY_PASSWORD_MIN_LENGTH",
        "ROOKERY_SMTP_URL",
        "ROOKERY_NONSENSE",
    ] {
        assert!(text.contains(name), "{text}");
    }
    assert_eq!(error.iter().count(), 4);
}

#[test]
fn unknown_variables_are_refused_and_a_likely_one_is_offered() {
    assert_eq!(
        problems(with(&[
            ("ROOKERY_LISTN", "127.0.0.1:1"),
            ("OTHER_LISTEN", "x"),
            ("LISTEN", "x")
        ])),
        ["unknown environment variable ROOKERY_LISTN (did you mean ROOKERY_LISTEN?)"]
    );
    assert_eq!(
        problems(with(&[("ROOKERY_COFFEE", "black")])),
        ["unknown environment variable ROOKERY_COFFEE"]
    );
    with(&[("ROOKERY_TEST_POSTGRES", "postgres://x")]).unwrap();
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let configuration = with(&[
        ("ROOKERY_LISTEN", ""),
        ("ROOKERY_SMTP_URL", ""),
        ("ROOKERY_SECRET_KEY", ""),
    ])
    .unwrap();
    assert_eq!(configuration.listen.to_string(), "127.0.0.1:8080");
    assert!(configuration.mail.server.is_none());
}

#[test]
fn flags_win_over_the_environment_which_wins_over_the_file() {
    let folder = Folder::new("precedence");
    let file = folder.file(
        "rookery.toml",
        "listen = \"127.0.0.1:1\"\n[brand]\nname = \"File\"\n[http]\nworkers = 3\nallowed_origins = [\"https://a.example\", \"https://b.example\"]\n",
    );
    let configuration = Configuration::read(&Sources {
        flags: vec![("listen", "127.0.0.1:3".to_owned())],
        file: Some(file),
        ..environment(&[("ROOKERY_LISTEN", "127.0.0.1:2"), ("ROOKERY_BRAND_NAME", "Environment")])
    })
    .unwrap();
    assert_eq!(configuration.listen.port(), 3);
    assert_eq!(configuration.brand.name.as_str(), "Environment");
    assert_eq!(configuration.http.workers, 3);
    let origins: Vec<_> = configuration
        .http
        .allowed_origins
        .iter()
        .map(rookery_api::Origin::as_str)
        .collect();
    assert_eq!(origins, ["https://a.example", "https://b.example"]);
}

#[test]
fn the_file_is_found_by_flag_by_variable_or_in_the_working_directory() {
    let folder = Folder::new("places");
    let named = folder.file("named.toml", "brand.name = \"Named\"");
    let variable = folder.file("variable.toml", "brand.name = \"Variable\"");
    folder.file("rookery.toml", "brand.name = \"Here\"");
    let brand = |file: Option<&PathBuf>, variables: &[(&str, &str)]| {
        let sources = Sources {
            file: file.cloned(),
            directory: Some(folder.0.clone()),
            ..environment(variables)
        };
        Configuration::read(&sources).unwrap().brand.name.as_str().to_owned()
    };
    let by_variable = [("ROOKERY_CONFIG", variable.to_str().unwrap())];
    assert_eq!(brand(Some(&named), &by_variable), "Named");
    assert_eq!(brand(None, &by_variable), "Variable");
    assert_eq!(brand(None, &[]), "Here");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let read = Configuration::read(&Sources {
        file: Some("/nowhere/rookery.toml".into()),
        ..Sources::default()
    });
    assert_eq!(problems(read), ["there is no configuration file /nowhere/rookery.toml"]);
}

#[test]
fn unknown_keys_of_the_file_are_refused_wherever_they_are() {
    let folder = Folder::new("unknown");
    let file = folder.file(
        "x.toml",
        "listn = \"x\"\n[mail]\nsmtp_uri = \"x\"\n[coffee]\nblack = true\nlisten = {}\n",
    );
    let read = Configuration::read(&Sources {
        file: Some(file.clone()),
        ..Sources::default()
    });
    let file = file.display();
    assert_eq!(
        problems(read),
        [
            format!("{file} has an unknown key coffee.black"),
            format!("{file} has an unknown key coffee.listen"),
            format!("{file} has an unknown key listn (did you mean listen?)"),
            format!("{file} has an unknown key mail.smtp_uri (did you mean mail.smtp_url?)"),
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_is_refused_without_quoting_it() {
    let folder = Folder::new("broken");
    let file = folder.file("x.toml", "[security]\nsecret_key = \"hunter2\n");
    let problems = problems(Configuration::read(&Sources {
        file: Some(file),
        ..Sources::default()
    }));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("line 2"), "{}", problems[0]);
    assert!(!problems[0].contains("hunter2"), "{}", problems[0]);
}

#[test]
fn a_bad_value_of_the_file_or_of_a_flag_is_named_as_it_was_written() {
    let folder = Folder::new("names");
    let file = folder.file("x.toml", "[session]\nidle = 30\n[mail]\nsmtp_url = { host = \"x\" }\n");
    let problems = problems(Configuration::read(&Sources {
        flags: vec![("listen", "x".to_owned())],
        file: Some(file.clone()),
        ..Sources::default()
    }));
    let file = file.display();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(
        problems[0].starts_with(&format!("mail.smtp_url in {file} must be a text")),
        "{}",
        problems[0]
    );
    assert!(
        problems[1].starts_with("--listen must be an address"),
        "{}",
        problems[1]
    );
    assert!(
        problems[2].starts_with(&format!("session.idle in {file} must be a time")),
        "{}",
        problems[2]
    );
}

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

#[test]
fn effective_values_say_who_gave_them() {
    let configuration = Configuration::read(&Sources {
        flags: vec![("listen", "127.0.0.1:3".to_owned())],
        ..environment(&[("ROOKERY_BRAND_NAME", "Example")])
    })
    .unwrap();
    let of = |key: &str| {
        let effective = configuration
            .effective
            .iter()
            .find(|effective| effective.setting.key == key)
            .unwrap();
        (effective.value.text().map(str::to_owned), effective.value.source())
    };
    assert_eq!(of("listen"), (Some("127.0.0.1:3".to_owned()), "flag".to_owned()));
    assert_eq!(of("brand.name"), (Some("Example".to_owned()), "environment".to_owned()));
    assert_eq!(of("session.idle"), (Some("30m".to_owned()), "default".to_owned()));
    assert_eq!(
        of("http.public_url"),
        (Some("http://localhost:3/".to_owned()), "default".to_owned())
    );
    assert_eq!(of("mail.smtp_url"), (None, "default".to_owned()));
    assert_eq!(configuration.effective.len(), SETTINGS.len());
}

#[test]
fn the_sample_environment_names_every_variable_with_its_default() {
    let sample = include_str!("../../../../.env.example");
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
    let sample = include_str!("../../../../.env.example");
    let set: Vec<(&str, &str)> = sample
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .collect();
    with(&set).unwrap();
}
