//! How long one picture takes: `cargo run --release -p rookery-picture --example speed`.

#![expect(clippy::unwrap_used, reason = "an example may panic")]

use std::time::{Duration, Instant};

use futures_executor::block_on;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageBuffer, ImageFormat, Rgb, RgbImage};
use rookery_core::ports::PictureMaker;
use rookery_picture::ImagePictureMaker;

const ROUNDS: usize = 15;

/// Soft shapes under a little grain: as hard to pack as a photograph.
fn photo(width: u32, height: u32) -> RgbImage {
    let mut grain = 1_u32;
    // Up and down again between 0 and 100.
    let wave = |at: u32, length: u32| (at % (2 * length)).min(2 * length - at % (2 * length)) * 100 / length;
    ImageBuffer::from_fn(width, height, |x, y| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let level = wave(x, 530) + wave(x + y, 370) + wave(y, 71) / 8 + (grain >> 28);
        let level = u8::try_from(level).unwrap();
        Rgb([level, level / 2 + 40, 255 - level])
    })
}

fn jpeg(photo: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 80)
        .encode_image(photo)
        .unwrap();
    bytes
}

fn other(photo: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    photo.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn main() {
    let maker = ImagePictureMaker::start().unwrap();
    println!(
        "{:<28} {:>10} {:>10} {:>10} {:>10}",
        "upload", "bytes", "median", "slowest", "kept"
    );
    for (name, upload) in [
        ("JPEG, 512 × 512", jpeg(&photo(512, 512))),
        ("JPEG, 1920 × 1080", jpeg(&photo(1920, 1080))),
        ("JPEG, 4032 × 3024 (a phone)", jpeg(&photo(4032, 3024))),
        ("PNG, 1024 × 1024", other(&photo(1024, 1024), ImageFormat::Png)),
        ("WebP, 1024 × 1024", other(&photo(1024, 1024), ImageFormat::WebP)),
    ] {
        let mut kept = 0;
        let mut took: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let begun = Instant::now();
                kept = block_on(maker.make(upload.clone())).unwrap().content().len();
                begun.elapsed()
            })
            .collect();
        took.sort_unstable();
        println!(
            "{name:<28} {:>10} {:>7.1} ms {:>7.1} ms {kept:>10}",
            upload.len(),
            took[ROUNDS / 2].as_secs_f64() * 1000.0,
            took[ROUNDS - 1].as_secs_f64() * 1000.0,
        );
    }
}
