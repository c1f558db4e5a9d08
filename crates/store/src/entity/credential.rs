//! A password at rest.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_credentials")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) user_id: Uuid,
    pub(crate) password_hash: String,
    pub(crate) version: i32,
    pub(crate) changed_at: DateTimeUtc,
    pub(crate) last_used_at: Option<DateTimeUtc>,
    pub(crate) pending_email: Option<String>,
    pub(crate) pending_email_expires_at: Option<DateTimeUtc>,
    pub(crate) pending_email_session: Option<Uuid>,
    pub(crate) second_factor_at: Option<DateTimeUtc>,
    pub(crate) disabled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
