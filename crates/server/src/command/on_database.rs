//! The service for a command that works on the database directly, whether or not a server runs.

use std::io::{self, Write};

use super::Failure;
use crate::compose::Rookery;
use crate::configuration::Configuration;
use crate::telemetry;

/// Composes it, with a log of warnings and errors alone, for the command's answer is what matters. A command that finds no
/// embedded database makes one, as `serve` does, and says so: whoever asks in the wrong directory, or without the server's
/// environment, should not take an empty database for the server's.
pub(super) async fn rookery_on_the_database(configuration: &Configuration) -> Result<Rookery, Failure> {
    telemetry::start(&configuration.log.at_most_warnings());
    let made = configuration.database.made_here.as_ref().filter(|file| !file.exists());
    let public_url = configuration.http.public_url_at(configuration.listen);
    let rookery = Rookery::compose(configuration, &public_url).await?;
    if let Some(file) = made {
        let file = file.display();
        // When standard error is closed nobody is there to be told.
        let _ = writeln!(
            io::stderr(),
            "rookery: there was no database yet, {file} is new and empty"
        );
    }
    Ok(rookery)
}
