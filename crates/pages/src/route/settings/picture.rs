//! `/settings/profile/picture`

use actix_web::web::Data;
use rookery_core::Pictures;
use rookery_domain::{PictureFault, Profile, Violations};
use rookery_door::body::{Form, PictureForm};
use rookery_door::{Answer, CallerInfo, Problem};

use super::profile;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::TOKEN_FIELD;
use crate::route::home::SETTINGS;
use crate::visitor::{Person, Visitor};

/// The form is on the page of the profile.
pub(crate) async fn show(visitor: Visitor) -> Answer {
    Ok(visitor.go_to(SETTINGS))
}

/// Somebody shows another picture, or none. The form is not read before it is known who sends it.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    pictures: Data<dyn Pictures>,
    body: PictureForm,
) -> Answer {
    let (form, file) = body.fetch().await?;
    if !visitor.sent(form.text(TOKEN_FIELD)) {
        return Err(Problem::FormExpired);
    }
    if form.has("remove") {
        let profile = pictures.remove(&signed_in, &caller).await?;
        return Ok(visitor.known_as(&profile).go_and_say(SETTINGS, Note::PictureRemoved));
    }
    let shown = match file {
        Some(file) => pictures.show(&signed_in, file, &caller).await.map_err(Problem::from),
        None => Err(Violations::of("picture", PictureFault::Missing.to_string()).into()),
    };
    match shown {
        Ok(profile) => Ok(visitor.known_as(&profile).go_and_say(SETTINGS, Note::PictureSaved)),
        Err(problem) => refused(&visitor, &signed_in.profile, &form, problem),
    }
}

fn refused(visitor: &Visitor, profile: &Profile, form: &Form, problem: Problem) -> Answer {
    let filled = Filled::refused(form, problem)?.in_form("picture").blaming("picture");
    profile::page(visitor, profile, filled)
}
