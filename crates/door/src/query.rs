//! What comes in behind the question mark.

mod activity;
mod cursor;

use std::borrow::Cow;

use actix_web::HttpRequest;
use rookery_domain::Violations;
use url::form_urlencoded;

pub use activity::{ActivityQuery, Format};
pub use cursor::cursor_at;

/// The parameters of a request, in their order. Bytes that are no UTF-8 become replacement characters, which no parameter
/// here means anything by.
pub struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    /// What stands behind the question mark of this request.
    #[must_use]
    pub fn of(request: &'a HttpRequest) -> Self {
        Self(form_urlencoded::parse(request.query_string().as_bytes()).collect())
    }

    /// A query of these parameters.
    #[must_use]
    pub fn of_pairs(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let pairs = pairs.into_iter();
        Self(pairs.map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The first value of a parameter.
    #[must_use]
    pub fn first(&self, name: &'static str) -> Option<&str> {
        self.many(name).next()
    }

    /// Every value of a parameter that may be given several times.
    fn many(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_ref())
    }

    /// The value of a parameter that may be given once.
    fn one(&self, violations: &mut Violations, name: &'static str) -> Option<&str> {
        let mut values = self.many(name);
        let first = values.next();
        if values.next().is_some() {
            violations.field(name, format!("{name} must be given once"));
        }
        first
    }

    /// A query that asks the same with this cursor.
    #[must_use]
    pub fn with_cursor(&self, cursor: &str) -> String {
        let same = self.0.iter().filter(|(key, _)| key != "cursor");
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(same)
            .append_pair("cursor", cursor)
            .finish()
    }
}
