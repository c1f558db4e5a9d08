//! From bytes to pixels, within limits that are checked before a pixel has its place.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use rookery_domain::PictureFault;

use crate::jpeg;
use crate::kind::kind;

/// Most pixels on a side.
const MAX_SIDE: u32 = 8192;
/// Most pixels.
const MAX_PIXELS: u64 = 40_000_000;
/// Most bytes of memory for pixels, what the decoder needs beside them included. 40 million pixels of a photograph fit; fewer
/// of what takes more room.
const MAX_MEMORY: u64 = 192 * 1024 * 1024;
/// Most scans of a JPEG: several times what encoders make. Each is a walk over the whole picture that costs the sender a few
/// bytes.
const MAX_SCANS: usize = 100;

/// The pixels as they were stored, and how they are to be turned.
pub(crate) fn decoded(upload: &[u8]) -> Result<(DynamicImage, Orientation), PictureFault> {
    let kind = kind(upload)?;
    let scans = if kind == ImageFormat::Jpeg {
        jpeg::scans(upload).ok_or(PictureFault::Damaged)?
    } else {
        0
    };
    let mut reader = ImageReader::with_format(Cursor::new(upload), kind);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| fault(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let memory = decoder
        .total_bytes()
        .saturating_add(pixels * scratch(kind, decoder.color_type(), scans));
    if pixels > MAX_PIXELS || memory > MAX_MEMORY || scans > MAX_SCANS {
        return Err(PictureFault::TooLarge);
    }
    // A picture whose notes cannot be read is shown as it is stored.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| fault(&error))?;
    Ok((image, orientation))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

/// Bytes a pixel that are needed beside the decoded picture.
fn scratch(kind: ImageFormat, color: ColorType, scans: usize) -> u64 {
    let samples = u64::from(color.channel_count());
    let in_parts = match kind {
        // The coefficients of all scans, of which a picture in a printer's colours has a fourth; of one scan a row is kept.
        ImageFormat::Jpeg if scans > 1 => 2 * (samples + 1),
        ImageFormat::WebP => 4,
        _ => 0,
    };
    // What has more than eight bits is made to have eight.
    let in_eight_bits = if u64::from(color.bytes_per_pixel()) > samples {
        4
    } else {
        0
    };
    in_parts + in_eight_bits
}

fn fault(error: &ImageError) -> PictureFault {
    match error {
        ImageError::Limits(_) => PictureFault::TooLarge,
        ImageError::Unsupported(_) => PictureFault::UnknownKind,
        _ => PictureFault::Damaged,
    }
}
