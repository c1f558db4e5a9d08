use futures_executor::block_on;
use mockall::predicate::eq;
use rookery_domain::{Channel, CompanyName, ConsentSubject, ConsentVersion, DisplayName, TokenPurpose};
use serde_json::json;

use super::*;
use crate::fixture::{Workshop, bell_rung, caller, email, hash, password, read_by, reader, unsealed, user};
use crate::ports::{AddressHolder, HasherError, MockAccountStore, MockPasswordHasher, PortError};
use crate::{ConsentChoice, Letter};

fn sign_up() -> SignUp {
    SignUp {
        email: email(),
        password: password("SecurePass123!"),
        name: DisplayName::parse("Ada Lovelace").ok(),
        given_name: None,
        family_name: None,
        company_name: None,
        language: None,
        timezone: None,
        accept_terms: None,
        consents: ConsentChoice::default(),
        caller: caller(),
    }
}

fn hasher_that_hashes() -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_hash()
        .withf(|typed, _| typed.expose() == "SecurePass123!")
        .times(1)
        .returning(|_, _| Ok(hash("hashed")));
    hasher
}

fn service(
    workshop: &Workshop,
    accounts: MockAccountStore,
    hasher: MockPasswordHasher,
    rings: usize,
) -> RegistrationService {
    RegistrationService {
        accounts: Arc::new(accounts),
        hasher: Arc::new(hasher),
        throttle: workshop.throttle.clone(),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
    }
}

#[test]
fn a_sign_up_commits_user_token_mail_and_event_as_one_value() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut accounts = MockAccountStore::new();
    accounts
        .expect_is_taken()
        .with(eq(email()))
        .times(1)
        .returning(|_| Ok(false));
    accounts
        .expect_admit()
        .times(1)
        .withf(move |account| {
            let Letter::VerifyEmail {
                link,
                expires,
                name,
                code,
            } = unsealed(&account.mail)
            else {
                return false;
            };
            account.email.as_str() == "Ada@example.com"
                && account.password_hash == hash("hashed")
                && account.preferences.is_none()
                && account.tenant.is_none()
                && account.at == at
                && account.verification.purpose == TokenPurpose::EmailVerification
                && account.verification.owner == Some((account.user, email()))
                && account.verification.expires == at + chrono::Duration::hours(24)
                && expires == account.verification.expires
                && account.mail.expires == expires
                && link.starts_with("https://app.example.com/verify-email?token=vfy_")
                && name.as_deref() == Some("Ada Lovelace")
                && code.is_some()
                && account.verification.code.is_some()
                && account.event.action == AuditAction::SignUp
                && account.event.user == Some(account.user)
                && account.event.caller == caller()
        })
        .returning(|_| Ok(Admission::Admitted));

    let registered = block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register(sign_up())).unwrap();
    assert_eq!(registered.email, email());
    assert_eq!(registered.name.as_deref(), Some("Ada Lovelace"));
}

#[test]
fn the_mailed_token_is_the_stored_one_and_only_its_digest_is_stored() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_is_taken().returning(|_| Ok(false));
    accounts
        .expect_admit()
        .withf(|account| {
            let Letter::VerifyEmail { link, .. } = unsealed(&account.mail) else {
                return false;
            };
            let token = link.split_once("token=").unwrap().1;
            let token = rookery_domain::OneTimeToken::parse(TokenPurpose::EmailVerification, token).unwrap();
            token.digest() == account.verification.digest
        })
        .returning(|_| Ok(Admission::Admitted));
    assert!(block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register(sign_up())).is_ok());
}

#[test]
fn a_company_makes_a_tenant_and_a_chosen_language_a_whole_row_of_preferences() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_is_taken().returning(|_| Ok(false));
    accounts
        .expect_admit()
        .withf(|account| {
            let tenant = account.tenant.as_ref().unwrap();
            let preferences = account.preferences.as_ref().unwrap();
            tenant.name.as_str() == "Penguins"
                && account.event.tenant == Some(tenant.id)
                && account.event.detail == Some(json!({ "acceptTerms": true }))
                && read_by(&account.mail) == Reader::told(Some("es"), None)
                && *preferences
                    == Preferences {
                        language: "es".parse().unwrap(),
                        ..Preferences::default()
                    }
        })
        .returning(|_| Ok(Admission::Admitted));
    let sign_up = SignUp {
        company_name: CompanyName::parse("Penguins").ok(),
        language: "es".parse().ok(),
        accept_terms: Some(true),
        ..sign_up()
    };
    assert!(block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register(sign_up)).is_ok());
}

#[test]
fn what_somebody_agrees_to_at_the_sign_up_commits_with_the_account_and_marketing_with_the_preference() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let mut accounts = MockAccountStore::new();
    accounts.expect_is_taken().returning(|_| Ok(false));
    accounts
        .expect_admit()
        .withf(move |account| {
            let told: Vec<_> = account
                .consents
                .iter()
                .map(|consent| {
                    assert_eq!(
                        (consent.at, consent.channel, consent.given),
                        (now, Channel::Pages, true)
                    );
                    (consent.subject, consent.version.to_string())
                })
                .collect();
            let marketing = ConsentVersion::marketing().to_string();
            account.preferences.as_ref().unwrap().marketing_emails
                && account.event.detail
                    == Some(json!({ "consents": { "terms": "2", "marketing": marketing.as_str() } }))
                && told
                    == [
                        (ConsentSubject::Terms, "2".to_owned()),
                        (ConsentSubject::Marketing, marketing),
                    ]
        })
        .returning(|_| Ok(Admission::Admitted));
    let sign_up = SignUp {
        consents: ConsentChoice {
            accepted: vec![(ConsentSubject::Terms, "2".parse().unwrap())],
            marketing: Some(true),
        },
        caller: rookery_domain::Caller {
            channel: Channel::Pages,
            ..caller()
        },
        ..sign_up()
    };
    assert!(block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register(sign_up)).is_ok());
}

#[test]
fn not_wanting_marketing_at_the_sign_up_is_no_decision() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_is_taken().returning(|_| Ok(false));
    accounts
        .expect_admit()
        .withf(|account| account.consents.is_empty() && account.preferences.is_none() && account.event.detail.is_none())
        .returning(|_| Ok(Admission::Admitted));
    let sign_up = SignUp {
        consents: ConsentChoice {
            marketing: Some(false),
            ..ConsentChoice::default()
        },
        ..sign_up()
    };
    assert!(block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register(sign_up)).is_ok());
}

#[test]
fn a_taken_address_costs_no_hash() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_is_taken().returning(|_| Ok(true));
    accounts.expect_admit().never();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().never();
    let answer = block_on(service(&workshop, accounts, hasher, 0).register(sign_up()));
    assert!(matches!(answer, Err(RegistrationError::EmailTaken)));
}

#[test]
fn losing_the_race_for_an_address_is_told_like_a_taken_one() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_is_taken().returning(|_| Ok(false));
    accounts.expect_admit().returning(|_| Ok(Admission::EmailTaken));
    let answer = block_on(service(&workshop, accounts, hasher_that_hashes(), 0).register(sign_up()));
    assert!(matches!(answer, Err(RegistrationError::EmailTaken)));
}

#[test]
fn a_busy_hasher_and_a_silent_store_are_told_apart() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_is_taken().returning(|_| Ok(false));
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().returning(|_, _| Err(HasherError::Busy));
    assert!(matches!(
        block_on(service(&workshop, accounts, hasher, 0).register(sign_up())),
        Err(RegistrationError::Busy)
    ));

    let mut accounts = MockAccountStore::new();
    accounts
        .expect_is_taken()
        .returning(|_| Err(PortError::unavailable("users.is_taken", "refused")));
    let answer = block_on(service(&workshop, accounts, MockPasswordHasher::new(), 0).register(sign_up()));
    assert!(matches!(answer, Err(RegistrationError::Port(error)) if error.is_unavailable()));
}

fn holder() -> AddressHolder {
    AddressHolder {
        user: user(),
        name: Some("Ada Lovelace".to_owned()),
        reader: reader(),
        reachable_at: rookery_domain::EmailAddress::parse("ada@EXAMPLE.com").ok(),
    }
}

#[test]
fn a_discreet_sign_up_with_a_free_address_makes_the_account_like_any_other() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts
        .expect_holder()
        .with(eq(email()), eq(workshop.now()))
        .times(1)
        .returning(|_, _| Ok(None));
    accounts
        .expect_admit_discreetly()
        .times(1)
        .withf(|account| {
            matches!(unsealed(&account.mail), Letter::VerifyEmail { .. })
                && account.mail.to.owner() == Some((account.user, email()))
                && account.verification.owner == Some((account.user, email()))
                && account.event.outcome == AuditOutcome::Success
                && account.event.user == Some(account.user)
        })
        .returning(|_| Ok(Admission::Admitted));
    accounts.expect_feign().never();
    block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register_discreetly(sign_up())).unwrap();
}

#[test]
fn a_discreet_sign_up_with_a_taken_address_costs_a_hash_and_writes_to_its_owner_where_he_is() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_holder().times(1).returning(|_, _| Ok(Some(holder())));
    accounts.expect_admit_discreetly().never();
    accounts
        .expect_feign()
        .times(1)
        .withf(|account| {
            let Letter::AlreadyRegistered { name, home, recover } = unsealed(&account.mail) else {
                return false;
            };
            name.as_deref() == Some("Ada Lovelace")
                && home == "https://app.example.com/"
                && recover == "https://app.example.com/forgot-password"
                && read_by(&account.mail) == reader()
                && account.mail.to
                    == Addressee::Person {
                        user: user(),
                        email: rookery_domain::EmailAddress::parse("ada@EXAMPLE.com").unwrap(),
                        reader: reader(),
                    }
                && account.user != user()
                && account.event.action == AuditAction::SignUp
                && account.event.outcome == AuditOutcome::Failure
                && account.event.user == Some(user())
                && account.event.tenant.is_none()
        })
        .returning(|_| Ok(()));
    let sign_up = SignUp {
        company_name: CompanyName::parse("Penguins").ok(),
        ..sign_up()
    };
    block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register_discreetly(sign_up)).unwrap();
}

#[test]
fn nobody_is_written_to_where_the_owner_cannot_be_reached() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_holder().returning(|_, _| {
        Ok(Some(AddressHolder {
            reachable_at: None,
            ..holder()
        }))
    });
    accounts
        .expect_feign()
        .times(1)
        .withf(|account| account.mail.to == Addressee::Nobody && account.event.user == Some(user()))
        .returning(|_| Ok(()));
    block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register_discreetly(sign_up())).unwrap();
}

#[test]
fn losing_a_discreet_race_is_answered_like_winning_it() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    let mut looks = 0;
    accounts.expect_holder().times(2).returning(move |_, _| {
        looks += 1;
        Ok((looks == 2).then(holder))
    });
    accounts
        .expect_admit_discreetly()
        .times(1)
        .returning(|_| Ok(Admission::EmailTaken));
    accounts
        .expect_feign()
        .times(1)
        .withf(|account| matches!(unsealed(&account.mail), Letter::AlreadyRegistered { .. }))
        .returning(|_| Ok(()));
    block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register_discreetly(sign_up())).unwrap();
}

#[test]
fn a_busy_hasher_is_told_of_free_and_taken_addresses_alike() {
    let workshop = Workshop::open();
    for taken in [false, true] {
        let mut accounts = MockAccountStore::new();
        accounts.expect_holder().returning(move |_, _| Ok(taken.then(holder)));
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_hash().returning(|_, _| Err(HasherError::Busy));
        let answer = block_on(service(&workshop, accounts, hasher, 0).register_discreetly(sign_up()));
        assert!(matches!(answer, Err(RegistrationError::Busy)), "{answer:?}");
    }
}

// Proves: A32
#[test]
fn the_owner_of_an_address_is_written_to_three_times_an_hour_and_the_work_goes_on() {
    let workshop = Workshop::open();
    for attempt in 1..=5 {
        let mut accounts = MockAccountStore::new();
        accounts.expect_holder().times(1).returning(|_, _| Ok(Some(holder())));
        accounts
            .expect_feign()
            .times(1)
            .withf(move |account| (account.mail.to == Addressee::Nobody) == (attempt > 3))
            .returning(|_| Ok(()));
        block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register_discreetly(sign_up())).unwrap();
    }

    // A new account's first mail is sent all the same.
    let mut accounts = MockAccountStore::new();
    accounts.expect_holder().returning(|_, _| Ok(None));
    accounts
        .expect_admit_discreetly()
        .times(1)
        .withf(|account| account.mail.to.owner().is_some())
        .returning(|_| Ok(Admission::Admitted));
    block_on(service(&workshop, accounts, hasher_that_hashes(), 1).register_discreetly(sign_up())).unwrap();
}
