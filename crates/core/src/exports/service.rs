//! Asking for copies and fetching them, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, Caller, Export, ExportId, ExportState, ExportStatus, Timestamp};

use super::{ExportError, Exports, OpenedExport, place_of};
use crate::ports::{AuditLog, DeliveryBell, ExportRequest, ExportRequested, ExportStore, PortError, Sealer, SignedIn};
use crate::{AuditEvent, Limit, Mint, Subject, Throttle, require_fresh};

/// [`Exports`] on top of the ports.
pub struct ExportService {
    /// Where copies are kept.
    pub exports: Arc<dyn ExportStore>,
    /// Opens their parts.
    pub sealer: Arc<dyn Sealer>,
    /// Where it is written down that one was fetched.
    pub audit: Arc<dyn AuditLog>,
    /// Counts requests.
    pub throttle: Throttle,
    /// Wakes whoever makes them.
    pub bell: Arc<dyn DeliveryBell>,
    /// Tells the time, makes ids and events.
    pub mint: Mint,
}

#[async_trait]
impl Exports for ExportService {
    async fn request(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Export, ExportError> {
        let at = self.mint.now();
        require_fresh(&signed_in.session, at)?;
        let user = signed_in.session.user;
        let known = self.exports.of_person(&user).await?;
        if let Some(waiting) = known.into_iter().find(|export| export.state == ExportState::Pending) {
            return Ok(waiting);
        }
        let subject = Subject::User(user);
        self.throttle.take(Limit::ExportUser, &subject).await?;
        let id = self.mint.export_id(at);
        let request = ExportRequest {
            id,
            user,
            event: self.event(signed_in, (AuditAction::ExportRequested, id), caller, at),
            at,
        };
        match self.exports.request(&request).await? {
            ExportRequested::Accepted(export) => {
                self.bell.ring();
                Ok(export)
            }
            ExportRequested::Waiting(export) => {
                self.throttle.give_back(Limit::ExportUser, &subject).await?;
                Ok(export)
            }
            ExportRequested::NoSuchPerson => Err(ExportError::NotSignedIn),
        }
    }

    async fn list(&self, signed_in: &SignedIn) -> Result<Vec<Export>, PortError> {
        self.exports.of_person(&signed_in.session.user).await
    }

    async fn find(&self, signed_in: &SignedIn, export: &ExportId) -> Result<Export, ExportError> {
        let found = self.exports.find(&signed_in.session.user, export).await?;
        found.ok_or(ExportError::NotFound)
    }

    async fn open(
        &self,
        signed_in: &SignedIn,
        export: &ExportId,
        caller: &Caller,
    ) -> Result<OpenedExport, ExportError> {
        let at = self.mint.now();
        require_fresh(&signed_in.session, at)?;
        let found = self.find(signed_in, export).await?;
        let (ExportStatus::Ready, ExportState::Ready { size, parts, .. }) = (found.status(at), found.state) else {
            return Err(ExportError::NotFound);
        };
        let event = self.event(signed_in, (AuditAction::ExportFetched, found.id), caller, at);
        self.audit.record(&event).await?;
        Ok(OpenedExport {
            id: found.id,
            size,
            parts,
        })
    }

    async fn part(&self, signed_in: &SignedIn, opened: &OpenedExport, number: u32) -> Result<Vec<u8>, ExportError> {
        let kept = self.exports.part(&signed_in.session.user, &opened.id, number).await?;
        let sealed = kept.ok_or(ExportError::NotFound)?;
        Ok(self.sealer.open(&sealed, &place_of(opened.id, number))?)
    }
}

impl ExportService {
    /// Something done with a copy, from this session.
    fn event(
        &self,
        signed_in: &SignedIn,
        (action, export): (AuditAction, ExportId),
        caller: &Caller,
        at: Timestamp,
    ) -> AuditEvent {
        let session = &signed_in.session;
        AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            target: Some(format!("export:{export}")),
            ..self.mint.event(at, action, AuditOutcome::Success, caller)
        }
    }
}

#[cfg(test)]
mod tests;
