use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{FactorId, FactorState, RecoveryCode, TenantPolicy, TotpStep};

use super::*;
use crate::fixture::{Workshop, bell_rung, caller, credential, signed_in, tenant, unsealed, user};
use crate::mocks::{GlassSealer, OpenDigest};
use crate::ports::{
    Credential, FactorUse, MockAuditLog, MockCredentialStore, MockKeyedDigest, MockOneTimePasswords,
    MockSecondFactorStore, MockSessionStore, Sealer, TrustedDevice,
};

const SECRET: [u8; 20] = *b"12345678901234567890";

fn step() -> TotpStep {
    TotpStep::from_number(58_718_880)
}

fn code() -> TotpCode {
    TotpCode::parse("123456").unwrap()
}

fn held_token() -> SessionToken {
    SessionToken::from_entropy([9; 32])
}

fn factor_id() -> FactorId {
    FactorId::new(Timestamp::from_timestamp(1_750_000_000, 0).unwrap(), &[4; 10])
}

fn factor(created: Timestamp, state: FactorState) -> SealedFactor {
    SealedFactor {
        factor: Factor {
            id: factor_id(),
            created,
            state,
            last_used: None,
        },
        sealed_secret: GlassSealer.seal(&SECRET, &format!("{}/totp", user())).unwrap(),
    }
}

fn confirmed(at: Timestamp) -> HeldFactors {
    let state = FactorState::Confirmed {
        since: at,
        last_step: TotpStep::from_number(step().number() - 1),
    };
    HeldFactors {
        confirmed: Some(factor(at, state)),
        pending: None,
        recovery_codes: 10,
    }
}

fn pending(created: Timestamp) -> HeldFactors {
    HeldFactors {
        pending: Some(factor(created, FactorState::Pending)),
        ..HeldFactors::default()
    }
}

fn store_holding(held: HeldFactors) -> MockSecondFactorStore {
    let mut factors = MockSecondFactorStore::new();
    factors
        .expect_held()
        .withf(|asked| *asked == user())
        .returning(move |_| Ok(held.clone()));
    factors
}

/// An app whose code is right for [`step`], or wrong.
fn app(right: bool) -> MockOneTimePasswords {
    let mut passwords = MockOneTimePasswords::new();
    passwords.expect_step_of().returning(move |shown, secret, _| {
        assert_eq!((shown, secret.as_bytes()), (&code(), &SECRET));
        right.then(step)
    });
    passwords.expect_invitation().returning(|secret, account| {
        Ok(AppInvitation {
            uri: format!("otpauth://totp/{}?secret={}", account.as_str(), secret.expose()),
            qr: "<svg></svg>".to_owned(),
        })
    });
    passwords
}

fn one_failure(action: AuditAction) -> MockAuditLog {
    let mut audit = MockAuditLog::new();
    audit
        .expect_record()
        .times(1)
        .withf(move |event| {
            event.action == action && event.outcome == AuditOutcome::Failure && event.user == Some(user())
        })
        .returning(|_| Ok(()));
    audit
}

fn service(
    workshop: &Workshop,
    factors: MockSecondFactorStore,
    audit: MockAuditLog,
    passwords: MockOneTimePasswords,
    rings: usize,
) -> SecondFactorService {
    let passwords: Arc<dyn OneTimePasswords> = Arc::new(passwords);
    let mut older = MockKeyedDigest::new();
    older.expect_digest().return_const([2; 32]);
    let mut credentials = MockCredentialStore::new();
    credentials.expect_by_user().returning(|_| Ok(Some(credential())));
    SecondFactorService {
        credentials: Arc::new(credentials),
        factors: Arc::new(factors),
        audit: Arc::new(audit),
        guard: ProofGuard::new(
            workshop.throttle.clone(),
            Arc::new(MockSessionStore::new()),
            workshop.mint.clone(),
        ),
        check: FactorCheck::new(
            Arc::new(GlassSealer),
            Arc::clone(&passwords),
            Arc::new(OpenDigest),
            vec![Arc::new(older)],
        ),
        passwords,
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
    }
}

fn stale(at: Timestamp) -> SignedIn {
    signed_in(at - Duration::minutes(10))
}

// Proves: A59
#[test]
fn a_secret_is_stored_sealed_for_its_person_and_shown_once() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let stored = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = Arc::clone(&stored);
    let mut factors = MockSecondFactorStore::new();
    factors.expect_enrol().times(1).returning(move |factor| {
        assert_eq!((factor.user, factor.at), (user(), at));
        assert_eq!(factor.event.action, AuditAction::FactorBegun);
        seen.lock().unwrap().clone_from(&factor.sealed_secret);
        Ok(true)
    });
    let service = service(&workshop, factors, MockAuditLog::new(), app(true), 0);
    let enrolment = block_on(service.enrol(&signed_in(at), &caller())).unwrap();
    let opened = GlassSealer
        .open(&stored.lock().unwrap(), &format!("{}/totp", user()))
        .unwrap();
    assert_eq!(opened, enrolment.secret.as_bytes());
    assert!(enrolment.invitation.uri.contains(&enrolment.secret.expose()));
    assert_eq!(enrolment.expires, at + Factor::ENROLMENT_LIFE);
}

// Proves: A59, ASVS 7.5.1
#[test]
fn setting_up_and_taking_away_need_a_fresh_proof_of_who_one_is() {
    let workshop = Workshop::open();
    let stale = stale(workshop.now());
    let service = service(
        &workshop,
        MockSecondFactorStore::new(),
        MockAuditLog::new(),
        app(true),
        0,
    );
    let needed = |error| matches!(error, SecondFactorError::ReauthenticationRequired(_));
    assert!(needed(block_on(service.enrol(&stale, &caller())).unwrap_err()));
    let removed = block_on(service.remove(&stale, &held_token(), FactorProof::Code(code()), &caller()));
    assert!(needed(removed.unwrap_err()));
    assert!(needed(block_on(service.renew_codes(&stale, &caller())).unwrap_err()));
}

#[test]
fn a_second_app_is_not_set_up_beside_the_first() {
    let workshop = Workshop::open();
    let mut factors = MockSecondFactorStore::new();
    factors.expect_enrol().returning(|_| Ok(false));
    let service = service(&workshop, factors, MockAuditLog::new(), app(true), 0);
    let refused = block_on(service.enrol(&signed_in(workshop.now()), &caller()));
    assert!(matches!(refused, Err(SecondFactorError::AlreadyEnrolled)));
}

#[test]
fn the_first_code_makes_it_count_gives_ten_codes_and_renews_the_session() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let committed = Arc::new(std::sync::Mutex::new(None::<FactorConfirmation>));
    let seen = Arc::clone(&committed);
    let mut factors = store_holding(pending(at - Duration::minutes(5)));
    factors.expect_confirm().times(1).returning(move |confirmation| {
        *seen.lock().unwrap() = Some(confirmation.clone());
        Ok(FactorChangeOutcome::Changed)
    });
    let service = service(&workshop, factors, MockAuditLog::new(), app(true), 1);
    // The session need not be fresh: the secret was shown on a fresh one, and the code proves who has it.
    let enrolled = block_on(service.confirm(&stale(at), &held_token(), code(), &caller())).unwrap();

    let committed = committed.lock().unwrap().take().unwrap();
    assert_eq!((committed.factor, committed.step), (factor_id(), step()));
    assert_eq!(committed.created_after, at - Factor::ENROLMENT_LIFE);
    assert_eq!(committed.renewal.methods, [AuthMethod::Password, AuthMethod::Totp]);
    assert_eq!(committed.renewal.held, held_token().digest());
    assert_eq!(committed.renewal.new_digest, enrolled.session.token.digest());
    assert_eq!(committed.renewal.event.action, AuditAction::FactorAdded);
    assert_eq!(committed.undo.user, user());
    assert_eq!((enrolled.codes.len(), committed.codes.len()), (10, 10));
    for (code, kept) in enrolled.codes.iter().zip(&committed.codes) {
        assert_eq!(service.check.digest(user(), code), kept.digest);
    }
    let mut texts: Vec<String> = enrolled.codes.iter().map(RecoveryCode::expose).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 10, "no two are alike");
    let Letter::SecondFactorChanged { change, undo, .. } = unsealed(&committed.mail) else {
        panic!("another letter")
    };
    assert_eq!(change, FactorChange::Added);
    assert!(undo.starts_with("https://app.example.com/undo?token=und_"), "{undo}");
}

#[test]
fn a_wrong_first_code_is_written_down_and_counted() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut audit = MockAuditLog::new();
    audit.expect_record().times(5).returning(|_| Ok(()));
    let service = service(&workshop, store_holding(pending(at)), audit, app(false), 0);
    block_on(async {
        for _ in 0..5 {
            let wrong = service.confirm(&signed_in(at), &held_token(), code(), &caller()).await;
            assert!(matches!(wrong, Err(SecondFactorError::WrongCode)));
        }
        let refused = service.confirm(&signed_in(at), &held_token(), code(), &caller()).await;
        assert!(matches!(refused, Err(SecondFactorError::Throttled(_))), "{refused:?}");
    });
}

// Proves: A59
#[test]
fn a_secret_that_waited_too_long_or_was_never_shown_is_not_confirmed_and_counts_for_nothing() {
    let workshop = Workshop::open();
    let at = workshop.now();
    for held in [
        HeldFactors::default(),
        pending(at - Factor::ENROLMENT_LIFE),
        confirmed(at),
    ] {
        let service = service(&workshop, store_holding(held), MockAuditLog::new(), app(true), 0);
        block_on(async {
            for _ in 0..20 {
                let refused = service.confirm(&signed_in(at), &held_token(), code(), &caller()).await;
                assert!(matches!(refused, Err(SecondFactorError::NotEnrolled)), "{refused:?}");
            }
        });
    }
}

// Proves: ASVS 6.4.4
#[test]
fn it_is_taken_away_with_a_code_of_the_app_or_of_paper() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let paper = RecoveryCode::from_entropy([7; 10]);
    for proof in [FactorProof::Code(code()), FactorProof::RecoveryCode(paper)] {
        let mut factors = store_holding(confirmed(at));
        let shown = proof.clone();
        factors.expect_remove().times(1).returning(move |removal| {
            match (&shown, &removal.used) {
                (FactorProof::Code(_), FactorUse::Totp { factor, step: used }) => {
                    assert_eq!((*factor, *used), (factor_id(), step()));
                }
                (FactorProof::RecoveryCode(_), FactorUse::RecoveryCode { digests }) => assert_eq!(digests.len(), 2),
                other => panic!("{other:?}"),
            }
            Ok(FactorChangeOutcome::Changed)
        });
        let service = service(&workshop, factors, MockAuditLog::new(), app(true), 1);
        let removed = block_on(service.remove(&signed_in(at), &held_token(), proof, &caller()));
        assert!(removed.is_ok());
    }
}

// Proves: ASVS 6.3.3
#[test]
fn it_stays_while_a_tenant_asks_for_it_and_no_code_is_used_up() {
    let workshop = Workshop::open();
    let at = workshop.now();
    for (asked, held, stays) in [(true, Some(at), true), (true, None, false), (false, Some(at), false)] {
        let mut factors = store_holding(confirmed(at));
        factors.expect_remove().returning(|_| Ok(FactorChangeOutcome::Changed));
        let mut service = service(&workshop, factors, MockAuditLog::new(), app(true), usize::from(!stays));
        let mut credentials = MockCredentialStore::new();
        credentials.expect_by_user().returning(move |_| {
            let policy = TenantPolicy {
                two_factor_required: asked,
                ..TenantPolicy::default()
            };
            Ok(Some(Credential {
                second_factor: held,
                tenants: vec![(tenant(), None), (tenant(), Some(policy))],
                ..credential()
            }))
        });
        service.credentials = Arc::new(credentials);
        let removed = block_on(service.remove(&signed_in(at), &held_token(), FactorProof::Code(code()), &caller()));
        assert_eq!(
            matches!(removed, Err(SecondFactorError::RequiredByTenant)),
            stays,
            "{removed:?}"
        );
    }
}

// Proves: A53
#[test]
fn a_code_whose_step_was_used_takes_nothing_away() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut held = confirmed(at);
    if let Some(sealed) = &mut held.confirmed {
        sealed.factor.state = FactorState::Confirmed {
            since: at,
            last_step: step(),
        };
    }
    let service = service(
        &workshop,
        store_holding(held),
        one_failure(AuditAction::FactorRemoved),
        app(true),
        0,
    );
    let refused = block_on(service.remove(&signed_in(at), &held_token(), FactorProof::Code(code()), &caller()));
    assert!(matches!(refused, Err(SecondFactorError::WrongCode)));
}

#[test]
fn what_the_store_finds_spent_or_gone_is_told_for_what_it_is() {
    for (outcome, failures) in [
        (FactorChangeOutcome::Spent, 1),
        (FactorChangeOutcome::Superseded, 0),
        (FactorChangeOutcome::SessionEnded, 0),
    ] {
        let workshop = Workshop::open();
        let at = workshop.now();
        let mut factors = store_holding(confirmed(at));
        factors.expect_remove().returning(move |_| Ok(outcome));
        let mut audit = MockAuditLog::new();
        audit.expect_record().times(failures).returning(|_| Ok(()));
        let service = service(&workshop, factors, audit, app(true), 0);
        let refused = block_on(service.remove(&signed_in(at), &held_token(), FactorProof::Code(code()), &caller()));
        let expected = match outcome {
            FactorChangeOutcome::Spent => matches!(refused, Err(SecondFactorError::WrongCode)),
            FactorChangeOutcome::Superseded => matches!(refused, Err(SecondFactorError::NotEnrolled)),
            FactorChangeOutcome::SessionEnded => matches!(refused, Err(SecondFactorError::NotSignedIn)),
            FactorChangeOutcome::Changed => false,
        };
        assert!(expected, "{outcome:?}: {refused:?}");
    }
}

// Proves: A56
#[test]
fn new_codes_replace_the_old_and_the_owner_is_told() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut factors = MockSecondFactorStore::new();
    factors
        .expect_renew_codes()
        .times(1)
        .withf(|renewal| {
            let told = unsealed(&renewal.mail);
            renewal.codes.len() == 10
                && renewal.event.action == AuditAction::RecoveryCodesRenewed
                && matches!(
                    told,
                    Letter::SecondFactorChanged {
                        change: FactorChange::CodesRenewed,
                        ..
                    }
                )
        })
        .returning(|_| Ok(true));
    let with = service(&workshop, factors, MockAuditLog::new(), app(true), 1);
    assert_eq!(block_on(with.renew_codes(&signed_in(at), &caller())).unwrap().len(), 10);

    let mut factors = MockSecondFactorStore::new();
    factors.expect_renew_codes().returning(|_| Ok(false));
    let without = service(&workshop, factors, MockAuditLog::new(), app(true), 0);
    let refused = block_on(without.renew_codes(&signed_in(at), &caller()));
    assert!(matches!(refused, Err(SecondFactorError::NotEnrolled)));
}

#[test]
fn forgetting_a_browser_that_is_not_trusted_is_told_and_forgetting_none_is_fine() {
    let workshop = Workshop::open();
    let device = workshop.mint.device_id(workshop.now());
    let mut factors = MockSecondFactorStore::new();
    factors.expect_withdraw_trust().times(2).returning(|withdrawal| {
        let target = withdrawal.device.map(|device| format!("device:{device}"));
        assert_eq!((withdrawal.user, &withdrawal.event.target), (user(), &target));
        Ok(0)
    });
    let service = service(&workshop, factors, MockAuditLog::new(), app(true), 0);
    let signed_in = signed_in(workshop.now());
    let one = block_on(service.forget_devices(&signed_in, Some(device), &caller()));
    assert!(matches!(one, Err(SecondFactorError::NotTrusted)));
    assert!(block_on(service.forget_devices(&signed_in, None, &caller())).is_ok());
}

#[test]
fn the_status_shows_what_counts_and_no_secret() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let device = TrustedDevice {
        id: workshop.mint.device_id(at),
        user_agent: None,
        created: at,
        last_used: at,
        trusted_until: at + Duration::days(30),
    };
    for (held, is_confirmed, is_pending) in [
        (HeldFactors::default(), false, false),
        (pending(at), false, true),
        (pending(at - Factor::ENROLMENT_LIFE), false, false),
        (confirmed(at), true, false),
    ] {
        let left = held.recovery_codes;
        let mut factors = store_holding(held);
        let trusted = device.clone();
        factors
            .expect_trusted_devices()
            .returning(move |_, _| Ok(vec![trusted.clone()]));
        let service = service(&workshop, factors, MockAuditLog::new(), app(true), 0);
        let status = block_on(service.status(&signed_in(at))).unwrap();
        assert_eq!(
            (
                status.confirmed.is_some(),
                status.pending.is_some(),
                status.recovery_codes
            ),
            (is_confirmed, is_pending, left)
        );
        assert_eq!(status.trusted_devices, std::slice::from_ref(&device));
    }
}
