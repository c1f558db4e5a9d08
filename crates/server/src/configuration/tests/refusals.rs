//! What is refused, and what is said.

use super::*;

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
        "ROOKERY_PAGES",
        "yes",
        "ROOKERY_PAGES must be true or false, not \"yes\"",
    ),
    (
        "ROOKERY_STYLESHEET",
        "/nowhere/brand.css",
        "ROOKERY_STYLESHEET must be a file that can be read",
    ),
    (
        "ROOKERY_REDIRECT_ORIGINS",
        "https://a.example/path",
        "ROOKERY_REDIRECT_ORIGINS must be a list of origins",
    ),
    (
        "ROOKERY_BRAND_PRIMARY_COLOR",
        "sky",
        "ROOKERY_BRAND_PRIMARY_COLOR must be a colour of # and six hexadecimal digits",
    ),
    (
        "ROOKERY_BRAND_PRIMARY_COLOR",
        "#38bdf8",
        "ROOKERY_BRAND_PRIMARY_COLOR must be dark enough to be read on white",
    ),
    (
        "ROOKERY_BRAND_PRIMARY_COLOR_DARK",
        "#0369a1",
        "ROOKERY_BRAND_PRIMARY_COLOR_DARK must be light enough to be read on dark grounds",
    ),
    (
        "ROOKERY_BRAND_LOGO",
        "/nowhere/logo.svg",
        "ROOKERY_BRAND_LOGO must be a file that can be read",
    ),
    (
        "ROOKERY_BRAND_LOGO",
        "http://app.example.com/logo.svg",
        "ROOKERY_BRAND_LOGO must be a file, or an https URL",
    ),
    (
        "ROOKERY_BRAND_HOME",
        "javascript:alert(1)",
        "ROOKERY_BRAND_HOME must be the URL of a page",
    ),
    (
        "ROOKERY_BRAND_TERMS",
        "/terms",
        "ROOKERY_BRAND_TERMS must be the URL of a page",
    ),
    (
        "ROOKERY_BRAND_PRIVACY",
        "privacy",
        "ROOKERY_BRAND_PRIVACY must be the URL of a page",
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
        "ROOKERY_DATABASE_ROLE",
        "rookery",
        "ROOKERY_DATABASE_ROLE must not be set on SQLite, which knows no roles",
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
        "ROOKERY_SIGNUP_CONFLICT",
        "loud",
        "ROOKERY_SIGNUP_CONFLICT must be one of reveal, neutral, not \"loud\"",
    ),
    (
        "ROOKERY_TERMS_VERSION",
        "the new one",
        "ROOKERY_TERMS_VERSION must be a version such as 2026-11",
    ),
    (
        "ROOKERY_PRIVACY_VERSION",
        "<b>",
        "ROOKERY_PRIVACY_VERSION must be a version such as 2026-11",
    ),
    (
        "ROOKERY_SECOND_FACTOR_GRACE",
        "soon",
        "ROOKERY_SECOND_FACTOR_GRACE must be a time from 0s to 366d such as 45s, 30m, 24h or 7d, not \"soon\"",
    ),
    (
        "ROOKERY_DELETION_GRACE",
        "0s",
        "ROOKERY_DELETION_GRACE must be a time from 1s to 366d such as 45s, 30m, 24h or 7d, not \"0s\"",
    ),
    (
        "ROOKERY_UNVERIFIED_EXPIRY",
        "never",
        "ROOKERY_UNVERIFIED_EXPIRY must be off, or a time from 1s to 366d such as 45s, 30m, 24h or 7d, not \"never\"",
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
        "ROOKERY_WEBHOOKS_ALLOW_INTERNAL",
        "10.0.0.0/8,intranet",
        "ROOKERY_WEBHOOKS_ALLOW_INTERNAL must be a list of addresses or networks",
    ),
    (
        "ROOKERY_WEBHOOKS_ALLOW_INTERNAL",
        "::/0",
        "ROOKERY_WEBHOOKS_ALLOW_INTERNAL must not allow everything",
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
    let free = ["ROOKERY_DATA_DIR", "ROOKERY_LOCALES_DIR", "ROOKERY_MAIL_TEMPLATES"];
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
