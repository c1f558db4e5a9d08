//! What the services' own tests share: a person, a credential, a workshop of tools that repeat themselves.

use std::sync::Arc;

use chrono::Duration;
use rookery_domain::{
    Caller, EmailAddress, Membership, Password, PasswordAttempt, PasswordHash, PasswordPolicy, PasswordRules,
    Preferences, Profile, Role, SecretString, Session, TenantId, TenantSummary, Timestamp, UserId,
};
use url::Url;

use crate::mocks::{self, GlassSealer, ManualClock, MemoryThrottleStore, OpenDigest, SeededEntropy};
use crate::ports::{
    Clock, Credential, DeliveryBell, MockDeliveryBell, MockOneTimePasswords, OutgoingMail, Sealer, SignedIn,
    TokenRecord,
};
use crate::post_room::AddressedLetter;
use crate::{FactorCheck, Letter, LimitProfile, Links, MailedCodes, Mint, PostRoom, Reader, Throttle};

pub(crate) struct Workshop {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) mint: Mint,
    pub(crate) post_room: PostRoom,
    /// The default limits, on counters of this workshop's own.
    pub(crate) throttle: Throttle,
}

impl Workshop {
    pub(crate) fn open() -> Self {
        let clock = Arc::new(ManualClock::default());
        let mint = Mint::new(Arc::<ManualClock>::clone(&clock), Arc::new(SeededEntropy::default()));
        let links = Links::new(Url::parse("https://app.example.com").unwrap());
        Self {
            throttle: MemoryThrottleStore::throttle(Arc::<ManualClock>::clone(&clock), LimitProfile::Default),
            clock,
            post_room: PostRoom::new(mint.clone(), Arc::new(GlassSealer), links, codes()),
            mint,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What is kept of a code is the code.
pub(crate) fn codes() -> MailedCodes {
    MailedCodes::new(Arc::new(OpenDigest), Vec::new())
}

/// A bell that must ring exactly that often.
pub(crate) fn bell_rung(times: usize) -> Arc<dyn DeliveryBell> {
    let mut bell = MockDeliveryBell::new();
    bell.expect_ring().times(times).return_const(());
    Arc::new(bell)
}

pub(crate) fn email() -> EmailAddress {
    EmailAddress::parse("Ada@example.com").unwrap()
}

pub(crate) fn user() -> UserId {
    UserId::new(Timestamp::from_timestamp(1_750_000_000, 0).unwrap(), &[1; 10])
}

pub(crate) fn tenant() -> TenantId {
    TenantId::new(Timestamp::from_timestamp(1_750_000_000, 0).unwrap(), &[2; 10])
}

/// What somebody with these roles is in the tenant, which lets sessions live so many hours.
pub(crate) fn membership(roles: &[Role], timeout_hours: Option<u32>) -> Membership {
    Membership {
        tenant: TenantSummary {
            id: tenant(),
            name: "Engines".to_owned(),
            roles: roles.to_vec(),
        },
        created: Timestamp::UNIX_EPOCH,
        joined: Timestamp::UNIX_EPOCH,
        timeout_hours,
    }
}

pub(crate) fn attempt(text: &str) -> PasswordAttempt {
    PasswordAttempt::parse(&SecretString::from(text)).unwrap()
}

pub(crate) fn password(text: &str) -> Password {
    PasswordRules::default().judge(&attempt(text), &[]).unwrap()
}

pub(crate) fn policy() -> PasswordPolicy {
    PasswordPolicy {
        rules: PasswordRules::default(),
        product: "PenguinMails".to_owned(),
    }
}

pub(crate) fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_phc(text.to_owned())
}

pub(crate) fn credential() -> Credential {
    Credential {
        user: user(),
        email: email(),
        reader: reader(),
        name: Some("Ada Lovelace".to_owned()),
        given_name: None,
        family_name: None,
        email_verified: None,
        hash: hash("stored"),
        version: 7,
        disabled: None,
        deletion: None,
        second_factor: None,
        last_sign_in: None,
        tenants: Vec::new(),
    }
}

/// Ada, who has verified nothing and reads as she has chosen to.
pub(crate) fn signed_in(at: Timestamp) -> SignedIn {
    let SignedIn { session, profile } = mocks::signed_in(email(), at);
    let preferences = Preferences {
        language: reader().language,
        timezone: reader().time_zone,
        ..profile.preferences
    };
    SignedIn {
        session: Session {
            user: user(),
            ..session
        },
        profile: Profile {
            user: user(),
            email_verified: None,
            preferences,
            ..profile
        },
    }
}

pub(crate) fn record(at: Timestamp) -> TokenRecord {
    TokenRecord {
        user: user(),
        email: email(),
        reader: reader(),
        name: Some("Ada Lovelace".to_owned()),
        given_name: None,
        family_name: None,
        email_verified: None,
        disabled: None,
        policies: Vec::new(),
        expires: at + Duration::hours(1),
        consumed: None,
    }
}

pub(crate) fn caller() -> Caller {
    Caller {
        request_id: Some("req-1".to_owned()),
        ..Caller::default()
    }
}

/// How Ada reads: unlike anybody who has chosen nothing.
pub(crate) fn reader() -> Reader {
    Reader::told(Some("es"), Some("Europe/Madrid"))
}

/// What a queued mail says.
pub(crate) fn unsealed(mail: &OutgoingMail) -> Letter {
    opened(mail).letter
}

/// How whoever gets a queued mail reads.
pub(crate) fn read_by(mail: &OutgoingMail) -> Reader {
    opened(mail).reader
}

fn opened(mail: &OutgoingMail) -> AddressedLetter {
    AddressedLetter::from_bytes(&GlassSealer.open(&mail.sealed, &mail.id.to_string()).unwrap()).unwrap()
}

/// A check that nobody asks anything.
pub(crate) fn idle_check() -> FactorCheck {
    FactorCheck::new(
        Arc::new(GlassSealer),
        Arc::new(MockOneTimePasswords::new()),
        Arc::new(OpenDigest),
        Vec::new(),
    )
}
