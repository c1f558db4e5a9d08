//! `data.json`: everything, for programs.

use chrono::SecondsFormat;
use rookery_core::ports::{Cover, Datum, PersonalRecord};
use rookery_core::{Column, Section};
use serde_json::{Map, Value};

use crate::FORMAT;
use crate::zip_archivist::Writing;

/// One JSON object, written section by section: a list of objects each, and of what one has once the object or `null`.
pub(crate) struct Document {
    cover: Cover,
    section: Option<Section>,
    has_records: bool,
}

impl Document {
    pub(crate) const fn new(cover: Cover) -> Self {
        Self {
            cover,
            section: None,
            has_records: false,
        }
    }

    /// The end of the section before.
    fn rest(&self) -> &'static str {
        match self.section {
            None => "",
            Some(section) if section.is_single() => {
                if self.has_records {
                    ""
                } else {
                    "null"
                }
            }
            Some(_) => "\n]",
        }
    }
}

impl Writing for Document {
    fn begin(&mut self) -> String {
        let made = self.cover.made.to_rfc3339_opts(SecondsFormat::Millis, true);
        format!(
            "{{\n\"format\": \"{FORMAT}\",\n\"madeAt\": \"{made}\",\n\"userId\": \"{}\"",
            self.cover.user
        )
    }

    fn section(&mut self, section: Section) -> String {
        let rest = self.rest();
        self.section = Some(section);
        self.has_records = false;
        let bracket = if section.is_single() { "" } else { "[" };
        format!("{rest},\n\"{}\": {bracket}", section.as_str())
    }

    fn records(&mut self, records: &[PersonalRecord]) -> String {
        let Some(section) = self.section else {
            return String::new();
        };
        let mut text = String::new();
        for record in records {
            if section.is_single() {
                if self.has_records {
                    break;
                }
            } else {
                text.push_str(if self.has_records { ",\n" } else { "\n" });
            }
            self.has_records = true;
            text.push_str(&object(section.columns(), record).to_string());
        }
        text
    }

    fn end(&mut self) -> String {
        format!("{}\n}}\n", self.rest())
    }
}

fn object(columns: &[Column], record: &PersonalRecord) -> Value {
    let pairs = columns.iter().zip(record);
    Value::Object(
        pairs
            .map(|(column, datum)| (column.name.to_owned(), value(datum)))
            .collect::<Map<_, _>>(),
    )
}

fn value(datum: &Datum) -> Value {
    match datum {
        Datum::Nothing => Value::Null,
        Datum::Text(text) => text.as_str().into(),
        Datum::Id(id) => id.to_string().into(),
        Datum::Moment(at) => at.to_rfc3339_opts(SecondsFormat::Millis, true).into(),
        Datum::Flag(flag) => (*flag).into(),
        Datum::Count(count) => (*count).into(),
        Datum::Texts(texts) => texts.as_slice().into(),
    }
}
