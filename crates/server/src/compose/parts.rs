//! The adapters, each once, and the use cases made of them.

mod access;
mod account;
mod operation;
mod tenants;
mod work;

use std::sync::Arc;

use chrono::Duration;
use rookery_core::ports::{
    AccountStore, AuditLog, Clock, CredentialStore, DeliveryBell, DeviceStore, Entropy, KeyedDigest, Mailer,
    OneTimePasswords, PasswordHasher, PictureMaker, Sealer, SecondFactorStore, SessionStore, TokenStore, WebhookSender,
};
use rookery_core::{FactorCheck, LimitProfile, Links, MailedCodes, Mint, PostRoom, ProofGuard, Throttle};
use rookery_crypto::{
    Argon2Hasher, ChaChaSealer, HashObserver, HasherSettings, HmacDigest, OsEntropy, Peppers, SecretKey, Totp,
};
use rookery_domain::PasswordPolicy;
use rookery_mail::DevMailbox;
use rookery_picture::ImagePictureMaker;
use rookery_store::{
    Database, SqlAccountStore, SqlAuditLog, SqlCredentialStore, SqlDeviceStore, SqlSecondFactorStore, SqlSessionStore,
    SqlThrottleStore, SqlTokenStore,
};
use rookery_webhook::HttpWebhookSender;
use rookery_words::Words;
use url::Url;

use crate::bell::BellNotify;
use crate::clock::SystemClock;
use crate::configuration::{Configuration, KeySource};
use crate::kept_key::kept_key;
use crate::mail_room::MailRoom;
use crate::schema::{data_directory, ready_database};
use crate::start_error::StartError;
use crate::work::WorkObserver;
use crate::{configuration, locales};

/// Whatever plays a role for the use cases.
pub(super) struct Parts {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) mint: Mint,
    pub(super) bell: BellNotify,
    /// Wakes whoever makes copies of people's data.
    pub(super) export_bell: BellNotify,
    pub(super) policy: PasswordPolicy,
    pub(super) mailbox: Option<Arc<DevMailbox>>,
    pub(super) database: Database,
    pub(super) throttle: Throttle,
    pub(super) digest: Arc<dyn KeyedDigest>,
    pub(super) words: Arc<Words>,
    limits: LimitProfile,
    grace: Duration,
    mailer: Arc<dyn Mailer>,
    hasher: Arc<dyn PasswordHasher>,
    picture_maker: Arc<dyn PictureMaker>,
    sealer: Arc<dyn Sealer>,
    webhook_sender: Arc<dyn WebhookSender>,
    post_room: PostRoom,
    accounts: Arc<dyn AccountStore>,
    audit: Arc<dyn AuditLog>,
    credentials: Arc<dyn CredentialStore>,
    devices: Arc<dyn DeviceStore>,
    factors: Arc<dyn SecondFactorStore>,
    one_time_passwords: Arc<dyn OneTimePasswords>,
    check: FactorCheck,
    tokens: Arc<dyn TokenStore>,
}

impl Parts {
    /// What needs no database comes first: what is wrong there is told without having touched one.
    pub(super) async fn gather(
        configuration: &Configuration,
        public_url: &Url,
        observer: Option<Arc<dyn WorkObserver>>,
    ) -> Result<Self, StartError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let mint = Mint::new(Arc::clone(&clock), Arc::clone(&entropy));
        let key = secret_key(configuration, &entropy)?;
        let sealer: Arc<dyn Sealer> = Arc::new(ChaChaSealer::new(
            &key,
            &configuration.secrets.older,
            Arc::clone(&entropy),
        ));
        let hasher = hasher(&configuration.passwords, &entropy, observer.as_ref())?;
        let picture_maker = Arc::new(ImagePictureMaker::start()?);
        let words = Arc::new(locales::words(configuration.locales_dir.as_deref())?);
        let MailRoom { mailer, mailbox } = MailRoom::open(configuration, Arc::clone(&words))?;
        let mut database = ready_database(configuration).await?;
        if let Some(observer) = observer {
            database = database.observed(move |statement, _| observer.statement(statement));
        }
        let one_time_passwords: Arc<dyn OneTimePasswords> =
            Arc::new(Totp::new(configuration.brand.name.as_str().to_owned()));
        let check = factor_check(configuration, &key, &sealer, &one_time_passwords);
        let digest: Arc<dyn KeyedDigest> = Arc::new(HmacDigest::new(&key));
        let product = concat!("Rookery/", env!("CARGO_PKG_VERSION"));
        let webhook_sender = HttpWebhookSender::new(configuration.webhooks.reach.clone(), product);
        Ok(Self {
            webhook_sender: Arc::new(webhook_sender),
            post_room: PostRoom::new(
                mint.clone(),
                Arc::clone(&sealer),
                Links::new(public_url.clone()),
                mailed_codes(configuration, &key),
            ),
            policy: PasswordPolicy {
                rules: configuration.passwords.rules,
                product: configuration.brand.name.as_str().to_owned(),
            },
            bell: BellNotify::default(),
            export_bell: BellNotify::default(),
            accounts: Arc::new(SqlAccountStore::new(database.clone())),
            audit: Arc::new(SqlAuditLog::new(database.clone())),
            credentials: Arc::new(SqlCredentialStore::new(database.clone())),
            devices: Arc::new(SqlDeviceStore::new(database.clone())),
            factors: Arc::new(SqlSecondFactorStore::new(database.clone())),
            one_time_passwords,
            check,
            throttle: Throttle::new(
                Arc::new(SqlThrottleStore::new(database.clone())),
                Arc::clone(&digest),
                Arc::clone(&clock),
                configuration.rate_limits,
            ),
            tokens: Arc::new(SqlTokenStore::new(database.clone())),
            clock,
            entropy,
            digest,
            words,
            mint,
            mailbox,
            limits: configuration.rate_limits,
            grace: configuration.sessions.second_factor_grace,
            database,
            mailer,
            hasher,
            picture_maker,
            sealer,
        })
    }

    /// Stands before whatever asks a signed-in person who they are.
    fn guard(&self) -> ProofGuard {
        ProofGuard::new(self.throttle.clone(), self.session_store(), self.mint.clone())
    }

    fn session_store(&self) -> Arc<dyn SessionStore> {
        Arc::new(SqlSessionStore::new(self.database.clone(), self.grace))
    }

    fn ring(&self) -> Arc<dyn DeliveryBell> {
        Arc::new(self.bell.clone())
    }
}

/// The key everything secret of the installation is derived from.
fn secret_key(configuration: &Configuration, entropy: &Arc<dyn Entropy>) -> Result<SecretKey, StartError> {
    match &configuration.secrets.key {
        KeySource::Given(key) => Ok(key.clone()),
        KeySource::Kept(path) => {
            data_directory(&configuration.data_dir)?;
            Ok(kept_key(path, entropy.as_ref())?)
        }
    }
}

fn hasher(
    passwords: &configuration::Passwords,
    entropy: &Arc<dyn Entropy>,
    observer: Option<&Arc<dyn WorkObserver>>,
) -> Result<Arc<dyn PasswordHasher>, StartError> {
    let observer = observer.map(Arc::clone);
    let settings = HasherSettings {
        cost: passwords.cost,
        peppers: Peppers::new(passwords.pepper.as_ref(), &passwords.older_peppers),
        threads: Some(passwords.hash_threads),
        observer: observer.map_or_else(HashObserver::default, |observer| {
            HashObserver::new(move || observer.hash())
        }),
        ..HasherSettings::default()
    };
    Ok(Arc::new(Argon2Hasher::start(settings, Arc::clone(entropy))?))
}

fn mailed_codes(configuration: &Configuration, key: &SecretKey) -> MailedCodes {
    let digest = |key: &SecretKey| -> Arc<dyn KeyedDigest> { Arc::new(HmacDigest::of_mailed_codes(key)) };
    MailedCodes::new(digest(key), configuration.secrets.older.iter().map(digest).collect())
}

fn factor_check(
    configuration: &Configuration,
    key: &SecretKey,
    sealer: &Arc<dyn Sealer>,
    one_time_passwords: &Arc<dyn OneTimePasswords>,
) -> FactorCheck {
    let digest = |key: &SecretKey| -> Arc<dyn KeyedDigest> { Arc::new(HmacDigest::of_recovery_codes(key)) };
    FactorCheck::new(
        Arc::clone(sealer),
        Arc::clone(one_time_passwords),
        digest(key),
        configuration.secrets.older.iter().map(digest).collect(),
    )
}
