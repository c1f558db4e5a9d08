use chrono::Duration;
use futures_executor::block_on;

use super::*;
use crate::fixture::{Workshop, caller, record, user};
use crate::ports::{KnownDevice, MockDeviceStore, MockTokenStore, TokenRecord};

fn mailed() -> OneTimeToken {
    OneTimeToken::from_entropy(TokenPurpose::Unlock, [9; 32])
}

fn unlock(token: &str, device: Option<DeviceToken>) -> Unlock {
    Unlock {
        token: token.to_owned(),
        device,
        caller: caller(),
    }
}

fn service(workshop: &Workshop, tokens: MockTokenStore, devices: MockDeviceStore) -> UnlockingService {
    UnlockingService {
        tokens: Arc::new(tokens),
        devices: Arc::new(devices),
        throttle: workshop.throttle.clone(),
        mint: workshop.mint.clone(),
    }
}

fn store_with(record: Option<TokenRecord>) -> MockTokenStore {
    let mut tokens = MockTokenStore::new();
    tokens
        .expect_find()
        .withf(|digest| *digest == mailed().digest())
        .returning(move |_| Ok(record.clone()));
    tokens
}

#[test]
fn a_good_token_lifts_the_lock_of_its_address_and_makes_the_browser_known() {
    let workshop = Workshop::open();
    let mut tokens = store_with(Some(record(workshop.now())));
    let counter = workshop
        .throttle
        .counter(Limit::LogInAddress, &Subject::mailbox(&crate::fixture::email()));
    let (sent, stored) = std::sync::mpsc::channel();
    tokens
        .expect_lift_lock()
        .times(1)
        .withf(move |lift| {
            lift.digest == mailed().digest()
                && lift.user == user()
                && lift.counter == counter
                && lift.event.action == AuditAction::Unlocked
        })
        .returning(move |lift| {
            sent.send(lift.device.clone()).unwrap();
            Ok(Redemption::Redeemed)
        });
    let service = service(&workshop, tokens, MockDeviceStore::new());
    let unlocked = block_on(service.unlock(unlock(&mailed().expose(), None))).unwrap();
    let DeviceUse::New(device) = stored.recv().unwrap() else {
        panic!("the browser was not known before");
    };
    assert_eq!((device.digest, device.replaces), (unlocked.device.digest(), None));
}

#[test]
fn a_browser_the_person_has_used_keeps_its_token() {
    let workshop = Workshop::open();
    let shown = DeviceToken::from_entropy([4; 32]);
    let (id, last_used) = (workshop.mint.device_id(workshop.now()), workshop.now());
    let mut devices = MockDeviceStore::new();
    devices.expect_known().times(1).returning(move |_, _| {
        Ok(Some(KnownDevice {
            id,
            user: user(),
            last_used,
            trusted_until: None,
        }))
    });
    let mut tokens = store_with(Some(record(workshop.now())));
    tokens
        .expect_lift_lock()
        .withf(move |lift| lift.device == DeviceUse::Known(id))
        .returning(|_| Ok(Redemption::Redeemed));
    let service = service(&workshop, tokens, devices);
    let unlocked = block_on(service.unlock(unlock(&mailed().expose(), Some(shown.clone())))).unwrap();
    assert_eq!(unlocked.device.digest(), shown.digest());
}

#[test]
fn a_token_that_is_no_good_is_told_in_one_way() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let good = record(now);
    let used = TokenRecord {
        consumed: Some(now),
        ..good.clone()
    };
    let late = TokenRecord {
        expires: now,
        ..good.clone()
    };
    let shut = TokenRecord {
        disabled: Some(now - Duration::days(1)),
        ..good.clone()
    };
    for found in [None, Some(used), Some(late), Some(shut)] {
        let mut tokens = store_with(found);
        tokens.expect_lift_lock().never();
        let service = service(&workshop, tokens, MockDeviceStore::new());
        let answer = block_on(service.unlock(unlock(&mailed().expose(), None)));
        assert!(matches!(answer, Err(UnlockError::InvalidToken)), "{answer:?}");
    }
    // Somebody else was faster.
    let mut tokens = store_with(Some(good));
    tokens.expect_lift_lock().returning(|_| Ok(Redemption::Spent));
    let raced = block_on(service(&workshop, tokens, MockDeviceStore::new()).unlock(unlock(&mailed().expose(), None)));
    assert!(matches!(raced, Err(UnlockError::InvalidToken)));
    // A token of another purpose is not even looked for.
    let reset = OneTimeToken::from_entropy(TokenPurpose::PasswordReset, [9; 32]);
    let service = service(&workshop, MockTokenStore::new(), MockDeviceStore::new());
    for text in [reset.expose(), "unl_nonsense".to_owned(), String::new()] {
        let answer = block_on(service.unlock(unlock(&text, None)));
        assert!(matches!(answer, Err(UnlockError::InvalidToken)));
    }
}
