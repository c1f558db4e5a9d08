//! An organisation people belong to.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenants")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) created: DateTimeUtc,
    pub(crate) updated: DateTimeUtc,
    pub(crate) deleted: Option<DateTimeUtc>,
    pub(crate) compute_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
