//! One connection to the mail server.

use std::time::Duration;

use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use rookery_core::ports::MailerError;

use super::failure::{of_the_letter, of_the_way};
use super::message::OutgoingMessage;
use super::{Security, Sender, SmtpServer};

/// A connection that is greeted, secured and signed in. Dropping it closes it.
pub(super) struct Session(AsyncSmtpConnection);

impl Session {
    /// Connects. `patience` is for each of the server's addresses to answer at all.
    pub(super) async fn open(server: &SmtpServer, sender: &Sender, patience: Duration) -> Result<Self, MailerError> {
        let me = ClientId::Domain(sender.host().to_owned());
        let tls_at_once = match server.security {
            Security::Implicit => server.tls.clone(),
            _ => None,
        };
        let address = (server.host.as_str(), server.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(address, Some(patience), &me, tls_at_once, None)
            .await
            .map_err(|error| of_the_way("connecting", &error))?;
        let wants_tls = match server.security {
            Security::Required => true,
            Security::Opportunistic => connection.can_starttls(),
            Security::Implicit | Security::None => false,
        };
        if let (true, Some(tls)) = (wants_tls, &server.tls) {
            connection
                .starttls(tls.clone(), &me)
                .await
                .map_err(|error| of_the_way("STARTTLS", &error))?;
        }
        if let Some(credentials) = &server.credentials {
            if !connection.is_encrypted() && !server.trusts_the_wire() {
                return Err(MailerError::Temporary(
                    "signing in: the server offers no STARTTLS, and the password is not sent in the clear".to_owned(),
                ));
            }
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .await
                .map_err(|error| of_the_way("signing in", &error))?;
        }
        Ok(Self(connection))
    }

    /// Begins a transaction. Nothing has been handed over after it.
    pub(super) async fn begin(&mut self, message: &OutgoingMessage) -> Result<(), MailerError> {
        self.0
            .command(Mail::new(Some(message.from.clone()), Vec::new()))
            .await
            .map_err(|error| of_the_way("MAIL FROM", &error))?;
        Ok(())
    }

    /// Hands the letter over. With `Ok` the server has taken the responsibility for it.
    pub(super) async fn transmit(&mut self, message: &OutgoingMessage) -> Result<(), MailerError> {
        self.0
            .command(Rcpt::new(message.to.clone(), Vec::new()))
            .await
            .map_err(|error| of_the_letter("RCPT TO", &error))?;
        self.0
            .command(Data)
            .await
            .map_err(|error| of_the_letter("DATA", &error))?;
        self.0
            .message(&message.bytes)
            .await
            .map_err(|error| of_the_letter("after the letter", &error))?;
        Ok(())
    }
}
