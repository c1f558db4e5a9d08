use futures_executor::block_on;
use rookery_domain::Actor;

use super::*;
use crate::fixture::{Workshop, email, user};
use crate::ports::{MockAccountStore, MockStaffStore};

fn account(workshop: &Workshop) -> Account {
    Account {
        user: user(),
        email: email(),
        name: Some("Ada Lovelace".to_owned()),
        email_verified: None,
        disabled: None,
        created: workshop.now(),
        last_login: None,
        sessions: 0,
    }
}

fn service(workshop: &Workshop, found: bool, staff: MockStaffStore) -> StaffService {
    let account = found.then(|| account(workshop));
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(move |_| Ok(account.clone()));
    StaffService {
        accounts: Arc::new(accounts),
        staff: Arc::new(staff),
        mint: workshop.mint.clone(),
    }
}

fn terminal() -> Overseer {
    Overseer::at_the_command_line(Some("root".to_owned()))
}

fn is_about_ada(event: &AuditEvent, action: AuditAction, role: &str) -> bool {
    event.action == action
        && event.user == Some(user())
        && event.target == Some(format!("user:{}", user()))
        && event.actor == Actor::Operator
        && event.detail == Some(json!({ "role": role, "operator": "root" }))
}

#[test]
fn a_role_is_given_with_an_event_that_names_whom_and_which_and_who_sat_at_the_command_line() {
    let workshop = Workshop::open();
    let mut staff = MockStaffStore::new();
    staff
        .expect_grant()
        .times(1)
        .withf(|grant| {
            (grant.user, grant.role) == (user(), StaffRole::Support)
                && grant.at == grant.event.at
                && is_about_ada(&grant.event, AuditAction::StaffGranted, "support")
        })
        .returning(|_| Ok(true));
    let given = block_on(service(&workshop, true, staff).grant(&terminal(), &email(), StaffRole::Support)).unwrap();
    assert_eq!(
        (given.user, given.role, given.since),
        (user(), StaffRole::Support, workshop.now())
    );
}

#[test]
fn a_role_that_is_taken_away_is_named_in_the_event() {
    let workshop = Workshop::open();
    let mut staff = MockStaffStore::new();
    staff.expect_role_of().returning(|_| Ok(Some(StaffRole::Operator)));
    staff
        .expect_revoke()
        .times(1)
        .withf(|whom, event| *whom == user() && is_about_ada(event, AuditAction::StaffRevoked, "operator"))
        .returning(|_, _| Ok(true));
    let was = block_on(service(&workshop, true, staff).revoke(&terminal(), &email())).unwrap();
    assert_eq!(was.role, StaffRole::Operator);
}

#[test]
fn whoever_has_no_account_becomes_no_staff_and_whoever_is_none_is_told_so() {
    let workshop = Workshop::open();
    let nobody = service(&workshop, false, MockStaffStore::new());
    assert!(matches!(
        block_on(nobody.grant(&terminal(), &email(), StaffRole::Auditor)),
        Err(StaffError::NotFound)
    ));
    assert!(matches!(
        block_on(nobody.revoke(&terminal(), &email())),
        Err(StaffError::NotFound)
    ));
    let mut staff = MockStaffStore::new();
    staff.expect_role_of().returning(|_| Ok(None));
    let somebody = service(&workshop, true, staff);
    assert!(matches!(
        block_on(somebody.revoke(&terminal(), &email())),
        Err(StaffError::NotStaff)
    ));
    let mut staff = MockStaffStore::new();
    staff.expect_grant().returning(|_| Ok(false));
    let gone = service(&workshop, true, staff);
    assert!(matches!(
        block_on(gone.grant(&terminal(), &email(), StaffRole::Auditor)),
        Err(StaffError::NotFound)
    ));
}
