//! What a JPEG says of itself before it is decoded (ITU-T T.81, annex B).
//!
//! The decoder fills what is missing at the end with grey, and keeps all coefficients of a picture that comes in several
//! scans. So the segments are walked first: whether the end is there, and how many scans there are.

use std::iter::Peekable;
use std::slice::Iter;

const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;
/// Restart markers, the start of the image and one that means nothing: those have no segment after them.
const STANDALONE: [std::ops::RangeInclusive<u8>; 2] = [0xd0..=0xd8, 0x01..=0x01];

/// How many scans there are up to the end of the image. `None` when that end is missing; what follows it is nobody's.
pub(crate) fn scans(upload: &[u8]) -> Option<usize> {
    let mut scans = 0;
    let mut bytes = upload.iter().peekable();
    loop {
        match marker(&mut bytes)? {
            END_OF_IMAGE => return Some(scans),
            standalone if STANDALONE.iter().any(|range| range.contains(&standalone)) => {}
            segment => {
                scans += usize::from(segment == START_OF_SCAN);
                let length = u16::from_be_bytes([*bytes.next()?, *bytes.next()?]);
                // The length counts itself.
                let rest = usize::from(length).checked_sub(2)?;
                if rest > 0 {
                    bytes.nth(rest - 1)?;
                }
            }
        }
    }
}

/// The next marker: what follows one or more bytes 0xFF and is neither 0xFF nor 0, which stand for data.
fn marker(bytes: &mut Peekable<Iter<'_, u8>>) -> Option<u8> {
    loop {
        while *bytes.next()? != 0xff {}
        while **bytes.peek()? == 0xff {
            bytes.next();
        }
        match *bytes.next()? {
            0 => {}
            marker => return Some(marker),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of two scans: a segment with bytes that look like markers, data with a stuffed 0xFF and a restart marker.
    const TWO_SCANS: &[u8] = &[
        0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd9, 0xff, 0xda, // a segment
        0xff, 0xff, 0xda, 0, 3, 7, 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, // a scan
        0xff, 0xda, 0, 2, 5, 6, // another
        0xff, 0xd9,
    ];

    #[test]
    fn scans_are_counted_up_to_the_end_of_the_image() {
        assert_eq!(scans(TWO_SCANS), Some(2));
        assert_eq!(scans(&[TWO_SCANS, TWO_SCANS, b"<html>"].concat()), Some(2));
    }

    #[test]
    fn a_picture_without_its_end_is_none() {
        for length in 0..TWO_SCANS.len() {
            assert_eq!(scans(&TWO_SCANS[..length]), None, "{length}");
        }
    }

    #[test]
    fn a_segment_shorter_than_its_own_length_is_none() {
        assert_eq!(scans(&[0xff, 0xd8, 0xff, 0xe1, 0, 1, 0xff, 0xd9]), None);
        assert_eq!(scans(&[0xff, 0xd8, 0xff, 0xe1, 0, 2, 0xff, 0xd9]), Some(0));
    }
}
