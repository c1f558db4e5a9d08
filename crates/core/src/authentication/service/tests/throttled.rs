//! Counting attempts, locks and known devices: ATTACKS A30, A31, A73 and A76.

mod counters;
mod devices;
mod locks;

use rookery_domain::{Caller, SecretString};

use super::*;
use crate::Refusal;

fn from(address: &str) -> Caller {
    Caller {
        address: Some(address.parse().unwrap()),
        ..caller()
    }
}

pub(super) fn shown() -> DeviceToken {
    DeviceToken::from_entropy([5; 32])
}

/// The device `shown` is Ada's.
fn adas_device(workshop: &Workshop) -> MockDeviceStore {
    let (id, last_used) = (workshop.mint.device_id(workshop.now()), workshop.now());
    let mut devices = MockDeviceStore::new();
    devices.expect_known().returning(move |digest, address| {
        let known = *digest == shown().digest() && *address == email();
        Ok(known.then_some(KnownDevice {
            id,
            user: user(),
            last_used,
            trusted_until: None,
        }))
    });
    devices
}

/// Everything answers as often as it is asked: the password is `right`.
pub(super) fn lively(workshop: &Workshop) -> AuthenticationService {
    let mut credentials = MockCredentialStore::new();
    credentials
        .expect_by_email()
        .returning(|asked| Ok((*asked == email()).then(credential)));
    credentials.expect_sign_in().returning(|_| Ok(SignInOutcome::Opened));
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify().returning(|typed, _, _| {
        Ok(if typed.expose() == "right" {
            Verdict::Right
        } else {
            Verdict::Wrong
        })
    });
    hasher.expect_verify_nobody().returning(|_, _| Ok(()));
    let mut audit = MockAuditLog::new();
    audit.expect_record().returning(|_| Ok(()));
    let mut tokens = MockTokenStore::new();
    tokens.expect_issue().returning(|_| Ok(()));
    let mut bell = crate::ports::MockDeliveryBell::new();
    bell.expect_ring().return_const(());
    AuthenticationService {
        devices: Arc::new(adas_device(workshop)),
        tokens: Arc::new(tokens),
        bell: Arc::new(bell),
        ..service(workshop, credentials, audit, hasher)
    }
}

pub(super) fn trying(password: &str, address: &str) -> LogIn {
    LogIn {
        password: PasswordAttempt::parse(&SecretString::from(password)).unwrap(),
        caller: from(address),
        ..log_in()
    }
}

fn refused(answer: Result<LogInOutcome, LogInError>) -> Refusal {
    match answer {
        Err(LogInError::Throttled(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}
