//! Small HTML pages: escaped, and fenced in by their headers.

use std::fmt::Write;

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::http::header;

/// What a page may do: run the scripts and styles of this server, talk to this server, nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// A page, kept by nobody: its address may hold a token, which therefore goes to nobody as a `Referer` either.
#[must_use]
pub(crate) fn page(html: impl MessageBody + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"))
        .insert_header(("Cross-Origin-Opener-Policy", "same-origin"))
        .body(html)
}

/// A script or a style of this server. Asked for anew after a new version is installed, at the latest.
#[must_use]
pub(crate) fn asset(content_type: &'static str, content: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .body(content)
}

/// A text that stands for itself between tags and in quoted attributes.
#[must_use]
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' => {
                // Writing to a string does not fail.
                let _ = write!(html, "&#{};", u32::from(character));
            }
            _ => html.push(character),
        }
    }
    html
}

/// Fills the places `{name}` of a template, in one pass: a text that is filled in is no template, whatever it holds.
#[must_use]
pub(crate) fn fill(template: &str, parts: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let part = after
            .split_once('}')
            .and_then(|(name, after)| Some((parts.iter().find(|(part, _)| *part == name)?.1, after)));
        if let Some((text, after)) = part {
            filled.push_str(text);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_escaped_can_open_a_tag_or_close_an_attribute() {
        assert_eq!(
            escaped("<a href=\"x\" title='y'>& é</a>"),
            "&#60;a href=&#34;x&#34; title=&#39;y&#39;&#62;&#38; é&#60;/a&#62;"
        );
    }

    #[test]
    fn what_is_filled_in_is_no_template() {
        let filled = fill("<p>{a}{b}</p> { x: {c} }", &[("a", "{b}"), ("b", "{")]);
        assert_eq!(filled, "<p>{b}{</p> { x: {c} }");
    }
}
