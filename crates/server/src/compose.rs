//! Introduces everybody to each other. Nobody else knows who is behind a port.

mod parts;

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use rookery_api::{Api, ApiSettings, BEAT, Origin, SignUpConflict};
use rookery_core::{
    Administration, Deletion, Delivery, EventDelivery, ExportMaking, Housekeeping, Mint, Oversight, Staff, Webhooks,
};
use rookery_mail::DevMailbox;
use rookery_pages::{AccountPages, Brand, PageSettings, Pages};
use rookery_store::Database;
use url::Url;

use crate::bell::BellNotify;
use crate::configuration::Configuration;
use crate::development::{mailbox_page, mails_page};
use crate::start_error::StartError;
use crate::work::WorkObserver;
use crate::workers::{Workers, announce, deliver, erase, export, tidy};

use parts::Parts;

/// The whole service, without a server of its own: mount [`routes`](Self::routes) into any actix-web application, start
/// [`workers`](Self::start_workers) beside it, and [`close`](Self::close) it in the end. Clones are the same service.
#[derive(Clone)]
pub struct Rookery {
    api: Api,
    administration: Arc<dyn Administration>,
    staff: Arc<dyn Staff>,
    delivery: Arc<dyn Delivery>,
    housekeeping: Arc<dyn Housekeeping>,
    webhooks: Arc<dyn Webhooks>,
    event_delivery: Arc<dyn EventDelivery>,
    export_making: Arc<dyn ExportMaking>,
    mailbox: Option<Arc<DevMailbox>>,
    pages: Option<AccountPages>,
    bell: BellNotify,
    export_bell: BellNotify,
    mint: Mint,
    database: Database,
}

impl Rookery {
    /// Composes the service that people reach at this URL. The database is connected and its schema is ready afterwards.
    ///
    /// # Errors
    /// [`StartError`]
    pub async fn compose(configuration: &Configuration, public_url: &Url) -> Result<Self, StartError> {
        let parts = Parts::gather(configuration, public_url, None).await?;
        Self::compose_from(parts, configuration, public_url)
    }

    /// The same, with somebody who is told of the work that is done. What the schema needed to be ready is not told.
    ///
    /// # Errors
    /// [`StartError`]
    pub async fn compose_observed(
        configuration: &Configuration,
        public_url: &Url,
        observer: Arc<dyn WorkObserver>,
    ) -> Result<Self, StartError> {
        let parts = Parts::gather(configuration, public_url, Some(observer)).await?;
        Self::compose_from(parts, configuration, public_url)
    }

    fn compose_from(parts: Parts, configuration: &Configuration, public_url: &Url) -> Result<Self, StartError> {
        let sessions = parts.sessions();
        let registration = parts.registration();
        let oversight = parts.oversight();
        let administration = parts.administration(&registration, &oversight);
        let staff = parts.staff();
        let (delivery, event_delivery) = (parts.delivery(), parts.event_delivery());
        let (housekeeping, webhooks) = (parts.housekeeping(), parts.webhooks());
        let export_making = parts.export_making();
        let api = Api {
            registration,
            authentication: parts.authentication(configuration.sessions),
            reauthentication: parts.reauthentication(),
            second_factors: parts.second_factors(),
            unlocking: parts.unlocking(),
            verification: parts.verification(),
            recovery: parts.recovery(),
            passwords: parts.passwords(),
            addresses: parts.addresses(configuration.registration.conflict == SignUpConflict::Neutral),
            restoration: parts.restoration(),
            deletion: parts.deletion(configuration.deletion),
            profiles: parts.profiles(&sessions),
            tenants: parts.tenants(),
            members: parts.members(),
            invitations: parts.invitations(),
            joining: parts.joining(configuration.sessions),
            policies: parts.policies(configuration.sessions),
            pictures: parts.pictures(),
            exports: parts.exports(),
            consents: parts.consents(&configuration.documents),
            activity: parts.activity(),
            oversight,
            health: parts.health(),
            sessions,
            throttle: parts.throttle,
            clock: parts.clock,
            entropy: parts.entropy,
            settings: ApiSettings {
                public_url: public_url.clone(),
                allowed_origins: allowed_origins(configuration, public_url),
                trusted_proxies: configuration.http.trusted_proxies.clone(),
                password_policy: parts.policy,
                documents: configuration.documents.clone(),
                sign_up_conflict: configuration.registration.conflict,
                beat: BEAT,
                version: env!("CARGO_PKG_VERSION"),
            },
        };
        let pages = Pages {
            use_cases: api.clone(),
            digest: parts.digest,
            words: parts.words,
            settings: page_settings(configuration, parts.mailbox.is_some()),
        };
        Ok(Self {
            administration,
            staff,
            delivery,
            housekeeping,
            webhooks,
            event_delivery,
            export_making,
            pages: configuration
                .pages
                .enabled
                .then(|| AccountPages::new(&pages))
                .transpose()?,
            api,
            mailbox: parts.mailbox,
            bell: parts.bell,
            export_bell: parts.export_bell,
            mint: parts.mint,
            database: parts.database,
        })
    }

    /// Mounts everything: the API, the development mailbox if there is one, and the account pages.
    pub fn routes(&self) -> impl FnOnce(&mut ServiceConfig) + Clone + Send + use<> {
        let api = rookery_api::configure(&self.api);
        let (mailbox, pages) = (self.mailbox.clone(), self.pages.clone());
        let public_url = self.api.settings.public_url.clone();
        move |routes| {
            routes.configure(api);
            if let Some(mailbox) = mailbox {
                routes.configure(mailbox_page(Arc::clone(&mailbox)));
                routes.configure(mails_page(mailbox, &public_url));
            }
            if let Some(pages) = pages {
                routes.configure(|routes| pages.configure(routes));
            }
        }
    }

    /// Starts delivering mail and account events, making copies of people's data, erasing accounts and throwing away what has
    /// run out, on the runtime of the caller.
    #[must_use = "the work ends when this is dropped"]
    pub fn start_workers(&self) -> Workers {
        let mut workers = Workers::default();
        let (delivery, bell, mint) = (Arc::clone(&self.delivery), self.bell.clone(), self.mint.clone());
        workers.start("delivery", move |stop| {
            deliver(Arc::clone(&delivery), bell.clone(), mint.clone(), stop)
        });
        let (events, mint) = (Arc::clone(&self.event_delivery), self.mint.clone());
        workers.start("webhooks", move |stop| {
            announce(Arc::clone(&events), mint.clone(), stop)
        });
        let (deletion, mint) = (Arc::clone(&self.api.deletion), self.mint.clone());
        workers.start("deletion", move |stop| erase(Arc::clone(&deletion), mint.clone(), stop));
        let (making, bell, mint) = (
            Arc::clone(&self.export_making),
            self.export_bell.clone(),
            self.mint.clone(),
        );
        workers.start("exports", move |stop| {
            export(Arc::clone(&making), bell.clone(), mint.clone(), stop)
        });
        let (housekeeping, mint) = (Arc::clone(&self.housekeeping), self.mint.clone());
        workers.start("housekeeping", move |stop| {
            tidy(Arc::clone(&housekeeping), mint.clone(), stop)
        });
        workers
    }

    /// The use cases behind the HTTP door, for another door beside it.
    #[must_use]
    pub const fn api(&self) -> &Api {
        &self.api
    }

    /// What an operator can do.
    #[must_use]
    pub fn administration(&self) -> &dyn Administration {
        self.administration.as_ref()
    }

    /// Deleting accounts.
    #[must_use]
    pub fn deletion(&self) -> &dyn Deletion {
        self.api.deletion.as_ref()
    }

    /// Who is staff, in an operator's hands.
    #[must_use]
    pub fn staff(&self) -> &dyn Staff {
        self.staff.as_ref()
    }

    /// What staff see and do.
    #[must_use]
    pub fn oversight(&self) -> &dyn Oversight {
        self.api.oversight.as_ref()
    }

    /// What other systems are told, in an operator's hands.
    #[must_use]
    pub fn webhooks(&self) -> &dyn Webhooks {
        self.webhooks.as_ref()
    }

    /// The mailbox that shows what would be mailed, where no mail server is configured.
    #[must_use]
    pub fn mailbox(&self) -> Option<&DevMailbox> {
        self.mailbox.as_deref()
    }

    /// Lets running transactions end and closes the database. Nothing works afterwards.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

fn page_settings(configuration: &Configuration, has_mailbox: bool) -> PageSettings {
    let brand = &configuration.brand;
    PageSettings {
        brand: Brand {
            name: brand.name.as_str().to_owned(),
            primary: brand.primary,
            primary_dark: brand.primary_dark,
            logo: brand.logo.clone(),
            home: brand.home.clone(),
            support: brand.support_link(),
            terms: brand.terms.clone(),
            privacy: brand.privacy.clone(),
        },
        stylesheet: configuration.pages.stylesheet.clone(),
        redirect_origins: configuration.pages.redirect_origins.clone(),
        has_mailbox,
    }
}

/// Those configured; in development also this machine's other names for itself, so that it does not matter which of them
/// stands in the address bar.
fn allowed_origins(configuration: &Configuration, public_url: &Url) -> Vec<Origin> {
    let mut origins = configuration.http.allowed_origins.clone();
    if !configuration.profile.is_production() && public_url.scheme() == "http" {
        for host in ["localhost", "127.0.0.1"] {
            let mut alias = public_url.clone();
            if alias.set_host(Some(host)).is_ok() {
                origins.extend(Origin::of(&alias));
            }
        }
    }
    origins
}
