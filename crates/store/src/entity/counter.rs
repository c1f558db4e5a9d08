//! How often somebody has tried.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_throttle_counters")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) limit_name: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) subject: Vec<u8>,
    pub(crate) count: i32,
    pub(crate) window_ends_at: DateTimeUtc,
    pub(crate) ends_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
