use futures_executor::block_on;

use super::*;
use crate::fixture::{
    Workshop, attempt, bell_rung, caller, credential, hash, password, policy, signed_in, unsealed, user,
};
use crate::ports::{HasherError, MockAuditLog, MockCredentialStore, MockPasswordHasher, MockSessionStore};

fn change(current: &str, new: &str) -> ChangePassword {
    ChangePassword {
        current_password: attempt(current),
        new_password: password(new),
        device: None,
        caller: caller(),
    }
}

fn service(
    workshop: &Workshop,
    credentials: MockCredentialStore,
    audit: MockAuditLog,
    hasher: MockPasswordHasher,
    rings: usize,
) -> PasswordService {
    PasswordService {
        credentials: Arc::new(credentials),
        audit: Arc::new(audit),
        guard: ProofGuard::new(
            workshop.throttle.clone(),
            Arc::new(MockSessionStore::new()),
            workshop.mint.clone(),
        ),
        hasher: Arc::new(hasher),
        policy: policy(),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
    }
}

fn store() -> MockCredentialStore {
    let mut credentials = MockCredentialStore::new();
    credentials
        .expect_by_user()
        .withf(|asked| *asked == user())
        .returning(|_| Ok(Some(credential())));
    credentials
}

fn hasher_saying(verdict: Verdict) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_verify()
        .times(1)
        .withf(|typed, stored, _| typed.expose() == "SecurePass123!" && *stored == hash("stored"))
        .returning(move |_, _, _| Ok(verdict));
    hasher
        .expect_hash()
        .times(usize::from(verdict != Verdict::Wrong))
        .returning(|_, _| Ok(hash("new")));
    hasher
}

fn one_failure() -> MockAuditLog {
    let mut audit = MockAuditLog::new();
    audit
        .expect_record()
        .times(1)
        .withf(|event| {
            event.action == AuditAction::PasswordChange
                && event.outcome == AuditOutcome::Failure
                && event.user == Some(user())
        })
        .returning(|_| Ok(()));
    audit
}

#[test]
fn a_change_renews_this_session_and_tells_the_owner() {
    let workshop = Workshop::open();
    let who = signed_in(workshop.now());
    let session = who.session.id;
    let mut credentials = store();
    credentials
        .expect_change_password()
        .times(1)
        .withf(move |change| {
            change.user == user()
                && change.session == session
                && change.credential_version == 7
                && change.new_hash == hash("new")
                && matches!(unsealed(&change.mail), Letter::PasswordChanged { .. })
                && change.event.outcome == AuditOutcome::Success
        })
        .returning(|_| Ok(PasswordChangeOutcome::Changed));
    let service = service(
        &workshop,
        credentials,
        MockAuditLog::new(),
        hasher_saying(Verdict::Right),
        1,
    );
    let renewed = block_on(service.change(&who, change("SecurePass123!", "NewSecurePass456!"))).unwrap();
    assert_eq!(
        (renewed.expires, renewed.remembered),
        (who.session.expires, who.session.remembered)
    );
}

#[test]
fn bad_input_is_told_before_the_current_password_is_checked() {
    let workshop = Workshop::open();
    let mut untouched = MockPasswordHasher::new();
    untouched.expect_verify().never();
    let mut credentials = MockCredentialStore::new();
    credentials.expect_by_user().never();
    let same = service(&workshop, credentials, MockAuditLog::new(), untouched, 0);
    let answer = block_on(same.change(&signed_in(workshop.now()), change("SecurePass123!", "SecurePass123!")));
    let Err(ChangePasswordError::Invalid(violations)) = answer else {
        panic!("{answer:?}")
    };
    let violation = violations.iter().next().unwrap();
    assert_eq!(
        (violation.path, violation.message.as_str()),
        (
            Some("newPassword"),
            "New password must be different from current password"
        )
    );

    let mut untouched = MockPasswordHasher::new();
    untouched.expect_verify().never();
    let personal = service(&workshop, store(), MockAuditLog::new(), untouched, 0);
    let answer = block_on(personal.change(&signed_in(workshop.now()), change("SecurePass123!", "ada lovelace")));
    assert!(matches!(answer, Err(ChangePasswordError::Invalid(_))));
}

// Proves: A79, ASVS 16.3.2
#[test]
fn a_wrong_current_password_changes_nothing_and_is_written_down() {
    let workshop = Workshop::open();
    let mut credentials = store();
    credentials.expect_change_password().never();
    let service = service(&workshop, credentials, one_failure(), hasher_saying(Verdict::Wrong), 0);
    let answer = block_on(service.change(
        &signed_in(workshop.now()),
        change("SecurePass123!", "NewSecurePass456!"),
    ));
    assert!(matches!(answer, Err(ChangePasswordError::WrongPassword)));
}

#[test]
fn of_two_changes_at_once_the_loser_no_longer_knows_the_current_password() {
    let workshop = Workshop::open();
    let mut credentials = store();
    credentials
        .expect_change_password()
        .returning(|_| Ok(PasswordChangeOutcome::Superseded));
    let service = service(&workshop, credentials, one_failure(), hasher_saying(Verdict::Right), 0);
    let answer = block_on(service.change(
        &signed_in(workshop.now()),
        change("SecurePass123!", "NewSecurePass456!"),
    ));
    assert!(matches!(answer, Err(ChangePasswordError::WrongPassword)));
}

#[test]
fn a_session_that_ended_meanwhile_changes_nothing() {
    let workshop = Workshop::open();
    let mut credentials = store();
    credentials
        .expect_change_password()
        .returning(|_| Ok(PasswordChangeOutcome::SessionEnded));
    let ended = service(
        &workshop,
        credentials,
        MockAuditLog::new(),
        hasher_saying(Verdict::Right),
        0,
    );
    let answer = block_on(ended.change(
        &signed_in(workshop.now()),
        change("SecurePass123!", "NewSecurePass456!"),
    ));
    assert!(matches!(answer, Err(ChangePasswordError::NotSignedIn)));

    let mut credentials = MockCredentialStore::new();
    credentials.expect_by_user().returning(|_| Ok(None));
    let deleted = service(
        &workshop,
        credentials,
        MockAuditLog::new(),
        MockPasswordHasher::new(),
        0,
    );
    let answer = block_on(deleted.change(
        &signed_in(workshop.now()),
        change("SecurePass123!", "NewSecurePass456!"),
    ));
    assert!(matches!(answer, Err(ChangePasswordError::NotSignedIn)));
}

#[test]
fn a_busy_hasher_is_told() {
    let workshop = Workshop::open();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify().returning(|_, _, _| Err(HasherError::Busy));
    let service = service(&workshop, store(), MockAuditLog::new(), hasher, 0);
    let answer = block_on(service.change(
        &signed_in(workshop.now()),
        change("SecurePass123!", "NewSecurePass456!"),
    ));
    assert!(matches!(answer, Err(ChangePasswordError::Busy)));
}
