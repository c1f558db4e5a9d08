//! What an upload is, by its content. Names and headers are words of a stranger.

use image::ImageFormat;
use rookery_domain::PictureFault;

/// The kind that the first bytes tell. What begins as something else, be it a page, an archive or a drawing that can run
/// scripts, is none, whatever follows.
pub(crate) fn kind(upload: &[u8]) -> Result<ImageFormat, PictureFault> {
    match upload {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageFormat::Png),
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::WebP),
        _ => Err(PictureFault::UnknownKind),
    }
}
