//! What stands in a form, and what is wrong with it.

use minijinja::Value;
use rookery_door::Problem;
use rookery_door::body::Form;
use rookery_words::Argument;

use crate::visitor::Visitor;

/// Fields whose text is a secret: it is never written back into a page.
const SECRETS: &[&str] = &[
    "csrf",
    "password",
    "currentPassword",
    "newPassword",
    "code",
    "recoveryCode",
];

/// A form as it is shown.
#[derive(Default)]
pub(crate) struct Filled {
    values: Vec<(String, String)>,
    problem: Option<Problem>,
    /// Where a problem is said that is about no field by itself.
    blamed: &'static str,
    /// Which of a page's forms it is.
    form: &'static str,
}

impl Filled {
    /// A form in which these texts stand already.
    pub(crate) fn with(values: &[(&str, &str)]) -> Self {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            values: values.collect(),
            ..Self::default()
        }
    }

    /// A form that was sent and refused, as it was sent, for whoever sent it to put right.
    ///
    /// # Errors
    /// The problem itself, if nothing in the form can put it right: that is told by a page of its own.
    pub(crate) fn refused(form: &Form, problem: Problem) -> Result<Self, Problem> {
        if !can_be_put_right(&problem) {
            return Err(problem);
        }
        let shown = form.fields().filter(|(name, _)| !SECRETS.contains(name));
        Ok(Self {
            values: shown.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            problem: Some(problem),
            ..Self::default()
        })
    }

    /// Says what is about no field at this one.
    pub(crate) fn blaming(mut self, field: &'static str) -> Self {
        self.blamed = field;
        self
    }

    /// One of several forms of a page.
    pub(crate) fn in_form(mut self, form: &'static str) -> Self {
        self.form = form;
        self
    }

    /// Which of a page's forms was refused.
    pub(crate) fn form(&self) -> &'static str {
        self.form
    }

    /// Why it was refused.
    pub(crate) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// The texts that stand in it.
    pub(crate) fn values(&self) -> Value {
        Value::from_pairs(self.values.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// What is wrong with the form as a whole, in the visitor's language.
    pub(crate) fn complaint(&self, visitor: &Visitor) -> String {
        match &self.problem {
            Some(Problem::Validation(violations)) if self.blamed.is_empty() => {
                let whole = violations.iter().filter(|violation| violation.path.is_none());
                let sentences: Vec<String> = whole.map(|violation| visitor.translated(&violation.message)).collect();
                sentences.join(". ")
            }
            Some(problem) if self.blamed.is_empty() => told(problem, visitor),
            _ => String::new(),
        }
    }

    /// What is wrong, field by field in the order of the rules, in the visitor's language.
    pub(crate) fn errors(&self, visitor: &Visitor) -> Value {
        let mut errors: Vec<(&str, String)> = Vec::new();
        match &self.problem {
            Some(Problem::Validation(violations)) => {
                for violation in violations.iter() {
                    let field = violation.path.unwrap_or(self.blamed);
                    let sentence = visitor.translated(&violation.message);
                    match errors.iter_mut().find(|(known, _)| *known == field) {
                        Some((_, sentences)) => *sentences = format!("{sentences}. {sentence}"),
                        None => errors.push((field, sentence)),
                    }
                }
            }
            Some(problem) => errors.push((self.blamed, told(problem, visitor))),
            None => {}
        }
        Value::from_pairs(errors.into_iter().filter(|(field, _)| !field.is_empty()))
    }
}

/// What a problem says to people.
pub(crate) fn told(problem: &Problem, visitor: &Visitor) -> String {
    let key = format!("problem.{}", problem.code().to_lowercase());
    let minutes = problem.retry_after().unwrap_or(0).div_ceil(60);
    visitor.say(&key, &[("count", Argument::from(u64::from(minutes)))])
}

/// Whether the form can be sent again with something else in it, or a little later.
fn can_be_put_right(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Validation(_)
            | Problem::InvalidCredentials
            | Problem::InvalidResetToken
            | Problem::InvalidMailedToken
            | Problem::InvalidVerificationToken
            | Problem::VerificationTokenExpired
            | Problem::VerificationTokenAlreadyUsed
            | Problem::WrongCurrentPassword
            | Problem::WrongProof
            | Problem::WrongSecondFactor
            | Problem::WrongCode
            | Problem::PreconditionFailed
            | Problem::EmailTaken
            | Problem::TooMany(_)
            | Problem::Busy
    )
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use rookery_core::DeadInvitation;
    use rookery_words::Words;

    use super::*;

    #[test]
    fn every_problem_has_words_for_people() {
        let words = Words::built_in().unwrap();
        let foreign = (400..=599).filter_map(|status| StatusCode::from_u16(status).ok());
        let foreign = foreign.map(|status| Problem::of_foreign(status, None));
        let ours = [
            Problem::AuthenticationRequired,
            Problem::InvalidCredentials,
            Problem::InvalidResetToken,
            Problem::InvalidMailedToken,
            Problem::InvalidVerificationToken,
            Problem::VerificationTokenExpired,
            Problem::VerificationTokenAlreadyUsed,
            Problem::WrongCurrentPassword,
            Problem::WrongProof,
            Problem::WrongSecondFactor,
            Problem::WrongCode,
            Problem::SecondFactorEnrolled,
            Problem::NoSecondFactor,
            Problem::SecondFactorKept,
            Problem::PreconditionFailed,
            Problem::TrustedDeviceNotFound,
            Problem::SecondFactorRequired,
            Problem::OriginNotAllowed,
            Problem::FormExpired,
            Problem::ReauthenticationRequired,
            Problem::UserNotFound,
            Problem::TenantNotFound,
            Problem::SessionNotFound,
            Problem::ForbiddenRole,
            Problem::LastOwner,
            Problem::EmailNotVerified,
            Problem::InvitationSettled,
            Problem::SignInRequired,
            Problem::SignedInAsSomeoneElse,
            Problem::AlreadyMember,
            Problem::EmailTaken,
            Problem::BadRequest,
            Problem::UnsupportedEncoding,
            Problem::UnsupportedPictureType,
            Problem::PictureNotFound,
            Problem::Busy,
        ];
        let dead = DeadInvitation::ALL.iter().copied().map(Problem::DeadInvitation);
        for problem in ours.into_iter().chain(dead).chain(foreign) {
            let key = format!("problem.{}", problem.code().to_lowercase());
            assert!(words.has(&key), "{key}");
        }
        assert!(words.has("problem.validation_error") && words.has("problem.rate_limit_exceeded"));
        assert!(words.has("problem.challenge_expired"));
    }
}
