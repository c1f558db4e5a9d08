//! A copy of everything that is kept about a person, made for them to take along.

use chrono::Duration;

use crate::Timestamp;
use crate::id::ExportId;

/// A copy somebody has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub id: ExportId,
    /// When it was asked for.
    pub requested: Timestamp,
    /// What became of it.
    pub state: ExportState,
}

/// What became of a copy that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportState {
    /// It is still to be made.
    Pending,
    /// It was made.
    Ready {
        /// When.
        at: Timestamp,
        /// Until when it can be fetched.
        expires: Timestamp,
        /// How many bytes it has.
        size: u64,
        /// In how many parts they are kept.
        parts: u32,
    },
    /// It could not be made.
    Failed {
        /// When that was given up.
        at: Timestamp,
    },
}

/// What its person is told of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportStatus {
    /// It is still to be made.
    Pending,
    /// It can be fetched.
    Ready,
    /// It could have been fetched, and is gone.
    Expired,
    /// It could not be made.
    Failed,
}

impl ExportStatus {
    /// The word of the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }
}

impl Export {
    /// How long a copy can be fetched once it is made.
    pub const LIFE: Duration = Duration::days(7);

    /// What its person is told at the given moment. At the end itself it can be fetched no more.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> ExportStatus {
        match self.state {
            ExportState::Pending => ExportStatus::Pending,
            ExportState::Ready { expires, .. } if now < expires => ExportStatus::Ready,
            ExportState::Ready { .. } => ExportStatus::Expired,
            ExportState::Failed { .. } => ExportStatus::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_can_be_fetched_for_seven_days_to_the_microsecond() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let export = Export {
            id: ExportId::new(at, &[1; 10]),
            requested: at,
            state: ExportState::Ready {
                at,
                expires: at + Export::LIFE,
                size: 1,
                parts: 1,
            },
        };
        let end = at + Duration::days(7);
        assert_eq!(export.status(end - Duration::microseconds(1)), ExportStatus::Ready);
        assert_eq!(export.status(end), ExportStatus::Expired);
    }

    #[test]
    fn what_is_not_made_is_pending_or_failed_however_much_time_passes() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let export = |state| Export {
            id: ExportId::new(at, &[1; 10]),
            requested: at,
            state,
        };
        let later = at + Duration::days(365);
        assert_eq!(export(ExportState::Pending).status(later).as_str(), "pending");
        assert_eq!(export(ExportState::Failed { at }).status(later).as_str(), "failed");
    }
}
