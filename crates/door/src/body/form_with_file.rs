//! A form that has a file in it (RFC 7578), as browsers send one: every field a part, the file a part with a name for it.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use rookery_domain::MAX_PICTURE_UPLOAD;

use super::form::Form;
use super::picture::MAX_PICTURE_TIME;
use super::{MAX_BODY, read_within};
use crate::gate::{FORM_WITH_FILES, announced_length, has_content_type};
use crate::problem::Problem;

/// Most bytes of what is said about a part.
const MAX_HEAD: usize = 1024;
/// Longest delimiter there may be (RFC 2046, section 5.1.1).
const MAX_BOUNDARY: usize = 70;

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
    pub async fn fetch(self) -> Result<(Form, Option<Vec<u8>>), Problem> {
        let boundary = self.boundary.ok_or(Problem::UnsupportedMediaType)?;
        let room = MAX_PICTURE_UPLOAD + MAX_BODY;
        let body = read_within(self.payload, self.announced, room, Self::TIME).await?;
        parts(&body, &boundary).ok_or(Problem::BadRequest)
    }
}

impl FromRequest for PictureForm {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_one = has_content_type(request.headers(), FORM_WITH_FILES);
        let kind = request.headers().get(CONTENT_TYPE);
        let boundary = kind
            .and_then(|kind| boundary_in(kind.to_str().ok()?))
            .filter(|_| is_one);
        ready(Ok(Self {
            payload: payload.take(),
            announced: announced_length(request.headers()),
            boundary,
        }))
    }
}

/// The delimiter a media type tells.
fn boundary_in(media_type: &str) -> Option<String> {
    let told = media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim())
    })?;
    let boundary = told
        .strip_prefix('"')
        .and_then(|told| told.strip_suffix('"'))
        .unwrap_or(told);
    let is_one = (1..=MAX_BOUNDARY).contains(&boundary.len())
        && boundary.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    is_one.then(|| boundary.to_owned())
}

/// All parts of a body; `None` when it is cut off, has a field twice, or is no form at all.
fn parts(body: &[u8], boundary: &str) -> Option<(Form, Option<Vec<u8>>)> {
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(&delimiter.as_bytes()[2..])?;
    let (mut form, mut file) = (Form::default(), None);
    loop {
        if rest.starts_with(b"--") {
            return Some((form, file));
        }
        let (head, after) = cut(rest.strip_prefix(b"\r\n")?, b"\r\n\r\n").filter(|(head, _)| head.len() <= MAX_HEAD)?;
        let (content, after) = cut(after, delimiter.as_bytes())?;
        let head = std::str::from_utf8(head).ok()?;
        let disposition = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-disposition").then_some(value)
        })?;
        let name = parameter(disposition, "name")?;
        if parameter(disposition, "filename").is_none() {
            let text = std::str::from_utf8(content).ok()?;
            form.add(name.to_owned(), text.to_owned()).ok()?;
        } else if !content.is_empty() {
            // Where nothing was chosen a browser sends an empty file.
            file = Some(content.to_vec());
        }
        rest = after;
    }
}

/// What stands before the mark, and what behind it.
fn cut<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let first = *mark.first()?;
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.iter().position(|&byte| byte == first)?;
        if text[at..].starts_with(mark) {
            return Some((&text[..at], &text[at + mark.len()..]));
        }
        from = at + 1;
    }
}

/// A quoted parameter of a disposition. Browsers write a quote inside as `%22`.
fn parameter<'a>(disposition: &'a str, wanted: &str) -> Option<&'a str> {
    disposition.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
        (name.trim() == wanted).then_some(value)
    })
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_form_is_its_fields_and_a_file() {
        let picture = b"\x89PNG\r\n--xy\r\n\0\xff";
        let sent = body(&[
            ("name=\"csrf\"", b"t\xc3\xb6ken"),
            ("name=\"picture\"; filename=\"me; myself.png\"", picture),
        ]);
        let (form, file) = parts(&sent, "xyz").unwrap();
        assert_eq!((form.text("csrf"), file.as_deref()), ("töken", Some(&picture[..])));
    }

    #[test]
    fn where_no_file_was_chosen_there_is_none() {
        let sent = body(&[("name=\"picture\"; filename=\"\"", b"")]);
        assert!(parts(&sent, "xyz").unwrap().1.is_none());
    }

    #[test]
    fn what_is_cut_off_or_no_form_is_none() {
        let whole = body(&[
            ("name=\"csrf\"", b"token"),
            ("name=\"picture\"; filename=\"a\"", b"abc"),
        ]);
        for end in 0..whole.len() - 4 {
            assert!(parts(&whole[..end], "xyz").is_none(), "{end}");
        }
        for sent in [
            &b""[..],
            b"--xyz",
            b"--other--",
            b"csrf=token",
            b"--xyz\r\n\r\nx\r\n--xyz--",
        ] {
            assert!(parts(sent, "xyz").is_none(), "{sent:?}");
        }
    }

    #[test]
    fn the_delimiter_is_told_by_the_type() {
        for (kind, boundary) in [
            (
                "multipart/form-data; boundary=----WebKitFormBoundaryA1",
                Some("----WebKitFormBoundaryA1"),
            ),
            ("multipart/form-data; charset=utf-8; Boundary=\"a b\"", None),
            ("multipart/form-data; boundary=\"a'b\"", Some("a'b")),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
        ] {
            assert_eq!(boundary_in(kind).as_deref(), boundary, "{kind}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_in_a_file_arrives_as_it_was(content in proptest::collection::vec(any::<u8>(), 1..200)) {
            let sent = body(&[("name=\"csrf\"", b"t"), ("name=\"picture\"; filename=\"a\"", &content)]);
            let (_, file) = parts(&sent, "xyz").unwrap();
            prop_assert_eq!(file.unwrap(), content);
        }

        #[test]
        fn junk_is_no_form_and_never_a_panic(junk in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parts(&junk, "x");
            let mut begun = b"--x\r\n".to_vec();
            begun.extend_from_slice(&junk);
            let _ = parts(&begun, "x");
        }
    }
}
