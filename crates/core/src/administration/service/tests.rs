use futures_executor::block_on;
use rookery_domain::Actor;

use super::*;
use crate::fixture::{Workshop, email, user};
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

fn service(workshop: &Workshop, accounts: MockAccountStore) -> AdministrationService {
    AdministrationService {
        registration: Arc::new(MockRegistration::new()),
        accounts: Arc::new(accounts),
        mint: workshop.mint.clone(),
    }
}

#[test]
fn a_change_leaves_an_event_that_names_the_operator() {
    let workshop = Workshop::open();
    for (change, action) in [
        (AccountChange::Verify, AuditAction::EmailVerified),
        (AccountChange::Disable, AuditAction::Disabled),
        (AccountChange::Enable, AuditAction::Enabled),
    ] {
        let found = account(&workshop);
        let mut accounts = MockAccountStore::new();
        accounts
            .expect_find()
            .times(2)
            .returning(move |_| Ok(Some(found.clone())));
        accounts
            .expect_change()
            .times(1)
            .withf(move |whom, _, event| {
                *whom == user()
                    && event.action == action
                    && event.user == Some(user())
                    && event.actor == Actor::Operator
            })
            .returning(|_, _, _| Ok(true));
        assert!(block_on(service(&workshop, accounts).change(&email(), change)).is_ok());
    }
}

#[test]
fn an_unknown_address_is_told_to_the_operator() {
    let workshop = Workshop::open();
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(|_| Ok(None));
    accounts.expect_change().never();
    let service = service(&workshop, accounts);
    assert!(matches!(
        block_on(service.show(&email())),
        Err(AdministrationError::NotFound)
    ));
    assert!(matches!(
        block_on(service.change(&email(), AccountChange::Disable)),
        Err(AdministrationError::NotFound)
    ));
}
