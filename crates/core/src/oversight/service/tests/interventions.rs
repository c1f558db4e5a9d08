//! What staff do to an account, and what they may not.

use rookery_domain::TokenPurpose;

use super::*;
use crate::Forbidden;
use crate::ports::StaffStanding;

#[test]
fn a_change_is_one_value_with_what_it_rests_on_and_an_event_for_each_side() {
    for (what, role, record, told) in [
        (
            Intervention::Suspend,
            StaffRole::Operator,
            AuditAction::StaffSuspended,
            AuditAction::Disabled,
        ),
        (
            Intervention::Restore,
            StaffRole::Operator,
            AuditAction::StaffRestored,
            AuditAction::Enabled,
        ),
        (
            Intervention::EndSessions,
            StaffRole::Support,
            AuditAction::StaffEndedSessions,
            AuditAction::AllSessionsEnded,
        ),
    ] {
        let session = staffed(&Workshop::open()).session.id;
        let stage = Stage::with(Some(role), None).knowing(Some(other())).committing(
            1,
            move |intervention| {
                let (ours, theirs) = (&intervention.record, intervention.told.as_ref().unwrap());
                let standing = StaffStanding { user: user(), role };
                (intervention.whom, intervention.by, intervention.target_role) == (whom(), Some(standing), None)
                    && (ours.action, ours.actor) == (record, Actor::Staff)
                    && (ours.user, ours.session) == (Some(user()), Some(session))
                    && ours.target == Some(format!("user:{}", whom()))
                    && ours.caller == caller()
                    && ours.detail == Some(json!({ "reason": "Ticket 4711" }))
                    && (theirs.action, theirs.actor) == (told, Actor::Staff)
                    && (theirs.user, theirs.session) == (Some(whom()), None)
                    && (&theirs.target, &theirs.detail) == (&None, &None)
                    && theirs.caller == Caller::default()
            },
            DONE,
        );
        let stage = if what == Intervention::EndSessions {
            stage.ringing()
        } else {
            stage
        };
        let (workshop, service) = stage.open();
        let by = overseer(&workshop, role);
        let done = block_on(service.intervene(&by, &Whom::Id(whom()), what, Some(reason()))).unwrap();
        assert_eq!((done.user, done.sessions), (whom(), 3));
    }
}

#[test]
fn mails_go_to_the_person_and_hold_what_leads_back_in() {
    for (what, purpose) in [
        (Intervention::SendPasswordReset, TokenPurpose::PasswordReset),
        (Intervention::SendVerification, TokenPurpose::EmailVerification),
    ] {
        let (workshop, service) = Stage::with(Some(StaffRole::Support), None)
            .knowing(Some(other()))
            .committing(
                1,
                move |intervention| {
                    let InterventionStep::Mail(token) = &intervention.step else {
                        return false;
                    };
                    let letter = unsealed(intervention.mail.as_ref().unwrap());
                    let fits = match purpose {
                        TokenPurpose::PasswordReset => matches!(letter, Letter::ResetPassword { .. }),
                        _ => matches!(letter, Letter::VerifyEmail { .. }),
                    };
                    fits && token.purpose == purpose && token.owner == Some((whom(), email()))
                },
                DONE,
            )
            .ringing()
            .open();
        let by = overseer(&workshop, StaffRole::Support);
        assert!(block_on(service.intervene(&by, &Whom::Id(whom()), what, Some(reason()))).is_ok());
    }
}

#[test]
fn what_a_role_does_not_grant_is_refused_and_written_down() {
    for (role, what, record) in [
        (
            StaffRole::Auditor,
            Intervention::EndSessions,
            AuditAction::StaffEndedSessions,
        ),
        (
            StaffRole::Auditor,
            Intervention::SendPasswordReset,
            AuditAction::StaffMailedReset,
        ),
        (StaffRole::Support, Intervention::Suspend, AuditAction::StaffSuspended),
        (StaffRole::Support, Intervention::Restore, AuditAction::StaffRestored),
        (StaffRole::Support, Intervention::Hold, AuditAction::StaffHeld),
        (StaffRole::Support, Intervention::Release, AuditAction::StaffReleased),
        (StaffRole::Support, Intervention::Erase, AuditAction::StaffErased),
    ] {
        let (workshop, service) = Stage::with(Some(role), None).refusing(record, "role").open();
        let by = overseer(&workshop, role);
        let refused = block_on(service.intervene(&by, &Whom::Id(whom()), what, Some(reason())));
        assert!(
            matches!(refused, Err(OversightError::Forbidden(Forbidden))),
            "{role} {what:?}"
        );
    }
}

#[test]
fn a_change_needs_a_fresh_proof_and_a_look_does_not() {
    let (workshop, service) = Stage::with(Some(StaffRole::Operator), None).open();
    let by = overseer(&workshop, StaffRole::Operator);
    workshop.clock.advance(Duration::minutes(10));
    for what in Intervention::ALL {
        let refused = block_on(service.intervene(&by, &Whom::Id(whom()), what, Some(reason())));
        assert!(
            matches!(refused, Err(OversightError::ReauthenticationRequired(_))),
            "{what:?}"
        );
    }
}

#[test]
fn nobody_suspends_themselves_nor_staff_of_the_same_or_a_higher_role_but_the_command_line_does() {
    for what in [
        Intervention::Suspend,
        Intervention::Restore,
        Intervention::Hold,
        Intervention::Release,
    ] {
        let record = what.recorded_as();
        let operator = Some(StaffRole::Operator);
        let (workshop, service) = Stage::with(operator, None).refusing(record, "oneself").open();
        let by = overseer(&workshop, StaffRole::Operator);
        let refused = block_on(service.intervene(&by, &Whom::Id(user()), what, Some(reason())));
        assert!(matches!(refused, Err(OversightError::Oneself)));

        let (workshop, service) = Stage::with(operator, operator).refusing(record, "protected").open();
        let by = overseer(&workshop, StaffRole::Operator);
        let refused = block_on(service.intervene(&by, &Whom::Id(whom()), what, Some(reason())));
        assert!(matches!(refused, Err(OversightError::Protected)));

        for theirs in [None, Some(StaffRole::Auditor), Some(StaffRole::Support)] {
            let (workshop, service) = Stage::with(operator, theirs)
                .knowing(Some(other()))
                .committing(1, move |intervention| intervention.target_role == theirs, DONE)
                .open();
            let by = overseer(&workshop, StaffRole::Operator);
            assert!(block_on(service.intervene(&by, &Whom::Id(whom()), what, Some(reason()))).is_ok());
        }

        let (_, service) = Stage::with(None, operator)
            .knowing(Some(other()))
            .committing(
                1,
                |intervention| {
                    let record = &intervention.record;
                    intervention.by.is_none()
                        && (record.actor, record.user) == (Actor::Operator, None)
                        && record.detail == Some(json!({ "reason": "Ticket 4711", "operator": "root" }))
                        && intervention.told.as_ref().unwrap().actor == Actor::Operator
                },
                DONE,
            )
            .open();
        let terminal = Overseer::at_the_command_line(Some("root".to_owned()));
        assert!(block_on(service.intervene(&terminal, &Whom::Id(whom()), what, Some(reason()))).is_ok());
    }
}

#[test]
fn a_hold_is_written_down_where_the_person_does_not_read_of_it() {
    for (what, record, beside) in [
        (Intervention::Hold, AuditAction::StaffHeld, AuditAction::HoldPlaced),
        (
            Intervention::Release,
            AuditAction::StaffReleased,
            AuditAction::HoldReleased,
        ),
    ] {
        let (workshop, service) = Stage::with(Some(StaffRole::Operator), None)
            .knowing(Some(other()))
            .committing(
                1,
                move |intervention| {
                    let event = intervention.told.as_ref().unwrap();
                    let is_step = match &intervention.step {
                        InterventionStep::Hold(why) => what == Intervention::Hold && *why == reason(),
                        InterventionStep::Release => what == Intervention::Release,
                        _ => false,
                    };
                    is_step
                        && intervention.record.action == record
                        && (event.action, event.user) == (beside, None)
                        && event.target == Some(format!("user:{}", whom()))
                        && event.detail.is_none()
                        && event.caller == Caller::default()
                        && intervention.mail.is_none()
                },
                DONE,
            )
            .open();
        let by = overseer(&workshop, StaffRole::Operator);
        assert!(block_on(service.intervene(&by, &Whom::Id(whom()), what, Some(reason()))).is_ok());
    }
    let (_, service) = Stage::with(None, None).knowing(Some(other())).open();
    let terminal = Overseer::at_the_command_line(None);
    let refused = block_on(service.intervene(&terminal, &Whom::Id(whom()), Intervention::Hold, None));
    assert!(matches!(refused, Err(OversightError::NoReason)), "{refused:?}");
}

#[test]
fn no_mail_leads_into_an_account_that_is_shut_and_a_verified_address_is_not_verified_again() {
    let shut = Credential {
        disabled: Some(rookery_domain::Timestamp::UNIX_EPOCH),
        ..other()
    };
    let verified = Credential {
        email_verified: Some(rookery_domain::Timestamp::UNIX_EPOCH),
        ..other()
    };
    for (person, what, word) in [
        (shut.clone(), Intervention::SendPasswordReset, "suspended"),
        (shut, Intervention::SendVerification, "suspended"),
        (verified, Intervention::SendVerification, "verified"),
    ] {
        let (workshop, service) = Stage::with(Some(StaffRole::Support), None)
            .knowing(Some(person))
            .refusing(what.recorded_as(), word)
            .open();
        let by = overseer(&workshop, StaffRole::Support);
        match block_on(service.intervene(&by, &Whom::Id(whom()), what, Some(reason()))) {
            Err(OversightError::Suspended) => assert_eq!(word, "suspended"),
            Err(OversightError::AlreadyVerified) => assert_eq!(word, "verified"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_decision_that_is_outdated_is_made_anew_and_a_role_that_is_gone_decides_nothing() {
    let attempts = 4;
    let (workshop, service) = Stage::with(Some(StaffRole::Operator), None)
        .knowing(Some(other()))
        .committing(attempts, |_| true, InterventionOutcome::Outdated)
        .open();
    let by = overseer(&workshop, StaffRole::Operator);
    let error = block_on(service.intervene(&by, &Whom::Id(whom()), Intervention::Suspend, Some(reason())));
    assert!(matches!(error, Err(OversightError::Port(error)) if error.is_unavailable()));
    for now in [None, Some(StaffRole::Support)] {
        let (workshop, service) = Stage::with(now, None).open();
        let by = overseer(&workshop, StaffRole::Operator);
        let refused = block_on(service.intervene(&by, &Whom::Id(whom()), Intervention::Suspend, Some(reason())));
        assert!(matches!(refused, Err(OversightError::NotStaff)));
    }
}

#[test]
fn an_account_that_is_not_there_is_told_and_the_attempt_written_down() {
    let word = "not_there";
    let (workshop, service) = Stage::with(Some(StaffRole::Operator), None)
        .knowing(None)
        .refusing(AuditAction::StaffSuspended, word)
        .open();
    let by = overseer(&workshop, StaffRole::Operator);
    let refused = block_on(service.intervene(&by, &Whom::Id(whom()), Intervention::Suspend, Some(reason())));
    assert!(matches!(refused, Err(OversightError::NoSuchAccount)));
    let mut stage = Stage::with(Some(StaffRole::Operator), None).refusing(AuditAction::StaffLookedAtUser, word);
    stage.oversight.expect_holder_of().returning(|_| Ok(None));
    let (workshop, service) = stage.open();
    let by = overseer(&workshop, StaffRole::Operator);
    let refused = block_on(service.show(&by, &Whom::Address(email()), None));
    assert!(matches!(refused, Err(OversightError::NoSuchAccount)));
    let mut stage = Stage::with(Some(StaffRole::Operator), None).refusing(AuditAction::StaffLookedAtTenant, word);
    stage
        .oversight
        .expect_open_tenant()
        .returning(|_, _| Ok(Seen::NotThere));
    let (workshop, service) = stage.open();
    let by = overseer(&workshop, StaffRole::Operator);
    let refused = block_on(service.show_tenant(&by, &tenant(), None));
    assert!(matches!(refused, Err(OversightError::NoSuchTenant)));
}
