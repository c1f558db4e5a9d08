//! `/settings/privacy`: what is kept for how long, a copy of it, and what may be done with it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use minijinja::{Value, context};
use rookery_core::ports::SignedIn;
use rookery_core::{ConsentState, Consents, Exports, Fate, Profiles, RETENTION, RetentionRule};
use rookery_domain::{Consent, Export, ExportState, ExportStatus};
use rookery_door::body::{ProfileUpdateBody, Shape};
use rookery_door::{Answer, CallerInfo, Problem};

use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Person, Visitor};

/// The page.
pub(crate) const PAGE: &str = "/settings/privacy";
const SHAPE: Shape<'static> = Shape {
    switches: &["marketingEmails"],
    optional: &[],
};
/// How many past decisions the page shows; a copy of one's data holds all.
const DECISIONS: usize = 10;

/// What the page is made of.
pub(crate) struct Privacy {
    exports: Data<dyn Exports>,
    consents: Data<dyn Consents>,
}

impl FromRequest for Privacy {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let exports = request.app_data::<Data<dyn Exports>>().cloned();
        let consents = request.app_data::<Data<dyn Consents>>().cloned();
        ready(match (exports, consents) {
            (Some(exports), Some(consents)) => Ok(Self { exports, consents }),
            _ => Err(Problem::Internal {
                cause: "a page is mounted outside its site".to_owned(),
            }),
        })
    }
}

/// What is kept, and the choices.
pub(crate) async fn show(Person { visitor, signed_in }: Person, privacy: Privacy) -> Answer {
    privacy.page(&visitor, &signed_in, Filled::default()).await
}

/// Where forms of this page are sent to there is nothing to look at.
pub(crate) async fn back(visitor: Visitor) -> Answer {
    Ok(visitor.go_to(PAGE))
}

/// Somebody chooses.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    profiles: Data<dyn Profiles>,
    privacy: Privacy,
    Posted(form): Posted,
) -> Answer {
    let update = form.parse::<ProfileUpdateBody>(&SHAPE)?.meant();
    let updated = match update {
        Ok(update) => profiles
            .update(&signed_in, update, &caller)
            .await
            .map_err(Problem::from),
        Err(violations) => Err(violations.into()),
    };
    match updated {
        Ok(_) => Ok(visitor.go_and_say(PAGE, Note::PrivacySaved)),
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?;
            privacy.page(&visitor, &signed_in, filled).await
        }
    }
}

impl Privacy {
    async fn page(&self, visitor: &Visitor, signed_in: &SignedIn, filled: Filled) -> Answer {
        let copies = self.exports.list(signed_in).await?;
        let state = self.consents.state(signed_in).await?;
        let is_waiting = copies.iter().any(|export| export.state == ExportState::Pending);
        let facts = context! {
            section => "privacy",
            marketing_emails => signed_in.profile.preferences.marketing_emails,
            copies => copies.iter().map(|export| copy(visitor, export)).collect::<Vec<_>>(),
            is_waiting,
            documents => documents(visitor, &state),
            decisions => state.history.iter().take(DECISIONS).map(|consent| decision(visitor, consent)).collect::<Vec<_>>(),
            kept => RETENTION.iter().map(|rule| kept(visitor, rule)).collect::<Vec<_>>(),
        };
        visitor
            .page("settings/privacy.html")
            .telling(facts)
            .filled(filled)
            .answer()
    }
}

/// A copy, and what became of it.
fn copy(visitor: &Visitor, export: &Export) -> Value {
    let status = export.status(visitor.door.now());
    let (kind, note) = match export.state {
        ExportState::Ready { expires, size, .. } if status == ExportStatus::Ready => {
            let kilobytes = size.div_ceil(1024);
            let until = visitor.moment(expires);
            let of = [("at", until.as_str().into()), ("count", kilobytes.into())];
            ("good", visitor.say("privacy.copy_until", &of))
        }
        ExportState::Ready { .. } => ("", visitor.say("privacy.copy_gone", &[])),
        ExportState::Pending => ("here", visitor.say("privacy.copy_waits", &[])),
        ExportState::Failed { .. } => ("bad", visitor.say("privacy.copy_failed", &[])),
    };
    let asked = visitor.moment(export.requested);
    context! {
        id => export.id.to_string(),
        title => visitor.say("privacy.copy_of", &[("at", asked.as_str().into())]),
        note,
        status => visitor.say(&format!("privacy.status_{}", status.as_str()), &[]),
        kind,
        is_ready => status == ExportStatus::Ready,
    }
}

/// The documents there are, and whether the person agrees to them.
fn documents(visitor: &Visitor, state: &ConsentState) -> Vec<Value> {
    let due = state.due();
    let subjects = rookery_domain::ConsentSubject::DOCUMENTS.into_iter();
    let listed = subjects.filter_map(|subject| {
        let version = state.documents.current(subject)?;
        let of = [("version", version.as_str().into())];
        Some(context! {
            name => visitor.say(&format!("consents.{}", subject.as_str()), &[]),
            version => visitor.say("consents.version", &of),
            is_due => due.contains(&subject),
        })
    });
    listed.collect()
}

/// One decision in words.
fn decision(visitor: &Visitor, consent: &Consent) -> Value {
    let given = if consent.given {
        "consents.agreed"
    } else {
        "consents.taken_back"
    };
    context! {
        what => visitor.say(&format!("consents.{}", consent.subject.as_str()), &[]),
        given => visitor.say(given, &[]),
        version => consent.version.as_str(),
        at => visitor.moment(consent.at),
    }
}

/// One line of what is kept, out of the one table of it.
fn kept(visitor: &Visitor, rule: &RetentionRule) -> Value {
    let (unit, count) = match rule.days {
        // Leap days included.
        days if days >= 2 * 365 => ("privacy.years", days / 365),
        365 => ("privacy.months", 12),
        days => ("privacy.days", days),
    };
    context! {
        what => visitor.translated(rule.rows),
        life => visitor.say(unit, &[("count", count.unsigned_abs().into())]),
        from => visitor.translated(rule.from),
        then => visitor.say(match rule.fate {
            Fate::Deleted => "privacy.deleted",
            Fate::Anonymised => "privacy.anonymised",
        }, &[]),
    }
}
