//! The whole service on a free port of this machine, in a thread of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rookery_server::{Application, Configuration, Sources, StopHandle};
use serde_json::Value;

use super::browser::Browser;
use super::database::TestDatabase;

/// A mail is in the mailbox long before that.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running service. Stopped in order when it is dropped.
pub(crate) struct TestApp {
    base: String,
    stop: StopHandle,
    thread: Option<JoinHandle<std::io::Result<()>>>,
    folder: PathBuf,
    /// Goes after the server that uses it.
    database: TestDatabase,
}

impl TestApp {
    /// On this database, with nothing else configured.
    pub(crate) fn on(database: TestDatabase) -> Self {
        Self::with(database, &[])
    }

    /// On this database, with these variables set.
    #[track_caller]
    pub(crate) fn with(database: TestDatabase, variables: &[(&str, &str)]) -> Self {
        let folder = new_folder();
        let configuration = configuration(&folder, &database.url(), variables);
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let application = Application::build(&configuration)
                    .await
                    .unwrap_or_else(|error| panic!("it does not start: {error}"));
                let address = application.local_addr();
                tell.send((address, application.handle())).unwrap();
                application.run_until_stopped().await
            })
        });
        let (address, stop) = told.recv().unwrap();
        Self {
            base: format!("http://{address}"),
            stop,
            thread: Some(thread),
            folder,
            database,
        }
    }

    /// Changes rows behind the service's back.
    pub(crate) fn execute(&self, sql: &str) -> u64 {
        self.database.execute(sql)
    }

    /// Reads rows behind the service's back: the first column, which is text.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        self.database.texts(sql)
    }

    /// Whether it is on PostgreSQL, for what is said to the database itself.
    pub(crate) const fn is_on_postgres(&self) -> bool {
        matches!(self.database, TestDatabase::Postgres(_))
    }

    /// A browser that knows nothing yet.
    pub(crate) fn browser(&self) -> Browser {
        Browser::visiting(&self.base)
    }

    /// The newest mail of this kind to this address, as soon as it is there.
    #[track_caller]
    pub(crate) fn mail(&self, to: &str, kind: &str) -> Value {
        let begun = Instant::now();
        loop {
            let mails = self.mails(to);
            if let Some(mail) = mails.into_iter().find(|mail| mail["kind"] == kind) {
                return mail;
            }
            assert!(begun.elapsed() < PATIENCE, "no {kind} mail to {to}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// All mails to this address, the newest first.
    pub(crate) fn mails(&self, to: &str) -> Vec<Value> {
        let mails = self.browser().get(&format!("/dev/mailbox.json?to={to}")).expect(200);
        mails.json().as_array().unwrap().clone()
    }

    /// Stops it and waits until it has come to its end.
    pub(crate) fn stop(mut self) -> std::io::Result<()> {
        self.stop.stop();
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A configuration for tests: any free port, its own data directory, what is given on top.
pub(crate) fn configuration(folder: &std::path::Path, database: &str, variables: &[(&str, &str)]) -> Configuration {
    let folder = folder.display().to_string();
    let defaults = [
        ("ROOKERY_LISTEN", "127.0.0.1:0"),
        ("ROOKERY_DATA_DIR", folder.as_str()),
        ("ROOKERY_MIGRATE_AT_START", "true"),
        ("ROOKERY_RATE_LIMITS", "off"),
        ("DATABASE_URL", database),
    ];
    let variables = defaults
        .iter()
        .filter(|(name, _)| variables.iter().all(|(other, _)| other != name))
        .chain(variables)
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    Configuration::read(&Sources {
        variables,
        ..Sources::default()
    })
    .unwrap()
}

/// A folder nobody else uses.
pub(crate) fn new_folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("rookery-app-{}-{count}", std::process::id()))
}
