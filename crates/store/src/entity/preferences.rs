//! What a person has chosen.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_preferences")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) theme: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) timezone: Option<String>,
    pub(crate) email_notifications: Option<bool>,
    pub(crate) push_notifications: Option<bool>,
    pub(crate) weekly_reports: Option<bool>,
    pub(crate) marketing_emails: Option<bool>,
    pub(crate) created: DateTimeUtc,
    pub(crate) updated: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
