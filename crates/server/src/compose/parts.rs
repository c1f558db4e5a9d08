//! The adapters, each once, and the use cases made of them.

use std::sync::Arc;

use rookery_core::ports::{
    AccountStore, AuditLog, Clock, CredentialStore, DeliveryBell, Entropy, Mailer, PasswordHasher, Sealer, TokenStore,
};
use rookery_core::{
    Administration, AdministrationService, Authentication, AuthenticationService, Delivery, DeliveryService,
    HealthCheck, HealthService, Housekeeping, HousekeepingService, Links, Mint, PasswordService, Passwords, PostRoom,
    ProfileService, Profiles, Recovery, RecoveryService, Registration, RegistrationService, SessionService, Sessions,
    Verification, VerificationService,
};
use rookery_crypto::{Argon2Hasher, ChaChaSealer, HasherSettings, OsEntropy, Peppers};
use rookery_domain::PasswordPolicy;
use rookery_mail::DevMailbox;
use rookery_store::{
    Database, SqlAccountStore, SqlAuditLog, SqlCredentialStore, SqlHeartbeat, SqlHousekeepingStore, SqlOutbox,
    SqlProfileStore, SqlSessionStore, SqlTokenStore,
};
use url::Url;

use crate::bell::BellNotify;
use crate::clock::SystemClock;
use crate::configuration::{self, Configuration, KeySource, Secrets};
use crate::kept_key::kept_key;
use crate::mail_room::MailRoom;
use crate::schema::{data_directory, ready_database};
use crate::start_error::StartError;

/// Whatever plays a role for the use cases.
pub(super) struct Parts {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) mint: Mint,
    pub(super) bell: BellNotify,
    pub(super) policy: PasswordPolicy,
    pub(super) mailbox: Option<Arc<DevMailbox>>,
    pub(super) database: Database,
    mailer: Arc<dyn Mailer>,
    hasher: Arc<dyn PasswordHasher>,
    sealer: Arc<dyn Sealer>,
    post_room: PostRoom,
    accounts: Arc<dyn AccountStore>,
    audit: Arc<dyn AuditLog>,
    credentials: Arc<dyn CredentialStore>,
    tokens: Arc<dyn TokenStore>,
}

impl Parts {
    /// What needs no database comes first: what is wrong there is told without having touched one.
    pub(super) async fn gather(configuration: &Configuration, public_url: &Url) -> Result<Self, StartError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let mint = Mint::new(Arc::clone(&clock), Arc::clone(&entropy));
        let sealer = sealer(configuration, &entropy)?;
        let hasher = hasher(&configuration.passwords, &entropy)?;
        let MailRoom { mailer, mailbox } = MailRoom::open(configuration)?;
        let database = ready_database(configuration).await?;
        Ok(Self {
            post_room: PostRoom::new(mint.clone(), Arc::clone(&sealer), Links::new(public_url.clone())),
            policy: PasswordPolicy {
                rules: configuration.passwords.rules,
                product: configuration.brand.name.as_str().to_owned(),
            },
            bell: BellNotify::default(),
            accounts: Arc::new(SqlAccountStore::new(database.clone())),
            audit: Arc::new(SqlAuditLog::new(database.clone())),
            credentials: Arc::new(SqlCredentialStore::new(database.clone())),
            tokens: Arc::new(SqlTokenStore::new(database.clone())),
            clock,
            entropy,
            mint,
            mailbox,
            database,
            mailer,
            hasher,
            sealer,
        })
    }

    pub(super) fn registration(&self) -> Arc<dyn Registration> {
        Arc::new(RegistrationService {
            accounts: Arc::clone(&self.accounts),
            hasher: Arc::clone(&self.hasher),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn authentication(&self, sessions: configuration::Sessions) -> Arc<dyn Authentication> {
        Arc::new(AuthenticationService {
            credentials: Arc::clone(&self.credentials),
            audit: Arc::clone(&self.audit),
            hasher: Arc::clone(&self.hasher),
            mint: self.mint.clone(),
            lifetime: sessions.lifetime,
            remembered_lifetime: sessions.remembered,
        })
    }

    pub(super) fn sessions(&self) -> Arc<dyn Sessions> {
        Arc::new(SessionService {
            sessions: Arc::new(SqlSessionStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn verification(&self) -> Arc<dyn Verification> {
        Arc::new(VerificationService {
            credentials: Arc::clone(&self.credentials),
            tokens: Arc::clone(&self.tokens),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn recovery(&self) -> Arc<dyn Recovery> {
        Arc::new(RecoveryService {
            credentials: Arc::clone(&self.credentials),
            tokens: Arc::clone(&self.tokens),
            hasher: Arc::clone(&self.hasher),
            policy: self.policy.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn passwords(&self) -> Arc<dyn Passwords> {
        Arc::new(PasswordService {
            credentials: Arc::clone(&self.credentials),
            audit: Arc::clone(&self.audit),
            hasher: Arc::clone(&self.hasher),
            policy: self.policy.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn profiles(&self, sessions: &Arc<dyn Sessions>) -> Arc<dyn Profiles> {
        Arc::new(ProfileService {
            sessions: Arc::clone(sessions),
            profiles: Arc::new(SqlProfileStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn health(&self) -> Arc<dyn HealthCheck> {
        let heartbeat = Arc::new(SqlHeartbeat::new(self.database.clone()));
        Arc::new(HealthService::start(heartbeat, Arc::clone(&self.clock)))
    }

    pub(super) fn administration(&self, registration: &Arc<dyn Registration>) -> Arc<dyn Administration> {
        Arc::new(AdministrationService {
            registration: Arc::clone(registration),
            accounts: Arc::clone(&self.accounts),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn delivery(&self) -> Arc<dyn Delivery> {
        Arc::new(DeliveryService {
            outbox: Arc::new(SqlOutbox::new(self.database.clone())),
            sealer: Arc::clone(&self.sealer),
            mailer: Arc::clone(&self.mailer),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn housekeeping(&self) -> Arc<dyn Housekeeping> {
        Arc::new(HousekeepingService {
            store: Arc::new(SqlHousekeepingStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    fn ring(&self) -> Arc<dyn DeliveryBell> {
        Arc::new(self.bell.clone())
    }
}

fn sealer(configuration: &Configuration, entropy: &Arc<dyn Entropy>) -> Result<Arc<dyn Sealer>, StartError> {
    let Secrets { key, older } = &configuration.secrets;
    let key = match key {
        KeySource::Given(key) => key.clone(),
        KeySource::Kept(path) => {
            data_directory(&configuration.data_dir)?;
            kept_key(path, entropy.as_ref())?
        }
    };
    Ok(Arc::new(ChaChaSealer::new(&key, older, Arc::clone(entropy))))
}

fn hasher(
    passwords: &configuration::Passwords,
    entropy: &Arc<dyn Entropy>,
) -> Result<Arc<dyn PasswordHasher>, StartError> {
    let settings = HasherSettings {
        cost: passwords.cost,
        peppers: Peppers::new(passwords.pepper.as_ref(), &passwords.older_peppers),
        threads: Some(passwords.hash_threads),
        ..HasherSettings::default()
    };
    Ok(Arc::new(Argon2Hasher::start(settings, Arc::clone(entropy))?))
}
