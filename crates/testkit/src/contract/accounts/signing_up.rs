//! Making an account where an address that is taken is told.

use futures_util::future::join_all;
use rookery_core::domain::{CompanyName, Preferences, Role, TenantId, UserId};
use rookery_core::ports::{Admission, NewTenant};

use crate::contract::draft::{address, hash};
use crate::contract::{Person, World};

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

    let person = Person {
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
