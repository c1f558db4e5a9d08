//! Who of the staff is let in.

use super::*;

fn with_app(workshop: &Workshop) -> Credential {
    Credential {
        second_factor: Some(workshop.now()),
        ..credential()
    }
}

#[test]
fn staff_are_let_in_with_a_verified_address_a_second_factor_that_was_shown_and_a_proof_of_this_working_day() {
    let workshop = Workshop::open();
    let good = staffed(&workshop);
    let changed = |change: fn(&mut SignedIn)| {
        let mut signed_in = good.clone();
        change(&mut signed_in);
        signed_in
    };
    let with_factor = Some(with_app(&workshop));
    let admit = |role, factor: &Option<Credential>, signed_in: &SignedIn| {
        let (_, service) = Stage::with(role, None).knowing(factor.clone()).open();
        block_on(service.admit(signed_in, &caller()))
    };
    let auditor = Some(StaffRole::Auditor);
    let let_in = admit(auditor, &with_factor, &good).unwrap();
    assert_eq!(let_in, Overseer::staff(&good, StaffRole::Auditor, &caller()));
    let refused = admit(None, &with_factor, &good);
    assert!(matches!(refused, Err(AdmissionError::NotStaff)), "{refused:?}");
    let unverified = changed(|signed_in| signed_in.profile.email_verified = None);
    let refused = admit(auditor, &with_factor, &unverified);
    assert!(matches!(refused, Err(AdmissionError::EmailNotVerified)), "{refused:?}");
    for none in [None, Some(credential())] {
        let refused = admit(auditor, &none, &good);
        assert!(
            matches!(refused, Err(AdmissionError::SecondFactorMissing)),
            "{refused:?}"
        );
    }
    let trusted = changed(|signed_in| signed_in.session.methods = vec![AuthMethod::Password]);
    let refused = admit(auditor, &with_factor, &trusted);
    assert!(
        matches!(refused, Err(AdmissionError::SecondFactorNotShown)),
        "{refused:?}"
    );
    for (age, fits) in [
        (Duration::hours(8) - Duration::seconds(1), true),
        (Duration::hours(8), false),
    ] {
        let mut signed_in = good.clone();
        signed_in.session.authenticated -= age;
        let outcome = admit(auditor, &with_factor, &signed_in);
        assert_eq!(outcome.is_ok(), fits);
        assert!(fits || matches!(outcome, Err(AdmissionError::ReauthenticationRequired(_))));
    }
}
