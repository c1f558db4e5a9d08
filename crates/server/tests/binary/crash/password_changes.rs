//! Somebody who changes their password again and again.

use super::deed::{Deed, Step};
use crate::binary::client::Client;
use crate::binary::person::Person;

pub(super) struct PasswordChanges {
    person: Person,
    count: u32,
    /// The password before the one that holds for certain.
    before: Option<String>,
    /// The one that was asked for and not acknowledged.
    unknown: Option<String>,
}

impl PasswordChanges {
    pub(super) fn new(name: &str) -> Self {
        Self {
            person: Person::new(name),
            count: 0,
            before: None,
            unknown: None,
        }
    }
}

impl Deed for PasswordChanges {
    fn prepare(&mut self, client: &Client) {
        if self.person.cookie.is_empty() {
            self.person = Person::at_home(client, self.person.email.split('@').next().unwrap());
        }
    }

    fn once(&mut self, client: &Client) -> Step {
        if self.unknown.is_some() {
            // Whether the session goes on under this token or another is not known either.
            return Step::Over;
        }
        self.count += 1;
        let next = format!("password number {} of many", self.count);
        let (step, answer) = Step::of(self.person.change_password(client, &next), 200);
        match answer {
            Some(answer) => {
                self.person.cookie = answer.cookie().unwrap();
                self.before = Some(std::mem::replace(&mut self.person.password, next));
            }
            None => self.unknown = Some(next),
        }
        step
    }

    fn check(&mut self, client: &Client) {
        let acknowledged = self.person.gets_in_with(client, &self.person.password);
        // The session's token and the password change together.
        assert_eq!(Person::is_in(client, &self.person.cookie), acknowledged);
        if let Some(before) = self.before.take() {
            assert!(
                !self.person.gets_in_with(client, &before),
                "an older password is right again"
            );
        }
        match self.unknown.take() {
            None => assert!(acknowledged, "the acknowledged password is wrong"),
            Some(unknown) => {
                let changed = self.person.gets_in_with(client, &unknown);
                assert_ne!(acknowledged, changed, "exactly one password is right");
                if changed {
                    self.person.password = unknown;
                }
            }
        }
        self.person.log_in(client);
    }
}
