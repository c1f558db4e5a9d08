//! Making an account where nobody learns that an address is taken.

use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, AuditOutcome, CompanyName, Preferences, TenantId};
use rookery_core::ports::{AccountChange, AddressHolder, Addressee, Admission, NewAccount, NewTenant};
use rookery_core::{AuditEvent, LetterKind, Reader};

use crate::contract::World;
use crate::contract::draft::{address, hash};

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
