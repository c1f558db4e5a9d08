//! A decision as it is written down.

use rookery_domain::{
    AuditAction, AuditOutcome, Caller, Consent, ConsentSubject, ConsentVersion, Language, Session, Timestamp,
};
use serde_json::json;

use super::ConsentChoice;
use crate::ports::ConsentRecord;
use crate::{AuditEvent, Mint};

/// Something a signed-in person agrees to or takes back.
pub(crate) fn consent_record(
    mint: &Mint,
    (session, language): (&Session, Language),
    (subject, version, given): (ConsentSubject, ConsentVersion, bool),
    caller: &Caller,
    at: Timestamp,
) -> ConsentRecord {
    let action = if given {
        AuditAction::ConsentGiven
    } else {
        AuditAction::ConsentWithdrawn
    };
    let event = AuditEvent {
        user: Some(session.user),
        tenant: session.tenant.as_ref().map(|tenant| tenant.id),
        session: Some(session.id),
        detail: Some(json!({ "subject": subject.as_str(), "version": version.as_str() })),
        ..mint.event(at, action, AuditOutcome::Success, caller)
    };
    let consent = Consent {
        id: mint.consent_id(at),
        subject,
        version,
        given,
        channel: caller.channel,
        language,
        at,
    };
    ConsentRecord { consent, event }
}

/// What somebody agrees to who signs up. Not wanting marketing is what everybody begins with, and no decision.
pub(crate) fn sign_up_consents(
    mint: &Mint,
    choice: &ConsentChoice,
    language: Language,
    caller: &Caller,
    at: Timestamp,
) -> Vec<Consent> {
    let documents = choice.accepted.iter().cloned();
    let marketing = (choice.marketing == Some(true)).then(|| (ConsentSubject::Marketing, ConsentVersion::marketing()));
    documents
        .chain(marketing)
        .map(|(subject, version)| Consent {
            id: mint.consent_id(at),
            subject,
            version,
            given: true,
            channel: caller.channel,
            language,
            at,
        })
        .collect()
}
