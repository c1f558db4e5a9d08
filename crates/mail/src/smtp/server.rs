//! Which mail server, and how safely.

use std::net::IpAddr;
use std::str::FromStr;
use std::{fmt, fs, io};

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use percent_encoding::percent_decode_str;
use thiserror::Error;
use url::Url;

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (`smtps://`, port 465).
    Implicit,
    /// `STARTTLS` or no delivery (`?tls=required`, port 587).
    Required,
    /// `STARTTLS` if the server offers it (`?tls=opportunistic`, port 587). Whoever sits between can hide the offer.
    Opportunistic,
    /// In the clear (`?tls=none`, port 25).
    None,
}

/// A mail server, as a URL says it: `smtp://user:password@host:port?tls=required&ca=/path/to/roots.pem`.
///
/// - `smtps://` is TLS from the first byte; with `smtp://` the parameter `tls` decides. Left out it is `required`, except for
///   a server on this very machine (`localhost`, 127.0.0.0/8, `::1`), where it is `none`.
/// - `tls=none` to another machine is allowed, for a test server in the next container, with a warning; but a password never
///   goes there in the clear.
/// - Certificates are checked against Mozilla's roots, and against those in the PEM file `ca` names, for a server with a
///   private authority. There is no way to switch the check off.
/// - User and password are percent-encoded where they hold characters of URLs.
#[derive(Clone)]
pub struct SmtpServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<Credentials>,
    pub(super) tls: Option<TlsParameters>,
    is_local: bool,
}

/// The text names no mail server. Repeats nothing of it, since there may be a password in it.
#[derive(Debug, Error)]
pub enum InvalidSmtpUrl {
    /// Not a URL.
    #[error(
        "not a URL such as smtp://user:password@host:587 (in user and password write @ as %40, / as %2F, # as %23, ? as %3F)"
    )]
    Url(#[from] url::ParseError),
    /// Neither `smtp` nor `smtps`.
    #[error("the URL of a mail server begins with smtp:// or smtps://")]
    Scheme,
    /// No host.
    #[error("the URL of the mail server names no host")]
    Host,
    /// There is something after the host.
    #[error("the URL of a mail server has no path and no fragment")]
    Path,
    /// A parameter other than `tls` and `ca`, or one of them twice.
    #[error("the parameters of a mail server's URL are `tls` and `ca`, each at most once")]
    Parameter,
    /// A value of `tls` that means nothing, or contradicts `smtps`.
    #[error("`tls` is `required`, `opportunistic` or `none`, and is left out with smtps://")]
    Tls,
    /// A user without a password, or the other way round, or bytes that are no UTF-8.
    #[error("user and password go together, percent-encoded in UTF-8")]
    Credentials,
    /// The password would travel readable to all.
    #[error("a password is not sent to another machine in the clear: use smtps:// or ?tls=required")]
    ClearPassword,
    /// The roots cannot be read.
    #[error("cannot read the certificates of the authority given as `ca`")]
    Authority(#[source] io::Error),
    /// The roots are no certificates.
    #[error("the file given as `ca` holds no certificates in PEM")]
    NoCertificates(#[source] Option<lettre::transport::smtp::Error>),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    TlsSetup(#[source] lettre::transport::smtp::Error),
}

impl SmtpServer {
    /// Parses the URL and reads the file it may name.
    ///
    /// # Errors
    /// [`InvalidSmtpUrl`].
    pub fn parse(text: &str) -> Result<Self, InvalidSmtpUrl> {
        let url = Url::parse(text.trim())?;
        let is_smtps = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(InvalidSmtpUrl::Scheme),
        };
        let host = url.host_str().ok_or(InvalidSmtpUrl::Host)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(InvalidSmtpUrl::Host);
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(InvalidSmtpUrl::Path);
        }
        let (tls, ca) = parameters(&url)?;
        let is_local = is_local(&host);
        let security = match (is_smtps, tls.as_deref()) {
            (true, None) => Security::Implicit,
            (false, None) if is_local => Security::None,
            (false, None | Some("required")) => Security::Required,
            (false, Some("opportunistic")) => Security::Opportunistic,
            (false, Some("none")) => Security::None,
            _ => return Err(InvalidSmtpUrl::Tls),
        };
        let credentials = credentials(&url)?;
        if credentials.is_some() && security == Security::None && !is_local {
            return Err(InvalidSmtpUrl::ClearPassword);
        }
        Ok(Self {
            port: url.port().unwrap_or(match security {
                Security::Implicit => 465,
                Security::Required | Security::Opportunistic => 587,
                Security::None => 25,
            }),
            tls: match security {
                Security::None => None,
                _ => Some(tls_parameters(&host, ca.as_deref())?),
            },
            host,
            security,
            credentials,
            is_local,
        })
    }

    /// How the way there is protected.
    #[must_use]
    pub const fn security(&self) -> Security {
        self.security
    }

    /// What an operator should know about this choice.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        (!self.is_local && matches!(self.security, Security::None | Security::Opportunistic)).then(|| {
            format!(
                "mails travel to {} readable to whoever sits between: use smtps:// or ?tls=required outside of development",
                self.host
            )
        })
    }

    /// Whether the password may be sent on a connection without TLS.
    pub(super) const fn trusts_the_wire(&self) -> bool {
        self.is_local
    }
}

fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn parameters(url: &Url) -> Result<(Option<String>, Option<String>), InvalidSmtpUrl> {
    let (mut tls, mut ca) = (None, None);
    for (key, value) in url.query_pairs() {
        let slot = match key.as_ref() {
            "tls" => &mut tls,
            "ca" => &mut ca,
            _ => return Err(InvalidSmtpUrl::Parameter),
        };
        if slot.replace(value.into_owned()).is_some() {
            return Err(InvalidSmtpUrl::Parameter);
        }
    }
    Ok((tls, ca))
}

fn credentials(url: &Url) -> Result<Option<Credentials>, InvalidSmtpUrl> {
    let decode = |text: &str| {
        percent_decode_str(text)
            .decode_utf8()
            .map(String::from)
            .map_err(|_| InvalidSmtpUrl::Credentials)
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err(InvalidSmtpUrl::Credentials),
        (user, Some(password)) => Ok(Some(Credentials::new(decode(user)?, decode(password)?))),
    }
}

fn tls_parameters(host: &str, ca: Option<&str>) -> Result<TlsParameters, InvalidSmtpUrl> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = ca {
        let pem = fs::read(path).map_err(InvalidSmtpUrl::Authority)?;
        if !pem.windows(CERTIFICATE.len()).any(|window| window == CERTIFICATE) {
            return Err(InvalidSmtpUrl::NoCertificates(None));
        }
        let roots = Certificate::from_pem(&pem).map_err(|error| InvalidSmtpUrl::NoCertificates(Some(error)))?;
        builder = builder.add_root_certificate(roots);
    }
    builder.build_rustls().map_err(InvalidSmtpUrl::TlsSetup)
}

/// What a PEM file without any certificate lacks; the parser would take it for an empty list.
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

impl FromStr for SmtpServer {
    type Err = InvalidSmtpUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Neither user nor password.
impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpServer")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("signs_in", &self.credentials.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> SmtpServer {
        SmtpServer::parse(text).unwrap()
    }

    #[test]
    fn a_server_elsewhere_needs_tls_unless_told_otherwise() {
        for (url, security, port) in [
            ("smtps://mail.example.com", Security::Implicit, 465),
            ("smtp://mail.example.com", Security::Required, 587),
            ("smtp://mail.example.com:25", Security::Required, 25),
            ("smtp://u:p@mail.example.com?tls=required", Security::Required, 587),
            (
                "smtp://u:p@mail.example.com?tls=opportunistic",
                Security::Opportunistic,
                587,
            ),
            ("smtp://mailpit:1025?tls=none", Security::None, 1025),
            ("smtp://localhost:1025", Security::None, 1025),
            ("smtp://u:p@127.0.0.1", Security::None, 25),
            ("smtp://[::1]/", Security::None, 25),
            ("smtp://localhost?tls=required", Security::Required, 587),
            ("smtp://localhost.example.com", Security::Required, 587),
        ] {
            let server = parse(url);
            assert_eq!((server.security, server.port), (security, port), "{url}");
        }
    }

    #[test]
    fn only_ways_others_could_listen_to_are_warned_of() {
        assert!(parse("smtp://mailpit:1025?tls=none").warning().is_some());
        assert!(parse("smtp://mail.example.com?tls=opportunistic").warning().is_some());
        assert!(parse("smtp://mail.example.com").warning().is_none());
        assert!(parse("smtp://localhost:1025").warning().is_none());
    }

    #[test]
    fn user_and_password_may_hold_any_character() {
        let server = parse("smtps://ada%40example.com:p%40ss%2Fw%C3%B6rd%2B+@mail.example.com");
        assert_eq!(
            server.credentials,
            Some(Credentials::new("ada@example.com".to_owned(), "p@ss/wörd++".to_owned()))
        );
    }

    #[test]
    fn every_bad_url_is_refused_for_its_own_reason_and_without_its_password() {
        for (url, reason) in [
            ("mail.example.com", "not a URL"),
            ("", "not a URL"),
            ("https://u:hunter2@mail.example.com", "begins with smtp"),
            ("smtp:mail.example.com", "no host"),
            ("smtp://", "no host"),
            ("smtp://u:hunter2@mail.example.com/path", "no path"),
            ("smtp://u:hun#ter2@mail.example.com", "# as %23"),
            ("smtp://mail.example.com?TLS=none", "parameters"),
            ("smtp://mail.example.com?tls=none&tls=required", "parameters"),
            ("smtp://mail.example.com?tls=maybe", "`tls` is"),
            ("smtps://mail.example.com?tls=none", "`tls` is"),
            ("smtp://ada@mail.example.com", "go together"),
            ("smtp://:hunter2@mail.example.com", "go together"),
            ("smtp://ada:%FF@mail.example.com", "go together"),
            ("smtp://ada:hunter2@mail.example.com?tls=none", "in the clear"),
            ("smtps://mail.example.com?ca=/does/not/exist", "cannot read"),
            ("smtps://mail.example.com?ca=/dev/null", "no certificates"),
        ] {
            let error = SmtpServer::parse(url).unwrap_err();
            assert!(error.to_string().contains(reason), "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn debug_output_hides_user_and_password() {
        let text = format!("{:?}", parse("smtps://ada:hunter2@mail.example.com"));
        assert!(!text.contains("ada") && !text.contains("hunter2"), "{text}");
    }
}
