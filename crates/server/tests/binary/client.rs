//! A small HTTP client that tells an answer that came whole from one that did not.

use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::http::{HeaderMap, Method, Request, Response};
use ureq::{Agent, Body, SendBody};

/// Longer than the server may take for anything; a request that hangs is a failure of its test.
const PATIENCE: Duration = Duration::from_secs(20);

/// Talks to one server. Clones share nothing but the address; every request has a connection of its own.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    agent: Agent,
    base: String,
}

/// The server was not there, or went away before its answer was whole.
#[derive(Debug)]
pub(crate) struct Lost(pub(crate) String);

/// A whole answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// From before the connection was made until the last byte.
    pub(crate) took: Duration,
}

/// A request that is being put together.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Client {
    pub(crate) fn new(base: impl Into<String>) -> Self {
        let agent = Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .timeout_global(Some(PATIENCE))
            .user_agent("RookeryTest/1.0 (a user agent)")
            .build()
            .new_agent();
        Self {
            agent,
            base: base.into(),
        }
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            client: self,
            method: method.parse().unwrap(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Call<'_> {
        self.call("POST", path).json(body)
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Call<'_> {
        self.call("PATCH", path).json(body)
    }
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Presents the cookie `name=value`.
    pub(crate) fn cookie(self, cookie: &str) -> Self {
        self.header("cookie", cookie)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.raw_json(body.to_string())
    }

    /// A body that claims to be JSON.
    pub(crate) fn raw_json(self, body: impl Into<Vec<u8>>) -> Self {
        self.body("application/json", body)
    }

    /// A body that claims to be of this type.
    pub(crate) fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", kind)
    }

    /// The answer.
    ///
    /// # Panics
    /// When there is none.
    pub(crate) fn send(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        self.attempt()
            .unwrap_or_else(|Lost(why)| panic!("{what}: no answer: {why}"))
    }

    /// The answer, if it came whole.
    pub(crate) fn attempt(self) -> Result<Answer, Lost> {
        let begun = Instant::now();
        let url = if self.path.starts_with("http") {
            self.path
        } else {
            format!("{}{}", self.client.base, self.path)
        };
        let mut request = Request::builder().method(self.method).uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let lost = |error: ureq::Error| Lost(error.to_string());
        let reads = matches!(request.method_ref(), Some(&Method::GET | &Method::HEAD));
        let response = match self.body {
            None if reads => self.client.agent.run(request.body(SendBody::none()).unwrap()),
            body => self
                .client
                .agent
                .run(request.body(body.unwrap_or_default().as_slice()).unwrap()),
        };
        Answer::read(response.map_err(lost)?, begun).map_err(lost)
    }
}

impl Answer {
    fn read(response: Response<Body>, begun: Instant) -> Result<Self, ureq::Error> {
        let (parts, mut body) = response.into_parts();
        let body = body.read_to_vec()?;
        Ok(Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
            took: begun.elapsed(),
        })
    }

    /// This answer, if it has the status.
    ///
    /// # Panics
    /// When it has another; says what it is.
    #[track_caller]
    pub(crate) fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {} {:?}", self.status, self.text()))
    }

    /// The word for programs in an error.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The cookie this answer sets, as `name=value`; `None` when it sets none or takes it away.
    pub(crate) fn cookie(&self) -> Option<String> {
        let pair = self.header("set-cookie")?.split(';').next()?;
        (!pair.ends_with('=')).then(|| pair.to_owned())
    }
}
