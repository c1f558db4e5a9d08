//! What an unknown address costs is what a known one costs, statement by statement.

use std::sync::{Arc, Mutex};

use rookery_core::Reader;
use rookery_core::domain::TokenPurpose;
use rookery_core::ports::Addressee;
use rookery_store::Database;
use rookery_testkit::contract::World;

use crate::backends::{Backend, on_every_backend, patient, stores};

/// The statements another pool on the same database has run.
pub(crate) struct Observed {
    pub(crate) world: World,
    statements: Arc<Mutex<Vec<String>>>,
}

impl Observed {
    pub(crate) async fn on(backend: &Backend) -> Self {
        let statements = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&statements);
        let database = Database::connect(&patient(backend.url()))
            .await
            .unwrap()
            .observed(move |sql, _| log.lock().unwrap().push(sql.to_owned()));
        Self {
            world: World::new(stores(&database, &backend.witness)),
            statements,
        }
    }

    /// What has run since this was asked last.
    pub(crate) fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.statements.lock().unwrap())
    }
}

/// How many statements tell row-level security for whom a transaction works.
fn scope(backend: &Backend) -> usize {
    usize::from(backend.witness.is_postgres())
}

// Proves: A14
async fn looking_an_address_up_is_one_statement_known_or_not(backend: Backend) {
    let person = backend.world().person("ada@example.com").await;
    let observed = Observed::on(&backend).await;
    let credentials = &observed.world.stores.credentials;
    let stranger = "eve@example.com".parse().unwrap();

    assert!(credentials.by_email(&person.email).await.unwrap().is_some());
    let known = observed.taken();
    assert!(credentials.by_email(&stranger).await.unwrap().is_none());
    assert_eq!(observed.taken(), known);
    assert_eq!(known.len(), 1 + scope(&backend), "{known:?}");

    assert!(observed.world.stores.accounts.is_taken(&person.email).await.unwrap());
    let known = observed.taken();
    assert!(!observed.world.stores.accounts.is_taken(&stranger).await.unwrap());
    assert_eq!(observed.taken(), known);
}

// Proves: A14
async fn issuing_a_token_is_the_same_statements_for_somebody_and_for_nobody(backend: Backend) {
    let person = backend.world().person("ada@example.com").await;
    let observed = Observed::on(&backend).await;
    observed.world.advance(chrono::Duration::hours(1));
    let somebody = Addressee::Person {
        user: person.user,
        email: person.email,
        reader: Reader::default(),
    };
    for (purpose, statements) in [(TokenPurpose::PasswordReset, 5), (TokenPurpose::EmailVerification, 4)] {
        observed
            .world
            .issued(&observed.world.issue(purpose, somebody.clone()))
            .await;
        let known = observed.taken();
        observed
            .world
            .issued(&observed.world.issue(purpose, Addressee::Nobody))
            .await;
        assert_eq!(observed.taken(), known);
        assert_eq!(known.len(), statements + scope(&backend), "{known:?}");
    }
}

async fn looking_a_device_up_is_one_statement_whoever_s_it_is(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let device = world.device(None);
    let mut sign_in = world.sign_in(&person);
    sign_in.device = rookery_core::ports::DeviceUse::New(device.clone());
    world.open(&sign_in).await;
    let observed = Observed::on(&backend).await;
    let devices = &observed.world.stores.devices;
    assert!(devices.known(&device.digest, &person.email).await.unwrap().is_some());
    let known = observed.taken();
    assert_eq!(known.len(), 1 + scope(&backend), "{known:?}");
    for address in ["bob@example.com", "nobody@example.com"] {
        let address = address.parse().unwrap();
        assert!(devices.known(&device.digest, &address).await.unwrap().is_none());
        assert_eq!(observed.taken(), known);
    }
}

async fn a_session_check_is_one_statement_without_a_transaction(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let observed = Observed::on(&backend).await;
    assert!(observed.world.resolved(&session.digest).await.is_some());
    assert_eq!(observed.taken().len(), 1);
}

on_every_backend! {
    looking_an_address_up_is_one_statement_known_or_not
    issuing_a_token_is_the_same_statements_for_somebody_and_for_nobody
    looking_a_device_up_is_one_statement_whoever_s_it_is
    a_session_check_is_one_statement_without_a_transaction
}
