//! `rookery serve`: serve until told to stop.

use std::io;

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};

use super::Failure;
use super::outcome::print;
use crate::application::Application;
use crate::configuration::Configuration;
use crate::telemetry;

/// Serve
///
/// On SIGTERM or SIGINT the server says that it is not ready any more, finishes what it has begun, and ends. A second
/// signal ends it at once.
#[derive(Debug, Default, Args)]
pub(super) struct Serve {
    /// Bring the database's schema up to date first
    #[arg(long)]
    pub(super) migrate: bool,
}

impl Serve {
    pub(super) async fn run(self, configuration: &Configuration) -> Result<(), Failure> {
        telemetry::start(&configuration.log);
        for note in configuration.notes() {
            warn!("{note}");
        }
        let mut signals = Signals::listen()?;
        let application = Application::build(configuration).await?;
        info!(address = %application.local_addr(), version = env!("CARGO_PKG_VERSION"), "listening");
        if !configuration.profile.is_production() {
            print(&where_to_look(&application, configuration))?;
        }

        let handle = application.handle();
        let running = application.run_until_stopped();
        tokio::pin!(running);
        tokio::select! {
            ended = &mut running => return Ok(ended?),
            () = signals.next() => info!("stopping: finishing what has begun; a second signal ends it at once"),
        }
        handle.stop();
        tokio::select! {
            ended = running => Ok(ended?),
            () = signals.next() => Err(Failure::Failed("ended at once by a second signal".to_owned())),
        }
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// What a newcomer wants to know.
fn where_to_look(application: &Application, configuration: &Configuration) -> String {
    let url = application.public_url().as_str().trim_end_matches('/');
    let mail = if application.rookery().mailbox().is_some() {
        format!("{url}/dev/mailbox (no mail server is configured: mails are shown there)")
    } else {
        "sent by the configured mail server".to_owned()
    };
    let database = if configuration.database.is_in_memory() {
        "in memory: gone when the server stops".to_owned()
    } else if let Some(file) = &configuration.database.made_here {
        file.display().to_string()
    } else if configuration.database.is_sqlite() {
        "SQLite".to_owned()
    } else {
        "PostgreSQL".to_owned()
    };
    let open = if configuration.pages.enabled {
        " (open it: the account pages are there)"
    } else {
        ""
    };
    format!(
        "\n  Rookery {version} is up, for development.\n\n  \
         address   {url}{open}\n  \
         API docs  {url}/api/docs\n  \
         mail      {mail}\n  \
         database  {database}\n  \
         stop      Ctrl-C\n",
        version = env!("CARGO_PKG_VERSION"),
    )
}
