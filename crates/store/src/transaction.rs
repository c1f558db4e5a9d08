//! The one way to open a transaction.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use rookery_core::PortError;
use rookery_domain::{TenantId, UserId};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tracing::debug;

use crate::Database;
use crate::error::Failure;

/// Tells row-level security for whom the transaction works, until it ends.
pub(crate) const SCOPE_POSTGRES: &str = "SELECT set_config('app.current_user_id', $1, true), \
     set_config('app.current_tenant_id', $2, true), set_config('app.rookery_scope', $3, true)";

/// How often a transaction that lost a race is tried again.
const RETRIES: u32 = 3;

/// For whom a transaction works. It sees and changes nobody else's rows, where the database can see to it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope {
    /// For the service itself: before the person is known, for nobody, or for several people.
    Service,
    /// For this person.
    User(UserId),
    /// For this person, inside this tenant.
    Member {
        /// Who.
        user: UserId,
        /// Where.
        tenant: TenantId,
    },
}

impl Scope {
    /// For the person if there is one.
    pub(crate) fn of(user: Option<UserId>) -> Self {
        user.map_or(Self::Service, Self::User)
    }

    /// `app.current_user_id`, `app.current_tenant_id` and `app.rookery_scope`.
    fn settings(self) -> [String; 3] {
        match self {
            Self::Service => [String::new(), String::new(), "service".to_owned()],
            Self::User(user) => [user.to_string(), String::new(), String::new()],
            Self::Member { user, tenant } => [user.to_string(), tenant.to_string(), String::new()],
        }
    }
}

/// How the work of a transaction ended: with an answer either way.
#[derive(Debug)]
pub(crate) enum Ending<T> {
    /// What was written counts.
    Commit(T),
    /// What was written does not count.
    RollBack(T),
}

impl Database {
    /// Does the work in one transaction. Lost races are run again from the start, so the work must not have effects
    /// outside it.
    pub(crate) async fn atomically<T, F>(
        &self,
        operation: &'static str,
        scope: Scope,
        work: impl Fn(Arc<DatabaseTransaction>) -> F + Sync,
    ) -> Result<T, PortError>
    where
        F: Future<Output = Result<Ending<T>, Failure>> + Send,
    {
        let attempts = async {
            let mut lost = 0;
            loop {
                match self.attempt(scope, &work).await {
                    Err(failure) if failure.is_lost_race() && lost < RETRIES => {
                        lost += 1;
                        debug!(operation, lost, "a transaction lost a race and is tried again");
                        tokio::time::sleep(pause(lost)).await;
                    }
                    result => return result,
                }
            }
        };
        self.in_time(attempts)
            .await
            .map_err(|failure| failure.during(operation))
    }

    /// Reads in one transaction, which sees one state of the database and holds up nobody.
    pub(crate) async fn reading<T, F>(
        &self,
        operation: &'static str,
        scope: Scope,
        work: impl Fn(Arc<DatabaseTransaction>) -> F + Send,
    ) -> Result<T, PortError>
    where
        F: Future<Output = Result<T, Failure>> + Send,
    {
        let read = async move {
            let transaction = Arc::new(self.begin(scope, SqliteTransactionMode::Deferred).await?);
            let answer = work(Arc::clone(&transaction)).await?;
            end(transaction, true).await?;
            Ok(answer)
        };
        self.in_time(read).await.map_err(|failure| failure.during(operation))
    }

    async fn attempt<T, F>(
        &self,
        scope: Scope,
        work: &(impl Fn(Arc<DatabaseTransaction>) -> F + Sync),
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<Ending<T>, Failure>> + Send,
    {
        let _turn = self.turn_to_write().await?;
        let transaction = Arc::new(self.begin(scope, SqliteTransactionMode::Immediate).await?);
        match work(Arc::clone(&transaction)).await {
            Ok(Ending::Commit(answer)) => end(transaction, true).await.map(|()| answer),
            Ok(Ending::RollBack(answer)) => end(transaction, false).await.map(|()| answer),
            Err(failure) => {
                // The failure worth telling is the first one; a transaction that cannot be rolled back ends with its
                // connection.
                let _ = end(transaction, false).await;
                Err(failure)
            }
        }
    }

    /// Deferred on SQLite lets readers pass a writer; immediate takes the write lock at once, for one that reads first
    /// and writes later fails when somebody else wrote in between.
    async fn begin(&self, scope: Scope, mode: SqliteTransactionMode) -> Result<DatabaseTransaction, Failure> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(mode),
            ..TransactionOptions::default()
        };
        let transaction = self.connection().begin_with_options(options).await?;
        if let Some(sql) = self.dialect().scope {
            let values = scope.settings().map(sea_orm::Value::from);
            let statement = Statement::from_sql_and_values(transaction.get_database_backend(), sql, values);
            transaction.execute_raw(statement).await?;
        }
        Ok(transaction)
    }
}

/// The work is over, so nobody else holds the transaction any more. It is shared with the work rather than lent to it
/// because a future that borrows from its caller cannot be proved `Send` for every lifetime.
async fn end(transaction: Arc<DatabaseTransaction>, commit: bool) -> Result<(), Failure> {
    let Some(transaction) = Arc::into_inner(transaction) else {
        return Err(DbErr::Custom("the work kept its transaction".to_owned()).into());
    };
    if commit {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}

/// A little longer each time, and never the same for two who met: 10 ms, 20 ms, 40 ms, each more or less by half.
fn pause(lost: u32) -> Duration {
    let base = 5_u64 << lost;
    let jitter = RandomState::new().hash_one(lost) % (base + 1);
    Duration::from_millis(base / 2 + jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_short() {
        for (lost, least, most) in [(1, 5, 15), (2, 10, 30), (3, 20, 60)] {
            let pause = pause(lost).as_millis();
            assert!((least..=most).contains(&pause), "{lost}: {pause} ms");
        }
    }

    #[test]
    fn a_transaction_works_for_the_service_or_for_one_person_never_for_both() {
        let [user, tenant, scope] = Scope::Service.settings();
        assert_eq!((user.as_str(), tenant.as_str(), scope.as_str()), ("", "", "service"));
        let person = UserId::from_uuid(uuid::Uuid::from_u128(7));
        let [user, tenant, scope] = Scope::of(Some(person)).settings();
        assert_eq!((user, tenant.as_str(), scope.as_str()), (person.to_string(), "", ""));
    }

    /// What the connection says of itself: person, tenant, scope.
    async fn said(connection: &impl ConnectionTrait) -> String {
        let settings = "SELECT concat_ws(' ', current_setting('app.current_user_id', true), \
             current_setting('app.current_tenant_id', true), current_setting('app.rookery_scope', true))";
        let statement = Statement::from_string(connection.get_database_backend(), settings);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<String>(0).unwrap().trim().to_owned()
    }

    /// How a transaction can end.
    #[derive(Clone, Copy, Debug)]
    enum End {
        Commit,
        RollBack,
        Failure,
        Abandoned,
    }

    /// Works in this scope, sees itself in it and in no other, and ends so.
    async fn work(database: &Database, scope: Scope, end: End) {
        let expected = scope.settings().join(" ").trim().to_owned();
        let work = |transaction: Arc<DatabaseTransaction>| {
            let expected = expected.clone();
            async move {
                assert_eq!(said(&*transaction).await, expected, "before {end:?}");
                tokio::time::sleep(Duration::from_millis(2)).await;
                assert_eq!(said(&*transaction).await, expected, "before {end:?}");
                match end {
                    End::Commit => Ok(Ending::Commit(())),
                    End::RollBack => Ok(Ending::RollBack(())),
                    End::Failure => {
                        transaction.execute_unprepared("SELECT 1 / 0").await?;
                        Ok(Ending::Commit(()))
                    }
                    End::Abandoned => std::future::pending().await,
                }
            }
        };
        let done = tokio::time::timeout(Duration::from_millis(200), database.atomically("test", scope, work));
        match (end, done.await) {
            (End::Commit | End::RollBack, Ok(done)) => done.unwrap(),
            (End::Failure, Ok(done)) => drop(done.unwrap_err()),
            (End::Abandoned, Err(_)) => {}
            (end, done) => panic!("{end:?}: {done:?}"),
        }
    }

    #[tokio::test]
    async fn what_a_transaction_says_of_itself_is_said_to_no_other_in_the_pool() {
        let postgres = rookery_testkit::postgres::PostgresServer::shared().database();
        let settings = crate::DatabaseSettings {
            max_connections: 3,
            acquire_timeout: Duration::from_secs(30),
            statement_timeout: Duration::from_secs(30),
            ..crate::DatabaseSettings::new(postgres.url())
        };
        let database = Database::connect(&settings).await.unwrap();
        let person = |number| UserId::from_uuid(uuid::Uuid::from_u128(number));
        for end in [End::Commit, End::RollBack, End::Failure, End::Abandoned] {
            let works = (1..=24_u128).map(|number| {
                let scope = match number % 3 {
                    0 => Scope::Service,
                    1 => Scope::User(person(number)),
                    _ => Scope::Member {
                        user: person(number),
                        tenant: TenantId::from_uuid(uuid::Uuid::from_u128(number)),
                    },
                };
                let end = match number % 4 {
                    0 => End::Commit,
                    _ => end,
                };
                work(&database, scope, end)
            });
            if matches!(end, End::Abandoned) {
                // One after the other: each holds its connection until it is given up.
                for work in works {
                    work.await;
                }
            } else {
                futures_util::future::join_all(works).await;
            }
            // Every connection of the pool at once, outside any transaction of a store.
            let held = futures_util::future::join_all((0..3).map(|_| database.connection().begin())).await;
            for connection in held {
                assert_eq!(said(&connection.unwrap()).await, "", "after {end:?}");
            }
        }
    }
}
