//! How much work a password hash is.

use argon2::Params;
use thiserror::Error;

/// Weakest pairs of memory (KiB) and passes, all equally strong (OWASP Password Storage Cheat Sheet, Argon2id).
const FLOOR: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// Most memory one hash may take, in KiB: 256 MiB. A row in a database must not be able to ask for more.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
/// Most passes over that memory.
const MAX_PASSES: u32 = 16;
/// Most lanes.
const MAX_LANES: u32 = 8;

/// The cost of one Argon2id hash.
///
/// Lanes are computed one after the other here, so more of them do not make a hash faster; they are there for hashes
/// that were made elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Why a cost is refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum UnacceptableCost {
    /// Guessing such hashes is too cheap.
    #[error(
        "argon2id with {memory_kib} KiB and {passes} passes is too weak: use at least 47104 KiB with 1 pass, 19456 with 2, \
         12288 with 3, 9216 with 4 or 7168 with 5 or more"
    )]
    TooWeak {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes.
        passes: u32,
    },
    /// One hash would take the machine down.
    #[error(
        "argon2id with {memory_kib} KiB, {passes} passes and {lanes} lanes is out of bounds: at most 262144 KiB, 16 passes \
         and 8 lanes, and at least 8 KiB a lane, 1 pass and 1 lane"
    )]
    OutOfBounds {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
}

/// 19456 KiB, 2 passes, 1 lane (OWASP): 14 ms on a current core.
impl Default for Argon2Cost {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

impl Argon2Cost {
    /// A cost for new hashes.
    ///
    /// # Errors
    /// [`UnacceptableCost`] below OWASP's equivalents of the default, or above 256 MiB, 16 passes or 8 lanes.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, UnacceptableCost> {
        let cost = Self::of_stored(memory_kib, passes, lanes)?;
        if FLOOR
            .iter()
            .any(|&(memory, least)| memory_kib >= memory && passes >= least)
        {
            Ok(cost)
        } else {
            Err(UnacceptableCost::TooWeak { memory_kib, passes })
        }
    }

    /// The cost a stored hash names: it may be weak, since verifying it is how it gets replaced, but not absurd.
    pub(crate) fn of_stored(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, UnacceptableCost> {
        if (1..=MAX_PASSES).contains(&passes)
            && (1..=MAX_LANES).contains(&lanes)
            && (8 * lanes..=MAX_MEMORY_KIB).contains(&memory_kib)
        {
            Ok(Self {
                memory_kib,
                passes,
                lanes,
            })
        } else {
            Err(UnacceptableCost::OutOfBounds {
                memory_kib,
                passes,
                lanes,
            })
        }
    }

    /// Memory in KiB.
    #[must_use]
    pub const fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub const fn passes(&self) -> u32 {
        self.passes
    }

    /// Lanes.
    #[must_use]
    pub const fn lanes(&self) -> u32 {
        self.lanes
    }

    /// How many times the work of the default it is, in whole numbers and at least 1.
    pub(crate) fn weight(&self) -> usize {
        let work = |cost: &Self| u64::from(cost.memory_kib) * u64::from(cost.passes);
        usize::try_from(work(self) / work(&Self::default()))
            .unwrap_or(usize::MAX)
            .max(1)
    }

    pub(crate) fn params(&self, tag_bytes: usize) -> Result<Params, argon2::Error> {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(tag_bytes))
    }

    /// A cost no installation may have, so that tests of other matters are quick.
    #[cfg(test)]
    pub(crate) const TRIFLING: Self = Self {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_and_its_equivalents_are_accepted_and_so_is_more() {
        let default = Argon2Cost::default();
        assert_eq!(Argon2Cost::new(19_456, 2, 1), Ok(default));
        for (memory, passes) in FLOOR {
            assert!(Argon2Cost::new(memory, passes, 1).is_ok());
            assert!(Argon2Cost::new(memory + 1, passes + 1, 4).is_ok());
        }
        assert!(Argon2Cost::new(262_144, 16, 8).is_ok());
    }

    // Proves: ASVS 11.4.2
    #[test]
    fn whatever_is_weaker_in_memory_or_passes_is_refused_with_the_way_out() {
        for (memory_kib, passes) in [(47_103, 1), (19_455, 2), (12_287, 3), (9_215, 4), (7_167, 16)] {
            let refused = Argon2Cost::new(memory_kib, passes, 1).unwrap_err();
            assert_eq!(refused, UnacceptableCost::TooWeak { memory_kib, passes });
            assert!(refused.to_string().contains("19456 with 2"));
        }
    }

    #[test]
    fn whatever_could_take_the_machine_down_is_refused() {
        for (memory_kib, passes, lanes) in [
            (262_145, 2, 1),
            (u32::MAX, 2, 1),
            (19_456, 17, 1),
            (19_456, 0, 1),
            (19_456, 2, 9),
            (19_456, 2, 0),
            (19_456, 2, u32::MAX),
        ] {
            assert!(
                matches!(
                    Argon2Cost::new(memory_kib, passes, lanes),
                    Err(UnacceptableCost::OutOfBounds { .. })
                ),
                "{memory_kib} {passes} {lanes}"
            );
        }
    }

    #[test]
    fn the_weight_follows_the_work() {
        assert_eq!(Argon2Cost::default().weight(), 1);
        assert_eq!(Argon2Cost::TRIFLING.weight(), 1);
        assert_eq!(Argon2Cost::new(65_536, 3, 4).unwrap().weight(), 5);
    }
}
