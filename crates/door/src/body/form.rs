//! A form's fields, turned into the body that a program would have sent.
//!
//! The rules of a body have one place, the body types beside this file. A form differs from JSON in what it can say: every
//! field is a text, a box that is not ticked is not sent, and a field that is left empty is sent all the same. A [`Shape`]
//! names the fields where that matters.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use rookery_domain::Violations;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::read_within_time;
use crate::gate::{FORM, announced_length, has_content_type};
use crate::problem::Problem;

/// What of a form means something else than its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape<'a> {
    /// Boxes to tick: `true` when they were sent, whatever with, and `false` when not.
    pub switches: &'a [&'a str],
    /// Fields that mean nothing when they are empty.
    pub optional: &'a [&'a str],
}

/// The fields of a form, in their order. Their values may be secrets, so nothing here prints them.
#[derive(Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The form in a body of the type that a plain HTML form has.
    ///
    /// # Errors
    /// [`Problem::Validation`] when a field is there twice: nobody can tell which was meant.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            form.add(name.into_owned(), value.into_owned())?;
        }
        Ok(form)
    }

    /// One more field.
    ///
    /// # Errors
    /// [`Problem::Validation`] when it is there already.
    pub fn add(&mut self, name: String, value: String) -> Result<(), Problem> {
        if self.0.iter().any(|(known, _)| *known == name) {
            return Err(Violations::of_whole("Every field must be given once").into());
        }
        self.0.push((name, value));
        Ok(())
    }

    /// What stands in a field; nothing in one that was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// Every field with its text.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a box was ticked, a button pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The form as the raw fields of `T`.
    ///
    /// # Errors
    /// [`Problem::Validation`], which no field of text or switch makes: a body type takes any of them.
    pub fn parse<T: DeserializeOwned>(&self, shape: &Shape<'_>) -> Result<T, Problem> {
        let mut object = Map::new();
        for (name, value) in &self.0 {
            let is_switch = shape.switches.contains(&name.as_str());
            let says_nothing = value.is_empty() && shape.optional.contains(&name.as_str());
            if !is_switch && !says_nothing {
                put(&mut object, name, Value::String(value.clone()));
            }
        }
        for switch in shape.switches {
            put(&mut object, switch, Value::Bool(self.has(switch)));
        }
        serde_json::from_value(Value::Object(object))
            .map_err(|_| Violations::of_whole("The form could not be read").into())
    }
}

/// A field whose name has a dot in it is one of an object within the body.
fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some((outer, inner)) => {
            let within = object
                .entry(outer.to_owned())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(within) = within {
                within.insert(inner.to_owned(), value);
            }
        }
    }
}

impl FromRequest for Form {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = has_content_type(request.headers(), FORM);
        let announced = announced_length(request.headers());
        let payload = payload.take();
        Box::pin(async move {
            let body = read_within_time(payload, announced).await?;
            if is_form || body.is_empty() {
                Self::of_bytes(&body)
            } else {
                Err(Problem::UnsupportedMediaType)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use rookery_domain::Caller;

    use super::*;
    use crate::body::{LogInBody, ProfileUpdateBody};

    fn form(text: &str) -> Form {
        Form::of_bytes(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_form_is_judged_by_the_rules_of_the_body_it_stands_for() {
        let shape = Shape {
            switches: &["rememberMe"],
            optional: &[],
        };
        let body: LogInBody = form("email=+ada%40example.com&password=caf%C3%A9+au+lait&rememberMe=on")
            .parse(&shape)
            .unwrap();
        let log_in = body.meant(None, None, Caller::default()).unwrap();
        assert_eq!(log_in.email.as_str(), "ada@example.com");
        assert!(log_in.remember_me);

        let body: LogInBody = form("email=nobody&password=").parse(&shape).unwrap();
        let violations = body.meant(None, None, Caller::default()).unwrap_err();
        let wrong: Vec<_> = violations.iter().map(|violation| violation.path).collect();
        assert_eq!(wrong, [Some("email"), Some("password")]);
    }

    #[test]
    fn a_box_that_is_not_ticked_is_off_and_a_field_left_empty_may_mean_nothing() {
        let shape = Shape {
            switches: &["weeklyReports", "marketingEmails"],
            optional: &["givenName"],
        };
        let body: ProfileUpdateBody = form("name=Ada&givenName=&weeklyReports=").parse(&shape).unwrap();
        let update = body.meant().unwrap();
        assert_eq!(update.weekly_reports, Some(true));
        assert_eq!(update.marketing_emails, Some(false));
        assert_eq!(update.email_notifications, None);
        assert!(update.given_name.is_none());
        assert_eq!(update.name.unwrap().as_str(), "Ada");
    }

    #[test]
    fn a_dot_in_a_name_leads_into_an_object_of_the_body() {
        let shape = Shape {
            switches: &["consents.marketing"],
            optional: &[],
        };
        let body: serde_json::Value = form("consents=x&consents.terms=1&a.b=c").parse(&shape).unwrap();
        assert_eq!(body, serde_json::json!({ "consents": "x", "a": { "b": "c" } }));
        let body: serde_json::Value = form("consents.terms=1").parse(&shape).unwrap();
        assert_eq!(
            body,
            serde_json::json!({ "consents": { "terms": "1", "marketing": false } })
        );
    }

    #[test]
    fn a_field_that_is_there_twice_is_refused() {
        assert!(matches!(
            Form::of_bytes(b"email=a&email=b"),
            Err(Problem::Validation(_))
        ));
    }

    #[test]
    fn bytes_that_are_no_text_break_nothing() {
        let form = Form::of_bytes(b"%ff%00=%zz&=&&a").unwrap();
        assert_eq!((form.text("a"), form.has("a"), form.has("b")), ("", true, false));
    }
}
