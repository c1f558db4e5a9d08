//! The square in the middle of a picture, made small.
//!
//! Whole groups of pixels are averaged first, straight from the decoded samples: most of the pixels of a photograph are
//! gone after one pass without arithmetic in floats. The rest is left to a filter that is good at it.

use image::imageops::{FilterType, resize};
use image::{DynamicImage, RgbImage};
use rookery_domain::PICTURE_SIDE;

/// At most [`PICTURE_SIDE`] wide, never larger than it was, on white where it was transparent.
pub(crate) fn square(picture: &DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let reduced = match picture {
        DynamicImage::ImageRgb8(rgb) => averaged(rgb, width, height, |rgb| rgb),
        DynamicImage::ImageLuma8(grey) => averaged(grey, width, height, |[grey]| [grey; 3]),
        DynamicImage::ImageRgba8(rgba) => averaged(rgba, width, height, on_white),
        other => averaged(&other.to_rgba8(), width, height, on_white),
    };
    let small = if reduced.width() > PICTURE_SIDE {
        resize(&reduced, PICTURE_SIDE, PICTURE_SIDE, FilterType::CatmullRom)
    } else {
        reduced
    };
    small.into()
}

/// The centred square, its pixels averaged in groups of `step` × `step`, so that at least [`PICTURE_SIDE`] of them are left
/// on each side, and fewer than twice as many.
fn averaged<const SAMPLES: usize>(
    samples: &[u8],
    width: usize,
    height: usize,
    color: impl Fn([u8; SAMPLES]) -> [u8; 3],
) -> RgbImage {
    let side = width.min(height);
    let step = (side / PICTURE_SIDE as usize).max(1);
    let groups = side / step;
    let (left, top) = ((width - groups * step) / 2, (height - groups * step) / 2);
    let (pixels, _) = samples.as_chunks::<SAMPLES>();
    let mut rows = pixels.chunks_exact(width.max(1)).skip(top);
    let mut averaged = Vec::with_capacity(groups * groups * 3);
    let mut sums = vec![[0_u32; 3]; groups];
    let area = u32::try_from(step * step).unwrap_or(u32::MAX);
    for _ in 0..groups {
        sums.fill([0; 3]);
        for row in rows.by_ref().take(step) {
            for (sum, group) in sums.iter_mut().zip(row[left..].chunks_exact(step)) {
                for pixel in group {
                    let [r, g, b] = color(*pixel);
                    sum[0] += u32::from(r);
                    sum[1] += u32::from(g);
                    sum[2] += u32::from(b);
                }
            }
        }
        averaged.extend(sums.iter().flatten().map(|sum| rounded(*sum, area)));
    }
    let side = u32::try_from(groups).unwrap_or(0);
    RgbImage::from_raw(side, side, averaged).unwrap_or_default()
}

/// A mean of bytes is a byte.
fn rounded(sum: u32, of: u32) -> u8 {
    u8::try_from((sum + of / 2) / of).unwrap_or(u8::MAX)
}

/// What is seen of a pixel in front of white.
fn on_white([r, g, b, alpha]: [u8; 4]) -> [u8; 3] {
    let alpha = u32::from(alpha);
    [r, g, b].map(|color| rounded(u32::from(color) * alpha + 255 * (255 - alpha), 255))
}

#[cfg(test)]
mod tests {
    use image::{Luma, LumaA, Rgb, Rgba};

    use super::*;

    fn squared(picture: impl Into<DynamicImage>) -> RgbImage {
        square(&picture.into()).into_rgb8()
    }

    #[test]
    fn the_middle_is_kept_and_the_sides_are_cut_off() {
        for (width, height) in [(3000, 1000), (1000, 3000), (700, 600), (30, 10), (5, 4)] {
            let side = width.min(height);
            let picture = image::ImageBuffer::from_fn(width, height, |x, y| {
                let (x, y) = (x.abs_diff(width / 2), y.abs_diff(height / 2));
                // A white frame around a red middle that is as large as the square.
                let is_middle = x <= side / 2 && y <= side / 2;
                Rgb::<u8>(if is_middle { [255, 0, 0] } else { [255; 3] })
            });
            let square = squared(picture);
            assert_eq!(
                square.dimensions(),
                (side.min(512), side.min(512)),
                "{width} × {height}"
            );
            assert!(
                square.pixels().all(|pixel| pixel.0 == [255, 0, 0]),
                "{width} × {height}"
            );
        }
    }

    #[test]
    fn a_small_picture_is_not_enlarged_and_not_changed() {
        let picture = image::ImageBuffer::from_fn(20, 20, |x, y| {
            Rgb([x, y, 3].map(|level| u8::try_from(level * 7).unwrap()))
        });
        assert_eq!(squared(picture.clone()), picture);
    }

    #[test]
    fn every_size_becomes_a_square_of_the_right_one() {
        for side in [1, 2, 511, 512, 513, 1023, 1024, 1025, 1537] {
            let square = squared(image::ImageBuffer::from_pixel(side, side, Luma([200_u8])));
            assert_eq!(square.dimensions(), (side.min(512), side.min(512)));
            assert!(square.pixels().all(|pixel| pixel.0 == [200; 3]), "{side}");
        }
    }

    #[test]
    fn what_is_transparent_is_white_and_hides_its_colour() {
        for (pixel, seen) in [
            ([10, 20, 30, 255], [10, 20, 30]),
            ([10, 20, 30, 0], [255; 3]),
            ([0, 0, 0, 128], [127; 3]),
        ] {
            let square = squared(image::ImageBuffer::from_pixel(1100, 1100, Rgba::<u8>(pixel)));
            assert!(square.pixels().all(|pixel| pixel.0 == seen), "{pixel:?}");
        }
        let grey = image::ImageBuffer::from_pixel(3, 3, LumaA([9_u8, 0]));
        assert!(squared(grey).pixels().all(|pixel| pixel.0 == [255; 3]));
    }

    #[test]
    fn sixteen_bits_become_eight() {
        let picture = image::ImageBuffer::from_pixel(3, 3, Rgb([0xffff_u16, 0x8080, 0]));
        assert!(squared(picture).pixels().all(|pixel| pixel.0 == [255, 128, 0]));
    }

    #[test]
    fn fine_patterns_become_their_mean() {
        let checks = image::ImageBuffer::from_fn(2048, 2048, |x, y| Luma([if (x + y) % 2 == 0 { 255 } else { 1_u8 }]));
        assert!(squared(checks).pixels().all(|pixel| pixel.0 == [128; 3]));
    }
}
