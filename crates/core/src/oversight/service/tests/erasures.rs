//! Erasing an account at somebody's word.

use super::*;
use crate::ports::{ErasureBasis, ErasureReceipt};

fn receipt(workshop: &Workshop) -> ErasureReceipt {
    ErasureReceipt {
        id: workshop.mint.erasure_id(workshop.now()),
        user: whom(),
        basis: "operator".to_owned(),
        by: Actor::Operator,
        requested: None,
        erased: workshop.now(),
        counts: std::collections::BTreeMap::new(),
    }
}

#[test]
fn an_operator_erases_an_account_they_name_twice_and_its_owner_gets_the_last_mail() {
    for confirmation in [Whom::Id(whom()), Whom::Address(email())] {
        let mut stage = Stage::with(Some(StaffRole::Operator), None).knowing(Some(other()));
        stage.oversight.expect_holder_of().returning(|_| Ok(Some(whom())));
        let kept = receipt(&stage.workshop);
        let names = [
            stage.workshop.throttle.name_of(&Subject::User(whom())),
            stage.workshop.throttle.name_of(&Subject::mailbox(&email())),
        ];
        let (workshop, service) = stage
            .committing(
                1,
                move |intervention| {
                    let InterventionStep::Erase(erasure) = &intervention.step else {
                        return false;
                    };
                    let letter = unsealed(erasure.mail.as_ref().unwrap());
                    (erasure.user, erasure.basis, erasure.by) == (whom(), ErasureBasis::Operator, Actor::Operator)
                        && (erasure.event.action, erasure.event.user) == (AuditAction::Erased, Some(whom()))
                        && erasure.event.caller == Caller::default()
                        && erasure.counted_as == names
                        && matches!(letter, Letter::AccountErased { .. })
                        && intervention.told.is_none()
                        && intervention.mail.is_none()
                        && intervention.record.action == AuditAction::StaffErased
                        && intervention.record.target == Some(format!("user:{}", whom()))
                        && intervention.record.detail == Some(json!({ "reason": "Ticket 4711" }))
                },
                InterventionOutcome::Erased(kept.clone()),
            )
            .ringing()
            .open();
        let by = overseer(&workshop, StaffRole::Operator);
        let done = block_on(service.erase(&by, &Whom::Id(whom()), &confirmation, Some(reason()))).unwrap();
        assert_eq!((done.user, done.receipt), (whom(), Some(kept)));
    }
}

#[test]
fn an_erasure_that_is_not_confirmed_or_of_staff_or_oneself_is_refused_and_written_down() {
    let operator = Some(StaffRole::Operator);
    for (asked, theirs, confirmation, word) in [
        (whom(), None, Some(Whom::Id(user())), "not_confirmed"),
        (whom(), None, Some(Whom::Address(email())), "not_confirmed"),
        (whom(), None, None, "not_confirmed"),
        (whom(), operator, Some(Whom::Id(whom())), "protected"),
        (user(), None, Some(Whom::Id(user())), "oneself"),
    ] {
        let mut stage = Stage::with(operator, theirs).refusing(AuditAction::StaffErased, word);
        stage.oversight.expect_holder_of().returning(|_| Ok(None));
        let (workshop, service) = stage.open();
        let by = overseer(&workshop, StaffRole::Operator);
        let whom = Whom::Id(asked);
        let refused = block_on(async {
            match &confirmation {
                Some(confirmation) => service.erase(&by, &whom, confirmation, Some(reason())).await,
                None => service.intervene(&by, &whom, Intervention::Erase, Some(reason())).await,
            }
        });
        match refused {
            Err(OversightError::NotConfirmed) => assert_eq!(word, "not_confirmed"),
            Err(OversightError::Protected) => assert_eq!(word, "protected"),
            Err(OversightError::Oneself) => assert_eq!(word, "oneself"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_stands_in_the_way_of_an_erasure_or_a_release_is_told_and_written_down() {
    let stake = crate::ports::TenantStake {
        tenant: tenant(),
        name: "Engines".to_owned(),
        others: 1,
        fate: crate::ports::StakeFate::NeedsOwner,
    };
    for (outcome, what, word, told) in [
        (
            InterventionOutcome::Held,
            Intervention::Erase,
            "held",
            "the account, or a tenant that would go with it, is on legal hold",
        ),
        (
            InterventionOutcome::NeedsOwners(vec![stake]),
            Intervention::Erase,
            "needs_owners",
            "tenants with other members would be left without an owner: Engines",
        ),
        (
            InterventionOutcome::NotHeld,
            Intervention::Release,
            "not_held",
            "the account is not on legal hold",
        ),
    ] {
        let (workshop, service) = Stage::with(Some(StaffRole::Operator), None)
            .knowing(Some(other()))
            .committing(1, |_| true, outcome)
            .refusing(what.recorded_as(), word)
            .open();
        let (by, whom) = (overseer(&workshop, StaffRole::Operator), Whom::Id(whom()));
        let refused = block_on(async {
            if what == Intervention::Erase {
                service.erase(&by, &whom, &whom, Some(reason())).await
            } else {
                service.intervene(&by, &whom, what, Some(reason())).await
            }
        });
        assert_eq!(refused.unwrap_err().to_string(), told);
    }
}
