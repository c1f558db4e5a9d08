//! The signature of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `v1,` and the base64 of the HMAC. The id and the time are signed along, so that a message passes for no other and, a
/// while later, for none at all.
pub(crate) fn sign(secret: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    // HMAC takes keys of any length: no secret is refused.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use ring::hmac;

    use super::*;

    /// The vector that the reference implementations of Standard Webhooks share.
    // Proves: ASVS 11.6.1
    #[test]
    fn the_published_vector_comes_out() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signature = sign(&secret, id, 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn another_implementation_of_hmac_agrees() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        let tag = hmac::sign(&key, b"id.0.{}");
        let expected = format!("v1,{}", STANDARD.encode(tag));
        assert_eq!(sign(&[7; 32], "id", 0, b"{}"), expected);
    }
}
