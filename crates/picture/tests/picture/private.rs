//! Of what a camera or a program noted beside the pixels nothing is left but which way is up.

use image::ImageFormat;

use crate::forge::{
    encoded, exif, jpeg, png_chunk, quarters, stored_zlib, webp, webp_chunk, webp_extended, webp_pixels, with_chunks,
    with_segment,
};
use crate::{is_like, made, pixels};

/// Words that must not come through, one for every hiding place.
const PLACE: &str = "52.5200 N 13.4050 E";
const SCRIPT: &str = "<script>alert(1)</script>";

/// What the top left corner shows of the quarters when the picture is turned as a camera held this way noted it, and that
/// one's right neighbour.
const HELD: [(u16, [u8; 3], [u8; 3]); 8] = [
    (1, [200, 30, 30], [30, 160, 30]),
    (2, [30, 160, 30], [200, 30, 30]),
    (3, [30, 30, 200], [200, 200, 30]),
    (4, [200, 200, 30], [30, 30, 200]),
    (5, [200, 30, 30], [200, 200, 30]),
    (6, [200, 200, 30], [200, 30, 30]),
    (7, [30, 30, 200], [30, 160, 30]),
    (8, [30, 160, 30], [30, 30, 200]),
];

/// The same picture in every kind, with these notes.
fn noted(notes: &[u8]) -> [Vec<u8>; 3] {
    let photo = quarters(640, 600);
    let segment = [b"Exif\0\0", notes].concat();
    let extended = [
        webp_extended(0b1000, 640, 600),
        webp_pixels(&photo),
        webp_chunk(*b"EXIF", notes),
    ];
    [
        with_segment(&jpeg(&photo, false), 0xe1, &segment),
        with_chunks(&encoded(photo, ImageFormat::Png), &png_chunk(*b"eXIf", notes)),
        webp(&extended.concat()),
    ]
}

fn holds(picture: &[u8], words: &str) -> bool {
    picture.windows(words.len()).any(|found| found == words.as_bytes())
}

#[test]
fn a_picture_stands_upright_however_the_camera_was_held() {
    for (orientation, first, second) in HELD {
        for upload in noted(&exif(orientation, PLACE)) {
            let picture = pixels(&upload);
            let corners = [*picture.get_pixel(100, 100), *picture.get_pixel(400, 100)];
            assert!(
                is_like(corners[0], first) && is_like(corners[1], second),
                "{orientation}: {corners:?}"
            );
        }
    }
}

// Proves: A69, ASVS 14.2.8
#[test]
fn where_it_was_taken_does_not_come_through() {
    for upload in noted(&exif(1, PLACE)) {
        assert!(holds(&upload, PLACE), "the upload says it");
        assert!(!holds(made(&upload).unwrap().content(), PLACE));
    }
}

#[test]
fn notes_that_make_no_sense_do_no_harm() {
    let endless = [b"MM\0\x2a\0\0\0\x08\xff\xff".as_slice(), &[0; 40]].concat();
    for notes in [
        b"".as_slice(),
        b"II",
        b"MM\0\x2a\xff\xff\xff\xff",
        &endless,
        &exif(99, PLACE),
        SCRIPT.as_bytes(),
    ] {
        for upload in noted(notes) {
            let picture = pixels(&upload);
            assert!(is_like(*picture.get_pixel(100, 100), [200, 30, 30]), "{notes:?}");
        }
    }
}

// Proves: A69, ASVS 5.2.2
#[test]
fn whatever_is_hidden_in_a_picture_or_behind_it_stays_behind() {
    let photo = quarters(64, 64);
    let png = encoded(photo.clone(), ImageFormat::Png);
    let webp_file = encoded(photo.clone(), ImageFormat::WebP);
    let jpeg = jpeg(&photo, false);
    let profile = [b"profile\0\0".as_slice(), &stored_zlib(SCRIPT.as_bytes())].concat();
    let hidden = [
        with_segment(&jpeg, 0xfe, SCRIPT.as_bytes()),
        with_segment(&jpeg, 0xed, SCRIPT.as_bytes()),
        with_segment(&jpeg, 0xe2, &[b"ICC_PROFILE\0\x01\x01", SCRIPT.as_bytes()].concat()),
        [jpeg.as_slice(), SCRIPT.as_bytes()].concat(),
        [jpeg.as_slice(), b"PK\x03\x04", SCRIPT.as_bytes()].concat(),
        with_chunks(&png, &png_chunk(*b"tEXt", &[b"Comment\0", SCRIPT.as_bytes()].concat())),
        with_chunks(&png, &png_chunk(*b"iCCP", &profile)),
        [png.as_slice(), SCRIPT.as_bytes()].concat(),
        webp(
            &[
                webp_extended(0b100, 64, 64),
                webp_pixels(&photo),
                webp_chunk(*b"XMP ", SCRIPT.as_bytes()),
            ]
            .concat(),
        ),
        webp(
            &[
                webp_extended(0, 64, 64),
                webp_pixels(&photo),
                webp_chunk(*b"HTML", SCRIPT.as_bytes()),
            ]
            .concat(),
        ),
        [webp_file.as_slice(), SCRIPT.as_bytes()].concat(),
    ];
    for (number, upload) in hidden.into_iter().enumerate() {
        assert!(holds(&upload, SCRIPT), "{number}");
        let picture = made(&upload).unwrap_or_else(|fault| panic!("{number}: {fault}"));
        assert!(!holds(picture.content(), SCRIPT), "{number}");
        pixels(&upload);
    }
}
