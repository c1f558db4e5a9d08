//! Reading a row that comes as one JSON array.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use chrono::DateTime;
use rookery_domain::Timestamp;
use sea_orm::TryGetable;
use serde::de::{Deserialize, Deserializer, Visitor};
use uuid::Uuid;

/// One value of the array. SQLite has no others that our columns hold: truth is 0 or 1, ids are hexadecimal digits, moments
/// are RFC 3339.
pub(crate) enum Piece<'row> {
    Null,
    Number(i64),
    Text(Cow<'row, str>),
}

/// Why a piece is not what its column should hold.
pub(crate) type Mismatch = Box<dyn Error + Send + Sync>;

/// What a column may hold, wherever the row came from.
pub(crate) trait Cell: TryGetable {
    /// The value in a packed row.
    fn unpack(piece: &Piece<'_>) -> Result<Self, Mismatch>;
}

impl Piece<'_> {
    fn text(&self) -> Result<&str, Mismatch> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Null | Self::Number(_) => Err("no text".into()),
        }
    }

    fn number(&self) -> Result<i64, Mismatch> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Null | Self::Text(_) => Err("no number".into()),
        }
    }
}

macro_rules! cells {
    ($($cell:ty = |$piece:ident| $read:expr;)+) => {$(
        impl Cell for $cell {
            fn unpack($piece: &Piece<'_>) -> Result<Self, Mismatch> {
                $read
            }
        }

        impl Cell for Option<$cell> {
            fn unpack(piece: &Piece<'_>) -> Result<Self, Mismatch> {
                match piece {
                    Piece::Null => Ok(None),
                    value => <$cell>::unpack(value).map(Some),
                }
            }
        }
    )+};
}

cells! {
    String = |piece| piece.text().map(str::to_owned);
    Uuid = |piece| Ok(Uuid::try_parse(piece.text()?)?);
    Timestamp = |piece| Ok(DateTime::parse_from_rfc3339(piece.text()?)?.to_utc());
    i64 = |piece| piece.number();
    i32 = |piece| Ok(piece.number()?.try_into()?);
    bool = |piece| piece.number().map(|number| number != 0);
    Vec<u8> = |_piece| Err("JSON holds no bytes".into());
}

impl<'de> Deserialize<'de> for Piece<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyPiece)
    }
}

struct AnyPiece;

impl<'de> Visitor<'de> for AnyPiece {
    type Value = Piece<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing, a whole number or a text")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Piece::Null)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Piece::Number(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        i64::try_from(number).map(Piece::Number).map_err(E::custom)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Piece::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Piece::Text(Cow::Owned(text.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_column_is_read_from_a_packed_row() {
        let json = r#"["018f", null, 7, 1, "line \"one\"\nline two", "2025-10-27T12:00:00.123456+00:00", "0192ABCDEF0171238000000000000001"]"#;
        let row: Vec<Piece<'_>> = serde_json::from_str(json).unwrap();
        assert_eq!(String::unpack(&row[0]).unwrap(), "018f");
        assert_eq!(Option::<String>::unpack(&row[1]).unwrap(), None);
        assert_eq!(i32::unpack(&row[2]).unwrap(), 7);
        assert!(bool::unpack(&row[3]).unwrap());
        assert_eq!(String::unpack(&row[4]).unwrap(), "line \"one\"\nline two");
        assert_eq!(Timestamp::unpack(&row[5]).unwrap().timestamp_subsec_micros(), 123_456);
        assert_eq!(Uuid::unpack(&row[6]).unwrap().get_version_num(), 7);
    }

    #[test]
    fn what_a_column_cannot_hold_is_refused() {
        let row: Vec<Piece<'_>> = serde_json::from_str(r#"["perhaps", 3000000000, null]"#).unwrap();
        assert!(bool::unpack(&row[0]).is_err());
        assert!(Timestamp::unpack(&row[0]).is_err());
        assert!(i32::unpack(&row[1]).is_err());
        assert!(String::unpack(&row[1]).is_err());
        assert!(String::unpack(&row[2]).is_err());
        assert!(serde_json::from_str::<Vec<Piece<'_>>>("[[1]]").is_err());
        assert!(serde_json::from_str::<Vec<Piece<'_>>>("[1.5]").is_err());
    }
}
