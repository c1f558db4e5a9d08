//! The picture a person shows.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_pictures")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) user_id: Uuid,
    pub(crate) path: String,
    pub(crate) stored_at: DateTimeUtc,
    pub(crate) content: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
