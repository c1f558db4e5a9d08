//! The part of a profile that two look-ups share, in one order of columns.

use rookery_domain::{EmailAddress, PendingEmail, Preferences, Profile, Role, TenantId, Timestamp, UserId};

use crate::error::Failure;
use crate::row::Columns;

/// The columns [`take_person`] reads, of `users u` and of `rookery_credentials c` and `user_preferences p` that may be
/// missing. The session look-up ends with the same ones.
macro_rules! columns {
    () => {
        "u.email, u.email_verified, c.pending_email, c.pending_email_expires_at, u.name, u.given_name, u.family_name, \
         u.picture, u.created, u.updated, p.theme, p.language, p.timezone, p.email_notifications, p.push_notifications, p.weekly_reports, \
         p.marketing_emails"
    };
}
pub(crate) use columns;

/// A profile that is in no tenant yet.
pub(crate) struct Person {
    email: EmailAddress,
    email_verified: Option<Timestamp>,
    pending_email: Option<PendingEmail>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    picture: Option<String>,
    created: Timestamp,
    updated: Timestamp,
    preferences: Preferences,
}

impl Person {
    /// The profile, inside the tenant.
    pub(crate) fn inside(self, user: UserId, tenant: Option<TenantId>, roles: Vec<Role>) -> Profile {
        Profile {
            user,
            tenant,
            email: self.email,
            email_verified: self.email_verified,
            pending_email: self.pending_email,
            name: self.name,
            given_name: self.given_name,
            family_name: self.family_name,
            picture: self.picture,
            roles,
            created: self.created,
            updated: self.updated,
            preferences: self.preferences,
        }
    }
}

/// Reads a person from the next columns.
pub(crate) fn take_person(columns: &mut Columns<'_>) -> Result<Person, Failure> {
    Ok(Person {
        email: columns.email("users.email")?,
        email_verified: columns.optional_time("users.email_verified")?,
        pending_email: take_pending_email(columns)?,
        name: columns.take("users.name")?,
        given_name: columns.take("users.given_name")?,
        family_name: columns.take("users.family_name")?,
        picture: columns.take("users.picture")?,
        created: columns.time("users.created")?,
        updated: columns.time("users.updated")?,
        preferences: take_preferences(columns)?,
    })
}

fn take_pending_email(columns: &mut Columns<'_>) -> Result<Option<PendingEmail>, Failure> {
    let email = columns.parse_optional("rookery_credentials.pending_email", EmailAddress::parse)?;
    let expires = columns.optional_time("rookery_credentials.pending_email_expires_at")?;
    Ok(email
        .zip(expires)
        .map(|(email, expires)| PendingEmail { email, expires }))
}

/// What is not chosen has its effective default: all of it when there is no row, and single columns that another program
/// has left NULL. The defaults of the columns themselves are others and do not count.
fn take_preferences(columns: &mut Columns<'_>) -> Result<Preferences, Failure> {
    let defaults = Preferences::default();
    Ok(Preferences {
        theme: columns
            .parse_optional("user_preferences.theme", str::parse)?
            .unwrap_or(defaults.theme),
        language: columns
            .parse_optional("user_preferences.language", str::parse)?
            .unwrap_or(defaults.language),
        timezone: columns
            .parse_optional("user_preferences.timezone", str::parse)?
            .unwrap_or(defaults.timezone),
        email_notifications: columns
            .take::<Option<_>>("user_preferences.email_notifications")?
            .unwrap_or(defaults.email_notifications),
        push_notifications: columns
            .take::<Option<_>>("user_preferences.push_notifications")?
            .unwrap_or(defaults.push_notifications),
        weekly_reports: columns
            .take::<Option<_>>("user_preferences.weekly_reports")?
            .unwrap_or(defaults.weekly_reports),
        marketing_emails: columns
            .take::<Option<_>>("user_preferences.marketing_emails")?
            .unwrap_or(defaults.marketing_emails),
    })
}
