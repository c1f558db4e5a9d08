//! Signing in in two steps: ATTACKS A22, A53 to A57.

use rookery_domain::{
    ChallengeToken, Factor, FactorId, FactorState, RecoveryCode, TotpCode, TotpStep, second_factor::DEVICE_TRUST,
};

use super::*;
use crate::mocks::{GlassSealer, OpenDigest};
use crate::ports::{
    CountedAttempt, FactorUse, HeldFactors, MockOneTimePasswords, NewChallenge, SealedFactor, Sealer,
    SecondFactorOutcome, SecondFactorSignIn,
};
use crate::{FactorProof, Refusal};

fn step() -> TotpStep {
    TotpStep::from_number(58_718_880)
}

fn code() -> FactorProof {
    FactorProof::Code(TotpCode::parse("123456").unwrap())
}

fn paper() -> FactorProof {
    FactorProof::RecoveryCode(RecoveryCode::from_entropy([7; 10]))
}

fn guarded() -> Credential {
    Credential {
        second_factor: Some(Timestamp::UNIX_EPOCH),
        ..credential()
    }
}

fn held(recovery_codes: u64) -> HeldFactors {
    HeldFactors {
        confirmed: Some(SealedFactor {
            factor: Factor {
                id: FactorId::new(Timestamp::UNIX_EPOCH, &[4; 10]),
                created: Timestamp::UNIX_EPOCH,
                state: FactorState::Confirmed {
                    since: Timestamp::UNIX_EPOCH,
                    last_step: TotpStep::from_number(step().number() - 1),
                },
                last_used: None,
            },
            sealed_secret: GlassSealer.seal(&[1; 20], &format!("{}/totp", user())).unwrap(),
        }),
        pending: None,
        recovery_codes,
    }
}

fn proving(proof: FactorProof) -> ProveSecondFactor {
    ProveSecondFactor {
        challenge: ChallengeToken::from_entropy([8; 32]),
        proof,
        trust_device: false,
        held: None,
        device: None,
        caller: caller(),
    }
}

/// A store that counts attempts as promised, on as many challenges as it is asked for.
fn waiting(workshop: &Workshop, recovery_codes: u64) -> MockSecondFactorStore {
    let challenge = workshop.mint.challenge_id(workshop.now());
    let attempts = std::sync::Mutex::new(std::collections::HashMap::new());
    let mut factors = MockSecondFactorStore::new();
    factors.expect_count_attempt().returning(move |digest, _| {
        let mut attempts = attempts.lock().unwrap();
        let attempt = attempts.entry(*digest).or_insert(0);
        *attempt += 1;
        Ok((*attempt <= NewChallenge::ATTEMPTS).then_some(CountedAttempt {
            challenge,
            user: user(),
            credential_version: 7,
            remembered: true,
            attempt: *attempt,
        }))
    });
    factors.expect_held().returning(move |_| Ok(held(recovery_codes)));
    factors
}

/// Everything of the second step: the store of factors, what the app says, how many failures are written down.
fn second_step(
    workshop: &Workshop,
    factors: MockSecondFactorStore,
    right: bool,
    failures: usize,
    rings: usize,
) -> AuthenticationService {
    let mut credentials = MockCredentialStore::new();
    credentials.expect_by_user().returning(|_| Ok(Some(guarded())));
    let mut audit = MockAuditLog::new();
    audit
        .expect_record()
        .times(failures)
        .withf(|event| event.action == AuditAction::SecondFactor && event.outcome == AuditOutcome::Failure)
        .returning(|_| Ok(()));
    let mut app = MockOneTimePasswords::new();
    app.expect_step_of().returning(move |_, _, _| right.then(step));
    AuthenticationService {
        factors: Arc::new(factors),
        check: FactorCheck::new(Arc::new(GlassSealer), Arc::new(app), Arc::new(OpenDigest), Vec::new()),
        bell: bell_rung(rings),
        ..service(workshop, credentials, audit, MockPasswordHasher::new())
    }
}

fn committing(
    mut factors: MockSecondFactorStore,
) -> (MockSecondFactorStore, Arc<std::sync::Mutex<Vec<SecondFactorSignIn>>>) {
    let committed = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = Arc::clone(&committed);
    factors.expect_sign_in().returning(move |sign_in| {
        seen.lock().unwrap().push(sign_in.clone());
        Ok(SecondFactorOutcome::Opened)
    });
    (factors, committed)
}

// Proves: A57, ASVS 6.3.4
#[test]
fn a_right_password_waits_for_the_second_factor_and_opens_nothing() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut factors = MockSecondFactorStore::new();
    factors
        .expect_challenge()
        .times(1)
        .withf(move |challenge| {
            challenge.user == user()
                && challenge.credential_version == 7
                && challenge.rehash == Some(hash("better"))
                && challenge.expires == at + Duration::minutes(10)
                && challenge.event.action == AuditAction::SecondFactorAsked
        })
        .returning(|_| Ok(()));
    let mut hasher = hasher_saying(Verdict::RightButOutdated);
    hasher.expect_hash().returning(|_, _| Ok(hash("better")));
    // The store of credentials is asked for no sign-in: the mock would panic.
    let service = AuthenticationService {
        factors: Arc::new(factors),
        ..service(&workshop, store_with(Some(guarded())), MockAuditLog::new(), hasher)
    };
    let outcome = block_on(service.log_in(log_in())).unwrap();
    let LogInOutcome::SecondFactorRequired(required) = outcome else {
        panic!("a session: {outcome:?}")
    };
    assert_eq!(required.methods, [AuthMethod::Totp, AuthMethod::RecoveryCode]);
}

#[test]
fn a_wrong_password_tells_nothing_of_the_second_factor() {
    let workshop = Workshop::open();
    let service = service(
        &workshop,
        store_with(Some(guarded())),
        one_failure_of(Some(user())),
        hasher_saying(Verdict::Wrong),
    );
    assert!(matches!(
        block_on(service.log_in(log_in())),
        Err(LogInError::InvalidCredentials)
    ));
}

// Proves: A58
#[test]
fn a_trusted_browser_does_without_it_until_the_trust_ends() {
    for (left, asked) in [(Duration::microseconds(1), false), (Duration::zero(), true)] {
        let workshop = Workshop::open();
        let (id, last_used) = (workshop.mint.device_id(workshop.now()), workshop.now());
        let trusted_until = workshop.now() + left;
        let mut devices = MockDeviceStore::new();
        devices.expect_known().returning(move |_, _| {
            Ok(Some(KnownDevice {
                id,
                user: user(),
                last_used,
                trusted_until: Some(trusted_until),
            }))
        });
        let mut credentials = store_with(Some(guarded()));
        credentials
            .expect_sign_in()
            .withf(|sign_in| sign_in.session.methods == [AuthMethod::Password])
            .returning(|_| Ok(SignInOutcome::Opened));
        let mut factors = MockSecondFactorStore::new();
        factors.expect_challenge().returning(|_| Ok(()));
        let service = AuthenticationService {
            devices: Arc::new(devices),
            factors: Arc::new(factors),
            ..service(
                &workshop,
                credentials,
                MockAuditLog::new(),
                hasher_saying(Verdict::Right),
            )
        };
        let from_there = LogIn {
            device: Some(DeviceToken::from_entropy([5; 32])),
            ..log_in()
        };
        let outcome = block_on(service.log_in(from_there)).unwrap();
        assert_eq!(outcome.logged_in().is_none(), asked, "{left}");
    }
}

// Proves: A22
#[test]
fn a22_the_second_step_opens_a_new_session_that_says_how_it_was_proved_and_ends_the_one_held() {
    let workshop = Workshop::open();
    let (factors, committed) = committing(waiting(&workshop, 10));
    let service = second_step(&workshop, factors, true, 0, 0);
    let held = SessionToken::from_entropy([3; 32]);
    let proved = ProveSecondFactor {
        held: Some(held.clone()),
        trust_device: true,
        ..proving(code())
    };
    let logged_in = block_on(service.prove_second_factor(proved)).unwrap();
    let committed = committed.lock().unwrap();
    let [sign_in] = committed.as_slice() else {
        panic!("{} sign-ins", committed.len())
    };
    let session = &sign_in.sign_in.session;
    assert_eq!(session.methods, [AuthMethod::Password, AuthMethod::Totp]);
    assert_eq!(session.digest, logged_in.token.digest());
    assert!(session.remembered, "as the first step was told");
    assert_eq!(sign_in.sign_in.replaces, Some(held.digest()));
    assert_eq!(sign_in.sign_in.credential_version, 7);
    assert!(matches!(sign_in.used, FactorUse::Totp { step: used, .. } if used == step()));
    assert_eq!(sign_in.trusted_until, Some(workshop.now() + DEVICE_TRUST));
    let actions: Vec<AuditAction> = sign_in.events.iter().map(|event| event.action).collect();
    assert_eq!(actions, [AuditAction::DeviceTrusted]);
    assert!(sign_in.events.iter().all(|event| event.session == Some(session.id)));
}

#[test]
fn a_recovery_code_is_written_down_and_warns_when_three_or_fewer_are_left() {
    for (before, warned) in [(10, None), (5, None), (4, Some(3)), (1, Some(0))] {
        let workshop = Workshop::open();
        let (factors, committed) = committing(waiting(&workshop, before));
        let service = second_step(&workshop, factors, true, 0, usize::from(warned.is_some()));
        block_on(service.prove_second_factor(proving(paper()))).unwrap();
        let committed = committed.lock().unwrap();
        let sign_in = &committed[0];
        assert_eq!(
            sign_in.sign_in.session.methods,
            [AuthMethod::Password, AuthMethod::RecoveryCode]
        );
        assert_eq!(sign_in.events[0].action, AuditAction::RecoveryCodeUsed);
        let left = sign_in.mail.as_ref().map(|mail| match unsealed(mail) {
            Letter::RecoveryCodesLow { left, .. } => left,
            other => panic!("{other:?}"),
        });
        assert_eq!(left, warned, "{before}");
    }
}

// Proves: A53
#[test]
fn a53_a_code_the_store_finds_used_is_a_wrong_code() {
    let workshop = Workshop::open();
    let mut factors = waiting(&workshop, 10);
    factors.expect_sign_in().returning(|_| Ok(SecondFactorOutcome::Spent));
    let service = second_step(&workshop, factors, true, 1, 0);
    let refused = block_on(service.prove_second_factor(proving(code())));
    assert!(matches!(refused, Err(SecondFactorLogInError::WrongCode)));
}

// Proves: A54, ASVS 6.3.1
#[test]
fn a54_five_wrong_codes_end_the_challenge_and_ten_the_person_s_attempts_whatever_the_challenge() {
    let workshop = Workshop::open();
    let service = second_step(&workshop, waiting(&workshop, 10), false, 10, 0);
    block_on(async {
        for challenge in [1, 2] {
            for attempt in 1..=6 {
                let proved = ProveSecondFactor {
                    challenge: ChallengeToken::from_entropy([challenge; 32]),
                    ..proving(code())
                };
                let refused = service.prove_second_factor(proved).await;
                let expected = if attempt < 5 {
                    matches!(refused, Err(SecondFactorLogInError::WrongCode))
                } else {
                    matches!(refused, Err(SecondFactorLogInError::ChallengeEnded))
                };
                assert!(expected, "{challenge} {attempt}: {refused:?}");
            }
        }
        for proof in [code(), paper()] {
            let proved = ProveSecondFactor {
                challenge: ChallengeToken::from_entropy([3; 32]),
                ..proving(proof)
            };
            let refused = service.prove_second_factor(proved).await;
            let limit = match refused {
                Err(SecondFactorLogInError::Throttled(Refusal { limit, .. })) => limit,
                other => panic!("{other:?}"),
            };
            assert_eq!(limit, Limit::SecondFactorUser);
        }
    });
}

/// Ten wrong codes of the person are counted, and one more comes from a browser that was last used then.
fn from_a_browser_used(workshop: &Workshop, last_used: Timestamp) -> Result<LoggedIn, SecondFactorLogInError> {
    block_on(async {
        for _ in 0..10 {
            let person = Subject::User(user());
            workshop.throttle.take(Limit::SecondFactorUser, &person).await.unwrap();
        }
    });
    let id = workshop.mint.device_id(workshop.now());
    let mut devices = MockDeviceStore::new();
    devices.expect_known().returning(move |_, _| {
        Ok(Some(KnownDevice {
            id,
            user: user(),
            last_used,
            trusted_until: None,
        }))
    });
    let (factors, _) = committing(waiting(workshop, 10));
    let service = AuthenticationService {
        devices: Arc::new(devices),
        ..second_step(workshop, factors, true, 0, 0)
    };
    let from_there = ProveSecondFactor {
        device: Some(DeviceToken::from_entropy([5; 32])),
        ..proving(code())
    };
    let outcome = block_on(service.prove_second_factor(from_there));
    let refused = block_on(service.prove_second_factor(proving(code())));
    assert!(matches!(refused, Err(SecondFactorLogInError::Throttled(_))));
    outcome
}

#[test]
fn a54_a_known_browser_keeps_its_own_count_when_somebody_else_has_used_the_person_s_up() {
    let workshop = Workshop::open();
    assert!(from_a_browser_used(&workshop, guarded().second_factor.unwrap()).is_ok());
}

// Proves: A54
#[test]
fn a54_browsers_from_before_there_was_a_second_factor_have_no_count_of_their_own() {
    let workshop = Workshop::open();
    let before = guarded().second_factor.unwrap() - Duration::microseconds(1);
    let outcome = from_a_browser_used(&workshop, before);
    assert!(
        matches!(outcome, Err(SecondFactorLogInError::Throttled(_))),
        "{outcome:?}"
    );
}

#[test]
fn what_changed_since_the_first_step_ends_the_challenge() {
    let changed = [
        Credential {
            version: 8,
            ..guarded()
        },
        Credential {
            disabled: Some(Timestamp::UNIX_EPOCH),
            ..guarded()
        },
        credential(),
    ];
    for now in changed {
        let workshop = Workshop::open();
        let mut credentials = MockCredentialStore::new();
        credentials.expect_by_user().returning(move |_| Ok(Some(now.clone())));
        let service = AuthenticationService {
            credentials: Arc::new(credentials),
            ..second_step(&workshop, waiting(&workshop, 10), true, 0, 0)
        };
        let refused = block_on(service.prove_second_factor(proving(code())));
        assert!(matches!(refused, Err(SecondFactorLogInError::ChallengeEnded)));
    }
}

// Proves: ASVS 2.3.1
#[test]
fn an_unknown_challenge_is_looked_up_and_nothing_else() {
    let workshop = Workshop::open();
    let mut factors = MockSecondFactorStore::new();
    factors.expect_count_attempt().returning(|_, _| Ok(None));
    let service = second_step(&workshop, factors, true, 0, 0);
    let refused = block_on(service.prove_second_factor(proving(code())));
    assert!(matches!(refused, Err(SecondFactorLogInError::ChallengeEnded)));
}
