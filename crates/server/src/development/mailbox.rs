//! The development mailbox: a page for people, JSON for tests.
//!
//! Whoever sees it can take over any account, so it is mounted only where no mail server is configured, which production
//! refuses.

use std::sync::Arc;

use actix_web::http::header::{self, ContentType};
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use rookery_domain::id::MailId;
use rookery_domain::{EmailAddress, InvalidEmail};
use rookery_mail::{DevMailbox, StoredLetter};
use serde::Deserialize;
use serde_json::{Value, json};

use super::html::{asset, escaped, fill, page};

/// A mail may bring its styles along and open its links in another window, and nothing else.
const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; \
                             sandbox allow-popups allow-popups-to-escape-sandbox";

/// Mounts the mailbox.
pub(crate) fn mailbox_page(mailbox: Arc<DevMailbox>) -> impl FnOnce(&mut ServiceConfig) {
    move |routes| {
        routes
            .app_data(Data::from(mailbox))
            .route("/dev/mailbox", web::get().to(show_all))
            .route("/dev/mailbox.json", web::get().to(list))
            .route("/dev/mailbox.css", web::get().to(style))
            .route("/dev/mailbox/{id}", web::get().to(show));
    }
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

impl Filter {
    fn address(&self) -> Result<Option<EmailAddress>, InvalidEmail> {
        let to = self.to.as_deref().filter(|to| !to.is_empty());
        to.map(EmailAddress::parse).transpose()
    }
}

fn refusal(error: InvalidEmail) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": error.to_string() }))
}

/// `GET /dev/mailbox.json?to=ada@example.com`: letters as JSON, the newest first.
async fn list(mailbox: Data<DevMailbox>, filter: Query<Filter>) -> HttpResponse {
    match filter.address() {
        Err(error) => refusal(error),
        Ok(to) => {
            let letters: Vec<Value> = mailbox.letters(to.as_ref()).iter().map(as_json).collect();
            HttpResponse::Ok()
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .json(letters)
        }
    }
}

fn as_json(letter: &StoredLetter) -> Value {
    json!({
        "id": letter.id,
        "kind": letter.kind.as_str(),
        "to": letter.to.as_str(),
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "link": letter.link,
        "token": letter.token,
        "code": letter.code,
        "at": letter.written.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
    })
}

/// `GET /dev/mailbox`: the same for people.
async fn show_all(mailbox: Data<DevMailbox>, filter: Query<Filter>) -> HttpResponse {
    match filter.address() {
        Err(error) => refusal(error),
        Ok(to) => page(render(&mailbox.letters(to.as_ref()))),
    }
}

/// `GET /dev/mailbox/{id}`: one letter as a mail program shows it.
async fn show(mailbox: Data<DevMailbox>, id: Path<MailId>) -> impl Responder {
    let letter = mailbox.letters(None).into_iter().find(|letter| letter.id == *id);
    match letter {
        None => HttpResponse::NotFound().json(json!({ "error": "No such letter" })),
        Some(letter) => HttpResponse::Ok()
            .content_type(ContentType::html())
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::CONTENT_SECURITY_POLICY, LETTER_POLICY))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(letter.html),
    }
}

async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", include_str!("mailbox/page.css"))
}

const PAGE: &str = include_str!("mailbox/page.html");
const LETTER: &str = include_str!("mailbox/letter.html");
const EMPTY: &str = "<p class=\"empty\">No mail yet. This page looks again every five seconds.</p>";
const LOOK_AGAIN: &str = "<meta http-equiv=\"refresh\" content=\"5\">";

fn render(letters: &[StoredLetter]) -> String {
    let all: String = letters.iter().map(render_letter).collect();
    let (refresh, body) = if letters.is_empty() {
        (LOOK_AGAIN, EMPTY)
    } else {
        ("", all.as_str())
    };
    fill(PAGE, &[("refresh", refresh), ("letters", body)])
}

fn render_letter(letter: &StoredLetter) -> String {
    let link = letter.link.as_deref().map_or_else(String::new, |link| {
        let link = escaped(link);
        format!("<p><a href=\"{link}\">{link}</a></p>")
    });
    let (id, at) = (
        letter.id.to_string(),
        letter.written.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    );
    let (to, subject, text) = (
        escaped(letter.to.as_str()),
        escaped(&letter.subject),
        escaped(&letter.text),
    );
    let parts = [
        ("id", id.as_str()),
        ("kind", letter.kind.as_str()),
        ("at", &at),
        ("to", &to),
        ("subject", &subject),
        ("link", &link),
        ("text", &text),
    ];
    fill(LETTER, &parts)
}
