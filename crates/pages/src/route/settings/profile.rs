//! `/settings/profile`

use actix_web::web::Data;
use minijinja::{Value, context};
use rookery_core::Profiles;
use rookery_core::ports::SignedIn;
use rookery_domain::{Caller, Profile, TimeZone};
use rookery_door::body::{Form, ProfileUpdateBody, Shape};
use rookery_door::{Answer, CallerInfo, Problem};

use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::route::home::SETTINGS;
use crate::visitor::{Person, Visitor};

/// One of the forms of the page; which of them was sent a hidden field says.
struct Part {
    name: &'static str,
    switches: &'static [&'static str],
}

const PARTS: [Part; 3] = [
    Part {
        name: "name",
        switches: &[],
    },
    Part {
        name: "looks",
        switches: &[],
    },
    Part {
        name: "notifications",
        switches: &[
            "emailNotifications",
            "pushNotifications",
            "weeklyReports",
            "marketingEmails",
        ],
    },
];

/// The forms.
pub(crate) async fn show(Person { visitor, signed_in }: Person) -> Answer {
    page(&visitor, &signed_in.profile, Filled::default())
}

/// Somebody changes what one of the forms holds.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    profiles: Data<dyn Profiles>,
    Posted(form): Posted,
) -> Answer {
    let part = PARTS.iter().find(|part| part.name == form.text("part"));
    let part = part.ok_or(Problem::BadRequest)?;
    match update(part, &form, &signed_in, &caller, profiles.as_ref()).await {
        Ok(profile) => Ok(visitor.known_as(&profile).go_and_say(SETTINGS, Note::ProfileSaved)),
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?.in_form(part.name);
            page(&visitor, &signed_in.profile, filled)
        }
    }
}

async fn update(
    part: &Part,
    form: &Form,
    signed_in: &SignedIn,
    caller: &Caller,
    profiles: &dyn Profiles,
) -> Result<Profile, Problem> {
    let shape = Shape {
        switches: part.switches,
        optional: &empty_names(&signed_in.profile),
    };
    let update = form.parse::<ProfileUpdateBody>(&shape)?.meant()?;
    Ok(profiles.update(signed_in, update, caller).await?)
}

/// Names nobody has given yet, which may stay away. One that is there cannot be taken away, so that leaving its field empty
/// means something, and is refused.
fn empty_names(profile: &Profile) -> Vec<&'static str> {
    let names = [
        ("name", &profile.name),
        ("givenName", &profile.given_name),
        ("familyName", &profile.family_name),
    ];
    let empty = names.into_iter().filter(|(_, name)| name.is_none());
    empty.map(|(field, _)| field).collect()
}

pub(super) fn page(visitor: &Visitor, profile: &Profile, filled: Filled) -> Answer {
    let preferences = &profile.preferences;
    let facts = context! {
        section => "profile",
        profile => context! {
            name => profile.name.as_deref(),
            given_name => profile.given_name.as_deref(),
            family_name => profile.family_name.as_deref(),
            is_verified => profile.email_verified.is_some(),
            has_picture => profile.picture.is_some(),
            language => preferences.language.as_str(),
            timezone => preferences.timezone.as_str(),
            has_chosen_timezone => preferences.timezone != TimeZone::default(),
            theme => preferences.theme.as_str(),
            email_notifications => preferences.email_notifications,
            push_notifications => preferences.push_notifications,
            weekly_reports => preferences.weekly_reports,
            marketing_emails => preferences.marketing_emails,
        },
        language_choices => languages(visitor),
        zones => TimeZone::names().collect::<Vec<_>>(),
    };
    visitor
        .page("settings/profile.html")
        .telling(facts)
        .filled(filled)
        .answer()
}

fn languages(visitor: &Visitor) -> Vec<Value> {
    let words = &visitor.site.words;
    let languages = words.languages();
    languages
        .map(|language| context! { value => language.as_str(), text => words.name(language) })
        .collect()
}
