//! The installation's secrets.

use std::path::{Path, PathBuf};

use rookery_crypto::{InvalidSecretKey, SecretKey};

use super::parse::{Demand, list, path};
use super::profile::Profile;
use super::reader::{Noted, Reader};

/// The name of the file that keeps a key nobody gave.
const KEPT: &str = "secret.key";

/// The keys mail in the outbox is sealed with.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// The key in use.
    pub key: KeySource,
    /// Keys that were in use before: what they sealed still opens.
    pub older: Vec<SecretKey>,
}

/// Where the key in use comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// Somebody gave it.
    Given(SecretKey),
    /// This file keeps it; the first start makes it.
    Kept(PathBuf),
}

impl Secrets {
    pub(super) fn read(reader: &mut Reader, profile: Profile, data_dir: &Path) -> Result<Self, Noted> {
        let given = reader.optional("security.secret_key", key);
        let file = reader.optional("security.secret_key_file", key_in_file);
        let older = reader.optional("security.older_secret_keys", list(key));
        if reader.is_given("security.secret_key") && reader.is_given("security.secret_key_file") {
            return Err(reader.refuse(
                "security.secret_key_file",
                "not be set together with ROOKERY_SECRET_KEY",
            ));
        }
        let key = match (given?.or(file?), profile) {
            (Some(key), _) => KeySource::Given(key),
            (None, Profile::Production) => {
                return Err(reader.refuse(
                    "security.secret_key",
                    "be set in production, or ROOKERY_SECRET_KEY_FILE: make one with `openssl rand -base64 32`",
                ));
            }
            (None, Profile::Development) => {
                let path = data_dir.join(KEPT);
                reader.derive("security.secret_key_file", &path.display());
                KeySource::Kept(path)
            }
        };
        Ok(Self {
            key,
            older: older?.unwrap_or_default(),
        })
    }
}

/// A secret key written as a text; what is wrong with it is told without it.
pub(super) fn key(text: &str) -> Result<SecretKey, Demand> {
    SecretKey::parse(text).map_err(|error| {
        let demand = match error {
            InvalidSecretKey::Spelling => "be 32 random bytes, as 43 or 44 characters of base64 or 64 of hex",
            InvalidSecretKey::Weak => "be random, which this one is not",
        };
        format!("{demand}: make one with `openssl rand -base64 32`")
    })
}

fn key_in_file(text: &str) -> Result<SecretKey, Demand> {
    let file = path(text)?;
    match std::fs::read_to_string(&file) {
        Ok(text) => key(&text).map_err(|demand| format!("name a file whose content must {demand}")),
        Err(error) => Err(format!("name a file that can be read ({error})")),
    }
}
