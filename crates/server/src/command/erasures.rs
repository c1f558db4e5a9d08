//! `rookery erasures`: what has been erased, and erasing it again after a backup was restored.

use std::io::{self, BufRead};

use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use rookery_core::ports::ErasureReceipt;
use rookery_domain::{Timestamp, UserId};
use serde_json::json;

use super::Failure;
use super::on_database::rookery_on_the_database;
use super::outcome::{print, print_json};
use crate::compose::Rookery;
use crate::configuration::Configuration;

/// More than any installation will ever have.
const ALL: u64 = u32::MAX as u64;

const EXAMPLES: &str = "\
Examples:
  rookery erasures list > erasures.txt      keep it beside the backups, and not in them
  rookery erasures replay < erasures.txt    after a backup was restored, before the service is started again";

/// Show what has been erased, or erase it again after a backup was restored
///
/// Works on the database directly.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Erasures {
    #[command(subcommand)]
    deed: Deed,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// List the receipts, the latest first: the id of the account, when it was erased, and why
    List,
    /// Erase again the accounts whose ids stand at the beginning of the lines of standard input
    Replay,
}

impl Erasures {
    pub(super) async fn run(self, configuration: &Configuration) -> Result<(), Failure> {
        let replayed = match self.deed {
            Deed::List => None,
            Deed::Replay => Some(ids(io::stdin().lock())?),
        };
        let rookery = rookery_on_the_database(configuration).await?;
        let receipts = match replayed {
            None => rookery.deletion().receipts(ALL).await.map_err(Failure::from),
            Some(users) => replay(&rookery, &users).await,
        };
        rookery.close().await;
        tell(&receipts?, self.json)
    }
}

async fn replay(rookery: &Rookery, users: &[UserId]) -> Result<Vec<ErasureReceipt>, Failure> {
    let mut receipts = Vec::new();
    for user in users {
        receipts.extend(rookery.deletion().replay(user).await?);
    }
    Ok(receipts)
}

/// The first word of every line that is not blank.
fn ids(lines: impl BufRead) -> Result<Vec<UserId>, Failure> {
    let mut ids = Vec::new();
    for (place, line) in lines.lines().enumerate() {
        let line = line?;
        if let Some(word) = line.split_whitespace().next() {
            let id = word
                .parse()
                .map_err(|_| Failure::Failed(format!("line {} does not begin with an id", place + 1)))?;
            ids.push(id);
        }
    }
    Ok(ids)
}

fn tell(receipts: &[ErasureReceipt], as_json: bool) -> Result<(), Failure> {
    let time = |at: Timestamp| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    if as_json {
        let receipts: Vec<_> = receipts
            .iter()
            .map(|receipt| {
                json!({
                    "id": receipt.id,
                    "user": receipt.user,
                    "basis": receipt.basis,
                    "by": receipt.by.as_str(),
                    "requestedAt": receipt.requested.map(time),
                    "erasedAt": time(receipt.erased),
                    "counts": receipt.counts,
                })
            })
            .collect();
        return print_json(&receipts);
    }
    let lines: Vec<String> = receipts
        .iter()
        .map(|receipt| format!("{}  {}  {}", receipt.user, time(receipt.erased), receipt.basis))
        .collect();
    if lines.is_empty() {
        Ok(())
    } else {
        print(&lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_at_the_beginning_of_a_line() {
        let id = "0199d2f0-7c00-7000-8000-000000000001";
        let read = ids(format!("{id}  2025-10-27T12:00:00.000Z  asked\n\n  {id}\n").as_bytes()).unwrap();
        assert_eq!(read, [id.parse().unwrap(), id.parse().unwrap()]);
        let refused = ids(format!("{id}\nada@example.com\n").as_bytes());
        assert!(matches!(refused, Err(Failure::Failed(text)) if text == "line 2 does not begin with an id"));
    }
}
