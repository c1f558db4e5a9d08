//! A section as a table for spreadsheets.

use std::borrow::Cow;

use chrono::SecondsFormat;
use rookery_core::Section;
use rookery_core::ports::{Datum, PersonalRecord};
use rookery_domain::Csv;

use crate::zip_archivist::Writing;

pub(crate) struct Table;

impl Writing for Table {
    fn section(&mut self, section: Section) -> String {
        let names: Vec<&str> = section.columns().iter().map(|column| column.name).collect();
        Csv::with_columns(&names).into_text()
    }

    fn records(&mut self, records: &[PersonalRecord]) -> String {
        let mut csv = Csv::default();
        for record in records {
            csv.row(record.iter().map(cell));
        }
        csv.into_text()
    }
}

fn cell(datum: &Datum) -> Cow<'_, str> {
    match datum {
        Datum::Nothing => Cow::Borrowed(""),
        Datum::Text(text) => Cow::Borrowed(text),
        Datum::Id(id) => Cow::Owned(id.to_string()),
        Datum::Moment(at) => Cow::Owned(at.to_rfc3339_opts(SecondsFormat::Millis, true)),
        Datum::Flag(flag) => Cow::Owned(flag.to_string()),
        Datum::Count(count) => Cow::Owned(count.to_string()),
        Datum::Texts(texts) => Cow::Owned(texts.join(" ")),
    }
}
