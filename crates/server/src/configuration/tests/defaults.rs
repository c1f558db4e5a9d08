//! What holds when nobody says anything.

use rookery_domain::ExposeSecret;

use super::*;

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
    assert_eq!(configuration.registration.conflict, rookery_api::SignUpConflict::Reveal);
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
