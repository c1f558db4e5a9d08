use futures_executor::block_on;
use rookery_domain::{MailedCode, OneTimeToken, TenantPolicy};

use super::*;
use crate::MailedProof;
use crate::fixture::{
    Workshop, bell_rung, caller, credential, email, hash, password, policy, reader, record, unsealed, user,
};
use crate::ports::{Credential, HasherError, MockCredentialStore, MockPasswordHasher, MockTokenStore};

fn service(
    workshop: &Workshop,
    credentials: MockCredentialStore,
    tokens: MockTokenStore,
    hasher: MockPasswordHasher,
    rings: usize,
) -> RecoveryService {
    RecoveryService {
        credentials: Arc::new(credentials),
        tokens: Arc::new(tokens),
        hasher: Arc::new(hasher),
        policy: policy(),
        throttle: workshop.throttle.clone(),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
    }
}

fn mailed() -> OneTimeToken {
    OneTimeToken::from_entropy(TokenPurpose::PasswordReset, [4; 32])
}

fn shown(text: &str, chosen: &str) -> ResetPassword {
    ResetPassword {
        proof: MailedProof::Token(text.to_owned()),
        new_password: password(chosen),
        caller: caller(),
    }
}

fn store_with(found: Option<TokenRecord>) -> MockTokenStore {
    let mut tokens = MockTokenStore::new();
    tokens
        .expect_find()
        .withf(|digest| *digest == mailed().digest())
        .returning(move |_| Ok(found.clone()));
    tokens
}

fn hasher(times: usize) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().times(times).returning(|_, _| Ok(hash("new")));
    hasher
}

#[test]
fn a_request_writes_the_same_for_everybody_and_mails_only_people() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let shut = Credential {
        disabled: Some(at),
        ..credential()
    };
    for (known, mailed) in [(Some(credential()), true), (Some(shut), false), (None, false)] {
        let mut credentials = MockCredentialStore::new();
        credentials
            .expect_by_email()
            .times(1)
            .returning(move |_| Ok(known.clone()));
        let mut tokens = MockTokenStore::new();
        tokens
            .expect_issue()
            .times(1)
            .withf(move |issue| {
                let Letter::ResetPassword { link, expires, .. } = unsealed(&issue.mail) else {
                    return false;
                };
                let to = if mailed {
                    Addressee::Person {
                        user: user(),
                        email: email(),
                        reader: reader(),
                    }
                } else {
                    Addressee::Nobody
                };
                issue.mail.to == to
                    && issue.token.owner == to.owner()
                    && issue.token.expires == at + chrono::Duration::hours(1)
                    && expires == issue.token.expires
                    && link.starts_with("https://app.example.com/reset-password?token=rst_")
                    && issue.event.user == mailed.then(user)
            })
            .returning(|_| Ok(()));
        block_on(service(&workshop, credentials, tokens, hasher(0), 1).request(&email(), &caller())).unwrap();
    }
}

// Proves: A10
#[test]
fn the_mail_goes_to_the_stored_address_and_not_to_the_typed_one() {
    let workshop = Workshop::open();
    let mut credentials = MockCredentialStore::new();
    credentials.expect_by_email().returning(|_| Ok(Some(credential())));
    let mut tokens = MockTokenStore::new();
    tokens
        .expect_issue()
        .withf(|issue| matches!(&issue.mail.to, Addressee::Person { email, .. } if email.as_str() == "Ada@example.com"))
        .returning(|_| Ok(()));
    let typed = EmailAddress::parse("ADA@EXAMPLE.COM").unwrap();
    block_on(service(&workshop, credentials, tokens, hasher(0), 1).request(&typed, &caller())).unwrap();
}

#[test]
fn a_good_token_sets_the_password_and_tells_the_owner() {
    let workshop = Workshop::open();
    let mut tokens = store_with(Some(record(workshop.now())));
    tokens
        .expect_reset_password()
        .times(1)
        .withf(|reset| {
            reset.digest == mailed().digest()
                && reset.user == user()
                && reset.new_hash == hash("new")
                && matches!(unsealed(&reset.mail), Letter::PasswordChanged { undo, .. } if undo.starts_with("https://app.example.com/undo?token=und_"))
                && reset.event.action == AuditAction::PasswordReset
        })
        .returning(|_| Ok(Redemption::Redeemed));
    let service = service(&workshop, MockCredentialStore::new(), tokens, hasher(1), 1);
    block_on(service.reset(shown(&mailed().expose(), "NewSecurePass456!"))).unwrap();
}

// Proves: A02, A04
#[test]
fn unknown_used_expired_foreign_and_shut_look_alike_and_cost_no_hash() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let used = TokenRecord {
        consumed: Some(now),
        ..record(now)
    };
    let expired = TokenRecord {
        expires: now,
        ..record(now)
    };
    let shut = TokenRecord {
        disabled: Some(now),
        ..record(now)
    };
    for found in [None, Some(used), Some(expired), Some(shut)] {
        let service = service(&workshop, MockCredentialStore::new(), store_with(found), hasher(0), 0);
        let answer = block_on(service.reset(shown(&mailed().expose(), "NewSecurePass456!")));
        assert!(matches!(answer, Err(RecoveryError::InvalidToken)));
    }
    let verification = OneTimeToken::from_entropy(TokenPurpose::EmailVerification, [4; 32]);
    let service = service(
        &workshop,
        MockCredentialStore::new(),
        MockTokenStore::new(),
        hasher(0),
        0,
    );
    assert!(matches!(
        block_on(service.reset(shown(&verification.expose(), "NewSecurePass456!"))),
        Err(RecoveryError::InvalidToken)
    ));
}

// Proves: A01
#[test]
fn a_password_the_person_may_not_have_leaves_the_token_alone() {
    let workshop = Workshop::open();
    let strict = TenantPolicy {
        password_min_length: 20,
        ..TenantPolicy::default()
    };
    for (chosen, policies, message) in [
        (
            "ada lovelace",
            vec![],
            "Password must not be your email address, your name or the name of this service",
        ),
        (
            "penguinmails",
            vec![],
            "Password must not be your email address, your name or the name of this service",
        ),
        (
            "NewSecurePass456!",
            vec![strict],
            "Password must be at least 20 characters",
        ),
    ] {
        let mut tokens = store_with(Some(TokenRecord {
            policies,
            ..record(workshop.now())
        }));
        tokens.expect_reset_password().never();
        let service = service(&workshop, MockCredentialStore::new(), tokens, hasher(0), 0);
        let Err(RecoveryError::Invalid(violations)) = block_on(service.reset(shown(&mailed().expose(), chosen))) else {
            panic!("{chosen}")
        };
        let violation = violations.iter().next().unwrap();
        assert_eq!(
            (violation.path, violation.message.as_str()),
            (Some("newPassword"), message)
        );
    }
}

#[test]
fn a_busy_hasher_leaves_the_token_alone_and_a_lost_race_looks_like_a_bad_token() {
    let workshop = Workshop::open();
    let mut busy = MockPasswordHasher::new();
    busy.expect_hash().returning(|_, _| Err(HasherError::Busy));
    let mut tokens = store_with(Some(record(workshop.now())));
    tokens.expect_reset_password().never();
    let answer = block_on(
        service(&workshop, MockCredentialStore::new(), tokens, busy, 0)
            .reset(shown(&mailed().expose(), "NewSecurePass456!")),
    );
    assert!(matches!(answer, Err(RecoveryError::Busy)));

    let mut tokens = store_with(Some(record(workshop.now())));
    tokens.expect_reset_password().returning(|_| Ok(Redemption::Spent));
    let answer = block_on(
        service(&workshop, MockCredentialStore::new(), tokens, hasher(1), 0)
            .reset(shown(&mailed().expose(), "NewSecurePass456!")),
    );
    assert!(matches!(answer, Err(RecoveryError::InvalidToken)));
}

fn coded(chosen: &str) -> ResetPassword {
    let code = MailedCode::from_entropy([7; 10]);
    ResetPassword {
        proof: MailedProof::Code { email: email(), code },
        ..shown("", chosen)
    }
}

#[test]
fn a_right_code_resets_the_password_like_the_link_beside_it() {
    let workshop = Workshop::open();
    let mut tokens = store_with(Some(record(workshop.now())));
    tokens
        .expect_try_code()
        .times(1)
        .withf(|attempt| attempt.purpose == TokenPurpose::PasswordReset)
        .returning(|_| Ok(Some(mailed().digest())));
    tokens
        .expect_reset_password()
        .times(1)
        .withf(|reset| reset.digest == mailed().digest())
        .returning(|_| Ok(Redemption::Redeemed));
    let service = service(&workshop, MockCredentialStore::new(), tokens, hasher(1), 1);
    block_on(service.reset(coded("NewSecurePass456!"))).unwrap();
}

#[test]
fn a_wrong_code_costs_no_hash_and_the_eleventh_within_an_hour_no_look() {
    let workshop = Workshop::open();
    let mut tokens = MockTokenStore::new();
    tokens.expect_try_code().times(10).returning(|_| Ok(None));
    let service = service(&workshop, MockCredentialStore::new(), tokens, hasher(0), 0);
    for _ in 0..10 {
        let answer = block_on(service.reset(coded("NewSecurePass456!")));
        assert!(matches!(answer, Err(RecoveryError::InvalidToken)), "{answer:?}");
    }
    let answer = block_on(service.reset(coded("NewSecurePass456!")));
    assert!(matches!(answer, Err(RecoveryError::Throttled(_))), "{answer:?}");
}
