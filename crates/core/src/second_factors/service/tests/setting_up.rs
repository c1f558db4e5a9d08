//! Setting an authenticator app up.

use super::*;

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
