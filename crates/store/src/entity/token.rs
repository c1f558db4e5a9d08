//! A one-time token.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_tokens")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) purpose: String,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) email: Option<String>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) consumed_at: Option<DateTimeUtc>,
    pub(crate) voided_at: Option<DateTimeUtc>,
    pub(crate) code_digest: Option<Vec<u8>>,
    pub(crate) code_attempts: i32,
}

impl ActiveModelBehavior for ActiveModel {}
