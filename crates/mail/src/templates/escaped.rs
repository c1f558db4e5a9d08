//! Text that stands for itself in HTML.

use std::fmt;

/// Shows a text so that it can neither open a tag nor leave a quoted attribute. Slashes stay as they are, so that a link reads
/// as a link in the source, too.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (before, after) = rest.split_at(at);
            f.write_str(before)?;
            f.write_str(match after.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &after[1..];
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_html_is_written_out() {
        assert_eq!(
            Escaped("<a href=\"/x?a&b\" title='é'>").to_string(),
            "&lt;a href=&quot;/x?a&amp;b&quot; title=&#39;é&#39;&gt;"
        );
    }
}
