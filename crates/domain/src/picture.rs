//! A person's picture: what may be sent, what is kept, and the name that its content gives it.

use std::fmt;

use sha2::{Digest, Sha256};
use thiserror::Error;

/// Most bytes of an upload: 5 MiB.
pub const MAX_PICTURE_UPLOAD: usize = 5 * 1024 * 1024;

/// Pixels on each side of a picture that is kept; one that was smaller stays as small as it was.
pub const PICTURE_SIDE: u32 = 512;

/// Where pictures are served: what the name of one is appended to.
const PICTURES: &str = "/api/pictures/";

/// What a picture is called: the SHA-256 digest of its content. Nobody who has not seen the picture can guess it, and what
/// was once served under it never changes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureHash([u8; 32]);

impl PictureHash {
    /// The name of this content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// Parses 64 lower-case hexadecimal digits, the one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = value_of(digits[0])? << 4 | value_of(digits[1])?;
        }
        Some(Self(bytes))
    }

    /// Where the picture is served, as [`Profile::picture`](crate::Profile::picture) says it.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{PICTURES}{self}")
    }
}

fn value_of(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for PictureHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PictureHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PictureHash({self})")
    }
}

/// A picture as it is kept and served: a JPEG that this service has encoded itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    hash: PictureHash,
    content: Vec<u8>,
}

impl Picture {
    /// What every picture is.
    pub const MEDIA_TYPE: &'static str = "image/jpeg";

    /// The picture with this content.
    #[must_use]
    pub fn new(content: Vec<u8>) -> Self {
        Self {
            hash: PictureHash::of(&content),
            content,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn hash(&self) -> PictureHash {
        self.hash
    }

    /// Its bytes.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// Its bytes, for whoever sends them.
    #[must_use]
    pub fn into_content(self) -> Vec<u8> {
        self.content
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.hash, self.content.len())
    }
}

/// Why an upload does not become a picture. The message is meant for the person who sent it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PictureFault {
    /// Nothing was sent.
    #[error("Picture is required")]
    Missing,
    /// It is of no kind that is taken, whatever it calls itself.
    #[error("Picture must be a PNG, JPEG or WebP image")]
    UnknownKind,
    /// More bytes than [`MAX_PICTURE_UPLOAD`], or more pixels than are decoded.
    #[error("Picture is too large")]
    TooLarge,
    /// It ends too early, or makes no sense.
    #[error("Picture is damaged or incomplete")]
    Damaged,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Proves: ASVS 5.3.2
    #[test]
    fn a_picture_is_called_by_the_digest_of_its_content() {
        // printf abc | sha256sum
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let picture = Picture::new(b"abc".to_vec());
        assert_eq!(picture.hash().to_string(), digest);
        assert_eq!(picture.hash().path(), format!("/api/pictures/{digest}"));
        assert_eq!(PictureHash::parse(digest), Some(picture.hash()));
    }

    #[test]
    fn a_name_has_one_spelling() {
        let name = PictureHash::of(b"abc").to_string();
        for other in [
            name.to_uppercase(),
            format!("{name}0"),
            name[1..].to_owned(),
            format!(" {}", &name[1..]),
            format!("ä{}", &name[2..]),
            format!("{}g", &name[1..]),
            String::new(),
        ] {
            assert_eq!(PictureHash::parse(&other), None, "{other:?}");
        }
    }

    #[test]
    fn a_picture_prints_its_name_and_not_itself() {
        let picture = Picture::new(vec![b'x'; 100]);
        assert_eq!(
            format!("{picture:?}"),
            format!("Picture({}, 100 bytes)", picture.hash())
        );
    }

    proptest! {
        #[test]
        fn every_name_prints_and_parses_back(content in any::<Vec<u8>>()) {
            let hash = PictureHash::of(&content);
            prop_assert_eq!(PictureHash::parse(&hash.to_string()), Some(hash));
        }

        #[test]
        fn garbage_is_refused_without_a_panic(text in any::<String>()) {
            let _ = PictureHash::parse(&text);
        }
    }
}
