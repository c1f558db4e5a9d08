//! What staff see, and that it is written down.

use rookery_domain::SearchText;

use super::*;
use crate::ports::{Account, EventPosition, Wanted};

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
