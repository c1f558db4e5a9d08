//! Reading rows: column by column, in the order of the statement, into words of the domain.

mod packed;

use std::error::Error;

use chrono::SubsecRound;
use rookery_core::Reader;
use rookery_domain::{EmailAddress, Timestamp};
use sea_orm::QueryResult;

use crate::error::Failure;
use packed::{Cell, Piece};

/// A moment as the whole system keeps it. SQLite would keep nanoseconds if it was given some.
pub(crate) fn to_micros(moment: Timestamp) -> Timestamp {
    moment.trunc_subsecs(6)
}

/// Walks through the columns of one row. Reading by position costs no search for names; each column is named all the
/// same, for the error that says where nonsense was found.
pub(crate) struct Columns<'row> {
    cells: Cells<'row>,
    next: usize,
}

/// The columns of a row, however they came.
enum Cells<'row> {
    /// Each by itself.
    Apart(&'row QueryResult),
    /// All in one text, as a JSON array.
    Packed(Vec<Piece<'row>>),
}

impl<'row> Columns<'row> {
    pub(crate) const fn of(row: &'row QueryResult) -> Self {
        Self {
            cells: Cells::Apart(row),
            next: 0,
        }
    }

    /// Rows that came as one JSON array of arrays. SQLite hands over a single text many times faster than thirty values,
    /// each of which it copies by itself.
    pub(crate) fn packed(json: &'row str, table: &'static str) -> Result<Vec<Self>, Failure> {
        let rows: Vec<Vec<Piece<'row>>> =
            serde_json::from_str(json).map_err(|error| Failure::nonsense(table, error))?;
        let columns = |cells| Self {
            cells: Cells::Packed(cells),
            next: 0,
        };
        Ok(rows.into_iter().map(columns).collect())
    }

    /// The next column, as it is.
    pub(crate) fn take<T: Cell>(&mut self, column: &'static str) -> Result<T, Failure> {
        let at = self.next;
        self.next += 1;
        match &self.cells {
            Cells::Apart(row) => row
                .try_get_by_index(at)
                .map_err(|error| Failure::nonsense(column, error)),
            Cells::Packed(cells) => match cells.get(at) {
                Some(piece) => T::unpack(piece).map_err(|error| Failure::nonsense(column, error)),
                None => Err(Failure::nonsense(column, "the row ends before this column")),
            },
        }
    }

    /// The next column, a text that means something.
    pub(crate) fn parse<T, E>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, Failure>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let text: String = self.take(column)?;
        parse(&text).map_err(|error| Failure::nonsense(column, error))
    }

    /// The next column, a text that means something or is not there.
    pub(crate) fn parse_optional<T, E>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Failure>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let text: Option<String> = self.take(column)?;
        text.map(|text| parse(&text))
            .transpose()
            .map_err(|error| Failure::nonsense(column, error))
    }

    /// The next column, an address.
    pub(crate) fn email(&mut self, column: &'static str) -> Result<EmailAddress, Failure> {
        self.parse(column, EmailAddress::parse)
    }

    /// The next column, a moment.
    pub(crate) fn time(&mut self, column: &'static str) -> Result<Timestamp, Failure> {
        Ok(to_micros(self.take(column)?))
    }

    /// The next column, a moment that may not have come.
    pub(crate) fn optional_time(&mut self, column: &'static str) -> Result<Option<Timestamp>, Failure> {
        Ok(self.take::<Option<Timestamp>>(column)?.map(to_micros))
    }

    /// The next two columns, `user_preferences.language` and `user_preferences.timezone`, which may both not be there.
    pub(crate) fn reader(&mut self) -> Result<Reader, Failure> {
        let language: Option<String> = self.take("user_preferences.language")?;
        let time_zone: Option<String> = self.take("user_preferences.timezone")?;
        Ok(Reader::told(language.as_deref(), time_zone.as_deref()))
    }

    /// The next column, a number of a tenant's policy, if there is one. Other programs write policies too; what is below zero
    /// asks for what zero asks for, so that a slip in one row does not lock out everybody in the tenant.
    pub(crate) fn bound<T: TryFrom<i32> + Default>(&mut self, column: &'static str) -> Result<Option<T>, Failure> {
        let number = self.take::<Option<i32>>(column)?;
        Ok(number.map(|number| T::try_from(number).unwrap_or_default()))
    }

    /// The next column, a number that must not be negative.
    pub(crate) fn count<T: TryFrom<i32>>(&mut self, column: &'static str) -> Result<T, Failure>
    where
        T::Error: Error + Send + Sync + 'static,
    {
        T::try_from(self.take::<i32>(column)?).map_err(|error| Failure::nonsense(column, error))
    }
}
