//! People who have forgotten their passwords, each with a reset mail and an old session.

use std::sync::Arc;
use std::time::Duration;

use super::deed::{Deed, Step};
use crate::binary::client::Client;
use crate::binary::mail_server::MailServer;
use crate::binary::patience::eventually;
use crate::binary::person::Person;

const PEOPLE: usize = 4;
const DELIVERY: Duration = Duration::from_secs(20);

pub(super) struct Resets {
    name: String,
    post: Arc<MailServer>,
    round: u32,
    people: Vec<Forgetful>,
}

struct Forgetful {
    person: Person,
    token: String,
    reset: Reset,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reset {
    Waiting,
    Acknowledged,
    Unknown,
}

impl Resets {
    pub(super) fn new(name: &str, post: &Arc<MailServer>) -> Self {
        Self {
            name: name.to_owned(),
            post: Arc::clone(post),
            round: 0,
            people: Vec::new(),
        }
    }

    fn new_password(&self) -> String {
        format!("the password after round {}", self.round)
    }
}

impl Deed for Resets {
    fn prepare(&mut self, client: &Client) {
        self.round += 1;
        if self.people.is_empty() {
            self.people = (0..PEOPLE)
                .map(|number| Forgetful {
                    person: Person::at_home(client, &format!("{}.{number}", self.name)),
                    token: String::new(),
                    reset: Reset::Waiting,
                })
                .collect();
        }
        for forgetful in &mut self.people {
            let address = &forgetful.person.email;
            let seen = reset_tokens(&self.post, address).len();
            forgetful.person.forget_password(client).unwrap().expect_status(200);
            forgetful.token = eventually(DELIVERY, "a reset mail", || {
                let tokens = reset_tokens(&self.post, address);
                (tokens.len() > seen).then(|| tokens.last().cloned())?
            });
            forgetful.reset = Reset::Waiting;
        }
    }

    fn once(&mut self, client: &Client) -> Step {
        let password = self.new_password();
        let Some(forgetful) = self.people.iter_mut().find(|someone| someone.reset == Reset::Waiting) else {
            return Step::Over;
        };
        let (step, _) = Step::of(Person::reset_password(client, &forgetful.token, &password), 200);
        forgetful.reset = match step {
            Step::Acknowledged => Reset::Acknowledged,
            _ => Reset::Unknown,
        };
        step
    }

    fn check(&mut self, client: &Client) {
        let new_password = self.new_password();
        for forgetful in &mut self.people {
            let person = &mut forgetful.person;
            let old_session = Person::is_in(client, &person.cookie);
            let old_password = person.gets_in_with(client, &person.password);
            let token_lives = Person::reset_password(client, &forgetful.token, &new_password)
                .unwrap()
                .status
                == 200;
            let before = (true, true, true);
            let after = (false, false, false);
            let there = (old_session, old_password, token_lives);
            match forgetful.reset {
                Reset::Waiting => assert_eq!(there, before),
                Reset::Acknowledged => assert_eq!(there, after),
                Reset::Unknown => assert!(there == before || there == after, "half a reset: {there:?}"),
            }
            person.password.clone_from(&new_password);
            person.log_in(client);
        }
    }

    fn reads_mail(&self) -> bool {
        true
    }
}

/// The reset tokens mailed to somebody, each once, the oldest first.
fn reset_tokens(post: &MailServer, address: &str) -> Vec<String> {
    let mails = post.mails_to(address);
    let links = mails
        .iter()
        .filter(|mail| mail.link().is_some_and(|link| link.contains("/reset-password")));
    let mut tokens: Vec<String> = links.map(|mail| mail.token()).collect();
    tokens.dedup();
    tokens
}
