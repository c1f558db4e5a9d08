//! Counting attempts, locks and known devices: ATTACKS A30, A31, A73 and A76.

use rookery_domain::{Caller, SecretString, TenantPolicy};

use super::*;
use crate::fixture::{reader, tenant};
use crate::ports::{Addressee, MockThrottleStore, Taken};
use crate::{LimitProfile, Refusal};

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

// Proves: A30, ASVS 6.3.1
#[test]
fn a30_five_failures_lock_the_address_for_half_an_hour_from_wherever_they_come_and_however_it_is_spelt() {
    let workshop = Workshop::open();
    let service = lively(&workshop);
    block_on(async {
        for (turn, spelling) in [
            "ada@example.com",
            "ADA@example.com",
            "Ada@Example.COM",
            "aDa@example.com",
            "ada@EXAMPLE.com",
        ]
        .into_iter()
        .enumerate()
        {
            let attempt = LogIn {
                email: spelling.parse().unwrap(),
                ..trying("wrong", &format!("192.0.2.{turn}"))
            };
            let answer = service.log_in(attempt).await;
            assert!(matches!(answer, Err(LogInError::InvalidCredentials)), "{answer:?}");
        }
        let refusal = refused(service.log_in(trying("right", "198.51.100.9")).await);
        assert_eq!(
            (refusal.limit, refusal.retry_in),
            (Limit::LogInAddress, Duration::minutes(30))
        );
        workshop.clock.advance(Duration::minutes(30));
        assert!(service.log_in(trying("right", "198.51.100.9")).await.is_ok());
    });
}

// Proves: A31
#[test]
fn a31_an_unknown_address_locks_like_a_known_one_with_a_mail_to_nobody() {
    let workshop = Workshop::open();
    for (address, addressee) in [
        (
            email(),
            Addressee::Person {
                user: user(),
                email: email(),
                reader: reader(),
            },
        ),
        ("nobody@example.com".parse().unwrap(), Addressee::Nobody),
    ] {
        let (sent, issued) = std::sync::mpsc::channel();
        let mut tokens = MockTokenStore::new();
        tokens.expect_issue().times(1).returning(move |issue| {
            sent.send(issue.clone()).unwrap();
            Ok(())
        });
        let service = AuthenticationService {
            tokens: Arc::new(tokens),
            bell: bell_rung(1),
            ..lively(&workshop)
        };
        block_on(async {
            for _ in 0..5 {
                let attempt = LogIn {
                    email: address.clone(),
                    ..trying("wrong", "192.0.2.1")
                };
                let answer = service.log_in(attempt).await;
                assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
            }
            let attempt = LogIn {
                email: address.clone(),
                ..trying("right", "192.0.2.2")
            };
            assert_eq!(refused(service.log_in(attempt).await).limit, Limit::LogInAddress);
        });
        let issue = issued.recv().unwrap();
        assert_eq!(issue.mail.to, addressee);
        assert_eq!(issue.token.owner, addressee.owner());
        assert_eq!(issue.event.action, AuditAction::Locked);
        assert!(
            matches!(unsealed(&issue.mail), Letter::AccountLocked { link, .. } if link.starts_with("https://app.example.com/unlock?token=unl_"))
        );
    }
}

#[test]
fn what_a_tenant_allows_less_is_answered_like_a_wrong_password() {
    let policy = |attempts| TenantPolicy {
        max_login_attempts: attempts,
        ..TenantPolicy::default()
    };
    // The fewest that any tenant allows; nonsense of another program locks nobody out for good, and more is nothing.
    for (asked, counted) in [
        (vec![Some(policy(4)), None, Some(policy(3))], 3),
        (vec![Some(policy(0))], 1),
        (vec![Some(policy(50))], 5),
    ] {
        for wrong in 0..5 {
            let workshop = Workshop::open();
            let mut service = lively(&workshop);
            let tenants: Vec<_> = asked.iter().map(|policy| (tenant(), policy.clone())).collect();
            let mut credentials = MockCredentialStore::new();
            credentials.expect_by_email().returning(move |_| {
                Ok(Some(Credential {
                    tenants: tenants.clone(),
                    ..credential()
                }))
            });
            credentials.expect_sign_in().returning(|_| Ok(SignInOutcome::Opened));
            service.credentials = Arc::new(credentials);
            block_on(async {
                for _ in 0..wrong {
                    let answer = service.log_in(trying("wrong", "192.0.2.1")).await;
                    assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
                }
                let answer = service.log_in(trying("right", "192.0.2.1")).await;
                if wrong < counted {
                    assert!(answer.is_ok(), "{wrong} of {counted}: {answer:?}");
                } else {
                    assert!(matches!(answer, Err(LogInError::InvalidCredentials)), "{answer:?}");
                    let known = LogIn {
                        device: Some(shown()),
                        ..trying("right", "192.0.2.1")
                    };
                    assert!(service.log_in(known).await.is_ok(), "a known device goes on");
                }
            });
        }
    }
}

#[test]
fn a31_the_owner_on_a_known_device_gets_in_while_strangers_are_locked_out() {
    let workshop = Workshop::open();
    let service = lively(&workshop);
    block_on(async {
        for _ in 0..200 {
            let _ = service.log_in(trying("wrong", "192.0.2.1")).await;
        }
        let known = LogIn {
            device: Some(shown()),
            ..trying("right", "192.0.2.1")
        };
        let logged_in = service.log_in(known).await.unwrap().logged_in().unwrap();
        assert_eq!(
            logged_in.device.digest(),
            shown().digest(),
            "a known browser keeps its token"
        );
        // And what the owner does there lifts nothing for the strangers.
        assert_eq!(
            refused(service.log_in(trying("right", "198.51.100.1")).await).limit,
            Limit::LogInAddress
        );
    });
}

#[test]
fn the_device_of_somebody_else_is_a_stranger_s_and_is_given_another_token() {
    let workshop = Workshop::open();
    let mut devices = MockDeviceStore::new();
    devices.expect_known().times(1).returning(|_, _| Ok(None));
    let (sent, opened) = std::sync::mpsc::channel();
    let mut credentials = store_with(Some(credential()));
    credentials.expect_sign_in().returning(move |sign_in| {
        sent.send(sign_in.device.clone()).unwrap();
        Ok(SignInOutcome::Opened)
    });
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_verify()
        .withf(|_, _, lane| *lane == Lane::Stranger)
        .returning(|_, _, _| Ok(Verdict::Right));
    let service = AuthenticationService {
        devices: Arc::new(devices),
        ..service(&workshop, credentials, MockAuditLog::new(), hasher)
    };
    let attempt = LogIn {
        device: Some(shown()),
        ..log_in()
    };
    let logged_in = block_on(service.log_in(attempt)).unwrap().logged_in().unwrap();
    let DeviceUse::New(device) = opened.recv().unwrap() else {
        panic!("the browser was not hers");
    };
    assert_eq!(device.digest, logged_in.device.digest());
    assert_eq!(device.replaces, Some(shown().digest()));
    assert_ne!(device.digest, shown().digest());
}

#[test]
fn a_known_device_has_a_bucket_of_its_own_and_a_lane_of_its_own() {
    let workshop = Workshop::open();
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_verify()
        .times(10)
        .withf(|_, _, lane| *lane == Lane::Known)
        .returning(|_, _, _| Ok(Verdict::Wrong));
    let service = AuthenticationService {
        hasher: Arc::new(hasher),
        ..lively(&workshop)
    };
    let known = || LogIn {
        device: Some(shown()),
        ..trying("wrong", "192.0.2.1")
    };
    block_on(async {
        for _ in 0..10 {
            let answer = service.log_in(known()).await;
            assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
        }
        assert_eq!(refused(service.log_in(known()).await).limit, Limit::LogInDevice);
    });
}

// Proves: A30, ASVS 2.4.1
#[test]
fn a30_a_network_that_sprays_many_addresses_is_refused_and_no_hash_is_made_for_it() {
    let workshop = Workshop::open();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify_nobody().times(100).returning(|_, _| Ok(()));
    let service = AuthenticationService {
        hasher: Arc::new(hasher),
        ..lively(&workshop)
    };
    block_on(async {
        for turn in 0..130 {
            let attempt = LogIn {
                email: format!("nobody{turn}@example.com").parse().unwrap(),
                // One subscriber's /64, however many addresses he draws from it.
                ..trying("wrong", &format!("2001:db8:1:2::{turn:x}"))
            };
            let answer = service.log_in(attempt).await;
            if turn < 100 {
                assert!(matches!(answer, Err(LogInError::InvalidCredentials)), "{turn}");
            } else {
                assert_eq!(refused(answer).limit, Limit::LogInNetwork);
            }
        }
    });
}

#[test]
fn a_right_password_forgets_the_failures_before_it_and_does_not_count() {
    let workshop = Workshop::open();
    let service = lively(&workshop);
    block_on(async {
        for _ in 0..100 {
            for _ in 0..4 {
                let answer = service.log_in(trying("wrong", "192.0.2.1")).await;
                assert!(!matches!(answer, Err(LogInError::Throttled(refusal)) if refusal.limit == Limit::LogInAddress));
            }
            let _ = service.log_in(trying("right", "192.0.2.1")).await;
            workshop.clock.advance(Duration::minutes(2));
        }
        // 300 right ones in one window, from one network.
        workshop.clock.advance(Duration::minutes(30));
        for _ in 0..300 {
            assert!(service.log_in(trying("right", "192.0.2.1")).await.is_ok());
        }
    });
}

// Proves: A73
#[test]
fn a73_an_attempt_the_busy_hasher_turned_away_does_not_count() {
    let workshop = Workshop::open();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify().returning(|_, _, _| Err(HasherError::Busy));
    hasher.expect_verify_nobody().returning(|_, _| Err(HasherError::Busy));
    let service = AuthenticationService {
        hasher: Arc::new(hasher),
        ..lively(&workshop)
    };
    block_on(async {
        for device in [None, Some(shown())] {
            for _ in 0..200 {
                let attempt = LogIn {
                    device: device.clone(),
                    ..trying("right", "192.0.2.1")
                };
                assert!(matches!(service.log_in(attempt).await, Err(LogInError::Busy)));
            }
        }
    });
}

// Proves: A76, ASVS 16.5.3
#[test]
fn a76_counters_that_do_not_answer_let_nobody_in_and_ask_for_no_hash() {
    let workshop = Workshop::open();
    let mut store = MockThrottleStore::new();
    store
        .expect_take()
        .returning(|_| Err(PortError::unavailable("throttle.take", "down")));
    let throttle = Throttle::new(
        Arc::new(store),
        Arc::new(crate::mocks::OpenDigest),
        Arc::<crate::mocks::ManualClock>::clone(&workshop.clock),
        LimitProfile::Default,
    );
    let service = AuthenticationService {
        throttle,
        hasher: Arc::new(MockPasswordHasher::new()),
        ..lively(&workshop)
    };
    for device in [None, Some(shown())] {
        let attempt = LogIn {
            device,
            ..trying("right", "192.0.2.1")
        };
        let answer = block_on(service.log_in(attempt));
        assert!(matches!(answer, Err(LogInError::Port(error)) if error.is_unavailable()));
    }
}

#[test]
fn what_cannot_be_given_back_does_not_keep_the_owner_out() {
    let workshop = Workshop::open();
    let mut store = MockThrottleStore::new();
    store.expect_take().returning(|take| {
        Ok(Taken::Granted {
            count: 1,
            ends: take.at + take.rule.window,
        })
    });
    store
        .expect_clear()
        .times(1)
        .returning(|_| Err(PortError::unavailable("throttle.clear", "down")));
    store
        .expect_give_back()
        .times(1)
        .returning(|_, _| Err(PortError::unavailable("throttle.give_back", "down")));
    let throttle = Throttle::new(
        Arc::new(store),
        Arc::new(crate::mocks::OpenDigest),
        Arc::<crate::mocks::ManualClock>::clone(&workshop.clock),
        LimitProfile::Default,
    );
    let service = AuthenticationService {
        throttle,
        ..lively(&workshop)
    };
    assert!(block_on(service.log_in(trying("right", "192.0.2.1"))).is_ok());
}

#[test]
fn a_new_device_is_told_to_the_owner_with_a_way_back_but_not_the_first_one_of_all() {
    let workshop = Workshop::open();
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
    let before = workshop.now() - Duration::days(3);
    for (last_sign_in, device, mails) in [
        (None, None, 0),
        (Some(before), None, 1),
        (Some(before), Some(shown()), 0),
    ] {
        let person = Credential {
            last_sign_in,
            ..credential()
        };
        let (sent, opened) = std::sync::mpsc::channel();
        let mut credentials = store_with(Some(person));
        credentials.expect_sign_in().times(1).returning(move |sign_in| {
            sent.send(sign_in.clone()).unwrap();
            Ok(SignInOutcome::Opened)
        });
        let service = AuthenticationService {
            devices: Arc::new(adas_device(&workshop)),
            bell: bell_rung(mails),
            ..service(
                &workshop,
                credentials,
                MockAuditLog::new(),
                hasher_saying(Verdict::Right),
            )
        };
        let attempt = LogIn {
            device,
            caller: Caller {
                user_agent: Some(firefox.to_owned()),
                ..from("192.0.2.7")
            },
            ..log_in()
        };
        block_on(service.log_in(attempt)).unwrap();
        let sign_in = opened.recv().unwrap();
        assert_eq!(
            (sign_in.mail.is_some(), sign_in.undo.is_some()),
            (mails == 1, mails == 1)
        );
        if let (Some(mail), Some(undo)) = (sign_in.mail, sign_in.undo) {
            let Letter::NewDevice {
                device,
                address,
                undo: link,
                expires,
                ..
            } = unsealed(&mail)
            else {
                panic!("another letter");
            };
            assert_eq!(
                (device.as_str(), address.as_deref()),
                ("Firefox on Linux", Some("192.0.2.7"))
            );
            assert!(link.starts_with("https://app.example.com/undo?token=und_"), "{link}");
            assert_eq!(
                (undo.expires, expires),
                (sign_in.at + Duration::hours(72), undo.expires)
            );
        }
    }
}

#[test]
fn limits_that_are_off_count_nothing() {
    let workshop = Workshop::open();
    let throttle = Throttle::new(
        Arc::new(MockThrottleStore::new()),
        Arc::new(crate::mocks::OpenDigest),
        Arc::<crate::mocks::ManualClock>::clone(&workshop.clock),
        LimitProfile::Off,
    );
    let service = AuthenticationService {
        throttle,
        ..lively(&workshop)
    };
    assert!(
        service
            .throttle
            .counter(Limit::LogInAddress, &Subject::mailbox(&email()))
            .is_none()
    );
    block_on(async {
        for _ in 0..50 {
            let answer = service.log_in(trying("wrong", "192.0.2.1")).await;
            assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
        }
    });
}
