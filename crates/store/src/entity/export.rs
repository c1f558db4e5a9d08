//! A copy of everything that is kept about a person.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_exports")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) state: String,
    pub(crate) requested_at: DateTimeUtc,
    pub(crate) attempts: i32,
    pub(crate) next_attempt_at: DateTimeUtc,
    pub(crate) lease_until: Option<DateTimeUtc>,
    pub(crate) lease_holder: Option<Uuid>,
    pub(crate) settled_at: Option<DateTimeUtc>,
    pub(crate) expires_at: Option<DateTimeUtc>,
    pub(crate) size: Option<i64>,
    pub(crate) parts: Option<i32>,
    pub(crate) last_error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
