//! Something a person agreed to, or took back.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rookery_consents")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) subject: String,
    pub(crate) version: String,
    pub(crate) given: bool,
    pub(crate) channel: String,
    pub(crate) language: String,
    pub(crate) decided_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
