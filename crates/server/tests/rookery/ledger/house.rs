//! The real composition, every statement and every hash of it counted, asked without a network in between.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, SET_COOKIE};
use actix_web::{App, test};
use rookery_api::Api;
use rookery_server::{Rookery, WorkObserver};
use rookery_testkit::postgres::PostgresDatabase;
use rookery_testkit::sqlite::SqliteFile;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use serde_json::json;

use super::entry::Entry;
use crate::rookery::database::postgres_made_ready;
use crate::rookery::test_app::{configuration, new_folder};

/// A database a witness can look into past the service.
pub(crate) enum Ground {
    Sqlite(SqliteFile),
    Postgres(PostgresDatabase),
}

impl Ground {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(SqliteFile::new())
    }

    pub(crate) fn postgres() -> Self {
        Self::Postgres(postgres_made_ready())
    }

    fn urls(&self) -> (String, String) {
        match self {
            Self::Sqlite(file) => (file.url(), file.url()),
            Self::Postgres(database) => (database.url().to_owned(), database.superuser_url().to_owned()),
        }
    }
}

/// What has been done since somebody last looked.
#[derive(Default)]
struct Work {
    statements: Mutex<Vec<String>>,
    hashes: AtomicU32,
}

impl WorkObserver for Work {
    fn statement(&self, text: &str) {
        self.statements.lock().unwrap().push(text.to_owned());
    }

    fn hash(&self) {
        self.hashes.fetch_add(1, Ordering::Relaxed);
    }
}

/// The service in this thread. Its workers rest, so that all the work there is belongs to the request.
pub(crate) struct House {
    rookery: Rookery,
    work: Arc<Work>,
    witness: DatabaseConnection,
    folder: std::path::PathBuf,
    _ground: Ground,
}

impl House {
    /// On this database, with this profile of rate limits, and a sign-up that tells nothing.
    pub(crate) async fn open(ground: Ground, limits: &str) -> Self {
        let (url, witness) = ground.urls();
        let folder = new_folder();
        let configuration = configuration(
            &folder,
            &url,
            &[("ROOKERY_RATE_LIMITS", limits), ("ROOKERY_SIGNUP_CONFLICT", "neutral")],
        );
        let work = Arc::new(Work::default());
        let public_url = configuration.http.public_url_at(configuration.listen);
        let observer: Arc<dyn WorkObserver> = Arc::<Work>::clone(&work);
        let rookery = Rookery::compose_observed(&configuration, &public_url, observer)
            .await
            .unwrap_or_else(|error| panic!("it does not start: {error}"));
        Self {
            rookery,
            work,
            witness: sea_orm::Database::connect(witness).await.unwrap(),
            folder,
            _ground: ground,
        }
    }

    /// The use cases, to be put together in another way.
    pub(crate) fn api(&self) -> Api {
        self.rookery.api().clone()
    }

    /// What a request from this network costs and gives back.
    pub(crate) async fn ask(&self, network: u32, path: &str, body: &serde_json::Value) -> Entry {
        self.ask_of(&self.api(), network, path, body).await
    }

    /// The same, by somebody who is signed in.
    pub(crate) async fn ask_as(&self, token: &str, network: u32, path: &str, body: &serde_json::Value) -> Entry {
        self.entry(&self.api(), Some(token), network, path, body).await
    }

    /// The same, of a service put together in another way.
    pub(crate) async fn ask_of(&self, api: &Api, network: u32, path: &str, body: &serde_json::Value) -> Entry {
        self.entry(api, None, network, path, body).await
    }

    async fn entry(&self, api: &Api, token: Option<&str>, network: u32, path: &str, body: &serde_json::Value) -> Entry {
        let service = test::init_service(App::new().configure(rookery_api::configure(api))).await;
        let [a, b, c, d] = network.to_be_bytes();
        let mut request = test::TestRequest::post()
            .uri(path)
            .peer_addr(SocketAddr::from(([0x0a | a, b, c, d], 50_000)))
            .insert_header((CONTENT_TYPE, "application/json"))
            .set_payload(body.to_string());
        if let Some(token) = token {
            request = request.insert_header((AUTHORIZATION, format!("Bearer {token}")));
        }
        let request = request.to_request();
        let (mails, events) = (
            self.count("rookery_outbox").await,
            self.count("rookery_audit_events").await,
        );
        self.work.statements.lock().unwrap().clear();
        self.work.hashes.store(0, Ordering::Relaxed);
        let response = test::call_service(&service, request).await;
        let statements = std::mem::take(&mut *self.work.statements.lock().unwrap());
        let hashes = self.work.hashes.load(Ordering::Relaxed);
        let mails = self.count("rookery_outbox").await - mails;
        let events = self.count("rookery_audit_events").await - events;
        Entry::of(response, hashes, statements, mails, events).await
    }

    /// Status and body, of a request among others.
    pub(crate) async fn answer(&self, path: &str, body: &serde_json::Value) -> (u16, String) {
        let service = test::init_service(App::new().configure(rookery_api::configure(&self.api()))).await;
        let request = test::TestRequest::post()
            .uri(path)
            .insert_header((CONTENT_TYPE, "application/json"))
            .set_payload(body.to_string())
            .to_request();
        let response = test::call_service(&service, request).await;
        let status = response.status().as_u16();
        (
            status,
            String::from_utf8_lossy(&test::read_body(response).await).into_owned(),
        )
    }

    /// By the service's own clock.
    pub(crate) fn now(&self) -> rookery_core::domain::Timestamp {
        self.rookery.api().clock.now()
    }

    /// Changes rows past the service.
    pub(crate) async fn change(&self, sql: &str, values: Vec<Value>) {
        let statement = Statement::from_sql_and_values(self.witness.get_database_backend(), sql, values);
        let changed = self.witness.execute_raw(statement).await.unwrap();
        assert!(changed.rows_affected() > 0, "{sql}");
    }

    /// Begins every count anew.
    pub(crate) async fn forget_counts(&self) {
        let sql = "DELETE FROM rookery_throttle_counters";
        let statement = Statement::from_string(self.witness.get_database_backend(), sql);
        self.witness.execute_raw(statement).await.unwrap();
    }

    /// Makes an account by a sign-up like any other.
    pub(crate) async fn sign_up(&self, network: u32, email: &str) {
        let body = json!({ "email": email, "password": super::PASSWORD });
        assert_eq!(self.ask(network, "/api/auth/signup", &body).await.status, 202);
    }

    /// A session of somebody with the usual password, by its token.
    pub(crate) async fn session_of(&self, email: &str) -> String {
        let service = test::init_service(App::new().configure(rookery_api::configure(&self.api()))).await;
        let request = test::TestRequest::post()
            .uri("/api/auth/login")
            .insert_header((CONTENT_TYPE, "application/json"))
            .set_payload(json!({ "email": email, "password": super::PASSWORD }).to_string())
            .to_request();
        let response = test::call_service(&service, request).await;
        let mut cookies = response
            .headers()
            .get_all(SET_COOKIE)
            .map(|cookie| cookie.to_str().unwrap());
        let session = cookies.find_map(|cookie| cookie.strip_prefix("sid="));
        let session = session.unwrap_or_else(|| panic!("{email} is not signed in"));
        session.split(';').next().unwrap().to_owned()
    }

    /// Rows of a table.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        let statement = Statement::from_string(self.witness.get_database_backend(), sql);
        let row = self.witness.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
