//! The command line.

mod admin;
mod check_config;
mod erasures;
mod healthcheck;
mod migrate;
mod on_database;
mod openapi;
mod outcome;
mod serve;
mod typed_password;
mod user;
mod webhook;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::configuration::{Configuration, Sources};
pub use outcome::{EX_CONFIG, Failure};

const EXAMPLES: &str = "\
Examples:
  rookery                                   serve on 127.0.0.1:8080 with an embedded database, nothing to set up
  rookery --listen 127.0.0.1:9000           serve elsewhere
  rookery check-config                      what is configured, and where each value comes from
  DATABASE_URL=postgres://… rookery migrate up
  rookery user create ada@example.com --name Ada < password.txt
  rookery admin grant ada@example.com --role support
  rookery webhook add https://example.com/hooks

Settings come from flags, then the environment (ROOKERY_…, DATABASE_URL), then rookery.toml. Secrets are never flags:
every user of the machine can read those.

Exit codes:
  0   done
  1   failed
  2   the command line makes no sense
  78  the configuration makes no sense; nothing was done";

/// The user-account backend: sign-up, login, sessions, verification, recovery, profile.
#[derive(Debug, Parser)]
#[command(name = "rookery", version, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Cli {
    /// Bring the database's schema up to date first (as `serve --migrate`)
    #[arg(long)]
    migrate: bool,

    #[command(flatten)]
    settings: SettingFlags,

    #[command(subcommand)]
    command: Option<Command>,
}

/// Settings that may stand on the command line. The strongest source there is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
struct SettingFlags {
    /// The configuration file [default: rookery.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen, such as 127.0.0.1:8080; port 0 is any free one
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Where people reach the service
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// Where the embedded database and the generated secret key are kept
    #[arg(long, global = true, value_name = "DIRECTORY")]
    data_dir: Option<String>,
    /// development or production
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// What to log, such as info, debug, or a level for each module
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// pretty or json
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (what happens without a command)
    Serve(serve::Serve),
    /// Bring the database's schema up to date, take steps back, or see where it stands
    Migrate(migrate::Migrate),
    /// Show every setting that holds and where it comes from, without secrets
    CheckConfig(check_config::CheckConfig),
    /// Print the OpenAPI document
    Openapi(openapi::OpenApi),
    /// Make, show or change an account
    User(user::User),
    /// Show what has been erased, or erase it again after a backup was restored
    Erasures(erasures::Erasures),
    /// Make people staff, look at accounts, suspend and restore them
    Admin(admin::Admin),
    /// Tell other systems what happens to accounts
    Webhook(webhook::Webhook),
    /// Ask the server that listens on the configured address whether it is ready
    Healthcheck(healthcheck::HealthCheck),
}

impl Cli {
    fn sources(&self) -> Sources {
        let flags = &self.settings;
        let migrate = match &self.command {
            None => self.migrate,
            Some(Command::Serve(serve)) => self.migrate || serve.migrate,
            Some(_) => false,
        };
        let given = [
            ("listen", flags.listen.clone()),
            ("http.public_url", flags.public_url.clone()),
            ("data_dir", flags.data_dir.clone()),
            ("profile", flags.profile.clone()),
            ("log.filter", flags.log.clone()),
            ("log.format", flags.log_format.clone()),
            ("database.migrate_at_start", migrate.then(|| "true".to_owned())),
        ];
        let flags = given
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
            .collect();
        Sources::of_process(flags, self.settings.config.clone())
    }
}

/// Does what a command line asks for and says how it went, also with the exit code.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(refusal) => {
            // Help and version are "errors" too, for standard output and with exit code 0. Nobody is left to be told when
            // the output is closed.
            let _ = refusal.print();
            return ExitCode::from(u8::try_from(refusal.exit_code()).unwrap_or(2));
        }
    };
    // On the heap: it holds every part of the service while that is being put together.
    match Box::pin(execute(cli)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

async fn execute(cli: Cli) -> Result<(), Failure> {
    // Needs no configuration, so a wrong one is no hindrance.
    if let Some(Command::Openapi(_)) = cli.command {
        return openapi::run();
    }
    let configuration = Configuration::read(&cli.sources())?;
    match cli.command {
        None => serve::Serve::default().run(&configuration).await,
        Some(Command::Serve(command)) => command.run(&configuration).await,
        Some(Command::Migrate(command)) => command.run(&configuration).await,
        Some(Command::CheckConfig(command)) => command.run(&configuration),
        Some(Command::User(command)) => command.run(&configuration).await,
        Some(Command::Erasures(command)) => command.run(&configuration).await,
        Some(Command::Admin(command)) => command.run(&configuration).await,
        Some(Command::Webhook(command)) => command.run(&configuration).await,
        Some(Command::Healthcheck(command)) => command.run(&configuration),
        Some(Command::Openapi(_)) => openapi::run(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::configuration::SETTINGS;

    fn flags(arguments: &[&str]) -> Vec<(&'static str, String)> {
        let all = [&["rookery"], arguments].concat();
        Cli::try_parse_from(all).unwrap().sources().flags
    }

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_may_stand_before_and_after_the_command() {
        let expected = [("listen", "127.0.0.1:1".to_owned())];
        assert_eq!(flags(&["--listen", "127.0.0.1:1"]), expected);
        assert_eq!(flags(&["--listen", "127.0.0.1:1", "serve"]), expected);
        assert_eq!(flags(&["serve", "--listen", "127.0.0.1:1"]), expected);
        assert_eq!(flags(&["migrate", "up", "--listen", "127.0.0.1:1"]), expected);
    }

    #[test]
    fn every_flag_is_a_setting_under_the_name_complaints_use() {
        let cli = [
            ("--listen", "a"),
            ("--public-url", "b"),
            ("--data-dir", "c"),
            ("--profile", "d"),
            ("--log", "e"),
            ("--log-format", "f"),
        ];
        for (flag, value) in cli {
            let given = flags(&[flag, value]);
            let setting = SETTINGS.iter().find(|setting| setting.key == given[0].0).unwrap();
            assert_eq!(crate::configuration::Origin::Flag.name(setting), flag);
            assert_eq!(given[0].1, value);
        }
        let migrate = [("database.migrate_at_start", "true".to_owned())];
        assert_eq!(flags(&["--migrate"]), migrate);
        assert_eq!(flags(&["serve", "--migrate"]), migrate);
    }

    /// What a command is for stands before what holds for all of them.
    #[test]
    fn help_keeps_a_command_s_own_options_apart_from_the_settings() {
        let refused = Cli::try_parse_from(["rookery", "admin", "suspend", "--help"]).unwrap_err();
        let help = refused.to_string();
        let own = help.find("--reason").unwrap();
        let settings = help.find("Settings:").unwrap();
        assert!(own < settings && settings < help.find("--config").unwrap(), "{help}");
    }

    #[test]
    fn no_flag_takes_a_secret() {
        let mut commands = vec![Cli::command()];
        while let Some(command) = commands.pop() {
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                let takes_value = argument.get_action().takes_values();
                let secret = ["password", "secret", "key", "pepper", "token", "database", "smtp"]
                    .iter()
                    .any(|word| id.contains(word));
                assert!(!(secret && takes_value), "{} {id}", command.get_name());
            }
            commands.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        for arguments in [
            &["rookery", "--nonsense"][..],
            &["rookery", "sing"],
            &["rookery", "migrate"],
            &["rookery", "migrate", "down", "--steps", "0"],
            &["rookery", "user", "create"],
            &["rookery", "serve", "extra"],
        ] {
            assert_eq!(
                Cli::try_parse_from(arguments).unwrap_err().exit_code(),
                2,
                "{arguments:?}"
            );
        }
    }
}
