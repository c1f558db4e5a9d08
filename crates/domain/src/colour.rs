//! Colours, and whether text on them can be read.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What text needs against its ground (WCAG 2.2, 1.4.3).
const LEGIBLE: f64 = 4.5;

/// What a colour that we choose ourselves has against its ground (WCAG 2.2, 1.4.6).
const COMFORTABLE: f64 = 7.0;

/// A colour of pages and letters, as `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// The text is no colour.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a colour is written as # and six hexadecimal digits, such as #0369a1")]
pub struct InvalidColour;

impl Colour {
    /// Of buttons and links on light ground, unless the brand has its own.
    pub const PRIMARY: Self = Self([0x03, 0x69, 0xa1]);
    /// Of buttons and links on dark ground, unless the brand has its own.
    pub const PRIMARY_DARK: Self = Self([0x38, 0xbd, 0xf8]);
    /// Text on buttons of the light theme, and its lightest ground.
    pub const WHITE: Self = Self([0xff, 0xff, 0xff]);
    /// Text on buttons of the dark theme.
    pub const INK: Self = Self([0x07, 0x25, 0x36]);
    /// The darkest ground of the light theme, on which text is the hardest to read.
    pub const LIGHT_GROUND: Self = Self([0xf1, 0xf5, 0xf9]);
    /// The lightest ground of the dark theme.
    pub const DARK_GROUND: Self = Self([0x1a, 0x22, 0x2d]);

    /// The colour of text on it: white or nearly black, whichever is read better.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::INK) {
            Self::WHITE
        } else {
            Self::INK
        }
    }

    /// How well one is read on the other, from 1 to 21 (WCAG 2.2, contrast ratio). Text needs 4.5.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// Whether links and buttons of the light theme can have it: text in it on light grounds, and white text on it.
    #[must_use]
    pub fn is_legible_in_light(self) -> bool {
        [Self::WHITE, Self::LIGHT_GROUND]
            .iter()
            .all(|ground| self.contrast(*ground) >= LEGIBLE)
    }

    /// The same for the dark theme: text in it on dark grounds, and dark text on it.
    #[must_use]
    pub fn is_legible_in_dark(self) -> bool {
        self.stands_out_in_dark_by(LEGIBLE)
    }

    /// What it is in the dark theme where nobody says: the nearest shade of this hue that is easy to read there, brighter
    /// first, so that it stays a colour, and only then paler. White always is.
    #[must_use]
    pub fn for_dark(self) -> Self {
        if self == Self::PRIMARY {
            return Self::PRIMARY_DARK;
        }
        let brightest = self.brightened(100);
        let brighter = (0..=100).map(|percent| self.brightened(percent));
        let paler = (0..=100).map(|percent| brightest.towards_white(percent));
        brighter
            .chain(paler)
            .find(|shade| shade.stands_out_in_dark_by(COMFORTABLE))
            .unwrap_or(Self::WHITE)
    }

    fn stands_out_in_dark_by(self, least: f64) -> bool {
        [Self::DARK_GROUND, Self::INK]
            .iter()
            .all(|ground| self.contrast(*ground) >= least)
    }

    /// So far on the way to where its strongest part is full; the others keep their share.
    fn brightened(self, percent: u32) -> Self {
        let strongest = self.0.iter().copied().map(u32::from).fold(1, u32::max);
        Self(self.0.map(|part| {
            let part = u32::from(part);
            let more = part * (255 - strongest) * percent / (strongest * 100);
            u8::try_from(part + more).unwrap_or(u8::MAX)
        }))
    }

    fn towards_white(self, percent: u32) -> Self {
        Self(self.0.map(|part| {
            let mixed = (u32::from(part) * (100 - percent) + 255 * percent) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        }))
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.0722f64.mul_add(blue, 0.2126f64.mul_add(red, 0.7152 * green))
    }
}

impl FromStr for Colour {
    type Err = InvalidColour;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6)
            .ok_or(InvalidColour)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(InvalidColour);
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| InvalidColour);
        Ok(Self([part(0)?, part(2)?, part(4)?]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl fmt::Debug for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn contrast_is_counted_as_the_guidelines_count_it() {
        let ratio = |one: &str, other: &str| one.parse::<Colour>().unwrap().contrast(other.parse().unwrap());
        assert!((ratio("#000000", "#ffffff") - 21.0).abs() < 0.01);
        assert!((ratio("#ffffff", "#ffffff") - 1.0).abs() < 0.01);
        assert!((ratio("#767676", "#ffffff") - 4.54).abs() < 0.01);
        assert!((ratio("#0369a1", "#ffffff") - 5.93).abs() < 0.01);
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in [
            "", "#", "0369a1", "#0369a", "#0369a11", "#0369ag", "#+369a1", "red", "#ééé", "#fff",
        ] {
            assert_eq!(text.parse::<Colour>(), Err(InvalidColour), "{text}");
        }
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_known() {
        let colour = |text: &str| text.parse::<Colour>().unwrap();
        assert!(Colour::PRIMARY.is_legible_in_light() && Colour::PRIMARY_DARK.is_legible_in_dark());
        for pale in ["#38bdf8", "#ffffff", "#facc15", "#777777"] {
            assert!(!colour(pale).is_legible_in_light(), "{pale}");
        }
        for deep in ["#0369a1", "#000000"] {
            assert!(!colour(deep).is_legible_in_dark(), "{deep}");
        }
        assert_eq!(colour("#7dd3fc").for_dark(), colour("#7dd3fc"));
    }

    #[test]
    fn a_shade_for_the_dark_theme_stays_a_colour() {
        let Colour([red, _, blue]) = "#0369a2".parse::<Colour>().unwrap().for_dark();
        assert!(blue == 255 && red < 64);
    }

    proptest! {
        #[test]
        fn every_colour_has_a_shade_for_the_dark_theme(text in "#[0-9a-f]{6}") {
            prop_assert!(text.parse::<Colour>().unwrap().for_dark().is_legible_in_dark());
        }

        #[test]
        fn a_colour_prints_as_it_was_written_and_its_ink_can_be_read(text in "#[0-9a-f]{6}") {
            let colour: Colour = text.parse().unwrap();
            prop_assert_eq!(colour.to_string(), text);
            prop_assert!(colour.contrast(colour.ink()) >= 3.9);
        }
    }
}
