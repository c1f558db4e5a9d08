//! The promises of [`ConsentStore`](rookery_core::ports::ConsentStore), and of the other stores that write consents down.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::AuditEvent;
use rookery_core::domain::{
    AuditAction, Channel, Consent, ConsentSubject, ConsentVersion, Language, Preferences, ProfileUpdate,
};
use rookery_core::ports::{Admission, ConsentDecision, ConsentRecord};

use super::{Person, World};

fn consent(world: &World, subject: ConsentSubject, version: &str, given: bool) -> Consent {
    Consent {
        id: world.mint.consent_id(world.now()),
        subject,
        version: version.parse().unwrap(),
        given,
        channel: Channel::Pages,
        language: "es".parse::<Language>().unwrap(),
        at: world.now(),
    }
}

fn record(world: &World, person: &Person, consent: Consent) -> ConsentRecord {
    let action = if consent.given {
        AuditAction::ConsentGiven
    } else {
        AuditAction::ConsentWithdrawn
    };
    let event: AuditEvent = world.event(action, Some(person));
    ConsentRecord { consent, event }
}

fn decision(world: &World, person: &Person, consents: &[Consent]) -> ConsentDecision {
    ConsentDecision {
        user: person.user,
        records: consents
            .iter()
            .map(|consent| record(world, person, consent.clone()))
            .collect(),
        defaults: Preferences::default(),
        at: world.now(),
    }
}

async fn decided(world: &World, person: &Person, consents: &[Consent]) -> bool {
    let decision = decision(world, person, consents);
    world.stores.consents.decide(&decision).await.unwrap()
}

fn marketing(world: &World, given: bool) -> Consent {
    consent(
        world,
        ConsentSubject::Marketing,
        ConsentVersion::marketing().as_str(),
        given,
    )
}

async fn wants_marketing(world: &World, person: &Person) -> bool {
    let session = world.signed_in(person).await;
    let profile = world.resolved(&session.digest).await.unwrap().profile;
    profile.preferences.marketing_emails
}

pub async fn what_somebody_agrees_to_is_kept_to_the_letter_with_its_event(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let terms = consent(&world, ConsentSubject::Terms, "2026-11", true);
    let before = world.ledger().await;
    assert!(decided(&world, &ada, std::slice::from_ref(&terms)).await);
    assert_eq!(
        world.since(&before).await,
        ["consents terms given +1", "events consent.given success +1"]
    );
    let consents = &world.stores.consents;
    assert_eq!(consents.latest(&ada.user).await.unwrap(), std::slice::from_ref(&terms));
    assert_eq!(consents.history(&ada.user, 10).await.unwrap(), [terms]);
    assert_eq!(consents.latest(&bob.user).await.unwrap(), []);
    assert_eq!(consents.history(&bob.user, 10).await.unwrap(), []);
}

pub async fn what_was_agreed_to_already_is_not_written_again_and_a_newer_version_is(world: World) {
    let ada = world.person("ada@example.com").await;
    let first = consent(&world, ConsentSubject::Privacy, "1", true);
    assert!(decided(&world, &ada, std::slice::from_ref(&first)).await);
    world.advance(Duration::minutes(1));
    let before = world.ledger().await;
    let again = consent(&world, ConsentSubject::Privacy, "1", true);
    assert!(decided(&world, &ada, &[again]).await);
    assert_eq!(world.since(&before).await, [""; 0]);
    let newer = consent(&world, ConsentSubject::Privacy, "2", true);
    assert!(decided(&world, &ada, std::slice::from_ref(&newer)).await);
    let consents = &world.stores.consents;
    assert_eq!(consents.latest(&ada.user).await.unwrap(), std::slice::from_ref(&newer));
    assert_eq!(consents.history(&ada.user, 10).await.unwrap(), [newer.clone(), first]);
    assert_eq!(consents.history(&ada.user, 1).await.unwrap(), [newer]);
}

pub async fn of_the_same_decisions_at_once_one_is_written_down(world: World) {
    let ada = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let decisions: Vec<_> = (0..8)
        .map(|_| {
            let terms = consent(&world, ConsentSubject::Terms, "1", true);
            decision(&world, &ada, &[terms, marketing(&world, true)])
        })
        .collect();
    for done in join_all(decisions.iter().map(|decision| world.stores.consents.decide(decision))).await {
        assert!(done.unwrap());
    }
    assert_eq!(
        world.since(&before).await,
        [
            "consents marketing given +1",
            "consents terms given +1",
            "events consent.given success +2",
            "preferences +1"
        ]
    );
}

pub async fn a_decision_on_marketing_moves_the_preference_with_it_and_back(world: World) {
    let ada = world.person("ada@example.com").await;
    let before = world.ledger().await;
    assert!(decided(&world, &ada, &[marketing(&world, false)]).await);
    assert_eq!(world.since(&before).await, [""; 0], "she never wanted any");
    assert!(decided(&world, &ada, &[marketing(&world, true)]).await);
    assert!(wants_marketing(&world, &ada).await);
    world.advance(Duration::minutes(1));
    assert!(decided(&world, &ada, &[marketing(&world, false)]).await);
    assert!(!wants_marketing(&world, &ada).await);
    let history = world.stores.consents.history(&ada.user, 10).await.unwrap();
    let told: Vec<bool> = history.iter().map(|consent| consent.given).collect();
    assert_eq!(told, [false, true]);
}

pub async fn a_change_of_the_preference_is_written_down_and_no_change_is_not(world: World) {
    let ada = world.person("ada@example.com").await;
    let change = |wanted| {
        let update = ProfileUpdate {
            marketing_emails: Some(wanted),
            ..ProfileUpdate::default()
        };
        world.profile_change(&ada, update)
    };
    let before = world.ledger().await;
    world.stores.profiles.apply(&change(true)).await.unwrap();
    assert_eq!(
        world.since(&before).await,
        [
            "consents marketing given +1",
            "events consent.given success +1",
            "events user.updated success +1",
            "preferences +1"
        ]
    );
    let before = world.ledger().await;
    world.stores.profiles.apply(&change(true)).await.unwrap();
    assert_eq!(world.since(&before).await, ["events user.updated success +1"]);
    world.stores.profiles.apply(&change(false)).await.unwrap();
    assert_eq!(
        world.since(&before).await,
        [
            "consents marketing withdrawn +1",
            "events consent.withdrawn success +1",
            "events user.updated success +2"
        ]
    );
}

pub async fn what_a_sign_up_agrees_to_commits_with_the_account_or_not_at_all(world: World) {
    let mut account = world.new_account("ada@example.com");
    account.consents = vec![
        consent(&world, ConsentSubject::Terms, "1", true),
        consent(&world, ConsentSubject::Privacy, "3", true),
    ];
    assert_eq!(
        world.stores.accounts.admit(&account).await.unwrap(),
        Admission::Admitted
    );
    let history = world.stores.consents.history(&account.user, 10).await.unwrap();
    let mut versions: Vec<_> = history.iter().map(|consent| consent.version.as_str()).collect();
    versions.sort_unstable();
    assert_eq!(versions, ["1", "3"]);
    let mut second = world.new_account("ada@example.com");
    second.consents = vec![consent(&world, ConsentSubject::Terms, "1", true)];
    let before = world.ledger().await;
    assert_eq!(
        world.stores.accounts.admit(&second).await.unwrap(),
        Admission::EmailTaken
    );
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn nobody_agrees_to_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    world.stores.witness.end(&ada.user, &world.now()).await;
    let before = world.ledger().await;
    let terms = consent(&world, ConsentSubject::Terms, "1", true);
    assert!(!decided(&world, &ada, &[terms]).await);
    assert_eq!(world.since(&before).await, [""; 0]);
}
