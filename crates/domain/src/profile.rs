//! What a person sees and changes of their account.

use chrono::Duration;

use crate::Timestamp;
use crate::email::EmailAddress;
use crate::id::{TenantId, UserId};
use crate::initials::Initials;
use crate::name::{DisplayName, FamilyName, GivenName};
use crate::preferences::{Language, Preferences, Theme, TimeZone};
use crate::tenant::Role;

/// How long a new account may do everything before its address must be verified.
pub const VERIFICATION_GRACE: Duration = Duration::hours(24);

/// A person's account as they see it, inside the tenant their session is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The person.
    pub user: UserId,
    /// The tenant the session is in.
    pub tenant: Option<TenantId>,
    /// Where mail goes.
    pub email: EmailAddress,
    /// When the person proved that they read that mailbox.
    pub email_verified: Option<Timestamp>,
    /// The address they have asked to change to, whether or not there is still time to confirm it; see
    /// [`awaited_email`](Self::awaited_email).
    pub pending_email: Option<PendingEmail>,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// First name or names.
    pub given_name: Option<String>,
    /// Last name or names.
    pub family_name: Option<String>,
    /// Address of a picture: of one that was uploaded here, its path; of any other, whatever another program has put there.
    pub picture: Option<String>,
    /// What they may do in the tenant.
    pub roles: Vec<Role>,
    /// When the account was made.
    pub created: Timestamp,
    /// When the account or its preferences last changed.
    pub updated: Timestamp,
    /// Their choices, complete.
    pub preferences: Preferences,
}

/// An address that waits for its confirmation. Nothing goes there but the mail that asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEmail {
    /// The address.
    pub email: EmailAddress,
    /// Until when it can be confirmed.
    pub expires: Timestamp,
}

/// Something an unverified account may not do after the grace period.
///
/// [`Profile::restrictions`] alone decides; a use case that does one of these things asks [`Profile::is_restricted`] before it
/// does it, with its own clock, and the profile on the wire lists the same answer under `restrictions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// Inviting people and accepting invitations.
    Invitations,
    /// Making further tenants.
    TenantCreation,
}

impl Restriction {
    /// The word the wire uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitations => "INVITATIONS",
            Self::TenantCreation => "TENANT_CREATION",
        }
    }
}

impl Profile {
    /// The address that can still be confirmed at the given moment.
    #[must_use]
    pub fn awaited_email(&self, now: Timestamp) -> Option<&EmailAddress> {
        let pending = self.pending_email.as_ref()?;
        (now < pending.expires).then_some(&pending.email)
    }

    /// What stands in for a picture.
    #[must_use]
    pub fn initials(&self) -> Initials {
        let full = [self.given_name.as_deref(), self.family_name.as_deref()];
        let full: Vec<&str> = full.into_iter().flatten().collect();
        let name = self.name.clone().unwrap_or_else(|| full.join(" "));
        Initials::of(Some(&name), &self.email)
    }

    /// Whether this account may not do that at the given moment.
    #[must_use]
    pub fn is_restricted(&self, deed: Restriction, now: Timestamp) -> bool {
        self.restrictions(now).contains(&deed)
    }

    /// What this account may not do at the given moment: nothing while verified or within the grace, which is over 24 h after
    /// the account was made, to the microsecond.
    #[must_use]
    pub fn restrictions(&self, now: Timestamp) -> &'static [Restriction] {
        if self.email_verified.is_some() || now < self.created + VERIFICATION_GRACE {
            &[]
        } else {
            &[Restriction::Invitations, Restriction::TenantCreation]
        }
    }
}

/// What a person changes of their profile; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileUpdate {
    /// How they want to be addressed.
    pub name: Option<DisplayName>,
    /// First name or names.
    pub given_name: Option<GivenName>,
    /// Last name or names.
    pub family_name: Option<FamilyName>,
    /// How the dashboard looks.
    pub theme: Option<Theme>,
    /// The language of pages and mails.
    pub language: Option<Language>,
    /// The zone times are shown in.
    pub timezone: Option<TimeZone>,
    /// Mails about activity.
    pub email_notifications: Option<bool>,
    /// Push notifications.
    pub push_notifications: Option<bool>,
    /// A weekly summary by mail.
    pub weekly_reports: Option<bool>,
    /// Marketing by mail.
    pub marketing_emails: Option<bool>,
}

impl ProfileUpdate {
    /// Whether it changes nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it touches the person's names.
    #[must_use]
    pub const fn touches_names(&self) -> bool {
        self.name.is_some() || self.given_name.is_some() || self.family_name.is_some()
    }

    /// Whether it touches a preference.
    #[must_use]
    pub fn touches_preferences(&self) -> bool {
        let names_aside = Self {
            name: None,
            given_name: None,
            family_name: None,
            ..self.clone()
        };
        !names_aside.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(created: Timestamp, email_verified: Option<Timestamp>) -> Profile {
        Profile {
            user: UserId::new(created, &[1; 10]),
            tenant: None,
            email: EmailAddress::parse("ada@example.com").unwrap(),
            email_verified,
            pending_email: None,
            name: None,
            given_name: None,
            family_name: None,
            picture: None,
            roles: Vec::new(),
            created,
            updated: created,
            preferences: Preferences::default(),
        }
    }

    #[test]
    fn an_unverified_account_is_restricted_from_the_very_end_of_its_grace() {
        let created = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let end = created + VERIFICATION_GRACE;
        for deed in [Restriction::Invitations, Restriction::TenantCreation] {
            let restricted = |verified, now| profile(created, verified).is_restricted(deed, now);
            assert!(!restricted(None, created));
            assert!(!restricted(None, end - Duration::seconds(1)));
            assert!(!restricted(None, end - Duration::microseconds(1)));
            assert!(restricted(None, end));
            assert!(restricted(None, end + Duration::days(365)));
            assert!(!restricted(Some(end), end), "verified at the last moment");
        }
    }

    #[test]
    fn what_is_listed_is_what_is_restricted() {
        let created = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let late = created + VERIFICATION_GRACE;
        assert_eq!(
            profile(created, None).restrictions(late),
            [Restriction::Invitations, Restriction::TenantCreation]
        );
        assert_eq!(profile(created, Some(created)).restrictions(late), []);
    }

    #[test]
    fn an_address_waits_for_its_confirmation_to_the_last_moment_and_no_longer() {
        let now = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let email = EmailAddress::parse("ada@new.example").unwrap();
        let asked = Profile {
            pending_email: Some(PendingEmail {
                email: email.clone(),
                expires: now,
            }),
            ..profile(now, None)
        };
        assert_eq!(asked.awaited_email(now - Duration::microseconds(1)), Some(&email));
        assert_eq!(asked.awaited_email(now), None);
        assert_eq!(profile(now, None).awaited_email(now), None);
    }

    #[test]
    fn initials_are_of_the_name_somebody_chose_then_of_their_full_name_then_of_their_address() {
        let now = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let mut profile = profile(now, None);
        assert_eq!(profile.initials().as_str(), "A");
        profile.family_name = Some("Lovelace".to_owned());
        profile.given_name = Some("Mary".to_owned());
        assert_eq!(profile.initials().as_str(), "ML");
        profile.name = Some("Countess of Lovelace".to_owned());
        assert_eq!(profile.initials().as_str(), "CL");
    }

    #[test]
    fn an_update_knows_what_it_touches() {
        let name = ProfileUpdate {
            name: DisplayName::parse("Ada").ok(),
            ..ProfileUpdate::default()
        };
        let theme = ProfileUpdate {
            theme: Some(Theme::Dark),
            ..ProfileUpdate::default()
        };
        assert!(name.touches_names() && !name.touches_preferences() && !name.is_empty());
        assert!(!theme.touches_names() && theme.touches_preferences());
        assert!(ProfileUpdate::default().is_empty());
    }
}
