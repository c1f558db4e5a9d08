//! Writing preferences: a whole row the first time, and later only what is named.

use rookery_core::ports::ProfileChange;
use rookery_domain::{Preferences, ProfileUpdate, Timestamp, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::preferences::{ActiveModel, Column, Entity};
use crate::error::Failure;

/// A whole row, the first.
pub(crate) async fn insert(
    conn: &impl ConnectionTrait,
    user: UserId,
    preferences: &Preferences,
    at: Timestamp,
) -> Result<(), Failure> {
    let row = whole(user, preferences, at);
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Forgets what the person has chosen.
pub(crate) async fn forget(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// One upsert, so that of two first changes at once neither fails and neither takes back what the other named.
pub(super) async fn overlay(conn: &impl ConnectionTrait, change: &ProfileChange) -> Result<(), Failure> {
    upsert(conn, change.user, (&change.defaults, &change.update), change.at).await
}

async fn upsert(
    conn: &impl ConnectionTrait,
    user: UserId,
    (defaults, update): (&Preferences, &ProfileUpdate),
    at: Timestamp,
) -> Result<(), Failure> {
    let row = whole(user, &overlaid(defaults, update), at);
    let named = OnConflict::column(Column::UserId)
        .update_columns(named(update))
        .to_owned();
    Entity::insert(row)
        .on_conflict(named)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Somebody comes to want marketing by mail, or not any more.
pub(crate) async fn want_marketing(
    conn: &impl ConnectionTrait,
    user: UserId,
    (defaults, wanted): (&Preferences, bool),
    at: Timestamp,
) -> Result<(), Failure> {
    let update = ProfileUpdate {
        marketing_emails: Some(wanted),
        ..ProfileUpdate::default()
    };
    upsert(conn, user, (defaults, &update), at).await
}

/// Everything but the id, a random one that the database draws and nobody ever uses.
fn whole(user: UserId, preferences: &Preferences, at: Timestamp) -> ActiveModel {
    ActiveModel {
        user_id: Set(user.as_uuid()),
        theme: Set(Some(preferences.theme.to_string())),
        language: Set(Some(preferences.language.to_string())),
        timezone: Set(Some(preferences.timezone.to_string())),
        email_notifications: Set(Some(preferences.email_notifications)),
        push_notifications: Set(Some(preferences.push_notifications)),
        weekly_reports: Set(Some(preferences.weekly_reports)),
        marketing_emails: Set(Some(preferences.marketing_emails)),
        created: Set(at),
        updated: Set(at),
        ..ActiveModel::default()
    }
}

fn overlaid(defaults: &Preferences, update: &ProfileUpdate) -> Preferences {
    Preferences {
        theme: update.theme.unwrap_or(defaults.theme),
        language: update.language.unwrap_or(defaults.language),
        timezone: update.timezone.unwrap_or(defaults.timezone),
        email_notifications: update.email_notifications.unwrap_or(defaults.email_notifications),
        push_notifications: update.push_notifications.unwrap_or(defaults.push_notifications),
        weekly_reports: update.weekly_reports.unwrap_or(defaults.weekly_reports),
        marketing_emails: update.marketing_emails.unwrap_or(defaults.marketing_emails),
    }
}

fn named(update: &ProfileUpdate) -> impl Iterator<Item = Column> {
    [
        (update.theme.is_some(), Column::Theme),
        (update.language.is_some(), Column::Language),
        (update.timezone.is_some(), Column::Timezone),
        (update.email_notifications.is_some(), Column::EmailNotifications),
        (update.push_notifications.is_some(), Column::PushNotifications),
        (update.weekly_reports.is_some(), Column::WeeklyReports),
        (update.marketing_emails.is_some(), Column::MarketingEmails),
        (true, Column::Updated),
    ]
    .into_iter()
    .filter_map(|(is_named, column)| is_named.then_some(column))
}
