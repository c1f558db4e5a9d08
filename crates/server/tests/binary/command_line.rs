//! The program as an operator uses it: arguments in, words and an exit code out.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::database::Database;
use super::mail_server::MailServer;
use super::patience::eventually;
use super::person::Person;
use super::rookery::{Installation, free_port};

on_both_databases!(
    migrations_go_up_and_down_and_say_where_they_stand,
    an_operator_makes_shows_verifies_disables_and_enables_an_account,
);

/// A configuration that makes no sense.
const EX_CONFIG: i32 = 78;
/// A command line that makes no sense.
const USAGE: i32 = 2;

/// What a command said and how it ended.
#[derive(Debug)]
struct Told {
    code: i32,
    out: String,
    err: String,
}

impl Told {
    fn by(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    fn done(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    #[track_caller]
    fn json(self) -> Value {
        let out = self.done();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} in {out}"))
    }

    /// What it complained about.
    #[track_caller]
    fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        self.err
    }
}

fn tell(installation: &Installation, arguments: &[&str]) -> Told {
    Told::by(installation.command(arguments).output().unwrap())
}

fn tell_with_input(installation: &Installation, arguments: &[&str], input: &str) -> Told {
    let mut command: Command = installation.command(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever refuses the arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Told::by(child.wait_with_output().unwrap())
}

#[test]
fn with_nothing_configured_it_serves_and_says_where_to_look() {
    let installation = Installation::bare().with("ROOKERY_LOG", "debug");
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let log = installation.log();
    assert!(log.contains(&format!("http://localhost:{}", rookery.port())), "{log}");
    assert!(log.contains("/dev/mailbox") && log.contains("/api/docs"), "{log}");
    rookery.get("/dev/mailbox").send().expect_status(200);
    let mails = eventually(Duration::from_secs(10), "a mail in the mailbox", || {
        let mails = rookery
            .get(&format!("/dev/mailbox.json?to={}", ada.email))
            .send()
            .expect_status(200)
            .json();
        let mails = mails.as_array().or_else(|| mails["mails"].as_array()).cloned().unwrap();
        (!mails.is_empty()).then_some(mails)
    });
    assert_eq!(mails.len(), 1);
    let log = installation.log();
    assert!(
        !log.contains("token=") && !log.contains(&ada.email),
        "the mail is in the log:\n{log}"
    );
    assert!(installation.data_dir().join("rookery.db").is_file());
    assert!(installation.data_dir().join("secret.key").is_file());
}

#[test]
fn a_second_start_on_the_same_data_keeps_the_secret_and_everything_else() {
    let post = MailServer::start();
    // A mail that is queued at the first start, when nobody listens, is opened and sent at the second.
    let installation = Installation::bare().with_smtp(free_port());
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let key = std::fs::read(installation.data_dir().join("secret.key")).unwrap();
    rookery.terminate();
    let mut rookery = rookery;
    assert!(
        rookery
            .ended_within(Duration::from_secs(15))
            .expect("it ends")
            .success()
    );

    let installation = installation.mailing_to(&post);
    let rookery = installation.start();
    assert_eq!(std::fs::read(installation.data_dir().join("secret.key")).unwrap(), key);
    assert!(Person::is_in(&rookery, &ada.cookie), "a session outlives a restart");
    let token = post.mail_about(&ada.email, "verify").token();
    rookery
        .post("/api/auth/verify-email", &json!({ "token": token }))
        .send()
        .expect_status(200);
}

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

#[test]
fn in_production_there_is_no_development_mailbox() {
    let post = MailServer::start();
    let installation = Installation::bare()
        .with("ROOKERY_PROFILE", "production")
        .with("ROOKERY_PUBLIC_URL", "https://accounts.example.com")
        .with("ROOKERY_SECRET_KEY", "q6yQ1D3o0c6v1E5p7GgJtq0S3o5m1W2f9yZ4kX8bRnU=")
        .with("ROOKERY_SHUTDOWN_DELAY", "0s")
        .mailing_to(&post);
    let checked = tell(&installation, &["check-config"]);
    if checked.code != 0 {
        // Whoever insists on TLS to the mail server in production says so.
        assert!(checked.failed(EX_CONFIG).contains("ROOKERY_SMTP_URL"));
        return;
    }
    let rookery = installation.start();
    for path in ["/dev/mailbox", "/dev/mailbox.json?to=ada@example.com"] {
        rookery.get(path).send().expect_status(404);
    }
    let mut ada = Person::new("ada");
    ada.sign_up(&rookery).unwrap().expect_status(201);
    let answer = ada.log_in(&rookery);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
}

fn migrations_go_up_and_down_and_say_where_they_stand(database: Database) {
    let installation = Installation::on(database).with("ROOKERY_MIGRATE_AT_START", "false");
    let states = |told: Told| -> Vec<bool> {
        let told = told.json();
        told["migrations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["applied"].as_bool().unwrap())
            .collect()
    };
    let before = states(tell(&installation, &["migrate", "status", "--json"]));
    assert!(before.len() >= 8 && before.iter().all(|applied| !applied), "{before:?}");
    let said = tell(&installation, &["serve"]).failed(1);
    assert!(
        said.contains("rookery migrate up"),
        "a schema that is behind is refused: {said}"
    );

    let said = tell(&installation, &["migrate", "up"]).done();
    assert_eq!(said.lines().count(), before.len(), "{said}");
    assert_eq!(
        tell(&installation, &["migrate", "up", "--json"]).json(),
        json!({ "applied": [] })
    );
    assert!(
        states(tell(&installation, &["migrate", "status", "--json"]))
            .iter()
            .all(|applied| *applied)
    );
    drop(installation.start());

    let undone = tell(&installation, &["migrate", "down", "--steps", "2", "--json"]).json();
    assert_eq!(undone["undone"].as_array().unwrap().len(), 2);
    let text = tell(&installation, &["migrate", "status"]).done();
    assert_eq!(text.matches("pending").count(), 2, "{text}");
    let said = tell(&installation, &["serve"]).failed(1);
    assert!(said.contains("rookery migrate up"), "{said}");

    tell(&installation, &["migrate", "down", "--steps", "100"]).done();
    assert!(
        states(tell(&installation, &["migrate", "status", "--json"]))
            .iter()
            .all(|applied| !applied)
    );
    tell(&installation, &["migrate", "up"]).done();
    let rookery = installation.start();
    Person::at_home(&rookery, "ada");
    drop(rookery);

    // A newer version has been here.
    installation
        .database
        .rows("INSERT INTO rookery_migrations (version, applied_at) VALUES ('m9999_future', 0)");
    for command in [
        &["serve"][..],
        &["migrate", "up"],
        &["migrate", "down"],
        &["migrate", "status"],
    ] {
        let said = tell(&installation, command).failed(1);
        assert!(said.contains("newer") && said.contains("m9999_future"), "{said}");
    }
}

fn an_operator_makes_shows_verifies_disables_and_enables_an_account(database: Database) {
    let installation = Installation::on(database);
    let rookery = installation.start();
    let mut ada = Person::new("ada");
    let create = [
        "user",
        "create",
        &ada.email,
        "--name",
        "Ada Lovelace",
        "--company",
        "Engines",
        "--json",
    ];
    let weak = tell_with_input(&installation, &create, "password\n").failed(1);
    assert!(weak.contains("common"), "{weak}");
    let account = tell_with_input(&installation, &create, &format!("{}\n", ada.password)).json();
    assert_eq!(account["email"], json!(ada.email));
    assert_eq!(account["emailVerified"], Value::Null);
    let taken = tell_with_input(&installation, &create, &format!("{}\n", ada.password)).failed(1);
    assert!(taken.contains("taken"), "{taken}");

    ada.log_in(&rookery);
    assert_eq!(ada.me(&rookery)["roles"], json!(["owner"]));
    let shown = tell(&installation, &["user", "show", &ada.email.to_uppercase(), "--json"]).json();
    assert_eq!(shown["id"], account["id"]);
    assert_eq!(shown["sessions"], json!(1));
    assert!(
        tell(&installation, &["user", "show", &ada.email])
            .done()
            .contains("Ada Lovelace")
    );

    tell(&installation, &["user", "verify", &ada.email]).done();
    assert_eq!(ada.me(&rookery)["emailVerified"], json!(true));

    tell(&installation, &["user", "disable", &ada.email]).done();
    assert!(!Person::is_in(&rookery, &ada.cookie), "its sessions are over");
    let refused = ada.try_password(&rookery, &ada.password).expect_status(401);
    assert_eq!(refused.json()["error"], json!("Invalid email or password"));
    tell(&installation, &["user", "enable", &ada.email]).done();
    assert!(ada.gets_in_with(&rookery, &ada.password));

    let unknown = tell(&installation, &["user", "show", "nobody@example.com"]).failed(1);
    assert!(
        unknown.to_lowercase().contains("no account") || unknown.contains("not found"),
        "{unknown}"
    );
    tell(&installation, &["user", "show", "no address"]).failed(USAGE);
    assert!(!shown.to_string().contains("argon2"), "{shown}");
}

#[test]
fn healthcheck_ends_with_0_when_the_server_is_ready_and_with_1_when_it_is_not() {
    let installation = Installation::bare();
    let rookery = installation.start();
    let listen = format!("127.0.0.1:{}", rookery.port());
    assert_eq!(
        tell(&installation, &["healthcheck", "--listen", &listen]).done().trim(),
        "ready"
    );
    let answer = tell(&installation, &["healthcheck", "--json", "--listen", &listen]).json();
    assert_eq!(answer["status"], json!("healthy"));
    rookery.kill();
    let said = tell(&installation, &["healthcheck", "--listen", &listen]).failed(1);
    assert!(said.contains(&listen), "{said}");
}

#[test]
fn openapi_prints_the_document_the_server_answers() {
    let installation = Installation::bare();
    let printed = tell(&installation, &["openapi"]).json();
    assert!(printed["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(printed["paths"]["/api/users/me"]["patch"].is_object());
    let rookery = installation.start();
    assert_eq!(
        rookery.get("/api/openapi.json").send().expect_status(200).json(),
        printed
    );
}

#[test]
fn help_has_examples_and_nonsense_is_a_usage_error() {
    let installation = Installation::bare();
    for command in [&["--help"][..], &["migrate", "--help"], &["user", "--help"]] {
        let said = tell(&installation, command).done();
        assert!(said.contains("Examples:"), "{command:?}: {said}");
    }
    for command in ["serve", "check-config", "openapi", "healthcheck"] {
        assert!(tell(&installation, &[command, "--help"]).done().contains("Usage:"));
    }
    assert!(
        tell(&installation, &["--version"])
            .done()
            .contains(env!("CARGO_PKG_VERSION"))
    );
    for command in [
        &["sing"][..],
        &["--port", "80"],
        &["migrate"],
        &["migrate", "sideways"],
        &["user", "create"],
    ] {
        tell(&installation, command).failed(USAGE);
    }
}

#[test]
fn an_address_somebody_listens_on_is_refused_before_anything_is_made() {
    let installation = Installation::bare();
    let rookery = installation.start();
    let other = Installation::bare();
    let listen = format!("127.0.0.1:{}", rookery.port());
    let said = tell(&other, &["serve", "--listen", &listen]).failed(1);
    assert!(said.contains(&listen), "{said}");
    assert!(
        !other.data_dir().exists(),
        "the database was made for a server that cannot listen"
    );
}
