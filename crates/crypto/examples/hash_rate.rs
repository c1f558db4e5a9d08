//! How many passwords a second one thread can hash here, and nothing else: what `scripts/bench` measures logins and
//! sign-ups against.
//!
//! ```sh
//! cargo run --release -p rookery-crypto --example hash_rate -- 4
//! ```

use std::error::Error;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

fn main() -> Result<(), Box<dyn Error>> {
    let seconds: u64 = std::env::args().nth(1).map_or(Ok(4), |text| text.parse())?;
    let params = Params::new(19_456, 2, 1, Some(32))?;
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut tag = [0; 32];

    argon2.hash_password_into_with_memory(b"warming up", &[0; 16], &mut tag, &mut memory)?;
    let (begun, mut hashes) = (Instant::now(), 0_u32);
    while begun.elapsed() < Duration::from_secs(seconds) {
        let salt = u128::from(hashes).to_le_bytes();
        argon2.hash_password_into_with_memory(b"correct horse battery", &salt, &mut tag, &mut memory)?;
        hashes += 1;
    }
    println!(
        "{:.2} hashes a second",
        f64::from(hashes) / begun.elapsed().as_secs_f64()
    );
    Ok(())
}
