//! Makes uploads: good ones with other encoders than the service has, bad ones by hand.

use std::io::Cursor;

use image::{DynamicImage, ImageBuffer, ImageFormat, Rgb, RgbImage};

/// Red, green, blue and yellow quarters, clockwise from the top left.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    ImageBuffer::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => [200, 30, 30],
            (false, true) => [30, 160, 30],
            (false, false) => [30, 30, 200],
            (true, false) => [200, 200, 30],
        })
    })
}

/// Something like noise, the same in every run.
pub(crate) fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1_u64;
    ImageBuffer::from_fn(width, height, |_, _| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let [r, g, b, ..] = (state >> 33).to_le_bytes();
        Rgb([r, g, b])
    })
}

pub(crate) fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG of the other encoder.
pub(crate) fn jpeg(picture: &RgbImage, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.set_progressive(progressive);
    let (width, height) = (side(picture.width()), side(picture.height()));
    encoder
        .encode(picture.as_raw(), width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    bytes
}

/// A JPEG in the colours of a printer: all of it this much cyan, magenta, yellow and black.
pub(crate) fn cmyk_jpeg(color: [u8; 4], width: u16, height: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let samples = color.repeat(usize::from(width) * usize::from(height));
    jpeg_encoder::Encoder::new(&mut bytes, 95)
        .encode(&samples, width, height, jpeg_encoder::ColorType::Cmyk)
        .unwrap();
    bytes
}

fn side(pixels: u32) -> u16 {
    pixels.try_into().unwrap()
}

/// A JPEG with this segment right after its beginning.
pub(crate) fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

/// What cameras note in a picture: how it was held, and where. Big-endian TIFF with two entries and the text of a place.
pub(crate) fn exif(orientation: u16, place: &str) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [
            tag.to_be_bytes().as_slice(),
            &kind.to_be_bytes(),
            &count.to_be_bytes(),
            &value,
        ]
        .concat()
    };
    let [high, low] = orientation.to_be_bytes();
    let text = u32::try_from(tiff.len() + 2 + 2 * 12 + 4).unwrap();
    tiff.extend([0, 2]);
    tiff.extend(entry(0x0112, 3, 1, [high, low, 0, 0]));
    tiff.extend(entry(
        0x8825,
        2,
        u32::try_from(place.len()).unwrap(),
        text.to_be_bytes(),
    ));
    tiff.extend([0; 4]);
    tiff.extend(place.as_bytes());
    tiff
}

/// A chunk of a PNG.
pub(crate) fn png_chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), &body, &crc(&body).to_be_bytes()].concat()
}

/// A PNG with these chunks right after its header.
pub(crate) fn with_chunks(png: &[u8], chunks: &[u8]) -> Vec<u8> {
    const HEADER: usize = 8 + 25;
    [&png[..HEADER], chunks, &png[HEADER..]].concat()
}

/// The header of a PNG with so many pixels of four bytes, and no pixels.
pub(crate) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &png_chunk(*b"IHDR", &header),
        &png_chunk(*b"IDAT", &[]),
        &png_chunk(*b"IEND", &[]),
    ]
    .concat()
}

/// ISO 3309, as PNG asks for it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

/// Bytes as a zlib stream that says nothing shorter than it is.
pub(crate) fn stored_zlib(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap();
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

/// A chunk of a WebP.
pub(crate) fn webp_chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let padding = &[0][..content.len() % 2];
    [kind.as_slice(), &length, content, padding].concat()
}

/// A WebP of these chunks.
pub(crate) fn webp(chunks: &[u8]) -> Vec<u8> {
    let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, b"WEBP", chunks].concat()
}

/// The chunk that says how large an extended WebP is and what is in it.
pub(crate) fn webp_extended(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let canvas = [&(width - 1).to_le_bytes()[..3], &(height - 1).to_le_bytes()[..3]].concat();
    webp_chunk(*b"VP8X", &[&[flags, 0, 0, 0][..], &canvas].concat())
}

/// The chunk of pixels in a WebP of the encoder, which makes no other.
pub(crate) fn webp_pixels(picture: &RgbImage) -> Vec<u8> {
    let webp = encoded(picture.clone(), ImageFormat::WebP);
    let at = webp.windows(4).position(|kind| kind == b"VP8L").unwrap();
    webp[at..].to_vec()
}

/// A WebP that moves from one picture to the next.
pub(crate) fn moving_webp(frames: &[RgbImage]) -> Vec<u8> {
    let (width, height) = frames[0].dimensions();
    let mut chunks = webp_extended(0b10, width, height);
    chunks.extend(webp_chunk(*b"ANIM", &[255, 255, 255, 255, 0, 0]));
    for frame in frames {
        let size = [&(width - 1).to_le_bytes()[..3], &(height - 1).to_le_bytes()[..3]].concat();
        let head = [&[0; 6][..], &size, &[100, 0, 0, 0]].concat();
        chunks.extend(webp_chunk(*b"ANMF", &[head, webp_pixels(frame)].concat()));
    }
    webp(&chunks)
}

/// A PNG of the encoder below the `image` crate, which makes what that does not.
pub(crate) fn png(
    (width, height): (u32, u32),
    color: png::ColorType,
    depth: png::BitDepth,
    frames: u32,
    palette: &[u8],
    samples: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if !palette.is_empty() {
        encoder.set_palette(palette.to_vec());
    }
    if frames > 1 {
        encoder.set_animated(frames, 0).unwrap();
    }
    let mut writer = encoder.write_header().unwrap();
    for frame in samples.chunks(samples.len() / frames as usize) {
        writer.write_image_data(frame).unwrap();
    }
    writer.finish().unwrap();
    bytes
}
