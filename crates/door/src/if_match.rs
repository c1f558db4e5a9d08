//! `If-Match`: which state of a thing a change is meant for (RFC 9110, section 13.1.1).

use actix_web::HttpRequest;
use actix_web::http::header::IF_MATCH;

/// The names of the states a change is meant for, without their quotes; `None` when it is meant for whatever there is. A weak
/// name matches nothing here, nor does what is no name at all, so that a header nobody understands changes nothing.
#[must_use]
pub fn if_match(request: &HttpRequest) -> Option<Vec<String>> {
    let mut named = None;
    for header in request.headers().get_all(IF_MATCH) {
        let states = named.get_or_insert_with(Vec::new);
        for tag in header.to_str().unwrap_or_default().split(',').map(str::trim) {
            if tag == "*" {
                return None;
            }
            let name = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            states.extend(name.map(str::to_owned));
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn named(header: &str) -> Option<Vec<String>> {
        if_match(
            &TestRequest::default()
                .insert_header((IF_MATCH, header))
                .to_http_request(),
        )
    }

    #[test]
    fn strong_names_are_taken_and_what_is_none_matches_nothing() {
        assert_eq!(if_match(&TestRequest::default().to_http_request()), None);
        assert_eq!(named("*"), None);
        assert_eq!(named(r#""1""#), Some(vec!["1".to_owned()]));
        assert_eq!(named(r#""1" , "2""#), Some(vec!["1".to_owned(), "2".to_owned()]));
        for nothing in ["", "1", r#"W/"1""#, r#"""#, "1\""] {
            assert_eq!(named(nothing), Some(Vec::new()), "{nothing}");
        }
    }
}
