//! `PUT` and `DELETE /api/users/me/picture`, and `GET /api/pictures/{hash}`

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use futures_util::{StreamExt, stream};
use rookery_core::domain::{MAX_PICTURE_UPLOAD, Picture, PictureFault, Profile};
use rookery_core::{Limit, LimitProfile, PictureError, PortError, Refusal};

use crate::ada;
use crate::ask::{ByAda, ask, ask_often, ask_with, get, send_raw};
use crate::behind::{Behind, ada_signed_in, nothing};

const PATH: &str = "/api/users/me/picture";
const KINDS: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

fn put(kind: &str, body: impl Into<Vec<u8>>) -> TestRequest {
    send_raw(Method::PUT, PATH, kind, body)
}

fn picture() -> Picture {
    Picture::new(b"\xff\xd8 made here".to_vec())
}

fn shown() -> Profile {
    Profile {
        picture: Some(picture().hash().path()),
        ..ada::profile()
    }
}

/// Ada is signed in, and sends these bytes.
fn taking(upload: Vec<u8>) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .pictures
        .expect_show()
        .once()
        .withf(move |signed_in, sent, caller| {
            *signed_in == ada::signed_in() && *sent == upload && caller.request_id.is_some()
        })
        .returning(|_, _, _| Ok(shown()));
    behind
}

/// Ada is signed in, and no picture is made of what she sends.
fn refusing(error: impl Fn() -> PictureError + Send + 'static) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .pictures
        .expect_show()
        .once()
        .returning(move |_, _, _| Err(error()));
    behind
}

fn streamed(chunks: impl IntoIterator<Item = Bytes, IntoIter: 'static>) -> Payload {
    Payload::Stream {
        payload: stream::iter(chunks).map(Ok).boxed_local(),
    }
}

#[actix_web::test]
async fn a_picture_is_taken_byte_by_byte_and_answered_with_the_profile() {
    let bytes = b"\x89PNG\r\n\x1a\n\0\xff whatever it is".to_vec();
    for kind in KINDS.into_iter().chain(["IMAGE/PNG", "image/png; x=y"]) {
        let answer = ask(taking(bytes.clone()), put(kind, bytes.clone()).by_ada()).await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text);
        assert_eq!(answer.json()["picture"], picture().hash().path());
        assert_eq!(
            answer.json()["email"],
            "ada@example.com",
            "and everything else of the profile"
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let alias = send_raw(Method::PUT, "/api/v1/users/me/picture", "image/png", bytes.clone());
    assert_eq!(ask(taking(bytes), alias.by_ada()).await.status, 200);
}

#[actix_web::test]
async fn whatever_calls_itself_no_png_jpeg_or_webp_is_a_415() {
    for kind in [
        "application/json",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "image/avif",
        "image/gif",
        "image/png, image/jpeg",
        "image/svg+xml",
        "multipart/form-data; boundary=x",
        "text/html",
        "text/plain",
        "",
    ] {
        let answer = ask(nothing(), put(kind, "x").by_ada()).await;
        answer.is_problem(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Content-Type must be image/png, image/jpeg or image/webp",
        );
    }
    let twice = put("image/png", "x").append_header(("content-type", "text/plain"));
    assert_eq!(ask(nothing(), twice.by_ada()).await.status, 415);
    let untold = TestRequest::put()
        .uri(PATH)
        .insert_header(("transfer-encoding", "chunked"));
    let body = streamed([Bytes::from_static(b"x")]);
    assert_eq!(ask_with(nothing(), untold.by_ada(), Some(body)).await.status, 415);
}

#[actix_web::test]
async fn a_picture_is_taken_nowhere_else() {
    for (method, path) in [
        (Method::DELETE, PATH),
        (Method::PATCH, "/api/users/me"),
        (Method::POST, "/api/users/me/change-password"),
        (Method::POST, "/api/auth/login"),
        (Method::PUT, "/api/users/me/picture/"),
        (Method::PUT, "/api/v1/v1/users/me/picture"),
    ] {
        let answer = ask(nothing(), send_raw(method, path, "image/png", "x").by_ada()).await;
        answer.is_problem(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json");
    }
    let large = send_raw(
        Method::POST,
        "/api/auth/login",
        "application/json",
        vec![b' '; 16 * 1024 + 1],
    );
    assert_eq!(ask(nothing(), large).await.status, 413);
}

// Proves: ASVS 5.2.1
#[actix_web::test]
async fn five_mebibytes_are_taken_and_one_byte_more_is_a_413() {
    let largest = vec![7; MAX_PICTURE_UPLOAD];
    let answer = ask(taking(largest.clone()), put("image/jpeg", largest.clone()).by_ada()).await;
    assert_eq!(answer.status, 200);

    let told = put("image/jpeg", [largest.as_slice(), b"x"].concat());
    let answer = ask(nothing(), told.by_ada()).await;
    answer.is_problem(413, "PAYLOAD_TOO_LARGE", "Request body is too large");

    let untold = TestRequest::put()
        .uri(PATH)
        .insert_header(("content-type", "image/jpeg"))
        .insert_header(("transfer-encoding", "chunked"));
    let endless = streamed(std::iter::repeat_n(Bytes::from(vec![7; 64 * 1024]), 1_000));
    let answer = ask_with(ada_signed_in(), untold.by_ada(), Some(endless)).await;
    answer.is_problem(413, "PAYLOAD_TOO_LARGE", "Request body is too large");
}

// Proves: ASVS 5.2.1
#[actix_web::test]
async fn whoever_is_not_signed_in_is_told_before_a_byte_is_read() {
    let body = Payload::Stream {
        payload: stream::poll_fn(|_| panic!("the body is read")).boxed_local(),
    };
    let request = put("image/png", "x");
    ask_with(nothing(), request, Some(body)).await.is_unauthorized();
    ask(nothing(), TestRequest::delete().uri(PATH)).await.is_unauthorized();
}

#[actix_web::test]
async fn a_picture_that_trickles_in_is_cut_after_a_minute() {
    tokio::time::pause();
    let started = tokio::time::Instant::now();
    let trickle = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(7)).await;
        Some((Ok(Bytes::from_static(b"x")), ()))
    });
    let body = Payload::Stream {
        payload: trickle.boxed_local(),
    };
    let answer = ask_with(ada_signed_in(), put("image/png", vec![7; 1000]).by_ada(), Some(body)).await;
    answer.is_problem(408, "REQUEST_TIMEOUT", "Request body took too long");
    assert_eq!(started.elapsed().as_secs(), 60);
}

#[actix_web::test]
async fn what_cannot_become_a_picture_is_said_to_be_wrong_with_the_picture() {
    for (fault, sentence) in [
        (PictureFault::Missing, "Picture is required"),
        (PictureFault::UnknownKind, "Picture must be a PNG, JPEG or WebP image"),
        (PictureFault::TooLarge, "Picture is too large"),
        (PictureFault::Damaged, "Picture is damaged or incomplete"),
    ] {
        let behind = refusing(move || PictureError::Unacceptable(fault));
        let answer = ask(behind, put("image/png", "x").by_ada()).await;
        answer.has_violations(&[("picture", sentence)]);
    }
}

#[actix_web::test]
async fn no_body_is_no_picture() {
    for request in [
        TestRequest::put().uri(PATH),
        TestRequest::put().uri(PATH).insert_header(("content-length", "0")),
        put("image/png", ""),
    ] {
        let answer = ask(taking(Vec::new()), request.by_ada()).await;
        assert_eq!(answer.status, 200, "it is the use case that wants one");
    }
}

#[actix_web::test]
async fn everything_else_that_can_go_wrong_has_its_own_answer() {
    let rule = Limit::PictureUser.rule(LimitProfile::Default).unwrap();
    let refused = move || {
        PictureError::Throttled(Refusal {
            limit: Limit::PictureUser,
            rule,
            retry_in: rule.window,
        })
    };
    let answer = ask(refusing(refused), put("image/png", "x").by_ada()).await;
    answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(answer.header("retry-after"), Some("3600"));
    assert_eq!(answer.header("ratelimit-policy"), Some("\"picture\";q=20;w=3600"));

    let answer = ask(refusing(|| PictureError::Busy), put("image/png", "x").by_ada()).await;
    answer.is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));

    let gone = ask(refusing(|| PictureError::NotFound), put("image/png", "x").by_ada()).await;
    gone.is_problem(404, "USER_NOT_FOUND", "User not found");

    let broken = || PictureError::Port(PortError::broken("pictures.replace", "secret cause"));
    let answer = ask(refusing(broken), put("image/png", "x").by_ada()).await;
    answer.is_problem(500, "INTERNAL_ERROR", "Internal server error");
}

// Proves: A26, ASVS 3.5.2
#[actix_web::test]
async fn a_page_from_elsewhere_changes_nobody_s_picture() {
    for kind in KINDS {
        for headers in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            for request in [put(kind, "x"), TestRequest::delete().uri(PATH)] {
                let answer = ask(nothing(), request.insert_header(headers).by_ada()).await;
                answer.is_problem(403, "ORIGIN_NOT_ALLOWED", "Origin not allowed");
            }
        }
        let ours = put(kind, "x").insert_header(("origin", "https://app.example.com"));
        let answer = ask(taking(b"x".to_vec()), ours.by_ada()).await;
        assert_eq!(answer.status, 200);
    }
}

#[actix_web::test]
async fn a_picture_is_taken_away_and_the_profile_is_answered() {
    let mut behind = ada_signed_in();
    behind
        .pictures
        .expect_remove()
        .once()
        .withf(|signed_in, _| *signed_in == ada::signed_in())
        .returning(|_, _| Ok(ada::profile()));
    let answer = ask(behind, TestRequest::delete().uri(PATH).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["picture"], serde_json::Value::Null);
}

/// The picture is there, for whoever knows its name.
fn serving() -> Behind {
    let mut behind = nothing();
    behind
        .pictures
        .expect_find()
        .withf(|hash| *hash == picture().hash())
        .returning(|_| Ok(Some(picture())));
    behind
}

// Proves: ASVS 3.2.1, 5.3.1, 5.4.1
#[actix_web::test]
async fn a_picture_is_served_as_nothing_else_and_kept_for_ever() {
    let answer = ask(serving(), get(&picture().hash().path())).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.text.as_bytes(),
        String::from_utf8_lossy(picture().content()).as_bytes()
    );
    let tag = format!("\"{}\"", picture().hash());
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("content-disposition", "inline; filename=\"picture.jpg\""),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("etag", tag.as_str()),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-site"),
        ("vary", "Origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none';") && policy.ends_with("; sandbox"),
        "{policy}"
    );
    assert!(answer.set_cookies().is_empty());

    let head = TestRequest::with_uri(&picture().hash().path()).method(Method::HEAD);
    let answer = ask(serving(), head).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("etag")),
        (200, Some(tag.as_str()))
    );
}

#[actix_web::test]
async fn a_picture_that_is_held_already_is_not_sent_again() {
    let tag = format!("\"{}\"", picture().hash());
    for (held, status) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("\"x\", {tag}"), 304),
        ("*".to_owned(), 304),
        ("\"x\"".to_owned(), 200),
        (picture().hash().to_string(), 200),
        (String::new(), 200),
    ] {
        let request = get(&picture().hash().path()).insert_header(("if-none-match", held.as_str()));
        let answer = ask(serving(), request).await;
        assert_eq!(answer.status, status, "{held}");
        assert_eq!(answer.text.is_empty(), status == 304);
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
        assert_eq!(
            answer.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
    }
}

#[actix_web::test]
async fn a_picture_that_is_not_there_is_a_404_that_nobody_keeps() {
    let mut behind = nothing();
    behind.pictures.expect_find().once().returning(|_| Ok(None));
    let answer = ask(behind, get(&picture().hash().path())).await;
    answer.is_problem(404, "PICTURE_NOT_FOUND", "Picture not found");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    // `pictures` expects no call: these are names of nothing.
    let name = picture().hash().to_string();
    for other in [
        name.to_uppercase(),
        name[1..].to_owned(),
        format!("{name}.jpg"),
        "x".to_owned(),
        "%00".to_owned(),
        "%ff".to_owned(),
        "..%2f..%2fetc%2fpasswd".to_owned(),
    ] {
        let answer = ask(nothing(), get(&format!("/api/pictures/{other}"))).await;
        assert_eq!(answer.status, 404, "{other}: {}", answer.text);
    }
}

#[actix_web::test]
async fn pictures_looked_at_are_counted_by_network_and_shown_when_nobody_can_count() {
    let behind = Behind {
        limits: LimitProfile::Default,
        ..serving()
    };
    let path = picture().hash().path();
    let answers = ask_often(behind, (0..2001).map(|_| get(&path))).await;
    assert!(answers[..2000].iter().all(|answer| answer.status == 200));
    answers[2000].is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");

    let behind = Behind {
        broken_counters: true,
        ..serving()
    };
    assert_eq!(ask(behind, get(&path)).await.status, 200);
}
