//! Everything that is kept about one person, section by section.
//!
//! Each section is one statement: the moment and the name by which its records are ordered, then its columns in the order of
//! [`Section::columns`]. It is read in the person's own scope, so that on PostgreSQL row-level security shows nobody else's row,
//! whatever a statement forgets.

mod statements;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, NaiveTime};
use rookery_core::ports::{Datum, ExportSubject, PersonalRecord, PersonalRecords, RecordPage, RecordPosition};
use rookery_core::{Kind, PortError, Section};
use rookery_domain::{Timestamp, UserId};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use uuid::Uuid;

use crate::entity::picture;
use crate::error::Failure;
use crate::row::{Columns, to_micros};
use crate::transaction::Scope;
use crate::{Database, people};

pub(crate) use statements::{MEMBERSHIPS_POSTGRES, MEMBERSHIPS_SQLITE};

const SUBJECT: &str = "SELECT u.email, u.name, p.language, p.timezone FROM users u \
     LEFT JOIN user_preferences p ON p.user_id = u.id WHERE u.id = $1 AND u.deleted IS NULL";

/// [`PersonalRecords`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlPersonalRecords(Database);

impl SqlPersonalRecords {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl PersonalRecords for SqlPersonalRecords {
    async fn subject(&self, user: &UserId) -> Result<Option<ExportSubject>, PortError> {
        let user = *user;
        self.0
            .reading("records.subject", Scope::User(user), |conn| async move {
                let backend = conn.get_database_backend();
                let statement = Statement::from_sql_and_values(backend, SUBJECT, [user.as_uuid().into()]);
                let row = conn.query_one_raw(statement).await?;
                row.map(|row| {
                    let mut columns = Columns::of(&row);
                    Ok(ExportSubject {
                        email: columns.email("users.email")?,
                        name: columns.take("users.name")?,
                        reader: columns.reader()?,
                    })
                })
                .transpose()
            })
            .await
    }

    async fn read(
        &self,
        user: &UserId,
        section: Section,
        behind: Option<RecordPosition>,
        limit: u32,
    ) -> Result<RecordPage, PortError> {
        let user = *user;
        let place = behind.unwrap_or_else(before_everything);
        self.0
            .reading("records.read", Scope::User(user), |conn| async move {
                // Of somebody whose account has ended meanwhile nothing is told any more.
                if conn.query_one(&people::living(user)).await?.is_none() {
                    return Ok(RecordPage::default());
                }
                let values: [sea_orm::Value; 4] = [
                    user.as_uuid().into(),
                    place.at.into(),
                    place.id.into(),
                    i64::from(limit).into(),
                ];
                let sql = statements::of(section, self.0.dialect());
                let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
                let rows = conn.query_all_raw(statement).await?;
                let mut page = RecordPage::default();
                let mut last = None;
                for row in &rows {
                    let mut columns = Columns::of(row);
                    last = Some(RecordPosition {
                        at: take_place(&mut columns)?,
                        id: columns.take(section.as_str())?,
                    });
                    page.records.push(record(section, &mut columns)?);
                }
                page.next = last.filter(|_| rows.len() == limit as usize);
                Ok(page)
            })
            .await
    }

    async fn picture(&self, user: &UserId) -> Result<Option<Vec<u8>>, PortError> {
        let user = *user;
        self.0
            .reading("records.picture", Scope::User(user), |conn| async move {
                let row = picture::Entity::find_by_id(user.as_uuid()).one(&*conn).await?;
                Ok(row.map(|row| row.content))
            })
            .await
    }
}

/// The place no record stands before.
fn before_everything() -> RecordPosition {
    let beginning = NaiveDate::from_ymd_opt(1, 1, 1).map(|day| day.and_time(NaiveTime::MIN).and_utc());
    RecordPosition {
        at: beginning.unwrap_or(DateTime::UNIX_EPOCH),
        id: Uuid::nil(),
    }
}

/// To the digit, for the next page begins there, and another program may have written more of them than we keep.
fn take_place(columns: &mut Columns<'_>) -> Result<Timestamp, Failure> {
    columns.take("position")
}

fn record(section: Section, columns: &mut Columns<'_>) -> Result<PersonalRecord, Failure> {
    let cells = section.columns().iter();
    cells.map(|column| datum(column.kind, column.name, columns)).collect()
}

fn datum(kind: Kind, name: &'static str, columns: &mut Columns<'_>) -> Result<Datum, Failure> {
    Ok(match kind {
        Kind::Text => columns.take::<Option<String>>(name)?.map(Datum::Text),
        Kind::Id => columns.take::<Option<Uuid>>(name)?.map(Datum::Id),
        Kind::Moment => columns
            .take::<Option<Timestamp>>(name)?
            .map(|at| Datum::Moment(to_micros(at))),
        Kind::Flag => columns.take::<Option<bool>>(name)?.map(Datum::Flag),
        Kind::Count => columns.take::<Option<i64>>(name)?.map(Datum::Count),
        Kind::Texts => columns
            .take::<Option<String>>(name)?
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|error| Failure::nonsense(name, error))?
            .map(Datum::Texts),
    }
    .unwrap_or(Datum::Nothing))
}
