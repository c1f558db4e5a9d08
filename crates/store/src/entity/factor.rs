//! An authenticator app.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_factors")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) kind: String,
    pub(crate) sealed_secret: Vec<u8>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) confirmed_at: Option<DateTimeUtc>,
    pub(crate) removed_at: Option<DateTimeUtc>,
    pub(crate) last_step: Option<i64>,
    pub(crate) last_used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
