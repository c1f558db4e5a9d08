//! Introduces everybody to each other. Nobody else knows who is behind a port.

mod parts;

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use rookery_api::{Api, ApiSettings, BEAT, Origin, SignUpConflict};
use rookery_core::{Administration, Delivery, EventDelivery, Housekeeping, Mint, Webhooks};
use rookery_mail::DevMailbox;
use rookery_store::Database;
use url::Url;

use crate::bell::BellNotify;
use crate::configuration::Configuration;
use crate::landing::LandingPages;
use crate::mailbox_page::mailbox_page;
use crate::start_error::StartError;
use crate::work::WorkObserver;
use crate::workers::{Workers, announce, deliver, tidy};

use parts::Parts;

/// The whole service, without a server of its own: mount [`routes`](Self::routes) into any actix-web application, start
/// [`workers`](Self::start_workers) beside it, and [`close`](Self::close) it in the end. Clones are the same service.
#[derive(Clone)]
pub struct Rookery {
    api: Api,
    administration: Arc<dyn Administration>,
    delivery: Arc<dyn Delivery>,
    housekeeping: Arc<dyn Housekeeping>,
    webhooks: Arc<dyn Webhooks>,
    event_delivery: Arc<dyn EventDelivery>,
    mailbox: Option<Arc<DevMailbox>>,
    landing: Option<LandingPages>,
    bell: BellNotify,
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
        Ok(Self::compose_from(parts, configuration, public_url))
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
        Ok(Self::compose_from(parts, configuration, public_url))
    }

    fn compose_from(parts: Parts, configuration: &Configuration, public_url: &Url) -> Self {
        let sessions = parts.sessions();
        let registration = parts.registration();
        Self {
            administration: parts.administration(&registration),
            delivery: parts.delivery(),
            housekeeping: parts.housekeeping(),
            webhooks: parts.webhooks(),
            event_delivery: parts.event_delivery(),
            landing: landing_pages(configuration),
            api: Api {
                registration,
                authentication: parts.authentication(configuration.sessions),
                reauthentication: parts.reauthentication(),
                second_factors: parts.second_factors(configuration.sessions),
                unlocking: parts.unlocking(),
                verification: parts.verification(),
                recovery: parts.recovery(),
                passwords: parts.passwords(),
                addresses: parts.addresses(configuration.registration.conflict == SignUpConflict::Neutral),
                restoration: parts.restoration(),
                profiles: parts.profiles(&sessions),
                tenants: parts.tenants(configuration.sessions),
                members: parts.members(),
                activity: parts.activity(),
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
                    sign_up_conflict: configuration.registration.conflict,
                    beat: BEAT,
                    version: env!("CARGO_PKG_VERSION"),
                },
            },
            mailbox: parts.mailbox,
            bell: parts.bell,
            mint: parts.mint,
            database: parts.database,
        }
    }

    /// Mounts everything: the API, the pages mails lead to, and the development mailbox if there is one.
    pub fn routes(&self) -> impl FnOnce(&mut ServiceConfig) + Clone + Send + use<> {
        let api = rookery_api::configure(&self.api);
        let (mailbox, landing) = (self.mailbox.clone(), self.landing.clone());
        move |routes| {
            routes.configure(api);
            if let Some(mailbox) = mailbox {
                routes.configure(mailbox_page(mailbox));
            }
            if let Some(landing) = landing {
                landing.configure(routes);
            }
        }
    }

    /// Starts delivering mail and account events and throwing away what has run out, on the runtime of the caller.
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

fn landing_pages(configuration: &Configuration) -> Option<LandingPages> {
    let pages = LandingPages::new(
        configuration.brand.name.clone(),
        configuration.passwords.rules.min_chars,
    );
    configuration.http.landing_pages.then_some(pages)
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
