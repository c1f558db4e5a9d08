//! Somebody with many sessions, who ends one after the other.

use super::deed::{Deed, Step};
use crate::binary::client::Client;
use crate::binary::person::Person;

const SESSIONS: usize = 10;

pub(super) struct LogOuts {
    person: Person,
    live: Vec<String>,
    ended: Vec<String>,
}

impl LogOuts {
    pub(super) fn new(name: &str) -> Self {
        Self {
            person: Person::new(name),
            live: Vec::new(),
            ended: Vec::new(),
        }
    }
}

impl Deed for LogOuts {
    fn prepare(&mut self, client: &Client) {
        if self.person.cookie.is_empty() {
            self.person = Person::at_home(client, self.person.email.split('@').next().unwrap());
        }
        while self.live.len() < SESSIONS {
            self.person.log_in(client);
            self.live.push(self.person.cookie.clone());
        }
    }

    fn once(&mut self, client: &Client) -> Step {
        let Some(cookie) = self.live.pop() else {
            return Step::Over;
        };
        let (step, _) = Step::of(Person::log_out(client, &cookie), 200);
        if step == Step::Acknowledged {
            self.ended.push(cookie);
        }
        step
    }

    fn check(&mut self, client: &Client) {
        for cookie in &self.ended {
            assert!(!Person::is_in(client, cookie), "a session that was ended lives again");
        }
        for cookie in &self.live {
            assert!(Person::is_in(client, cookie), "a session nobody ended is gone");
        }
    }
}
