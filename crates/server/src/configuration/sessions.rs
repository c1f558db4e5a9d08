//! How long people stay signed in.

use std::time::Duration;

use rookery_domain::SessionLifetime;

use super::parse::{duration, write_duration};
use super::reader::{Noted, Reader};

/// Shorter, and nobody gets any work done.
const SHORTEST: Duration = Duration::from_mins(1);
/// Longer is no session any more.
const LONGEST: Duration = Duration::from_hours(366 * 24);

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// Those of people who just signed in.
    pub lifetime: SessionLifetime,
    /// Those of people who asked to be remembered.
    pub remembered: SessionLifetime,
    /// How long people have to set a second factor up once one of their tenants asks for it.
    pub second_factor_grace: chrono::Duration,
}

impl Sessions {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Noted> {
        let lifetime = lifetime(reader, "session.idle", "session.absolute");
        let remembered = self::lifetime(reader, "session.remembered_idle", "session.remembered_absolute");
        let grace = reader.value("security.second_factor_grace", duration(Duration::ZERO, LONGEST));
        Ok(Self {
            lifetime: lifetime?,
            remembered: remembered?,
            second_factor_grace: signed(grace?),
        })
    }
}

fn lifetime(reader: &mut Reader, idle: &'static str, absolute: &'static str) -> Result<SessionLifetime, Noted> {
    let whole = reader.value(absolute, duration(SHORTEST, LONGEST));
    let pause = reader.value(idle, duration(SHORTEST, LONGEST));
    let (whole, pause) = (whole?, pause?);
    if pause > whole {
        let demand = format!("be at most the absolute life of a session, {}", write_duration(whole));
        return Err(reader.refuse(idle, &demand));
    }
    Ok(SessionLifetime {
        idle: signed(pause),
        absolute: signed(whole),
    })
}

fn signed(duration: Duration) -> chrono::Duration {
    chrono::Duration::from_std(duration).unwrap_or(chrono::Duration::MAX)
}
