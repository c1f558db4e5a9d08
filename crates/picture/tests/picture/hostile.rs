//! What is no picture, or more of one than anybody needs.

use image::ImageFormat;
use png::{BitDepth, ColorType};
use rookery_core::domain::PictureFault;

use crate::forge::{
    encoded, jpeg, moving_webp, noise, png, png_chunk, png_header, quarters, webp, webp_chunk, webp_extended,
    with_chunks, with_segment,
};
use crate::{made, pixels};

// Proves: A69, ASVS 1.3.4, 5.2.2
#[test]
fn what_is_no_png_jpeg_or_webp_is_refused_whatever_follows() {
    let real = encoded(quarters(8, 8), ImageFormat::Png);
    for beginning in [
        b"".as_slice(),
        b"GIF89a\x08\0\x08\0\xf0\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x08\0\x08\0\0\x02\x07\x84\x8f\xa9\xcb\xed\x0f;",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
        b"<?xml version=\"1.0\"?><svg/>",
        b"\xef\xbb\xbf<svg/>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"BM\x46\0\0\0",
        b"II\x2a\0",
        b"\0\0\x01\0",
        b"\0\0\0\x20ftypavif",
        b"\0\0\0\x20ftypheic",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"#!/bin/sh\n",
        b"MZ",
        b"\x7fELF",
        b"\x1f\x8b\x08",
        b"P6 1 1 255 ",
        b"\n",
    ] {
        let upload = [beginning, &real].concat();
        let upload = if beginning.is_empty() { b"x".to_vec() } else { upload };
        assert_eq!(made(&upload), Err(PictureFault::UnknownKind), "{beginning:?}");
    }
}

#[test]
fn a_picture_that_calls_itself_another_kind_is_what_it_is() {
    let png = encoded(quarters(8, 8), ImageFormat::Png);
    let jpeg = encoded(quarters(8, 8), ImageFormat::Jpeg);
    for upload in [
        [b"\xff\xd8\xff\xe0".as_slice(), &png].concat(),
        [b"\x89PNG\r\n\x1a\n".as_slice(), &jpeg].concat(),
        [b"RIFF\0\0\0\0WEBP".as_slice(), &jpeg].concat(),
    ] {
        assert_eq!(made(&upload), Err(PictureFault::Damaged));
    }
}

#[test]
fn a_picture_that_was_cut_off_is_refused() {
    let photo = noise(64, 64);
    for (kind, upload) in [
        ("png", encoded(photo.clone(), ImageFormat::Png)),
        ("webp", encoded(photo.clone(), ImageFormat::WebP)),
        ("jpeg", jpeg(&photo, false)),
        ("progressive jpeg", jpeg(&photo, true)),
        ("moving webp", moving_webp(&[photo.clone(), photo.clone()])),
    ] {
        pixels(&upload);
        for kept in [13, 20, 33, 40, 64, upload.len() / 4, upload.len() / 3] {
            let cut = made(&upload[..kept]);
            assert_eq!(
                cut,
                Err(PictureFault::Damaged),
                "{kind}, {kept} bytes of {}",
                upload.len()
            );
        }
    }
    let jpeg = jpeg(&photo, false);
    assert_eq!(
        made(&jpeg[..jpeg.len() - 1]),
        Err(PictureFault::Damaged),
        "it would end in grey"
    );
}

// Proves: A69, ASVS 5.2.6
#[test]
fn more_pixels_than_are_decoded_are_refused_before_they_have_their_place() {
    for (width, height) in [
        (8193, 1),
        (1, 8193),
        (8192, 8192),
        (6400, 6300),
        (u32::MAX >> 1, u32::MAX >> 1),
    ] {
        let refused = made(&png_header(width, height));
        assert_eq!(refused, Err(PictureFault::TooLarge), "{width} × {height}");
    }
    // As many pixels as fit, and more bytes.
    let deep = [&8000_u32.to_be_bytes()[..], &4000_u32.to_be_bytes(), &[16, 6, 0, 0, 0]].concat();
    let mut upload = png_header(1, 1);
    upload.splice(8..33, png_chunk(*b"IHDR", &deep));
    assert_eq!(made(&upload), Err(PictureFault::TooLarge));

    let mut large = jpeg(&quarters(16, 16), false);
    let frame = large.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    large[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(made(&large), Err(PictureFault::TooLarge));

    let canvas = webp(
        &[
            webp_extended(0, 16_384, 16_384),
            webp_chunk(*b"VP8L", &[0x2f, 0, 0, 0, 0]),
        ]
        .concat(),
    );
    assert_eq!(made(&canvas), Err(PictureFault::TooLarge));
}

#[test]
fn pixels_that_were_promised_and_do_not_come_are_a_damage() {
    assert_eq!(made(&png_header(2000, 2000)), Err(PictureFault::Damaged));
    assert_eq!(made(&png_header(0, 5)), Err(PictureFault::Damaged));
    let mut flat = jpeg(&quarters(16, 16), false);
    let frame = flat.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    flat[frame + 5..frame + 9].copy_from_slice(&[0, 0, 0, 0]);
    assert_eq!(made(&flat), Err(PictureFault::Damaged));
    assert_eq!(
        made(&webp(&webp_chunk(*b"VP8L", &[0x2f, 0xff]))),
        Err(PictureFault::Damaged)
    );
}

#[test]
fn a_small_file_that_unpacks_to_a_large_picture_is_made_within_the_limits() {
    let (width, height) = (6000, 4000);
    let empty = vec![0; width as usize * height as usize];
    let bomb = png((width, height), ColorType::Grayscale, BitDepth::Eight, 1, &[], &empty);
    assert!(bomb.len() < 200_000, "{} bytes for {} pixels", bomb.len(), empty.len());
    assert_eq!(pixels(&bomb).dimensions(), (512, 512));
}

#[test]
fn notes_that_unpack_to_much_do_no_harm() {
    // 64 MiB of zeros, packed: as text and as a colour profile.
    let zeros = vec![0; 64 * 1024 * 1024];
    let packed = png((8192, 8192), ColorType::Grayscale, BitDepth::Eight, 1, &[], &zeros);
    let at = packed.windows(4).position(|kind| kind == b"IDAT").unwrap();
    let length = u32::from_be_bytes(packed[at - 4..at].try_into().unwrap()) as usize;
    let stream = &packed[at + 4..at + 4 + length];
    let photo = encoded(quarters(16, 16), ImageFormat::Png);
    for chunk in [
        png_chunk(*b"zTXt", &[b"Comment\0\0", stream].concat()),
        png_chunk(*b"iTXt", &[b"Comment\0\x01\0\0\0", stream].concat()),
        png_chunk(*b"iCCP", &[b"profile\0\0", stream].concat()),
    ] {
        let made = made(&with_chunks(&photo, &chunk));
        assert!(
            matches!(made, Ok(_) | Err(PictureFault::TooLarge | PictureFault::Damaged)),
            "{made:?}"
        );
    }
}

// Proves: A69
#[test]
fn a_jpeg_of_endless_scans_is_refused() {
    let photo = jpeg(&quarters(64, 64), true);
    let scan = photo.windows(2).rposition(|marker| marker == [0xff, 0xda]).unwrap();
    let (head, last) = photo.split_at(scan);
    let last = &last[..last.len() - 2];
    let endless = [head, &last.repeat(10_000), &[0xff, 0xd9]].concat();
    assert_eq!(made(&endless), Err(PictureFault::TooLarge));
}

#[test]
fn whatever_was_changed_on_the_way_somebody_gets_an_answer() {
    let photo = quarters(40, 40);
    let uploads = [
        encoded(photo.clone(), ImageFormat::Png),
        encoded(photo.clone(), ImageFormat::WebP),
        jpeg(&photo, false),
        jpeg(&photo, true),
        moving_webp(&[photo.clone(), photo.clone()]),
        with_segment(&jpeg(&photo, false), 0xe1, b"Exif\0\0MM\0\x2a"),
    ];
    for upload in uploads {
        let noise = noise(400, 1).into_raw();
        for change in noise.chunks_exact(3) {
            let mut upload = upload.clone();
            let at = (usize::from(change[0]) << 8 | usize::from(change[1])) % upload.len();
            upload[at] = change[2];
            let _ = made(&upload);
        }
    }
}
