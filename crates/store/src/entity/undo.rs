//! A change that can be undone.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_undos")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) ordinal: i32,
    pub(crate) kind: String,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) email: String,
    pub(crate) address: String,
    pub(crate) email_verified: Option<DateTimeUtc>,
    pub(crate) factors: String,
    pub(crate) recovery_codes_of: Option<DateTimeUtc>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) used_at: Option<DateTimeUtc>,
    pub(crate) voided_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
