//! What becomes of the address that was given up.

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::ports::{Admission, EmailChangeOutcome};

use crate::contract::World;

pub async fn an_address_given_up_is_kept_while_that_can_be_undone(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let thief = world.person("eve@example.com").await;
    let theirs = world.signed_in(&thief).await;
    world.moved(&person, &session, "ada@new.example", 1).await;

    assert!(world.is_taken("ADA@example.com", &thief).await);
    assert!(!world.is_taken("ada@example.com", &person).await, "it is kept for her");
    let account = world.new_account("ADA@example.com");
    let before = world.ledger().await;
    assert_eq!(
        world.stores.accounts.admit(&account).await.unwrap(),
        Admission::EmailTaken
    );
    assert_eq!(world.since(&before).await, [""; 0]);
    let request = world.wished(&thief, &theirs, "ada@example.com").await;
    assert_eq!(world.confirmed(&thief, &request).await, EmailChangeOutcome::EmailTaken);

    world.advance(Duration::hours(72));
    assert!(!world.is_taken("ada@example.com", &thief).await);
    let account = world.new_account("ada@example.com");
    assert_eq!(
        world.stores.accounts.admit(&account).await.unwrap(),
        Admission::Admitted
    );
}

pub async fn a_sign_up_racing_a_change_of_address_does_not_get_the_old_one(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    let change = world.email_change(&person, &request);
    let accounts: Vec<_> = (0..4).map(|_| world.new_account("Ada@example.com")).collect();
    let sign_ups = join_all(accounts.iter().map(|account| world.stores.accounts.admit(account)));
    let (changed, admitted) = join(world.stores.addresses.confirm(&change), sign_ups).await;
    assert_eq!(changed.unwrap(), EmailChangeOutcome::Changed);
    for admission in admitted {
        assert_eq!(admission.unwrap(), Admission::EmailTaken);
    }
}
