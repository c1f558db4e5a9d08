use chrono::Duration;
use futures_executor::block_on;

use super::*;
use crate::fixture::{Workshop, caller, signed_in};
use crate::ports::{MockSessionStore, PortError};

fn service(workshop: &Workshop, sessions: MockSessionStore) -> SessionService {
    SessionService {
        sessions: Arc::new(sessions),
        mint: workshop.mint.clone(),
    }
}

fn token() -> SessionToken {
    SessionToken::from_entropy([5; 32])
}

fn store_with(found: Option<SignedIn>) -> MockSessionStore {
    let mut sessions = MockSessionStore::new();
    let digest = token().digest();
    sessions
        .expect_resolve()
        .withf(move |asked, _| *asked == digest)
        .times(1)
        .returning(move |_, _| Ok(found.clone()));
    sessions
}

#[test]
fn a_live_session_is_its_person_and_costs_one_question() {
    let workshop = Workshop::open();
    let found = signed_in(workshop.now());
    let mut sessions = store_with(Some(found.clone()));
    sessions.expect_touch().never();
    assert_eq!(
        block_on(service(&workshop, sessions).authenticate(&token())).unwrap(),
        found
    );
}

#[test]
fn an_unknown_session_is_nobody() {
    let workshop = Workshop::open();
    assert!(matches!(
        block_on(service(&workshop, store_with(None)).authenticate(&token())),
        Err(SessionError::NotSignedIn)
    ));
}

#[test]
fn a_session_ends_to_the_second_even_if_a_store_still_finds_it() {
    for (age, alive) in [
        (Duration::minutes(30) - Duration::seconds(1), true),
        (Duration::minutes(30), false),
    ] {
        let workshop = Workshop::open();
        let mut sessions = store_with(Some(signed_in(workshop.now() - age)));
        sessions.expect_touch().times(usize::from(alive)).returning(|_| Ok(()));
        assert_eq!(
            block_on(service(&workshop, sessions).authenticate(&token())).is_ok(),
            alive,
            "{age}"
        );
    }
}

#[test]
fn using_a_session_after_a_minute_writes_last_seen_and_never_beyond_its_absolute_end() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let mut found = signed_in(now - Duration::seconds(60));
    found.session.expires = now + Duration::minutes(10);
    let mut sessions = store_with(Some(found));
    sessions
        .expect_touch()
        .times(1)
        .withf(move |touch| touch.seen == now && touch.idle_expires == now + Duration::minutes(10))
        .returning(|_| Ok(()));
    assert!(block_on(service(&workshop, sessions).authenticate(&token())).is_ok());
}

#[test]
fn a_touch_that_fails_turns_nobody_away() {
    let workshop = Workshop::open();
    let mut sessions = store_with(Some(signed_in(workshop.now() - Duration::minutes(5))));
    sessions
        .expect_touch()
        .returning(|_| Err(PortError::unavailable("sessions.touch", "locked")));
    assert!(block_on(service(&workshop, sessions).authenticate(&token())).is_ok());
}

#[test]
fn a_silent_store_is_not_taken_for_nobody() {
    let workshop = Workshop::open();
    let mut sessions = MockSessionStore::new();
    sessions
        .expect_resolve()
        .returning(|_, _| Err(PortError::unavailable("sessions.resolve", "refused")));
    assert!(matches!(
        block_on(service(&workshop, sessions).authenticate(&token())),
        Err(SessionError::Port(_))
    ));
}

#[test]
fn logging_out_ends_the_session_with_an_event_and_happens_once() {
    for (ended, outcome) in [(true, true), (false, false)] {
        let workshop = Workshop::open();
        let found = signed_in(workshop.now());
        let id = found.session.id;
        let mut sessions = store_with(Some(found));
        sessions
            .expect_end()
            .times(1)
            .withf(move |session, event| {
                *session == id && event.action == AuditAction::LogOut && event.session == Some(id)
            })
            .returning(move |_, _| Ok(ended));
        assert_eq!(
            block_on(service(&workshop, sessions).log_out(&token(), &caller())).is_ok(),
            outcome
        );
    }
}
