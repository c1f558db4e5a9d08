//! The colour of a brand, and whether text in it can be read.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What text needs against its ground (WCAG 2.2, 1.4.3).
const LEGIBLE: f64 = 4.5;

/// What a colour that we choose ourselves has against its ground (WCAG 2.2, 1.4.6).
const COMFORTABLE: f64 = 7.0;

/// A colour of 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

/// A text that names no colour.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a colour is # and six hexadecimal digits")]
pub struct InvalidColor;

impl Color {
    /// White.
    pub const WHITE: Self = Self::new(0xff, 0xff, 0xff);
    /// The lightest ground of the dark theme, on which text is the hardest to read.
    pub const DARK_GROUND: Self = Self::new(0x1a, 0x22, 0x2d);
    /// The darkest ground of the light theme.
    pub const LIGHT_GROUND: Self = Self::new(0xf1, 0xf5, 0xf9);
    /// Text on a button of the dark theme.
    pub const DARK_INK: Self = Self::new(0x07, 0x25, 0x36);

    /// A colour of these channels.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// How far two colours are apart, from 1 (the same) to 21 (black and white), as WCAG 2.2 counts.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Whether links and buttons of the light theme can have this colour: text in it on light grounds, and white text on it.
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

    /// The nearest shade of this hue that is easy to read in the dark theme: brighter first, so that it stays a colour, and
    /// only then paler. White always is.
    #[must_use]
    pub fn lightened_for_dark(self) -> Self {
        let brightest = self.brightened(100);
        let brighter = (0..=100).map(|percent| self.brightened(percent));
        let paler = (0..=100).map(|percent| brightest.towards_white(percent));
        brighter
            .chain(paler)
            .find(|shade| shade.stands_out_in_dark_by(COMFORTABLE))
            .unwrap_or(Self::WHITE)
    }

    fn stands_out_in_dark_by(self, least: f64) -> bool {
        [Self::DARK_GROUND, Self::DARK_INK]
            .iter()
            .all(|ground| self.contrast(*ground) >= least)
    }

    /// So far on the way to where its strongest channel is full; the others keep their share.
    fn brightened(self, percent: u32) -> Self {
        let strongest = u32::from(self.red.max(self.green).max(self.blue)).max(1);
        let channel = |value: u8| {
            let value = u32::from(value);
            let more = value * (255 - strongest) * percent / (strongest * 100);
            u8::try_from(value + more).unwrap_or(u8::MAX)
        };
        Self::new(channel(self.red), channel(self.green), channel(self.blue))
    }

    fn towards_white(self, percent: u32) -> Self {
        let channel = |value: u8| {
            let mixed = (u32::from(value) * (100 - percent) + 255 * percent) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self::new(channel(self.red), channel(self.green), channel(self.blue))
    }

    fn luminance(self) -> f64 {
        let linear = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl FromStr for Color {
    type Err = InvalidColor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').ok_or(InvalidColor)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidColor);
        }
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| InvalidColor);
        Ok(Self::new(channel(0)?, channel(2)?, channel(4)?))
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(text: &str) -> Color {
        text.parse().unwrap()
    }

    #[test]
    fn a_color_reads_back() {
        assert_eq!(color("#0369A1").to_string(), "#0369a1");
        for text in [
            "", "#", "0369a1", "#036", "#0369a", "#0369a11", "#0369ag", "#é369a", "red", "#+369a1",
        ] {
            assert_eq!(text.parse::<Color>(), Err(InvalidColor), "{text}");
        }
    }

    #[test]
    fn contrast_is_counted_as_the_guidelines_do() {
        assert!((color("#000000").contrast(Color::WHITE) - 21.0).abs() < 0.001);
        assert!((color("#777777").contrast(Color::WHITE) - 4.478).abs() < 0.001);
        assert!((color("#0369a1").contrast(Color::WHITE) - 5.93).abs() < 0.01);
    }

    #[test]
    fn a_color_that_cannot_be_read_is_known() {
        assert!(color("#0369a1").is_legible_in_light());
        for pale in ["#38bdf8", "#ffffff", "#facc15", "#777777"] {
            assert!(!color(pale).is_legible_in_light(), "{pale}");
        }
    }

    #[test]
    fn every_color_has_a_shade_for_the_dark_theme() {
        for text in [
            "#000000", "#0369a1", "#b91c1c", "#14532d", "#581c87", "#ffffff", "#777777",
        ] {
            assert!(color(text).lightened_for_dark().is_legible_in_dark(), "{text}");
        }
        assert_eq!(color("#7dd3fc").lightened_for_dark(), color("#7dd3fc"));
    }

    #[test]
    fn a_shade_for_the_dark_theme_stays_a_color() {
        let sky = color("#0369a1").lightened_for_dark();
        assert!(sky.blue == 255 && sky.red < 64, "{sky}");
    }
}
