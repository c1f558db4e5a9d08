//! What a setting's text may say. A refusal says what would do.

use std::path::PathBuf;
use std::time::Duration;

/// What a parser demands when it refuses a text; goes on from "must".
pub(super) type Demand = String;

/// Any text that is not empty.
pub(super) fn text(text: &str) -> Result<String, Demand> {
    if text.is_empty() {
        Err("not be empty".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// A path.
pub(super) fn path(text: &str) -> Result<PathBuf, Demand> {
    self::text(text).map(PathBuf::from)
}

/// `true` or `false`.
pub(super) fn switch(text: &str) -> Result<bool, Demand> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("be true or false".to_owned()),
    }
}

/// A whole number within bounds, both included.
pub(super) fn number<T>(from: T, to: T) -> impl Fn(&str) -> Result<T, Demand>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display + Copy,
{
    move |text| {
        text.parse()
            .ok()
            .filter(|value| (from..=to).contains(value))
            .ok_or_else(|| format!("be a whole number from {from} to {to}"))
    }
}

/// One of these words.
pub(super) fn word<T: Copy>(words: &'static [(&'static str, T)]) -> impl Fn(&str) -> Result<T, Demand> {
    move |text| {
        words.iter().find(|(word, _)| *word == text).map_or_else(
            || {
                let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                Err(format!("be one of {}", all.join(", ")))
            },
            |(_, value)| Ok(*value),
        )
    }
}

/// Items with commas between them, each parsed by itself; blanks around them are dropped.
pub(super) fn list<T>(parse: impl Fn(&str) -> Result<T, Demand>) -> impl Fn(&str) -> Result<Vec<T>, Demand> {
    move |text| {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(&parse)
            .collect()
    }
}

/// A length of time within bounds, both included, written as a whole number and a unit: `45s`, `30m`, `24h`, `7d`.
pub(super) fn duration(from: Duration, to: Duration) -> impl Fn(&str) -> Result<Duration, Demand> {
    move |text| {
        parse_duration(text)
            .filter(|value| (from..=to).contains(value))
            .ok_or_else(|| {
                format!(
                    "be a time from {} to {} such as 45s, 30m, 24h or 7d",
                    write_duration(from),
                    write_duration(to)
                )
            })
    }
}

const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

fn parse_duration(text: &str) -> Option<Duration> {
    let (unit, seconds) = UNITS.into_iter().find(|(unit, _)| text.ends_with(unit))?;
    let digits = text.strip_suffix(unit)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(digits.parse::<u64>().ok()?.checked_mul(seconds)?))
}

/// A length of time in its largest whole unit, as [`duration`] reads it.
#[must_use]
pub(super) fn write_duration(duration: Duration) -> String {
    let all = duration.as_secs();
    UNITS
        .into_iter()
        .find(|(_, seconds)| all > 0 && all.is_multiple_of(*seconds))
        .map_or_else(|| "0s".to_owned(), |(unit, seconds)| format!("{}{unit}", all / seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, seconds) in [("0s", 0), ("45s", 45), ("30m", 1_800), ("24h", 86_400), ("7d", 604_800)] {
            assert_eq!(parse_duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "s",
            "30",
            "30 m",
            "1h30m",
            "-5s",
            "+5s",
            "1.5h",
            "99999999999999999999d",
            "5w",
            "٣m",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_written_as_they_are_read() {
        for text in ["0s", "45s", "90s", "30m", "25h", "7d"] {
            assert_eq!(write_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(write_duration(Duration::from_hours(24)), "1d");
    }

    #[test]
    fn lists_drop_blanks_and_empty_items() {
        let parse = list(|item| item.parse::<u8>().map_err(|_| "be small".to_owned()));
        assert_eq!(parse(" 1, 2,,3 ,"), Ok(vec![1, 2, 3]));
        assert_eq!(parse(""), Ok(vec![]));
        assert_eq!(parse("1,x"), Err("be small".to_owned()));
    }
}
