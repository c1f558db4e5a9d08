//! Starting, killing and starting again what was built.

use std::fs::{File, OpenOptions};
use std::io;
use std::net::TcpListener;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::client::Client;
use super::database::Database;
use super::folder::Folder;
use super::mail_server::MailServer;
use super::patience::{any_below, within};

/// A debug build on a loaded machine takes a moment.
const START: Duration = Duration::from_secs(30);
/// How often another port is tried when somebody took the one that was free.
const ATTEMPTS: u32 = 4;

/// What stays when a server dies: its database, its data directory, its settings, its log.
#[derive(Debug)]
pub(crate) struct Installation {
    pub(crate) database: Database,
    folder: Folder,
    settings: Vec<(&'static str, String)>,
}

impl Installation {
    /// On this database, without rate limits and with a log of everything from `debug` up. On PostgreSQL another role than the
    /// server's owns the tables, has migrated, and has given the server's role what it needs.
    pub(crate) fn on(database: Database) -> Self {
        let url = database.url().unwrap_or_default().to_owned();
        let installation = Self::connecting_to(&url, database);
        if let Some((owner, role)) = installation.database.owner() {
            let mut migrate = installation.command(&["migrate", "up", "--grant-to", role]);
            let told = migrate.env("DATABASE_URL", owner).output().unwrap();
            assert!(told.status.success(), "{told:?}");
        }
        installation
    }

    /// The same, with one role that migrates, owns the tables and serves.
    pub(crate) fn as_the_owner(database: Database) -> Self {
        let url = database.owner().map(|(url, _)| url).unwrap_or_default().to_owned();
        Self::connecting_to(&url, database)
    }

    fn connecting_to(url: &str, database: Database) -> Self {
        let installation = Self {
            database,
            folder: Folder::new("installation"),
            settings: Vec::new(),
        };
        installation
            .with("DATABASE_URL", url)
            .with("ROOKERY_MIGRATE_AT_START", "true")
            .with("ROOKERY_RATE_LIMITS", "off")
            .with("ROOKERY_LOG", "debug")
            .with("ROOKERY_LOG_FORMAT", "json")
    }

    /// The database, for looking into when no server runs on it any more.
    pub(crate) fn into_database(mut self) -> Database {
        std::mem::replace(&mut self.database, Database::sqlite())
    }

    /// With nothing configured: the embedded database in the data directory, the mailbox for developers.
    pub(crate) fn bare() -> Self {
        Self {
            database: Database::sqlite(),
            folder: Folder::new("installation"),
            settings: Vec::new(),
        }
    }

    /// With a setting more, or another value for it.
    pub(crate) fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.settings.retain(|(name, _)| *name != variable);
        self.settings.push((variable, value.into()));
        self
    }

    /// Sending its mail to this server.
    pub(crate) fn mailing_to(self, server: &MailServer) -> Self {
        self.with_smtp(server.port())
    }

    /// Sending its mail to whatever listens on this port.
    pub(crate) fn with_smtp(self, port: u16) -> Self {
        self.with("ROOKERY_SMTP_URL", format!("smtp://127.0.0.1:{port}"))
            .with("ROOKERY_MAIL_FROM", "Rookery <no-reply@rookery.example>")
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        match &self.database {
            Database::Sqlite(folder) => folder.path().join("data"),
            Database::Postgres { .. } => self.folder.path().join("data"),
        }
    }

    /// Where the binary is run, and a `rookery.toml` would be found.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The binary with these arguments in this installation's environment, and nothing else in it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rookery"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("ROOKERY_DATA_DIR", self.data_dir())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Starts a server and waits until it is ready.
    ///
    /// # Panics
    /// When it does not come up; says what it wrote.
    pub(crate) fn start(&self) -> Rookery {
        self.start_as(|| self.launch())
    }

    /// Starts a server under the limits these words of the shell set, and waits until it is ready.
    pub(crate) fn start_under(&self, limits: &str) -> Rookery {
        self.start_as(|| {
            let serve = self.command(&["serve"]);
            let mut shell = Command::new("sh");
            shell
                .args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")])
                .arg(serve.get_program())
                .args(serve.get_args())
                .current_dir(self.folder.path())
                .env_clear()
                .envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
            self.spawn(shell)
        })
    }

    fn start_as(&self, launch: impl Fn() -> Rookery) -> Rookery {
        let mut rookery = launch();
        for _ in 1..ATTEMPTS {
            match rookery.come_up() {
                Ok(()) => return rookery,
                Err(_) if self.log().contains("in use") => rookery = launch(),
                Err(error) => panic!("{error}; it wrote:\n{}", self.log()),
            }
        }
        panic!("no free port; it wrote:\n{}", self.log());
    }

    /// Starts a server and does not wait for it.
    pub(crate) fn launch(&self) -> Rookery {
        self.spawn(self.command(&["serve"]))
    }

    fn spawn(&self, mut command: Command) -> Rookery {
        let port = free_port();
        let log = self.open_log().unwrap();
        command
            .env("ROOKERY_LISTEN", format!("127.0.0.1:{port}"))
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        Rookery {
            process: command.spawn().unwrap(),
            port,
            client: Client::new(format!("http://127.0.0.1:{port}")),
        }
    }

    /// All that the servers of this installation have written, to both outputs.
    pub(crate) fn log(&self) -> String {
        let bytes = std::fs::read(self.log_path()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn open_log(&self) -> io::Result<File> {
        OpenOptions::new().create(true).append(true).open(self.log_path())
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

/// Whatever a test was about: nothing in the server panicked, and nothing went wrong that it has no name for.
impl Drop for Installation {
    fn drop(&mut self) {
        let log = self.log();
        let wrong = log.contains("panicked") || log.contains("INTERNAL_ERROR");
        assert!(
            !wrong || std::thread::panicking(),
            "something broke in the server:\n{log}"
        );
    }
}

/// A running server, which is a client of itself. Killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Rookery {
    process: Child,
    port: u16,
    client: Client,
}

impl Rookery {
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Waits until it is ready.
    pub(crate) fn come_up(&mut self) -> Result<(), String> {
        let ready = || {
            self.client
                .get("/api/health/ready")
                .attempt()
                .is_ok_and(|answer| answer.status == 200)
        };
        let outcome = within(START, || match self.process.try_wait() {
            Ok(Some(status)) => Some(Err(format!("it ended with {status}"))),
            _ => ready().then_some(Ok(())),
        });
        outcome.unwrap_or_else(|| Err(format!("it was not ready within {START:?}")))
    }

    /// Kills it with `SIGKILL`: it learns nothing of it.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to end, as a service manager does.
    pub(crate) fn terminate(&self) {
        kill_process(Pid::from_child(&self.process), Signal::TERM).unwrap();
    }

    /// How it ended, if it did in time.
    pub(crate) fn ended_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        within(patience, || self.process.try_wait().unwrap())
    }

    /// The memory it has in use, in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// The processor time it has used, in all its threads.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // Behind the name, which may hold anything: state, 10 more, then user and system time in hundredths of a second.
        let numbers = stat.rsplit_once(") ").unwrap().1.split(' ').skip(11).take(2);
        numbers.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }
}

impl Deref for Rookery {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Rookery {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port nobody listens on, outside the range outgoing connections are given, so that none of them takes it.
pub(crate) fn free_port() -> u16 {
    within(Duration::from_secs(5), || {
        let port = 10_000 + u16::try_from(any_below(20_000)).ok()?;
        TcpListener::bind(("127.0.0.1", port)).is_ok().then_some(port)
    })
    .unwrap()
}
