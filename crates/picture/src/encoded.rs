//! From pixels to the bytes that are kept.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageResult};

/// Most bytes of a picture that is kept.
const MAX_CONTENT: usize = 200_000;

/// How well pictures are kept: the first that is small enough. Photographs and drawings end with the first, at 30 to 90 kB;
/// only noise comes to the last.
const QUALITIES: [u8; 4] = [88, 75, 50, 20];

/// A JPEG with nothing in it but the pixels.
pub(crate) fn encoded(picture: DynamicImage) -> ImageResult<Vec<u8>> {
    let picture = picture.into_rgb8();
    let mut content = Vec::new();
    for quality in QUALITIES {
        content.clear();
        JpegEncoder::new_with_quality(&mut content, quality).encode_image(&picture)?;
        if content.len() <= MAX_CONTENT {
            break;
        }
    }
    Ok(content)
}
