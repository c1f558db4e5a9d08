//! What somebody agrees to: a body of its own, and a part of a sign-up.

use rookery_core::ConsentChoice;
use rookery_domain::{ConsentSubject, Documents, Violations};
use serde::Deserialize;
use serde::de::MapAccess;
use serde::de::value::MapAccessDeserializer;
use utoipa::ToSchema;

use super::field;
use super::given::{Given, Scalar};

/// What somebody agrees to, or takes back.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = Consents)]
pub struct ConsentsBody {
    /// The version of the terms of service they accept: the one that is current.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "2026-11")]
    terms: Given<String>,
    /// The version of the privacy policy they accept: the one that is current.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "2026-11")]
    privacy: Given<String>,
    /// Whether they want marketing by mail.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = false)]
    marketing: Given<bool>,
}

impl Scalar for ConsentsBody {
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Given<Self>, A::Error> {
        Self::deserialize(MapAccessDeserializer::new(map)).map(Given::Value)
    }
}

/// What the fields are called where they stand.
struct Paths {
    terms: &'static str,
    privacy: &'static str,
    marketing: &'static str,
}

const ALONE: Paths = Paths {
    terms: "terms",
    privacy: "privacy",
    marketing: "marketing",
};
const IN_A_SIGN_UP: Paths = Paths {
    terms: "consents.terms",
    privacy: "consents.privacy",
    marketing: "consents.marketing",
};

impl ConsentsBody {
    /// What is meant by somebody who is signed in: at least one thing. A document without a version is passed over, as every
    /// key that means nothing.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self, documents: &Documents) -> Result<ConsentChoice, Violations> {
        let mut violations = Violations::none();
        let choice = self.judged(&mut violations, &ALONE, documents, false);
        violations.into_result()?;
        if choice.accepted.is_empty() && choice.marketing.is_none() {
            return Err(Violations::of_whole("At least one field must be provided for update"));
        }
        Ok(choice)
    }

    /// What is meant at a sign-up: every document that has a version is to be accepted in just that one.
    pub(super) fn at_sign_up(violations: &mut Violations, given: Given<Self>, documents: &Documents) -> ConsentChoice {
        let body = match given {
            Given::Value(body) => body,
            Given::Absent => Self::default(),
            Given::Null | Given::Mistyped => {
                violations.field("consents", "Consents must be an object");
                return ConsentChoice::default();
            }
        };
        body.judged(violations, &IN_A_SIGN_UP, documents, true)
    }

    fn judged(
        self,
        violations: &mut Violations,
        paths: &Paths,
        documents: &Documents,
        required: bool,
    ) -> ConsentChoice {
        let mut accepted = Vec::new();
        for (subject, path, name, given) in [
            (ConsentSubject::Terms, paths.terms, "Terms of service", self.terms),
            (ConsentSubject::Privacy, paths.privacy, "Privacy policy", self.privacy),
        ] {
            let Some(current) = documents.current(subject) else {
                continue;
            };
            match given {
                Given::Value(text) if text == current.as_str() => accepted.push((subject, current.clone())),
                Given::Absent if !required => {}
                _ => violations.field(path, format!("{name} must be accepted in version {current}")),
            }
        }
        let marketing = field::switch(
            violations,
            paths.marketing,
            "Marketing must be a boolean",
            self.marketing,
        );
        ConsentChoice { accepted, marketing }
    }
}
