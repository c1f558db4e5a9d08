//! How a language is called, which way it runs, and how dates are written in it.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use toml::{Table, Value};

use crate::catalogue::Fault;
use crate::{Phrase, Piece};

/// Which way a text runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// As Latin does.
    LeftToRight,
    /// As Arabic and Hebrew do.
    RightToLeft,
}

impl Direction {
    /// The word HTML's `dir` has for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// The table `[language]` of a catalogue.
#[derive(Clone, Debug)]
pub(crate) struct Conventions {
    /// The language's name in itself.
    pub(crate) name: String,
    pub(crate) direction: Direction,
    months: Vec<String>,
    date: Phrase,
    time: Phrase,
    moment: Phrase,
}

impl Conventions {
    /// For a language of which nothing but its name is known: what the world understands, `2025-10-27 12:00 UTC`.
    pub(crate) fn plain(name: &str) -> Result<Self, Fault> {
        let phrase = |text| Phrase::parse(text).map_err(|fault| Fault::of("language", fault));
        Ok(Self {
            name: name.to_owned(),
            direction: Direction::LeftToRight,
            months: (1..=12).map(|month| format!("{month:02}")).collect(),
            date: phrase("{year}-{month}-{day}")?,
            time: phrase("{hour}:{minute}")?,
            moment: phrase("{date} {time} {zone}")?,
        })
    }

    /// With what a file says.
    pub(crate) fn with(mut self, table: &Table) -> Result<Self, Fault> {
        for (key, value) in table {
            let path = format!("language.{key}");
            match key.as_str() {
                "name" => self.name = line(&path, value)?,
                "direction" => {
                    self.direction = match value.as_str() {
                        Some("ltr") => Direction::LeftToRight,
                        Some("rtl") => Direction::RightToLeft,
                        _ => return Err(Fault::new(&path, "is neither \"ltr\" nor \"rtl\"")),
                    }
                }
                "months" => self.months = months(&path, value)?,
                "date" => self.date = pattern(&path, value, &["day", "month", "month_number", "year"])?,
                "time" => self.time = pattern(&path, value, &["hour", "minute"])?,
                "moment" => self.moment = pattern(&path, value, &["date", "time", "zone"])?,
                _ => {
                    let known = "is nothing known; that is name, direction, months, date, time, moment";
                    return Err(Fault::new(&path, known));
                }
            }
        }
        Ok(self)
    }

    /// `27 October 2025`
    pub(crate) fn date(&self, at: &DateTime<FixedOffset>) -> String {
        fill(&self.date, |name| match name {
            "day" => at.day().to_string(),
            "month" => self.months.get(at.month0() as usize).cloned().unwrap_or_default(),
            "month_number" => at.month().to_string(),
            _ => at.year().to_string(),
        })
    }

    /// `27 October 2025 at 12:00 UTC`
    pub(crate) fn moment(&self, at: &DateTime<FixedOffset>) -> String {
        fill(&self.moment, |name| match name {
            "date" => self.date(at),
            "time" => self.time(at),
            _ => zone(at.offset().local_minus_utc()),
        })
    }

    fn time(&self, at: &DateTime<FixedOffset>) -> String {
        fill(&self.time, |name| match name {
            "hour" => format!("{:02}", at.hour()),
            _ => format!("{:02}", at.minute()),
        })
    }
}

fn fill(phrase: &Phrase, value: impl Fn(&str) -> String) -> String {
    phrase
        .pieces()
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Argument(name) => value(name),
        })
        .collect()
}

/// `UTC`, `UTC+1`, `UTC−3:30`. Abbreviations such as CST or IST mean different zones in different places.
fn zone(seconds_east: i32) -> String {
    let minutes = seconds_east.abs() / 60;
    let sign = if seconds_east < 0 { '\u{2212}' } else { '+' };
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// Plain words on one line: a text without places to fill.
fn line(path: &str, value: &Value) -> Result<String, Fault> {
    let phrase = pattern(path, value, &[])?;
    Ok(fill(&phrase, |_| String::new()))
}

fn months(path: &str, value: &Value) -> Result<Vec<String>, Fault> {
    let names = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if names.len() != 12 {
        return Err(Fault::new(path, "is no list of twelve names"));
    }
    names.iter().map(|name| line(path, name)).collect()
}

fn pattern(path: &str, value: &Value, known: &[&str]) -> Result<Phrase, Fault> {
    let text = value.as_str().ok_or_else(|| Fault::new(path, "is no text"))?;
    let phrase = Phrase::parse(text).map_err(|fault| Fault::of(path, fault))?;
    if phrase.arguments().iter().all(|name| known.contains(name)) {
        Ok(phrase)
    } else {
        let known: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
        Err(Fault::new(path, &format!("can only name {}", known.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conventions(table: &str) -> Result<Conventions, Fault> {
        Conventions::plain("Test")
            .unwrap()
            .with(&table.parse::<Table>().unwrap())
    }

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn zones_are_told_by_their_distance_from_utc() {
        for (time, words) in [
            ("2025-10-27T12:00:00Z", "2025-10-27 12:00 UTC"),
            ("2025-10-27T13:00:00+01:00", "2025-10-27 13:00 UTC+1"),
            ("2025-10-27T17:30:00+05:30", "2025-10-27 17:30 UTC+5:30"),
            ("2025-10-27T08:30:00-03:30", "2025-10-27 08:30 UTC\u{2212}3:30"),
        ] {
            assert_eq!(conventions("").unwrap().moment(&at(time)), words);
        }
    }

    #[test]
    fn a_language_orders_dates_its_own_way() {
        let chinese = conventions("date = '{year}年{month_number}月{day}日'").unwrap();
        assert_eq!(chinese.date(&at("2025-03-07T00:00:00Z")), "2025年3月7日");
    }

    #[test]
    fn what_makes_no_date_is_refused_with_its_place() {
        for (table, complaint) in [
            ("months = ['January']", "language.months is no list of twelve names"),
            (
                "date = '{weekday}'",
                "language.date can only name {day}, {month}, {month_number}, {year}",
            ),
            ("direction = 'up'", "language.direction is neither \"ltr\" nor \"rtl\""),
            ("moment = 7", "language.moment is no text"),
            ("name = '<b>'", "language.name holds markup; texts are plain"),
            (
                "colour = 'red'",
                "language.colour is nothing known; that is name, direction, months, date, time, moment",
            ),
        ] {
            assert_eq!(conventions(table).unwrap_err().to_string(), complaint);
        }
    }
}
