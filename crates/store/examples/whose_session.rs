//! Another service, in a process of its own, asks Rookery's database who is signed in: no HTTP, and nothing of Rookery but
//! `rookery-core` and this adapter.
//!
//! ```sh
//! DATABASE_URL='sqlite://data/rookery.db' cargo run -p rookery-store --example whose_session -- 'TOKEN'
//! ```
//!
//! The token is what the cookie `sid` holds (`__Host-sid` on https). On PostgreSQL connect as the role of the server. Which
//! version of Rookery has made the tables and which one this is built from have to be the same.

use std::env;
use std::error::Error;
use std::sync::Arc;

use chrono::{Duration, SubsecRound, Utc};
use rookery_core::domain::{SessionToken, Timestamp};
use rookery_core::ports::Clock;
use rookery_core::{Mint, SessionError, SessionService, Sessions};
use rookery_crypto::OsEntropy;
use rookery_store::{Database, DatabaseSettings, SqlSessionStore};

/// The server's `ROOKERY_SECOND_FACTOR_GRACE`.
const GRACE: Duration = Duration::days(7);

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter that reads the clock")]
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = Database::connect(&DatabaseSettings::new(env::var("DATABASE_URL")?)).await?;
    let sessions: Arc<dyn Sessions> = Arc::new(SessionService {
        sessions: Arc::new(SqlSessionStore::new(database.clone(), GRACE)),
        mint: Mint::new(Arc::new(SystemClock), Arc::new(OsEntropy)),
    });

    let shown = env::args().nth(1).ok_or("whose session? Give its token")?;
    let token = SessionToken::parse(&shown).ok_or("that is no session token")?;
    match sessions.authenticate(&token).await {
        Ok(signed_in) => println!("{} is signed in", signed_in.profile.email),
        Err(SessionError::NotSignedIn) => println!("nobody is signed in with it"),
        // Whether somebody is signed in is not known: never a guess.
        Err(SessionError::Port(error)) => return Err(error.into()),
    }
    database.close().await;
    Ok(())
}
