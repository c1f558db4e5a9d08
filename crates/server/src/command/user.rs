//! `rookery user`: accounts in an operator's hands.

mod create;

use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use rookery_core::ports::{Account, AccountChange};
use rookery_core::{AdministrationError, Intervention, OperateError, Overseer, PortError, Whom};
use rookery_domain::{EmailAddress, Reason, Timestamp};
use serde_json::json;

use super::Failure;
use super::admin::user_of_this_machine;
use super::on_database::rookery_on_the_database;
use super::outcome::{Told, print, print_json};
use crate::compose::Rookery;
use crate::configuration::Configuration;

const EXAMPLES: &str = "\
Examples:
  rookery user create ada@example.com --name 'Ada Lovelace' --verified
  rookery user create ada@example.com --password-stdin < password.txt
  rookery user show ada@example.com --json
  rookery user disable ada@example.com      ends every session, too
  rookery user hold ada@example.com --reason 'court order 7/2026'";

/// Make, show or change an account
///
/// Works on the database directly, whether or not a server runs on it; mails are sent by the server. Every change is
/// written to the audit log.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct User {
    #[command(subcommand)]
    deed: Deed,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Make an account, as a sign-up would; the password comes from the terminal or standard input
    Create(create::Create),
    /// Show an account
    Show(Whose),
    /// Take an account's address for verified
    Verify(Whose),
    /// Refuse every sign-in to an account and end its sessions
    Disable(Whose),
    /// Allow signing in to an account again
    Enable(Whose),
    /// Put an account on legal hold: it is not erased, and nothing of it is swept away, until it is released
    Hold(Hold),
    /// Release an account from legal hold
    Release(Whose),
}

#[derive(Debug, Args)]
struct Whose {
    /// The account's address
    email: EmailAddress,
}

#[derive(Debug, Args)]
struct Hold {
    /// The account's address
    email: EmailAddress,
    /// Why; for operators alone
    #[arg(long, value_parser = Reason::parse)]
    reason: Reason,
}

impl Told for AdministrationError {}
impl Told for OperateError {}
impl Told for PortError {}

impl User {
    pub(super) async fn run(self, configuration: &Configuration) -> Result<(), Failure> {
        let prepared = match self.deed {
            Deed::Create(create) => Prepared::Create(Box::new(create.prepare(configuration)?)),
            Deed::Show(Whose { email }) => Prepared::Show(email),
            Deed::Verify(Whose { email }) => Prepared::Change(email, AccountChange::Verify),
            Deed::Disable(Whose { email }) => Prepared::Change(email, AccountChange::Disable),
            Deed::Enable(Whose { email }) => Prepared::Change(email, AccountChange::Enable),
            Deed::Hold(Hold { email, reason }) => Prepared::Hold(email, reason),
            Deed::Release(Whose { email }) => Prepared::Release(email),
        };
        let rookery = rookery_on_the_database(configuration).await?;
        let account = prepared.run(&rookery).await;
        rookery.close().await;
        tell(&account?, self.json)
    }
}

/// A deed whose arguments make sense.
enum Prepared {
    Create(Box<create::NewAccount>),
    Show(EmailAddress),
    Change(EmailAddress, AccountChange),
    Hold(EmailAddress, Reason),
    Release(EmailAddress),
}

impl Prepared {
    async fn run(self, rookery: &Rookery) -> Result<Account, Failure> {
        let administration = rookery.administration();
        Ok(match self {
            Self::Create(account) => account.make(administration).await?,
            Self::Show(email) => administration.show(&email).await?,
            Self::Change(email, change) => administration.change(&email, change).await?,
            Self::Hold(email, reason) => intervene(rookery, email, Intervention::Hold, Some(reason)).await?,
            Self::Release(email) => intervene(rookery, email, Intervention::Release, None).await?,
        })
    }
}

/// What `rookery admin` does by the same name.
async fn intervene(
    rookery: &Rookery,
    email: EmailAddress,
    what: Intervention,
    why: Option<Reason>,
) -> Result<Account, Failure> {
    let by = Overseer::at_the_command_line(user_of_this_machine());
    let whom = Whom::Address(email.clone());
    rookery.oversight().intervene(&by, &whom, what, why).await?;
    Ok(rookery.administration().show(&email).await?)
}

fn tell(account: &Account, as_json: bool) -> Result<(), Failure> {
    let time = |at: Timestamp| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    if as_json {
        return print_json(&json!({
            "id": account.user,
            "email": account.email.as_str(),
            "name": account.name,
            "emailVerified": account.email_verified.map(time),
            "disabled": account.disabled.map(time),
            "createdAt": time(account.created),
            "lastLogin": account.last_login.map(time),
            "sessions": account.sessions,
        }));
    }
    let or = |at: Option<Timestamp>, otherwise: &str| at.map_or_else(|| otherwise.to_owned(), time);
    print(&format!(
        "id          {}\nemail       {}\nname        {}\nverified    {}\ndisabled    {}\ncreated     {}\nlast login  {}\nsessions    {}",
        account.user,
        account.email,
        account.name.as_deref().unwrap_or("-"),
        or(account.email_verified, "no"),
        or(account.disabled, "no"),
        time(account.created),
        or(account.last_login, "never"),
        account.sessions,
    ))
}
