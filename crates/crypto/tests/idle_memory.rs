//! The memory hashing takes is given back to the system. In a binary of its own: other tests would blur the figure.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rookery_core::ports::PasswordHasher;
use rookery_crypto::{Argon2Hasher, HasherSettings, OsEntropy};
use rookery_domain::{PasswordAttempt, SecretString};

/// Resident memory of this process in MiB.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}

#[test]
fn after_a_rest_the_hasher_is_as_small_as_before_its_work_every_time() {
    let hasher = Argon2Hasher::start(
        HasherSettings {
            threads: NonZeroUsize::new(2),
            idle: Duration::from_millis(100),
            ..HasherSettings::default()
        },
        Arc::new(OsEntropy),
    )
    .unwrap();
    let password = PasswordAttempt::parse(&SecretString::from("correct horse battery staple")).unwrap();
    let before = resident();
    for round in 0..4 {
        let mut most = 0;
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    futures_executor::block_on(hasher.hash(&password, rookery_core::ports::Lane::Stranger))
                        .expect("room in the queue")
                });
            }
            while most < before + 15 {
                most = most.max(resident());
                thread::sleep(Duration::from_millis(1));
            }
        });
        let patience = Instant::now() + Duration::from_secs(10);
        while resident() > before + 4 {
            assert!(
                Instant::now() < patience,
                "round {round}: {} MiB before, {most} in work, {} long after",
                before,
                resident()
            );
            thread::sleep(Duration::from_millis(20));
        }
    }
}
