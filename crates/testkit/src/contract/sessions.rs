//! The promises of [`SessionStore`](rookery_core::ports::SessionStore).

mod ending;
mod listing;
mod proving;
mod resolving;
mod switching;
mod touching;

pub use ending::*;
pub use listing::*;
pub use proving::*;
pub use resolving::*;
pub use switching::*;
pub use touching::*;

use rookery_core::domain::SessionLifetime;
use rookery_core::ports::SessionTouch;

use super::{OpenSession, Person, World};

fn touch(world: &World, person: &Person, session: &OpenSession) -> SessionTouch {
    SessionTouch {
        session: session.id,
        user: person.user,
        seen: world.now(),
        idle_expires: world.now() + SessionLifetime::DEFAULT.idle,
    }
}

/// How often a race is run: often enough that each side wins now and then.
const ROUNDS: usize = 8;
