//! What is written to whom when a policy changes.

use rookery_domain::Timestamp;

use super::PolicyService;
use crate::ports::{Addressee, OutgoingMail, PolicyAudience, PortError, Recipient};
use crate::{Letter, PolicyTerm};

/// What there is to tell.
pub(super) struct Told<'a> {
    /// What the tenant is called.
    pub(super) tenant: &'a str,
    /// The address of whoever changed it.
    pub(super) by: &'a str,
    /// What is asked from now on that was not before.
    pub(super) terms: Vec<PolicyTerm>,
    /// Whether a second factor is asked for that was not before.
    pub(super) begins_to_ask: bool,
    /// When.
    pub(super) at: Timestamp,
}

impl PolicyService {
    /// The owners are told what changed, and who has no second factor by when they need one.
    pub(super) fn mails(&self, told: &Told<'_>, audience: &PolicyAudience) -> Result<Vec<OutgoingMail>, PortError> {
        let home = self.post_room.links().home();
        let to_owners = audience.owners.iter().map(|owner| {
            let letter = Letter::PolicyChanged {
                name: owner.name.clone(),
                at: told.at,
                tenant: told.tenant.to_owned(),
                by: told.by.to_owned(),
                terms: told.terms.clone(),
                home: home.clone(),
            };
            self.written(&letter, owner, told.at)
        });
        let concerned = audience.without_second_factor.iter();
        let to_members = concerned.filter(|_| told.begins_to_ask).map(|member| {
            let letter = Letter::SecondFactorRequired {
                name: member.name.clone(),
                tenant: told.tenant.to_owned(),
                due: told.at + self.grace,
                home: home.clone(),
            };
            self.written(&letter, member, told.at)
        });
        to_owners.chain(to_members).collect()
    }

    fn written(&self, letter: &Letter, to: &Recipient, at: Timestamp) -> Result<OutgoingMail, PortError> {
        let to = Addressee::Person {
            user: to.user,
            email: to.email.clone(),
            reader: to.reader,
        };
        self.post_room.write(letter, to, at)
    }
}
