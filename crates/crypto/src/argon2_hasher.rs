//! The password hasher.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io, thread};

use async_trait::async_trait;
use rookery_core::ports::{Entropy, HasherError, Lane, PasswordHasher, PortError, Verdict};
use rookery_domain::{PasswordAttempt, PasswordHash};
use subtle::ConstantTimeEq;
use thiserror::Error;

use crate::crew::{Crew, Memory, Refusal, Uncomputed};
use crate::stored_hash::{Recipe, SALT, StoredHash, TAG};
use crate::{Argon2Cost, Peppers};

/// Hashes of the default cost that may wait for one thread. At 14 ms each the last waits 0.45 s, and on a core half as
/// fast still under a second; who comes after it is better served by an answer than by a place.
const QUEUE_PER_THREAD: usize = 32;

/// How an [`Argon2Hasher`] works.
#[derive(Debug)]
pub struct HasherSettings {
    /// The cost of new hashes.
    pub cost: Argon2Cost,
    /// The peppers.
    pub peppers: Peppers,
    /// Threads that hash; `None` for one a core.
    pub threads: Option<NonZeroUsize>,
    /// Hashes that may wait in each lane, all threads together; `None` for as many as are done within about half a second: 32 a
    /// thread at the default cost, fewer at a higher one.
    pub queue: Option<NonZeroUsize>,
    /// How long a thread without work keeps its memory: 10 s.
    pub idle: Duration,
    /// Is told of every hash that is computed, right before it is.
    pub observer: HashObserver,
}

/// Counts hashes, for metrics and for tests that prove two requests to cost the same. Called on the hashing threads, so it
/// must not block.
#[derive(Clone, Default)]
pub struct HashObserver(Option<Arc<dyn Fn() + Send + Sync>>);

impl HashObserver {
    /// Calls back before every hash.
    #[must_use]
    pub fn new(callback: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(callback)))
    }

    fn tell(&self) {
        if let Some(callback) = &self.0 {
            callback();
        }
    }
}

impl fmt::Debug for HashObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HashObserver").field(&self.0.is_some()).finish()
    }
}

impl Default for HasherSettings {
    fn default() -> Self {
        Self {
            cost: Argon2Cost::default(),
            peppers: Peppers::none(),
            threads: None,
            queue: None,
            idle: Duration::from_secs(10),
            observer: HashObserver::default(),
        }
    }
}

/// The system gave no thread to hash passwords on.
#[derive(Debug, Error)]
#[error("no thread for hashing passwords")]
pub struct HasherStartError(#[from] io::Error);

/// [`PasswordHasher`] with Argon2id, RFC 9106, on threads of its own.
///
/// A flood of logins therefore costs a fixed amount of memory (the threads times the memory of one hash) and no other
/// request its turn; what exceeds its lane is refused at once. Dropping the hasher ends its threads; what they have
/// begun they finish first.
///
/// Every verification computes one hash, for nobody's password as for somebody's, also where the stored hash is of no use
/// (made with a pepper that is gone, damaged): then it is logged for the operator, and whoever asks is told what a stranger
/// is told. Only a hash made under other parameters than today's takes another time, until its owner's next login renews it.
#[derive(Debug)]
pub struct Argon2Hasher {
    crew: Crew,
    scheme: Arc<Scheme>,
    nobody: StoredHash,
}

/// How hashes are made today, and what is needed to check those of yesterday.
struct Scheme {
    cost: Argon2Cost,
    peppers: Peppers,
    entropy: Arc<dyn Entropy>,
    observer: HashObserver,
}

impl Argon2Hasher {
    /// Starts the threads. Takes no hashing to do so.
    ///
    /// # Errors
    /// [`HasherStartError`] when the system gives no threads.
    pub fn start(settings: HasherSettings, entropy: Arc<dyn Entropy>) -> Result<Self, HasherStartError> {
        let threads = settings
            .threads
            .or_else(|| thread::available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN);
        let queue = settings.queue.unwrap_or_else(|| usual_queue(threads, &settings.cost));
        let scheme = Arc::new(Scheme {
            cost: settings.cost,
            peppers: settings.peppers,
            entropy,
            observer: settings.observer,
        });
        Ok(Self {
            crew: Crew::start(threads, queue, settings.idle)?,
            nobody: scheme.nobody(),
            scheme,
        })
    }

    /// Hashes that wait for a thread.
    #[must_use]
    pub fn queue_len(&self) -> usize {
        self.crew.waiting()
    }

    /// Threads that hash.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.crew.size()
    }

    /// Ends the threads: what is in work is finished, what waits is answered as unavailable, and so is what comes after.
    /// Blocks for as long as one hash takes.
    pub fn shutdown(&self) {
        self.crew.send_home();
    }

    /// The one path of every verification, whoever's hash it is.
    async fn compare(
        &self,
        password: &PasswordAttempt,
        stored: StoredHash,
        lane: Lane,
    ) -> Result<Verdict, HasherError> {
        let password = password.clone();
        self.work("passwords.verify", lane, move |memory, scheme| {
            scheme.verify(memory, &password, &stored)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        operation: &'static str,
        lane: Lane,
        work: impl FnOnce(&mut Memory, &Scheme) -> Result<T, PortError> + Send + 'static,
    ) -> Result<T, HasherError> {
        const CLOSED: &str = "the hasher is shutting down";
        let scheme = Arc::clone(&self.scheme);
        let answer = self
            .crew
            .submit(lane, move |memory| work(memory, &scheme))
            .map_err(|refusal| match refusal {
                Refusal::Full => HasherError::Busy,
                Refusal::Closed => HasherError::Port(PortError::unavailable(operation, CLOSED)),
            })?;
        match answer.await {
            Ok(done) => Ok(done?),
            Err(_) if self.crew.is_open() => Err(PortError::broken(operation, "the hashing thread panicked").into()),
            Err(_) => Err(PortError::unavailable(operation, CLOSED).into()),
        }
    }
}

fn usual_queue(threads: NonZeroUsize, cost: &Argon2Cost) -> NonZeroUsize {
    let per_thread = NonZeroUsize::new(QUEUE_PER_THREAD / cost.weight()).unwrap_or(NonZeroUsize::MIN);
    threads.saturating_mul(per_thread)
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &PasswordAttempt, lane: Lane) -> Result<PasswordHash, HasherError> {
        let password = password.clone();
        self.work("passwords.hash", lane, move |memory, scheme| {
            scheme.hash(memory, &password)
        })
        .await
    }

    async fn verify(
        &self,
        password: &PasswordAttempt,
        hash: &PasswordHash,
        lane: Lane,
    ) -> Result<Verdict, HasherError> {
        match self.scheme.usable(hash) {
            Ok(stored) => self.compare(password, stored, lane).await,
            Err(unusable) => {
                if let Some(reason) = unusable {
                    tracing::error!(
                        reason,
                        "a stored password hash cannot be checked: its owner has to reset the password"
                    );
                }
                self.verify_nobody(password, lane).await.map(|()| Verdict::Wrong)
            }
        }
    }

    async fn verify_nobody(&self, password: &PasswordAttempt, lane: Lane) -> Result<(), HasherError> {
        self.compare(password, self.nobody.clone(), lane).await.map(drop)
    }
}

impl Scheme {
    /// The stored hash, if a password can be compared with it; otherwise why not, for the operator. Nothing is said of a
    /// hash that is there to fit no password.
    fn usable(&self, hash: &PasswordHash) -> Result<StoredHash, Option<String>> {
        if hash.fits_nothing() {
            return Err(None);
        }
        let stored = StoredHash::read(hash).map_err(|error| Some(error.to_string()))?;
        match self.peppers.secret(stored.recipe.pepper) {
            Ok(_) => Ok(stored),
            Err(unknown) => Err(Some(unknown.to_string())),
        }
    }

    fn hash(&self, memory: &mut Memory, password: &PasswordAttempt) -> Result<PasswordHash, PortError> {
        let broken = |error| PortError::broken("passwords.hash", error);
        let recipe = self.recipe();
        let mut tag = vec![0; TAG];
        self.compute("passwords.hash", memory, password, &recipe, &mut tag)?;
        StoredHash { recipe, tag }.print().map_err(broken)
    }

    fn verify(
        &self,
        memory: &mut Memory,
        password: &PasswordAttempt,
        stored: &StoredHash,
    ) -> Result<Verdict, PortError> {
        let mut computed = vec![0; stored.tag.len()];
        self.compute("passwords.verify", memory, password, &stored.recipe, &mut computed)?;
        Ok(if !bool::from(computed.ct_eq(&stored.tag)) {
            Verdict::Wrong
        } else if stored.is_outdated(&self.cost, &self.peppers) {
            Verdict::RightButOutdated
        } else {
            Verdict::Right
        })
    }

    fn compute(
        &self,
        operation: &'static str,
        memory: &mut Memory,
        password: &PasswordAttempt,
        recipe: &Recipe,
        tag: &mut [u8],
    ) -> Result<(), PortError> {
        let pepper = self
            .peppers
            .secret(recipe.pepper)
            .map_err(|error| PortError::broken(operation, error))?;
        let pepper = pepper.as_ref().map(|secret| secret.as_slice());
        self.observer.tell();
        let computed = memory.tag(&recipe.cost, pepper, password.expose().as_bytes(), &recipe.salt, tag);
        memory.shrink_to(&self.cost);
        computed.map_err(|error| match error {
            Uncomputed::NoMemory => PortError::unavailable(operation, error),
            Uncomputed::Argon2(_) => PortError::broken(operation, error),
        })
    }

    /// What a hash made now is made of.
    fn recipe(&self) -> Recipe {
        let mut salt = [0; SALT];
        self.entropy.fill(&mut salt);
        Recipe {
            cost: self.cost,
            pepper: self.peppers.current(),
            salt: salt.to_vec(),
        }
    }

    /// A hash that no password has: its tag is drawn, not computed, so that starting costs no hashing.
    fn nobody(&self) -> StoredHash {
        let mut tag = [0; TAG];
        self.entropy.fill(&mut tag);
        StoredHash {
            recipe: self.recipe(),
            tag: tag.to_vec(),
        }
    }
}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheme")
            .field("cost", &self.cost)
            .field("peppers", &self.peppers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
