//! Browsers that are known, and new ones.

use super::*;

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
