//! `rookery migrate`: the database's schema, forwards and back.

use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use rookery_store::MigrationStatus;
use serde_json::{Value, json};

use super::Failure;
use super::outcome::{print, print_json};
use crate::configuration::Configuration;
use crate::schema::connect;

const EXAMPLES: &str = "\
Examples:
  rookery migrate status
  rookery migrate up
  rookery migrate up --grant-to rookery     as the owner of the tables, for the PostgreSQL role the server connects as
  rookery migrate down --steps 1            takes the data of what it undoes with it

Any number of nodes may migrate at once: one does the work, the others wait for it. A migration that fails leaves the
schema as it was.";

/// Bring the database's schema up to date, take steps back, or see where it stands
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Migrate {
    #[command(subcommand)]
    direction: Direction,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Direction {
    /// Apply what is missing
    Up {
        /// Then give this PostgreSQL role what the server needs, and no more (also `ROOKERY_DATABASE_ROLE`)
        #[arg(long, value_name = "ROLE")]
        grant_to: Option<String>,
    },
    /// Take the newest migrations back, with the data in their tables
    Down {
        /// How many
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
    },
    /// List every migration and whether it has been applied
    Status,
}

impl Migrate {
    pub(super) async fn run(self, configuration: &Configuration) -> Result<(), Failure> {
        let database = connect(configuration).await?;
        let told = match self.direction {
            Direction::Up { ref grant_to } => {
                let applied = database.migrate_up().await?;
                let role = grant_to.as_ref().or(configuration.database.role.as_ref());
                let granted = match role {
                    Some(role) => database.grant_to(role).await,
                    None => Ok(()),
                };
                // What was applied stays, and is told, when there is nobody to give rights to.
                self.tell_up(&applied, role.filter(|_| granted.is_ok()))?;
                granted.map_err(Failure::from)
            }
            Direction::Down { steps } => {
                self.tell_names("undone", "nothing to undo", &database.migrate_down(steps).await?)
            }
            Direction::Status => self.tell_status(&database.migration_status().await?),
        };
        database.close().await;
        told
    }

    fn tell_up(&self, applied: &[String], role: Option<&String>) -> Result<(), Failure> {
        if let (true, Some(role)) = (self.json, role) {
            return print_json(&json!({ "applied": applied, "grantedTo": role }));
        }
        self.tell_names("applied", "nothing to apply", applied)?;
        role.map_or(Ok(()), |role| {
            print(&format!("granted to {role} what the server needs"))
        })
    }

    fn tell_names(&self, deed: &str, nothing: &str, names: &[String]) -> Result<(), Failure> {
        if self.json {
            return print_json(&json!({ deed: names }));
        }
        if names.is_empty() {
            return print(nothing);
        }
        names.iter().try_for_each(|name| print(&format!("{deed} {name}")))
    }

    fn tell_status(&self, migrations: &[MigrationStatus]) -> Result<(), Failure> {
        let when = |migration: &MigrationStatus| {
            migration
                .applied_at
                .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
        };
        if self.json {
            let all: Vec<Value> = migrations
                .iter()
                .map(|migration| json!({ "name": migration.name, "applied": migration.applied, "appliedAt": when(migration) }))
                .collect();
            return print_json(&json!({ "migrations": all }));
        }
        let width = migrations
            .iter()
            .map(|migration| migration.name.len())
            .max()
            .unwrap_or(0);
        for migration in migrations {
            let state = match (migration.applied, when(migration)) {
                (false, _) => "pending".to_owned(),
                (true, None) => "applied".to_owned(),
                (true, Some(at)) => format!("applied {at}"),
            };
            print(&format!("{:width$}  {state}", migration.name))?;
        }
        Ok(())
    }
}
