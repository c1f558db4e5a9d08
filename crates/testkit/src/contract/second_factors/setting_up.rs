//! Setting an authenticator app up.

use futures_util::future::join_all;
use rookery_core::domain::{AuthMethod, FactorState, TokenDigest};
use rookery_core::ports::{FactorChangeOutcome, FactorConfirmation};

use super::{app, step};
use crate::contract::World;

// Proves: A59
pub async fn an_app_that_waits_for_its_first_code_gates_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let factor = world.new_factor(&person);
    assert!(world.stores.factors.enrol(&factor).await.unwrap());
    assert_eq!(
        world.since(&before).await,
        ["events factor.begun success +1", "factors pending +1"]
    );
    let held = world.stores.factors.held(&person.user).await.unwrap();
    let pending = held.pending.unwrap();
    assert_eq!((held.confirmed, held.recovery_codes), (None, 0));
    assert_eq!((pending.factor.id, pending.factor.created), (factor.id, factor.at));
    assert_eq!(pending.factor.state, FactorState::Pending);
    assert_eq!(pending.sealed_secret, factor.sealed_secret);
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.second_factor, credential.version), (None, 1));
    assert!(!world.use_up(&person, app(factor.id, step(0))).await, "A59");
    world.signed_in(&person).await;
}

pub async fn a_newer_secret_voids_the_older(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let older = world.new_factor(&person);
    world.stores.factors.enrol(&older).await.unwrap();
    let newer = world.new_factor(&person);
    world.stores.factors.enrol(&newer).await.unwrap();
    let confirmation = world.confirmation(&person, &session, older.id);
    let outcome = world.stores.factors.confirm(&confirmation).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Superseded);
    let held = world.stores.factors.held(&person.user).await.unwrap();
    assert_eq!(held.pending.unwrap().factor.id, newer.id);
}

// Proves: ASVS 7.4.3
pub async fn a_confirmation_writes_all_that_belongs_to_it(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let kept = world.signed_in(&bystander).await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&person).await;
    let factor = world.new_factor(&person);
    world.stores.factors.enrol(&factor).await.unwrap();
    let before = world.ledger().await;
    let confirmation = world.confirmation(&person, &session, factor.id);
    let outcome = world.stores.factors.confirm(&confirmation).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        [
            "events factor.added success +1",
            "factors live +1",
            "factors pending -1",
            "mails second_factor_changed queued +1",
            "recovery codes good +10",
            "sessions -1",
            "undos live +1",
        ]
    );
    assert!(
        world.resolved(&other.digest).await.is_none(),
        "every other session ends"
    );
    assert!(
        world.resolved(&session.digest).await.is_none(),
        "the old token is worth nothing"
    );
    let signed_in = world.resolved(&confirmation.renewal.new_digest).await.unwrap();
    assert_eq!(signed_in.session.methods, [AuthMethod::Password, AuthMethod::Totp]);
    assert!(world.resolved(&kept.digest).await.is_some());
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.second_factor, credential.version), (Some(world.now()), 2));
    let held = world.stores.factors.held(&person.user).await.unwrap();
    assert_eq!((held.pending, held.recovery_codes), (None, 10));
    let state = FactorState::Confirmed {
        since: world.now(),
        last_step: step(0),
    };
    assert_eq!(held.confirmed.unwrap().factor.state, state);
    assert!(
        !world.use_up(&person, app(factor.id, step(0))).await,
        "A53: the enrolment code is used up"
    );
}

pub async fn of_confirmations_at_once_exactly_one_counts(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let factor = world.new_factor(&person);
    world.stores.factors.enrol(&factor).await.unwrap();
    let confirmations: Vec<_> = (0..6)
        .map(|_| world.confirmation(&person, &session, factor.id))
        .collect();
    let outcomes = join_all(confirmations.iter().map(|one| world.stores.factors.confirm(one))).await;
    let changed = outcomes
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == FactorChangeOutcome::Changed)
        .count();
    assert_eq!(changed, 1);
    let ledger = world.ledger().await;
    assert_eq!(
        (ledger.count("factors live"), ledger.count("recovery codes good")),
        (1, 10)
    );
}

pub async fn what_is_not_as_it_was_decided_is_not_confirmed(world: World) {
    let person = world.person("ada@example.com").await;
    let thief = world.person("eve@example.com").await;
    let session = world.signed_in(&person).await;
    let thief_session = world.signed_in(&thief).await;
    let factor = world.new_factor(&person);
    world.stores.factors.enrol(&factor).await.unwrap();
    let before = world.ledger().await;
    let confirm = async |confirmation: FactorConfirmation| world.stores.factors.confirm(&confirmation).await.unwrap();

    let of_another = world.confirmation(&thief, &thief_session, factor.id);
    assert_eq!(confirm(of_another).await, FactorChangeOutcome::Superseded);
    let too_late = FactorConfirmation {
        created_after: factor.at,
        ..world.confirmation(&person, &session, factor.id)
    };
    assert_eq!(confirm(too_late).await, FactorChangeOutcome::Superseded);
    let mut renewed_elsewhere = world.confirmation(&person, &session, factor.id);
    renewed_elsewhere.renewal.held = TokenDigest::from_bytes([0; 32]);
    assert_eq!(confirm(renewed_elsewhere).await, FactorChangeOutcome::SessionEnded);
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn a_second_app_is_not_stored(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let before = world.ledger().await;
    let second = world.new_factor(&person);
    assert!(!world.stores.factors.enrol(&second).await.unwrap());
    assert_eq!(world.since(&before).await, [""; 0]);
}
