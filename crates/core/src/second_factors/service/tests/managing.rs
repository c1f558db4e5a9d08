//! Recovery codes, trusted browsers, and what is shown of all that.

use super::*;
use crate::ports::TrustedDevice;

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
