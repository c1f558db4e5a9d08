//! A code that stands in for an authenticator app, once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_recovery_codes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) digest: Vec<u8>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) used_at: Option<DateTimeUtc>,
    pub(crate) replaced_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
