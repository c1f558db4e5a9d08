//! A mail on its way.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_outbox")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) kind: String,
    pub(crate) recipient: Option<String>,
    pub(crate) sealed: Option<Vec<u8>>,
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) next_attempt_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) lease_until: Option<DateTimeUtc>,
    pub(crate) sent_at: Option<DateTimeUtc>,
    pub(crate) last_error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
