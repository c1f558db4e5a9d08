use futures_executor::block_on;
use rookery_domain::UserId;

use super::*;
use crate::fixture::{Workshop, attempt, bell_rung, caller, credential, email, reader, signed_in, unsealed, user};
use crate::ports::{
    AddressHolder, MockAccountStore, MockAddressStore, MockAuditLog, MockCredentialStore, MockPasswordHasher,
    MockSessionStore,
};

fn new_email() -> EmailAddress {
    EmailAddress::parse("ada@lovelace.example").unwrap()
}

fn mailed() -> OneTimeToken {
    OneTimeToken::from_entropy(TokenPurpose::EmailChange, [5; 32])
}

fn wish(new_email: &str) -> ChangeEmail {
    ChangeEmail {
        new_email: EmailAddress::parse(new_email).unwrap(),
        password: attempt("SecurePass123!"),
        caller: caller(),
    }
}

/// Everything behind the service; a mock that is told nothing allows nothing.
struct Behind {
    addresses: MockAddressStore,
    accounts: MockAccountStore,
    credentials: MockCredentialStore,
    audit: MockAuditLog,
    hasher: MockPasswordHasher,
    sessions: MockSessionStore,
    discreet: bool,
    rings: usize,
}

impl Behind {
    fn nothing() -> Self {
        Self {
            addresses: MockAddressStore::new(),
            accounts: MockAccountStore::new(),
            credentials: MockCredentialStore::new(),
            audit: MockAuditLog::new(),
            hasher: MockPasswordHasher::new(),
            sessions: MockSessionStore::new(),
            discreet: false,
            rings: 0,
        }
    }

    /// Ada types her password, and it is right or wrong.
    fn ada_proves(mut self, verdict: Verdict) -> Self {
        self.credentials
            .expect_by_user()
            .withf(|asked| *asked == user())
            .returning(|_| Ok(Some(credential())));
        self.hasher
            .expect_verify()
            .withf(|typed, hash, lane| {
                typed.expose() == "SecurePass123!" && *hash == credential().hash && *lane == Lane::Known
            })
            .returning(move |_, _, _| Ok(verdict));
        self
    }

    fn with_address_taken(mut self, taken: bool) -> Self {
        self.addresses
            .expect_is_taken()
            .withf(|email, asker, _| *email == new_email() && *asker == user())
            .returning(move |_, _, _| Ok(taken));
        self
    }

    fn service(self, workshop: &Workshop) -> AddressService {
        AddressService {
            addresses: Arc::new(self.addresses),
            accounts: Arc::new(self.accounts),
            credentials: Arc::new(self.credentials),
            audit: Arc::new(self.audit),
            hasher: Arc::new(self.hasher),
            guard: ProofGuard::new(
                workshop.throttle.clone(),
                Arc::new(self.sessions),
                workshop.mint.clone(),
            ),
            throttle: workshop.throttle.clone(),
            discreet: self.discreet,
            mint: workshop.mint.clone(),
            post_room: workshop.post_room.clone(),
            bell: bell_rung(self.rings),
        }
    }
}

fn ada() -> Addressee {
    Addressee::Person {
        user: user(),
        email: email(),
        reader: reader(),
    }
}

fn ada_at(email: EmailAddress) -> Addressee {
    Addressee::Person {
        user: user(),
        email,
        reader: reader(),
    }
}

#[test]
fn the_new_mailbox_is_asked_and_the_old_one_is_told() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut behind = Behind::nothing().ada_proves(Verdict::Right).with_address_taken(false);
    behind.rings = 1;
    behind
        .addresses
        .expect_request()
        .times(1)
        .withf(move |request| {
            assert_eq!(request.to, new_email());
            assert_eq!(request.session, signed_in(at).session.id);
            assert_eq!(request.credential_version, 7);
            // The token dies with the address it was asked for at.
            assert_eq!(request.token.owner, Some((user(), email())));
            assert_eq!(request.token.purpose, TokenPurpose::EmailChange);
            assert_eq!(request.token.expires, at + chrono::Duration::hours(24));
            assert_eq!(request.confirmation.to, ada_at(new_email()));
            assert_eq!(request.notice.to, ada());
            let Letter::ConfirmNewEmail { link, .. } = unsealed(&request.confirmation) else {
                panic!("not a confirmation");
            };
            assert!(link.starts_with("https://app.example.com/confirm-email?token=chg_"));
            let Letter::EmailChangeRequested { new_email, recover, .. } = unsealed(&request.notice) else {
                panic!("not a notice");
            };
            assert_eq!(new_email, "ada@lovelace.example");
            assert_eq!(recover, "https://app.example.com/forgot-password");
            assert_eq!(request.event.action, AuditAction::EmailChangeRequest);
            request.event.user == Some(user())
        })
        .returning(|_| Ok(EmailChangeRequestOutcome::Pending));
    let service = behind.service(&workshop);
    block_on(service.request(&signed_in(at), wish("ada@lovelace.example"))).unwrap();
}

// Proves: ASVS 2.2.3
#[test]
fn the_same_address_in_any_spelling_is_refused_before_the_password_is_looked_at() {
    let workshop = Workshop::open();
    for spelling in ["Ada@example.com", "ADA@EXAMPLE.COM", "  ada@Example.Com\t"] {
        let service = Behind::nothing().service(&workshop);
        let refused = block_on(service.request(&signed_in(workshop.now()), wish(spelling)));
        let Err(ChangeEmailError::Invalid(violations)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(violations.to_string(), "newEmail: New email must be different");
    }
}

// Proves: A12
#[test]
fn a_wrong_password_is_written_down_and_nothing_is_said_of_the_address() {
    let workshop = Workshop::open();
    let mut behind = Behind::nothing().ada_proves(Verdict::Wrong);
    behind
        .audit
        .expect_record()
        .times(1)
        .withf(|event| event.action == AuditAction::EmailChangeRequest && event.outcome == AuditOutcome::Failure)
        .returning(|_| Ok(()));
    let service = behind.service(&workshop);
    let refused = block_on(service.request(&signed_in(workshop.now()), wish("ada@lovelace.example")));
    assert!(matches!(refused, Err(ChangeEmailError::WrongPassword)), "{refused:?}");
}

// Proves: A30
#[test]
fn wrong_passwords_are_counted_with_those_of_every_other_door() {
    let workshop = Workshop::open();
    let mut behind = Behind::nothing().ada_proves(Verdict::Wrong);
    behind.audit.expect_record().times(5).returning(|_| Ok(()));
    let service = behind.service(&workshop);
    let session = signed_in(workshop.now());
    block_on(async {
        for _ in 0..5 {
            let refused = service.request(&session, wish("ada@lovelace.example")).await;
            assert!(matches!(refused, Err(ChangeEmailError::WrongPassword)), "{refused:?}");
        }
        let refused = service.request(&session, wish("ada@lovelace.example")).await;
        assert!(
            matches!(refused, Err(ChangeEmailError::Throttled(refusal)) if refusal.limit == Limit::CurrentPassword),
            "{refused:?}"
        );
        let elsewhere = workshop
            .throttle
            .take(Limit::CurrentPassword, &Subject::User(user()))
            .await;
        assert!(elsewhere.is_err(), "the count is the person's");
    });
}

#[test]
fn a_taken_address_is_told_where_sign_up_tells_it() {
    let workshop = Workshop::open();
    let service = Behind::nothing()
        .ada_proves(Verdict::Right)
        .with_address_taken(true)
        .service(&workshop);
    let refused = block_on(service.request(&signed_in(workshop.now()), wish("ada@lovelace.example")));
    assert!(matches!(refused, Err(ChangeEmailError::EmailTaken)), "{refused:?}");
}

#[test]
fn a_taken_address_is_told_to_nobody_but_its_owner_where_sign_up_keeps_it() {
    let workshop = Workshop::open();
    let owner = UserId::new(workshop.now(), &[9; 10]);
    for taken in [true, false] {
        let mut behind = Behind::nothing().ada_proves(Verdict::Right).with_address_taken(taken);
        behind.discreet = true;
        behind.rings = 1;
        behind.accounts.expect_holder().times(1).returning(move |email, _| {
            Ok(taken.then(|| AddressHolder {
                user: owner,
                name: None,
                reader: reader(),
                reachable_at: Some(email.clone()),
            }))
        });
        behind
            .addresses
            .expect_request()
            .times(1)
            .withf(move |request| {
                let (to, letter) = (&request.confirmation.to, unsealed(&request.confirmation));
                match (taken, &letter) {
                    (true, Letter::AlreadyRegistered { .. }) => {
                        *to == (Addressee::Person {
                            user: owner,
                            email: new_email(),
                            reader: reader(),
                        })
                    }
                    (false, Letter::ConfirmNewEmail { .. }) => *to == ada_at(new_email()),
                    _ => false,
                }
            })
            .returning(|_| Ok(EmailChangeRequestOutcome::Pending));
        let service = behind.service(&workshop);
        block_on(service.request(&signed_in(workshop.now()), wish("ada@lovelace.example"))).unwrap();
    }
}

// Proves: A32
#[test]
fn nobody_s_mailbox_is_flooded_by_somebody_who_is_signed_in() {
    let workshop = Workshop::open();
    let mut behind = Behind::nothing().ada_proves(Verdict::Right).with_address_taken(false);
    behind.rings = 3;
    behind
        .addresses
        .expect_request()
        .times(3)
        .returning(|_| Ok(EmailChangeRequestOutcome::Pending));
    let service = behind.service(&workshop);
    let session = signed_in(workshop.now());
    block_on(async {
        for _ in 0..3 {
            service.request(&session, wish("ada@lovelace.example")).await.unwrap();
        }
        let refused = service.request(&session, wish("ADA@lovelace.example")).await;
        assert!(
            matches!(refused, Err(ChangeEmailError::Throttled(refusal)) if refusal.limit == Limit::MailAddress),
            "{refused:?}"
        );
    });
}

#[test]
fn a_password_or_a_session_that_ended_meanwhile_is_told() {
    let workshop = Workshop::open();
    for (outcome, failures) in [
        (EmailChangeRequestOutcome::Superseded, 1),
        (EmailChangeRequestOutcome::SessionEnded, 0),
    ] {
        let mut behind = Behind::nothing().ada_proves(Verdict::Right).with_address_taken(false);
        behind.audit.expect_record().times(failures).returning(|_| Ok(()));
        behind.addresses.expect_request().returning(move |_| Ok(outcome));
        let service = behind.service(&workshop);
        let refused = block_on(service.request(&signed_in(workshop.now()), wish("ada@lovelace.example")));
        match outcome {
            EmailChangeRequestOutcome::Superseded => assert!(matches!(refused, Err(ChangeEmailError::WrongPassword))),
            _ => assert!(matches!(refused, Err(ChangeEmailError::NotSignedIn))),
        }
    }
}

#[test]
fn calling_a_change_off_succeeds_whether_or_not_one_waits() {
    let workshop = Workshop::open();
    for waited in [true, false] {
        let mut behind = Behind::nothing();
        behind
            .addresses
            .expect_cancel()
            .times(1)
            .withf(|person, event| *person == user() && event.action == AuditAction::EmailChangeCancelled)
            .returning(move |_, _| Ok(waited));
        let service = behind.service(&workshop);
        block_on(service.cancel(&signed_in(workshop.now()), &caller())).unwrap();
    }
}

fn pending(workshop: &Workshop) -> PendingEmailChange {
    PendingEmailChange {
        user: user(),
        from: email(),
        to: new_email(),
        name: None,
        reader: reader(),
        disabled: None,
        expires: workshop.now() + chrono::Duration::hours(1),
    }
}

fn finding(found: Option<PendingEmailChange>) -> Behind {
    let mut behind = Behind::nothing();
    behind
        .addresses
        .expect_find()
        .withf(|digest| *digest == mailed().digest())
        .returning(move |_| Ok(found.clone()));
    behind
}

// Proves: A12
#[test]
fn only_the_old_mailbox_gets_a_way_back() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut behind = finding(Some(pending(&workshop)));
    behind.rings = 1;
    behind
        .addresses
        .expect_confirm()
        .times(1)
        .withf(move |change| {
            let Letter::EmailChanged {
                undo,
                expires,
                new_email: named,
                ..
            } = unsealed(&change.notice)
            else {
                panic!("not a notice");
            };
            let token = undo.strip_prefix("https://app.example.com/undo?token=").unwrap();
            let token = OneTimeToken::parse(TokenPurpose::Undo, token).unwrap();
            assert_eq!(change.undo.digest, token.digest());
            assert_eq!(change.undo.email, email());
            assert_eq!(change.undo.kind, UndoKind::EmailChanged);
            assert_eq!(change.undo.expires, at + chrono::Duration::hours(72));
            assert_eq!((expires, named.as_str()), (change.undo.expires, "ada@lovelace.example"));
            assert_eq!(change.notice.to, ada());
            assert_eq!(change.welcome.to, ada_at(new_email()));
            assert!(matches!(unsealed(&change.welcome), Letter::NewEmailConfirmed { .. }));
            assert_eq!(change.event.action, AuditAction::EmailChanged);
            (change.user, &change.to, change.at) == (user(), &new_email(), at)
        })
        .returning(|_| Ok(EmailChangeOutcome::Changed));
    let service = behind.service(&workshop);
    let email = block_on(service.confirm(&mailed().expose(), &caller())).unwrap();
    assert_eq!(email, new_email());
}

#[test]
fn every_token_that_confirms_nothing_is_the_same_bad_token() {
    let workshop = Workshop::open();
    let expired = PendingEmailChange {
        expires: workshop.now(),
        ..pending(&workshop)
    };
    let shut = PendingEmailChange {
        disabled: Some(workshop.now()),
        ..pending(&workshop)
    };
    for found in [None, Some(expired), Some(shut)] {
        let refused = block_on(finding(found).service(&workshop).confirm(&mailed().expose(), &caller()));
        assert!(matches!(refused, Err(ConfirmEmailError::InvalidToken)), "{refused:?}");
    }
    for nonsense in ["", "chg_", "vfy_abc", &mailed().expose().replace("chg_", "rst_")] {
        let refused = block_on(Behind::nothing().service(&workshop).confirm(nonsense, &caller()));
        assert!(matches!(refused, Err(ConfirmEmailError::InvalidToken)), "{refused:?}");
    }
}

#[test]
fn a_race_that_is_lost_is_told_as_what_it_is() {
    let workshop = Workshop::open();
    for outcome in [EmailChangeOutcome::Spent, EmailChangeOutcome::EmailTaken] {
        let mut behind = finding(Some(pending(&workshop)));
        behind.addresses.expect_confirm().returning(move |_| Ok(outcome));
        let refused = block_on(behind.service(&workshop).confirm(&mailed().expose(), &caller()));
        match outcome {
            EmailChangeOutcome::Spent => assert!(matches!(refused, Err(ConfirmEmailError::InvalidToken))),
            _ => assert!(matches!(refused, Err(ConfirmEmailError::EmailTaken))),
        }
    }
}
