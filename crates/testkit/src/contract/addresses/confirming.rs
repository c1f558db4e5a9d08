//! Confirming another address, which somebody else may want as well.

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::domain::TokenPurpose;
use rookery_core::ports::{Admission, EmailChangeOutcome, EmailChangeRequest, NewTenant, SignInOutcome};

use crate::contract::draft::address;
use crate::contract::{Person, World};

// Proves: A05
pub async fn a_confirmed_change_moves_the_person_and_ends_everything_else(world: World) {
    let mut account = world.new_account("Ada@example.com");
    account.tenant = Some(NewTenant {
        id: world.mint.tenant_id(world.now()),
        name: rookery_core::domain::CompanyName::parse("Analytical Engines").unwrap(),
    });
    assert_eq!(
        world.stores.accounts.admit(&account).await.unwrap(),
        Admission::Admitted
    );
    let person = Person {
        user: account.user,
        email: account.email.clone(),
    };
    let bystander = world.person("bob@example.com").await;
    let other = world.signed_in(&bystander).await;
    let session = world.signed_in(&person).await;
    let elsewhere = world.signed_in(&person).await;
    let reset = world.issue(TokenPurpose::PasswordReset, person.addressee());
    let reset = world.issued(&reset).await;
    let request = world.wished(&person, &session, "Ada@new.example").await;
    world.advance(Duration::minutes(10));
    let before = world.ledger().await;

    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        [
            "events email.changed success +1",
            "mails email_changed queued +1",
            "mails new_email_confirmed queued +1",
            "sessions -1",
            "tokens email_change live -1",
            "tokens email_change used +1",
            "tokens email_verification live -1",
            "tokens email_verification void +1",
            "tokens password_reset live -1",
            "tokens password_reset void +1",
            "undos live +1",
            "users verified +1",
        ]
    );
    assert_eq!(world.owner_of(&person.email).await, None);
    let credential = world.stores.credentials.by_email(&address("ADA@NEW.EXAMPLE")).await;
    let credential = credential.unwrap().unwrap();
    assert_eq!(
        (credential.user, credential.email.as_str(), credential.version),
        (person.user, "Ada@new.example", 2)
    );
    assert_eq!(credential.email_verified, Some(world.now()));
    assert_eq!(world.stores.tokens.find(&reset).await.unwrap(), None);
    assert_eq!(world.resolved(&elsewhere.digest).await, None);
    assert!(world.resolved(&other.digest).await.is_some());
    let here = world.resolved(&session.digest).await.unwrap().profile;
    assert_eq!((here.email.as_str(), here.updated), ("Ada@new.example", world.now()));
    assert_eq!(here.pending_email, None);
    let found = world.stores.addresses.find(&request.token.digest).await.unwrap();
    assert_eq!(found, None, "a second use is like an unknown token");
    let after = Person {
        email: request.to.clone(),
        ..person.clone()
    };
    assert_eq!(world.confirmed(&after, &request).await, EmailChangeOutcome::Spent);
    let addresses = world.stores.witness.member_addresses(&person.user).await;
    assert_eq!(addresses, ["Ada@new.example"], "the tenants know it, too");
}

pub async fn a_token_that_has_expired_or_is_somebody_else_s_changes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&bystander).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    let foreign = world.wished(&bystander, &other, "bob@new.example").await;
    let before = world.ledger().await;
    let stolen = EmailChangeRequest {
        to: foreign.to.clone(),
        ..request.clone()
    };
    assert_eq!(world.confirmed(&bystander, &stolen).await, EmailChangeOutcome::Spent);
    world.advance(Duration::hours(24));
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Spent);
    assert_eq!(world.since(&before).await, [""; 0]);
    world.advance(-Duration::microseconds(1));
    assert_eq!(
        world.confirmed(&person, &request).await,
        EmailChangeOutcome::Changed,
        "to its last moment"
    );
}

pub async fn of_confirmations_at_once_exactly_one_changes_the_address(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    let before = world.ledger().await;
    let changes: Vec<_> = (0..6).map(|_| world.email_change(&person, &request)).collect();
    let outcomes = join_all(changes.iter().map(|change| world.stores.addresses.confirm(change))).await;
    let winners = outcomes
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == EmailChangeOutcome::Changed)
        .count();
    assert_eq!(winners, 1);
    let since = world.since(&before).await;
    assert!(since.contains(&"mails email_changed queued +1".to_owned()), "{since:?}");
    assert!(since.contains(&"undos live +1".to_owned()), "{since:?}");
}

pub async fn an_address_taken_meanwhile_stays_with_whoever_took_it(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "Ada@new.example").await;
    assert!(!world.is_taken("ada@new.example", &person).await);
    let faster = world.person("ADA@new.example").await;
    assert!(world.is_taken("ada@new.example", &person).await);
    assert!(!world.is_taken("ada@new.example", &faster).await, "their own");
    let before = world.ledger().await;
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::EmailTaken);
    assert_eq!(world.since(&before).await, [""; 0]);
    assert_eq!(world.owner_of(&request.to).await, Some(faster.user));
    assert_eq!(world.owner_of(&person.email).await, Some(person.user));
    let found = world.stores.addresses.find(&request.token.digest).await.unwrap();
    assert!(found.is_some(), "the token is as good as it was");
}

pub async fn of_all_who_race_for_one_address_exactly_one_gets_it(world: World) {
    let mut changes = Vec::new();
    for number in 0..4 {
        let person = world.person(&format!("ada{number}@example.com")).await;
        let session = world.signed_in(&person).await;
        let request = world.wished(&person, &session, "ada@new.example").await;
        changes.push(world.email_change(&person, &request));
    }
    let account = world.new_account("ADA@new.example");
    let confirmations = join_all(changes.iter().map(|change| world.stores.addresses.confirm(change)));
    let (confirmed, admitted) = join(confirmations, world.stores.accounts.admit(&account)).await;
    let won = confirmed
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == EmailChangeOutcome::Changed)
        .count()
        + usize::from(admitted.unwrap() == Admission::Admitted);
    assert_eq!(won, 1);
}

pub async fn a_sign_in_racing_a_change_of_address_leaves_no_session(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    // Its password was checked before, at the old address.
    let sign_in = world.sign_in(&person);
    let change = world.email_change(&person, &request);
    let (changed, signed_in) = join(
        world.stores.addresses.confirm(&change),
        world.stores.credentials.sign_in(&sign_in),
    )
    .await;
    assert_eq!(changed.unwrap(), EmailChangeOutcome::Changed);
    assert!(matches!(
        signed_in.unwrap(),
        SignInOutcome::Opened | SignInOutcome::Superseded
    ));
    assert_eq!(world.resolved(&sign_in.session.digest).await, None);
    assert!(world.resolved(&session.digest).await.is_some());
}
