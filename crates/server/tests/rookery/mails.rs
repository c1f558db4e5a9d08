//! Mails in the language of whoever reads them, and the page on which each can be looked at.

use std::fs;

use serde_json::{Value, json};

use super::browser::Browser;
use super::database::{TestDatabase, on_both_databases};
use super::test_app::{TestApp, new_folder};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";

on_both_databases!(a_person_is_written_to_in_the_language_and_the_zone_they_chose);
on_both_databases!(the_owner_of_an_address_is_told_in_their_language_and_not_in_the_strangers);

fn sign_up(browser: &mut Browser, language: &str) {
    let wish = json!({ "email": ADA, "password": PASSWORD, "language": language, "timezone": "America/Bogota" });
    browser.post("/api/auth/signup", &wish).expect(201);
}

fn log_in(browser: &mut Browser) {
    let wish = json!({ "email": ADA, "password": PASSWORD });
    browser.post("/api/auth/login", &wish).expect(200);
}

fn subject(mail: &Value) -> &str {
    mail["subject"].as_str().unwrap()
}

fn a_person_is_written_to_in_the_language_and_the_zone_they_chose(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut browser = app.browser();
    sign_up(&mut browser, "es");
    let mail = app.mail(ADA, "verify_email");
    assert_eq!(subject(&mail), "Confirma tu correo electrónico para Rookery");
    assert!(mail["html"].as_str().unwrap().contains("<html lang=\"es\" dir=\"ltr\""));
    assert!(mail["text"].as_str().unwrap().contains("UTC\u{2212}5"), "{mail}");
    let proof = json!({ "token": mail["token"] });
    browser.post("/api/auth/verify-email", &proof).expect(200);
    assert_eq!(subject(&app.mail(ADA, "welcome")), "Te damos la bienvenida a Rookery");
    browser
        .post("/api/auth/forgot-password", &json!({ "email": ADA }))
        .expect(200);
    assert_eq!(
        subject(&app.mail(ADA, "reset_password")),
        "Restablece tu contraseña de Rookery"
    );

    log_in(&mut browser);
    browser.patch("/api/users/me", &json!({ "language": "en" })).expect(200);
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "staple the battery horse" });
    browser.post("/api/users/me/change-password", &change).expect(200);
    assert_eq!(
        subject(&app.mail(ADA, "password_changed")),
        "Your password for Rookery was changed"
    );
}

fn the_owner_of_an_address_is_told_in_their_language_and_not_in_the_strangers(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_SIGNUP_CONFLICT", "neutral")]);
    let mut browser = app.browser();
    for language in ["es", "en"] {
        let wish = json!({ "email": ADA, "password": PASSWORD, "language": language });
        browser.post("/api/auth/signup", &wish).expect(202);
    }
    assert_eq!(
        subject(&app.mail(ADA, "already_registered")),
        "Ya tienes una cuenta en Rookery"
    );
}

#[test]
fn an_operator_adds_a_language_by_a_file() {
    let folder = new_folder();
    fs::create_dir_all(&folder).unwrap();
    let french =
        "[language]\nname = 'Français'\n[mail.verify_email]\nsubject = 'Confirmez votre adresse pour {product}'";
    fs::write(folder.join("fr.toml"), french).unwrap();
    let locales = folder.display().to_string();
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_LOCALES_DIR", &locales)]);
    sign_up(&mut app.browser(), "fr");
    let mail = app.mail(ADA, "verify_email");
    assert_eq!(subject(&mail), "Confirmez votre adresse pour Rookery");
    assert!(mail["html"].as_str().unwrap().contains("<html lang=\"fr\""));
    let page = app.browser().get("/dev/mails?language=fr").expect(200);
    assert!(page.text.contains("Français") && page.text.contains("Confirmez votre adresse"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_mail_can_be_looked_at_light_and_dark_in_every_language() {
    let app = TestApp::on(TestDatabase::Sqlite);
    let mut browser = app.browser();
    for (language, subject) in [("en", "Welcome to Rookery"), ("es", "Te damos la bienvenida a Rookery")] {
        let page = browser.get(&format!("/dev/mails?language={language}")).expect(200);
        assert!(page.text.contains(subject) && page.text.contains("Español"));
        assert!(page.header("content-security-policy").contains("frame-src 'self'"));
        let shown: Vec<&str> = page.text.split("<iframe").skip(1).collect();
        assert!(shown.len() >= 2 * 14, "{}", shown.len());
        for frame in shown {
            let place = frame.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
            let mail = browser.get(place).expect(200);
            assert!(mail.text.contains(&format!("<html lang=\"{language}\"")), "{place}");
            assert!(
                !mail.text.contains("prefers-color-scheme"),
                "{place} is on a screen of one kind"
            );
            assert_eq!(mail.text.contains("@media all"), place.ends_with("dark"), "{place}");
            let policy = mail.header("content-security-policy");
            assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"));
        }
    }
    let text = browser.get("/dev/mails/welcome.es.txt").expect(200);
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
    assert!(text.text.starts_with("Hola, Ada Lovelace:\n"));
    for nothing in ["welcome.fr.html", "welcome.es.pdf", "farewell.es.html"] {
        browser.get(&format!("/dev/mails/{nothing}")).expect(404);
    }
    browser.get("/dev/mails.css").expect(200);
}

#[test]
fn there_is_nothing_to_look_at_where_a_mail_server_is_configured() {
    let app = TestApp::with(TestDatabase::Sqlite, &[("ROOKERY_SMTP_URL", "smtp://127.0.0.1:9")]);
    for path in ["/dev/mails", "/dev/mails.css", "/dev/mails/welcome.en.html"] {
        app.browser().get(path).expect(404);
    }
}
