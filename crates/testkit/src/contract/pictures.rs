//! The promises of [`PictureStore`](rookery_core::ports::PictureStore).

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::Leftover;
use rookery_core::domain::{Picture, PictureHash, Profile, UserId};
use rookery_core::ports::{PictureChange, Sweep};

use super::{Person, World};

/// A picture that differs for every number.
fn picture(number: usize) -> Picture {
    Picture::new(format!("\u{fffd}\0 picture {number}").into_bytes())
}

async fn replaced(world: &World, change: &PictureChange) -> Profile {
    world.stores.pictures.replace(change).await.unwrap().unwrap()
}

async fn shown(world: &World, person: &Person, picture: Picture) -> Profile {
    replaced(world, &world.picture_change(person, Some(picture))).await
}

async fn found(world: &World, picture: &Picture) -> bool {
    let found = world.stores.pictures.find(&picture.hash()).await.unwrap();
    assert!(found.iter().all(|found| found == picture));
    found.is_some()
}

/// Throws away what was stored before now and is not shown.
async fn swept(world: &World) -> u64 {
    let sweep = Sweep {
        leftover: Leftover::Pictures,
        before: world.now(),
        at: world.now(),
    };
    world.stores.housekeeping.sweep(&sweep).await.unwrap()
}

pub async fn a_picture_is_kept_and_shown_in_the_profile(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    world.advance(Duration::minutes(1));
    let before = world.ledger().await;
    let profile = shown(&world, &person, picture(1)).await;
    assert_eq!(
        world.since(&before).await,
        ["events user.updated success +1", "pictures +1"]
    );
    assert_eq!(profile.picture, Some(picture(1).hash().path()));
    assert_eq!(profile.updated, world.now());
    assert_eq!(world.resolved(&session.digest).await.unwrap().profile, profile);
    assert!(found(&world, &picture(1)).await);
}

// Proves: ASVS 5.2.4
pub async fn another_picture_takes_the_place_of_the_one_before(world: World) {
    let person = world.person("ada@example.com").await;
    shown(&world, &person, picture(1)).await;
    let before = world.ledger().await;
    let profile = shown(&world, &person, picture(2)).await;
    assert_eq!(world.since(&before).await, ["events user.updated success +1"]);
    assert_eq!(profile.picture, Some(picture(2).hash().path()));
    assert!(found(&world, &picture(2)).await);
    assert!(!found(&world, &picture(1)).await);
}

pub async fn a_picture_that_is_taken_away_is_gone(world: World) {
    let person = world.person("ada@example.com").await;
    shown(&world, &person, picture(1)).await;
    let before = world.ledger().await;
    let profile = replaced(&world, &world.picture_change(&person, None)).await;
    assert_eq!(
        world.since(&before).await,
        ["events user.updated success +1", "pictures -1"]
    );
    assert_eq!(profile.picture, None);
    assert!(!found(&world, &picture(1)).await);
}

pub async fn a_picture_from_elsewhere_is_taken_away_like_any_other(world: World) {
    let person = world.person("ada@example.com").await;
    world
        .stores
        .witness
        .show(&person.user, "https://elsewhere.example/ada.png")
        .await;
    let before = world.ledger().await;
    let profile = replaced(&world, &world.picture_change(&person, None)).await;
    assert_eq!(profile.picture, None);
    assert_eq!(world.since(&before).await, ["events user.updated success +1"]);
}

pub async fn whoever_shows_none_goes_on_doing_so_and_nothing_is_written(world: World) {
    let person = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let made = world.now();
    world.advance(Duration::minutes(1));
    let profile = replaced(&world, &world.picture_change(&person, None)).await;
    assert_eq!((profile.picture, profile.updated), (None, made));
    assert_eq!(world.since(&before).await, [""; 0]);
}

// Proves: A69
pub async fn a_picture_that_two_people_show_stays_while_one_of_them_does(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    shown(&world, &ada, picture(1)).await;
    shown(&world, &bob, picture(1)).await;
    replaced(&world, &world.picture_change(&ada, None)).await;
    assert!(found(&world, &picture(1)).await);
    shown(&world, &bob, picture(2)).await;
    assert!(!found(&world, &picture(1)).await);
}

pub async fn of_pictures_at_once_exactly_one_is_shown_and_kept(world: World) {
    let person = world.person("ada@example.com").await;
    let before = world.ledger().await;
    join_all((0..8).map(|number| shown(&world, &person, picture(number)))).await;
    assert_eq!(
        world.since(&before).await,
        ["events user.updated success +8", "pictures +1"]
    );
    let session = world.signed_in(&person).await;
    let path = world.resolved(&session.digest).await.unwrap().profile.picture;
    for number in 0..8 {
        let picture = picture(number);
        let is_shown = path == Some(picture.hash().path());
        assert_eq!(found(&world, &picture).await, is_shown, "{number}");
    }
}

pub async fn a_picture_sent_and_taken_away_at_once_leaves_no_content_without_a_profile(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    for number in 0..8 {
        let removal = world.picture_change(&person, None);
        join(shown(&world, &person, picture(number)), replaced(&world, &removal)).await;
        let is_shown = world.resolved(&session.digest).await.unwrap().profile.picture.is_some();
        let kept = world.ledger().await.count("pictures") - before.count("pictures");
        assert_eq!(kept, i64::from(is_shown));
        assert_eq!(found(&world, &picture(number)).await, is_shown);
    }
}

pub async fn a_change_of_somebody_who_is_gone_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let nobody = Person {
        user: UserId::new(world.now(), &[9; 10]),
        ..person.clone()
    };
    world.stores.witness.end(&person.user, &world.now()).await;
    let before = world.ledger().await;
    for gone in [&nobody, &person] {
        for picture in [Some(picture(1)), None] {
            let change = world.picture_change(gone, picture);
            assert_eq!(world.stores.pictures.replace(&change).await.unwrap(), None);
        }
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(!found(&world, &picture(1)).await);
}

pub async fn a_picture_that_is_no_longer_in_the_profile_is_not_found_and_later_swept(world: World) {
    let (ada, bob, eve) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
        world.person("eve@example.com").await,
    );
    for (number, person) in [&ada, &bob, &eve].into_iter().enumerate() {
        shown(&world, person, picture(number)).await;
    }
    world.stores.witness.show(&ada.user, "https://elsewhere.example").await;
    world.stores.witness.end(&bob.user, &world.now()).await;
    assert!(!found(&world, &picture(0)).await);
    assert!(!found(&world, &picture(1)).await);
    assert_eq!(swept(&world).await, 0, "they were stored just now");
    world.advance(Duration::microseconds(1));
    let before = world.ledger().await;
    assert_eq!(swept(&world).await, 2);
    assert_eq!(world.since(&before).await, ["pictures -2"]);
    assert!(found(&world, &picture(2)).await);
}

pub async fn a_picture_stored_during_a_sweep_stays(world: World) {
    let person = world.person("ada@example.com").await;
    for number in 0..8 {
        shown(&world, &person, picture(number)).await;
        world
            .stores
            .witness
            .show(&person.user, "https://elsewhere.example")
            .await;
        world.advance(Duration::seconds(1));
        join(
            shown(&world, &person, picture(number + 1)),
            join(swept(&world), swept(&world)),
        )
        .await;
        assert!(found(&world, &picture(number + 1)).await);
    }
}

pub async fn the_largest_picture_comes_back_to_the_byte(world: World) {
    let person = world.person("ada@example.com").await;
    let bytes = (0..200_000_usize).map(|at| u8::try_from(at * at % 251).unwrap());
    let largest = Picture::new(bytes.collect());
    shown(&world, &person, largest.clone()).await;
    assert!(found(&world, &largest).await);
}

pub async fn an_unknown_name_finds_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    shown(&world, &person, picture(1)).await;
    let unknown = PictureHash::of(b"unknown");
    assert_eq!(world.stores.pictures.find(&unknown).await.unwrap(), None);
}
