//! A mail server that does what a test tells it.
//!
//! ```
//! use rookery_testkit::smtp::{ScriptedSmtp, SmtpBehaviour, SmtpStage};
//!
//! let server = ScriptedSmtp::start();
//! println!("deliver to {}", server.url());
//! server.behave(SmtpBehaviour::Answer { at: SmtpStage::Recipient, code: 450 });
//! // … what is sent now has to be sent again …
//! server.behave(SmtpBehaviour::Accept);
//! assert!(server.received().is_empty());
//! ```
//!
//! It runs on threads of its own, so tests with any runtime or none can use it, and ends when it is dropped.

#![expect(clippy::expect_used, reason = "what a test stands on may panic")]

mod authority;
mod dialogue;
mod received;
mod wire;

use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub use received::ReceivedMail;

use dialogue::Dialogue;
use wire::Wire;

/// A moment of an SMTP dialogue at which something can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpStage {
    /// The connection is open; the server should greet.
    Greeting,
    /// The client said `EHLO`.
    Hello,
    /// The client said `STARTTLS`.
    StartTls,
    /// The client signs in.
    Auth,
    /// The client named the sender (`MAIL FROM`).
    Sender,
    /// The client named the recipient (`RCPT TO`).
    Recipient,
    /// The client said `DATA`.
    Data,
    /// The server has the whole letter and should say what becomes of it.
    Content,
}

/// What the server does until it is told otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmtpBehaviour {
    /// Takes every letter.
    Accept,
    /// Answers with this code instead of going on, and quotes in its text what the client said last, as servers do.
    Answer {
        /// When.
        at: SmtpStage,
        /// With which code, such as 450 or 550.
        code: u16,
    },
    /// Answers with this code to one recipient, and takes the letters to all others.
    Refuse {
        /// The recipient's address, as the client spells it.
        recipient: String,
        /// With which code.
        code: u16,
    },
    /// Says nothing more, and leaves the connection open.
    Hang {
        /// From when on.
        at: SmtpStage,
    },
    /// Closes the connection without a word.
    Drop {
        /// When.
        at: SmtpStage,
    },
}

/// What the server offers and asks for.
#[derive(Clone, Debug, Default)]
pub struct SmtpOffer {
    /// Offers `STARTTLS`, with a certificate for `localhost` and 127.0.0.1 that [`authority_pem`] vouches for.
    pub starttls: bool,
    /// Speaks TLS from the first byte, with the same certificate.
    pub implicit_tls: bool,
    /// Takes letters only from a client that signs in with this user and password.
    pub sign_in: Option<(String, String)>,
}

/// The authority behind the certificates of this process's servers, in PEM.
#[must_use]
pub fn authority_pem() -> &'static str {
    authority::shared().pem()
}

/// A mail server on a free port of 127.0.0.1.
#[derive(Debug)]
pub struct ScriptedSmtp {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    offer: SmtpOffer,
    state: Mutex<State>,
    arrival: Condvar,
}

#[derive(Debug)]
struct State {
    behaviour: SmtpBehaviour,
    received: Vec<ReceivedMail>,
    connections: Vec<TcpStream>,
    open: bool,
}

impl ScriptedSmtp {
    /// A server without TLS and sign-in that takes every letter.
    ///
    /// # Panics
    /// When there is no port to listen on.
    #[must_use]
    pub fn start() -> Self {
        Self::offering(SmtpOffer::default())
    }

    /// A server with this offer.
    ///
    /// # Panics
    /// When there is no port to listen on.
    #[must_use]
    pub fn offering(offer: SmtpOffer) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port of 127.0.0.1");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            offer,
            state: Mutex::new(State {
                behaviour: SmtpBehaviour::Accept,
                received: Vec::new(),
                connections: Vec::new(),
                open: true,
            }),
            arrival: Condvar::new(),
        });
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || shared.accept(&listener)
        });
        Self {
            address,
            shared,
            acceptor: Some(acceptor),
        }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `smtp://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Does this from now on, in open connections too.
    pub fn behave(&self, behaviour: SmtpBehaviour) {
        self.shared.state().behaviour = behaviour;
    }

    /// The letters it has taken the responsibility for, in the order of their arrival.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedMail> {
        self.shared.state().taken()
    }

    /// All letters that came over the wire whole, those it refused or was told to lose the answer to among them.
    #[must_use]
    pub fn transmitted(&self) -> Vec<ReceivedMail> {
        self.shared.state().received.clone()
    }

    /// Waits until it has taken so many letters, and gives them.
    ///
    /// # Panics
    /// When they have not come after so long.
    #[must_use]
    pub fn wait_for(&self, count: usize, patience: Duration) -> Vec<ReceivedMail> {
        let deadline = Instant::now() + patience;
        let mut state = self.shared.state();
        loop {
            let taken = state.taken();
            if taken.len() >= count {
                return taken;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{} of {count} letters came within {patience:?}",
                taken.len()
            );
            state = self
                .shared
                .arrival
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// How many connections it has had.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.state().connections.len()
    }

    /// Closes every open connection, as a server does that is started again, and goes on listening.
    pub fn close_connections(&self) {
        for connection in &self.shared.state().connections {
            // One that is closed already has nothing more to close.
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for ScriptedSmtp {
    fn drop(&mut self) {
        self.shared.state().open = false;
        self.close_connections();
        // Wakes the acceptor, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept(self: &Arc<Self>, listener: &TcpListener) {
        for connection in listener.incoming().flatten() {
            let mut state = self.state();
            if !state.open {
                return;
            }
            let (Ok(handle), Ok(closing)) = (connection.try_clone(), connection.try_clone()) else {
                continue;
            };
            state.connections.push(handle);
            drop(state);
            let shared = Arc::clone(self);
            thread::spawn(move || {
                let wire = if shared.offer.implicit_tls {
                    Wire::Plain(connection).secured()
                } else {
                    Wire::Plain(connection)
                };
                // A client may go away at any moment; that ends its dialogue and nothing else.
                let _ = Dialogue::new(&shared, wire).run();
                // The handle that is kept would hold the connection open.
                let _ = closing.shutdown(Shutdown::Both);
            });
        }
    }

    fn record(&self, mail: ReceivedMail) {
        self.state().received.push(mail);
        self.arrival.notify_all();
    }
}

impl State {
    fn taken(&self) -> Vec<ReceivedMail> {
        self.received
            .iter()
            .filter(|mail| mail.answer == Some(250))
            .cloned()
            .collect()
    }
}
