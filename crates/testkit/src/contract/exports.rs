//! The promises of [`ExportStore`](rookery_core::ports::ExportStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, AuditOutcome, Export, ExportState, ExportStatus};
use rookery_core::ports::{
    ClaimedExport, ExportClaim, ExportHold, ExportPart, ExportRequest, ExportRequested, ExportSettlement, Sweep,
};
use rookery_core::{Leftover, LetterKind};

use super::{Person, World};

fn request(world: &World, person: &Person) -> ExportRequest {
    ExportRequest {
        id: world.mint.export_id(world.now()),
        user: person.user,
        event: world.event(AuditAction::ExportRequested, Some(person)),
        at: world.now(),
    }
}

pub(super) async fn requested(world: &World, person: &Person) -> Export {
    match world.stores.exports.request(&request(world, person)).await.unwrap() {
        ExportRequested::Accepted(export) => export,
        other => panic!("{other:?}"),
    }
}

fn claim(world: &World) -> ExportClaim {
    ExportClaim {
        now: world.now(),
        lease_until: world.now() + Duration::minutes(2),
        holder: world.mint.worker_id(world.now()),
    }
}

/// A copy that a worker has begun.
async fn begun(world: &World) -> Option<(ClaimedExport, ExportHold)> {
    let claim = claim(world);
    let claimed = world.stores.exports.claim(&claim).await.unwrap()?;
    let hold = ExportHold {
        export: claimed.id,
        user: claimed.user,
        holder: claim.holder,
    };
    Some((claimed, hold))
}

fn part(world: &World, hold: &ExportHold, number: u32, content: &str) -> ExportPart {
    ExportPart {
        hold: hold.clone(),
        number,
        sealed: content.as_bytes().to_vec(),
        at: world.now(),
        lease_until: world.now() + Duration::minutes(2),
    }
}

async fn kept(world: &World, hold: &ExportHold, number: u32, content: &str) -> bool {
    let part = part(world, hold, number, content);
    world.stores.exports.keep(&part).await.unwrap()
}

fn ready(world: &World, person: &Person) -> ExportSettlement {
    ExportSettlement::Ready {
        size: 5_000_000_000,
        parts: 2,
        expires: world.now() + Export::LIFE,
        mail: Box::new(world.mail(LetterKind::ExportReady, person.addressee())),
        event: Box::new(world.event(AuditAction::ExportMade, Some(person))),
    }
}

fn failed(world: &World, person: &Person) -> ExportSettlement {
    let event = rookery_core::AuditEvent {
        outcome: AuditOutcome::Failure,
        ..world.event(AuditAction::ExportMade, Some(person))
    };
    ExportSettlement::Failed {
        error: "it cannot be made".to_owned(),
        event: Box::new(event),
    }
}

async fn settled(world: &World, hold: &ExportHold, settlement: &ExportSettlement) -> bool {
    world
        .stores
        .exports
        .settle(hold, settlement, &world.now())
        .await
        .unwrap()
}

async fn content(world: &World, person: &Person, export: &Export, number: u32) -> Option<String> {
    let part = world
        .stores
        .exports
        .part(&person.user, &export.id, number)
        .await
        .unwrap();
    part.map(|bytes| String::from_utf8(bytes).unwrap())
}

/// A copy of somebody's data that is there to be fetched.
pub(super) async fn made(world: &World, person: &Person) -> Export {
    let export = requested(world, person).await;
    let (_, hold) = begun(world).await.unwrap();
    assert!(kept(world, &hold, 0, "one").await && kept(world, &hold, 1, "two").await);
    assert!(settled(world, &hold, &ready(world, person)).await);
    export
}

async fn swept(world: &World, leftover: Leftover) -> u64 {
    let sweep = Sweep {
        leftover,
        before: world.now(),
        at: world.now(),
    };
    world.stores.housekeeping.sweep(&sweep).await.unwrap()
}

pub async fn a_copy_that_is_asked_for_waits_and_is_shown_to_its_person_alone(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let before = world.ledger().await;
    let export = requested(&world, &ada).await;
    assert_eq!(
        world.since(&before).await,
        ["events export.requested success +1", "exports pending +1"]
    );
    assert_eq!((export.requested, export.state), (world.now(), ExportState::Pending));
    let exports = &world.stores.exports;
    assert_eq!(exports.of_person(&ada.user).await.unwrap(), [export]);
    assert_eq!(exports.find(&ada.user, &export.id).await.unwrap(), Some(export));
    assert_eq!(exports.of_person(&bob.user).await.unwrap(), []);
    assert_eq!(exports.find(&bob.user, &export.id).await.unwrap(), None);
}

pub async fn of_requests_at_once_one_is_accepted_and_the_others_hear_of_it(world: World) {
    let ada = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let requests: Vec<_> = (0..8).map(|_| request(&world, &ada)).collect();
    let answers = join_all(requests.iter().map(|request| world.stores.exports.request(request))).await;
    let mut accepted = Vec::new();
    let mut waiting = Vec::new();
    for answer in answers {
        match answer.unwrap() {
            ExportRequested::Accepted(export) => accepted.push(export),
            ExportRequested::Waiting(export) => waiting.push(export),
            ExportRequested::NoSuchPerson => panic!("she is there"),
        }
    }
    assert_eq!((accepted.len(), waiting.len()), (1, 7));
    assert!(waiting.iter().all(|export| *export == accepted[0]));
    assert_eq!(
        world.since(&before).await,
        ["events export.requested success +1", "exports pending +1"]
    );
}

pub async fn nobody_s_copy_is_not_asked_for(world: World) {
    let ada = world.person("ada@example.com").await;
    world.stores.witness.end(&ada.user, &world.now()).await;
    let before = world.ledger().await;
    let answer = world.stores.exports.request(&request(&world, &ada)).await.unwrap();
    assert_eq!(answer, ExportRequested::NoSuchPerson);
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn workers_at_once_get_every_copy_once(world: World) {
    for name in ["ada", "bob", "eve"] {
        let person = world.person(&format!("{name}@example.com")).await;
        requested(&world, &person).await;
    }
    let claims: Vec<_> = (0..8).map(|_| claim(&world)).collect();
    let claimed = join_all(claims.iter().map(|claim| world.stores.exports.claim(claim))).await;
    let mut ids: Vec<_> = claimed
        .into_iter()
        .filter_map(|claimed| claimed.unwrap())
        .map(|it| it.id)
        .collect();
    // Whoever asks again gets what is left: a worker that was passed by is not turned away for ever.
    while let Some((claimed, _)) = begun(&world).await {
        ids.push(claimed.id);
    }
    assert_eq!(ids.len(), 3);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

pub async fn a_copy_whose_maker_dies_is_another_s_when_the_lease_ends(world: World) {
    let ada = world.person("ada@example.com").await;
    let export = requested(&world, &ada).await;
    let (first, dead) = begun(&world).await.unwrap();
    assert_eq!((first.id, first.user, first.attempts), (export.id, ada.user, 1));
    assert!(kept(&world, &dead, 0, "half").await);
    assert!(begun(&world).await.is_none());
    world.advance(Duration::minutes(2));
    let (second, living) = begun(&world).await.unwrap();
    assert_eq!((second.id, second.attempts), (export.id, 2));

    let before = world.ledger().await;
    assert!(!kept(&world, &dead, 1, "more").await);
    assert!(!settled(&world, &dead, &ready(&world, &ada)).await);
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(kept(&world, &living, 0, "whole").await);
    assert_eq!(content(&world, &ada, &export, 0).await.as_deref(), Some("whole"));
    assert_eq!(content(&world, &ada, &export, 1).await, None);
}

pub async fn keeping_a_part_keeps_the_lease(world: World) {
    let ada = world.person("ada@example.com").await;
    requested(&world, &ada).await;
    let (_, hold) = begun(&world).await.unwrap();
    for number in 0..3 {
        world.advance(Duration::seconds(100));
        assert!(kept(&world, &hold, number, "part").await);
        assert!(begun(&world).await.is_none());
    }
}

pub async fn a_copy_that_is_made_is_told_of_and_read_part_by_part_by_its_person_alone(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let export = requested(&world, &ada).await;
    let (_, hold) = begun(&world).await.unwrap();
    assert!(kept(&world, &hold, 0, "one").await && kept(&world, &hold, 1, "two").await);
    let before = world.ledger().await;
    assert!(settled(&world, &hold, &ready(&world, &ada)).await);
    assert_eq!(
        world.since(&before).await,
        [
            "events export.ready success +1",
            "exports pending -1",
            "exports ready +1",
            "mails export_ready queued +1"
        ]
    );
    let found = world.stores.exports.find(&ada.user, &export.id).await.unwrap().unwrap();
    let state = ExportState::Ready {
        at: world.now(),
        expires: world.now() + Export::LIFE,
        size: 5_000_000_000,
        parts: 2,
    };
    assert_eq!(found.state, state);
    assert_eq!(content(&world, &ada, &export, 0).await.as_deref(), Some("one"));
    assert_eq!(content(&world, &ada, &export, 1).await.as_deref(), Some("two"));
    assert_eq!(content(&world, &ada, &export, 2).await, None);
    assert_eq!(content(&world, &bob, &export, 0).await, None);
    assert!(begun(&world).await.is_none());
    assert!(
        !settled(&world, &hold, &failed(&world, &ada)).await,
        "what is made stays made"
    );
    world.advance(Duration::seconds(1));
    let next = requested(&world, &ada).await;
    assert_eq!(world.stores.exports.of_person(&ada.user).await.unwrap(), [next, found]);
}

pub async fn a_failed_copy_comes_back_when_it_is_due_and_in_the_end_not_any_more(world: World) {
    let ada = world.person("ada@example.com").await;
    let export = requested(&world, &ada).await;
    let (_, hold) = begun(&world).await.unwrap();
    let again = ExportSettlement::Retry {
        next_attempt: world.now() + Duration::seconds(10),
        error: "not now".to_owned(),
    };
    assert!(settled(&world, &hold, &again).await);
    assert!(begun(&world).await.is_none());
    world.advance(Duration::seconds(10));
    let (claimed, hold) = begun(&world).await.unwrap();
    assert_eq!(claimed.attempts, 2);
    assert!(kept(&world, &hold, 0, "half").await);
    let before = world.ledger().await;
    assert!(settled(&world, &hold, &failed(&world, &ada)).await);
    assert_eq!(
        world.since(&before).await,
        [
            "events export.ready failure +1",
            "export parts -1",
            "exports failed +1",
            "exports pending -1"
        ]
    );
    let found = world.stores.exports.find(&ada.user, &export.id).await.unwrap().unwrap();
    assert_eq!(found.state, ExportState::Failed { at: world.now() });
    world.advance(Duration::days(1));
    assert!(begun(&world).await.is_none());
}

pub async fn what_has_expired_goes_and_that_it_was_there_later(world: World) {
    let ada = world.person("ada@example.com").await;
    let export = made(&world, &ada).await;
    assert_eq!(swept(&world, Leftover::ExportContents).await, 0);
    assert_eq!(swept(&world, Leftover::Exports).await, 0);
    world.advance(Duration::microseconds(1));
    assert_eq!(swept(&world, Leftover::ExportContents).await, 2);
    assert_eq!(content(&world, &ada, &export, 0).await, None);
    world.advance(Export::LIFE);
    let found = world.stores.exports.find(&ada.user, &export.id).await.unwrap().unwrap();
    assert_eq!(found.status(world.now()), ExportStatus::Expired);
    assert_eq!(swept(&world, Leftover::Exports).await, 1);
    assert_eq!(world.stores.exports.of_person(&ada.user).await.unwrap(), []);
}
