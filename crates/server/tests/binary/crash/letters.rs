//! Somebody who asks for a reset mail again and again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::deed::{Deed, Step};
use crate::binary::client::Client;
use crate::binary::mail::Mail;
use crate::binary::mail_server::MailServer;
use crate::binary::person::Person;

const PAUSE: Duration = Duration::from_millis(15);

pub(super) struct Letters {
    person: Person,
    post: Arc<MailServer>,
    acknowledged: usize,
    attempted: usize,
    /// Mails that have been looked at.
    seen: usize,
}

impl Letters {
    pub(super) fn new(name: &str, post: &Arc<MailServer>) -> Self {
        Self {
            person: Person::new(name),
            post: Arc::clone(post),
            acknowledged: 0,
            attempted: 0,
            seen: 0,
        }
    }

    /// The reset mails by their `Message-ID`, the oldest first: the copies of each.
    fn mails(&self) -> BTreeMap<String, Vec<Mail>> {
        let mut mails: BTreeMap<String, Vec<Mail>> = BTreeMap::new();
        for mail in self.post.mails_to(&self.person.email) {
            if mail.link().is_some_and(|link| link.contains("/reset-password")) {
                mails.entry(mail.id()).or_default().push(mail);
            }
        }
        mails
    }
}

impl Deed for Letters {
    fn prepare(&mut self, client: &Client) {
        if self.attempted == 0 {
            self.person.sign_up(client).unwrap().expect_status(201);
        }
    }

    fn once(&mut self, client: &Client) -> Step {
        // Mails are written faster than they are delivered, and the test has to wait for all of them.
        std::thread::sleep(PAUSE);
        self.attempted += 1;
        let (step, _) = Step::of(self.person.forget_password(client), 200);
        self.acknowledged += usize::from(step == Step::Acknowledged);
        step
    }

    fn check(&mut self, client: &Client) {
        let mails = self.mails();
        assert!(
            mails.len() >= self.acknowledged,
            "{} of {} acknowledged mails",
            mails.len(),
            self.acknowledged
        );
        assert!(mails.len() <= self.attempted);
        for (id, copies) in &mails {
            assert!(copies.len() <= 2, "{} copies of {id}", copies.len());
            assert!(
                copies.iter().all(|copy| copy.token() == copies[0].token()),
                "the copies of {id} differ"
            );
        }
        // The next round counts from what there is.
        (self.acknowledged, self.attempted) = (mails.len(), mails.len());
        let tokens: Vec<String> = mails.values().map(|copies| copies[0].token()).collect();
        let news = tokens.len() > std::mem::replace(&mut self.seen, tokens.len());
        if let (true, [.., older, newest]) = (news, tokens.as_slice()) {
            let password = format!("the password after {} letters", tokens.len());
            let reset = |token: &str| Person::reset_password(client, token, &password).unwrap();
            reset(older).expect_status(400);
            reset(newest).expect_status(200);
            assert!(self.person.gets_in_with(client, &password));
        }
    }

    fn reads_mail(&self) -> bool {
        true
    }
}
