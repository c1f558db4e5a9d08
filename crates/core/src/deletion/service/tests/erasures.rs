//! Erasing what is due, what was never used, and what a backup brought back.

use rookery_domain::{Actor, ErasureId};

use super::*;
use crate::ports::{ErasureBasis, ErasureOutcome};

fn receipt(at: Timestamp) -> ErasureReceipt {
    ErasureReceipt {
        id: ErasureId::new(at, &[9; 10]),
        user: user(),
        basis: "asked".to_owned(),
        by: Actor::Service,
        requested: None,
        erased: at,
        counts: std::collections::BTreeMap::new(),
    }
}

#[test]
fn what_is_due_is_erased_with_a_last_mail_and_what_was_never_used_without() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut ports = Ports::new();
    ports.rings = 1;
    ports.deletions.expect_due().returning(|_, _| Ok(vec![user()]));
    ports
        .deletions
        .expect_unverified()
        .withf(move |since, _| *since == at - Duration::days(7))
        .returning(|_, _| Ok(vec![user()]));
    ports.deletions.expect_subject().returning(|_| Ok(Some(subject(None))));
    let throttle = workshop.throttle.clone();
    ports
        .deletions
        .expect_erase()
        .times(2)
        .withf(move |erasure| {
            let names = [
                throttle.name_of(&crate::Subject::User(user())),
                throttle.name_of(&crate::Subject::mailbox(&email())),
            ];
            let letter = erasure.mail.as_ref().map(unsealed);
            let is_told = matches!(letter, Some(Letter::AccountErased { .. }));
            erasure.counted_as == names
                && is_told == (erasure.basis == ErasureBasis::Asked)
                && (erasure.event.actor, erasure.event.user) == (Actor::Service, Some(user()))
                && erasure.by == Actor::Service
        })
        .returning(move |_| Ok(ErasureOutcome::Erased(receipt(at))));
    let erased = block_on(ports.service(&workshop).erase_due()).unwrap();
    assert_eq!((erased.asked, erased.unverified), (1, 1));
}

#[test]
fn one_account_that_fails_holds_no_other_up() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let other = UserId::new(at, &[8; 10]);
    let mut ports = Ports::new();
    ports.rings = 1;
    ports
        .deletions
        .expect_due()
        .returning(move |_, _| Ok(vec![user(), other]));
    ports.deletions.expect_unverified().returning(|_, _| Ok(Vec::new()));
    ports.deletions.expect_subject().returning(move |whose| {
        Ok(Some(ErasureSubject {
            user: *whose,
            ..subject(None)
        }))
    });
    ports.deletions.expect_erase().times(2).returning(move |erasure| {
        if erasure.user == other {
            Ok(ErasureOutcome::Erased(receipt(at)))
        } else {
            Err(PortError::unavailable("deletions.erase", "gone"))
        }
    });
    assert!(block_on(ports.service(&workshop).erase_due()).is_err());
}

#[test]
fn what_a_backup_brought_back_is_erased_again_without_a_mail_or_it_is_told_why_not() {
    let workshop = Workshop::open();
    let at = workshop.now();
    for (outcome, expected) in [
        (ErasureOutcome::Erased(receipt(at)), "done"),
        (ErasureOutcome::NotDue, "nothing"),
        (
            ErasureOutcome::Held,
            "the account, or a tenant that would go with it, is on legal hold",
        ),
        (
            ErasureOutcome::NeedsOwners(vec![stake(StakeFate::NeedsOwner)]),
            "tenants with other members would be left without an owner: Engines",
        ),
    ] {
        let mut ports = Ports::new();
        ports.deletions.expect_subject().returning(|_| Ok(Some(subject(None))));
        ports
            .deletions
            .expect_erase()
            .times(1)
            .withf(|erasure| {
                erasure.basis == ErasureBasis::Replayed
                    && (erasure.by, erasure.event.actor) == (Actor::Operator, Actor::Operator)
                    && erasure.mail.is_none()
            })
            .returning(move |_| Ok(outcome.clone()));
        let told = match block_on(ports.service(&workshop).replay(&user())) {
            Ok(Some(_)) => "done".to_owned(),
            Ok(None) => "nothing".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }
}
