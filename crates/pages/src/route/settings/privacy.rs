//! `/settings/privacy`: what is kept for how long, and what may be done with it.

use actix_web::web::Data;
use minijinja::{Value, context};
use rookery_core::{Fate, Profiles, RETENTION, RetentionRule};
use rookery_domain::Profile;
use rookery_door::body::{ProfileUpdateBody, Shape};
use rookery_door::{Answer, CallerInfo, Problem};

use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Person, Visitor};

const PAGE: &str = "/settings/privacy";
const SHAPE: Shape<'static> = Shape {
    switches: &["marketingEmails"],
    optional: &[],
};

/// What is kept, and the choice.
pub(crate) async fn show(Person { visitor, signed_in }: Person) -> Answer {
    page(&visitor, &signed_in.profile, Filled::default())
}

/// Somebody chooses.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    profiles: Data<dyn Profiles>,
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
        Err(problem) => page(&visitor, &signed_in.profile, Filled::refused(&form, problem)?),
    }
}

fn page(visitor: &Visitor, profile: &Profile, filled: Filled) -> Answer {
    let facts = context! {
        section => "privacy",
        marketing_emails => profile.preferences.marketing_emails,
        kept => RETENTION.iter().map(|rule| kept(visitor, rule)).collect::<Vec<_>>(),
    };
    visitor
        .page("settings/privacy.html")
        .telling(facts)
        .filled(filled)
        .answer()
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
