//! The operating system's entropy.

use rookery_core::ports::Entropy;

/// Unpredictable bytes from the operating system (`getrandom(2)` on Linux).
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    /// Ends the process when the system has no entropy to give: an account service that goes on with predictable tokens
    /// is worse than none.
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            tracing::error!(%error, "the operating system gives no entropy");
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_draws_are_alike_and_every_byte_is_drawn() {
        let draws: HashSet<[u8; 32]> = (0..1000)
            .map(|_| {
                let mut bytes = [0; 32];
                OsEntropy.fill(&mut bytes);
                bytes
            })
            .collect();
        assert_eq!(draws.len(), 1000);
        for position in 0..32 {
            assert!(
                draws.iter().any(|bytes| bytes[position] != 0),
                "byte {position} is never drawn"
            );
        }
    }
}
