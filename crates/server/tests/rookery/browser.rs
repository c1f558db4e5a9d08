//! A person's browser, as far as the service can tell: it keeps cookies and says where its pages come from.

use std::collections::BTreeMap;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

/// One browser profile. It sends what it was told to keep.
pub(crate) struct Browser {
    agent: Agent,
    base: String,
    cookies: BTreeMap<String, String>,
    user_agent: Option<&'static str>,
    if_match: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body of something that is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// The body, which must be JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// A header as text; empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap_or_default())
    }

    /// The same answer, if it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

impl Browser {
    /// A new profile that visits the service under this address.
    pub(crate) fn visiting(base: &str) -> Self {
        let agent = Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        Self {
            agent,
            base: base.to_owned(),
            cookies: BTreeMap::new(),
            user_agent: None,
            if_match: None,
        }
    }

    /// The same, under this name.
    pub(crate) fn calling_itself(self, user_agent: &'static str) -> Self {
        Self {
            user_agent: Some(user_agent),
            ..self
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    pub(crate) fn patch(&mut self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, Some(body))
    }

    /// Changes something if it still is what was seen under this name.
    pub(crate) fn patch_if(&mut self, path: &str, seen: &str, body: &Value) -> Answer {
        self.if_match = Some(seen.to_owned());
        let answer = self.patch(path, body);
        self.if_match = None;
        answer
    }

    /// Sends a picture by itself.
    pub(crate) fn put_picture(&mut self, path: &str, kind: &str, picture: &[u8]) -> Answer {
        self.send_body("PUT", path, Some((kind, picture.to_vec())))
    }

    /// Sends a form as a page of the service does.
    pub(crate) fn send_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send_body(
            "POST",
            path,
            Some(("application/x-www-form-urlencoded", form.into_bytes())),
        )
    }

    pub(crate) fn delete(&mut self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    pub(crate) fn send_delete(&mut self, path: &str, body: &Value) -> Answer {
        self.send("DELETE", path, Some(body))
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Comes by a cookie in some other way than by being sent it.
    pub(crate) fn plant_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.send_body(method, path, body)
    }

    fn send_body(&mut self, method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header("Cookie", cookies.join("; "));
        }
        if let Some(user_agent) = self.user_agent {
            request = request.header("User-Agent", user_agent);
        }
        if let Some(seen) = &self.if_match {
            request = request.header("If-Match", seen);
        }
        if let Some((kind, _)) = &body {
            request = request.header("Content-Type", *kind).header("Origin", &self.base);
        }
        let body = body.map(|(_, body)| body).unwrap_or_default();
        let mut response = self.agent.run(request.body(body).unwrap()).unwrap();
        let bytes = response.body_mut().read_to_vec().unwrap();
        let answer = Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        };
        self.keep_cookies(&answer.headers);
        answer
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all("Set-Cookie") {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.to_ascii_lowercase().contains("max-age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
