//! `/settings/activity`: what happened to the account.

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use minijinja::{Value, context};
use rookery_core::Activity;
use rookery_core::ports::RecordedEvent;
use rookery_domain::{AuditAction, AuditOutcome, SessionId, TimeZone, Timestamp};
use rookery_door::body::Form;
use rookery_door::query::{ActivityQuery, Format, Query, cursor_at};
use rookery_door::{Answer, Problem};

use crate::device;
use crate::filled::Filled;
use crate::visitor::{Person, Visitor};

/// The events, the newest first, and the filter.
pub(crate) async fn show(
    Person { visitor, signed_in }: Person,
    request: HttpRequest,
    activity: Data<dyn Activity>,
) -> Answer {
    let asked = Asked::of(&request);
    let reading = signed_in.session.id;
    match asked.query(visitor.zone) {
        Ok(ActivityQuery { filter, .. }) => {
            let page = activity.of_person(&signed_in, filter).await?;
            let events = page.events.iter().map(|read| row(&visitor, read, reading)).collect();
            let next = page.next.as_ref().map(|place| asked.with_cursor(&cursor_at(place)));
            asked.page(&visitor, events, next, Filled::default())
        }
        Err(problem) => asked.page(&visitor, Vec::new(), None, Filled::refused(&asked.form()?, problem)?),
    }
}

/// What the query of the page asks for: days where the API takes moments.
struct Asked {
    action: String,
    outcome: String,
    from: String,
    to: String,
    cursor: String,
}

impl Asked {
    fn of(request: &HttpRequest) -> Self {
        let query = Query::of(request);
        let first = |name: &'static str| query.first(name).unwrap_or_default().to_owned();
        Self {
            action: first("action"),
            outcome: first("outcome"),
            from: first("from"),
            to: first("to"),
            cursor: first("cursor"),
        }
    }

    /// The same question as the API is asked it, judged by its rules.
    fn query(&self, zone: TimeZone) -> Result<ActivityQuery, Problem> {
        let from = moment(&self.from, zone, 0);
        // A day that is named is meant as a whole.
        let to = moment(&self.to, zone, 1);
        let given = [
            ("action", self.action.clone()),
            ("outcome", self.outcome.clone()),
            ("from", from),
            ("to", to),
            ("cursor", self.cursor.clone()),
        ];
        let given = given.into_iter().filter(|(_, value)| !value.is_empty());
        ActivityQuery::asked(&Query::of_pairs(given), Format::Json)
    }

    fn with_cursor(&self, cursor: &str) -> String {
        Query::of_pairs(self.pairs()).with_cursor(cursor)
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let pairs = [
            ("action", &self.action),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| (name, value.clone())).collect()
    }

    fn form(&self) -> Result<Form, Problem> {
        let mut form = Form::default();
        for (name, value) in self.pairs() {
            form.add(name.to_owned(), value)?;
        }
        Ok(form)
    }

    fn page(&self, visitor: &Visitor, events: Vec<Value>, next: Option<String>, filled: Filled) -> Answer {
        let facts = context! {
            section => "activity",
            events,
            next,
            action => &self.action,
            outcome => &self.outcome,
            from => &self.from,
            to => &self.to,
            is_first => self.cursor.is_empty(),
            action_choices => actions(visitor),
        };
        visitor
            .page("settings/activity.html")
            .telling(facts)
            .filled(filled)
            .answer()
    }
}

/// The beginning of a day in the person's zone, or of one so many days later. What is no day stays as it is, for the rules to
/// refuse.
fn moment(day: &str, zone: TimeZone, later: u64) -> String {
    let date = day.parse::<NaiveDate>().ok();
    let date = date.and_then(|date| date.checked_add_days(chrono::Days::new(later)));
    let begin: Option<Timestamp> = date.and_then(|date| zone.beginning_of(date));
    begin.map_or_else(
        || day.to_owned(),
        |at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    )
}

/// What people may look for: everything that can have happened to an account, in words.
fn actions(visitor: &Visitor) -> Vec<Value> {
    let everything = context! { value => "", text => visitor.say("activity.any_action", &[]) };
    let theirs = AuditAction::ALL.iter();
    let theirs = theirs.filter(|action| !action.as_str().starts_with("webhook.") && !action.is_of_staff());
    let choices = theirs.map(|action| {
        let words = visitor.translated(action.sentence(AuditOutcome::Success));
        context! { value => action.as_str(), text => words }
    });
    std::iter::once(everything).chain(choices).collect()
}

fn row(visitor: &Visitor, read: &RecordedEvent, reading: SessionId) -> Value {
    let event = &read.event;
    let agent = event.caller.user_agent.as_deref();
    context! {
        what => visitor.translated(event.action.sentence(event.outcome)),
        failed => event.outcome == AuditOutcome::Failure,
        device => agent.map(|agent| device::told(visitor, Some(agent))),
        address => event.caller.address.map(|address| address.to_string()),
        at => visitor.moment(event.at),
        is_here => event.session == Some(reading),
    }
}
