//! What this installation is like: flags over environment over `rookery.toml` over defaults.
//!
//! Everything is read and checked before anything listens, connects or is written, and everything that is wrong is told
//! at once. What is in no [table of settings](SETTINGS) is refused, in the file and in the environment: a misspelt setting
//! that is passed over in silence is a setting somebody relies on in vain.

mod brand;
mod consents;
mod database;
mod deletion;
mod effective;
mod http;
mod layers;
mod limits;
mod log;
mod mail;
mod notes;
mod pages;
mod parse;
mod passwords;
mod problems;
mod profile;
mod reader;
mod redaction;
mod registration;
mod secrets;
mod sessions;
mod settings;
mod webhooks;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use brand::{Brand, BrandName};
pub use database::Database;
pub use deletion::Deletion;
pub use effective::{Effective, Value};
pub use http::{Http, PublicUrl};
pub use layers::{DEFAULT_FILE, FILE_VARIABLE, Origin, Sources};
pub use log::{Log, LogFormat};
pub use mail::Mail;
pub use pages::Pages;
pub use passwords::Passwords;
pub use problems::{Problem, Problems};
pub use profile::Profile;
pub use registration::Registration;
pub use secrets::{KeySource, Secrets};
pub use sessions::Sessions;
pub use settings::{Fallback, SETTINGS, Secrecy, Setting};
pub use webhooks::Webhooks;

use parse::path;
use reader::{Noted, Reader};
use rookery_core::LimitProfile;
use rookery_domain::Documents;

/// A whole configuration, checked.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// What the server is run for.
    pub profile: Profile,
    /// Where it listens; port 0 is any free one.
    pub listen: SocketAddr,
    /// Where it keeps what it makes itself.
    pub data_dir: PathBuf,
    /// Where more languages are, and other words for those there are.
    pub locales_dir: Option<PathBuf>,
    /// Where the data is.
    pub database: Database,
    /// Where the service is reached, and by whom.
    pub http: Http,
    /// How mail leaves.
    pub mail: Mail,
    /// The installation's secrets.
    pub secrets: Secrets,
    /// How long people stay signed in.
    pub sessions: Sessions,
    /// What passwords must be, and how slowly they are hashed.
    pub passwords: Passwords,
    /// How people get an account.
    pub registration: Registration,
    /// How long accounts wait before they are gone.
    pub deletion: Deletion,
    /// What everybody is asked to agree to.
    pub documents: Documents,
    /// How often somebody may knock.
    pub rate_limits: LimitProfile,
    /// Where account events may be sent.
    pub webhooks: Webhooks,
    /// In whose name the service speaks.
    pub brand: Brand,
    /// The account pages.
    pub pages: Pages,
    /// What is written to the log, and how.
    pub log: Log,
    /// All of the above as it may be shown, and where it comes from.
    pub effective: Vec<Effective>,
}

impl Configuration {
    /// Reads the sources. Touches nothing but the files they name.
    ///
    /// # Errors
    /// All [`Problems`] at once.
    pub fn read(sources: &Sources) -> Result<Self, Problems> {
        let mut reader = Reader::open(sources);
        let configuration = Self::sections(&mut reader);
        let effective = reader.finish()?;
        configuration
            .map(|configuration| Self {
                effective,
                ..configuration
            })
            // Unreachable as long as whoever answers `Noted` has noted something.
            .map_err(|Noted| Problems::default())
    }

    fn sections(reader: &mut Reader) -> Result<Self, Noted> {
        let profile = Profile::read(reader);
        let listen = reader.value("listen", |text| {
            text.parse()
                .map_err(|_| "be an address with a port such as 127.0.0.1:8080 or [::]:8080".to_owned())
        });
        let data_dir = reader.value("data_dir", path);
        let locales_dir = reader.optional("locales_dir", path);
        // Sections that depend on something unreadable are judged as if it were its default.
        let assumed = profile.unwrap_or(Profile::Development);
        let assumed_dir = data_dir.clone().unwrap_or_default();
        let database = Database::read(reader, assumed, &assumed_dir);
        let http = Http::read(reader, assumed);
        if let (Ok(listen), Ok(http)) = (&listen, &http) {
            reader.derive("http.public_url", &http.public_url_at(*listen));
        }
        let allowed_origins = http.as_ref().map_or(&[][..], |http| &http.allowed_origins);
        let pages = Pages::read(reader, allowed_origins);
        let brand = Brand::read(reader);
        let assumed_name = brand
            .as_ref()
            .map_or_else(|_| BrandName::default(), |brand| brand.name.clone());
        let mail = Mail::read(reader, assumed, &assumed_name);
        let secrets = Secrets::read(reader, assumed, &assumed_dir);
        let sessions = Sessions::read(reader);
        let passwords = Passwords::read(reader);
        let registration = Registration::read(reader);
        let deletion = Deletion::read(reader);
        let documents = consents::read(reader);
        let rate_limits = limits::read(reader);
        let webhooks = Webhooks::read(reader, assumed);
        let log = Log::read(reader, assumed);
        Ok(Self {
            profile: profile?,
            listen: listen?,
            data_dir: data_dir?,
            locales_dir: locales_dir?,
            database: database?,
            http: http?,
            mail: mail?,
            secrets: secrets?,
            sessions: sessions?,
            passwords: passwords?,
            registration: registration?,
            deletion: deletion?,
            documents: documents?,
            rate_limits: rate_limits?,
            webhooks: webhooks?,
            brand: brand?,
            pages: pages?,
            log: log?,
            effective: Vec::new(),
        })
    }
}
