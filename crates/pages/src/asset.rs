//! What pages are drawn with: sheets, a script, pictures.
//!
//! Every asset has its content's digest in its name. So it may be kept for ever, and a new version is another asset.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Bytes;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Bytes of the digest that are part of a name: enough that two contents never share it by chance.
const NAME_BYTES: usize = 9;

/// A picture of the operator's.
#[derive(Clone, Debug)]
pub struct Picture {
    media_type: &'static str,
    ending: &'static str,
    bytes: Bytes,
}

/// The bytes are no picture that browsers show.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the file is no SVG, PNG, JPEG or WebP picture")]
pub struct UnknownPicture;

impl Picture {
    /// A picture by what is in it, whatever the file is called.
    ///
    /// # Errors
    /// [`UnknownPicture`]
    pub fn of(bytes: Vec<u8>) -> Result<Self, UnknownPicture> {
        let (media_type, ending) = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', ..] => ("image/png", "png"),
            [0xff, 0xd8, 0xff, ..] => ("image/jpeg", "jpg"),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ("image/webp", "webp"),
            text if is_svg(text) => ("image/svg+xml", "svg"),
            _ => return Err(UnknownPicture),
        };
        Ok(Self {
            media_type,
            ending,
            bytes: bytes.into(),
        })
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        text.starts_with('<') && text.contains("<svg")
    })
}

/// Something that is served as it is.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    path: String,
    media_type: &'static str,
    bytes: Bytes,
}

impl Asset {
    /// An asset whose name begins with `name` and ends with `ending`.
    pub(crate) fn new(name: &str, ending: &str, media_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let digest = Sha256::digest(&bytes);
        let digits = URL_SAFE_NO_PAD.encode(&digest[..NAME_BYTES]);
        Self {
            path: format!("/assets/{name}.{digits}.{ending}"),
            media_type,
            bytes,
        }
    }

    /// A sheet.
    pub(crate) fn sheet(name: &str, text: impl Into<Bytes>) -> Self {
        Self::new(name, "css", "text/css; charset=utf-8", text)
    }

    /// A picture.
    pub(crate) fn picture(name: &str, picture: &Picture) -> Self {
        Self::new(name, picture.ending, picture.media_type, picture.bytes.clone())
    }

    /// Where it is found, below the site's own path.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The asset itself.
    pub(crate) fn answer(&self) -> HttpResponse {
        HttpResponse::Ok()
            .content_type(self.media_type)
            .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .body(self.bytes.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_has_another_name() {
        let (one, two) = (Asset::sheet("page", "a{}"), Asset::sheet("page", "b{}"));
        assert_ne!(one.path(), two.path());
        assert_eq!(one.path(), Asset::sheet("page", "a{}").path());
        let digits = one.path().strip_prefix("/assets/page.").unwrap();
        assert_eq!(digits.strip_suffix(".css").unwrap().len(), 12);
    }

    #[test]
    fn a_picture_is_known_by_what_is_in_it() {
        for (bytes, media_type) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], "image/png"),
            (b"\xff\xd8\xff\xe0....", "image/jpeg"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (
                b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
                "image/svg+xml",
            ),
        ] {
            assert_eq!(Picture::of(bytes.to_vec()).unwrap().media_type, media_type);
        }
        for bytes in [&b""[..], b"GIF89a", b"<html>", b"hello", b"RIFF\0\0\0\0WAVE"] {
            assert!(Picture::of(bytes.to_vec()).is_err(), "{bytes:?}");
        }
    }
}
