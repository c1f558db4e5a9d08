//! The promises of [`AddressStore`](rookery_core::ports::AddressStore): ATTACKS A05, A10, A12.

mod asking;
mod confirming;
mod giving_up;

pub use asking::*;
pub use confirming::*;
pub use giving_up::*;

use rookery_core::domain::EmailAddress;
use rookery_core::ports::{EmailChangeOutcome, EmailChangeRequest, EmailChangeRequestOutcome};

use super::draft::address;
use super::{OpenSession, Person, World};

impl World {
    /// Writes the wish down.
    pub(super) async fn wished(&self, person: &Person, session: &OpenSession, to: &str) -> EmailChangeRequest {
        let request = self.email_change_request(person, session, to);
        let outcome = self.stores.addresses.request(&request).await.unwrap();
        assert_eq!(outcome, EmailChangeRequestOutcome::Pending);
        request
    }

    /// Wishes for another address and confirms it. Answers who the person is then.
    pub(super) async fn moved(&self, person: &Person, session: &OpenSession, to: &str, version: i32) -> Person {
        let request = EmailChangeRequest {
            credential_version: version,
            ..self.email_change_request(person, session, to)
        };
        let outcome = self.stores.addresses.request(&request).await.unwrap();
        assert_eq!(outcome, EmailChangeRequestOutcome::Pending);
        let outcome = self.confirmed(person, &request).await;
        assert_eq!(outcome, EmailChangeOutcome::Changed);
        Person {
            user: person.user,
            email: request.to,
        }
    }

    async fn confirmed(&self, person: &Person, request: &EmailChangeRequest) -> EmailChangeOutcome {
        let change = self.email_change(person, request);
        self.stores.addresses.confirm(&change).await.unwrap()
    }

    async fn is_taken(&self, email: &str, by_somebody_else_than: &Person) -> bool {
        self.stores
            .addresses
            .is_taken(&address(email), &by_somebody_else_than.user, &self.now())
            .await
            .unwrap()
    }

    /// Who signs in with this address.
    pub(super) async fn owner_of(&self, email: &EmailAddress) -> Option<rookery_core::domain::UserId> {
        let found = self.stores.credentials.by_email(email).await.unwrap();
        found.map(|credential| credential.user)
    }
}
