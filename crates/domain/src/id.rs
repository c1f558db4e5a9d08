//! Typed names of things: UUIDv7 (RFC 9562, section 5.7) made from a given time and given randomness.
//!
//! Ids are names, never secrets: they sort by creation time and say so to whoever sees them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

/// The random part of an id: 80 bits, of which UUIDv7 keeps 74.
pub type IdEntropy = [u8; 10];

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new UUIDv7 for the given moment (millisecond precision) and randomness.
            #[must_use]
            pub fn new(at: Timestamp, entropy: &IdEntropy) -> Self {
                Self(uuid_v7(at, entropy))
            }

            /// The id as a row or another system spells it.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for rows.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    UserId;
    /// An organisation people belong to.
    TenantId;
    /// One sign-in on one device.
    SessionId;
    /// A one-time token, by name and not by secret.
    TokenId;
    /// A mail in the outbox; also the left part of its `Message-ID`, so that a second copy is recognised.
    MailId;
    /// An entry of the audit log.
    EventId;
    /// A browser that somebody has signed in with before.
    DeviceId;
    /// A second factor that belongs to a person.
    FactorId;
    /// One recovery code, by name and not by secret.
    RecoveryCodeId;
    /// A sign-in that waits for its second factor.
    ChallengeId;
    /// A change that can be undone.
    UndoId;
    /// An address that account events are sent to.
    WebhookId;
    /// The record that an account was erased.
    ErasureId;
    /// A copy of everything that is kept about a person.
    ExportId;
    /// Something a person agreed to, or took back.
    ConsentId;
    /// An invitation into a tenant.
    InvitationId;
    /// A worker of one process, as the leases it holds name it.
    WorkerId;
}

/// Milliseconds before 1970 do not occur in an account's life; they count as 0.
fn uuid_v7(at: Timestamp, entropy: &IdEntropy) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, entropy).into_uuid()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn moment(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn an_id_is_a_uuid_of_version_seven_that_prints_and_parses_back() {
        let id = UserId::new(moment(1_750_000_000), &[7; 10]);
        assert_eq!(id.as_uuid().get_version_num(), 7);
        assert_eq!(id.to_string().parse::<UserId>().unwrap(), id);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones_whatever_the_randomness() {
        let earlier = UserId::new(moment(1_750_000_000), &[255; 10]);
        let later = UserId::new(moment(1_750_000_001), &[0; 10]);
        assert!(earlier < later);
    }
}
