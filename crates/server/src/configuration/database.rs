//! Where the data is.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use rookery_domain::{ExposeSecret, SecretString};

use super::parse::{Demand, number, switch};
use super::profile::Profile;
use super::reader::{Noted, Reader};

/// The most connections anybody should want: PostgreSQL serves 100 in all by default, and 8 suffice.
const MOST_CONNECTIONS: u32 = 100;

/// The database of this installation.
#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite://PATH?mode=rwc`, `sqlite::memory:` or `postgres://…`; holds a password at times.
    pub url: SecretString,
    /// Most connections of this process.
    pub max_connections: u32,
    /// Whether `serve` brings the schema up to date before it begins.
    pub migrate_at_start: bool,
    /// The PostgreSQL role the service connects as, where another one owns the tables: `migrate up` gives
    /// it what it needs.
    pub role: Option<String>,
    /// The file in the data directory, where no URL is given: made at the first start.
    pub made_here: Option<PathBuf>,
}

impl Database {
    pub(super) fn read(reader: &mut Reader, profile: Profile, data_dir: &Path) -> Result<Self, Noted> {
        let url = reader.optional("database.url", url).map(|url| {
            url.unwrap_or_else(|| {
                let url = file_url(data_dir);
                reader.derive("database.url", &url);
                url
            })
        });
        let url = url.and_then(|url| {
            if profile.is_production() && is_in_memory(&url) {
                return Err(reader.refuse("database.url", "not be an SQLite database in memory in production"));
            }
            Ok(url)
        });
        let max_connections = reader.value("database.max_connections", number(1, MOST_CONNECTIONS));
        let migrate_at_start = reader.optional("database.migrate_at_start", switch);
        let role = reader.optional("database.role", role);
        let url = url?;
        let role = role?;
        if role.is_some() && is_sqlite(&url) {
            return Err(reader.refuse("database.role", "not be set on SQLite, which knows no roles"));
        }
        let migrate_at_start = migrate_at_start?.unwrap_or_else(|| {
            let embedded = is_sqlite(&url);
            reader.derive("database.migrate_at_start", &embedded);
            embedded
        });
        Ok(Self {
            made_here: (!reader.is_given("database.url")).then(|| file(data_dir)),
            url: SecretString::from(url),
            max_connections: max_connections?,
            migrate_at_start,
            role,
        })
    }

    /// Whether it is embedded in this process.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        is_sqlite(self.url.expose_secret())
    }

    /// Whether others on the way may read what travels to PostgreSQL: it is on another machine, and the URL does not insist
    /// on TLS.
    #[must_use]
    pub fn may_be_overheard(&self) -> bool {
        let url = self.url.expose_secret();
        !self.is_sqlite() && url::Url::parse(url).is_ok_and(|url| is_elsewhere(&url) && !insists_on_tls(&url))
    }

    /// Whether it lives and dies with this process.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        is_in_memory(self.url.expose_secret())
    }
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

fn is_in_memory(url: &str) -> bool {
    is_sqlite(url) && (url.contains(":memory:") || url.contains("mode=memory"))
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("rookery.db")
}

/// The file in the data directory; the two characters a URL would misread are escaped.
fn file_url(data_dir: &Path) -> String {
    let path = file(data_dir).display().to_string();
    let path = path.replace('%', "%25").replace('?', "%3F");
    format!("sqlite://{path}?mode=rwc")
}

fn is_elsewhere(postgres: &url::Url) -> bool {
    // Without a host, or with a folder in its place, it is a socket of this machine.
    let host = postgres.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let socket = host.is_empty() || host.starts_with("%2F") || host.starts_with("%2f");
    let here = host
        .parse()
        .map_or(host == "localhost", |address: IpAddr| address.is_loopback());
    !socket && !here
}

fn insists_on_tls(postgres: &url::Url) -> bool {
    postgres.query_pairs().any(|(name, mode)| {
        matches!(name.as_ref(), "sslmode" | "ssl-mode")
            && matches!(mode.as_ref(), "require" | "verify-ca" | "verify-full")
    })
}

/// A name PostgreSQL does not cut short.
fn role(text: &str) -> Result<String, Demand> {
    if text.is_empty() || text.len() > 63 || text.contains('\0') {
        Err("be the name of a PostgreSQL role".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn url(text: &str) -> Result<String, Demand> {
    let postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if is_sqlite(text) || (postgres && url::Url::parse(text).is_ok()) {
        Ok(text.to_owned())
    } else {
        Err("be a URL such as sqlite://PATH?mode=rwc or postgres://USER:PASSWORD@HOST/DATABASE".to_owned())
    }
}
