//! TLS to the address that was checked, for the name that was meant.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rookery_core::domain::UrlRules;
use rookery_core::ports::{SendFailure, WebhookSender};
use rookery_webhook::{HttpWebhookSender, Reach, Trust};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::names::Names;
use super::receiver::{read, status};
use super::sending::dispatch;

/// A receiver with a certificate, and what clients asked it for by name.
struct Secure {
    address: SocketAddr,
    authority: Vec<u8>,
    names: Arc<Mutex<Vec<Option<String>>>>,
}

impl Secure {
    fn with_certificate_for(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()])
            .unwrap()
            .signed_by(&key, &issuer)
            .unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.2:0").unwrap();
        let secure = Self {
            address: listener.local_addr().unwrap(),
            authority: issuer.der().to_vec(),
            names: Arc::default(),
        };
        let (config, names) = (Arc::new(config), Arc::clone(&secure.names));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = StreamOwned::new(connection, stream);
                if read(&mut BufReader::new(&mut stream)).is_some() {
                    names.lock().unwrap().push(stream.conn.server_name().map(str::to_owned));
                    let _ = stream.write_all(status(200).as_bytes());
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                }
            }
        });
        secure
    }

    async fn sent_as(&self, host: &str, trust: Trust) -> Result<u16, SendFailure> {
        let reach = Reach {
            rules: UrlRules::Production,
            allow_internal: vec!["127.0.0.2/32".parse().unwrap()],
        };
        let sender = HttpWebhookSender::with(reach, "Rookery", &trust, Names::answering(vec![vec![self.address]]));
        sender.send(&dispatch(&format!("https://{host}/hooks"))).await
    }
}

#[tokio::test]
async fn the_connection_goes_to_the_checked_address_and_asks_for_the_name() {
    let secure = Secure::with_certificate_for("hooks.example.com");
    let trust = Trust::Only(secure.authority.clone());
    assert_eq!(secure.sent_as("hooks.example.com", trust).await, Ok(200));
    assert_eq!(*secure.names.lock().unwrap(), [Some("hooks.example.com".to_owned())]);
}

#[tokio::test]
async fn a_certificate_for_another_name_or_from_nobody_known_is_refused() {
    let secure = Secure::with_certificate_for("hooks.example.com");
    let trust = Trust::Only(secure.authority.clone());
    assert_eq!(
        secure.sent_as("other.example.com", trust).await,
        Err(SendFailure::Untrusted)
    );
    assert_eq!(
        secure.sent_as("hooks.example.com", Trust::Public).await,
        Err(SendFailure::Untrusted)
    );
    assert!(secure.names.lock().unwrap().is_empty(), "nothing was sent");
}
