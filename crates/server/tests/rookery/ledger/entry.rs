//! What one request cost and gave back, without what is different in every answer there is.

use std::collections::BTreeMap;

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;

/// One line of the ledger. Two equal ones cannot be told apart, except by the time they took.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) status: u16,
    /// Every header by its name; of cookies the attributes, of times and ids only that they are there.
    pub(crate) headers: BTreeMap<String, Vec<String>>,
    /// The body, the request's id blanked out.
    pub(crate) body: String,
    pub(crate) bytes: usize,
    pub(crate) hashes: u32,
    /// The texts in the order in which they were run, those that tell row-level security for whom included.
    pub(crate) statements: Vec<String>,
    pub(crate) mails: i64,
    pub(crate) events: i64,
}

impl Entry {
    pub(super) async fn of<B: MessageBody>(
        response: ServiceResponse<B>,
        hashes: u32,
        statements: Vec<String>,
        mails: i64,
        events: i64,
    ) -> Self {
        let status = response.status().as_u16();
        let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in response.headers() {
            let name = name.as_str();
            headers
                .entry(name.to_owned())
                .or_default()
                .push(lasting(name, value.to_str().unwrap()));
        }
        let body = actix_web::test::read_body(response).await;
        Self {
            status,
            headers,
            bytes: body.len(),
            body: without_request_id(&body),
            hashes,
            statements,
            mails,
            events,
        }
    }
}

/// What is the same in every answer of its kind.
fn lasting(name: &str, value: &str) -> String {
    match name {
        "x-request-id" | "date" => String::new(),
        "set-cookie" => value.split_once('=').map_or_else(String::new, |(cookie, rest)| {
            format!(
                "{cookie}=…{}",
                rest.split_once(';').map_or("", |(_, attributes)| attributes)
            )
        }),
        // Seconds run on between two requests; how many requests are left does not.
        "retry-after" | "ratelimit" => {
            let mut seconds = name == "retry-after";
            value
                .split_inclusive([';', '='])
                .map(|part| {
                    let shown = if seconds { "…".to_owned() } else { part.to_owned() };
                    seconds = part.trim_start() == "t=";
                    shown
                })
                .collect()
        }
        _ => value.to_owned(),
    }
}

fn without_request_id(body: &[u8]) -> String {
    let Ok(mut json) = serde_json::from_slice::<serde_json::Value>(body) else {
        return String::from_utf8_lossy(body).into_owned();
    };
    if let Some(id) = json.get_mut("requestId") {
        *id = serde_json::Value::Null;
    }
    json.to_string()
}
