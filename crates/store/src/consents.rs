//! What people agreed to, in `rookery_consents`.

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{ConsentDecision, ConsentRecord, ConsentStore};
use rookery_domain::{Channel, Consent, ConsentId, ConsentSubject, Preferences, Timestamp, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::{consent, preferences};
use crate::error::Failure;
use crate::row::to_micros;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, people, profiles};

/// [`ConsentStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlConsentStore(Database);

impl SqlConsentStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ConsentStore for SqlConsentStore {
    async fn decide(&self, decision: &ConsentDecision) -> Result<bool, PortError> {
        self.0
            .atomically("consents.decide", Scope::User(decision.user), |conn| async move {
                let conn = &*conn;
                decide(conn, decision).await
            })
            .await
    }

    async fn latest(&self, user: &UserId) -> Result<Vec<Consent>, PortError> {
        let user = *user;
        self.0
            .reading("consents.latest", Scope::User(user), |conn| async move {
                let conn = &*conn;
                let mut all = Vec::new();
                for subject in ConsentSubject::ALL {
                    all.extend(latest(conn, user, subject).await?);
                }
                Ok(all)
            })
            .await
    }

    async fn history(&self, user: &UserId, limit: u32) -> Result<Vec<Consent>, PortError> {
        let user = *user;
        self.0
            .reading("consents.history", Scope::User(user), |conn| async move {
                let rows = of(user).limit(u64::from(limit)).all(&*conn).await?;
                rows.iter().map(parse).collect()
            })
            .await
    }
}

/// Those of a person, the newest first.
fn of(user: UserId) -> sea_orm::Select<consent::Entity> {
    consent::Entity::find()
        .filter(consent::COLUMN.user_id.eq(user.as_uuid()))
        .order_by_desc(consent::Column::DecidedAt)
        .order_by_desc(consent::Column::Id)
}

async fn latest(
    conn: &impl ConnectionTrait,
    user: UserId,
    subject: ConsentSubject,
) -> Result<Option<Consent>, Failure> {
    let row = of(user)
        .filter(consent::Column::Subject.eq(subject.as_str()))
        .one(conn)
        .await?;
    row.as_ref().map(parse).transpose()
}

/// The person's row is locked first, so that of two who decide the same at once one has it written down.
async fn decide(conn: &impl ConnectionTrait, decision: &ConsentDecision) -> Result<Ending<bool>, Failure> {
    if !people::lock(conn, decision.user).await? {
        return Ok(Ending::RollBack(false));
    }
    for record in &decision.records {
        if record.consent.subject == ConsentSubject::Marketing {
            let wanted = record.consent.given;
            if note_marketing(conn, decision.user, record).await? {
                people::mark_updated(conn, decision.user, decision.at).await?;
                profiles::want_marketing(conn, decision.user, (&decision.defaults, wanted), decision.at).await?;
            }
        } else {
            accept(conn, decision.user, record).await?;
        }
    }
    Ok(Ending::Commit(true))
}

/// Writes down that a document was agreed to, unless it was in just this version.
async fn accept(conn: &impl ConnectionTrait, user: UserId, record: &ConsentRecord) -> Result<(), Failure> {
    let wanted = &record.consent;
    let known = latest(conn, user, wanted.subject).await?;
    if known.is_some_and(|known| (known.given, &known.version) == (wanted.given, &wanted.version)) {
        return Ok(());
    }
    write(conn, user, record).await
}

/// Writes down that somebody comes to want marketing, or not any more, and says whether they do. To be asked of a locked person
/// before their preference changes.
pub(crate) async fn note_marketing(
    conn: &impl ConnectionTrait,
    user: UserId,
    record: &ConsentRecord,
) -> Result<bool, Failure> {
    let row = preferences::Entity::find()
        .filter(preferences::COLUMN.user_id.eq(user.as_uuid()))
        .one(conn)
        .await?;
    let before = row
        .and_then(|row| row.marketing_emails)
        .unwrap_or(Preferences::default().marketing_emails);
    if before == record.consent.given {
        return Ok(false);
    }
    write(conn, user, record).await?;
    Ok(true)
}

async fn write(conn: &impl ConnectionTrait, user: UserId, record: &ConsentRecord) -> Result<(), Failure> {
    insert(conn, user, &record.consent).await?;
    audit_log::append(conn, &record.event).await
}

/// Writes a decision down.
pub(crate) async fn insert(conn: &impl ConnectionTrait, user: UserId, consent: &Consent) -> Result<(), Failure> {
    let row = consent::ActiveModel {
        id: Set(consent.id.as_uuid()),
        user_id: Set(user.as_uuid()),
        subject: Set(consent.subject.as_str().to_owned()),
        version: Set(consent.version.as_str().to_owned()),
        given: Set(consent.given),
        channel: Set(consent.channel.as_str().to_owned()),
        language: Set(consent.language.as_str().to_owned()),
        decided_at: Set(consent.at),
    };
    consent::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

fn parse(row: &consent::Model) -> Result<Consent, Failure> {
    let nonsense = |column, word: &str| Failure::nonsense(column, format!("no such word: {word:?}"));
    let at: Timestamp = to_micros(row.decided_at);
    Ok(Consent {
        id: ConsentId::from_uuid(row.id),
        subject: ConsentSubject::from_word(&row.subject)
            .ok_or_else(|| nonsense("rookery_consents.subject", &row.subject))?,
        version: row
            .version
            .parse()
            .map_err(|error| Failure::nonsense("rookery_consents.version", Box::new(error)))?,
        given: row.given,
        channel: Channel::from_word(&row.channel).ok_or_else(|| nonsense("rookery_consents.channel", &row.channel))?,
        language: row
            .language
            .parse()
            .map_err(|error| Failure::nonsense("rookery_consents.language", Box::new(error)))?,
        at,
    })
}
