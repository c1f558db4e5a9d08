//! Throw-away PostgreSQL for tests.
//!
//! ```no_run
//! let database = rookery_testkit::postgres::PostgresServer::shared().database();
//! println!("connect to {}", database.url());
//! ```

mod cluster;
mod programs;

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::OnceLock,
};

use cluster::Cluster;

/// A PostgreSQL server that tests may fill, and, if it is [private](Self::private), stop and kill.
#[derive(Debug)]
pub struct PostgresServer {
    superuser_url: String,
    cluster: Whose,
}

#[derive(Debug)]
enum Whose {
    Elsewhere,
    Shared {
        #[expect(dead_code, reason = "held, not read: the server ends when this is dropped")]
        cluster: Cluster,
    },
    Private(Cluster),
}

impl PostgresServer {
    /// The server all tests of this process share: the one whose superuser's URL stands in `ROOKERY_TEST_POSTGRES`, or
    /// else a cluster of its own on a free port of 127.0.0.1, without `fsync`, which ends with this process however that
    /// ends.
    ///
    /// # Panics
    ///
    /// When there is no PostgreSQL to start: a database that cannot be tested is a failure, not a skip.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(|| match std::env::var("ROOKERY_TEST_POSTGRES") {
            Ok(superuser_url) if !superuser_url.is_empty() => Self {
                superuser_url,
                cluster: Whose::Elsewhere,
            },
            _ => {
                let cluster = Cluster::start("fsync = off\nfull_page_writes = off\nsynchronous_commit = off");
                Self {
                    superuser_url: cluster.superuser_url(),
                    cluster: Whose::Shared { cluster },
                }
            }
        })
    }

    /// A cluster of the caller's own, on a free port of 127.0.0.1, as durable as PostgreSQL is by default: what it
    /// acknowledged survives [`kill_immediately`](Self::kill_immediately). It is removed when the value is dropped.
    ///
    /// # Panics
    ///
    /// When there is no PostgreSQL to start.
    #[must_use]
    pub fn private() -> Self {
        let cluster = Cluster::start("");
        Self {
            superuser_url: cluster.superuser_url(),
            cluster: Whose::Private(cluster),
        }
    }

    /// The URL of the server's superuser, whom row-level security does not bind: for looking behind the curtain only.
    #[must_use]
    pub fn superuser_url(&self) -> &str {
        &self.superuser_url
    }

    /// A fresh, empty database with two fresh roles, as a deployment has them: one owns it and migrates, the other is for
    /// the service and may connect, and nothing else until it is granted something. Neither is a superuser, and both are
    /// bound by row-level security.
    ///
    /// # Panics
    ///
    /// When the server refuses.
    #[must_use]
    pub fn database(&self) -> PostgresDatabase {
        let name = format!("rookery_test_{:016x}", RandomState::new().hash_one(std::process::id()));
        let owner = owner_of(&name);
        let role = |name: &str| {
            format!("CREATE ROLE {name} LOGIN PASSWORD '{name}' NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS")
        };
        let database = format!("CREATE DATABASE {name} OWNER {owner}");
        let closed = format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC");
        let open = format!("GRANT CONNECT ON DATABASE {name} TO {name}");
        programs::psql(
            &self.superuser_url,
            &[&role(&owner), &role(&name), &database, &closed, &open],
        )
        .unwrap_or_else(|error| panic!("{error}"));
        PostgresDatabase {
            url: url_of(&self.superuser_url, &name, &name),
            owner_url: url_of(&self.superuser_url, &owner, &name),
            superuser_url: url_with_database(&self.superuser_url, &name),
            server_url: self.superuser_url.clone(),
            name,
        }
    }

    /// Ends the server at once, as a crash would: nothing is written back, connections break.
    ///
    /// # Panics
    ///
    /// When the server is not [private](Self::private).
    pub fn kill_immediately(&self) {
        self.own().stop("immediate");
    }

    /// Shuts the server down in order; connections are closed.
    ///
    /// # Panics
    ///
    /// When the server is not [private](Self::private).
    pub fn stop(&self) {
        self.own().stop("fast");
    }

    /// Starts the server again, on the same port and data, after [`stop`](Self::stop) or
    /// [`kill_immediately`](Self::kill_immediately), and waits until it accepts connections.
    ///
    /// # Panics
    ///
    /// When the server is not [private](Self::private), or does not come up.
    pub fn start_again(&self) {
        self.own().start_again();
    }

    fn own(&self) -> &Cluster {
        match &self.cluster {
            Whose::Private(cluster) => cluster,
            Whose::Shared { .. } | Whose::Elsewhere => {
                panic!("this PostgreSQL is shared: only that of PostgresServer::private() may be stopped")
            }
        }
    }
}

/// A database of one test. Dropping it drops the database and its roles if it can.
pub struct PostgresDatabase {
    name: String,
    url: String,
    owner_url: String,
    superuser_url: String,
    server_url: String,
}

impl PostgresDatabase {
    /// The URL under which the service connects, `postgres://role:password@127.0.0.1:port/name`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL under which the owner connects, to migrate and to grant.
    #[must_use]
    pub fn owner_url(&self) -> &str {
        &self.owner_url
    }

    /// The URL under which the superuser connects to this database and sees every row.
    #[must_use]
    pub fn superuser_url(&self) -> &str {
        &self.superuser_url
    }

    /// The name of the database, and of the role the service connects as.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the role that owns it.
    #[must_use]
    pub fn owner(&self) -> String {
        owner_of(&self.name)
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let database = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let roles = format!("DROP ROLE IF EXISTS {}, {}", self.name, self.owner());
        // A private server may be down by now, and takes its databases with it.
        let _ = programs::psql(&self.server_url, &[&database, &roles]);
    }
}

impl fmt::Debug for PostgresDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresDatabase").field(&self.name).finish()
    }
}

fn owner_of(database: &str) -> String {
    format!("{database}_owner")
}

/// The URL under which this role, whose password is its name, reaches this database.
fn url_of(superuser_url: &str, role: &str, database: &str) -> String {
    let url = url_with_database(superuser_url, database);
    let Some((scheme, rest)) = url.split_once("://") else {
        panic!("ROOKERY_TEST_POSTGRES is no URL: it must look like postgres://postgres@127.0.0.1:5432/postgres");
    };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{role}:{role}@{host}")
}

fn url_with_database(url: &str, name: &str) -> String {
    let (address, query) = url
        .split_once('?')
        .map_or((url, ""), |(address, query)| (address, query));
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[after_scheme..]
        .find('/')
        .map_or(address.len(), |at| after_scheme + at);
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{}/{name}{separator}{query}", &address[..host_end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_s_url_keeps_host_port_and_options_of_the_superuser_s() {
        let url = url_of(
            "postgres://postgres:secret@db.test:5433/postgres?sslmode=disable",
            "x",
            "y",
        );
        assert_eq!(url, "postgres://x:x@db.test:5433/y?sslmode=disable");
        assert_eq!(url_of("postgres://127.0.0.1", "x", "y"), "postgres://x:x@127.0.0.1/y");
    }
}
