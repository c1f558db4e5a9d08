//! People who sign up, each with a company.

use std::sync::Arc;

use serde_json::json;

use super::deed::{Deed, Step};
use crate::binary::client::Client;
use crate::binary::mail_server::MailServer;
use crate::binary::person::Person;

pub(super) struct SignUps {
    name: String,
    count: u32,
    acknowledged: Vec<Person>,
    unknown: Vec<Person>,
    post: Option<Arc<MailServer>>,
}

impl SignUps {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            count: 0,
            acknowledged: Vec::new(),
            unknown: Vec::new(),
            post: None,
        }
    }

    /// Their mails go to this server, and are looked at.
    pub(super) fn with_mail(name: &str, post: &Arc<MailServer>) -> Self {
        Self {
            post: Some(Arc::clone(post)),
            ..Self::new(name)
        }
    }

    /// The account is there with all that belongs to it.
    fn assert_complete(&self, client: &Client, person: &mut Person) {
        person.log_in(client);
        let me = person.me(client);
        assert_eq!(me["name"], json!("Ada Lovelace"));
        assert_eq!(me["roles"], json!(["owner"]), "{me}");
        assert!(me["tenantId"].is_string(), "{me}");
        assert_eq!(me["preferences"]["theme"], json!("system"));
        let Some(post) = &self.post else { return };
        let mails = post.mails_to(&person.email);
        let first = mails.first().unwrap_or_else(|| panic!("no mail to {}", person.email));
        assert!(mails.len() <= 2, "{} copies to {}", mails.len(), person.email);
        assert!(
            mails
                .iter()
                .all(|mail| mail.id() == first.id() && mail.token() == first.token())
        );
        let body = json!({ "token": first.token() });
        client.post("/api/auth/verify-email", &body).send().expect_status(200);
    }
}

impl Deed for SignUps {
    fn prepare(&mut self, _: &Client) {}

    fn once(&mut self, client: &Client) -> Step {
        self.count += 1;
        let person = Person::new(&format!("{}.{}", self.name, self.count));
        let (step, _) = Step::of(person.sign_up(client), 201);
        match step {
            Step::Acknowledged => self.acknowledged.push(person),
            _ => self.unknown.push(person),
        }
        step
    }

    fn check(&mut self, client: &Client) {
        for mut person in std::mem::take(&mut self.acknowledged) {
            self.assert_complete(client, &mut person);
        }
        for mut person in std::mem::take(&mut self.unknown) {
            if person.gets_in_with(client, &person.password) {
                self.assert_complete(client, &mut person);
            } else {
                person.sign_up(client).unwrap().expect_status(201);
            }
        }
    }

    fn reads_mail(&self) -> bool {
        self.post.is_some()
    }
}
