//! What comes in behind the question mark.

mod activity;
mod cursor;
mod invitations;
mod members;
mod oversight;

use std::borrow::Cow;

use actix_web::HttpRequest;
use rookery_domain::Violations;
use url::form_urlencoded;

pub use activity::{ActivityQuery, Format};
pub use cursor::{cursor_at, cursor_at_invitation, cursor_at_member};
pub use invitations::invitation_filter;
pub use members::member_filter;
pub use oversight::{log_filter, oversight_filter, reason_of};

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

    /// How many at most, from 1 to the most there may be; so many when the client does not say.
    fn limit(&self, violations: &mut Violations, (usual, most): (u32, u32)) -> u32 {
        let limit = self.one(violations, "limit").map(|digits| {
            let limit = number(digits).filter(|limit| (1..=most).contains(limit));
            limit.ok_or_else(|| format!("Limit must be a number from 1 to {most}"))
        });
        limit.and_then(|limit| violations.keep("limit", limit)).unwrap_or(usual)
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

/// Digits and nothing else.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
