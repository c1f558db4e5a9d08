use chrono::Duration;
use futures_executor::block_on;
use mockall::predicate::eq;
use rookery_domain::{DeviceToken, SessionToken, TenantPolicy, Timestamp, TokenDigest};

use super::*;
use crate::fixture::{
    Workshop, attempt, bell_rung, caller, credential, email, hash, idle_check, tenant, unsealed, user,
};
use crate::ports::{
    DeviceUse, KnownDevice, MockAuditLog, MockCredentialStore, MockDeviceStore, MockPasswordHasher,
    MockSecondFactorStore, MockTokenStore, PortError,
};
use crate::{Letter, Limit, Subject};

fn log_in() -> LogIn {
    LogIn {
        email: email(),
        password: attempt("SecurePass123!"),
        remember_me: false,
        held: None,
        device: None,
        caller: caller(),
    }
}

fn service(
    workshop: &Workshop,
    credentials: MockCredentialStore,
    audit: MockAuditLog,
    hasher: MockPasswordHasher,
) -> AuthenticationService {
    AuthenticationService {
        credentials: Arc::new(credentials),
        audit: Arc::new(audit),
        devices: Arc::new(MockDeviceStore::new()),
        tokens: Arc::new(MockTokenStore::new()),
        throttle: workshop.throttle.clone(),
        hasher: Arc::new(hasher),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(0),
        lifetime: SessionLifetime::DEFAULT,
        remembered_lifetime: SessionLifetime::REMEMBERED,
        factors: Arc::new(MockSecondFactorStore::new()),
        check: idle_check(),
    }
}

fn store_with(credential: Option<Credential>) -> MockCredentialStore {
    let mut credentials = MockCredentialStore::new();
    credentials
        .expect_by_email()
        .with(eq(email()))
        .times(1)
        .returning(move |_| Ok(credential.clone()));
    credentials
}

fn hasher_saying(verdict: Verdict) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_verify()
        .withf(|_, stored, _| *stored == hash("stored"))
        .times(1)
        .returning(move |_, _, _| Ok(verdict));
    hasher
}

fn one_failure_of(whom: Option<rookery_domain::UserId>) -> MockAuditLog {
    let mut audit = MockAuditLog::new();
    audit
        .expect_record()
        .times(1)
        .withf(move |event| {
            event.action == AuditAction::LogIn && event.outcome == AuditOutcome::Failure && event.user == whom
        })
        .returning(|_| Ok(()));
    audit
}

#[test]
fn the_right_password_opens_a_session_resting_on_the_version_it_was_checked_against() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut credentials = store_with(Some(credential()));
    credentials
        .expect_sign_in()
        .times(1)
        .withf(move |sign_in| {
            sign_in.credential_version == 7
                && sign_in.rehash.is_none()
                && sign_in.replaces.is_none()
                && sign_in.session.user == user()
                && sign_in.session.lifetime == SessionLifetime::DEFAULT
                && sign_in.session.methods == [AuthMethod::Password]
                && !sign_in.session.remembered
                && sign_in.event.session == Some(sign_in.session.id)
                && sign_in.event.outcome == AuditOutcome::Success
                && sign_in.at == at
        })
        .returning(|_| Ok(SignInOutcome::Opened));
    let logged_in = block_on(
        service(
            &workshop,
            credentials,
            MockAuditLog::new(),
            hasher_saying(Verdict::Right),
        )
        .log_in(log_in()),
    )
    .unwrap()
    .logged_in()
    .unwrap();
    assert_eq!(
        (logged_in.user, logged_in.expires, logged_in.remembered),
        (user(), at + Duration::hours(24), false)
    );
}

// Proves: ASVS 7.2.2
#[test]
fn the_answer_holds_the_token_whose_digest_is_stored() {
    let workshop = Workshop::open();
    let stored = Arc::new(std::sync::Mutex::new(None::<TokenDigest>));
    let mut credentials = store_with(Some(credential()));
    let seen = Arc::clone(&stored);
    credentials.expect_sign_in().returning(move |sign_in| {
        *seen.lock().unwrap() = Some(sign_in.session.digest);
        Ok(SignInOutcome::Opened)
    });
    let logged_in = block_on(
        service(
            &workshop,
            credentials,
            MockAuditLog::new(),
            hasher_saying(Verdict::Right),
        )
        .log_in(log_in()),
    )
    .unwrap()
    .logged_in()
    .unwrap();
    assert_eq!(Some(logged_in.token.digest()), *stored.lock().unwrap());
}

// Proves: A14, ASVS 16.3.1
#[test]
fn an_unknown_address_costs_a_hash_and_an_event_like_a_known_one() {
    let workshop = Workshop::open();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify_nobody().times(1).returning(|_, _| Ok(()));
    let answer = block_on(service(&workshop, store_with(None), one_failure_of(None), hasher).log_in(log_in()));
    assert!(matches!(answer, Err(LogInError::InvalidCredentials)));

    let known = service(
        &workshop,
        store_with(Some(credential())),
        one_failure_of(Some(user())),
        hasher_saying(Verdict::Wrong),
    );
    assert!(matches!(
        block_on(known.log_in(log_in())),
        Err(LogInError::InvalidCredentials)
    ));
}

// Proves: A14
#[test]
fn a_shut_account_pays_for_the_hash_and_is_told_like_a_wrong_password() {
    let workshop = Workshop::open();
    let shut = Credential {
        disabled: Some(workshop.now()),
        ..credential()
    };
    let answer = block_on(
        service(
            &workshop,
            store_with(Some(shut)),
            one_failure_of(Some(user())),
            hasher_saying(Verdict::Right),
        )
        .log_in(log_in()),
    );
    assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
}

#[test]
fn a_password_that_changed_while_it_was_checked_opens_nothing() {
    let workshop = Workshop::open();
    let mut credentials = store_with(Some(credential()));
    credentials
        .expect_sign_in()
        .times(1)
        .returning(|_| Ok(SignInOutcome::Superseded));
    let answer = block_on(
        service(
            &workshop,
            credentials,
            one_failure_of(Some(user())),
            hasher_saying(Verdict::Right),
        )
        .log_in(log_in()),
    );
    assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
}

// Proves: ASVS 11.2.2
#[test]
fn an_outdated_hash_is_renewed_and_failing_to_is_no_reason_to_refuse() {
    for renewed in [Some("better"), None] {
        let workshop = Workshop::open();
        let mut hasher = hasher_saying(Verdict::RightButOutdated);
        hasher.expect_hash().times(1).returning(move |_, _| match renewed {
            Some(phc) => Ok(hash(phc)),
            None => Err(HasherError::Port(PortError::broken("hasher.hash", "no memory"))),
        });
        let mut credentials = store_with(Some(credential()));
        credentials
            .expect_sign_in()
            .times(1)
            .withf(move |sign_in| sign_in.rehash == renewed.map(hash))
            .returning(|_| Ok(SignInOutcome::Opened));
        assert!(block_on(service(&workshop, credentials, MockAuditLog::new(), hasher).log_in(log_in())).is_ok());
    }
}

#[test]
fn remember_me_stretches_the_session_and_a_tenants_policy_cuts_it() {
    let workshop = Workshop::open();
    let policy = TenantPolicy {
        session_timeout_hours: 8,
        ..TenantPolicy::default()
    };
    for (policy, absolute) in [(None, Duration::days(30)), (Some(policy), Duration::hours(8))] {
        let mut credentials = store_with(Some(Credential {
            tenants: vec![(tenant(), policy)],
            ..credential()
        }));
        credentials
            .expect_sign_in()
            .withf(move |sign_in| {
                sign_in.session.lifetime.absolute == absolute
                    && sign_in.session.remembered
                    && sign_in.session.tenant == Some(tenant())
            })
            .returning(|_| Ok(SignInOutcome::Opened));
        let remembered = LogIn {
            remember_me: true,
            ..log_in()
        };
        let logged_in = block_on(
            service(
                &workshop,
                credentials,
                MockAuditLog::new(),
                hasher_saying(Verdict::Right),
            )
            .log_in(remembered),
        )
        .unwrap()
        .logged_in()
        .unwrap();
        assert_eq!(logged_in.expires, workshop.now() + absolute);
    }
}

// Proves: A22
#[test]
fn the_session_this_browser_held_ends_with_the_sign_in() {
    let workshop = Workshop::open();
    let held = SessionToken::from_entropy([9; 32]);
    let digest = held.digest();
    let mut credentials = store_with(Some(credential()));
    credentials
        .expect_sign_in()
        .withf(move |sign_in| sign_in.replaces == Some(digest))
        .returning(|_| Ok(SignInOutcome::Opened));
    let log_in = LogIn {
        held: Some(held),
        ..log_in()
    };
    assert!(
        block_on(
            service(
                &workshop,
                credentials,
                MockAuditLog::new(),
                hasher_saying(Verdict::Right)
            )
            .log_in(log_in)
        )
        .is_ok()
    );
}

#[test]
fn a_busy_hasher_is_told_for_strangers_and_acquaintances_alike() {
    let workshop = Workshop::open();
    let mut for_nobody = MockPasswordHasher::new();
    for_nobody
        .expect_verify_nobody()
        .returning(|_, _| Err(HasherError::Busy));
    let mut for_somebody = MockPasswordHasher::new();
    for_somebody.expect_verify().returning(|_, _, _| Err(HasherError::Busy));
    for (known, hasher) in [(None, for_nobody), (Some(credential()), for_somebody)] {
        let answer = block_on(service(&workshop, store_with(known), MockAuditLog::new(), hasher).log_in(log_in()));
        assert!(matches!(answer, Err(LogInError::Busy)));
    }
}

mod never_locked_out;
mod second_factor;
mod throttled;
