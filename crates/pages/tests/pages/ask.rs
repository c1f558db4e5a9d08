//! A browser before the pages. Every answer is checked for what all answers must hold.

use std::collections::BTreeMap;
use std::rc::Rc;

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use rookery_pages::AccountPages;
use url::form_urlencoded;

use crate::ada;
use crate::behind::Behind;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all("set-cookie");
        cookies.map(|value| value.to_str().unwrap()).collect()
    }

    /// Where it leads.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header("location").unwrap()
    }

    /// That this is a page of this status and title.
    pub(crate) fn is_page(&self, status: u16, title: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.title(), title);
    }

    pub(crate) fn title(&self) -> &str {
        let (_, rest) = self
            .text
            .split_once("<title>")
            .unwrap_or_else(|| panic!("{}", self.text));
        rest.split_once("</title>").unwrap().0
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// What is said beside this field.
    pub(crate) fn mistake(&self, field: &str) -> Option<&str> {
        let (_, rest) = self.text.split_once(&format!("id=\"{field}-error\""))?;
        let (_, rest) = rest.split_once("<span>")?;
        Some(rest.split_once("</span>")?.0)
    }

    /// What stands in this hidden field.
    pub(crate) fn hidden(&self, name: &str) -> Option<&str> {
        let (_, rest) = self
            .text
            .split_once(&format!("type=\"hidden\" name=\"{name}\" value=\""))?;
        Some(rest.split_once('"')?.0)
    }
}

/// The pages, mounted: asks them one thing.
type Mounted = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Result<ServiceResponse, actix_web::Error>>>;

async fn mounted(pages: AccountPages) -> Mounted {
    let service = Rc::new(init_service(App::new().configure(|routes| pages.configure(routes))).await);
    Box::new(move |request| {
        let service = Rc::clone(&service);
        async move { service.call(request.to_request()).await }.boxed_local()
    })
}

/// A browser with its cookies.
pub(crate) struct Browser {
    pages: AccountPages,
    mounted: Option<Mounted>,
    cookies: BTreeMap<String, String>,
    /// What it says of its own with every request.
    pub(crate) says: Vec<(&'static str, &'static str)>,
}

/// A browser that nobody has signed in with.
pub(crate) fn browser(behind: Behind) -> Browser {
    Browser {
        pages: AccountPages::new(&behind.pages()).unwrap(),
        mounted: None,
        cookies: BTreeMap::new(),
        says: vec![("sec-fetch-site", "same-origin")],
    }
}

impl Browser {
    /// The same, with Ada's session.
    pub(crate) fn with_session(mut self) -> Self {
        self.cookies.insert("__Host-sid".to_owned(), ada::token().expose());
        self
    }

    pub(crate) fn keep(&mut self, cookie: &str, value: &str) {
        self.cookies.insert(cookie.to_owned(), value.to_owned());
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.ask(TestRequest::get().uri(path)).await
    }

    /// Opens the page, fills its form in and sends it to this path.
    pub(crate) async fn fill(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let opened = self.get(page).await;
        let token = opened
            .hidden("csrf")
            .unwrap_or_else(|| panic!("{}", opened.text))
            .to_owned();
        let mut sent = vec![("csrf", token.as_str())];
        sent.extend_from_slice(fields);
        self.post(path, &sent).await
    }

    /// Sends a form without having opened a page.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.ask(form(path, body)).await
    }

    pub(crate) async fn ask(&mut self, request: TestRequest) -> Answer {
        let mut request = request;
        for (name, value) in &self.says {
            request = request.insert_header((*name, *value));
        }
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.insert_header(("cookie", cookies.join("; ")));
        }
        if self.mounted.is_none() {
            self.mounted = Some(mounted(self.pages.clone()).await);
        }
        let response = match self.mounted.as_ref().unwrap()(request).await {
            Ok(answer) => answer.into_parts().1,
            Err(error) => error.error_response(),
        };
        let (head, body) = response.into_parts();
        let answer = Answer {
            status: head.status(),
            headers: head.headers().clone(),
            text: String::from_utf8_lossy(&to_bytes(body).await.unwrap()).into_owned(),
        };
        self.remember(&answer);
        holds_for_every_answer(&answer);
        answer
    }

    fn remember(&mut self, answer: &Answer) {
        for cookie in answer.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(name.starts_with("__Host-") && attributes.contains("Secure") && attributes.contains("HttpOnly"));
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A form as a browser sends it.
pub(crate) fn form(path: &str, body: impl Into<Vec<u8>>) -> TestRequest {
    sent(path, "application/x-www-form-urlencoded", body)
}

pub(crate) fn sent(path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> TestRequest {
    let body = body.into();
    TestRequest::with_uri(path)
        .method(Method::POST)
        .insert_header(("content-type", content_type))
        .insert_header(("content-length", body.len().to_string()))
        .set_payload(body)
}

fn holds_for_every_answer(answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("vary", "Cookie, Accept-Language"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!((8..=64).contains(&answer.header("x-request-id").unwrap().len()));
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"), "{policy}");
    if answer.header("content-type") == Some("text/html; charset=utf-8") {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        nothing_is_inline(&answer.text);
    }
}

/// No script and no style in the page itself, and nothing left of a template.
fn nothing_is_inline(html: &str) {
    for (name, attributes) in tags(html) {
        assert_ne!(name, "style", "{html}");
        if name == "script" {
            let source = attributes.iter().find(|(name, _)| *name == "src").unwrap().1;
            assert!(source.replace("&#x2f;", "/").contains("/assets/page."), "{source}");
        }
        for (attribute, value) in attributes {
            assert!(
                !attribute.starts_with("on") && attribute != "style",
                "{name} {attribute}"
            );
            let leads = matches!(attribute, "href" | "src" | "action" | "formaction");
            let runs = value.trim_start().to_lowercase().starts_with("javascript");
            assert!(!(leads && runs), "{name} {value}");
        }
    }
}

/// Every tag that opens, with its attributes, as a browser takes the text apart.
fn tags(html: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
        let (name, mut inside) = after.split_at(end);
        if name.is_empty() {
            continue;
        }
        let mut attributes = Vec::new();
        loop {
            inside = inside.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if inside.starts_with('>') || inside.is_empty() {
                break;
            }
            let end = inside
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))
                .unwrap_or(inside.len());
            let (attribute, after) = inside.split_at(end.max(1));
            let (value, after) = match after.strip_prefix("=\"") {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => ("", after),
            };
            attributes.push((attribute, value));
            inside = after;
        }
        tags.push((name, attributes));
        rest = inside;
    }
    tags
}
