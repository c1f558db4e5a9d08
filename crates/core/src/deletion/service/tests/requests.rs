//! Asking to be deleted.

use rookery_domain::{FactorId, FactorState, PasswordAttempt, PasswordHash, Reason, TotpCode, TotpSecret, TotpStep};

use super::*;
use crate::FactorProof;
use crate::fixture::{attempt, hash, signed_in};
use crate::ports::{HeldFactors, SealedFactor};

fn request(password: Option<PasswordAttempt>) -> RequestDeletion {
    RequestDeletion {
        password,
        factor: None,
        close_tenants: false,
        reason: Some(Reason::parse("too many mails").unwrap()),
        caller: caller(),
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
