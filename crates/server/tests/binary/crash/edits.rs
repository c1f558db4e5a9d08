//! Somebody who edits name and preferences together, so that one tells what the other must be.

use serde_json::{Value, json};

use super::deed::{Deed, Step};
use crate::binary::client::Client;
use crate::binary::person::Person;

const THEMES: [&str; 3] = ["light", "dark", "system"];
const ZONES: [&str; 5] = ["UTC", "Europe/London", "Asia/Tokyo", "Africa/Cairo", "America/Lima"];

pub(super) struct Edits {
    person: Person,
    acknowledged: usize,
    attempted: usize,
}

impl Edits {
    pub(super) fn new(name: &str) -> Self {
        Self {
            person: Person::new(name),
            acknowledged: 0,
            attempted: 0,
        }
    }
}

/// The n-th edit: a name in one table, preferences in another.
fn edit(number: usize) -> Value {
    json!({
        "name": format!("Edition {number}"),
        "familyName": format!("Volume {number}"),
        "theme": THEMES[number % THEMES.len()],
        "timezone": ZONES[number % ZONES.len()],
        "weeklyReports": number.is_multiple_of(2),
    })
}

impl Deed for Edits {
    fn prepare(&mut self, client: &Client) {
        if self.attempted == 0 {
            self.person = Person::at_home(client, self.person.email.split('@').next().unwrap());
            client
                .patch("/api/users/me", &edit(0))
                .cookie(&self.person.cookie)
                .send()
                .expect_status(200);
        }
    }

    fn once(&mut self, client: &Client) -> Step {
        self.attempted += 1;
        let call = client
            .patch("/api/users/me", &edit(self.attempted))
            .cookie(&self.person.cookie);
        let (step, _) = Step::of(call.attempt(), 200);
        if step == Step::Acknowledged {
            self.acknowledged = self.attempted;
        }
        step
    }

    fn check(&mut self, client: &Client) {
        let me = self.person.me(client);
        let number: usize = me["name"]
            .as_str()
            .unwrap()
            .strip_prefix("Edition ")
            .unwrap()
            .parse()
            .unwrap();
        assert!(
            number >= self.acknowledged,
            "edit {} was acknowledged, {number} is there",
            self.acknowledged
        );
        assert!(number <= self.attempted);
        let expected = edit(number);
        let there = json!({
            "name": me["name"],
            "familyName": me["familyName"],
            "theme": me["preferences"]["theme"],
            "timezone": me["preferences"]["timezone"],
            "weeklyReports": me["preferences"]["weeklyReports"],
        });
        assert_eq!(there, expected, "a torn edit");
        self.acknowledged = number;
    }
}
