//! `PUT` and `DELETE /api/users/me/picture`, and `GET /api/pictures/{hash}`

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, EntityTag, Header, IfNoneMatch, VARY,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use rookery_core::Pictures;
use rookery_domain::{Picture, PictureHash};

use crate::view::{self, Answer, ProfileView};
use rookery_door::body::PictureBody;
use rookery_door::{Authenticated, CallerInfo, Counter, Door, Problem};

/// Show a picture
///
/// The body is the picture itself: a PNG, JPEG or WebP of at most 5 MiB, 8192 pixels on a side and 40 million in all. What it is
/// is told by its content. It is turned upright, cut to the square in its middle, made at most 512 pixels wide and encoded anew
/// as a JPEG, on white where it was transparent; nothing else of it is kept. `picture` in the answer is the path under which it
/// is served.
#[utoipa::path(
    put, path = "/api/users/me/picture", operation_id = "showPicture", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    request_body(content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp"))),
    responses((status = 200, description = "The profile as it is now", body = ProfileView)),
)]
pub(crate) async fn show_picture(
    Authenticated(signed_in): Authenticated,
    body: PictureBody,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    pictures: Data<dyn Pictures>,
) -> Answer {
    let upload = body.fetch().await?;
    let profile = pictures.show(&signed_in, upload, &caller).await?;
    view::ok(&ProfileView::of(&profile, door.now()))
}

/// Show no picture
///
/// Wherever the one before came from. Whoever shows none goes on doing so.
#[utoipa::path(
    delete, path = "/api/users/me/picture", operation_id = "removePicture", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "The profile as it is now", body = ProfileView)),
)]
pub(crate) async fn remove_picture(
    Authenticated(signed_in): Authenticated,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    pictures: Data<dyn Pictures>,
) -> Answer {
    let profile = pictures.remove(&signed_in, &caller).await?;
    view::ok(&ProfileView::of(&profile, door.now()))
}

/// Look at a picture
///
/// For whoever knows its name, while somebody shows it. What is served under a name never changes, so it may be kept for ever.
#[utoipa::path(
    get, path = "/api/pictures/{hash}", operation_id = "readPicture", tag = "Profile",
    params(("hash" = String, Path, description = "What the picture is called: 64 hexadecimal digits")),
    responses(
        (
            status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg",
            headers(
                ("ETag" = String, description = "The name of the picture, in quotes"),
                ("Cache-Control" = String, description = "`public, max-age=31536000, immutable`"),
                ("Content-Disposition" = String, description = "Shown where it is, under a name of its own"),
            ),
        ),
        (status = 304, description = "It is the one that `If-None-Match` names"),
    ),
)]
pub(crate) async fn read_picture(
    name: Path<String>,
    request: HttpRequest,
    counter: Counter,
    pictures: Data<dyn Pictures>,
) -> Answer {
    counter.picture().await?;
    let hash = PictureHash::parse(&name).ok_or(Problem::PictureNotFound)?;
    let picture = pictures.find(&hash).await?.ok_or(Problem::PictureNotFound)?;
    Ok(served(picture, &request))
}

/// The picture as browsers, and caches on the way to them, may keep it; or that they have it already.
fn served(picture: Picture, request: &HttpRequest) -> HttpResponse {
    let tag = EntityTag::new_strong(picture.hash().to_string());
    let is_held = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(held)) => held.iter().any(|held| held.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut answer = if is_held {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, tag.to_string()))
        // Nobody's cookie makes it another picture.
        .insert_header((VARY, "Origin"));
    if is_held {
        return answer.finish();
    }
    answer
        .insert_header((CONTENT_TYPE, Picture::MEDIA_TYPE))
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"picture.jpg\""))
        .body(picture.into_content())
}
