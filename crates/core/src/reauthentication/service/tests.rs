use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{Factor, FactorId, FactorState, RecoveryCode, SessionToken, Timestamp, TotpCode, TotpStep};

use super::*;
use crate::fixture::{Workshop, attempt, caller, credential, hash, idle_check, signed_in, user};
use crate::mocks::{ManualClock, MemoryThrottleStore};
use crate::ports::{
    FactorUse, HasherError, HeldFactors, MockAuditLog, MockCredentialStore, MockPasswordHasher, MockSecondFactorStore,
    MockSessionStore, PortError, SealedFactor,
};
use crate::throttling::LimitProfile;

struct Bench {
    workshop: Workshop,
    credentials: MockCredentialStore,
    sessions: MockSessionStore,
    audit: MockAuditLog,
    hasher: MockPasswordHasher,
    factors: MockSecondFactorStore,
    check: FactorCheck,
}

impl Bench {
    /// Ada's credential is there, and the hasher says this about her password, so often.
    fn saying(verdict: Verdict, times: usize) -> Self {
        let mut hasher = MockPasswordHasher::new();
        hasher
            .expect_verify()
            .times(times)
            .withf(|typed, stored, lane| {
                typed.expose() == "SecurePass123!" && *stored == hash("stored") && *lane == Lane::Known
            })
            .returning(move |_, _, _| Ok(verdict));
        let mut credentials = MockCredentialStore::new();
        credentials
            .expect_by_user()
            .withf(|asked| *asked == user())
            .returning(|_| Ok(Some(credential())));
        Self {
            workshop: Workshop::open(),
            credentials,
            sessions: MockSessionStore::new(),
            audit: MockAuditLog::new(),
            factors: MockSecondFactorStore::new(),
            check: idle_check(),
            hasher,
        }
    }

    fn with_failures(mut self, times: usize) -> Self {
        self.audit
            .expect_record()
            .times(times)
            .withf(|event| {
                event.action == AuditAction::Reauthentication
                    && event.outcome == AuditOutcome::Failure
                    && event.user == Some(user())
            })
            .returning(|_| Ok(()));
        self
    }

    fn open(self) -> (Workshop, ReauthenticationService) {
        let sessions: Arc<dyn SessionStore> = Arc::new(self.sessions);
        let clock = Arc::<ManualClock>::clone(&self.workshop.clock);
        let throttle = MemoryThrottleStore::throttle(clock, LimitProfile::Default);
        let mint = self.workshop.mint.clone();
        let service = ReauthenticationService {
            credentials: Arc::new(self.credentials),
            sessions: Arc::clone(&sessions),
            audit: Arc::new(self.audit),
            factors: Arc::new(self.factors),
            check: self.check,
            hasher: Arc::new(self.hasher),
            guard: ProofGuard::new(throttle, sessions, mint.clone()),
            mint,
        };
        (self.workshop, service)
    }
}

fn held() -> SessionToken {
    SessionToken::from_entropy([5; 32])
}

fn by_password() -> Reauthenticate {
    Reauthenticate {
        held: held(),
        proof: Proof::Password(attempt("SecurePass123!")),
        caller: caller(),
    }
}

#[test]
fn a_right_password_renews_the_session_from_the_token_that_was_held() {
    for verdict in [Verdict::Right, Verdict::RightButOutdated] {
        let mut bench = Bench::saying(verdict, 1);
        let who = signed_in(bench.workshop.now() - Duration::hours(2));
        let (id, at) = (who.session.id, bench.workshop.now());
        let digest = Arc::new(std::sync::Mutex::new(None));
        let stored = Arc::clone(&digest);
        bench
            .sessions
            .expect_renew()
            .times(1)
            .withf(move |renewal| {
                renewal.session == id
                    && renewal.user == user()
                    && renewal.held == held().digest()
                    && renewal.methods == [AuthMethod::Password]
                    && renewal.at == at
                    && renewal.event.action == AuditAction::Reauthentication
                    && renewal.event.outcome == AuditOutcome::Success
                    && renewal.event.session == Some(id)
            })
            .returning(move |renewal| {
                *stored.lock().unwrap() = Some(renewal.new_digest);
                Ok(true)
            });
        let (_, service) = bench.open();
        let renewed = block_on(service.prove(&who, by_password())).unwrap();
        assert_eq!(Some(renewed.token.digest()), *digest.lock().unwrap());
        assert_ne!(renewed.token.digest(), held().digest());
        assert_eq!(
            (renewed.expires, renewed.remembered),
            (who.session.expires, who.session.remembered)
        );
    }
}

#[test]
fn the_method_is_added_to_those_the_session_has() {
    let both = [AuthMethod::Totp, AuthMethod::Password];
    assert_eq!(with(&[AuthMethod::Totp], AuthMethod::Password), both);
    assert_eq!(with(&both, AuthMethod::Password), both);
}

// Proves: A79, ASVS 16.3.1
#[test]
fn a_wrong_password_renews_nothing_and_is_written_down() {
    let mut bench = Bench::saying(Verdict::Wrong, 1).with_failures(1);
    bench.sessions.expect_renew().never();
    let (workshop, service) = bench.open();
    let answer = block_on(service.prove(&signed_in(workshop.now()), by_password()));
    assert!(matches!(answer, Err(ReauthenticationError::WrongProof)), "{answer:?}");
}

#[test]
fn after_five_wrong_ones_no_password_is_compared_any_more() {
    let (workshop, service) = Bench::saying(Verdict::Wrong, 5).with_failures(5).open();
    let who = signed_in(workshop.now());
    for _ in 0..5 {
        let answer = block_on(service.prove(&who, by_password()));
        assert!(matches!(answer, Err(ReauthenticationError::WrongProof)), "{answer:?}");
    }
    for _ in 0..3 {
        let answer = block_on(service.prove(&who, by_password()));
        assert!(matches!(answer, Err(ReauthenticationError::Throttled(_))), "{answer:?}");
    }
}

#[test]
fn the_tenth_wrong_one_in_a_row_ends_the_session() {
    let mut bench = Bench::saying(Verdict::Wrong, 10).with_failures(10);
    let who = signed_in(bench.workshop.now());
    let id = who.session.id;
    bench
        .sessions
        .expect_end()
        .times(1)
        .withf(move |ended, _| *ended == id)
        .returning(|_, _| Ok(true));
    let (workshop, service) = bench.open();
    for number in 1..=10 {
        if number == 6 {
            workshop.clock.advance(Duration::minutes(15));
        }
        let answer = block_on(service.prove(&who, by_password()));
        let over = matches!(answer, Err(ReauthenticationError::NotSignedIn));
        assert_eq!(over, number == 10, "{number}: {answer:?}");
    }
}

#[test]
fn a_session_that_ended_or_was_renewed_meanwhile_is_not_revived() {
    let mut bench = Bench::saying(Verdict::Right, 1);
    bench.sessions.expect_renew().returning(|_| Ok(false));
    let (workshop, service) = bench.open();
    let answer = block_on(service.prove(&signed_in(workshop.now()), by_password()));
    assert!(matches!(answer, Err(ReauthenticationError::NotSignedIn)), "{answer:?}");

    let mut bench = Bench::saying(Verdict::Right, 0);
    bench.credentials = MockCredentialStore::new();
    bench.credentials.expect_by_user().returning(|_| Ok(None));
    let (workshop, service) = bench.open();
    let answer = block_on(service.prove(&signed_in(workshop.now()), by_password()));
    assert!(matches!(answer, Err(ReauthenticationError::NotSignedIn)), "{answer:?}");
}

#[test]
fn what_was_not_compared_does_not_count() {
    let mut bench = Bench::saying(Verdict::Right, 0);
    bench.hasher = MockPasswordHasher::new();
    bench
        .hasher
        .expect_verify()
        .times(20)
        .returning(|_, _, _| Err(HasherError::Busy));
    let (workshop, service) = bench.open();
    for _ in 0..20 {
        let answer = block_on(service.prove(&signed_in(workshop.now()), by_password()));
        assert!(matches!(answer, Err(ReauthenticationError::Busy)), "{answer:?}");
    }
}

// Proves: A79
#[test]
fn a_failure_that_cannot_be_written_down_is_told() {
    let mut bench = Bench::saying(Verdict::Wrong, 1);
    bench
        .audit
        .expect_record()
        .returning(|_| Err(PortError::unavailable("audit.record", "refused")));
    let (workshop, service) = bench.open();
    let answer = block_on(service.prove(&signed_in(workshop.now()), by_password()));
    assert!(matches!(answer, Err(ReauthenticationError::Port(_))), "{answer:?}");
}

/// Somebody with an app, whose recovery code is used up or was used before.
fn by_paper(bench: &mut Bench, counts: bool) -> Reauthenticate {
    bench.factors.expect_held().returning(|_| {
        let at = Timestamp::UNIX_EPOCH;
        Ok(HeldFactors {
            confirmed: Some(SealedFactor {
                factor: Factor {
                    id: FactorId::new(at, &[4; 10]),
                    created: at,
                    state: FactorState::Confirmed {
                        since: at,
                        last_step: TotpStep::at(at),
                    },
                    last_used: None,
                },
                sealed_secret: Vec::new(),
            }),
            pending: None,
            recovery_codes: 10,
        })
    });
    bench
        .factors
        .expect_use_up()
        .times(1)
        .withf(|spending| {
            spending.user == user()
                && matches!(spending.used, FactorUse::RecoveryCode { .. })
                && spending.event.as_ref().map(|event| event.action) == Some(AuditAction::RecoveryCodeUsed)
        })
        .returning(move |_| Ok(counts));
    Reauthenticate {
        proof: Proof::SecondFactor(FactorProof::RecoveryCode(RecoveryCode::from_entropy([7; 10]))),
        ..by_password()
    }
}

#[test]
fn a_recovery_code_proves_who_one_is_once() {
    let mut bench = Bench::saying(Verdict::Right, 0);
    let proof = by_paper(&mut bench, true);
    bench
        .sessions
        .expect_renew()
        .times(1)
        .withf(|renewal| renewal.methods == [AuthMethod::Password, AuthMethod::RecoveryCode])
        .returning(|_| Ok(true));
    let (workshop, service) = bench.open();
    assert!(block_on(service.prove(&signed_in(workshop.now()), proof)).is_ok());

    let mut bench = Bench::saying(Verdict::Right, 0).with_failures(1);
    let proof = by_paper(&mut bench, false);
    let (workshop, service) = bench.open();
    let answer = block_on(service.prove(&signed_in(workshop.now()), proof));
    assert!(matches!(answer, Err(ReauthenticationError::WrongProof)), "{answer:?}");
}

#[test]
fn nobody_proves_himself_with_a_factor_he_does_not_have() {
    let mut bench = Bench::saying(Verdict::Right, 0).with_failures(1);
    bench.factors.expect_held().returning(|_| Ok(HeldFactors::default()));
    let (workshop, service) = bench.open();
    let proof = Reauthenticate {
        proof: Proof::SecondFactor(FactorProof::Code(TotpCode::parse("123456").unwrap())),
        ..by_password()
    };
    let answer = block_on(service.prove(&signed_in(workshop.now()), proof));
    assert!(matches!(answer, Err(ReauthenticationError::WrongProof)), "{answer:?}");
}
