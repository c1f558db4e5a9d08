//! What people and those who mean harm upload, made here byte by byte, and what becomes of it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod forge;
mod good;
mod hostile;
mod private;

use std::sync::LazyLock;

use futures_executor::block_on;
use image::{ImageFormat, RgbImage};
use rookery_core::domain::{Picture, PictureFault};
use rookery_core::ports::{PictureMaker, PictureMakerError};
use rookery_picture::ImagePictureMaker;

/// What the maker makes of it. Tests wait in line for one thread, so whoever finds the line full stands in it again.
fn made(upload: &[u8]) -> Result<Picture, PictureFault> {
    static MAKER: LazyLock<ImagePictureMaker> = LazyLock::new(|| ImagePictureMaker::start().unwrap());
    loop {
        match block_on(MAKER.make(upload.to_vec())) {
            Ok(picture) => return Ok(picture),
            Err(PictureMakerError::Unacceptable(fault)) => return Err(fault),
            Err(PictureMakerError::Busy) => std::thread::sleep(std::time::Duration::from_millis(5)),
            Err(PictureMakerError::Port(error)) => panic!("{}", error.chain()),
        }
    }
}

/// The pixels of what the maker makes of it: a JPEG with nothing in it but what a JPEG needs.
#[track_caller]
fn pixels(upload: &[u8]) -> RgbImage {
    let picture = made(upload).unwrap();
    assert!(picture.content().len() < 200_000, "{} bytes", picture.content().len());
    assert_only_pixels(picture.content());
    image::load_from_memory_with_format(picture.content(), ImageFormat::Jpeg)
        .unwrap()
        .into_rgb8()
}

/// Walks the segments: a header, tables, one frame, one scan, and nothing where a note could be.
#[track_caller]
fn assert_only_pixels(jpeg: &[u8]) {
    let mut at = 2;
    loop {
        let [0xff, marker, high, low] = jpeg[at..at + 4] else {
            panic!("no marker at {at}")
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        match marker {
            0xe0 => assert_eq!(&jpeg[at + 4..at + 9], b"JFIF\0"),
            0xdb | 0xc0 | 0xc4 => {}
            0xda => break,
            other => panic!("a segment {other:02x} at {at}"),
        }
        at += 2 + length;
    }
    assert_eq!(jpeg[jpeg.len() - 2..], [0xff, 0xd9], "and nothing behind it");
}

/// Whether two colours look alike: a JPEG is not exact.
fn is_like(pixel: image::Rgb<u8>, color: [u8; 3]) -> bool {
    pixel
        .0
        .iter()
        .zip(color)
        .all(|(found, meant)| found.abs_diff(meant) <= 6)
}
