//! What `scripts/bench` measures Rookery against, on the same machine in the same run:
//!
//! - `GET /bare`: an actix-web handler that answers with a constant of a profile's size;
//! - `GET /one-query`: the same handler with one prepared query in front, through the same database library.
//!
//! ```sh
//! cargo run --release -p rookery-server --example anchor -- 127.0.0.1:9000 sqlite:///tmp/rookery.db
//! ```

use std::error::Error;

use actix_web::{App, HttpResponse, HttpServer, web};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde::Serialize;

/// As large as a profile.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    email: &'a str,
    name: &'a str,
    roles: [&'a str; 1],
    filling: &'a str,
}

const ID: &str = "01927d2e-7d6a-7000-8000-000000000000";
const FILLING: &str = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
    0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
    01234567890123456789012345678901234567890123456789012345678901234567890123456789";

async fn bare() -> HttpResponse {
    HttpResponse::Ok().json(Answer {
        id: ID,
        email: "ada@example.com",
        name: "Ada Lovelace",
        roles: ["owner"],
        filling: FILLING,
    })
}

async fn one_query(database: web::Data<DatabaseConnection>) -> Result<HttpResponse, Box<dyn Error>> {
    let backend = database.get_database_backend();
    let text = match backend {
        DbBackend::Postgres => "SELECT email, name FROM users WHERE lower(email) = $1",
        _ => "SELECT email, name FROM users WHERE lower(email) = ?",
    };
    let wanted = format!(
        "profile-{}@example.com",
        if backend == DbBackend::Postgres {
            "postgresql"
        } else {
            "sqlite"
        }
    );
    let row = database
        .query_one_raw(Statement::from_sql_and_values(backend, text, [wanted.into()]))
        .await?
        .ok_or("no such user")?;
    let (email, name): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(HttpResponse::Ok().json(Answer {
        id: ID,
        email: &email,
        name: &name,
        roles: ["owner"],
        filling: FILLING,
    }))
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let listen = arguments.next().ok_or("usage: anchor ADDRESS [DATABASE_URL]")?;
    let database = match arguments.next() {
        Some(url) => {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(8)
                .test_before_acquire(false)
                .sqlx_logging(false);
            Some(web::Data::new(Database::connect(options).await?))
        }
        None => None,
    };
    HttpServer::new(move || {
        let app = App::new().route("/bare", web::get().to(bare));
        match &database {
            Some(database) => app
                .app_data(web::Data::clone(database))
                .route("/one-query", web::get().to(one_query)),
            None => app,
        }
    })
    .workers(1)
    .bind(listen)?
    .run()
    .await?;
    Ok(())
}
