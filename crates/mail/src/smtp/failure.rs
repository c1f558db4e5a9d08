//! What a failed dialogue means for the letter.
//!
//! Servers quote what they refuse: addresses, and, when a filter dislikes it, a link with its token. So an error repeats the
//! codes of an answer, which are made for programs, and never its text.

use std::error::Error as _;

use lettre::transport::smtp::Error;
use rookery_core::ports::MailerError;

/// While connecting, greeting, securing and signing in, and when the sender is refused: whatever is wrong, it is not this
/// letter.
pub(super) fn of_the_way(doing: &str, error: &Error) -> MailerError {
    MailerError::Temporary(describe(doing, error))
}

/// From the recipient on, an answer of the fives is about this letter; except those that ask for a better sign-in (RFC 4954,
/// section 6).
pub(super) fn of_the_letter(doing: &str, error: &Error) -> MailerError {
    let is_about_signing_in = error
        .status()
        .is_some_and(|code| matches!(code.to_string().as_str(), "530" | "534" | "535" | "538"));
    if error.is_permanent() && !is_about_signing_in {
        MailerError::Permanent(describe(doing, error))
    } else {
        MailerError::Temporary(describe(doing, error))
    }
}

fn describe(doing: &str, error: &Error) -> String {
    let Some(code) = error.status() else {
        return if error.is_response() {
            format!("{doing}: the server closed the connection or said something that is not SMTP")
        } else {
            // From this side: the network's, the certificate's, or the client's own words.
            format!("{doing}: {error}")
        };
    };
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    match enhanced_code(&text) {
        Some((enhanced, subject)) => format!("{doing}: the server answered {code} {enhanced} ({subject})"),
        None => format!("{doing}: the server answered {code}"),
    }
}

/// The status code of RFC 3463 at the beginning of an answer, and what it is about.
fn enhanced_code(text: &str) -> Option<(&str, &'static str)> {
    let code = text.split_whitespace().next()?;
    let mut parts = code.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !matches!(class, "4" | "5") || !is_number(subject) || !is_number(detail) {
        return None;
    }
    let subject = match subject {
        "1" => "the address",
        "2" => "the mailbox",
        "3" => "the mail system",
        "4" => "the network",
        "5" => "the protocol",
        "6" => "the content",
        "7" => "security or policy",
        _ => "something else",
    };
    Some((code, subject))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_only_a_status_code_is_repeated() {
        assert_eq!(
            enhanced_code("5.1.1 <ada@example.com> unknown"),
            Some(("5.1.1", "the address"))
        );
        assert_eq!(enhanced_code("4.7.999"), Some(("4.7.999", "security or policy")));
        for text in [
            "",
            "no such user",
            "5.1",
            "5.1.1.1 x",
            "2.0.0 ok",
            "5.rst_AAAA.1",
            "5.1.12345",
            "127.0.0.1 blocked",
            "5..1",
        ] {
            assert_eq!(enhanced_code(text), None, "{text:?}");
        }
    }
}
