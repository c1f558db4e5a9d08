//! What is configured, and what makes no sense.

use serde_json::json;

use super::{EX_CONFIG, tell};
use crate::binary::rookery::{Installation, free_port};

// Proves: ASVS 13.3.1
#[test]
fn check_config_shows_what_holds_and_hides_what_is_secret() {
    let secret = "q6yQ1D3o0c6v1E5p7GgJtq0S3o5m1W2f9yZ4kX8bRnU=";
    let installation = Installation::bare()
        .with("DATABASE_URL", "postgres://rookery:hunter2@127.0.0.1:5432/rookery")
        .with("ROOKERY_SMTP_URL", "smtp://mailer:hunter3@127.0.0.1:2525")
        .with("ROOKERY_MAIL_FROM", "Rookery <no-reply@rookery.example>")
        .with("ROOKERY_SECRET_KEY", secret)
        .with("ROOKERY_PEPPER", secret);
    let text = tell(&installation, &["check-config"]).done();
    assert!(
        text.contains("ROOKERY_LISTEN") && text.contains("127.0.0.1:8080"),
        "{text}"
    );
    assert!(text.contains("postgres://rookery:***@127.0.0.1:5432/rookery"), "{text}");
    let told = tell(&installation, &["check-config", "--json"]).json();
    let settings = told["settings"].as_array().unwrap();
    let setting = |variable: &str| settings.iter().find(|one| one["variable"] == *variable).unwrap();
    assert_eq!(setting("ROOKERY_SECRET_KEY")["value"], json!("***"));
    assert_eq!(setting("ROOKERY_SECRET_KEY")["source"], json!("environment"));
    assert_eq!(setting("ROOKERY_LISTEN")["source"], json!("default"));
    for shown in [text, told.to_string()] {
        for hidden in ["hunter2", "hunter3", secret] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
    }
    assert!(!installation.data_dir().exists(), "it writes nothing");
    // Flags win over the environment.
    let installation = installation.with("ROOKERY_LISTEN", "127.0.0.1:1");
    let text = tell(&installation, &["check-config", "--listen", "127.0.0.1:2"]).done();
    assert!(text.contains("127.0.0.1:2") && !text.contains("127.0.0.1:1 "), "{text}");
}

#[test]
fn everything_that_is_wrong_with_a_configuration_is_named_before_anything_listens() {
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let installation = Installation::bare()
        .with("ROOKERY_LISTEN", &listen)
        .with("ROOKERY_PUBLIC_URL", "http://app.example.com")
        .with("DATABASE_URL", "mysql://root:hunter2@localhost/rookery")
        .with("ROOKERY_RATE_LIMITS", "sometimes")
        .with("ROOKERY_SESSION_IDLE", "half an hour")
        .with("ROOKERY_ARGON2_MEMORY_KIB", "1024")
        .with("ROOKERY_ALLOWED_ORIGINS", "*")
        .with("ROOKERY_TRUSTED_PROXIES", "0.0.0.0/0")
        .with("ROOKERY_SECRET_KEY", "hunter2")
        .with("ROOKERY_SESION_IDLE", "30m");
    for command in [
        &["serve"][..],
        &["check-config"],
        &["migrate", "up"],
        &["user", "show", "ada@example.com"],
    ] {
        let said = tell(&installation, command).failed(EX_CONFIG);
        for name in [
            "ROOKERY_PUBLIC_URL",
            "DATABASE_URL",
            "ROOKERY_RATE_LIMITS",
            "ROOKERY_SESSION_IDLE",
            "ROOKERY_ARGON2_MEMORY_KIB",
            "ROOKERY_ALLOWED_ORIGINS",
            "ROOKERY_TRUSTED_PROXIES",
            "ROOKERY_SECRET_KEY",
            "ROOKERY_SESION_IDLE",
        ] {
            assert!(said.contains(name), "{name} is not named:\n{said}");
        }
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert!(!installation.data_dir().exists(), "something was made");
}

// Proves: A77
#[test]
fn an_unknown_setting_is_refused_whether_variable_or_key() {
    let said = tell(
        &Installation::bare().with("ROOKERY_PUBLIC_ULR", "https://x.example"),
        &["serve"],
    )
    .failed(EX_CONFIG);
    assert!(
        said.contains("ROOKERY_PUBLIC_ULR") && said.contains("did you mean ROOKERY_PUBLIC_URL"),
        "{said}"
    );
    let installation = Installation::bare();
    std::fs::write(
        installation.folder().join("rookery.toml"),
        "[http]\npublic_ulr = \"https://x.example\"\n",
    )
    .unwrap();
    let said = tell(&installation, &["serve"]).failed(EX_CONFIG);
    assert!(said.contains("http.public_ulr"), "{said}");
    std::fs::write(
        installation.folder().join("rookery.toml"),
        "[http]\npublic_url = \"https://x.example\"\n",
    )
    .unwrap();
    assert!(
        tell(&installation, &["check-config"])
            .done()
            .contains("https://x.example")
    );
}

// Proves: A77, ASVS 13.2.3
#[test]
fn production_is_refused_without_what_it_needs() {
    let installation = Installation::bare().with("ROOKERY_PROFILE", "production");
    let said = tell(&installation, &["serve"]).failed(EX_CONFIG);
    for name in ["ROOKERY_PUBLIC_URL", "ROOKERY_SMTP_URL", "ROOKERY_SECRET_KEY"] {
        assert!(said.contains(name), "{name} is not named:\n{said}");
    }
    let weak = Installation::bare()
        .with("ROOKERY_PROFILE", "production")
        .with("ROOKERY_PUBLIC_URL", "https://accounts.example.com")
        .with("ROOKERY_SMTP_URL", "smtps://mail.example.com")
        .with("ROOKERY_MAIL_FROM", "no-reply@example.com")
        .with("ROOKERY_SECRET_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    let said = tell(&weak, &["check-config"]).failed(EX_CONFIG);
    assert!(said.contains("ROOKERY_SECRET_KEY") && said.contains("random"), "{said}");
}
