//! What an erasure is, decided: for the service when it is time, and for operators at once.

use rookery_domain::{Actor, AuditAction, AuditOutcome, Caller, Timestamp};
use serde_json::json;

use crate::ports::{Addressee, Erasure, ErasureBasis, ErasureSubject, OutgoingMail, PortError};
use crate::throttling::Subject;
use crate::{AuditEvent, Letter, Mint, PostRoom, Throttle};

/// What it is decided with.
pub(crate) struct ErasureDecision<'a> {
    pub(crate) mint: &'a Mint,
    pub(crate) throttle: &'a Throttle,
    pub(crate) post_room: &'a PostRoom,
}

impl ErasureDecision<'_> {
    pub(crate) fn decide(
        &self,
        subject: &ErasureSubject,
        basis: ErasureBasis,
        caller: &Caller,
    ) -> Result<Erasure, PortError> {
        let at = self.mint.now();
        // Whichever door an operator comes through.
        let by = match basis {
            ErasureBasis::Operator | ErasureBasis::Replayed => Actor::Operator,
            ErasureBasis::Asked | ErasureBasis::Unverified { .. } => Actor::Service,
        };
        let event = AuditEvent {
            actor: by,
            user: Some(subject.user),
            detail: Some(json!({ "basis": basis.as_str() })),
            ..self.mint.event(at, AuditAction::Erased, AuditOutcome::Success, caller)
        };
        Ok(Erasure {
            id: self.mint.erasure_id(at),
            user: subject.user,
            basis,
            by,
            counted_as: vec![
                self.throttle.name_of(&Subject::User(subject.user)),
                self.throttle.name_of(&Subject::mailbox(&subject.email)),
            ],
            mail: self.farewell(subject, basis, at)?,
            event,
            at,
        })
    }

    /// The last mail. Nobody is told of an account they may never have known of, nor twice of the same.
    fn farewell(
        &self,
        subject: &ErasureSubject,
        basis: ErasureBasis,
        at: Timestamp,
    ) -> Result<Option<OutgoingMail>, PortError> {
        match basis {
            ErasureBasis::Unverified { .. } | ErasureBasis::Replayed => Ok(None),
            ErasureBasis::Asked | ErasureBasis::Operator => {
                let letter = Letter::AccountErased {
                    name: subject.name.clone(),
                    at,
                    home: self.post_room.links().home(),
                };
                let to = Addressee::Person {
                    user: subject.user,
                    email: subject.email.clone(),
                    reader: subject.reader,
                };
                self.post_room.write(&letter, to, at).map(Some)
            }
        }
    }
}
