//! `GET` and `PATCH /api/users/me`

use actix_web::web::Data;
use rookery_core::Profiles;

use crate::view::{self, Answer, ProfileView};
use rookery_door::body::{Body, ProfileUpdateBody};
use rookery_door::{Authenticated, CallerInfo, Counter, Door, HeldToken, Problem, unless_too_many};

/// Read one's profile
///
/// Inside the tenant the session is in. Whoever has chosen no preferences gets the defaults; reading never writes.
#[utoipa::path(
    get, path = "/api/users/me", operation_id = "readProfile", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "The profile", body = ProfileView)),
)]
pub(crate) async fn read_profile(
    held: HeldToken,
    counter: Counter,
    door: Data<Door>,
    profiles: Data<dyn Profiles>,
) -> Answer {
    let read = match held.needed() {
        Ok(token) => profiles.read(&token).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    let profile = match read {
        Ok(profile) => profile,
        Err(problem) => return Err(unless_too_many(problem, &counter).await),
    };
    counter.person(profile.user).await?;
    view::ok(&ProfileView::of(&profile, door.now()))
}

/// Change one's profile
///
/// Changes what is named and nothing else, names and preferences together, and answers with the whole profile. Keys that are
/// not listed are ignored: address, roles and the like have their own ways.
#[utoipa::path(
    patch, path = "/api/users/me", operation_id = "updateProfile", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    request_body = ProfileUpdateBody,
    responses((status = 200, description = "The profile as it is now", body = ProfileView)),
)]
pub(crate) async fn update_profile(
    Authenticated(signed_in): Authenticated,
    body: Body,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    profiles: Data<dyn Profiles>,
) -> Answer {
    let update = body.parse::<ProfileUpdateBody>()?.meant()?;
    let profile = profiles.update(&signed_in, update, &caller).await?;
    view::ok(&ProfileView::of(&profile, door.now()))
}
