use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{
    Actor, ErasureId, FactorId, FactorState, PasswordAttempt, PasswordHash, Reason, TenantId, TotpCode, TotpSecret,
    TotpStep,
};

use super::*;
use crate::fixture::{
    Workshop, attempt, bell_rung, caller, credential, email, hash, reader, record, signed_in, tenant, unsealed, user,
};
use crate::mocks::{GlassSealer, OpenDigest};
use crate::ports::{
    ErasureBasis, ErasureOutcome, ErasureSubject, HeldFactors, MockAuditLog, MockCredentialStore, MockDeletionStore,
    MockOneTimePasswords, MockPasswordHasher, MockSecondFactorStore, MockSessionStore, MockTokenStore, PendingDeletion,
    SealedFactor, Sealer, Verdict,
};
use crate::{FactorCheck, FactorProof};

/// The ports, each a mock that allows nothing it was not told to expect.
struct Ports {
    deletions: MockDeletionStore,
    credentials: MockCredentialStore,
    tokens: MockTokenStore,
    factors: MockSecondFactorStore,
    passwords: MockOneTimePasswords,
    hasher: MockPasswordHasher,
    audit: MockAuditLog,
    rings: usize,
}

impl Ports {
    fn new() -> Self {
        Self {
            deletions: MockDeletionStore::new(),
            credentials: MockCredentialStore::new(),
            tokens: MockTokenStore::new(),
            factors: MockSecondFactorStore::new(),
            passwords: MockOneTimePasswords::new(),
            hasher: MockPasswordHasher::new(),
            audit: MockAuditLog::new(),
            rings: 0,
        }
    }

    fn staking(mut self, stakes: Vec<TenantStake>) -> Self {
        self.deletions.expect_stakes().returning(move |_| Ok(stakes.clone()));
        self
    }

    fn with(mut self, credential: Credential) -> Self {
        self.credentials
            .expect_by_user()
            .returning(move |_| Ok(Some(credential.clone())));
        self
    }

    fn judging(mut self, verdict: Verdict) -> Self {
        self.hasher
            .expect_verify()
            .times(1)
            .returning(move |_, _, _| Ok(verdict));
        self
    }

    /// A failure is written down.
    fn failing(mut self) -> Self {
        self.audit
            .expect_record()
            .times(1)
            .withf(|event| {
                (event.action, event.outcome) == (AuditAction::DeletionRequested, AuditOutcome::Failure)
                    && event.user == Some(user())
            })
            .returning(|_| Ok(()));
        self
    }

    fn service(self, workshop: &Workshop) -> DeletionService {
        let passwords = Arc::new(self.passwords);
        DeletionService {
            deletions: Arc::new(self.deletions),
            credentials: Arc::new(self.credentials),
            tokens: Arc::new(self.tokens),
            factors: Arc::new(self.factors),
            check: FactorCheck::new(Arc::new(GlassSealer), passwords, Arc::new(OpenDigest), Vec::new()),
            hasher: Arc::new(self.hasher),
            guard: ProofGuard::new(
                workshop.throttle.clone(),
                Arc::new(MockSessionStore::new()),
                workshop.mint.clone(),
            ),
            audit: Arc::new(self.audit),
            throttle: workshop.throttle.clone(),
            mint: workshop.mint.clone(),
            post_room: workshop.post_room.clone(),
            bell: bell_rung(self.rings),
            grace: Duration::days(30),
            unverified_expiry: Some(Duration::days(7)),
        }
    }
}

fn request(password: Option<PasswordAttempt>) -> RequestDeletion {
    RequestDeletion {
        password,
        factor: None,
        close_tenants: false,
        reason: Some(Reason::parse("too many mails").unwrap()),
        caller: caller(),
    }
}

fn stake(fate: StakeFate) -> TenantStake {
    TenantStake {
        tenant: tenant(),
        name: "Engines".to_owned(),
        others: u64::from(fate != StakeFate::Closes),
        fate,
    }
}

fn with_an_app(at: Timestamp) -> HeldFactors {
    let sealed_secret = GlassSealer.seal(&[1; 20], &format!("{}/totp", user())).unwrap();
    HeldFactors {
        confirmed: Some(SealedFactor {
            factor: rookery_domain::Factor {
                id: FactorId::new(at, &[4; 10]),
                state: FactorState::Confirmed {
                    since: at,
                    last_step: TotpStep::at(at - Duration::days(1)),
                },
                created: at,
                last_used: None,
            },
            sealed_secret,
        }),
        pending: None,
        recovery_codes: 10,
    }
}

#[test]
fn a_right_password_has_the_account_wait_and_mails_the_way_back() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut ports = Ports::new()
        .staking(vec![stake(StakeFate::GoesOn)])
        .with(credential())
        .judging(Verdict::Right);
    ports.rings = 1;
    ports
        .deletions
        .expect_request()
        .times(1)
        .withf(move |decided| {
            let Letter::DeletionScheduled { link, expires, .. } = unsealed(&decided.mail) else {
                panic!("not the mail");
            };
            let token = link
                .strip_prefix("https://app.example.com/keep-account?token=")
                .unwrap();
            let token = OneTimeToken::parse(TokenPurpose::KeepAccount, token).unwrap();
            assert_eq!(decided.token.digest, token.digest());
            assert_eq!(decided.token.owner, Some((user(), email())));
            assert_eq!(
                (decided.due, decided.token.expires, expires),
                (at + Duration::days(30), decided.due, decided.due)
            );
            assert_eq!(decided.credential_version, 7);
            assert_eq!(decided.reason.as_ref().unwrap().as_str(), "too many mails");
            assert!(decided.used.is_none() && decided.closing.is_empty());
            assert_eq!(decided.by, signed_in(at).session.id);
            assert_eq!(
                (decided.event.action, decided.event.outcome, decided.event.user),
                (AuditAction::DeletionRequested, AuditOutcome::Success, Some(user()))
            );
            true
        })
        .returning(|_| Ok(DeletionRequestOutcome::Requested));
    let service = ports.service(&workshop);
    let scheduled = block_on(service.request(&signed_in(at), request(Some(attempt("right"))))).unwrap();
    assert_eq!(scheduled.due, at + Duration::days(30));
}

#[test]
fn a_wrong_password_is_counted_and_changes_nothing() {
    let workshop = Workshop::open();
    for _ in 0..5 {
        let ports = Ports::new()
            .staking(Vec::new())
            .with(credential())
            .judging(Verdict::Wrong)
            .failing();
        let refused = block_on(
            ports
                .service(&workshop)
                .request(&signed_in(workshop.now()), request(Some(attempt("wrong")))),
        );
        assert!(
            matches!(refused, Err(RequestDeletionError::WrongPassword)),
            "{refused:?}"
        );
    }
    let ports = Ports::new().staking(Vec::new()).with(credential());
    let refused = block_on(
        ports
            .service(&workshop)
            .request(&signed_in(workshop.now()), request(Some(attempt("right")))),
    );
    assert!(
        matches!(refused, Err(RequestDeletionError::Throttled(_))),
        "{refused:?}"
    );
}

#[test]
fn whoever_has_a_password_or_a_second_factor_shows_it() {
    let workshop = Workshop::open();
    let ports = Ports::new().staking(Vec::new()).with(Credential {
        second_factor: Some(workshop.now()),
        ..credential()
    });
    let refused = block_on(
        ports
            .service(&workshop)
            .request(&signed_in(workshop.now()), request(None)),
    );
    let Err(RequestDeletionError::Invalid(violations)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        violations.to_string(),
        "password: Password is required; code: Code is required"
    );
}

#[test]
fn a_wrong_code_beside_a_right_password_is_counted_and_changes_nothing() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut ports = Ports::new()
        .staking(Vec::new())
        .with(Credential {
            second_factor: Some(at),
            ..credential()
        })
        .judging(Verdict::Right)
        .failing();
    ports.factors.expect_held().returning(|_| Ok(HeldFactors::default()));
    let wish = RequestDeletion {
        factor: Some(FactorProof::Code(TotpCode::parse("123456").unwrap())),
        ..request(Some(attempt("right")))
    };
    let refused = block_on(ports.service(&workshop).request(&signed_in(at), wish));
    assert!(matches!(refused, Err(RequestDeletionError::WrongCode)), "{refused:?}");
}

#[test]
fn a_right_code_is_used_up_by_the_request_itself() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut ports = Ports::new()
        .staking(Vec::new())
        .with(Credential {
            second_factor: Some(at),
            ..credential()
        })
        .judging(Verdict::Right);
    ports.rings = 1;
    ports.factors.expect_held().returning(move |_| Ok(with_an_app(at)));
    ports
        .passwords
        .expect_step_of()
        .returning(|_, _: &TotpSecret, at| Some(TotpStep::at(*at)));
    ports
        .deletions
        .expect_request()
        .times(1)
        .withf(|decided| decided.used.is_some())
        .returning(|_| Ok(DeletionRequestOutcome::Requested));
    let wish = RequestDeletion {
        factor: Some(FactorProof::Code(TotpCode::parse("123456").unwrap())),
        ..request(Some(attempt("right")))
    };
    block_on(ports.service(&workshop).request(&signed_in(at), wish)).unwrap();
}

#[test]
fn whoever_has_no_password_has_proved_lately_who_they_are() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let without = || Credential {
        hash: hash(PasswordHash::NO_PASSWORD),
        ..credential()
    };
    let ports = Ports::new().staking(Vec::new()).with(without());
    let stale = signed_in(at - Duration::minutes(10));
    let refused = block_on(ports.service(&workshop).request(&stale, request(None)));
    assert!(
        matches!(refused, Err(RequestDeletionError::ReauthenticationRequired(_))),
        "{refused:?}"
    );
    let mut ports = Ports::new().staking(Vec::new()).with(without());
    ports.rings = 1;
    ports
        .deletions
        .expect_request()
        .returning(|_| Ok(DeletionRequestOutcome::Requested));
    block_on(ports.service(&workshop).request(&signed_in(at), request(None))).unwrap();
}

#[test]
fn tenants_without_another_owner_come_first() {
    let workshop = Workshop::open();
    let at = workshop.now();
    for (stakes, may_close, in_the_way) in [
        (vec![stake(StakeFate::NeedsOwner)], true, 1),
        (vec![stake(StakeFate::Closes)], false, 1),
        (
            vec![
                stake(StakeFate::Closes),
                stake(StakeFate::NeedsOwner),
                stake(StakeFate::GoesOn),
            ],
            false,
            2,
        ),
    ] {
        let wish = RequestDeletion {
            close_tenants: may_close,
            ..request(Some(attempt("right")))
        };
        let refused = block_on(
            Ports::new()
                .staking(stakes)
                .service(&workshop)
                .request(&signed_in(at), wish),
        );
        let Err(RequestDeletionError::SoleOwner(stakes)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(stakes.len(), in_the_way);
    }
}

#[test]
fn tenants_nobody_else_stays_in_are_closed_when_that_was_said() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut ports = Ports::new()
        .staking(vec![stake(StakeFate::Closes), stake(StakeFate::GoesOn)])
        .with(credential())
        .judging(Verdict::Right);
    ports.rings = 1;
    ports
        .deletions
        .expect_request()
        .times(1)
        .withf(|decided| {
            let closing: Vec<_> = decided
                .closing
                .iter()
                .map(|turn| (turn.tenant, turn.event.action, turn.event.tenant))
                .collect();
            closing == [(tenant(), AuditAction::TenantClosed, Some(tenant()))]
        })
        .returning(|_| Ok(DeletionRequestOutcome::Requested));
    let wish = RequestDeletion {
        close_tenants: true,
        ..request(Some(attempt("right")))
    };
    block_on(ports.service(&workshop).request(&signed_in(at), wish)).unwrap();
}

#[test]
fn what_was_outdated_is_decided_anew_and_what_changed_for_good_is_told() {
    let workshop = Workshop::open();
    let at = workshop.now();
    for (outcomes, rings) in [
        (
            vec![DeletionRequestOutcome::Outdated, DeletionRequestOutcome::Requested],
            1,
        ),
        (vec![DeletionRequestOutcome::Outdated; 4], 0),
        (vec![DeletionRequestOutcome::SessionEnded], 0),
    ] {
        let mut ports = Ports::new()
            .staking(Vec::new())
            .with(credential())
            .judging(Verdict::Right);
        ports.rings = rings;
        let count = outcomes.len();
        let last = outcomes[count - 1];
        let mut outcomes = outcomes.into_iter();
        ports
            .deletions
            .expect_request()
            .times(count)
            .returning(move |_| Ok(outcomes.next().unwrap()));
        let answer = block_on(
            ports
                .service(&workshop)
                .request(&signed_in(at), request(Some(attempt("right")))),
        );
        match last {
            DeletionRequestOutcome::Requested => assert!(answer.is_ok(), "{answer:?}"),
            DeletionRequestOutcome::SessionEnded => {
                assert!(matches!(answer, Err(RequestDeletionError::NotSignedIn)), "{answer:?}");
            }
            _ => assert!(matches!(answer, Err(RequestDeletionError::Port(_))), "{answer:?}"),
        }
    }
    for (outcome, is_password) in [
        (DeletionRequestOutcome::Superseded, true),
        (DeletionRequestOutcome::CodeSpent, false),
    ] {
        let mut ports = Ports::new()
            .staking(Vec::new())
            .with(credential())
            .judging(Verdict::Right)
            .failing();
        ports.deletions.expect_request().returning(move |_| Ok(outcome));
        let refused = block_on(
            ports
                .service(&workshop)
                .request(&signed_in(at), request(Some(attempt("right")))),
        );
        let is_as_expected = match refused {
            Err(RequestDeletionError::WrongPassword) => is_password,
            Err(RequestDeletionError::WrongCode) => !is_password,
            _ => false,
        };
        assert!(is_as_expected, "{outcome:?}");
    }
}

fn kept() -> OneTimeToken {
    OneTimeToken::from_entropy(TokenPurpose::KeepAccount, [6; 32])
}

fn subject(deletion: Option<PendingDeletion>) -> ErasureSubject {
    ErasureSubject {
        user: user(),
        email: email(),
        reader: reader(),
        name: Some("Ada Lovelace".to_owned()),
        deletion,
    }
}

fn waiting(at: Timestamp) -> PendingDeletion {
    PendingDeletion {
        requested: at - Duration::days(1),
        due: at + Duration::hours(1),
        closed: vec![tenant()],
    }
}

#[test]
fn the_mailed_link_keeps_the_account_and_says_so() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut ports = Ports::new();
    ports.rings = 1;
    ports.tokens.expect_find().returning(move |_| Ok(Some(record(at))));
    ports
        .deletions
        .expect_subject()
        .returning(move |_| Ok(Some(subject(Some(waiting(at))))));
    ports
        .deletions
        .expect_keep()
        .times(1)
        .withf(move |token, keeping| {
            assert!(matches!(unsealed(&keeping.mail), Letter::AccountKept { .. }));
            let reopening: Vec<TenantId> = keeping.reopening.iter().map(|turn| turn.tenant).collect();
            *token == kept().digest()
                && keeping.user == user()
                && keeping.event.action == AuditAction::DeletionCancelled
                && reopening == [tenant()]
        })
        .returning(|_, _| Ok(true));
    block_on(ports.service(&workshop).keep(&kept().expose(), &caller())).unwrap();
}

#[test]
fn every_token_that_keeps_nothing_is_the_same_bad_token() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let used = crate::ports::TokenRecord {
        consumed: Some(at),
        ..record(at)
    };
    let expired = crate::ports::TokenRecord {
        expires: at,
        ..record(at)
    };
    let shut = crate::ports::TokenRecord {
        disabled: Some(at),
        ..record(at)
    };
    for found in [None, Some(used), Some(expired), Some(shut)] {
        let mut ports = Ports::new();
        ports.tokens.expect_find().returning(move |_| Ok(found.clone()));
        let refused = block_on(ports.service(&workshop).keep(&kept().expose(), &caller()));
        assert!(matches!(refused, Err(KeepAccountError::InvalidToken)), "{refused:?}");
    }
    let over = PendingDeletion { due: at, ..waiting(at) };
    for pending in [None, Some(over)] {
        let mut ports = Ports::new();
        ports.tokens.expect_find().returning(move |_| Ok(Some(record(at))));
        ports
            .deletions
            .expect_subject()
            .returning(move |_| Ok(Some(subject(pending.clone()))));
        let refused = block_on(ports.service(&workshop).keep(&kept().expose(), &caller()));
        assert!(matches!(refused, Err(KeepAccountError::InvalidToken)), "{refused:?}");
    }
    for nonsense in ["", "kep_", "und_abc"] {
        let refused = block_on(Ports::new().service(&workshop).keep(nonsense, &caller()));
        assert!(matches!(refused, Err(KeepAccountError::InvalidToken)), "{refused:?}");
    }
}

fn receipt(at: Timestamp) -> ErasureReceipt {
    ErasureReceipt {
        id: ErasureId::new(at, &[9; 10]),
        user: user(),
        basis: "asked".to_owned(),
        by: Actor::Service,
        requested: None,
        erased: at,
        counts: std::collections::BTreeMap::new(),
    }
}

#[test]
fn what_is_due_is_erased_with_a_last_mail_and_what_was_never_used_without() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut ports = Ports::new();
    ports.rings = 1;
    ports.deletions.expect_due().returning(|_, _| Ok(vec![user()]));
    ports
        .deletions
        .expect_unverified()
        .withf(move |since, _| *since == at - Duration::days(7))
        .returning(|_, _| Ok(vec![user()]));
    ports.deletions.expect_subject().returning(|_| Ok(Some(subject(None))));
    let throttle = workshop.throttle.clone();
    ports
        .deletions
        .expect_erase()
        .times(2)
        .withf(move |erasure| {
            let names = [
                throttle.name_of(&crate::Subject::User(user())),
                throttle.name_of(&crate::Subject::mailbox(&email())),
            ];
            let letter = erasure.mail.as_ref().map(unsealed);
            let is_told = matches!(letter, Some(Letter::AccountErased { .. }));
            erasure.counted_as == names
                && is_told == (erasure.basis == ErasureBasis::Asked)
                && (erasure.event.actor, erasure.event.user) == (Actor::Service, Some(user()))
                && erasure.by == Actor::Service
        })
        .returning(move |_| Ok(ErasureOutcome::Erased(receipt(at))));
    let erased = block_on(ports.service(&workshop).erase_due()).unwrap();
    assert_eq!((erased.asked, erased.unverified), (1, 1));
}

#[test]
fn one_account_that_fails_holds_no_other_up() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let other = UserId::new(at, &[8; 10]);
    let mut ports = Ports::new();
    ports.rings = 1;
    ports
        .deletions
        .expect_due()
        .returning(move |_, _| Ok(vec![user(), other]));
    ports.deletions.expect_unverified().returning(|_, _| Ok(Vec::new()));
    ports.deletions.expect_subject().returning(move |whose| {
        Ok(Some(ErasureSubject {
            user: *whose,
            ..subject(None)
        }))
    });
    ports.deletions.expect_erase().times(2).returning(move |erasure| {
        if erasure.user == other {
            Ok(ErasureOutcome::Erased(receipt(at)))
        } else {
            Err(PortError::unavailable("deletions.erase", "gone"))
        }
    });
    assert!(block_on(ports.service(&workshop).erase_due()).is_err());
}

#[test]
fn what_a_backup_brought_back_is_erased_again_without_a_mail_or_it_is_told_why_not() {
    let workshop = Workshop::open();
    let at = workshop.now();
    for (outcome, expected) in [
        (ErasureOutcome::Erased(receipt(at)), "done"),
        (ErasureOutcome::NotDue, "nothing"),
        (
            ErasureOutcome::Held,
            "the account, or a tenant that would go with it, is on legal hold",
        ),
        (
            ErasureOutcome::NeedsOwners(vec![stake(StakeFate::NeedsOwner)]),
            "tenants with other members would be left without an owner: Engines",
        ),
    ] {
        let mut ports = Ports::new();
        ports.deletions.expect_subject().returning(|_| Ok(Some(subject(None))));
        ports
            .deletions
            .expect_erase()
            .times(1)
            .withf(|erasure| {
                erasure.basis == ErasureBasis::Replayed
                    && (erasure.by, erasure.event.actor) == (Actor::Operator, Actor::Operator)
                    && erasure.mail.is_none()
            })
            .returning(move |_| Ok(outcome.clone()));
        let told = match block_on(ports.service(&workshop).replay(&user())) {
            Ok(Some(_)) => "done".to_owned(),
            Ok(None) => "nothing".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }
}
