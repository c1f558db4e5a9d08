//! Keeping the account after all.

use rookery_domain::TenantId;

use super::*;
use crate::fixture::record;

fn kept() -> OneTimeToken {
    OneTimeToken::from_entropy(TokenPurpose::KeepAccount, [6; 32])
}

#[test]
fn the_mailed_link_keeps_the_account_and_says_so() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut ports = Ports::new();
    ports.rings = 1;
    ports.tokens.expect_find().returning(move |_| Ok(Some(record(at))));
    ports
        .deletions
        .expect_subject()
        .returning(move |_| Ok(Some(subject(Some(waiting(at))))));
    ports
        .deletions
        .expect_keep()
        .times(1)
        .withf(move |token, keeping| {
            assert!(matches!(unsealed(&keeping.mail), Letter::AccountKept { .. }));
            let reopening: Vec<TenantId> = keeping.reopening.iter().map(|turn| turn.tenant).collect();
            *token == kept().digest()
                && keeping.user == user()
                && keeping.event.action == AuditAction::DeletionCancelled
                && reopening == [tenant()]
        })
        .returning(|_, _| Ok(true));
    block_on(ports.service(&workshop).keep(&kept().expose(), &caller())).unwrap();
}

#[test]
fn every_token_that_keeps_nothing_is_the_same_bad_token() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let used = crate::ports::TokenRecord {
        consumed: Some(at),
        ..record(at)
    };
    let expired = crate::ports::TokenRecord {
        expires: at,
        ..record(at)
    };
    let shut = crate::ports::TokenRecord {
        disabled: Some(at),
        ..record(at)
    };
    for found in [None, Some(used), Some(expired), Some(shut)] {
        let mut ports = Ports::new();
        ports.tokens.expect_find().returning(move |_| Ok(found.clone()));
        let refused = block_on(ports.service(&workshop).keep(&kept().expose(), &caller()));
        assert!(matches!(refused, Err(KeepAccountError::InvalidToken)), "{refused:?}");
    }
    let over = PendingDeletion { due: at, ..waiting(at) };
    for pending in [None, Some(over)] {
        let mut ports = Ports::new();
        ports.tokens.expect_find().returning(move |_| Ok(Some(record(at))));
        ports
            .deletions
            .expect_subject()
            .returning(move |_| Ok(Some(subject(pending.clone()))));
        let refused = block_on(ports.service(&workshop).keep(&kept().expose(), &caller()));
        assert!(matches!(refused, Err(KeepAccountError::InvalidToken)), "{refused:?}");
    }
    for nonsense in ["", "kep_", "und_abc"] {
        let refused = block_on(Ports::new().service(&workshop).keep(nonsense, &caller()));
        assert!(matches!(refused, Err(KeepAccountError::InvalidToken)), "{refused:?}");
    }
}
