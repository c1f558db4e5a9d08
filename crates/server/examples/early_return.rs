//! The mutant `scripts/prove-timing` must catch: the whole service, except that it answers at once where an address makes
//! the work pointless, and keeps no beat that would cover it up. Each shortcut is one a hurried programmer takes: answers, headers and rows a stranger can see are
//! those of the service, and only the time tells. Never part of the `rookery` program.
//!
//! ```sh
//! cargo run --package rookery-server --example early_return -- serve
//! ```

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpServer};
use async_trait::async_trait;
use rookery_core::domain::{Caller, EmailAddress};
use rookery_core::ports::{Account, AccountStore, PortError};
use rookery_core::{
    Authentication, LogIn, LogInError, LogInOutcome, LoggedIn, MailedProof, ProveSecondFactor, Recovery, RecoveryError,
    Registered, Registration, RegistrationError, ResetPassword, SecondFactorLogInError, SignUp, Verification,
    VerificationError,
};
use rookery_server::{Configuration, Rookery, Sources};
use rookery_store::{Database, DatabaseSettings, SqlAccountStore};

/// The service behind it, and a look at who is known.
struct Hurried<Inner: ?Sized> {
    accounts: SqlAccountStore,
    inner: Arc<Inner>,
}

impl<Inner: ?Sized> Hurried<Inner> {
    async fn account(&self, email: &EmailAddress) -> Result<Option<Account>, PortError> {
        self.accounts.find(email).await
    }
}

#[async_trait]
impl Authentication for Hurried<dyn Authentication> {
    /// "There is no such user, so there is no password to compare."
    async fn log_in(&self, log_in: LogIn) -> Result<LogInOutcome, LogInError> {
        if self.account(&log_in.email).await?.is_none() {
            return Err(LogInError::InvalidCredentials);
        }
        self.inner.log_in(log_in).await
    }

    async fn prove_second_factor(&self, proved: ProveSecondFactor) -> Result<LoggedIn, SecondFactorLogInError> {
        self.inner.prove_second_factor(proved).await
    }
}

#[async_trait]
impl Recovery for Hurried<dyn Recovery> {
    /// "There is no such user, so there is no mail to write."
    async fn request(&self, email: &EmailAddress, caller: &Caller) -> Result<(), PortError> {
        if self.account(email).await?.is_none() {
            return Ok(());
        }
        self.inner.request(email, caller).await
    }

    async fn reset(&self, reset: ResetPassword) -> Result<(), RecoveryError> {
        self.inner.reset(reset).await
    }
}

#[async_trait]
impl Verification for Hurried<dyn Verification> {
    async fn verify(&self, proof: &MailedProof, caller: &Caller) -> Result<EmailAddress, VerificationError> {
        self.inner.verify(proof, caller).await
    }

    /// "There is no such user, or nothing to verify any more."
    async fn resend(&self, email: &EmailAddress, caller: &Caller) -> Result<(), PortError> {
        match self.account(email).await? {
            Some(account) if account.email_verified.is_none() => self.inner.resend(email, caller).await,
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Registration for Hurried<dyn Registration> {
    async fn register(&self, sign_up: SignUp) -> Result<Registered, RegistrationError> {
        self.inner.register(sign_up).await
    }

    /// "The address is taken, so there is no password to hash."
    async fn register_discreetly(&self, sign_up: SignUp) -> Result<(), RegistrationError> {
        if self.account(&sign_up.email).await?.is_some() {
            return Ok(());
        }
        self.inner.register_discreetly(sign_up).await
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let configuration = Configuration::read(&Sources::of_process(Vec::new(), None))?;
    let public_url = configuration.http.public_url_at(configuration.listen);
    let rookery = Rookery::compose(&configuration, &public_url).await?;
    let workers = rookery.start_workers();

    let settings = DatabaseSettings::new(configuration.database.url.clone());
    let accounts = SqlAccountStore::new(Database::connect(&settings).await?);
    let mut api = rookery.api().clone();
    api.settings.beat = Duration::ZERO;
    api.authentication = Arc::new(Hurried {
        accounts: accounts.clone(),
        inner: api.authentication,
    });
    api.recovery = Arc::new(Hurried {
        accounts: accounts.clone(),
        inner: api.recovery,
    });
    api.verification = Arc::new(Hurried {
        accounts: accounts.clone(),
        inner: api.verification,
    });
    api.registration = Arc::new(Hurried {
        accounts,
        inner: api.registration,
    });

    HttpServer::new(move || App::new().configure(rookery_api::configure(&api)))
        .bind(configuration.listen)?
        .workers(configuration.http.workers)
        .run()
        .await?;

    workers.stop(Duration::from_secs(10)).await;
    rookery.close().await;
    Ok(())
}
