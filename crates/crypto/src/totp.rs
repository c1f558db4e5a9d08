//! Codes of authenticator apps, and how a secret gets into one.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use rookery_core::ports::{AppInvitation, OneTimePasswords, PortError};
use rookery_domain::{EmailAddress, Timestamp, TotpCode, TotpSecret, TotpStep};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// [`OneTimePasswords`] with HMAC-SHA-1, the one hash every app knows. What is known against SHA-1, collisions, does not
/// touch HMAC (RFC 6238, section 1.2; RFC 6194, section 3.3).
#[derive(Clone, Debug)]
pub struct Totp {
    issuer: String,
}

impl Totp {
    /// Codes that apps file under this issuer: the product's name.
    #[must_use]
    pub const fn new(issuer: String) -> Self {
        Self { issuer }
    }

    /// What an app with this secret shows during this step. For whoever plays the app in a test: the service compares and
    /// never shows.
    #[must_use]
    pub fn code(secret: &TotpSecret, step: TotpStep) -> Option<TotpCode> {
        code_of(secret, step)
    }
}

impl OneTimePasswords for Totp {
    fn step_of(&self, code: &TotpCode, secret: &TotpSecret, at: &Timestamp) -> Option<TotpStep> {
        let mut found = None;
        for step in TotpStep::at(*at).accepted() {
            let is_same = code.number().ct_eq(&code_of(secret, step)?.number());
            // Every step is looked at, so that how long it takes tells nothing.
            if bool::from(is_same) && found.is_none() {
                found = Some(step);
            }
        }
        found
    }

    /// The Key URI Format, with issuer and account in the label and the issuer again as a parameter, as apps want it.
    fn invitation(&self, secret: &TotpSecret, account: &EmailAddress) -> Result<AppInvitation, PortError> {
        let (issuer, account) = (encoded(&self.issuer), encoded(account.as_str()));
        let uri = format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={}&period={}",
            secret.expose(),
            TotpCode::DIGITS,
            TotpStep::SECONDS,
        );
        let qr = QrCode::with_error_correction_level(&uri, EcLevel::M)
            .map_err(|error| PortError::broken("totp.invitation", error))?
            .render::<svg::Color<'_>>()
            .min_dimensions(240, 240)
            .build();
        // Without the XML declaration, so that a page can hold it as it is.
        let qr = qr.find("<svg").map_or_else(String::new, |start| qr[start..].to_owned());
        Ok(AppInvitation { uri, qr })
    }
}

/// The code of a step (RFC 4226, section 5.3). HMAC takes a key of any length, so there always is one.
fn code_of(secret: &TotpSecret, step: TotpStep) -> Option<TotpCode> {
    let mut hmac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).ok()?;
    hmac.update(&step.number().to_be_bytes());
    let hash = hmac.finalize().into_bytes();
    let offset = usize::from(hash.last()? & 0xf);
    let truncated: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
    Some(TotpCode::from_truncated(u32::from_be_bytes(truncated) & 0x7fff_ffff))
}

/// Percent-encoded but for the unreserved characters of RFC 3986, section 2.3: what stays must not end a label or begin a
/// parameter.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rookery_core::mocks::SeededEntropy;
    use rookery_core::ports::Entropy;

    use super::*;

    fn moment(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).unwrap()
    }

    fn totp() -> Totp {
        Totp::new("PenguinMails".to_owned())
    }

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(*b"12345678901234567890")
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B gives eight digits; the last six of them are the code.
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = TotpStep::at(moment(seconds));
            assert_eq!(code_of(&secret(), step).unwrap().expose(), code[2..], "{seconds}");
        }
    }

    // Proves: ASVS 6.5.5
    #[test]
    fn a_code_counts_in_its_own_step_and_in_those_beside_it() {
        let code = TotpCode::parse("081804").unwrap();
        let step = TotpStep::at(moment(1_111_111_109));
        let begins = step.number() * TotpStep::SECONDS;
        for (seconds, counts) in [
            (begins - 31, false),
            (begins - 30, true),
            (begins, true),
            (begins + 29, true),
            (begins + 59, true),
            (begins + 60, false),
        ] {
            let found = totp().step_of(&code, &secret(), &moment(seconds));
            assert_eq!(found, counts.then_some(step), "{}", seconds - begins);
        }
    }

    #[test]
    fn another_secret_s_code_is_none() {
        let code = TotpCode::parse("081804").unwrap();
        let other = TotpSecret::from_bytes([9; 20]);
        assert_eq!(totp().step_of(&code, &other, &moment(1_111_111_109)), None);
    }

    #[test]
    fn the_uri_names_issuer_and_account_and_nothing_in_them_breaks_out() {
        let account = EmailAddress::parse("ada+a&b=c@example.com").unwrap();
        let invitation = Totp::new("Penguin Mails: \u{1f427}?".to_owned())
            .invitation(&secret(), &account)
            .unwrap();
        assert_eq!(
            invitation.uri,
            "otpauth://totp/Penguin%20Mails%3A%20%F0%9F%90%A7%3F:ada%2Ba%26b%3Dc%40example.com\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Penguin%20Mails%3A%20%F0%9F%90%A7%3F&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{invitation:?}"), "AppInvitation(***)");
    }

    /// Paints the SVG's one path on a grid and has it read by a decoder that knows nothing of the encoder.
    fn read_back(svg: &str) -> String {
        let number = |text: &str| text.parse::<usize>().unwrap();
        let side = number(svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap());
        let path = svg.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut dark = vec![false; side * side];
        for rectangle in path.split('M').skip(1) {
            let numbers: Vec<usize> = rectangle
                .split(|character: char| !character.is_ascii_digit())
                .filter(|part| !part.is_empty())
                .map(number)
                .collect();
            let [left, top, width, height, ..] = numbers[..] else {
                panic!("{rectangle}")
            };
            for y in top..top + height {
                dark[y * side + left..y * side + left + width].fill(true);
            }
        }
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark[y * side + x] { 0 } else { 255 });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn the_picture_says_what_the_uri_says() {
        let account = EmailAddress::parse("ada@example.com").unwrap();
        let invitation = totp().invitation(&secret(), &account).unwrap();
        assert!(invitation.qr.starts_with("<svg ") && invitation.qr.ends_with("</svg>"));
        assert_eq!(read_back(&invitation.qr), invitation.uri);
    }

    #[test]
    fn the_longest_address_and_name_fit_into_a_picture() {
        let local = "a+".repeat(32);
        let domain = format!("{}.{}.{}.com", "d".repeat(60), "e".repeat(60), "f".repeat(50));
        let account = EmailAddress::parse(&format!("{local}@{domain}")).unwrap();
        let invitation = Totp::new("\u{1f427}".repeat(64))
            .invitation(&secret(), &account)
            .unwrap();
        assert!(invitation.qr.starts_with("<svg "));
    }

    proptest! {
        #[test]
        fn whatever_the_secret_and_the_time_a_fresh_code_is_found_again(seed in any::<u64>(), seconds in 0_i64..20_000_000_000) {
            let mut bytes = [0; 20];
            SeededEntropy::from_seed(seed).fill(&mut bytes);
            let secret = TotpSecret::from_bytes(bytes);
            let step = TotpStep::at(moment(seconds));
            let code = code_of(&secret, step).unwrap();
            prop_assert_eq!(totp().step_of(&code, &secret, &moment(seconds)), Some(step));
        }
    }
}
