//! A sign-in on one device.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_sessions")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) tenant_id: Option<Uuid>,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) remember: bool,
    pub(crate) methods: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) authenticated_at: DateTimeUtc,
    pub(crate) last_seen_at: DateTimeUtc,
    pub(crate) idle_seconds: i32,
    pub(crate) idle_expires_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) address: Option<String>,
    pub(crate) user_agent: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
