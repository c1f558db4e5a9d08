//! Something that happened.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_audit_events")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) occurred_at: DateTimeUtc,
    pub(crate) action: String,
    pub(crate) outcome: String,
    pub(crate) actor: String,
    pub(crate) target: Option<String>,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) tenant_id: Option<Uuid>,
    pub(crate) session_id: Option<Uuid>,
    pub(crate) request_id: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) anonymised_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
