//! A person with an account.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) created: DateTimeUtc,
    pub(crate) updated: DateTimeUtc,
    pub(crate) deleted: Option<DateTimeUtc>,
    pub(crate) name: Option<String>,
    pub(crate) family_name: Option<String>,
    pub(crate) given_name: Option<String>,
    pub(crate) email: String,
    pub(crate) picture: Option<String>,
    pub(crate) email_verified: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
