//! Making copies, decided.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use rookery_domain::{AuditAction, AuditOutcome, Caller, Export, Timestamp};
use tracing::warn;

use super::{EXPORT_PART, ExportMaking, ExportRound, Section, place_of};
use crate::delivery::pause;
use crate::ports::{
    Addressee, Archive, Archivist, ClaimedExport, Cover, DeliveryBell, ExportClaim, ExportHold, ExportPart,
    ExportSettlement, ExportStore, ExportSubject, Leaf, PersonalRecords, PortError, Sealer,
};
use crate::{AuditEvent, Letter, Mint, PostRoom};

/// How long a worker holds a copy without having kept a part of it.
const LEASE: Duration = Duration::minutes(2);
/// How many workers begin a copy before it is given up: with the pauses between them, within minutes.
const ATTEMPTS: u32 = 6;
/// How many records are read at once.
const PAGE: u32 = 200;

/// [`ExportMaking`] on top of the ports.
pub struct ExportMakingService {
    /// Where copies are kept.
    pub exports: Arc<dyn ExportStore>,
    /// Reads what is kept about a person.
    pub records: Arc<dyn PersonalRecords>,
    /// Makes a file of it.
    pub archivist: Arc<dyn Archivist>,
    /// Seals its parts.
    pub sealer: Arc<dyn Sealer>,
    /// Writes the mail that tells of it.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
    /// Tells the time, makes ids and events.
    pub mint: Mint,
}

/// Why a copy was not made.
enum Failure {
    /// Another worker makes it now.
    Lost,
    /// There is nobody to make it for.
    NoSuchPerson,
    /// Something below failed.
    Port(PortError),
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// A copy that was made and is kept.
struct Kept {
    subject: ExportSubject,
    made: Timestamp,
    size: u64,
    parts: u32,
}

#[async_trait]
impl ExportMaking for ExportMakingService {
    async fn make_due(&self) -> Result<ExportRound, PortError> {
        let now = self.mint.now();
        let holder = self.mint.worker_id(now);
        let claim = ExportClaim {
            now,
            lease_until: now + LEASE,
            holder,
        };
        let Some(claimed) = self.exports.claim(&claim).await? else {
            return Ok(ExportRound::Idle);
        };
        let hold = ExportHold {
            export: claimed.id,
            user: claimed.user,
            holder,
        };
        let made = if claimed.attempts > ATTEMPTS {
            Err(Failure::Port(PortError::broken(
                "exports.make",
                "whoever began it before came to no end",
            )))
        } else {
            self.make(&hold).await
        };
        let (settlement, round) = match made {
            Ok(kept) => (self.ready(&claimed, kept)?, ExportRound::Made),
            Err(Failure::Lost) => return Ok(ExportRound::Lost),
            Err(Failure::NoSuchPerson) => self.failed(&claimed, "there is no such person any more".to_owned()),
            Err(Failure::Port(error)) if claimed.attempts >= ATTEMPTS => self.failed(&claimed, error.chain()),
            Err(Failure::Port(error)) => self.postponed(&claimed, error.chain()),
        };
        if !self.exports.settle(&hold, &settlement, &self.mint.now()).await? {
            return Ok(ExportRound::Lost);
        }
        if round == ExportRound::Made {
            self.bell.ring();
        }
        Ok(round)
    }
}

impl ExportMakingService {
    /// Makes the copy file by file, reading page by page, and puts away what is long enough for a part.
    async fn make(&self, hold: &ExportHold) -> Result<Kept, Failure> {
        let subject = self.records.subject(&hold.user).await?;
        let subject = subject.ok_or(Failure::NoSuchPerson)?;
        let cover = Cover {
            user: hold.user,
            subject,
            made: self.mint.now(),
        };
        let mut archive = self.archivist.begin(&cover)?;
        let mut rack = Shelf {
            service: self,
            hold,
            waiting: Vec::new(),
            size: 0,
            parts: 0,
        };
        let tables = Section::ALL.iter().map(|section| Leaf::Table(*section));
        for leaf in [Leaf::Page, Leaf::Data].into_iter().chain(tables) {
            archive.open(leaf)?;
            for section in leaf.sections() {
                archive.begin(*section)?;
                self.tell(hold, *section, archive.as_mut(), &mut rack).await?;
            }
            archive.close()?;
        }
        if let Some(picture) = self.records.picture(&hold.user).await? {
            archive.open(Leaf::Picture)?;
            archive.write(&picture)?;
            archive.close()?;
        }
        rack.put(archive.finish()?).await?;
        rack.put_the_rest().await?;
        Ok(Kept {
            subject: cover.subject,
            made: cover.made,
            size: rack.size,
            parts: rack.parts,
        })
    }

    /// A section from its first record to its last.
    async fn tell(
        &self,
        hold: &ExportHold,
        section: Section,
        archive: &mut dyn Archive,
        rack: &mut Shelf<'_>,
    ) -> Result<(), Failure> {
        let mut behind = None;
        loop {
            let page = self.records.read(&hold.user, section, behind, PAGE).await?;
            archive.add(&page.records)?;
            rack.put(archive.take()).await?;
            behind = page.next;
            if behind.is_none() {
                return Ok(());
            }
        }
    }

    fn ready(&self, claimed: &ClaimedExport, kept: Kept) -> Result<ExportSettlement, PortError> {
        let at = self.mint.now();
        // From when the first of it was read: nothing of it is swept before it expires.
        let expires = kept.made + Export::LIFE;
        let ExportSubject { email, name, reader } = kept.subject;
        let letter = Letter::ExportReady {
            name,
            link: self.post_room.links().privacy_settings(),
            expires,
        };
        let to = Addressee::Person {
            user: claimed.user,
            email,
            reader,
        };
        Ok(ExportSettlement::Ready {
            size: kept.size,
            parts: kept.parts,
            expires,
            mail: Box::new(self.post_room.write(&letter, to, at)?),
            event: Box::new(self.event(claimed, AuditOutcome::Success, at)),
        })
    }

    fn failed(&self, claimed: &ClaimedExport, error: String) -> (ExportSettlement, ExportRound) {
        warn!(export = %claimed.id, attempts = claimed.attempts, error, "a copy of somebody's data will not be made");
        let event = Box::new(self.event(claimed, AuditOutcome::Failure, self.mint.now()));
        (ExportSettlement::Failed { error, event }, ExportRound::Failed)
    }

    fn postponed(&self, claimed: &ClaimedExport, error: String) -> (ExportSettlement, ExportRound) {
        let attempts = claimed.attempts;
        warn!(export = %claimed.id, attempts, error, "a copy of somebody's data could not be made and will be tried again");
        let next_attempt = self.mint.now() + pause(attempts, self.mint.fraction());
        (ExportSettlement::Retry { next_attempt, error }, ExportRound::Postponed)
    }

    fn event(&self, claimed: &ClaimedExport, outcome: AuditOutcome, at: Timestamp) -> AuditEvent {
        AuditEvent {
            user: Some(claimed.user),
            target: Some(format!("export:{}", claimed.id)),
            ..self
                .mint
                .event(at, AuditAction::ExportMade, outcome, &Caller::default())
        }
    }
}

/// Where what is made is put away, part by part.
struct Shelf<'a> {
    service: &'a ExportMakingService,
    hold: &'a ExportHold,
    waiting: Vec<u8>,
    size: u64,
    parts: u32,
}

impl Shelf<'_> {
    async fn put(&mut self, made: Vec<u8>) -> Result<(), Failure> {
        self.waiting.extend(made);
        while self.waiting.len() >= EXPORT_PART {
            let rest = self.waiting.split_off(EXPORT_PART);
            let part = std::mem::replace(&mut self.waiting, rest);
            self.keep(&part).await?;
        }
        Ok(())
    }

    async fn put_the_rest(&mut self) -> Result<(), Failure> {
        let part = std::mem::take(&mut self.waiting);
        if part.is_empty() {
            return Ok(());
        }
        self.keep(&part).await
    }

    async fn keep(&mut self, plain: &[u8]) -> Result<(), Failure> {
        let at = self.service.mint.now();
        let part = ExportPart {
            hold: self.hold.clone(),
            number: self.parts,
            sealed: self
                .service
                .sealer
                .seal(plain, &place_of(self.hold.export, self.parts))?,
            at,
            lease_until: at + LEASE,
        };
        if !self.service.exports.keep(&part).await? {
            return Err(Failure::Lost);
        }
        self.parts += 1;
        self.size += plain.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
