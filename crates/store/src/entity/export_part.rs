//! A part of a copy, sealed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_export_parts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) export_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) number: i32,
    pub(crate) user_id: Uuid,
    pub(crate) kept_at: DateTimeUtc,
    pub(crate) sealed: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
