//! The memory a hash is computed in, kept between hashes.

use argon2::{Algorithm, Argon2, Block, Version};
use thiserror::Error;

use crate::Argon2Cost;

/// Room that is asked for even when less is needed, in blocks of 1 KiB.
///
/// The GNU C library returns a freed allocation to the system only when it was mapped on its own, which it does for sure
/// above 32 MiB (`M_MMAP_THRESHOLD`'s greatest value); smaller ones it learns to keep. Pages that are never touched cost
/// nothing, so an allocation of 33 MiB of which 19 are used takes 19, and none when it is freed.
const MAPPED_ON_ITS_OWN: usize = 33 * 1024;

/// One thread's hashing memory: empty at first, then as large as the largest cost of late.
#[derive(Default)]
pub(crate) struct Memory(Vec<Block>);

/// Why a tag was not computed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum Uncomputed {
    #[error("no memory for a hash")]
    NoMemory,
    #[error(transparent)]
    Argon2(#[from] argon2::Error),
}

impl Memory {
    /// Computes the tag of a password.
    pub(crate) fn tag(
        &mut self,
        cost: &Argon2Cost,
        pepper: Option<&[u8]>,
        password: &[u8],
        salt: &[u8],
        tag: &mut [u8],
    ) -> Result<(), Uncomputed> {
        let params = cost.params(tag.len())?;
        let argon2 = match pepper {
            Some(secret) => Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params)?,
            None => Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
        };
        self.reserve(cost)?;
        Ok(argon2.hash_password_into_with_memory(password, salt, tag, &mut self.0)?)
    }

    /// Makes room for a hash of this cost.
    pub(crate) fn reserve(&mut self, cost: &Argon2Cost) -> Result<(), Uncomputed> {
        let blocks = cost.params(32)?.block_count();
        if self.0.len() < blocks {
            // Nothing in the old blocks is worth copying.
            self.give_back();
            self.0
                .try_reserve_exact(blocks.max(MAPPED_ON_ITS_OWN))
                .map_err(|_| Uncomputed::NoMemory)?;
            self.0.resize(blocks, Block::new());
        }
        Ok(())
    }

    /// Keeps no more than a hash of this cost needs.
    pub(crate) fn shrink_to(&mut self, cost: &Argon2Cost) {
        if cost.params(32).is_ok_and(|params| self.0.len() > params.block_count()) {
            self.give_back();
        }
    }

    /// Keeps nothing.
    pub(crate) fn give_back(&mut self) {
        self.0 = Vec::new();
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_used_before_gives_the_same_tags_as_new_memory() {
        let tag = |memory: &mut Memory, password: &[u8]| {
            let mut tag = [0; 32];
            memory
                .tag(&Argon2Cost::TRIFLING, None, password, b"salty enough", &mut tag)
                .unwrap();
            tag
        };
        let mut used = Memory::default();
        for password in [b"one", b"two", b"one"] {
            assert_eq!(tag(&mut used, password), tag(&mut Memory::default(), password));
        }
        assert_ne!(tag(&mut used, b"one"), tag(&mut used, b"two"));
    }

    #[test]
    fn a_hash_out_of_the_ordinary_leaves_no_large_memory_behind() {
        let large = Argon2Cost::of_stored(1024, 1, 1).unwrap();
        let mut memory = Memory::default();
        memory.reserve(&large).unwrap();
        memory.shrink_to(&large);
        assert_eq!(memory.0.len(), 1024);
        memory.shrink_to(&Argon2Cost::TRIFLING);
        assert!(memory.is_empty());
    }
}
