use futures_executor::block_on;
use rookery_domain::Actor;

use super::*;
use crate::Intervened;
use crate::fixture::{Workshop, email, user};
use crate::oversight::MockOversight;
use crate::ports::MockAccountStore;
use crate::registration::MockRegistration;

fn account(workshop: &Workshop) -> Account {
    Account {
        user: user(),
        email: email(),
        name: None,
        email_verified: None,
        disabled: None,
        created: workshop.mint.now(),
        last_login: None,
        sessions: 0,
    }
}

fn service(workshop: &Workshop, accounts: MockAccountStore, oversight: MockOversight) -> AdministrationService {
    AdministrationService {
        registration: Arc::new(MockRegistration::new()),
        accounts: Arc::new(accounts),
        oversight: Arc::new(oversight),
        mint: workshop.mint.clone(),
    }
}

fn found(workshop: &Workshop) -> MockAccountStore {
    let found = account(workshop);
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(move |_| Ok(Some(found.clone())));
    accounts
}

#[test]
fn a_verification_leaves_an_event_that_names_the_operator() {
    let workshop = Workshop::open();
    let mut accounts = found(&workshop);
    accounts
        .expect_change()
        .times(1)
        .withf(|whom, _, event| {
            *whom == user()
                && event.action == AuditAction::EmailVerified
                && event.user == Some(user())
                && event.actor == Actor::Operator
        })
        .returning(|_, _, _| Ok(true));
    let service = service(&workshop, accounts, MockOversight::new());
    assert!(block_on(service.change(&email(), AccountChange::Verify)).is_ok());
}

#[test]
fn an_account_is_shut_and_opened_as_staff_do_it() {
    let workshop = Workshop::open();
    for (change, expected) in [
        (AccountChange::Disable, Intervention::Suspend),
        (AccountChange::Enable, Intervention::Restore),
    ] {
        let mut oversight = MockOversight::new();
        oversight
            .expect_intervene()
            .times(1)
            .withf(move |by, whom, what, why| {
                *by == Overseer::at_the_command_line(None)
                    && *whom == Whom::Id(user())
                    && *what == expected
                    && why.is_none()
            })
            .returning(|_, _, _, _| {
                Ok(Intervened {
                    user: user(),
                    sessions: 0,
                    receipt: None,
                })
            });
        let service = service(&workshop, found(&workshop), oversight);
        assert!(block_on(service.change(&email(), change)).is_ok());
    }
}

#[test]
fn an_unknown_address_is_told_to_the_operator() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(|_| Ok(None));
    let service = service(&workshop, accounts, MockOversight::new());
    assert!(matches!(
        block_on(service.show(&email())),
        Err(AdministrationError::NotFound)
    ));
    assert!(matches!(
        block_on(service.change(&email(), AccountChange::Disable)),
        Err(AdministrationError::NotFound)
    ));
}
