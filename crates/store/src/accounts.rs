//! Accounts in `users` and the tables around it.

mod discreet;

use async_trait::async_trait;
use rookery_core::ports::{Account, AccountChange, AccountStore, AddressHolder, Admission, NewAccount};
use rookery_core::{AuditEvent, PortError};
use rookery_domain::{EmailAddress, Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement};

use crate::error::{Failure, Unique};
use crate::people::NewUser;
use crate::row::Columns;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, credentials, outbox, people, profiles, sessions, tenants, tokens, undos};

const TAKEN: &str = "SELECT user_id FROM rookery_addresses WHERE address = $1";

const FIND: &str = "SELECT u.id, u.email, u.name, u.email_verified, c.disabled_at, u.created, c.last_used_at, \
     (SELECT count(*) FROM rookery_sessions s WHERE s.user_id = u.id) \
     FROM rookery_addresses a \
     JOIN users u ON u.id = a.user_id AND u.deleted IS NULL \
     LEFT JOIN rookery_credentials c ON c.user_id = u.id \
     WHERE a.address = $1";

/// [`AccountStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlAccountStore(Database);

impl SqlAccountStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl AccountStore for SqlAccountStore {
    async fn is_taken(&self, email: &EmailAddress) -> Result<bool, PortError> {
        self.0
            .reading("accounts.is_taken", Scope::Service, |conn| async move {
                let conn = &*conn;
                Ok(conn.query_one_raw(by_address(conn, TAKEN, email)).await?.is_some())
            })
            .await
    }

    async fn admit(&self, account: &NewAccount) -> Result<Admission, PortError> {
        self.0
            .atomically("accounts.admit", Scope::Service, |conn| async move {
                let conn = &*conn;
                if self.insert(conn, account, account.email.as_str()).await? == Admission::EmailTaken {
                    return Ok(Ending::RollBack(Admission::EmailTaken));
                }
                outbox::queue(conn, &account.mail, &account.mail.to).await?;
                audit_log::append(conn, &account.event).await?;
                Ok(Ending::Commit(Admission::Admitted))
            })
            .await
    }

    async fn holder(&self, email: &EmailAddress, now: &Timestamp) -> Result<Option<AddressHolder>, PortError> {
        let now = *now;
        self.0
            .reading("accounts.holder", Scope::Service, |conn| async move {
                let conn = &*conn;
                discreet::holder(conn, email, now).await
            })
            .await
    }

    async fn admit_discreetly(&self, account: &NewAccount) -> Result<Admission, PortError> {
        self.0
            .atomically("accounts.admit_discreetly", Scope::Service, |conn| async move {
                self.admit_in_a_savepoint(&conn, account).await
            })
            .await
    }

    async fn feign(&self, account: &NewAccount) -> Result<(), PortError> {
        self.0
            .atomically("accounts.feign", Scope::Service, |conn| async move {
                self.feign_in_a_savepoint(&conn, account).await
            })
            .await
    }

    async fn find(&self, email: &EmailAddress) -> Result<Option<Account>, PortError> {
        self.0
            .reading("accounts.find", Scope::Service, |conn| async move {
                let conn = &*conn;
                let row = conn.query_one_raw(by_address(conn, FIND, email)).await?;
                row.map(|row| read_account(&mut Columns::of(&row))).transpose()
            })
            .await
    }

    async fn change(&self, user: &UserId, change: &AccountChange, event: &AuditEvent) -> Result<bool, PortError> {
        let (user, at) = (*user, event.at);
        self.0
            .atomically("accounts.change", Scope::Service, |conn| async move {
                let conn = &*conn;
                let found = match change {
                    AccountChange::Verify => people::mark_verified(conn, user, at).await?,
                    AccountChange::Disable | AccountChange::Enable => people::mark_updated(conn, user, at).await?,
                };
                if !found {
                    return Ok(Ending::RollBack(false));
                }
                match change {
                    AccountChange::Verify => {}
                    AccountChange::Disable => shut(conn, user, at).await?,
                    AccountChange::Enable => credentials::enable(conn, user).await?,
                }
                audit_log::append(conn, event).await?;
                Ok(Ending::Commit(true))
            })
            .await
    }
}

impl SqlAccountStore {
    /// Everything of a new account but its mail and its event, under this address. What was written before it was found
    /// taken is for the caller to roll back.
    async fn insert(
        &self,
        conn: &impl ConnectionTrait,
        account: &NewAccount,
        email: &str,
    ) -> Result<Admission, Failure> {
        match insert_user(conn, account, email).await {
            Err(failure) if failure.violates() == Some(Unique::Email) => return Ok(Admission::EmailTaken),
            inserted => inserted?,
        }
        if undos::is_reserved(conn, &email.to_ascii_lowercase(), account.user, account.at).await? {
            return Ok(Admission::EmailTaken);
        }
        credentials::insert(conn, account.user, &account.password_hash, account.at).await?;
        if let Some(preferences) = &account.preferences {
            profiles::insert_preferences(conn, account.user, preferences, account.at).await?;
        }
        if let Some(tenant) = &account.tenant {
            let named = (tenant.id, tenant.name.as_str());
            let owner = (account.user, &account.email);
            tenants::insert(conn, self.0.dialect(), named, owner, account.at).await?;
        }
        tokens::insert(conn, &account.verification, account.verification.owner.as_ref()).await?;
        Ok(Admission::Admitted)
    }
}

/// Shuts an account: every sign-in is refused, and every session has ended.
pub(crate) async fn shut(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<(), Failure> {
    credentials::disable(conn, user, at).await?;
    sessions::end_all(conn, user).await
}

fn by_address(conn: &impl ConnectionTrait, sql: &'static str, email: &EmailAddress) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, [email.key().into()])
}

async fn insert_user(conn: &impl ConnectionTrait, account: &NewAccount, email: &str) -> Result<(), Failure> {
    let user = NewUser {
        id: account.user,
        email,
        name: account.name.as_ref().map(ToString::to_string),
        given_name: account.given_name.as_ref().map(ToString::to_string),
        family_name: account.family_name.as_ref().map(ToString::to_string),
        email_verified: None,
        at: account.at,
    };
    people::insert(conn, user).await
}

/// Reads the columns that an account is looked up by.
pub(crate) fn read_account(columns: &mut Columns<'_>) -> Result<Account, Failure> {
    Ok(Account {
        user: UserId::from_uuid(columns.take("users.id")?),
        email: columns.email("users.email")?,
        name: columns.take("users.name")?,
        email_verified: columns.optional_time("users.email_verified")?,
        disabled: columns.optional_time("rookery_credentials.disabled_at")?,
        created: columns.time("users.created")?,
        last_login: columns.optional_time("rookery_credentials.last_used_at")?,
        sessions: columns
            .take::<i64>("rookery_sessions.id")?
            .try_into()
            .map_err(|error| Failure::nonsense("rookery_sessions.id", error))?,
    })
}
