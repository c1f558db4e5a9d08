use chrono::Duration;
use futures_executor::block_on;

use rookery_domain::{MailedCode, OneTimeToken};

use super::*;
use crate::Limit;
use crate::fixture::{Workshop, bell_rung, caller, codes, credential, email, record, unsealed, user};
use crate::ports::{CodeAttempt, Credential, MockCredentialStore, MockTokenStore, TokenRecord};

fn service(
    workshop: &Workshop,
    credentials: MockCredentialStore,
    tokens: MockTokenStore,
    rings: usize,
) -> VerificationService {
    VerificationService {
        credentials: Arc::new(credentials),
        tokens: Arc::new(tokens),
        throttle: workshop.throttle.clone(),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
    }
}

fn mailed() -> OneTimeToken {
    OneTimeToken::from_entropy(TokenPurpose::EmailVerification, [4; 32])
}

fn store_with(found: Option<TokenRecord>) -> MockTokenStore {
    let mut tokens = MockTokenStore::new();
    tokens
        .expect_find()
        .withf(|digest| *digest == mailed().digest())
        .returning(move |_| Ok(found.clone()));
    tokens
}

fn verify(
    workshop: &Workshop,
    tokens: MockTokenStore,
    text: &str,
    rings: usize,
) -> Result<EmailAddress, VerificationError> {
    let proof = MailedProof::Token(text.to_owned());
    block_on(service(workshop, MockCredentialStore::new(), tokens, rings).verify(&proof, &caller()))
}

#[test]
fn a_good_token_verifies_its_address_and_welcomes_the_person() {
    let workshop = Workshop::open();
    let mut tokens = store_with(Some(record(workshop.now())));
    tokens
        .expect_prove_email()
        .times(1)
        .withf(|proof| {
            let Letter::Welcome { home, .. } = unsealed(proof.mail.as_ref().unwrap()) else {
                return false;
            };
            proof.user == user()
                && home == "https://app.example.com/"
                && proof.event.action == AuditAction::EmailVerified
        })
        .returning(|_| Ok(Redemption::Redeemed));
    assert_eq!(verify(&workshop, tokens, &mailed().expose(), 1).unwrap(), email());
}

#[test]
fn whoever_was_verified_before_is_not_welcomed_again() {
    let workshop = Workshop::open();
    let mut tokens = store_with(Some(TokenRecord {
        email_verified: Some(workshop.now()),
        ..record(workshop.now())
    }));
    tokens
        .expect_prove_email()
        .times(1)
        .withf(|proof| proof.mail.is_none())
        .returning(|_| Ok(Redemption::Redeemed));
    assert!(verify(&workshop, tokens, &mailed().expose(), 1).is_ok());
}

// Proves: A15
#[test]
fn what_is_wrong_with_a_token_is_told_and_nothing_is_written() {
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
    let last_second = TokenRecord {
        expires: now + Duration::seconds(1),
        ..record(now)
    };
    assert!(matches!(
        verify(&workshop, store_with(Some(used)), &mailed().expose(), 0),
        Err(VerificationError::TokenAlreadyUsed)
    ));
    assert!(matches!(
        verify(&workshop, store_with(Some(expired)), &mailed().expose(), 0),
        Err(VerificationError::TokenExpired)
    ));
    assert!(matches!(
        verify(&workshop, store_with(None), &mailed().expose(), 0),
        Err(VerificationError::InvalidToken)
    ));
    let mut tokens = store_with(Some(last_second));
    tokens.expect_prove_email().returning(|_| Ok(Redemption::Spent));
    assert!(
        matches!(
            verify(&workshop, tokens, &mailed().expose(), 0),
            Err(VerificationError::TokenAlreadyUsed)
        ),
        "lost the race"
    );
}

#[test]
fn garbage_and_tokens_of_other_kinds_never_reach_the_store() {
    let workshop = Workshop::open();
    let reset = OneTimeToken::from_entropy(TokenPurpose::PasswordReset, [4; 32]).expose();
    for text in ["", "vfy_", "garbage", reset.as_str()] {
        let mut tokens = MockTokenStore::new();
        tokens.expect_find().never();
        assert!(
            matches!(verify(&workshop, tokens, text, 0), Err(VerificationError::InvalidToken)),
            "{text}"
        );
    }
}

fn coded() -> MailedProof {
    MailedProof::Code {
        email: EmailAddress::parse("ADA@example.com").unwrap(),
        code: MailedCode::from_entropy([7; 10]),
    }
}

fn tries(attempt: &CodeAttempt) -> bool {
    let code = MailedCode::from_entropy([7; 10]);
    let kept = codes().kept(TokenPurpose::EmailVerification, &code);
    attempt.email.key() == email().key()
        && attempt.purpose == TokenPurpose::EmailVerification
        && attempt.digests == [kept]
}

#[test]
fn a_right_code_does_what_the_link_beside_it_does() {
    let workshop = Workshop::open();
    let mut tokens = store_with(Some(record(workshop.now())));
    tokens
        .expect_try_code()
        .times(20)
        .withf(tries)
        .returning(|_| Ok(Some(mailed().digest())));
    tokens
        .expect_prove_email()
        .times(20)
        .withf(|proof| proof.digest == mailed().digest())
        .returning(|_| Ok(Redemption::Redeemed));
    let service = service(&workshop, MockCredentialStore::new(), tokens, 20);
    // Twice as often as wrong ones may be tried: what was right is not counted.
    for _ in 0..20 {
        assert_eq!(block_on(service.verify(&coded(), &caller())).unwrap(), email());
    }
}

#[test]
fn a_wrong_code_is_a_bad_token_and_the_eleventh_within_an_hour_is_not_looked_at() {
    let workshop = Workshop::open();
    let mut tokens = MockTokenStore::new();
    tokens.expect_try_code().times(10).returning(|_| Ok(None));
    let service = service(&workshop, MockCredentialStore::new(), tokens, 0);
    for _ in 0..10 {
        let answer = block_on(service.verify(&coded(), &caller()));
        assert!(matches!(answer, Err(VerificationError::InvalidToken)), "{answer:?}");
    }
    let answer = block_on(service.verify(&coded(), &caller()));
    let Err(VerificationError::Throttled(refusal)) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(refusal.limit, Limit::MailedCodeAddress);
}

#[test]
fn a_right_code_of_a_mail_that_has_run_out_or_was_used_is_told_what_its_link_is_told() {
    let workshop = Workshop::open();
    let now = workshop.now();
    for (found, is_expired) in [
        (
            TokenRecord {
                expires: now,
                ..record(now)
            },
            true,
        ),
        (
            TokenRecord {
                consumed: Some(now),
                ..record(now)
            },
            false,
        ),
    ] {
        let mut tokens = store_with(Some(found));
        tokens.expect_try_code().returning(|_| Ok(Some(mailed().digest())));
        let service = service(&workshop, MockCredentialStore::new(), tokens, 0);
        let answer = block_on(service.verify(&coded(), &caller()));
        let expected = match answer {
            Err(VerificationError::TokenExpired) => is_expired,
            Err(VerificationError::TokenAlreadyUsed) => !is_expired,
            _ => false,
        };
        assert!(expected, "{answer:?}");
    }
}

#[test]
fn the_mail_holds_the_code_that_is_kept() {
    let workshop = Workshop::open();
    let mut credentials = MockCredentialStore::new();
    credentials.expect_by_email().returning(|_| Ok(Some(credential())));
    let mut tokens = MockTokenStore::new();
    tokens
        .expect_issue()
        .times(1)
        .withf(|issue| {
            let Letter::VerifyEmail { code, .. } = unsealed(&issue.mail) else {
                return false;
            };
            let code = MailedCode::parse(&code.unwrap()).unwrap();
            issue.token.code == Some(codes().kept(TokenPurpose::EmailVerification, &code))
        })
        .returning(|_| Ok(()));
    block_on(service(&workshop, credentials, tokens, 1).resend(&email(), &caller())).unwrap();
}

#[test]
fn resending_writes_the_same_for_everybody_and_mails_only_the_unverified() {
    let workshop = Workshop::open();
    let verified = Credential {
        email_verified: Some(workshop.now()),
        ..credential()
    };
    let shut = Credential {
        disabled: Some(workshop.now()),
        ..credential()
    };
    for (known, mailed) in [
        (Some(credential()), true),
        (Some(verified), false),
        (Some(shut), false),
        (None, false),
    ] {
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
                (issue.mail.to == Addressee::Nobody) != mailed
                    && issue.token.owner.is_some() == mailed
                    && issue.event.user.is_some() == mailed
                    && matches!(unsealed(&issue.mail), Letter::VerifyEmail { .. })
            })
            .returning(|_| Ok(()));
        block_on(service(&workshop, credentials, tokens, 1).resend(&email(), &caller())).unwrap();
    }
}
