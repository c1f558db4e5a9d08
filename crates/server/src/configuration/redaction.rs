//! Showing values without what is secret in them.

use super::settings::Secrecy;

impl Secrecy {
    /// The value as it may be shown.
    #[must_use]
    pub fn show(self, text: &str) -> String {
        match self {
            Self::Open => text.to_owned(),
            Self::Hidden => "***".to_owned(),
            Self::Url => without_password(text),
        }
    }
}

fn without_password(text: &str) -> String {
    if text.starts_with("sqlite:") {
        return text.to_owned();
    }
    let Ok(mut url) = url::Url::parse(text) else {
        return "***".to_owned();
    };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "***".to_owned();
    }
    if url.query_pairs().any(|(name, _)| name.contains("password")) {
        url.set_query(Some("***"));
    }
    url.into()
}
