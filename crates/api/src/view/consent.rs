//! What somebody has agreed to.

use rookery_core::ConsentState;
use rookery_domain::{Consent, ConsentSubject, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::timestamp;

/// What a person has agreed to, and what they are asked to.
#[derive(Serialize, ToSchema)]
#[schema(as = ConsentState)]
pub(crate) struct ConsentStateView<'a> {
    /// Each thing one can agree to here: the documents that have a version, and marketing.
    consents: Vec<ConsentView<'a>>,
    /// The last hundred decisions, the newest first.
    history: Vec<DecisionView<'a>>,
}

/// One thing one can agree to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Consent)]
pub(crate) struct ConsentView<'a> {
    /// `terms`, `privacy` or `marketing`.
    #[schema(example = "terms")]
    subject: &'static str,
    /// Whether they agree at this moment; to a document, in its current version.
    given: bool,
    /// The version of the document that is current; `null` for marketing.
    #[schema(required = true, example = "2026-11")]
    current_version: Option<&'a str>,
    /// The version they last decided on; `null` before they did.
    #[schema(required = true, example = "2026-11")]
    version: Option<&'a str>,
    /// When they did.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true, example = "2025-10-27T12:00:00.000Z")]
    at: Option<Timestamp>,
}

/// One decision.
#[derive(Serialize, ToSchema)]
#[schema(as = ConsentDecision)]
pub(crate) struct DecisionView<'a> {
    /// `terms`, `privacy` or `marketing`.
    #[schema(example = "marketing")]
    subject: &'static str,
    /// In which version.
    #[schema(example = "2026-11")]
    version: &'a str,
    /// Whether they agreed, or took it back.
    given: bool,
    /// Where: `api`, `page` or `operator`.
    #[schema(example = "page")]
    source: &'static str,
    /// The language they were spoken to in.
    #[schema(example = "en")]
    language: &'a str,
    /// When.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    at: Timestamp,
}

impl<'a> ConsentStateView<'a> {
    pub(crate) fn of(state: &'a ConsentState) -> Self {
        let due = state.due();
        let view = |subject: ConsentSubject| {
            let current = state.documents.current(subject);
            let given = match subject {
                ConsentSubject::Marketing => state.marketing,
                ConsentSubject::Terms | ConsentSubject::Privacy => current.map(|_| !due.contains(&subject))?,
            };
            let latest = state.latest_on(subject);
            Some(ConsentView {
                subject: subject.as_str(),
                given,
                current_version: current.map(rookery_domain::ConsentVersion::as_str),
                version: latest.map(|consent| consent.version.as_str()),
                at: latest.map(|consent| consent.at),
            })
        };
        Self {
            consents: ConsentSubject::ALL.into_iter().filter_map(view).collect(),
            history: state.history.iter().map(DecisionView::of).collect(),
        }
    }
}

impl<'a> DecisionView<'a> {
    fn of(consent: &'a Consent) -> Self {
        Self {
            subject: consent.subject.as_str(),
            version: consent.version.as_str(),
            given: consent.given,
            source: consent.channel.as_str(),
            language: consent.language.as_str(),
            at: consent.at,
        }
    }
}
