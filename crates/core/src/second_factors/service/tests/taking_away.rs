//! Taking an app away.

use rookery_domain::TenantPolicy;

use super::*;
use crate::fixture::tenant;
use crate::ports::{Credential, FactorUse};

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
