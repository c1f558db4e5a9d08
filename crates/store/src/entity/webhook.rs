//! A receiver of account events.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_webhooks")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) tenant_id: Option<Uuid>,
    pub(crate) url: String,
    pub(crate) events: Option<String>,
    pub(crate) secret: Vec<u8>,
    pub(crate) previous_secret: Option<Vec<u8>>,
    pub(crate) overlap_until: Option<DateTimeUtc>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) disabled_at: Option<DateTimeUtc>,
    pub(crate) disabled_reason: Option<String>,
    pub(crate) failures: i32,
    pub(crate) failing_since: Option<DateTimeUtc>,
    pub(crate) rests_until: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
