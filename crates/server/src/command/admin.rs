//! `rookery admin`: who is staff, and what staff see and do, from the command line.

mod telling;

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};

use clap::{Args, Subcommand};
use rookery_core::ports::{EventFilter, OversightFilter, Wanted};
use rookery_core::{Intervention, Overseer, Oversight, OversightError, Staff, StaffError, Whom};
use rookery_domain::{EmailAddress, Reason, SearchText, StaffRole, TenantId, UserId};

use super::Failure;
use super::on_database::rookery_on_the_database;
use super::outcome::Told;
use crate::configuration::Configuration;

use telling::Telling;

const EXAMPLES: &str = "\
Examples:
  rookery admin grant ada@example.com --role support
  rookery admin list
  rookery admin find ada                    by the beginning of an address or a name, a whole address, or an id
  rookery admin show ada@example.com --reason 'Ticket 4711'
  rookery admin end-sessions ada@example.com --reason 'Ticket 4711: laptop stolen'
  rookery admin send-reset ada@example.com --reason 'Ticket 4711'
  rookery admin suspend ada@example.com --reason 'Spam, case 12'
  rookery admin restore ada@example.com --reason 'Case 12 was a mistake'
  rookery admin hold ada@example.com --reason 'Court order 7/2026'
  rookery admin erase ada@example.com --reason 'Case 12: asked for by letter'
  rookery admin log --limit 50 --json

Roles:
  auditor   looks: find, show, log
  support   also ends sessions and sends mails that reset a password or verify an address
  operator  also suspends, restores, holds, releases and erases accounts

Whoever is staff uses /api/admin with an account of their own: with a verified address and a second factor. What is done here is
done by the operator of the service, to anybody, and written to the same log under the name of the user of this machine.

Exit codes:
  0   done
  1   refused or failed; nothing has changed
  2   the command line makes no sense
  78  the configuration makes no sense; nothing was done";

/// Make people staff, look at accounts, suspend and restore them
///
/// Works on the database directly, whether or not a server runs on it; mails are sent by the server. Every look and every change
/// is written to the audit log.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Admin {
    #[command(subcommand)]
    deed: Deed,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Make somebody staff, or give them another role
    Grant(Grant),
    /// Take somebody's role away
    Revoke(Revoke),
    /// List the staff
    List,
    /// Search for people
    Find(Find),
    /// Show an account
    Show(Look),
    /// Search for tenants
    FindTenants(Find),
    /// Show a tenant
    ShowTenant(LookAtTenant),
    /// Shut an account: every session ends, every sign-in is refused
    Suspend(Change),
    /// Open an account again
    Restore(Change),
    /// Put an account on legal hold: it is not erased, and nothing of it is swept away, until it is released
    Hold(Change),
    /// Release an account from legal hold
    Release(Change),
    /// Erase an account at once and for good; asks before, at the terminal
    Erase(Erase),
    /// End all sessions of an account; its owner gets a mail
    EndSessions(Change),
    /// Send the mail that leads to a new password
    SendReset(Change),
    /// Send the mail that verifies the address
    SendVerification(Change),
    /// Show what staff did, the newest first
    Log(Log),
}

#[derive(Debug, Args)]
struct Grant {
    /// The account's address
    email: EmailAddress,
    /// auditor, support or operator
    #[arg(long)]
    role: StaffRole,
}

#[derive(Debug, Args)]
struct Revoke {
    /// The account's address
    email: EmailAddress,
}

#[derive(Debug, Args)]
struct Find {
    /// What to look for; everything without
    #[arg(value_parser = SearchText::parse)]
    query: Option<SearchText>,
    /// At most this many
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Why
    #[arg(long, value_parser = Reason::parse)]
    reason: Option<Reason>,
}

#[derive(Debug, Args)]
struct Look {
    /// The account's address or id
    #[arg(value_parser = whom)]
    account: Whom,
    /// Why
    #[arg(long, value_parser = Reason::parse)]
    reason: Option<Reason>,
}

#[derive(Debug, Args)]
struct LookAtTenant {
    /// The tenant's id
    id: TenantId,
    /// Why
    #[arg(long, value_parser = Reason::parse)]
    reason: Option<Reason>,
}

#[derive(Debug, Args)]
struct Change {
    /// The account's address or id
    #[arg(value_parser = whom)]
    account: Whom,
    /// Why; goes into the log
    #[arg(long, value_parser = Reason::parse)]
    reason: Reason,
}

#[derive(Debug, Args)]
struct Erase {
    #[command(flatten)]
    change: Change,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
struct Log {
    /// At most this many
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Why
    #[arg(long, value_parser = Reason::parse)]
    reason: Option<Reason>,
}

fn whom(text: &str) -> Result<Whom, String> {
    if let Ok(user) = text.parse::<UserId>() {
        return Ok(Whom::Id(user));
    }
    EmailAddress::parse(text)
        .map(Whom::Address)
        .map_err(|_| "an email address or an id".to_owned())
}

impl Told for StaffError {}
impl Told for OversightError {}

impl Admin {
    pub(super) async fn run(self, configuration: &Configuration) -> Result<(), Failure> {
        let rookery = rookery_on_the_database(configuration).await?;
        let by = Overseer::at_the_command_line(user_of_this_machine());
        let telling = Telling { as_json: self.json };
        let done = self.deed.run(&by, rookery.staff(), rookery.oversight(), &telling).await;
        rookery.close().await;
        done
    }
}

impl Deed {
    async fn run(
        self,
        by: &Overseer,
        staff: &dyn Staff,
        oversight: &dyn Oversight,
        telling: &Telling,
    ) -> Result<(), Failure> {
        let (change, what) = match self {
            Self::Grant(Grant { email, role }) => return telling.granted(&staff.grant(by, &email, role).await?),
            Self::Revoke(Revoke { email }) => return telling.revoked(&staff.revoke(by, &email).await?),
            Self::List => return telling.staff(&staff.list().await?),
            Self::Find(find) => {
                let found = oversight.find(by, wanted(find.query, find.limit), find.reason).await?;
                return telling.accounts(&found.found);
            }
            Self::Show(look) => return telling.file(&oversight.show(by, &look.account, look.reason).await?),
            Self::FindTenants(find) => {
                let filter = wanted(find.query, find.limit);
                let found = oversight.find_tenants(by, filter, find.reason).await?;
                return telling.tenants(&found.found);
            }
            Self::ShowTenant(look) => {
                return telling.tenant_file(&oversight.show_tenant(by, &look.id, look.reason).await?);
            }
            Self::Log(log) => {
                let page = oversight.log(by, latest(log.limit), log.reason).await?;
                return telling.log(&page.events);
            }
            Self::Erase(Erase { change, yes }) => {
                let confirmation = if yes { change.account.clone() } else { named_again()? };
                let erasing = oversight.erase(by, &change.account, &confirmation, Some(change.reason));
                return telling.done(Intervention::Erase, &erasing.await?);
            }
            Self::Hold(change) => (change, Intervention::Hold),
            Self::Release(change) => (change, Intervention::Release),
            Self::Suspend(change) => (change, Intervention::Suspend),
            Self::Restore(change) => (change, Intervention::Restore),
            Self::EndSessions(change) => (change, Intervention::EndSessions),
            Self::SendReset(change) => (change, Intervention::SendPasswordReset),
            Self::SendVerification(change) => (change, Intervention::SendVerification),
        };
        let done = oversight
            .intervene(by, &change.account, what, Some(change.reason))
            .await?;
        telling.done(what, &done)
    }
}

/// The account once more, from whoever sits at the terminal. Where nobody can be asked it takes `--yes`.
fn named_again() -> Result<Whom, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::Failed(
            "nobody can be asked here; with --yes nobody is".to_owned(),
        ));
    }
    write!(
        io::stderr(),
        "This cannot be undone. The account's address or id, once more: "
    )?;
    io::stderr().flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    whom(line.trim()).map_err(|expected| Failure::Failed(format!("that is not {expected}; nothing has changed")))
}

/// By id, if it is one.
fn wanted<Id: std::str::FromStr>(query: Option<SearchText>, limit: u32) -> OversightFilter<Id> {
    OversightFilter {
        wanted: query.map(|text| text.as_str().parse().map_or(Wanted::Beginning(text), Wanted::Id)),
        behind: None,
        limit,
    }
}

const fn latest(limit: u32) -> EventFilter {
    EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None,
        limit,
    }
}

/// What whoever sits here is called on this machine, and whom they have become there: a help to remember, and no proof.
pub(super) fn user_of_this_machine() -> Option<String> {
    let name = |variable: &str| {
        let name = env::var(variable).ok()?;
        let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
        (!name.is_empty()).then_some(name)
    };
    let user = name("USER").or_else(|| name("LOGNAME"));
    match (name("SUDO_USER"), user) {
        (Some(before), Some(user)) => Some(format!("{before} as {user}")),
        (before, user) => before.or(user),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        deed: Deed,
    }

    #[test]
    fn a_change_needs_a_reason_and_an_account_and_a_role_is_one_there_is() {
        for line in [
            &["", "suspend", "ada@example.com"][..],
            &["", "suspend", "ada@example.com", "--reason", " "],
            &["", "suspend", "--reason", "spam"],
            &["", "end-sessions", "nobody", "--reason", "spam"],
            &["", "erase", "ada@example.com", "--yes"],
            &["", "hold", "ada@example.com"],
            &["", "grant", "ada@example.com"],
            &["", "grant", "ada@example.com", "--role", "owner"],
            &["", "find", "ada", "--limit", "0"],
        ] {
            assert!(Line::try_parse_from(line).is_err(), "{line:?}");
        }
        for line in [
            &["", "suspend", "ada@example.com", "--reason", "spam"][..],
            &["", "erase", "ada@example.com", "--reason", "case 12", "--yes"],
            &["", "show", "0199d2f0-7c00-7000-8000-000000000001"],
            &["", "grant", "ada@example.com", "--role", "operator"],
            &["", "find"],
        ] {
            assert!(Line::try_parse_from(line).is_ok(), "{line:?}");
        }
    }

    #[test]
    fn help_names_every_role() {
        for role in StaffRole::ALL {
            assert!(EXAMPLES.contains(role.as_str()), "{role}");
        }
    }
}
