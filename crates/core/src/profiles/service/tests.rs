use futures_executor::block_on;
use rookery_domain::{Theme, Violation};

use super::*;
use crate::fixture::{Workshop, caller, signed_in, user};
use crate::ports::MockProfileStore;
use crate::sessions::MockSessions;

fn service(workshop: &Workshop, sessions: MockSessions, profiles: MockProfileStore) -> ProfileService {
    ProfileService {
        sessions: Arc::new(sessions),
        profiles: Arc::new(profiles),
        mint: workshop.mint.clone(),
    }
}

fn dark() -> ProfileUpdate {
    ProfileUpdate {
        theme: Some(Theme::Dark),
        ..ProfileUpdate::default()
    }
}

#[test]
fn reading_a_profile_is_authenticating() {
    let workshop = Workshop::open();
    let found = signed_in(workshop.now());
    let profile = found.profile.clone();
    let mut sessions = MockSessions::new();
    sessions.expect_authenticate().times(1).return_once(|_| Ok(found));
    let token = SessionToken::from_entropy([1; 32]);
    assert_eq!(
        block_on(service(&workshop, sessions, MockProfileStore::new()).read(&token)).unwrap(),
        profile
    );
}

#[test]
fn an_update_commits_with_the_effective_defaults_and_an_event() {
    let workshop = Workshop::open();
    let who = signed_in(workshop.now());
    let updated = who.profile.clone();
    let mut profiles = MockProfileStore::new();
    profiles
        .expect_apply()
        .times(1)
        .withf(|change| {
            change.user == user()
                && change.update == dark()
                && change.defaults == Preferences::default()
                && change.event.action == AuditAction::ProfileUpdate
                && change.event.at == change.at
                && change.consent.is_none()
        })
        .return_once(move |_| Ok(Some(updated)));
    assert!(block_on(service(&workshop, MockSessions::new(), profiles).update(&who, dark(), &caller())).is_ok());
}

#[test]
fn a_choice_about_marketing_commits_with_what_is_written_down_of_it() {
    for wanted in [true, false] {
        let workshop = Workshop::open();
        let who = signed_in(workshop.now());
        let updated = who.profile.clone();
        let mut profiles = MockProfileStore::new();
        profiles
            .expect_apply()
            .times(1)
            .withf(move |change| {
                let record = change.consent.as_ref().unwrap();
                let action = if wanted {
                    AuditAction::ConsentGiven
                } else {
                    AuditAction::ConsentWithdrawn
                };
                record.consent.subject == ConsentSubject::Marketing
                    && record.consent.given == wanted
                    && record.consent.version == ConsentVersion::marketing()
                    && record.consent.at == change.at
                    && record.event.action == action
                    && record.event.user == Some(user())
            })
            .return_once(move |_| Ok(Some(updated)));
        let update = ProfileUpdate {
            marketing_emails: Some(wanted),
            ..ProfileUpdate::default()
        };
        assert!(block_on(service(&workshop, MockSessions::new(), profiles).update(&who, update, &caller())).is_ok());
    }
}

#[test]
fn an_update_of_nothing_is_refused_before_anything_is_written() {
    let workshop = Workshop::open();
    let mut profiles = MockProfileStore::new();
    profiles.expect_apply().never();
    let who = signed_in(workshop.now());
    let answer =
        block_on(service(&workshop, MockSessions::new(), profiles).update(&who, ProfileUpdate::default(), &caller()));
    let Err(ProfileError::Invalid(violations)) = answer else {
        panic!("{answer:?}")
    };
    let expected = Violation {
        path: None,
        message: "At least one field must be provided for update".to_owned(),
    };
    assert_eq!(violations.iter().collect::<Vec<_>>(), [&expected]);
}

#[test]
fn somebody_who_is_gone_has_no_profile() {
    let workshop = Workshop::open();
    let mut profiles = MockProfileStore::new();
    profiles.expect_apply().returning(|_| Ok(None));
    let who = signed_in(workshop.now());
    assert!(matches!(
        block_on(service(&workshop, MockSessions::new(), profiles).update(&who, dark(), &caller())),
        Err(ProfileError::NotFound)
    ));
}
