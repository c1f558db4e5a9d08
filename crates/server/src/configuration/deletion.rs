//! How long accounts wait before they are gone.

use std::time::Duration;

use super::parse::{duration, write_duration};
use super::reader::{Noted, Reader};

/// Shorter is no time to think it over, and long enough for a test.
const SHORTEST: Duration = Duration::from_secs(1);
/// Longer is no deletion any more.
const LONGEST: Duration = Duration::from_hours(366 * 24);

/// Deleting accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// How long an account waits for its deletion.
    pub grace: chrono::Duration,
    /// How long an account that nobody verifies may stay unused; `None` for ever.
    pub unverified_expiry: Option<chrono::Duration>,
}

impl Deletion {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Noted> {
        let grace = reader.value("deletion.grace", duration(SHORTEST, LONGEST));
        let expiry = reader.value("deletion.unverified_expiry", off_or_duration);
        Ok(Self {
            grace: signed(grace?),
            unverified_expiry: expiry?.map(signed),
        })
    }
}

fn off_or_duration(text: &str) -> Result<Option<Duration>, String> {
    if text == "off" {
        return Ok(None);
    }
    let demand = format!(
        "be off, or a time from {} to {} such as 45s, 30m, 24h or 7d",
        write_duration(SHORTEST),
        write_duration(LONGEST)
    );
    duration(SHORTEST, LONGEST)(text).map(Some).map_err(|_| demand)
}

fn signed(duration: Duration) -> chrono::Duration {
    chrono::Duration::from_std(duration).unwrap_or(chrono::Duration::MAX)
}
