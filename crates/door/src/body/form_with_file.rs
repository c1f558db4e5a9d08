//! A form that has a file in it (RFC 7578), as browsers send one: every field a part, the file a part with a name for it.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use futures_util::stream;
use multer::Multipart;
use rookery_domain::MAX_PICTURE_UPLOAD;

use super::form::Form;
use super::picture::MAX_PICTURE_TIME;
use super::{MAX_BODY, read_within};
use crate::gate::{FORM_WITH_FILES, announced_length, has_content_type};
use crate::problem::Problem;

/// The fields, and the file if one was chosen.
type Parts = (Form, Option<Vec<u8>>);

/// A form with a picture in it that is still on its way. It is fetched when the handler asks for it, so that nobody sends
/// megabytes who is not signed in.
pub struct PictureForm {
    payload: Payload,
    announced: Option<u64>,
    boundary: Option<String>,
}

impl PictureForm {
    const TIME: Duration = MAX_PICTURE_TIME;

    /// The fields, and the file if one was chosen.
    ///
    /// # Errors
    /// [`Problem::UnsupportedMediaType`] for another type of body, [`Problem::PayloadTooLarge`], [`Problem::BodyTooSlow`], and
    /// [`Problem::BadRequest`] when it is no form or ends halfway.
    pub async fn fetch(self) -> Result<Parts, Problem> {
        let boundary = self.boundary.ok_or(Problem::UnsupportedMediaType)?;
        let room = MAX_PICTURE_UPLOAD + MAX_BODY;
        let body = read_within(self.payload, self.announced, room, Self::TIME).await?;
        parts(body, &boundary).await
    }
}

impl FromRequest for PictureForm {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_one = has_content_type(request.headers(), FORM_WITH_FILES);
        let kind = request.headers().get(CONTENT_TYPE);
        let boundary = kind
            .and_then(|kind| multer::parse_boundary(kind.to_str().ok()?).ok())
            .filter(|_| is_one);
        ready(Ok(Self {
            payload: payload.take(),
            announced: announced_length(request.headers()),
            boundary,
        }))
    }
}

/// All parts of a body.
async fn parts(body: Bytes, boundary: &str) -> Result<Parts, Problem> {
    let mut parts = Multipart::new(stream::once(ready(Ok::<_, Infallible>(body))), boundary);
    let (mut form, mut file) = (Form::default(), None);
    while let Some(part) = parts.next_field().await.map_err(no_form)? {
        let name = part.name().ok_or(Problem::BadRequest)?.to_owned();
        let is_file = part.file_name().is_some();
        let content = part.bytes().await.map_err(no_form)?.to_vec();
        if !is_file {
            form.add(name, String::from_utf8(content).map_err(|_| Problem::BadRequest)?)?;
        } else if !content.is_empty() {
            // Where nothing was chosen a browser sends an empty file.
            file = Some(content);
        }
    }
    Ok((form, file))
}

/// What a stranger sent says nothing that is worth a log.
fn no_form(_: multer::Error) -> Problem {
    Problem::BadRequest
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use proptest::prelude::*;

    use super::*;

    fn body(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (disposition, content) in parts {
            body.extend_from_slice(
                format!("--xyz\r\nContent-Disposition: form-data; {disposition}\r\nContent-Type: text/plain\r\n\r\n")
                    .as_bytes(),
            );
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xyz--\r\n");
        body
    }

    /// The body is all there, so nothing is waited for.
    fn read(body: &[u8], boundary: &str) -> Result<Parts, Problem> {
        parts(Bytes::copy_from_slice(body), boundary).now_or_never().unwrap()
    }

    #[test]
    fn a_form_is_its_fields_and_a_file() {
        let picture = b"\x89PNG\r\n--xy\r\n\0\xff";
        let sent = body(&[
            ("name=\"csrf\"", b"t\xc3\xb6ken"),
            ("name=\"picture\"; filename=\"me; myself.png\"", picture),
        ]);
        let (form, file) = read(&sent, "xyz").unwrap();
        assert_eq!((form.text("csrf"), file.as_deref()), ("töken", Some(&picture[..])));
    }

    #[test]
    fn where_no_file_was_chosen_there_is_none() {
        let sent = body(&[("name=\"picture\"; filename=\"\"", b"")]);
        assert!(read(&sent, "xyz").unwrap().1.is_none());
    }

    #[test]
    fn a_field_is_given_once() {
        let sent = body(&[("name=\"csrf\"", b"one"), ("name=\"csrf\"", b"two")]);
        assert!(matches!(read(&sent, "xyz"), Err(Problem::Validation(_))));
    }

    #[test]
    fn what_is_cut_off_or_no_form_is_refused() {
        let whole = body(&[
            ("name=\"csrf\"", b"token"),
            ("name=\"picture\"; filename=\"a\"", b"abc"),
        ]);
        for end in 0..whole.len() - "--\r\n".len() {
            assert!(matches!(read(&whole[..end], "xyz"), Err(Problem::BadRequest)), "{end}");
        }
        for sent in [&b"csrf=token"[..], b"--other--\r\n", b"--xyz\r\n\r\nx\r\n--xyz--"] {
            assert!(matches!(read(sent, "xyz"), Err(Problem::BadRequest)), "{sent:?}");
        }
    }

    #[test]
    fn a_text_that_is_not_utf_8_is_refused() {
        let sent = body(&[("name=\"csrf\"", b"\xff")]);
        assert!(matches!(read(&sent, "xyz"), Err(Problem::BadRequest)));
    }

    proptest! {
        #[test]
        fn whatever_is_in_a_file_arrives_as_it_was(content in proptest::collection::vec(any::<u8>(), 1..200)) {
            let sent = body(&[("name=\"csrf\"", b"t"), ("name=\"picture\"; filename=\"a\"", &content)]);
            prop_assert_eq!(read(&sent, "xyz").unwrap().1, Some(content));
        }

        #[test]
        fn junk_is_never_a_panic(junk in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&junk, "x");
            let mut begun = b"--x\r\n".to_vec();
            begun.extend_from_slice(&junk);
            let _ = read(&begun, "x");
        }
    }
}
