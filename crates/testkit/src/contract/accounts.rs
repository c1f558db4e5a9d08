//! The promises of [`AccountStore`](rookery_core::ports::AccountStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, AuditOutcome, CompanyName, Preferences, Role, TenantId, UserId};
use rookery_core::ports::{
    Account, AccountChange, AddressHolder, Addressee, Admission, NewAccount, NewTenant, SignInOutcome,
};
use rookery_core::{AuditEvent, LetterKind, Reader};

use super::World;
use super::draft::{address, hash};

pub async fn a_sign_up_writes_all_that_belongs_to_it(world: World) {
    let before = world.ledger().await;
    let mut account = world.new_account("Ada@Example.com");
    account.preferences = Some(Preferences {
        language: "es".parse().unwrap(),
        timezone: "Europe/Madrid".parse().unwrap(),
        ..Preferences::default()
    });
    account.tenant = Some(NewTenant {
        id: TenantId::new(world.now(), &[7; 10]),
        name: CompanyName::parse("Analytical Engines \u{2699} GmbH").unwrap(),
    });
    let admission = world.stores.accounts.admit(&account).await.unwrap();

    assert_eq!(admission, Admission::Admitted);
    assert_eq!(
        world.since(&before).await,
        [
            "credentials +1",
            "events user.created success +1",
            "mails verify_email queued +1",
            "members +1",
            "preferences +1",
            "tenants +1",
            "tokens email_verification live +1",
            "users +1",
        ]
    );
    let credential = world
        .stores
        .credentials
        .by_email(&account.email)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        credential.email.as_str(),
        "Ada@example.com",
        "the address as it was written"
    );
    assert_eq!(credential.hash, hash("first"));
    assert_eq!(credential.tenants, [(account.tenant.clone().unwrap().id, None)]);

    let person = super::Person {
        user: account.user,
        email: account.email.clone(),
    };
    let mut sign_in = world.sign_in(&person);
    sign_in.session.tenant = account.tenant.as_ref().map(|tenant| tenant.id);
    let session = world.open(&sign_in).await;
    let signed_in = world.resolved(&session.digest).await.unwrap();
    let tenant = signed_in.session.tenant.unwrap();
    assert_eq!(tenant.name, "Analytical Engines \u{2699} GmbH");
    assert_eq!(tenant.roles, [Role::Owner]);
    assert_eq!(signed_in.profile.roles, [Role::Owner]);
    assert_eq!(signed_in.profile.preferences, account.preferences.unwrap());
    assert_eq!(signed_in.profile.name.as_deref(), Some("Ada \u{1f99c} Lovelace"));
    assert_eq!(signed_in.profile.given_name.as_deref(), Some("Ада"));
    assert_eq!(signed_in.profile.family_name.as_deref(), Some("O'Lovelace"));
    assert_eq!(
        (signed_in.profile.created, signed_in.profile.updated),
        (account.at, account.at)
    );
    assert_eq!(signed_in.profile.email_verified, None);
}

pub async fn a_sign_up_without_a_company_or_a_language_makes_neither_tenant_nor_preferences(world: World) {
    let before = world.ledger().await;
    world.person("ada@example.com").await;
    assert_eq!(
        world.since(&before).await,
        [
            "credentials +1",
            "events user.created success +1",
            "mails verify_email queued +1",
            "tokens email_verification live +1",
            "users +1",
        ]
    );
}

// Proves: ASVS 2.3.3
pub async fn a_sign_up_that_fails_halfway_leaves_nothing_behind(world: World) {
    let first = world.new_account("ada@example.com");
    world.stores.accounts.admit(&first).await.unwrap();
    let before = world.ledger().await;

    let mut second = world.new_account("bob@example.com");
    second.event.id = first.event.id;
    let error = world.stores.accounts.admit(&second).await.unwrap_err();

    assert!(!error.is_unavailable(), "an id twice is nothing that mends by waiting");
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(!world.stores.accounts.is_taken(&second.email).await.unwrap());
}

// Proves: A10
pub async fn an_address_is_taken_in_every_spelling_of_its_case(world: World) {
    assert!(
        !world
            .stores
            .accounts
            .is_taken(&address("ada@example.com"))
            .await
            .unwrap()
    );
    world.person("Ada@Example.com").await;
    for spelling in ["ada@example.com", "ADA@EXAMPLE.COM", "aDa@example.com"] {
        assert!(
            world.stores.accounts.is_taken(&address(spelling)).await.unwrap(),
            "{spelling}"
        );
    }
    for other in ["ada@example.org", "ad@example.com", "a_a@example.com", "a%@example.com"] {
        assert!(
            !world.stores.accounts.is_taken(&address(other)).await.unwrap(),
            "{other}"
        );
    }
}

pub async fn a_sign_up_for_a_taken_address_writes_nothing(world: World) {
    world.person("ada@example.com").await;
    let before = world.ledger().await;
    let mut again = world.new_account("ADA@example.com");
    again.password_hash = hash("a stranger's");
    let admission = world.stores.accounts.admit(&again).await.unwrap();

    assert_eq!(admission, Admission::EmailTaken);
    assert_eq!(world.since(&before).await, [""; 0]);
    let credential = world.stores.credentials.by_email(&again.email).await.unwrap().unwrap();
    assert_eq!(credential.hash, hash("first"));
}

// Proves: A39
pub async fn of_sign_ups_racing_for_one_address_exactly_one_is_admitted(world: World) {
    let before = world.ledger().await;
    let spellings = [
        "ada@example.com",
        "Ada@example.com",
        "ADA@example.com",
        "adA@example.com",
    ];
    let accounts: Vec<_> = spellings
        .iter()
        .cycle()
        .take(12)
        .map(|spelling| world.new_account(spelling))
        .collect();
    let admissions = join_all(accounts.iter().map(|account| world.stores.accounts.admit(account))).await;

    let admitted: Vec<UserId> = admissions
        .into_iter()
        .zip(&accounts)
        .filter_map(|(admission, account)| (admission.unwrap() == Admission::Admitted).then_some(account.user))
        .collect();
    assert_eq!(admitted.len(), 1);
    assert_eq!(
        world.since(&before).await,
        [
            "credentials +1",
            "events user.created success +1",
            "mails verify_email queued +1",
            "tokens email_verification live +1",
            "users +1",
        ]
    );
    let found = world
        .stores
        .accounts
        .find(&address("ada@example.com"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.user, admitted[0]);
}

pub async fn sign_ups_for_different_addresses_do_not_get_in_each_other_s_way(world: World) {
    let accounts: Vec<_> = (0..20)
        .map(|number| world.new_account(&format!("person{number}@example.com")))
        .collect();
    for admission in join_all(accounts.iter().map(|account| world.stores.accounts.admit(account))).await {
        assert_eq!(admission.unwrap(), Admission::Admitted);
    }
    assert_eq!(world.ledger().await.count("users"), 20);
}

/// A sign-up with everything one may bring.
fn with_company(world: &World, email: &str) -> NewAccount {
    let mut account = world.new_account(email);
    account.preferences = Some(Preferences::default());
    account.tenant = Some(NewTenant {
        id: TenantId::new(world.now(), &[8; 10]),
        name: CompanyName::parse("Analytical Engines").unwrap(),
    });
    account
}

pub async fn a_discreet_sign_up_writes_what_any_other_writes(world: World) {
    let before = world.ledger().await;
    let account = with_company(&world, "Ada@Example.com");
    let admission = world.stores.accounts.admit_discreetly(&account).await.unwrap();
    assert_eq!(admission, Admission::Admitted);
    assert_eq!(
        world.since(&before).await,
        [
            "credentials +1",
            "events user.created success +1",
            "mails verify_email queued +1",
            "members +1",
            "preferences +1",
            "tenants +1",
            "tokens email_verification live +1",
            "users +1",
        ]
    );
    let credential = world
        .stores
        .credentials
        .by_email(&account.email)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((credential.user, credential.email), (account.user, account.email));
}

pub async fn a_feigned_sign_up_leaves_only_its_mail_and_its_event(world: World) {
    let ada = world.person("Ada@example.com").await;
    let mut account = with_company(&world, "ada@example.com");
    account.mail = world.mail(LetterKind::AlreadyRegistered, ada.addressee());
    account.event = AuditEvent {
        outcome: AuditOutcome::Failure,
        ..world.event(AuditAction::SignUp, Some(&ada))
    };
    let before = world.ledger().await;
    world.stores.accounts.feign(&account).await.unwrap();
    assert_eq!(
        world.since(&before).await,
        ["events user.created failure +1", "mails already_registered queued +1"]
    );
    let credential = world.stores.credentials.by_email(&ada.email).await.unwrap().unwrap();
    assert_eq!((credential.user, credential.hash), (ada.user, hash("first")));
    assert_eq!(
        world.stores.tokens.find(&account.verification.digest).await.unwrap(),
        None,
        "no token of it is left"
    );

    let mut again = with_company(&world, "ada@example.com");
    again.mail = world.mail(LetterKind::AlreadyRegistered, Addressee::Nobody);
    again.event = AuditEvent {
        outcome: AuditOutcome::Failure,
        ..world.event(AuditAction::SignUp, None)
    };
    let before = world.ledger().await;
    world.stores.accounts.feign(&again).await.unwrap();
    assert_eq!(
        world.since(&before).await,
        [
            "events user.created failure +1",
            "mails already_registered discarded +1"
        ]
    );
}

pub async fn of_discreet_sign_ups_racing_for_one_address_exactly_one_is_admitted(world: World) {
    let before = world.ledger().await;
    let accounts: Vec<_> = ["ada@example.com", "ADA@example.com"]
        .iter()
        .cycle()
        .take(8)
        .map(|spelling| world.new_account(spelling))
        .collect();
    let admissions = join_all(
        accounts
            .iter()
            .map(|account| world.stores.accounts.admit_discreetly(account)),
    )
    .await;
    let admitted = admissions
        .into_iter()
        .filter(|admission| *admission.as_ref().unwrap() == Admission::Admitted)
        .count();
    assert_eq!(admitted, 1);
    assert_eq!(
        world.since(&before).await,
        [
            "credentials +1",
            "events user.created success +1",
            "mails verify_email queued +1",
            "tokens email_verification live +1",
            "users +1",
        ]
    );
}

pub async fn the_holder_of_an_address_is_found_in_every_case_and_reached_only_while_the_account_lives(world: World) {
    let ada = world.person("Ada@example.com").await;
    let holder = async |text: &str| {
        world
            .stores
            .accounts
            .holder(&address(text), &world.now())
            .await
            .unwrap()
    };
    assert_eq!(holder("eve@example.com").await, None);
    let expected = AddressHolder {
        user: ada.user,
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        reader: Reader::default(),
        reachable_at: Some(ada.email.clone()),
    };
    for spelling in ["Ada@example.com", "ada@EXAMPLE.com"] {
        assert_eq!(holder(spelling).await, Some(expected.clone()), "{spelling}");
    }
    let event = world.event(AuditAction::Disabled, Some(&ada));
    let disable = AccountChange::Disable;
    world.stores.accounts.change(&ada.user, &disable, &event).await.unwrap();
    assert_eq!(
        holder("ada@example.com").await,
        Some(AddressHolder {
            reachable_at: None,
            ..expected
        })
    );
}

pub async fn an_operator_sees_the_account_as_it_is(world: World) {
    let person = world.person("Ada@example.com").await;
    let expected = Account {
        user: person.user,
        email: person.email.clone(),
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        email_verified: None,
        disabled: None,
        created: world.now(),
        last_login: None,
        sessions: 0,
    };
    let found = world.stores.accounts.find(&address("ADA@example.com")).await.unwrap();
    assert_eq!(found, Some(expected.clone()));

    world.advance(Duration::microseconds(61_000_001));
    world.signed_in(&person).await;
    world.signed_in(&person).await;
    let found = world.stores.accounts.find(&person.email).await.unwrap();
    let expected = Account {
        last_login: Some(world.now()),
        sessions: 2,
        ..expected
    };
    assert_eq!(found, Some(expected));
}

pub async fn nobody_is_found_under_an_unknown_address(world: World) {
    world.person("ada@example.com").await;
    let found = world.stores.accounts.find(&address("bob@example.com")).await.unwrap();
    assert_eq!(found, None);
}

pub async fn verifying_keeps_the_time_of_an_earlier_verification(world: World) {
    let person = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let first = world.now();
    for _ in 0..2 {
        let event = world.event(AuditAction::EmailVerified, Some(&person));
        let found = world
            .stores
            .accounts
            .change(&person.user, &AccountChange::Verify, &event)
            .await;
        assert!(found.unwrap());
        world.advance(Duration::hours(1));
    }
    let account = world.stores.accounts.find(&person.email).await.unwrap().unwrap();
    assert_eq!(account.email_verified, Some(first));
    assert_eq!(
        world.since(&before).await,
        ["events email.verified success +2", "users verified +1"]
    );
}

pub async fn disabling_ends_every_session_and_refuses_the_sign_in_under_way(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&bystander).await;
    let under_way = world.sign_in(&person);
    let before = world.ledger().await;

    let event = world.event(AuditAction::Disabled, Some(&person));
    let found = world
        .stores
        .accounts
        .change(&person.user, &AccountChange::Disable, &event)
        .await;
    assert!(found.unwrap());
    assert_eq!(
        world.since(&before).await,
        ["events user.disabled success +1", "sessions -1"]
    );
    assert_eq!(world.resolved(&session.digest).await, None);
    assert!(world.resolved(&other.digest).await.is_some());

    let outcome = world.stores.credentials.sign_in(&under_way).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
    let mut with_new_version = world.sign_in(&person);
    let credential = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!(credential.disabled, Some(event.at));
    with_new_version.credential_version = credential.version;
    let outcome = world.stores.credentials.sign_in(&with_new_version).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
}

pub async fn disabling_twice_keeps_the_first_time_and_enabling_lets_in_again(world: World) {
    let person = world.person("ada@example.com").await;
    let first = world.now();
    for _ in 0..2 {
        let event = world.event(AuditAction::Disabled, Some(&person));
        let change = AccountChange::Disable;
        assert!(
            world
                .stores
                .accounts
                .change(&person.user, &change, &event)
                .await
                .unwrap()
        );
        world.advance(Duration::minutes(1));
    }
    let account = world.stores.accounts.find(&person.email).await.unwrap().unwrap();
    assert_eq!(account.disabled, Some(first));

    let event = world.event(AuditAction::Enabled, Some(&person));
    let change = AccountChange::Enable;
    assert!(
        world
            .stores
            .accounts
            .change(&person.user, &change, &event)
            .await
            .unwrap()
    );
    let credential = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!((credential.disabled, credential.hash), (None, hash("first")));
    let mut sign_in = world.sign_in(&person);
    sign_in.credential_version = credential.version;
    world.open(&sign_in).await;
}

pub async fn changing_an_account_that_is_not_there_writes_nothing(world: World) {
    world.person("ada@example.com").await;
    let before = world.ledger().await;
    let nobody = UserId::new(world.now(), &[9; 10]);
    for change in [AccountChange::Verify, AccountChange::Disable, AccountChange::Enable] {
        let event = world.event(AuditAction::Disabled, None);
        assert!(
            !world.stores.accounts.change(&nobody, &change, &event).await.unwrap(),
            "{change:?}"
        );
    }
    assert_eq!(world.since(&before).await, [""; 0]);
}
