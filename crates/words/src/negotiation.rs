//! Which of our languages somebody reads, by the header `Accept-Language` (RFC 9110, section 12.5.4).

/// No longer header, and no more ranges, are looked at: nobody reads so many languages.
const LONGEST: usize = 1000;
const MOST: usize = 50;

/// A language range and how much it is wanted, in thousandths.
struct Range<'a> {
    /// `*`, or the first subtag: `de` of `de-CH`.
    language: &'a str,
    quality: u16,
}

/// The best of `ours` by what the header says, or none where it wants none of them. A range matches a language whatever its
/// region or script: who reads `es-MX` reads `es`. Of those equally wanted the first in the header wins. Elements that
/// are not of the standard's form are passed over.
pub(crate) fn best<'a>(header: &str, ours: &[&'a str]) -> Option<&'a str> {
    let ranges: Vec<Range<'_>> = header[..header.floor_char_boundary(LONGEST)]
        .split(',')
        .take(MOST)
        .filter_map(range)
        .collect();
    let wanted = |language: &str| {
        let named = ranges
            .iter()
            .enumerate()
            .filter(|(_, range)| range.language.eq_ignore_ascii_case(language));
        let any = ranges.iter().enumerate().filter(|(_, range)| range.language == "*");
        let best = |(place, range): (usize, &Range<'_>)| (range.quality, std::cmp::Reverse(place));
        named.map(best).max().or_else(|| any.map(best).max())
    };
    ours.iter()
        .enumerate()
        .filter_map(|(order, &language)| wanted(language).map(|wish| ((wish, std::cmp::Reverse(order)), language)))
        .filter(|(((quality, _), _), _)| *quality > 0)
        .max_by_key(|(wish, _)| *wish)
        .map(|(_, language)| language)
}

/// `de-CH;q=0.8`
fn range(element: &str) -> Option<Range<'_>> {
    let mut parts = element.split(';').map(str::trim);
    let tag = parts.next()?;
    let quality = match (parts.next(), parts.next()) {
        (None, _) => 1000,
        (Some(weight), None) => quality(weight)?,
        (Some(_), Some(_)) => return None,
    };
    let mut subtags = tag.split('-');
    let language = subtags.next()?;
    let is_language = language == "*" || is_subtag(language) && language.bytes().all(|b| b.is_ascii_alphabetic());
    (is_language && subtags.all(is_subtag)).then_some(Range { language, quality })
}

fn is_subtag(subtag: &str) -> bool {
    matches!(subtag.len(), 1..=8) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// `q=0.8` in thousandths: 0 to 1 with at most three decimals.
fn quality(weight: &str) -> Option<u16> {
    let number = weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q="))?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
