//! Rookery inside an actix-web application that has routes of its own.
//!
//! ```sh
//! cargo run --package rookery-server --example embed
//! curl http://127.0.0.1:8080/hello        # the application's own route
//! curl http://127.0.0.1:8080/api/health   # Rookery's
//! ```
//!
//! The application decides where to listen and when to stop; Rookery brings its routes, its workers and its database. The
//! settings are those of the `rookery` program: the environment and `rookery.toml`.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::COOKIE;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, Responder, web};
use rookery_core::domain::SessionToken;
use rookery_core::{SessionError, Sessions};
use rookery_server::{Configuration, Rookery, Sources};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let configuration = Configuration::read(&Sources::of_process(Vec::new(), None))?;
    let public_url = configuration.http.public_url_at(configuration.listen);
    let rookery = Rookery::compose(&configuration, &public_url).await?;
    // Mail is delivered, and what has run out is thrown away, as long as this lives.
    let workers = rookery.start_workers();

    let inside = rookery.clone();
    let application = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&inside.api().sessions)))
            .configure(inside.routes())
            .route(
                "/hello",
                web::get().to(|| async { "Hello from the application around it.\n" }),
            )
            .route("/greeting", web::get().to(greeting))
    });
    println!("listening on http://{}", configuration.listen);
    application.bind(configuration.listen)?.workers(2).run().await?;

    rookery.api().health.begin_shutdown();
    workers.stop(Duration::from_secs(10)).await;
    rookery.close().await;
    Ok(())
}

/// A route of the application that knows who is asking, without a request of its own: the use case is right here.
async fn greeting(request: HttpRequest, sessions: web::Data<dyn Sessions>) -> impl Responder {
    let Some(token) = session_token(&request) else {
        return HttpResponse::Unauthorized().body("Sign in first.\n");
    };
    match sessions.authenticate(&token).await {
        Ok(signed_in) => HttpResponse::Ok().body(format!("Hello {}.\n", signed_in.profile.email)),
        Err(SessionError::NotSignedIn) => HttpResponse::Unauthorized().body("Sign in first.\n"),
        // Whether somebody is signed in is not known: never a guess.
        Err(SessionError::Port(_)) => HttpResponse::ServiceUnavailable().body("Try again in a moment.\n"),
    }
}

/// The cookie is called `sid` on plain localhost and `__Host-sid` on https.
fn session_token(request: &HttpRequest) -> Option<SessionToken> {
    let cookies = request.headers().get(COOKIE)?.to_str().ok()?;
    cookies
        .split("; ")
        .filter_map(|cookie| cookie.split_once('='))
        .find(|(name, _)| matches!(*name, "sid" | "__Host-sid"))
        .and_then(|(_, value)| SessionToken::parse(value))
}
