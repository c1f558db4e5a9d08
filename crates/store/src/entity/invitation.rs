//! An invitation into a tenant, as housekeeping sees it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_invitations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) inviter_user_id: Uuid,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) settled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
