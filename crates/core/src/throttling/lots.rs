//! What this node may serve without asking.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rookery_domain::Timestamp;

use super::{Limit, Subject};

/// More subjects than this are not remembered at once; those whose time is over go first, then all of them, which costs
/// each of them one more question to the store and lets nobody have more than the quota.
const CAPACITY: usize = 20_000;

/// What is left of a lot, or the memory that there is none.
#[derive(Clone, Copy)]
struct Lot {
    left: u32,
    /// How much of the quota nobody has taken yet, as far as this node knows.
    beyond: u32,
    /// Whether the store has said that there is no more.
    exhausted: bool,
    ends: Timestamp,
}

/// What a look into the lots shows.
pub(super) enum Look {
    /// One was taken; so many remain.
    Served { remaining: u32, ends: Timestamp },
    /// There is no more until then, says the store.
    Exhausted { ends: Timestamp },
    /// The store must be asked.
    Empty,
}

#[derive(Default)]
pub(super) struct Lots(Mutex<HashMap<(Limit, Subject), Lot>>);

impl Lots {
    fn kept(&self) -> MutexGuard<'_, HashMap<(Limit, Subject), Lot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn serve(&self, limit: Limit, subject: &Subject, now: Timestamp) -> Look {
        let mut kept = self.kept();
        let Some(lot) = kept.get_mut(&(limit, subject.clone())).filter(|lot| now < lot.ends) else {
            return Look::Empty;
        };
        if lot.left > 0 {
            lot.left -= 1;
            return Look::Served {
                remaining: lot.left + lot.beyond,
                ends: lot.ends,
            };
        }
        if lot.exhausted {
            Look::Exhausted { ends: lot.ends }
        } else {
            Look::Empty
        }
    }

    /// Puts a lot down that the store has granted, less the one that is served at once. What others have put down
    /// meanwhile for the same window is kept.
    pub(super) fn put(&self, limit: Limit, subject: &Subject, granted: u32, beyond: u32, ends: Timestamp) -> u32 {
        let mut kept = self.kept();
        make_room(&mut kept, ends);
        let lot = kept.entry((limit, subject.clone())).or_insert(Lot {
            left: 0,
            beyond,
            exhausted: false,
            ends,
        });
        if lot.ends != ends {
            lot.left = 0;
        }
        *lot = Lot {
            left: lot.left + granted.saturating_sub(1),
            beyond,
            exhausted: false,
            ends,
        };
        lot.left + lot.beyond
    }

    /// Remembers that there is no more until then, so that whoever goes on asking costs nothing.
    pub(super) fn exhaust(&self, limit: Limit, subject: &Subject, ends: Timestamp) {
        let mut kept = self.kept();
        make_room(&mut kept, ends);
        let lot = kept.entry((limit, subject.clone())).or_insert(Lot {
            left: 0,
            beyond: 0,
            exhausted: true,
            ends,
        });
        lot.exhausted = true;
        lot.beyond = 0;
        lot.ends = ends;
    }
}

/// `latest` is the end of a window that is running: whatever ends a whole window earlier is over.
fn make_room(kept: &mut HashMap<(Limit, Subject), Lot>, latest: Timestamp) {
    if kept.len() < CAPACITY {
        return;
    }
    kept.retain(|_, lot| latest - lot.ends < chrono::Duration::minutes(1));
    if kept.len() >= CAPACITY {
        kept.clear();
    }
}
