//! Every setting there is, in one table: its key in `rookery.toml`, its environment variable, its default.
//!
//! What is not in this table is unknown, and refused.

use Fallback::{Derived, Text, Unset};
use Secrecy::{Hidden, Open, Url};

/// How much of a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// All of it.
    Open,
    /// A URL, without the password in it.
    Url,
    /// Only that it is set.
    Hidden,
}

/// What holds when nobody sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// This value, written as somebody would write it.
    Text(&'static str),
    /// A value that follows from others; the text says how, for people.
    Derived(&'static str),
    /// Nothing: the setting is optional.
    Unset,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key in `rookery.toml`; a dot is a table.
    pub key: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// What holds when nobody sets it.
    pub fallback: Fallback,
    /// How much of it may be shown.
    pub secrecy: Secrecy,
}

const fn setting(key: &'static str, variable: &'static str, fallback: Fallback, secrecy: Secrecy) -> Setting {
    Setting {
        key,
        variable,
        fallback,
        secrecy,
    }
}

/// The table, in the order in which `check-config` shows it.
pub const SETTINGS: &[Setting] = &[
    setting("profile", "ROOKERY_PROFILE", Text("development"), Open),
    setting("listen", "ROOKERY_LISTEN", Text("127.0.0.1:8080"), Open),
    setting("data_dir", "ROOKERY_DATA_DIR", Text("./data"), Open),
    setting("locales_dir", "ROOKERY_LOCALES_DIR", Unset, Open),
    setting(
        "database.url",
        "DATABASE_URL",
        Derived("an SQLite file, rookery.db in ROOKERY_DATA_DIR"),
        Url,
    ),
    setting(
        "database.max_connections",
        "ROOKERY_DATABASE_MAX_CONNECTIONS",
        Text("8"),
        Open,
    ),
    setting(
        "database.migrate_at_start",
        "ROOKERY_MIGRATE_AT_START",
        Derived("true on SQLite, false on PostgreSQL"),
        Open,
    ),
    setting("database.role", "ROOKERY_DATABASE_ROLE", Unset, Open),
    setting(
        "http.public_url",
        "ROOKERY_PUBLIC_URL",
        Derived("http://localhost with the port of ROOKERY_LISTEN"),
        Open,
    ),
    setting("http.allowed_origins", "ROOKERY_ALLOWED_ORIGINS", Text(""), Open),
    setting("http.trusted_proxies", "ROOKERY_TRUSTED_PROXIES", Text(""), Open),
    setting(
        "http.workers",
        "ROOKERY_HTTP_WORKERS",
        Derived("one for each core"),
        Open,
    ),
    setting("http.max_connections", "ROOKERY_MAX_CONNECTIONS", Text("20000"), Open),
    setting("http.keep_alive", "ROOKERY_KEEP_ALIVE", Text("30s"), Open),
    setting("http.request_timeout", "ROOKERY_REQUEST_TIMEOUT", Text("5s"), Open),
    setting(
        "http.shutdown_delay",
        "ROOKERY_SHUTDOWN_DELAY",
        Derived("0s in development, 5s in production"),
        Open,
    ),
    setting("http.shutdown_grace", "ROOKERY_SHUTDOWN_GRACE", Text("30s"), Open),
    setting("mail.smtp_url", "ROOKERY_SMTP_URL", Unset, Url),
    setting(
        "mail.from",
        "ROOKERY_MAIL_FROM",
        Derived("ROOKERY_BRAND_NAME <no-reply@localhost>, in development only"),
        Open,
    ),
    setting("mail.templates", "ROOKERY_MAIL_TEMPLATES", Unset, Open),
    setting("security.secret_key", "ROOKERY_SECRET_KEY", Unset, Hidden),
    setting(
        "security.secret_key_file",
        "ROOKERY_SECRET_KEY_FILE",
        Derived("secret.key in ROOKERY_DATA_DIR, made at the first start, in development only"),
        Open,
    ),
    setting("security.older_secret_keys", "ROOKERY_OLDER_SECRET_KEYS", Unset, Hidden),
    setting("session.idle", "ROOKERY_SESSION_IDLE", Text("30m"), Open),
    setting("session.absolute", "ROOKERY_SESSION_ABSOLUTE", Text("24h"), Open),
    setting(
        "session.remembered_idle",
        "ROOKERY_SESSION_REMEMBERED_IDLE",
        Text("7d"),
        Open,
    ),
    setting(
        "session.remembered_absolute",
        "ROOKERY_SESSION_REMEMBERED_ABSOLUTE",
        Text("30d"),
        Open,
    ),
    setting(
        "security.second_factor_grace",
        "ROOKERY_SECOND_FACTOR_GRACE",
        Text("7d"),
        Open,
    ),
    setting("password.min_length", "ROOKERY_PASSWORD_MIN_LENGTH", Text("8"), Open),
    setting(
        "password.argon2_memory_kib",
        "ROOKERY_ARGON2_MEMORY_KIB",
        Text("19456"),
        Open,
    ),
    setting(
        "password.argon2_iterations",
        "ROOKERY_ARGON2_ITERATIONS",
        Text("2"),
        Open,
    ),
    setting(
        "password.argon2_parallelism",
        "ROOKERY_ARGON2_PARALLELISM",
        Text("1"),
        Open,
    ),
    setting(
        "password.hash_threads",
        "ROOKERY_HASH_THREADS",
        Derived("one for each core"),
        Open,
    ),
    setting("password.pepper", "ROOKERY_PEPPER", Unset, Hidden),
    setting("password.older_peppers", "ROOKERY_OLDER_PEPPERS", Unset, Hidden),
    setting("registration.conflict", "ROOKERY_SIGNUP_CONFLICT", Text("reveal"), Open),
    setting("deletion.grace", "ROOKERY_DELETION_GRACE", Text("30d"), Open),
    setting(
        "deletion.unverified_expiry",
        "ROOKERY_UNVERIFIED_EXPIRY",
        Text("7d"),
        Open,
    ),
    setting("consents.terms_version", "ROOKERY_TERMS_VERSION", Unset, Open),
    setting("consents.privacy_version", "ROOKERY_PRIVACY_VERSION", Unset, Open),
    setting("limits.rate", "ROOKERY_RATE_LIMITS", Text("default"), Open),
    setting(
        "webhooks.allow_internal",
        "ROOKERY_WEBHOOKS_ALLOW_INTERNAL",
        Text(""),
        Open,
    ),
    setting("brand.name", "ROOKERY_BRAND_NAME", Text("Rookery"), Open),
    setting("brand.support", "ROOKERY_BRAND_SUPPORT", Unset, Open),
    setting(
        "brand.primary_color",
        "ROOKERY_BRAND_PRIMARY_COLOR",
        Text("#0369a1"),
        Open,
    ),
    setting(
        "brand.primary_color_dark",
        "ROOKERY_BRAND_PRIMARY_COLOR_DARK",
        Derived("the nearest lighter shade of ROOKERY_BRAND_PRIMARY_COLOR that can be read on dark grounds"),
        Open,
    ),
    setting("brand.logo", "ROOKERY_BRAND_LOGO", Unset, Open),
    setting("brand.home", "ROOKERY_BRAND_HOME", Unset, Open),
    setting("brand.terms", "ROOKERY_BRAND_TERMS", Unset, Open),
    setting("brand.privacy", "ROOKERY_BRAND_PRIVACY", Unset, Open),
    setting("pages.enabled", "ROOKERY_PAGES", Text("true"), Open),
    setting("pages.stylesheet", "ROOKERY_STYLESHEET", Unset, Open),
    setting(
        "pages.redirect_origins",
        "ROOKERY_REDIRECT_ORIGINS",
        Derived("those of ROOKERY_ALLOWED_ORIGINS"),
        Open,
    ),
    setting(
        "log.format",
        "ROOKERY_LOG_FORMAT",
        Derived("pretty in development, json in production"),
        Open,
    ),
    setting("log.filter", "ROOKERY_LOG", Text("info"), Open),
];

/// The setting with this key.
#[must_use]
pub(super) fn by_key(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// The setting of this environment variable.
#[must_use]
pub(super) fn by_variable(variable: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.variable == variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_every_variable_is_there_once() {
        for setting in SETTINGS {
            assert_eq!(SETTINGS.iter().filter(|other| other.key == setting.key).count(), 1);
            assert_eq!(
                SETTINGS
                    .iter()
                    .filter(|other| other.variable == setting.variable)
                    .count(),
                1
            );
        }
    }

    #[test]
    fn no_secret_has_a_default() {
        for setting in SETTINGS.iter().filter(|setting| setting.secrecy == Hidden) {
            assert_eq!(setting.fallback, Unset, "{}", setting.key);
        }
    }
}
