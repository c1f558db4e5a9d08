//! The adapters, each once, and the use cases made of them.

use std::sync::Arc;

use chrono::Duration;
use rookery_archive::ZipArchivist;
use rookery_core::ports::{
    AccountStore, AuditLog, Clock, CredentialStore, DeliveryBell, DeviceStore, Entropy, KeyedDigest, Mailer,
    OneTimePasswords, PasswordHasher, PictureMaker, Sealer, SecondFactorStore, SessionStore, TokenStore, WebhookSender,
};
use rookery_core::{
    Activity, ActivityService, AddressService, Addresses, Administration, AdministrationService, Authentication,
    AuthenticationService, ConsentService, Consents, Deletion, DeletionService, Delivery, DeliveryService,
    EventDelivery, EventDeliveryService, ExportMaking, ExportMakingService, ExportService, Exports, FactorCheck,
    HealthCheck, HealthService, Housekeeping, HousekeepingService, InvitationService, Invitations, Joining,
    JoiningService, LimitProfile, Links, MailedCodes, MemberService, Members, Mint, Oversight, OversightService,
    PasswordService, Passwords, PictureService, Pictures, Policies, PolicyService, PostRoom, ProfileService, Profiles,
    ProofGuard, Reauthentication, ReauthenticationService, Recovery, RecoveryService, Registration,
    RegistrationService, Restoration, RestorationService, SecondFactorService, SecondFactors, SessionService, Sessions,
    Staff, StaffService, TenantService, Tenants, Throttle, Unlocking, UnlockingService, Verification,
    VerificationService, WebhookService, Webhooks, installation_policy,
};
use rookery_crypto::{
    Argon2Hasher, ChaChaSealer, HashObserver, HasherSettings, HmacDigest, OsEntropy, Peppers, SecretKey, Totp,
};
use rookery_domain::{Documents, PasswordPolicy};
use rookery_mail::DevMailbox;
use rookery_picture::ImagePictureMaker;
use rookery_store::{
    Database, SqlAccountStore, SqlAddressStore, SqlAuditLog, SqlConsentStore, SqlCredentialStore, SqlDeletionStore,
    SqlDeviceStore, SqlEventOutbox, SqlEventReader, SqlExportStore, SqlHeartbeat, SqlHousekeepingStore,
    SqlInvitationStore, SqlMemberStore, SqlOutbox, SqlOversightStore, SqlPersonalRecords, SqlPictureStore,
    SqlPolicyStore, SqlProfileStore, SqlSecondFactorStore, SqlSessionStore, SqlStaffStore, SqlTenantStore,
    SqlThrottleStore, SqlTokenStore, SqlUndoStore, SqlWebhookStore,
};
use rookery_webhook::HttpWebhookSender;
use rookery_words::Words;
use url::Url;

use crate::bell::BellNotify;
use crate::clock::SystemClock;
use crate::configuration::{self, Configuration, KeySource};
use crate::kept_key::kept_key;
use crate::locales;
use crate::mail_room::MailRoom;
use crate::schema::{data_directory, ready_database};
use crate::start_error::StartError;
use crate::work::WorkObserver;

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

    pub(super) fn registration(&self) -> Arc<dyn Registration> {
        Arc::new(RegistrationService {
            accounts: Arc::clone(&self.accounts),
            hasher: Arc::clone(&self.hasher),
            throttle: self.throttle.clone(),
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
            devices: Arc::clone(&self.devices),
            tokens: Arc::clone(&self.tokens),
            factors: Arc::clone(&self.factors),
            check: self.check.clone(),
            throttle: self.throttle.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
            mint: self.mint.clone(),
            lifetime: sessions.lifetime,
            remembered_lifetime: sessions.remembered,
        })
    }

    pub(super) fn unlocking(&self) -> Arc<dyn Unlocking> {
        Arc::new(UnlockingService {
            tokens: Arc::clone(&self.tokens),
            devices: Arc::clone(&self.devices),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn sessions(&self) -> Arc<dyn Sessions> {
        Arc::new(SessionService {
            sessions: self.session_store(),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn reauthentication(&self) -> Arc<dyn Reauthentication> {
        Arc::new(ReauthenticationService {
            credentials: Arc::clone(&self.credentials),
            sessions: self.session_store(),
            audit: Arc::clone(&self.audit),
            factors: Arc::clone(&self.factors),
            check: self.check.clone(),
            hasher: Arc::clone(&self.hasher),
            guard: self.guard(),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn second_factors(&self) -> Arc<dyn SecondFactors> {
        Arc::new(SecondFactorService {
            credentials: Arc::clone(&self.credentials),
            factors: Arc::clone(&self.factors),
            audit: Arc::clone(&self.audit),
            guard: self.guard(),
            check: self.check.clone(),
            passwords: Arc::clone(&self.one_time_passwords),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn verification(&self) -> Arc<dyn Verification> {
        Arc::new(VerificationService {
            credentials: Arc::clone(&self.credentials),
            tokens: Arc::clone(&self.tokens),
            throttle: self.throttle.clone(),
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
            throttle: self.throttle.clone(),
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
            guard: self.guard(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    /// `discreet` where nobody may learn that an address is taken.
    pub(super) fn addresses(&self, discreet: bool) -> Arc<dyn Addresses> {
        Arc::new(AddressService {
            addresses: Arc::new(SqlAddressStore::new(self.database.clone())),
            accounts: Arc::clone(&self.accounts),
            credentials: Arc::clone(&self.credentials),
            audit: Arc::clone(&self.audit),
            hasher: Arc::clone(&self.hasher),
            guard: self.guard(),
            throttle: self.throttle.clone(),
            discreet,
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn restoration(&self) -> Arc<dyn Restoration> {
        Arc::new(RestorationService {
            undos: Arc::new(SqlUndoStore::new(self.database.clone())),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn deletion(&self, deletion: configuration::Deletion) -> Arc<dyn Deletion> {
        Arc::new(DeletionService {
            deletions: Arc::new(SqlDeletionStore::new(self.database.clone())),
            credentials: Arc::clone(&self.credentials),
            tokens: Arc::clone(&self.tokens),
            factors: Arc::clone(&self.factors),
            check: self.check.clone(),
            hasher: Arc::clone(&self.hasher),
            guard: self.guard(),
            audit: Arc::clone(&self.audit),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
            grace: deletion.grace,
            unverified_expiry: deletion.unverified_expiry,
        })
    }

    pub(super) fn profiles(&self, sessions: &Arc<dyn Sessions>) -> Arc<dyn Profiles> {
        Arc::new(ProfileService {
            sessions: Arc::clone(sessions),
            profiles: Arc::new(SqlProfileStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn tenants(&self) -> Arc<dyn Tenants> {
        Arc::new(TenantService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            credentials: Arc::clone(&self.credentials),
            sessions: self.session_store(),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn members(&self) -> Arc<dyn Members> {
        Arc::new(MemberService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            members: Arc::new(SqlMemberStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn invitations(&self) -> Arc<dyn Invitations> {
        Arc::new(InvitationService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            invitations: Arc::new(SqlInvitationStore::new(self.database.clone())),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn joining(&self, sessions: configuration::Sessions) -> Arc<dyn Joining> {
        Arc::new(JoiningService {
            invitations: Arc::new(SqlInvitationStore::new(self.database.clone())),
            hasher: Arc::clone(&self.hasher),
            policy: self.policy.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
            lifetime: sessions.lifetime,
        })
    }

    pub(super) fn policies(&self, sessions: configuration::Sessions) -> Arc<dyn Policies> {
        let lifetimes = [sessions.lifetime, sessions.remembered];
        Arc::new(PolicyService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            policies: Arc::new(SqlPolicyStore::new(self.database.clone())),
            weakest: installation_policy(&self.policy.rules, &lifetimes, self.limits),
            grace: sessions.second_factor_grace,
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(super) fn pictures(&self) -> Arc<dyn Pictures> {
        Arc::new(PictureService {
            pictures: Arc::new(SqlPictureStore::new(self.database.clone())),
            maker: Arc::clone(&self.picture_maker),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn exports(&self) -> Arc<dyn Exports> {
        Arc::new(ExportService {
            exports: Arc::new(SqlExportStore::new(self.database.clone())),
            sealer: Arc::clone(&self.sealer),
            audit: Arc::clone(&self.audit),
            throttle: self.throttle.clone(),
            bell: Arc::new(self.export_bell.clone()),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn export_making(&self) -> Arc<dyn ExportMaking> {
        Arc::new(ExportMakingService {
            exports: Arc::new(SqlExportStore::new(self.database.clone())),
            records: Arc::new(SqlPersonalRecords::new(self.database.clone())),
            archivist: Arc::new(ZipArchivist::new(Arc::clone(&self.words), self.policy.product.clone())),
            sealer: Arc::clone(&self.sealer),
            post_room: self.post_room.clone(),
            bell: self.ring(),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn consents(&self, documents: &Documents) -> Arc<dyn Consents> {
        Arc::new(ConsentService {
            consents: Arc::new(SqlConsentStore::new(self.database.clone())),
            documents: documents.clone(),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn activity(&self) -> Arc<dyn Activity> {
        Arc::new(ActivityService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            events: Arc::new(SqlEventReader::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn health(&self) -> Arc<dyn HealthCheck> {
        let heartbeat = Arc::new(SqlHeartbeat::new(self.database.clone()));
        Arc::new(HealthService::start(heartbeat, Arc::clone(&self.clock)))
    }

    pub(super) fn administration(
        &self,
        registration: &Arc<dyn Registration>,
        oversight: &Arc<dyn Oversight>,
    ) -> Arc<dyn Administration> {
        Arc::new(AdministrationService {
            registration: Arc::clone(registration),
            accounts: Arc::clone(&self.accounts),
            oversight: Arc::clone(oversight),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn staff(&self) -> Arc<dyn Staff> {
        Arc::new(StaffService {
            accounts: Arc::clone(&self.accounts),
            staff: Arc::new(SqlStaffStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn oversight(&self) -> Arc<dyn Oversight> {
        Arc::new(OversightService {
            staff: Arc::new(SqlStaffStore::new(self.database.clone())),
            oversight: Arc::new(SqlOversightStore::new(self.database.clone())),
            credentials: Arc::clone(&self.credentials),
            audit: Arc::clone(&self.audit),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
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

    pub(super) fn webhooks(&self) -> Arc<dyn Webhooks> {
        Arc::new(WebhookService {
            store: Arc::new(SqlWebhookStore::new(self.database.clone())),
            sealer: Arc::clone(&self.sealer),
            sender: Arc::clone(&self.webhook_sender),
            mint: self.mint.clone(),
        })
    }

    pub(super) fn event_delivery(&self) -> Arc<dyn EventDelivery> {
        Arc::new(EventDeliveryService {
            outbox: Arc::new(SqlEventOutbox::new(self.database.clone())),
            sealer: Arc::clone(&self.sealer),
            sender: Arc::clone(&self.webhook_sender),
            mint: self.mint.clone(),
            holder: self.mint.worker_id(self.mint.now()),
        })
    }

    pub(super) fn housekeeping(&self) -> Arc<dyn Housekeeping> {
        Arc::new(HousekeepingService {
            store: Arc::new(SqlHousekeepingStore::new(self.database.clone())),
            mint: self.mint.clone(),
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
