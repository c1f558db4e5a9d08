//! The service with a server around it: from taking an address to closing the last connection.

use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Service;
use actix_web::http::ConnectionType;
use actix_web::{App, HttpServer};
use tokio::sync::watch;
use tracing::{error, info};
use url::Url;

use crate::compose::Rookery;
use crate::configuration::{Configuration, Http};
use crate::in_flight::InFlight;
use crate::listener::ReservedAddress;
use crate::start_error::StartError;
use crate::workers::WORKERS_GRACE;

/// Threads one server thread may use for blocking work. Nothing here blocks; resolving a name would.
const BLOCKING_THREADS: usize = 4;

/// A server that can be run. Connections are made, and wait until it is.
pub struct Application {
    rookery: Rookery,
    http: Http,
    listener: TcpListener,
    address: SocketAddr,
    public_url: Url,
    stop: watch::Sender<bool>,
}

/// Stops a server from elsewhere. Clones stop the same one.
#[derive(Clone, Debug)]
pub struct StopHandle(watch::Sender<bool>);

impl StopHandle {
    /// Asks the server to stop in order: [`Application::run_until_stopped`] returns when it has.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Application {
    /// Takes the address, composes the service (which migrates the database if it should), and then listens.
    ///
    /// # Errors
    /// [`StartError`]; then nothing listens.
    pub async fn build(configuration: &Configuration) -> Result<Self, StartError> {
        let at = |source| StartError::Listen {
            address: configuration.listen,
            source,
        };
        let reserved = ReservedAddress::take(configuration.listen).map_err(at)?;
        let address = reserved.address();
        let public_url = configuration.http.public_url_at(address);
        let rookery = Rookery::compose(configuration, &public_url).await?;
        Ok(Self {
            rookery,
            http: configuration.http.clone(),
            listener: reserved.listen().map_err(at)?,
            address,
            public_url,
            stop: watch::Sender::new(false),
        })
    }

    /// Where it listens, with the port that was found if none was asked for.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Where people reach it.
    #[must_use]
    pub const fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// The service inside.
    #[must_use]
    pub const fn rookery(&self) -> &Rookery {
        &self.rookery
    }

    /// Stops it from elsewhere, also before it runs.
    #[must_use]
    pub fn handle(&self) -> StopHandle {
        StopHandle(self.stop.clone())
    }

    /// Serves until its [handle](Self::handle) stops it. Then, in this order: readiness goes false; it goes on serving for
    /// the delay; no new connections are taken, requests finish within the grace and the workers come to rest; the threads
    /// of the server end; the database is closed.
    ///
    /// # Errors
    /// When the server cannot run, or ends by itself.
    pub async fn run_until_stopped(self) -> io::Result<()> {
        let in_flight = InFlight::default();
        let server = serve(&self.rookery, &self.http, self.listener, &in_flight)?;
        let serving = server.handle();
        tokio::pin!(server);
        let workers = self.rookery.start_workers();
        let mut stop = self.stop.subscribe();

        let outcome = tokio::select! {
            ended = &mut server => ended.and(Err(io::Error::other("the server ended by itself"))),
            _ = stop.wait_for(|stop| *stop) => Ok(()),
        };
        self.rookery.api().health.begin_shutdown();
        if let Err(error) = &outcome {
            error!(%error, "stopping");
            workers.stop(WORKERS_GRACE).await;
        } else {
            let in_order = async {
                tokio::time::sleep(self.http.shutdown_delay).await;
                serving.pause().await;
                let answered = in_flight.drained(self.http.shutdown_grace);
                let (answered, ()) = tokio::join!(answered, workers.stop(WORKERS_GRACE));
                serving.stop(answered).await;
            };
            let ((), _) = tokio::join!(in_order, &mut server);
        }
        self.rookery.close().await;
        info!("stopped");
        outcome
    }
}

fn serve(
    rookery: &Rookery,
    http: &Http,
    listener: TcpListener,
    in_flight: &InFlight,
) -> io::Result<actix_web::dev::Server> {
    let (rookery, in_flight) = (rookery.clone(), in_flight.clone());
    let server = HttpServer::new(move || {
        let in_flight = in_flight.clone();
        App::new()
            .configure(rookery.routes())
            .default_service(rookery_api::not_found_anywhere(rookery.api()))
            .wrap_fn(move |request, service| {
                let counted = in_flight.enter();
                let answer = service.call(request);
                async move {
                    let mut answer = answer.await?;
                    if counted.is_the_last() {
                        answer
                            .response_mut()
                            .head_mut()
                            .set_connection_type(ConnectionType::Close);
                    }
                    Ok(answer)
                }
            })
    });
    Ok(server
        .workers(http.workers)
        .worker_max_blocking_threads(BLOCKING_THREADS)
        .max_connections(http.max_connections.div_ceil(http.workers))
        .keep_alive(http.keep_alive)
        .client_request_timeout(http.request_timeout)
        .tcp_nodelay(true)
        .shutdown_timeout(http.shutdown_grace.as_secs())
        // Who stops the server, and in which order, is decided here and not by the server.
        .disable_signals()
        .listen(listener)?
        .run())
}
