//! Clients that say they are somebody else, or asked somewhere else.

use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::binary::client::Client;
use crate::binary::database::Database;
use crate::binary::mail_server::MailServer;
use crate::binary::patience::eventually;
use crate::binary::person::Person;
use crate::binary::rookery::Installation;
use crate::binary::socket::exchange;

fn request(head: &str, body: &str) -> Vec<u8> {
    format!(
        "{head}\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

// Proves: A03, A44
#[test]
fn what_a_client_says_about_who_it_is_and_where_it_asked_is_not_believed() {
    let post = MailServer::start();
    let installation = Installation::on(Database::sqlite())
        .with("ROOKERY_PUBLIC_URL", "https://accounts.example.com")
        .mailing_to(&post);
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let eve = Person::at_home(&rookery, "eve");
    let victim = ada.me(&rookery);
    let (user, tenant) = (victim["id"].as_str().unwrap(), victim["tenantId"].as_str().unwrap());

    // Identities in headers, in the query and in the body.
    let identity = |client: &Client, cookie: &str| {
        client
            .get(&format!("/api/users/me?userId={user}&tenantId={tenant}"))
            .header("x-user-id", user)
            .header("x-tenant-id", tenant)
            .header("x-forwarded-user", &ada.email)
            .header("x-middleware-subrequest", "middleware:middleware:middleware")
            .cookie(cookie)
            .send()
    };
    identity(&rookery, "").expect_status(401);
    assert_eq!(
        identity(&rookery, &eve.cookie).expect_status(200).json()["email"],
        json!(eve.email)
    );
    let edit = json!({ "name": "Mallory", "id": user, "userId": user, "tenantId": tenant, "email": ada.email, "roles": ["owner"] });
    let answer = rookery
        .patch("/api/users/me", &edit)
        .header("x-user-id", user)
        .cookie(&eve.cookie)
        .send()
        .expect_status(200);
    assert_eq!(answer.json()["email"], json!(eve.email));
    assert_eq!(ada.me(&rookery)["name"], json!("Ada Lovelace"));

    // Where it asked: mail leads to the configured address, whatever the request said.
    let body =
        json!({ "email": ada.email, "url": "https://evil.example", "redirectTo": "https://evil.example" }).to_string();
    // The mails of the sign-up come first.
    eventually(Duration::from_secs(20), "the first mail", || {
        post.mails_to(&ada.email).first().map(|_| ())
    });
    for lie in [
        "Host: evil.example\r\n",
        "Host: localhost\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: gopher\r\nX-Forwarded-Port: 666\r\n",
        "Host: localhost\r\nForwarded: for=evil.example;host=evil.example;proto=http\r\nReferer: https://evil.example/\r\n",
        "Host: localhost:1@evil.example\r\nX-Original-Host: evil.example\r\nX-Host: evil.example\r\n",
    ] {
        let seen = post.mails_to(&ada.email).len();
        let head = format!(
            "POST /api/auth/forgot-password HTTP/1.1\r\n{lie}Content-Type: application/json\r\nConnection: close\r\n"
        );
        let bytes = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let received = exchange(rookery.port(), bytes.as_bytes(), Duration::from_secs(8));
        assert_eq!(received.statuses(), [200], "{lie}: {}", received.text());
        let mails = eventually(Duration::from_secs(20), "a mail", || {
            Some(post.mails_to(&ada.email)).filter(|mails| mails.len() > seen)
        });
        let mail = mails.last().unwrap();
        assert!(
            mail.link()
                .unwrap()
                .starts_with("https://accounts.example.com/reset-password?token="),
            "{:?}",
            mail.link()
        );
        assert!(!mail.text().contains("evil") && !mail.html().contains("evil"), "{lie}");
    }
    let bytes = request("POST http://evil.example/api/auth/forgot-password HTTP/1.1", &body);
    let received = exchange(rookery.port(), &bytes, Duration::from_secs(2));
    assert!(
        received
            .statuses()
            .iter()
            .all(|status| [200, 400, 404].contains(status)),
        "{}",
        received.text()
    );
    thread::sleep(Duration::from_secs(1));
    assert!(post.mails().iter().all(|mail| !mail.text().contains("evil")));
}
