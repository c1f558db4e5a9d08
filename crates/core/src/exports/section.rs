//! What a copy tells, and in which columns.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// The name of a thing.
    Id,
    /// A point in time.
    Moment,
    /// Yes or no.
    Flag,
    /// How many.
    Count,
    /// Several words.
    Texts,
}

/// A column of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it is called, for programs.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

macro_rules! sections {
    ($($(#[$doc:meta])* $variant:ident = $word:literal { $($column:literal: $kind:ident,)+ })+) => {
        /// A part of what is kept about a person. Each is a table of a copy, and a key of its document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Section {
            $($(#[$doc])* $variant,)+
        }

        impl Section {
            /// All of them, in the order in which a copy tells them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// What it is called, for programs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Its columns.
            #[must_use]
            pub const fn columns(self) -> &'static [Column] {
                match self {
                    $(Self::$variant => &[$(Column { name: $column, kind: Kind::$kind }),+],)+
                }
            }

            /// A list of this one.
            #[must_use]
            pub const fn alone(self) -> &'static [Self] {
                match self {
                    $(Self::$variant => &[Self::$variant],)+
                }
            }
        }
    };
}

sections! {
    /// Who they are.
    Profile = "profile" {
        "id": Id, "email": Text, "emailVerifiedAt": Moment, "pendingEmail": Text, "pendingEmailExpiresAt": Moment,
        "name": Text, "givenName": Text, "familyName": Text, "picture": Text, "createdAt": Moment, "updatedAt": Moment,
        "passwordChangedAt": Moment, "lastSignInAt": Moment, "secondFactorSince": Moment, "disabledAt": Moment,
    }
    /// What they have chosen; nothing while everything is as it is for everybody.
    Preferences = "preferences" {
        "theme": Text, "language": Text, "timezone": Text, "emailNotifications": Flag, "pushNotifications": Flag,
        "weeklyReports": Flag, "marketingEmails": Flag, "createdAt": Moment, "updatedAt": Moment,
    }
    /// Where they belong, or belonged.
    Memberships = "memberships" {
        "tenantId": Id, "tenant": Text, "roles": Texts, "email": Text, "joinedAt": Moment, "updatedAt": Moment,
        "leftAt": Moment,
    }
    /// Where they are signed in.
    Sessions = "sessions" {
        "id": Id, "createdAt": Moment, "authenticatedAt": Moment, "lastSeenAt": Moment, "expiresAt": Moment,
        "remembered": Flag, "methods": Text, "address": Text, "userAgent": Text, "tenantId": Id,
    }
    /// Browsers they have signed in with.
    Devices = "devices" {
        "id": Id, "userAgent": Text, "createdAt": Moment, "lastUsedAt": Moment, "trustedUntil": Moment,
    }
    /// What they show beside the password.
    SecondFactors = "secondFactors" {
        "kind": Text, "createdAt": Moment, "confirmedAt": Moment, "lastUsedAt": Moment, "removedAt": Moment,
    }
    /// What they show when that is lost.
    RecoveryCodes = "recoveryCodes" {
        "createdAt": Moment, "usedAt": Moment, "replacedAt": Moment,
    }
    /// What they have agreed to, or taken back.
    Consents = "consents" {
        "subject": Text, "version": Text, "given": Flag, "source": Text, "language": Text, "at": Moment,
    }
    /// What was written to them. The subject is not kept; whoever makes the copy says it anew.
    Mails = "mails" {
        "id": Id, "kind": Text, "subject": Text, "to": Text, "state": Text, "createdAt": Moment, "sentAt": Moment,
    }
    /// What was mailed to them to prove something with.
    Links = "links" {
        "purpose": Text, "email": Text, "createdAt": Moment, "expiresAt": Moment, "usedAt": Moment,
    }
    /// Changes that could be taken back, with the address before them.
    Changes = "changes" {
        "kind": Text, "email": Text, "createdAt": Moment, "expiresAt": Moment, "usedAt": Moment,
    }
    /// The copies they have asked for.
    Exports = "exports" {
        "id": Id, "state": Text, "requestedAt": Moment, "settledAt": Moment, "expiresAt": Moment, "size": Count,
    }
    /// What happened with their account.
    Activity = "activity" {
        "id": Id, "at": Moment, "action": Text, "outcome": Text, "actor": Text, "target": Text, "tenantId": Id,
        "sessionId": Id, "address": Text, "userAgent": Text, "requestId": Text, "detail": Text, "anonymisedAt": Moment,
    }
}

impl Section {
    /// Whether a person has at most one record of it.
    #[must_use]
    pub const fn is_single(self) -> bool {
        matches!(self, Self::Profile | Self::Preferences)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_section_and_every_column_in_it_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Section::ALL.iter().map(|section| section.as_str()).collect();
        assert_eq!(names.len(), Section::ALL.len());
        for section in Section::ALL {
            let columns: BTreeSet<_> = section.columns().iter().map(|column| column.name).collect();
            assert_eq!(columns.len(), section.columns().len(), "{section:?}");
            assert_eq!(section.alone(), [*section]);
        }
    }

    #[test]
    fn nothing_that_opens_a_door_has_a_column() {
        for section in Section::ALL {
            for column in section.columns() {
                let name = column.name.to_lowercase();
                for secret in ["token", "hash", "digest", "secret", "sealed", "code"] {
                    assert!(!name.contains(secret), "{section:?} {name}");
                }
            }
        }
    }
}
