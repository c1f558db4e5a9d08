//! An account event on its way to one receiver.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_webhook_messages")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) webhook_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) event_id: Uuid,
    pub(crate) event: String,
    pub(crate) occurred_at: DateTimeUtc,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) tenant_id: Option<Uuid>,
    pub(crate) session_id: Option<Uuid>,
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) next_attempt_at: DateTimeUtc,
    pub(crate) lease_until: Option<DateTimeUtc>,
    pub(crate) lease_holder: Option<Uuid>,
    pub(crate) delivered_at: Option<DateTimeUtc>,
    pub(crate) last_status: Option<i32>,
    pub(crate) last_error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
