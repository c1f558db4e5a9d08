use futures_executor::block_on;

use super::*;
use crate::fixture::{Workshop, caller, signed_in, user};
use crate::ports::{MockPictureMaker, MockPictureStore};

struct Ports {
    store: MockPictureStore,
    maker: MockPictureMaker,
}

/// Ports that nobody may ask anything yet.
fn ports() -> Ports {
    Ports {
        store: MockPictureStore::new(),
        maker: MockPictureMaker::new(),
    }
}

fn service(workshop: &Workshop, ports: Ports) -> PictureService {
    PictureService {
        pictures: Arc::new(ports.store),
        maker: Arc::new(ports.maker),
        throttle: workshop.throttle.clone(),
        mint: workshop.mint.clone(),
    }
}

fn picture() -> Picture {
    Picture::new(b"made".to_vec())
}

#[test]
fn what_was_made_of_an_upload_is_committed_with_an_event() {
    let workshop = Workshop::open();
    let who = signed_in(workshop.now());
    let profile = who.profile.clone();
    let mut ports = ports();
    ports
        .maker
        .expect_make()
        .times(1)
        .withf(|upload| upload == b"sent")
        .return_once(|_| Ok(picture()));
    let now = workshop.now();
    ports
        .store
        .expect_replace()
        .times(1)
        .withf(move |change| {
            change.user == user()
                && change.picture == Some(picture())
                && change.at == now
                && change.event.action == AuditAction::ProfileUpdate
                && change.event.outcome == AuditOutcome::Success
                && change.event.user == Some(user())
                && change.event.at == now
                && change.event.caller == caller()
        })
        .return_once(|_| Ok(Some(profile)));
    let shown = block_on(service(&workshop, ports).show(&who, b"sent".to_vec(), &caller())).unwrap();
    assert_eq!(shown, who.profile);
}

#[test]
fn what_cannot_become_a_picture_changes_nothing() {
    let workshop = Workshop::open();
    let mut ports = ports();
    ports
        .maker
        .expect_make()
        .returning(|_| Err(PictureFault::Damaged.into()));
    let service = service(&workshop, ports);
    let who = signed_in(workshop.now());
    for (upload, fault) in [
        (Vec::new(), PictureFault::Missing),
        (vec![0; MAX_PICTURE_UPLOAD + 1], PictureFault::TooLarge),
        (vec![0; MAX_PICTURE_UPLOAD], PictureFault::Damaged),
    ] {
        let answer = block_on(service.show(&who, upload, &caller()));
        assert!(
            matches!(answer, Err(PictureError::Unacceptable(found)) if found == fault),
            "{answer:?}"
        );
    }
}

#[test]
fn the_twenty_first_upload_within_an_hour_is_not_looked_at() {
    let workshop = Workshop::open();
    let mut ports = ports();
    ports
        .maker
        .expect_make()
        .times(21)
        .returning(|_| Err(PictureFault::UnknownKind.into()));
    let service = service(&workshop, ports);
    let who = signed_in(workshop.now());
    let show = || block_on(service.show(&who, b"sent".to_vec(), &caller()));
    for _ in 0..20 {
        assert!(matches!(show(), Err(PictureError::Unacceptable(_))));
    }
    let answer = show();
    let Err(PictureError::Throttled(refusal)) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(refusal.limit, Limit::PictureUser);
    workshop.clock.advance(chrono::Duration::hours(1));
    assert!(matches!(show(), Err(PictureError::Unacceptable(_))));
}

#[test]
fn an_upload_that_nobody_had_time_for_is_not_counted() {
    let workshop = Workshop::open();
    let mut ports = ports();
    ports.maker.expect_make().returning(|_| Err(PictureMakerError::Busy));
    let service = service(&workshop, ports);
    let who = signed_in(workshop.now());
    for _ in 0..40 {
        let answer = block_on(service.show(&who, b"sent".to_vec(), &caller()));
        assert!(matches!(answer, Err(PictureError::Busy)), "{answer:?}");
    }
}

#[test]
fn taking_a_picture_away_is_not_counted_and_makes_none() {
    let workshop = Workshop::open();
    let who = signed_in(workshop.now());
    let profile = who.profile.clone();
    let mut ports = ports();
    ports
        .store
        .expect_replace()
        .times(40)
        .withf(|change| change.picture.is_none())
        .returning(move |_| Ok(Some(profile.clone())));
    let service = service(&workshop, ports);
    for _ in 0..40 {
        assert_eq!(block_on(service.remove(&who, &caller())).unwrap(), who.profile);
    }
}

#[test]
fn somebody_who_is_gone_shows_nothing() {
    let workshop = Workshop::open();
    let mut ports = ports();
    ports.maker.expect_make().returning(|_| Ok(picture()));
    ports.store.expect_replace().returning(|_| Ok(None));
    let service = service(&workshop, ports);
    let who = signed_in(workshop.now());
    let shown = block_on(service.show(&who, b"sent".to_vec(), &caller()));
    assert!(matches!(shown, Err(PictureError::NotFound)), "{shown:?}");
    let removed = block_on(service.remove(&who, &caller()));
    assert!(matches!(removed, Err(PictureError::NotFound)), "{removed:?}");
}

#[test]
fn a_picture_is_found_by_its_name() {
    let workshop = Workshop::open();
    let mut ports = ports();
    ports
        .store
        .expect_find()
        .withf(|hash| *hash == picture().hash())
        .returning(|_| Ok(Some(picture())));
    let found = block_on(service(&workshop, ports).find(&picture().hash())).unwrap();
    assert_eq!(found, Some(picture()));
}
