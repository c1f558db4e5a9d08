use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{Actor, AuditAction, AuthMethod, SearchText, StaffRole, TokenPurpose};

use super::*;
use crate::fixture::{Workshop, bell_rung, caller, credential, email, signed_in, tenant, unsealed, user};
use crate::ports::{
    Account, AccountIntervention, Credential, ErasureBasis, ErasureReceipt, EventPosition, InterventionOutcome,
    InterventionStep, MockAuditLog, MockCredentialStore, MockOversightStore, MockStaffStore, Seen, StaffStanding,
    Wanted,
};
use crate::{Forbidden, Letter};

/// Whose account it is about.
fn whom() -> UserId {
    UserId::new(rookery_domain::Timestamp::UNIX_EPOCH, &[9; 10])
}

fn reason() -> Reason {
    Reason::parse("Ticket 4711").unwrap()
}

/// A session of Ada in which everything was shown that is asked of staff.
fn staffed(workshop: &Workshop) -> SignedIn {
    let mut signed_in = signed_in(workshop.now());
    signed_in.session.methods.push(AuthMethod::Totp);
    signed_in.profile.email_verified = Some(workshop.now());
    signed_in
}

fn overseer(workshop: &Workshop, role: StaffRole) -> Overseer {
    Overseer::staff(&staffed(workshop), role, &caller())
}

/// What the service stands on in a test.
struct Stage {
    workshop: Workshop,
    staff: MockStaffStore,
    oversight: MockOversightStore,
    credentials: MockCredentialStore,
    audit: MockAuditLog,
    rung: usize,
}

impl Stage {
    /// Ada is of this role, the other of that one.
    fn with(role: Option<StaffRole>, theirs: Option<StaffRole>) -> Self {
        let mut staff = MockStaffStore::new();
        staff
            .expect_role_of()
            .returning(move |asked| Ok(if *asked == user() { role } else { theirs }));
        Self {
            workshop: Workshop::open(),
            staff,
            oversight: MockOversightStore::new(),
            credentials: MockCredentialStore::new(),
            audit: MockAuditLog::new(),
            rung: 0,
        }
    }

    fn knowing(mut self, person: Option<Credential>) -> Self {
        self.credentials.expect_by_user().returning(move |_| Ok(person.clone()));
        self
    }

    /// So many interventions are committed, each as this says, and end so.
    fn committing(
        mut self,
        times: usize,
        is_right: impl Fn(&AccountIntervention) -> bool + Send + 'static,
        outcome: InterventionOutcome,
    ) -> Self {
        self.oversight
            .expect_intervene()
            .times(times)
            .withf(is_right)
            .returning(move |_| Ok(outcome.clone()));
        self
    }

    /// One refusal is written down, in this word.
    fn refusing(mut self, action: AuditAction, because: &'static str) -> Self {
        self.audit
            .expect_record()
            .times(1)
            .withf(move |event| {
                event.action == action
                    && event.outcome == AuditOutcome::Failure
                    && event.detail.as_ref().is_some_and(|detail| detail["refused"] == because)
            })
            .returning(|_| Ok(()));
        self
    }

    fn ringing(mut self) -> Self {
        self.rung = 1;
        self
    }

    fn open(self) -> (Workshop, OversightService) {
        let service = OversightService {
            staff: Arc::new(self.staff),
            oversight: Arc::new(self.oversight),
            credentials: Arc::new(self.credentials),
            audit: Arc::new(self.audit),
            throttle: self.workshop.throttle.clone(),
            mint: self.workshop.mint.clone(),
            post_room: self.workshop.post_room.clone(),
            bell: bell_rung(self.rung),
        };
        (self.workshop, service)
    }
}

const DONE: InterventionOutcome = InterventionOutcome::Done {
    sessions: 3,
    changed: true,
};

fn other() -> Credential {
    Credential {
        user: whom(),
        ..credential()
    }
}

fn with_app(workshop: &Workshop) -> Credential {
    Credential {
        second_factor: Some(workshop.now()),
        ..credential()
    }
}

#[test]
fn staff_are_let_in_with_a_verified_address_a_second_factor_that_was_shown_and_a_proof_of_this_working_day() {
    let workshop = Workshop::open();
    let good = staffed(&workshop);
    let changed = |change: fn(&mut SignedIn)| {
        let mut signed_in = good.clone();
        change(&mut signed_in);
        signed_in
    };
    let with_factor = Some(with_app(&workshop));
    let admit = |role, factor: &Option<Credential>, signed_in: &SignedIn| {
        let (_, service) = Stage::with(role, None).knowing(factor.clone()).open();
        block_on(service.admit(signed_in, &caller()))
    };
    let auditor = Some(StaffRole::Auditor);
    let let_in = admit(auditor, &with_factor, &good).unwrap();
    assert_eq!(let_in, Overseer::staff(&good, StaffRole::Auditor, &caller()));
    let refused = admit(None, &with_factor, &good);
    assert!(matches!(refused, Err(AdmissionError::NotStaff)), "{refused:?}");
    let unverified = changed(|signed_in| signed_in.profile.email_verified = None);
    let refused = admit(auditor, &with_factor, &unverified);
    assert!(matches!(refused, Err(AdmissionError::EmailNotVerified)), "{refused:?}");
    for none in [None, Some(credential())] {
        let refused = admit(auditor, &none, &good);
        assert!(
            matches!(refused, Err(AdmissionError::SecondFactorMissing)),
            "{refused:?}"
        );
    }
    let trusted = changed(|signed_in| signed_in.session.methods = vec![AuthMethod::Password]);
    let refused = admit(auditor, &with_factor, &trusted);
    assert!(
        matches!(refused, Err(AdmissionError::SecondFactorNotShown)),
        "{refused:?}"
    );
    for (age, fits) in [
        (Duration::hours(8) - Duration::seconds(1), true),
        (Duration::hours(8), false),
    ] {
        let mut signed_in = good.clone();
        signed_in.session.authenticated -= age;
        let outcome = admit(auditor, &with_factor, &signed_in);
        assert_eq!(outcome.is_ok(), fits);
        assert!(fits || matches!(outcome, Err(AdmissionError::ReauthenticationRequired(_))));
    }
}

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

fn account(workshop: &Workshop) -> Account {
    Account {
        user: whom(),
        email: email(),
        name: None,
        email_verified: None,
        disabled: None,
        created: workshop.now(),
        last_login: None,
        sessions: 0,
    }
}

#[test]
fn a_look_is_handed_to_the_store_with_what_is_written_down_and_whoever_was_looked_at_is_told() {
    let mut stage = Stage::with(Some(StaffRole::Auditor), None);
    let file = AccountFile {
        account: account(&stage.workshop),
        staff: None,
        authenticator: None,
        recovery_codes: 0,
        locked_until: None,
        deletion: None,
        hold: None,
        memberships: Vec::new(),
        sessions: Vec::new(),
        events: Vec::new(),
    };
    stage
        .oversight
        .expect_open()
        .times(1)
        .withf(|look, asked, told| {
            look.record.action == AuditAction::StaffLookedAtUser
                && look.record.target == Some(format!("user:{}", whom()))
                && look.record.user == Some(user())
                && look.record.detail.is_none()
                && *asked == whom()
                && told.action == AuditAction::LookedAt
                && told.user == Some(whom())
                && told.caller == Caller::default()
        })
        .returning(move |_, _, _| Ok(Seen::There(file.clone())));
    let (workshop, service) = stage.open();
    let by = overseer(&workshop, StaffRole::Auditor);
    block_on(async {
        for _ in 0..5 {
            let mailbox = Subject::mailbox(&email());
            service.throttle.take(Limit::LogInAddress, &mailbox).await.unwrap();
        }
        let shown = service.show(&by, &Whom::Id(whom()), None).await.unwrap();
        assert_eq!(shown.locked_until, Some(workshop.now() + Duration::minutes(30)));
    });
}

#[test]
fn a_look_that_cannot_be_written_down_shows_nothing() {
    let mut stage = Stage::with(Some(StaffRole::Auditor), None);
    let gone = || PortError::unavailable("oversight", "gone");
    stage.oversight.expect_find().returning(move |_, _| Err(gone()));
    stage.oversight.expect_open().returning(move |_, _, _| Err(gone()));
    stage.oversight.expect_log().returning(move |_, _| Err(gone()));
    let (workshop, service) = stage.open();
    let by = overseer(&workshop, StaffRole::Auditor);
    assert!(matches!(
        block_on(service.find(&by, everybody(), None)),
        Err(OversightError::Port(_))
    ));
    assert!(matches!(
        block_on(service.show(&by, &Whom::Id(whom()), None)),
        Err(OversightError::Port(_))
    ));
    assert!(matches!(
        block_on(service.log(&by, events(), None)),
        Err(OversightError::Port(_))
    ));
}

fn everybody() -> OversightFilter<UserId> {
    OversightFilter {
        wanted: Some(Wanted::Beginning(SearchText::parse("ad").unwrap())),
        behind: None,
        limit: 2,
    }
}

fn events() -> EventFilter {
    EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None::<EventPosition>,
        limit: 2,
    }
}

#[test]
fn a_search_is_written_down_with_what_was_searched_for_and_a_page_tells_where_the_next_begins() {
    for (found, next) in [(3, Some(whom())), (2, None)] {
        let mut stage = Stage::with(Some(StaffRole::Auditor), None);
        let account = account(&stage.workshop);
        stage
            .oversight
            .expect_find()
            .times(1)
            .withf(|look, filter| {
                look.record.action == AuditAction::StaffSearchedUsers
                    && look.record.detail == Some(json!({ "query": "ad", "reason": "Ticket 4711" }))
                    && filter.limit == 3
            })
            .returning(move |_, _| Ok(Some(vec![account.clone(); found])));
        let (workshop, service) = stage.open();
        let by = overseer(&workshop, StaffRole::Auditor);
        let page = block_on(service.find(&by, everybody(), Some(reason()))).unwrap();
        assert_eq!((page.found.len(), page.next), (2, next));
    }
}

#[test]
fn whoever_is_staff_no_more_by_the_time_of_the_look_sees_nothing() {
    let mut stage = Stage::with(None, None);
    stage.oversight.expect_find().returning(|_, _| Ok(None));
    stage.oversight.expect_find_tenants().returning(|_, _| Ok(None));
    stage.oversight.expect_log().returning(|_, _| Ok(None));
    stage.oversight.expect_open().returning(|_, _, _| Ok(Seen::Outdated));
    stage
        .oversight
        .expect_open_tenant()
        .returning(|_, _| Ok(Seen::Outdated));
    let (workshop, service) = stage.open();
    let by = overseer(&workshop, StaffRole::Auditor);
    let tenants = OversightFilter {
        wanted: None,
        behind: None,
        limit: 2,
    };
    block_on(async {
        for refused in [
            service.find(&by, everybody(), None).await.err(),
            service.find_tenants(&by, tenants, None).await.err(),
            service.log(&by, events(), None).await.err(),
            service.show(&by, &Whom::Id(whom()), None).await.err(),
            service.show_tenant(&by, &tenant(), None).await.err(),
        ] {
            assert!(matches!(refused, Some(OversightError::NotStaff)), "{refused:?}");
        }
    });
}

#[test]
fn looks_and_changes_are_counted_by_who_makes_them_and_the_command_line_is_not() {
    let mut stage = Stage::with(Some(StaffRole::Operator), None)
        .knowing(Some(other()))
        .committing(61, |_| true, DONE);
    stage.oversight.expect_find().returning(|_, _| Ok(Some(Vec::new())));
    let (workshop, service) = stage.open();
    let by = overseer(&workshop, StaffRole::Operator);
    let (terminal, theirs) = (Overseer::at_the_command_line(None), Whom::Id(whom()));
    block_on(async {
        for _ in 0..60 {
            service.find(&by, everybody(), None).await.unwrap();
            let suspended = service.intervene(&by, &theirs, Intervention::Suspend, Some(reason()));
            suspended.await.unwrap();
        }
        let refused = service.find(&by, everybody(), None).await;
        assert!(matches!(refused, Err(OversightError::Throttled(refusal)) if refusal.limit == Limit::StaffLooksUser));
        let refused = service.intervene(&by, &theirs, Intervention::Suspend, Some(reason()));
        assert!(
            matches!(refused.await, Err(OversightError::Throttled(refusal)) if refusal.limit == Limit::StaffChangesUser)
        );
        service.find(&terminal, everybody(), None).await.unwrap();
        let restored = service.intervene(&terminal, &theirs, Intervention::Restore, Some(reason()));
        restored.await.unwrap();
    });
}
