//! A page on which every mail can be looked at, in every language, light and dark, beside its plain text: for developers, where
//! the development mailbox is.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType};
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use rookery_core::Reader;
use rookery_domain::{Language, Timestamp};
use rookery_mail::{DevMailbox, RenderError, Rendered, Sample, Templates, samples};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::html::{asset, escaped, fill};

/// The page shows mails in frames, which are its own.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; \
                           frame-ancestors 'none'";

/// A mail may bring its styles along, and nothing else.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/// When the samples were written.
const NOON: i64 = 1_761_566_400;

/// What mail programs ask of the screen.
const DARK: &str = "@media (prefers-color-scheme: dark)";

/// What is shown, and where its links would lead.
struct Gallery {
    mailbox: Arc<DevMailbox>,
    public_url: String,
}

/// Mounts the page and its frames.
pub(crate) fn mails_page(mailbox: Arc<DevMailbox>, public_url: &Url) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let gallery = Data::new(Gallery {
        mailbox,
        public_url: public_url.to_string(),
    });
    move |routes| {
        routes
            .app_data(gallery)
            .route("/dev/mails", web::get().to(show_all))
            .route("/dev/mails.css", web::get().to(style))
            .route("/dev/mails/{name}.{language}.{part}", web::get().to(show));
    }
}

impl Gallery {
    fn templates(&self) -> &Templates {
        self.mailbox.templates()
    }

    fn samples(&self) -> Vec<Sample> {
        let written = Timestamp::from_timestamp(NOON, 0).unwrap_or_default();
        samples(&self.public_url, Some("Ada Lovelace"), written)
    }

    fn render(&self, sample: &Sample, language: Language) -> Result<Rendered, RenderError> {
        let reader = Reader {
            language,
            ..Reader::default()
        };
        self.templates().render_sample(sample, reader)
    }

    /// The language of these two letters, if mails are written in it.
    fn language(&self, code: &str) -> Option<Language> {
        let mut languages = self.templates().languages().map(|(language, _)| language);
        languages.find(|language| language.as_str() == code)
    }
}

#[derive(Deserialize)]
struct Choice {
    language: Option<String>,
}

/// `GET /dev/mails?language=es`: every mail in one language.
async fn show_all(gallery: Data<Gallery>, choice: Query<Choice>) -> HttpResponse {
    let language = choice.language.as_deref().and_then(|code| gallery.language(code));
    let language = language.unwrap_or_default();
    let mails: Result<String, RenderError> = gallery
        .samples()
        .iter()
        .map(|sample| Ok(mail(sample, language, &gallery.render(sample, language)?)))
        .collect();
    match mails {
        Err(error) => failed(&error),
        Ok(mails) => {
            let (languages, contents) = (languages(&gallery, language), contents(&gallery));
            let parts = [
                ("languages", languages.as_str()),
                ("contents", &contents),
                ("mails", &mails),
            ];
            fenced(PAGE_POLICY, "DENY").body(fill(PAGE, &parts))
        }
    }
}

#[derive(Deserialize)]
struct Which {
    name: String,
    language: String,
    part: String,
}

#[derive(Deserialize)]
struct Screen {
    theme: Option<String>,
}

/// `GET /dev/mails/welcome.es.html?theme=dark` and `….txt`: one mail as a mail program shows it, on a screen of the reader's or of
/// this theme.
async fn show(gallery: Data<Gallery>, which: Path<Which>, screen: Query<Screen>) -> HttpResponse {
    let sample = gallery.samples().into_iter().find(|sample| sample.name == which.name);
    let (Some(sample), Some(language)) = (sample, gallery.language(&which.language)) else {
        return not_found();
    };
    match (which.part.as_str(), gallery.render(&sample, language)) {
        (_, Err(error)) => failed(&error),
        ("html", Ok(rendered)) => {
            let html = match screen.theme.as_deref() {
                Some("dark") => rendered.html.replace(DARK, "@media all"),
                Some("light") => rendered.html.replace(DARK, "@media not all"),
                _ => rendered.html,
            };
            fenced(MAIL_POLICY, "SAMEORIGIN").body(html)
        }
        ("txt", Ok(rendered)) => fenced(MAIL_POLICY, "SAMEORIGIN")
            .content_type(ContentType::plaintext())
            .body(rendered.text),
        _ => not_found(),
    }
}

/// Whoever looks is whoever wrote the template, and wants to know what is wrong with it.
fn failed(error: &RenderError) -> HttpResponse {
    HttpResponse::InternalServerError().json(json!({ "error": error.to_string() }))
}

fn not_found() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "error": "No such mail" }))
}

fn fenced(policy: &'static str, frames: &'static str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .content_type(ContentType::html())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::X_FRAME_OPTIONS, frames));
    response
}

async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", include_str!("mails/page.css"))
}

const PAGE: &str = include_str!("mails/page.html");
const MAIL: &str = include_str!("mails/mail.html");

fn mail(sample: &Sample, language: Language, rendered: &Rendered) -> String {
    let (subject, text) = (escaped(&rendered.subject), escaped(&rendered.text));
    let size = format!("{:.1}", kibibytes(rendered.html.len()));
    let parts = [
        ("name", sample.name),
        ("language", language.as_str()),
        ("subject", &subject),
        ("text", &text),
        ("size", &size),
    ];
    fill(MAIL, &parts)
}

fn kibibytes(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::INFINITY, |bytes| f64::from(bytes) / 1024.0)
}

fn languages(gallery: &Gallery, chosen: Language) -> String {
    gallery
        .templates()
        .languages()
        .map(|(language, name)| {
            let (code, name) = (language.as_str(), escaped(name));
            if language == chosen {
                format!("<strong lang=\"{code}\">{name}</strong> ")
            } else {
                format!("<a href=\"/dev/mails?language={code}\" lang=\"{code}\" hreflang=\"{code}\">{name}</a> ")
            }
        })
        .collect()
}

fn contents(gallery: &Gallery) -> String {
    let link = |sample: &Sample| format!("<li><a href=\"#{0}\">{0}</a></li>", sample.name);
    gallery.samples().iter().map(link).collect()
}
