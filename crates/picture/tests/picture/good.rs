//! Pictures of every kind become the same kind of picture.

use image::{DynamicImage, ImageBuffer, ImageFormat, LumaA, Rgba};
use png::{BitDepth, ColorType};

use crate::forge::{cmyk_jpeg, encoded, jpeg, moving_webp, noise, png, quarters, webp, webp_pixels};
use crate::{is_like, made, pixels};

const WHITE: [u8; 3] = [255; 3];

/// Whether it shows the quarters, upright.
#[track_caller]
fn assert_quarters(picture: &image::RgbImage, side: u32) {
    assert_eq!(picture.dimensions(), (side, side));
    let (near, far) = (side / 4, side - 1 - side / 4);
    for (x, y, color) in [
        (near, near, [200, 30, 30]),
        (far, near, [30, 160, 30]),
        (far, far, [30, 30, 200]),
        (near, far, [200, 200, 30]),
    ] {
        let found = *picture.get_pixel(x, y);
        assert!(is_like(found, color), "{found:?} at {x}, {y}");
    }
}

#[test]
fn each_kind_becomes_a_square_of_the_same_picture() {
    let photo = quarters(1500, 1000);
    for upload in [
        encoded(photo.clone(), ImageFormat::Png),
        encoded(photo.clone(), ImageFormat::WebP),
        encoded(photo.clone(), ImageFormat::Jpeg),
        jpeg(&photo, false),
        jpeg(&photo, true),
    ] {
        assert_quarters(&pixels(&upload), 512);
    }
}

#[test]
fn a_small_picture_stays_small() {
    for side in [1, 2, 16, 511, 512] {
        let upload = encoded(quarters(side, side + 1), ImageFormat::Png);
        assert_eq!(pixels(&upload).dimensions(), (side, side));
    }
    assert_quarters(&pixels(&encoded(quarters(64, 64), ImageFormat::WebP)), 64);
}

#[test]
fn the_same_upload_becomes_the_same_picture_byte_by_byte() {
    let upload = encoded(quarters(600, 600), ImageFormat::Png);
    assert_eq!(made(&upload).unwrap(), made(&upload).unwrap());
}

#[test]
fn even_noise_becomes_a_small_file() {
    assert_eq!(pixels(&jpeg(&noise(512, 512), false)).dimensions(), (512, 512));
}

#[test]
fn what_is_transparent_becomes_white() {
    let clear = ImageBuffer::from_pixel(40, 40, Rgba([0_u8, 0, 0, 0]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        assert!(
            pixels(&encoded(clear.clone(), format))
                .pixels()
                .all(|pixel| is_like(*pixel, WHITE))
        );
    }
    let grey = ImageBuffer::from_pixel(40, 40, LumaA([0_u8, 0]));
    let grey = pixels(&encoded(DynamicImage::from(grey), ImageFormat::Png));
    assert!(grey.pixels().all(|pixel| is_like(*pixel, WHITE)));
}

#[test]
fn palettes_greys_and_sixteen_bits_are_read() {
    let one_bit = png((8, 8), ColorType::Grayscale, BitDepth::One, 1, &[], &[0xff; 8]);
    assert!(pixels(&one_bit).pixels().all(|pixel| is_like(*pixel, WHITE)));
    let palette = png(
        (8, 8),
        ColorType::Indexed,
        BitDepth::Eight,
        1,
        &[9, 9, 9, 30, 160, 30],
        &[1; 64],
    );
    assert!(pixels(&palette).pixels().all(|pixel| is_like(*pixel, [30, 160, 30])));
    let deep = [0x1e, 0x77, 0xa0, 0x77, 0x1e, 0x77].repeat(64);
    let deep = png((8, 8), ColorType::Rgb, BitDepth::Sixteen, 1, &[], &deep);
    assert!(pixels(&deep).pixels().all(|pixel| is_like(*pixel, [30, 160, 30])));
}

#[test]
fn a_printer_s_colours_become_a_screen_s() {
    for (ink, color) in [
        ([0, 0, 0, 0], WHITE),
        ([0, 0, 0, 255], [0; 3]),
        ([0, 255, 255, 0], [255, 0, 0]),
    ] {
        let picture = pixels(&cmyk_jpeg(ink, 32, 32));
        let found = *picture.get_pixel(16, 16);
        assert!(is_like(found, color), "{ink:?}: {found:?}");
    }
}

#[test]
fn of_what_moves_the_first_picture_is_kept() {
    let other = ImageBuffer::from_pixel(64, 64, image::Rgb([1, 2, 3]));
    assert_quarters(&pixels(&moving_webp(&[quarters(64, 64), other.clone()])), 64);
    let frames = [quarters(64, 64).into_raw(), other.into_raw()].concat();
    let moving = png((64, 64), ColorType::Rgb, BitDepth::Eight, 2, &[], &frames);
    assert_quarters(&pixels(&moving), 64);
    assert_quarters(&pixels(&webp(&webp_pixels(&quarters(64, 64)))), 64);
}
