use futures_executor::block_on;

use super::*;
use crate::fixture::{Workshop, bell_rung, caller, email, reader, unsealed, user};
use crate::ports::{MockUndoStore, UndoKind};

fn mailed() -> OneTimeToken {
    OneTimeToken::from_entropy(TokenPurpose::Undo, [6; 32])
}

fn service(workshop: &Workshop, undos: MockUndoStore, rings: usize) -> RestorationService {
    RestorationService {
        undos: Arc::new(undos),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
    }
}

fn record(workshop: &Workshop) -> UndoRecord {
    UndoRecord {
        user: user(),
        email: email(),
        reader: reader(),
        name: Some("Ada Lovelace".to_owned()),
        kind: UndoKind::EmailChanged,
        disabled: None,
        expires: workshop.now() + chrono::Duration::hours(72),
    }
}

fn finding(found: Option<UndoRecord>) -> MockUndoStore {
    let mut undos = MockUndoStore::new();
    undos
        .expect_find()
        .withf(|digest| *digest == mailed().digest())
        .returning(move |_| Ok(found.clone()));
    undos
}

#[test]
fn the_way_to_a_new_password_goes_to_the_restored_address() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut undos = finding(Some(record(&workshop)));
    undos
        .expect_undo()
        .times(1)
        .withf(move |undoing| {
            let Letter::ChangeUndone { link, expires, .. } = unsealed(&undoing.mail) else {
                panic!("not the mail");
            };
            let token = link
                .strip_prefix("https://app.example.com/reset-password?token=")
                .unwrap();
            let token = OneTimeToken::parse(TokenPurpose::PasswordReset, token).unwrap();
            assert_eq!(undoing.reset.digest, token.digest());
            assert_eq!(undoing.reset.owner, Some((user(), email())));
            assert_eq!(undoing.reset.expires, at + chrono::Duration::hours(1));
            assert_eq!(expires, undoing.reset.expires);
            assert_eq!(
                undoing.mail.to,
                Addressee::Person {
                    user: user(),
                    email: email(),
                    reader: reader(),
                }
            );
            assert_eq!(undoing.event.action, AuditAction::Undone);
            assert_eq!(undoing.event.detail, Some(json!({ "change": "email_changed" })));
            (undoing.digest, undoing.user, undoing.at) == (mailed().digest(), user(), at)
        })
        .returning(|_| Ok(UndoOutcome::Undone));
    block_on(service(&workshop, undos, 1).undo(&mailed().expose(), &caller())).unwrap();
}

#[test]
fn every_token_that_undoes_nothing_is_the_same_bad_token() {
    let workshop = Workshop::open();
    let expired = UndoRecord {
        expires: workshop.now(),
        ..record(&workshop)
    };
    let shut = UndoRecord {
        disabled: Some(workshop.now()),
        ..record(&workshop)
    };
    for found in [None, Some(expired), Some(shut)] {
        let refused = block_on(service(&workshop, finding(found), 0).undo(&mailed().expose(), &caller()));
        assert!(matches!(refused, Err(RestorationError::InvalidToken)), "{refused:?}");
    }
    let mut late = finding(Some(record(&workshop)));
    late.expect_undo().returning(|_| Ok(UndoOutcome::Spent));
    let refused = block_on(service(&workshop, late, 0).undo(&mailed().expose(), &caller()));
    assert!(matches!(refused, Err(RestorationError::InvalidToken)), "{refused:?}");
    for nonsense in ["", "und_", "rst_abc", &mailed().expose().replace("und_", "rst_")] {
        let refused = block_on(service(&workshop, MockUndoStore::new(), 0).undo(nonsense, &caller()));
        assert!(matches!(refused, Err(RestorationError::InvalidToken)), "{refused:?}");
    }
}
