//! Tables for spreadsheets, by RFC 4180, with nothing in them that a spreadsheet would compute.

use std::borrow::Cow;
use std::fmt::Write;

/// A table that is written row by row.
#[derive(Debug, Default)]
pub struct Csv(String);

impl Csv {
    /// A table with these columns.
    #[must_use]
    pub fn with_columns(names: &[&str]) -> Self {
        let mut csv = Self(String::new());
        csv.row(names.iter().map(|name| Cow::Borrowed(*name)));
        csv
    }

    /// One more row. Every value is quoted, so that none of its characters ends it.
    pub fn row<'a>(&mut self, values: impl IntoIterator<Item = Cow<'a, str>>) {
        for (at, value) in values.into_iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let guard = if is_formula(&value) { "'" } else { "" };
            // Writing to a text cannot fail.
            let _ = write!(self.0, "{comma}\"{guard}{}\"", value.replace('"', "\"\""));
        }
        self.0.push_str("\r\n");
    }

    /// The table as it is.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Whether a spreadsheet would compute this instead of showing it (OWASP ASVS 5.0, 1.2.10): by its first character, in the full
/// width that Asian keyboards write as well.
fn is_formula(value: &str) -> bool {
    value.chars().next().is_some_and(|first| {
        matches!(
            first,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: &[&str]) -> String {
        let mut csv = Csv(String::new());
        csv.row(values.iter().map(|value| Cow::Borrowed(*value)));
        csv.into_text()
    }

    #[test]
    fn values_are_quoted_and_rows_end_with_both_characters() {
        assert_eq!(written(&["a", "", "b c"]), "\"a\",\"\",\"b c\"\r\n");
        assert_eq!(
            written(&["say \"no\", then\r\ngo"]),
            "\"say \"\"no\"\", then\r\ngo\"\r\n"
        );
    }

    #[test]
    fn nothing_is_computed() {
        for formula in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＠x",
        ] {
            assert_eq!(written(&[formula]), format!("\"'{formula}\"\r\n"));
        }
        assert_eq!(written(&["1=1", "a@b"]), "\"1=1\",\"a@b\"\r\n");
    }
}
