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

// Proves: A76, ASVS 16.5.3
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

fn revoking(outcome: RevocationOutcome) -> MockSessionStore {
    let mut sessions = MockSessionStore::new();
    sessions.expect_revoke().times(1).returning(move |_| Ok(outcome));
    sessions
}

fn another() -> SessionId {
    SessionId::new(chrono::DateTime::UNIX_EPOCH, &[9; 10])
}

#[test]
fn a_person_lists_their_own_sessions_as_they_are_now() {
    let workshop = Workshop::open();
    let (who, now) = (signed_in(workshop.now()), workshop.now());
    let user = who.session.user;
    let listed = ListedSession {
        id: who.session.id,
        remembered: false,
        methods: who.session.methods.clone(),
        created: now,
        last_seen: now,
        expires: who.session.expires,
        address: None,
        user_agent: None,
    };
    let mut sessions = MockSessionStore::new();
    let found = listed.clone();
    sessions
        .expect_list()
        .times(1)
        .withf(move |whose, at| *whose == user && *at == now)
        .returning(move |_, _| Ok(vec![found.clone()]));
    assert_eq!(block_on(service(&workshop, sessions).list(&who)).unwrap(), [listed]);
}

#[test]
fn ending_another_session_names_it_in_the_event() {
    let workshop = Workshop::open();
    let (who, now) = (signed_in(workshop.now()), workshop.now());
    let session = who.session.clone();
    let mut sessions = MockSessionStore::new();
    sessions
        .expect_revoke()
        .times(1)
        .withf(move |revocation| {
            revocation.user == session.user
                && revocation.by == session.id
                && revocation.revoked == Revoked::One(another())
                && revocation.at == now
                && revocation.event.action == AuditAction::SessionEnded
                && revocation.event.session == Some(session.id)
                && revocation.event.target == Some(format!("session:{}", another()))
        })
        .returning(|_| Ok(RevocationOutcome::Ended(1)));
    let ended = block_on(service(&workshop, sessions).end(&who, &another(), &caller()));
    assert_eq!(ended.unwrap(), EndedSession::Other);
}

#[test]
fn ending_ones_own_session_is_signing_out_and_needs_no_fresh_proof() {
    let workshop = Workshop::open();
    let who = signed_in(workshop.now() - Session::FRESHNESS);
    let id = who.session.id;
    for (ended, outcome) in [(true, true), (false, false)] {
        let mut sessions = MockSessionStore::new();
        sessions
            .expect_end()
            .times(1)
            .withf(move |session, event| *session == id && event.action == AuditAction::LogOut)
            .returning(move |_, _| Ok(ended));
        match block_on(service(&workshop, sessions).end(&who, &id, &caller())) {
            Ok(ended) => assert_eq!((ended, outcome), (EndedSession::Current, true)),
            Err(EndSessionError::NotSignedIn) => assert!(!outcome),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn a_session_nobody_of_theirs_has_is_told_as_one_answer() {
    let workshop = Workshop::open();
    let sessions = revoking(RevocationOutcome::Ended(0));
    let answer = block_on(service(&workshop, sessions).end(&signed_in(workshop.now()), &another(), &caller()));
    assert!(matches!(answer, Err(EndSessionError::NoSuchSession)), "{answer:?}");
}

#[test]
fn ending_all_others_says_how_many_those_were() {
    let workshop = Workshop::open();
    let who = signed_in(workshop.now());
    for count in [0, 1, 49] {
        let mut sessions = MockSessionStore::new();
        sessions
            .expect_revoke()
            .times(1)
            .withf(|revocation| {
                revocation.revoked == Revoked::AllOthers
                    && revocation.event.action == AuditAction::OtherSessionsEnded
                    && revocation.event.target.is_none()
            })
            .returning(move |_| Ok(RevocationOutcome::Ended(count)));
        let ended = block_on(service(&workshop, sessions).end_others(&who, &caller()));
        assert_eq!(ended.unwrap(), count);
    }
}

#[test]
fn other_sessions_end_on_a_proof_younger_than_ten_minutes_alone() {
    for (age, fresh) in [
        (Duration::minutes(10) - Duration::seconds(1), true),
        (Duration::minutes(10), false),
        (Duration::hours(2), false),
    ] {
        let workshop = Workshop::open();
        let mut who = signed_in(workshop.now());
        who.session.authenticated = workshop.now() - age;
        let mut sessions = MockSessionStore::new();
        sessions
            .expect_revoke()
            .times(if fresh { 2 } else { 0 })
            .returning(|_| Ok(RevocationOutcome::Ended(1)));
        let service = service(&workshop, sessions);
        let one = block_on(service.end(&who, &another(), &caller())).map(|_| 1);
        for answer in [one, block_on(service.end_others(&who, &caller()))] {
            match answer {
                Ok(1) => assert!(fresh, "{age}"),
                Err(EndSessionError::ReauthenticationRequired(_)) => assert!(!fresh, "{age}"),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn whoever_was_signed_out_a_moment_before_ends_nothing_any_more() {
    let workshop = Workshop::open();
    let who = signed_in(workshop.now());
    let one = service(&workshop, revoking(RevocationOutcome::NotSignedIn));
    let answer = block_on(one.end(&who, &another(), &caller()));
    assert!(matches!(answer, Err(EndSessionError::NotSignedIn)), "{answer:?}");
    let all = service(&workshop, revoking(RevocationOutcome::NotSignedIn));
    let answer = block_on(all.end_others(&who, &caller()));
    assert!(matches!(answer, Err(EndSessionError::NotSignedIn)), "{answer:?}");
}
