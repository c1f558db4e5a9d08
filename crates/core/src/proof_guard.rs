//! Signed-in people who are asked again who they are, and how often they may be wrong.

use std::sync::Arc;

use rookery_domain::{AuditAction, AuditOutcome, Caller, Session};
use serde_json::json;
use tracing::warn;

use crate::ports::{PortError, SessionStore};
use crate::throttling::{Limit, Subject, Throttle, ThrottleError};
use crate::{AuditEvent, Mint};

/// Stands before everything that asks a signed-in person for their password or second factor once more: changing the
/// password, changing the address, [proving again who they are](crate::Reauthentication). All of them share two counters,
/// so that nobody guesses on at the next door: wrong proofs of a person within a while, which
/// [refuses](Limit::CurrentPassword), and wrong proofs in a row on one session, the last of which
/// [ends it](Limit::CurrentPasswordInARow): whoever sits at an open session without knowing the password is shown out.
#[derive(Clone)]
pub struct ProofGuard {
    throttle: Throttle,
    sessions: Arc<dyn SessionStore>,
    mint: Mint,
}

/// A proof that was counted and may be looked at.
#[derive(Debug)]
pub struct ProofAttempt {
    is_last: bool,
}

/// What is left of the session after a wrong proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It goes on.
    SignedIn,
    /// That was one too many in a row: it has ended.
    SignedOut,
}

impl ProofGuard {
    /// A guard with these counters, who ends sessions here.
    #[must_use]
    pub fn new(throttle: Throttle, sessions: Arc<dyn SessionStore>, mint: Mint) -> Self {
        Self {
            throttle,
            sessions,
            mint,
        }
    }

    /// Counts a proof, before it is compared with anything.
    ///
    /// # Errors
    /// [`ThrottleError`]; then the proof must not be looked at.
    pub async fn admit(&self, session: &Session) -> Result<ProofAttempt, ThrottleError> {
        self.throttle.take(Limit::CurrentPassword, &of_person(session)).await?;
        let row = self
            .throttle
            .take(Limit::CurrentPasswordInARow, &in_row(session))
            .await?;
        Ok(ProofAttempt {
            is_last: row.was_last(),
        })
    }

    /// The proof was right: both counts begin anew. That they go on when the counters do not answer harms nobody.
    pub async fn right(&self, session: &Session) {
        for (limit, subject) in counters(session) {
            told(self.throttle.clear(limit, &subject).await);
        }
    }

    /// The proof was not looked at after all, for something below failed: it does not count.
    pub async fn unjudged(&self, session: &Session) {
        for (limit, subject) in counters(session) {
            told(self.throttle.give_back(limit, &subject).await);
        }
    }

    /// The proof was wrong. The last one in a row ends the session, with an event that says why.
    ///
    /// # Errors
    /// [`PortError`] when the session could not be ended.
    pub async fn wrong(
        &self,
        session: &Session,
        attempt: ProofAttempt,
        caller: &Caller,
    ) -> Result<Standing, PortError> {
        if !attempt.is_last {
            return Ok(Standing::SignedIn);
        }
        let event = AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            detail: Some(json!({ "reason": "wrong_proofs" })),
            ..self.mint.event(
                self.mint.now(),
                AuditAction::SessionEnded,
                AuditOutcome::Success,
                caller,
            )
        };
        // Whether it ends now or had ended a moment before is the same to whoever held it.
        self.sessions.end(&session.id, &event).await?;
        Ok(Standing::SignedOut)
    }
}

fn counters(session: &Session) -> [(Limit, Subject); 2] {
    [
        (Limit::CurrentPassword, of_person(session)),
        (Limit::CurrentPasswordInARow, in_row(session)),
    ]
}

const fn of_person(session: &Session) -> Subject {
    Subject::User(session.user)
}

const fn in_row(session: &Session) -> Subject {
    Subject::Session(session.id)
}

fn told(done: Result<(), PortError>) {
    if let Err(error) = done {
        warn!(error = error.chain(), "a count of wrong proofs could not be changed");
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use futures_executor::block_on;

    use super::*;
    use crate::fixture::{Workshop, caller, signed_in};
    use crate::mocks::MemoryThrottleStore;
    use crate::ports::MockSessionStore;
    use crate::throttling::LimitProfile;

    fn guard(workshop: &Workshop, sessions: MockSessionStore) -> ProofGuard {
        let clock = Arc::<crate::mocks::ManualClock>::clone(&workshop.clock);
        let throttle = MemoryThrottleStore::throttle(clock, LimitProfile::Default);
        ProofGuard::new(throttle, Arc::new(sessions), workshop.mint.clone())
    }

    #[test]
    fn five_wrong_proofs_of_a_person_are_enough_for_a_quarter_of_an_hour() {
        let workshop = Workshop::open();
        let session = signed_in(workshop.now()).session;
        let guard = guard(&workshop, MockSessionStore::new());
        block_on(async {
            for _ in 0..5 {
                let attempt = guard.admit(&session).await.unwrap();
                assert_eq!(
                    guard.wrong(&session, attempt, &caller()).await.unwrap(),
                    Standing::SignedIn
                );
            }
            let elsewhere = signed_in(workshop.now() - Duration::minutes(1)).session;
            for session in [&session, &elsewhere] {
                let refused = guard.admit(session).await;
                assert!(matches!(refused, Err(ThrottleError::Refused(_))), "{refused:?}");
            }
            workshop.clock.advance(Duration::minutes(15));
            assert!(guard.admit(&session).await.is_ok());
        });
    }

    #[test]
    fn the_tenth_wrong_proof_in_a_row_ends_the_session() {
        let workshop = Workshop::open();
        let session = signed_in(workshop.now()).session;
        let (id, user) = (session.id, session.user);
        let mut sessions = MockSessionStore::new();
        sessions
            .expect_end()
            .times(1)
            .withf(move |ended, event| {
                *ended == id
                    && event.action == AuditAction::SessionEnded
                    && event.user == Some(user)
                    && event.detail == Some(json!({ "reason": "wrong_proofs" }))
            })
            .returning(|_, _| Ok(true));
        let guard = guard(&workshop, sessions);
        block_on(async {
            for number in 1..=10 {
                if number == 6 {
                    workshop.clock.advance(Duration::minutes(15));
                }
                let attempt = guard.admit(&session).await.unwrap();
                let standing = guard.wrong(&session, attempt, &caller()).await.unwrap();
                assert_eq!(standing == Standing::SignedOut, number == 10, "{number}");
            }
        });
    }

    #[test]
    fn a_right_proof_begins_the_counts_anew_and_one_that_was_not_judged_does_not_count() {
        let workshop = Workshop::open();
        let session = signed_in(workshop.now()).session;
        let guard = guard(&workshop, MockSessionStore::new());
        block_on(async {
            for _ in 0..4 {
                for _ in 0..4 {
                    let attempt = guard.admit(&session).await.unwrap();
                    assert_eq!(
                        guard.wrong(&session, attempt, &caller()).await.unwrap(),
                        Standing::SignedIn
                    );
                }
                guard.admit(&session).await.unwrap();
                guard.right(&session).await;
            }
            for _ in 0..20 {
                guard.admit(&session).await.unwrap();
                guard.unjudged(&session).await;
            }
        });
    }
}
