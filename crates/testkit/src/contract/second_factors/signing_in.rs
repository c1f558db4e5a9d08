//! The second step of a sign-in, and browsers that are spared it.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, AuthMethod, TokenDigest};
use rookery_core::ports::{
    DeviceUse, FactorChangeOutcome, NewChallenge, SecondFactorOutcome, SignInOutcome, TrustWithdrawal,
};

use super::{app, paper, step};
use crate::contract::World;
use crate::contract::draft::hash;

// Proves: ASVS 6.5.5
pub async fn a_challenge_ends_with_its_time(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let challenge = world.challenged(&person).await;
    let unknown = TokenDigest::from_bytes([0; 32]);
    let count = async |digest| world.stores.factors.count_attempt(digest, &world.now()).await.unwrap();
    assert!(count(&unknown).await.is_none());
    world.advance(NewChallenge::LIFE - Duration::microseconds(1));
    assert!(count(&challenge.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert!(count(&challenge.digest).await.is_none());
}

pub async fn the_second_step_opens_one_session(world: World) {
    let (person, factor, _) = world.guarded("ada@example.com").await;
    let challenge = world.challenged(&person).await;
    let before = world.ledger().await;
    let steps: Vec<_> = (0..6)
        .map(|more| world.second_step(&person, &challenge, app(factor, step(1 + more))))
        .collect();
    let outcomes = join_all(steps.iter().map(|one| world.stepped(one))).await;
    let opened = outcomes
        .iter()
        .filter(|outcome| **outcome == SecondFactorOutcome::Opened)
        .count();
    assert_eq!(opened, 1, "{outcomes:?}");
    assert_eq!(
        world.since(&before).await,
        ["devices +1", "events session.created success +1", "sessions +1"]
    );
    let won = outcomes
        .iter()
        .position(|outcome| *outcome == SecondFactorOutcome::Opened);
    let session = &steps[won.unwrap()].sign_in.session;
    let signed_in = world.resolved(&session.digest).await.unwrap();
    assert_eq!(signed_in.session.methods, [AuthMethod::Password, AuthMethod::Totp]);
    let counted = world
        .stores
        .factors
        .count_attempt(&challenge.digest, &world.now())
        .await;
    assert!(counted.unwrap().is_none(), "a challenge is used once");
}

// Proves: A55
pub async fn one_code_on_sixteen_challenges_opens_one_session(world: World) {
    for by_app in [true, false] {
        let (person, factor, _) = world
            .guarded(if by_app { "ada@example.com" } else { "bob@example.com" })
            .await;
        let used = if by_app { app(factor, step(1)) } else { paper(9) };
        let mut steps = Vec::new();
        for _ in 0..16 {
            let challenge = world.challenged(&person).await;
            steps.push(world.second_step(&person, &challenge, used.clone()));
        }
        let outcomes = join_all(steps.iter().map(|one| world.stepped(one))).await;
        let opened = outcomes
            .iter()
            .filter(|outcome| **outcome == SecondFactorOutcome::Opened)
            .count();
        let spent = outcomes
            .iter()
            .filter(|outcome| **outcome == SecondFactorOutcome::Spent)
            .count();
        assert_eq!((opened, spent), (1, 15), "A53, A55");
    }
}

pub async fn what_changed_since_the_first_step_opens_nothing(world: World) {
    let (person, factor, session) = world.guarded("ada@example.com").await;
    let challenge = world.challenged(&person).await;
    let waiting = world.second_step(&person, &challenge, app(factor, step(1)));
    let mut change = world.password_change(&person, &session, "second");
    change.credential_version = 2;
    world.stores.credentials.change_password(&change).await.unwrap();
    let before = world.ledger().await;
    assert_eq!(world.stepped(&waiting).await, SecondFactorOutcome::Superseded);
    assert_eq!(world.since(&before).await, [""; 0]);
}

// Proves: A58
pub async fn a_sign_in_by_password_alone_that_was_under_way_opens_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let under_way = world.sign_in(&person);
    world.enrolled(&person, &session).await;
    let outcome = world.stores.credentials.sign_in(&under_way).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
}

pub async fn a_better_hash_is_stored_while_the_second_factor_is_asked_for(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let challenge = NewChallenge {
        rehash: Some(hash("better")),
        ..world.new_challenge(&person)
    };
    world.stores.factors.challenge(&challenge).await.unwrap();
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (hash("better"), 2));
    let late = NewChallenge {
        rehash: Some(hash("late")),
        credential_version: 1,
        ..world.new_challenge(&person)
    };
    world.stores.factors.challenge(&late).await.unwrap();
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!(credential.hash, hash("better"));
}

pub async fn a_browser_is_trusted_until_the_trust_ends_or_is_taken_back(world: World) {
    let (person, factor, session) = world.guarded("ada@example.com").await;
    let until = world.now() + Duration::days(30);
    let mut browsers = Vec::new();
    for number in 1..=3 {
        let challenge = world.challenged(&person).await;
        let mut trusting = world.second_step(&person, &challenge, app(factor, step(number)));
        trusting.trusted_until = (number < 3).then_some(until);
        assert_eq!(world.stepped(&trusting).await, SecondFactorOutcome::Opened);
        let DeviceUse::New(device) = trusting.sign_in.device else {
            panic!("a known browser")
        };
        browsers.push(device.id);
    }
    browsers[..2].sort();
    let trusted = async || {
        let devices = world.stores.factors.trusted_devices(&person.user, &world.now()).await;
        let devices = devices.unwrap();
        assert!(devices.iter().all(|device| device.trusted_until == until));
        let mut ids: Vec<_> = devices.into_iter().map(|device| device.id).collect();
        ids.sort();
        ids
    };
    assert_eq!(trusted().await, browsers[..2]);
    let withdraw = async |device| {
        let withdrawal = TrustWithdrawal {
            user: person.user,
            device,
            event: world.event(AuditAction::DeviceForgotten, Some(&person)),
            at: world.now(),
        };
        world.stores.factors.withdraw_trust(&withdrawal).await.unwrap()
    };
    let before = world.ledger().await;
    assert_eq!(withdraw(Some(browsers[2])).await, 0, "it was not trusted");
    assert_eq!(world.since(&before).await, [""; 0]);
    assert_eq!(withdraw(Some(browsers[0])).await, 1);
    assert_eq!(trusted().await, [browsers[1]]);
    world.advance(Duration::days(30));
    assert!(trusted().await.is_empty(), "trust ends");
    world.advance(-Duration::days(30));
    let (session, removal) = (session, paper(1));
    let removed = world
        .stores
        .factors
        .remove(&world.removal(&person, &session, removal))
        .await;
    assert_eq!(removed.unwrap(), FactorChangeOutcome::Changed);
    assert!(trusted().await.is_empty(), "a change of the factor takes it back");
}
