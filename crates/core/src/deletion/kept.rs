//! An account is kept after all: by the mailed link, or because somebody signed in to it.

use rookery_domain::{AuditAction, AuditOutcome, Caller, TenantId, Timestamp, UserId};

use crate::ports::{Addressee, Keeping, PendingDeletion, PortError, TenantTurn};
use crate::{AuditEvent, Letter, Mint, PostRoom};

/// What deciding it needs.
#[derive(Clone, Copy)]
pub(crate) struct Kept<'a> {
    pub(crate) mint: &'a Mint,
    pub(crate) post_room: &'a PostRoom,
    pub(crate) caller: &'a Caller,
    pub(crate) at: Timestamp,
}

impl Kept<'_> {
    pub(crate) fn decide(
        self,
        deletion: &PendingDeletion,
        user: UserId,
        to: Addressee,
        name: Option<String>,
    ) -> Result<Keeping, PortError> {
        let letter = Letter::AccountKept {
            name,
            at: self.at,
            home: self.post_room.links().home(),
        };
        let turn = |tenant: &TenantId| {
            turn(
                self.mint,
                AuditAction::TenantReopened,
                (user, *tenant),
                self.caller,
                self.at,
            )
        };
        Ok(Keeping {
            user,
            reopening: deletion.closed.iter().map(turn).collect(),
            mail: self.post_room.write(&letter, to, self.at)?,
            event: AuditEvent {
                user: Some(user),
                ..self.mint.event(
                    self.at,
                    AuditAction::DeletionCancelled,
                    AuditOutcome::Success,
                    self.caller,
                )
            },
            at: self.at,
        })
    }
}

/// A tenant is closed with the account of its only member, or opened again.
pub(super) fn turn(
    mint: &Mint,
    action: AuditAction,
    (user, tenant): (UserId, TenantId),
    caller: &Caller,
    at: Timestamp,
) -> TenantTurn {
    let event = AuditEvent {
        user: Some(user),
        tenant: Some(tenant),
        target: Some(format!("tenant:{tenant}")),
        ..mint.event(at, action, AuditOutcome::Success, caller)
    };
    TenantTurn { tenant, event }
}
