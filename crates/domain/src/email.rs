//! An e-mail address, and when two spellings are one mailbox.
//!
//! The local part is an RFC 5321 dot-atom of ASCII only: no mailbox of the dashboard's customers needs a quoted or an
//! internationalised one, and every look-alike attack (full-width signs, dotless i, zero-width characters) needs them.
//! An internationalised *domain* is welcome and is kept as its A-label (UTS 46), so that it has one spelling.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Longest address RFC 5321 lets a mail server accept (section 4.5.3.1.3 less the angle brackets).
const MAX_LENGTH: usize = 254;
/// Longest local part (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_LENGTH: usize = 64;

/// An address mail can be sent to.
///
/// Keeps the local part as it was written and the domain in lower-case ASCII. Equality and hashing follow the mailbox,
/// not the spelling: `Ada@Example.com` and `ada@example.com` are equal.
#[derive(Clone)]
pub struct EmailAddress {
    written: String,
    key: String,
}

/// The text is not an address this service sends mail to.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("Invalid email address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Parses an address; white space around it, as pasting leaves it, is dropped.
    ///
    /// # Errors
    /// [`InvalidEmail`] for anything but `dot-atom@host.name`, and for more than 254 bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        if !is_dot_atom(local) {
            return Err(InvalidEmail);
        }
        let domain = mail_domain(domain)?;
        let written = format!("{local}@{domain}");
        if written.len() > MAX_LENGTH {
            return Err(InvalidEmail);
        }
        let key = written.to_ascii_lowercase();
        Ok(Self { written, key })
    }

    /// The address as mail is sent to it and as the person sees it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The one spelling of this mailbox, for looking it up: all lower case.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The part before the `@`, as it was written.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.written.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

/// RFC 5322 `dot-atom-text`, limited to 64 bytes.
fn is_dot_atom(local: &str) -> bool {
    let is_atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    local.len() <= MAX_LOCAL_LENGTH
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

/// A public host name: at least two labels, the last of which is not a number (so no address literals).
fn mail_domain(text: &str) -> Result<String, InvalidEmail> {
    let written_by_hand =
        |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || (!c.is_ascii() && c.is_alphanumeric());
    // UTS 46 maps look-alike dots, full-width letters and invisible characters away; whoever means a domain types none.
    if text.is_empty() || text.len() > MAX_LENGTH || !text.chars().all(written_by_hand) || has_compatibility_forms(text)
    {
        return Err(InvalidEmail);
    }
    let ascii = idna::domain_to_ascii_strict(text).map_err(|_| InvalidEmail)?;
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let top_level = ascii.rsplit_once('.').map(|(_, top)| top).ok_or(InvalidEmail)?;
    let well_formed =
        ascii.split('.').all(is_label) && top_level.len() >= 2 && !top_level.bytes().all(|b| b.is_ascii_digit());
    if well_formed {
        Ok(ascii.to_ascii_lowercase())
    } else {
        Err(InvalidEmail)
    }
}

/// Whether NFKC would change the text: full-width letters, the kelvin sign, the long s and their like. Decomposed accents
/// go with them; keyboards and browsers send composed ones.
fn has_compatibility_forms(text: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    !text.is_ascii() && text.nfkc().ne(text.chars())
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for EmailAddress {}

impl std::hash::Hash for EmailAddress {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Personal data: a log shows the domain only.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "EmailAddress(***@{})",
            self.key.rsplit_once('@').map_or("", |(_, domain)| domain)
        )
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_addresses_are_accepted_and_keep_their_spelling() {
        for (text, written) in [
            ("ada@example.com", "ada@example.com"),
            ("Ada.Lovelace+news@Example.COM", "Ada.Lovelace+news@example.com"),
            ("  ada@example.com\n", "ada@example.com"),
            ("o'brien@mail.example.co.uk", "o'brien@mail.example.co.uk"),
            ("zoe@bücher.example", "zoe@xn--bcher-kva.example"),
        ] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), written);
        }
    }

    // Proves: A10, ASVS 1.1.1, 1.3.11
    #[test]
    fn what_is_no_address_or_only_looks_like_one_is_refused() {
        for text in [
            "",
            " ",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "ada@example",
            "ada@example.c",
            "ada@.com",
            "ada@example..com",
            "ada@-example.com",
            "ada@example-.com",
            ".ada@example.com",
            "ada.@example.com",
            "a..da@example.com",
            "ada@@example.com",
            "ada lovelace@example.com",
            "ada@exam ple.com",
            "\"ada\"@example.com",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada@example.com,eve@example.com",
            "Ada <ada@example.com>",
            "ada@example.com\0",
            "a\0da@example.com",
            "ada＠example.com",
            "adа@example.com",
            "ada@ex\u{200b}ample.com",
            "ada@ex\u{ad}ample.com",
            "ada@examp\u{212a}le.com",
            "ada@ｅxample.com",
            "\u{131}da@example.com",
            "\u{17f}am@example.com",
            "ada\r\nBcc: eve@example.com",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmail), "{text:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
        assert!(EmailAddress::parse(&format!("a@{}.com", "abcdefgh.".repeat(30))).is_err());
    }

    // Proves: A10
    #[test]
    fn the_spelling_of_the_case_does_not_make_another_mailbox() {
        let written = EmailAddress::parse("ADA@example.com").unwrap();
        assert_eq!(written, EmailAddress::parse("ada@EXAMPLE.com").unwrap());
        assert_eq!(written.key(), "ada@example.com");
        assert_eq!(
            EmailAddress::parse("zoe@BÜCHER.example").unwrap(),
            EmailAddress::parse("zoe@xn--bcher-kva.example").unwrap()
        );
    }

    #[test]
    fn debug_output_hides_the_person() {
        assert_eq!(
            format!("{:?}", EmailAddress::parse("ada@example.com").unwrap()),
            "EmailAddress(***@example.com)"
        );
    }

    proptest! {
        #[test]
        fn whatever_parses_prints_back_to_itself(text in "\\PC{0,40}@\\PC{0,40}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                let again = EmailAddress::parse(address.as_str()).unwrap();
                prop_assert_eq!(again.as_str(), address.as_str());
                prop_assert!(address.as_str().is_ascii());
            }
        }

        #[test]
        fn every_case_variant_is_the_same_mailbox(local in "[a-z0-9]{1,12}(\\.[a-z0-9]{1,8})?", domain in "[a-z]{1,10}\\.[a-z]{2,6}", flips in any::<u64>()) {
            let plain = format!("{local}@{domain}");
            let flipped: String = plain.chars().enumerate()
                .map(|(i, c)| if flips >> (i % 64) & 1 == 1 { c.to_ascii_uppercase() } else { c }).collect();
            prop_assert_eq!(EmailAddress::parse(&plain).unwrap(), EmailAddress::parse(&flipped).unwrap());
        }

        #[test]
        fn the_key_is_what_both_databases_make_of_the_address(text in "[A-Za-z0-9.+_-]{1,20}@[A-Za-z0-9-]{1,12}\\.[A-Za-z]{2,6}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(address.key(), address.as_str().to_lowercase());
            }
        }
    }
}
