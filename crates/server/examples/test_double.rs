//! The whole service inside somebody's own test: in memory, on a free port, with its mailbox at hand.
//!
//! ```sh
//! cargo run --package rookery-server --example test_double
//! ```
//!
//! What is tested here, a newcomer who signs up, proves the address and signs in, stands for a test of whatever talks to
//! Rookery over HTTP.

use std::error::Error;
use std::thread;
use std::time::Duration;

use rookery_core::domain::EmailAddress;
use rookery_server::{Application, Configuration, Rookery, Sources};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let settings = [
        ("DATABASE_URL", "sqlite::memory:"),
        ("ROOKERY_LISTEN", "127.0.0.1:0"),
        ("ROOKERY_RATE_LIMITS", "off"),
        // Any key will do for accounts that end with the test. Without one it would be made and kept in ./data.
        ("ROOKERY_SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
    ];
    let sources = Sources {
        variables: settings.map(|(name, value)| (name.into(), value.into())).to_vec(),
        ..Sources::default()
    };
    let service = Application::build(&Configuration::read(&sources)?).await?;
    let (site, rookery, stop) = (
        service.public_url().clone(),
        service.rookery().clone(),
        service.handle(),
    );

    // The test has a thread of its own, so that it may wait for answers, and stops the service when it is over.
    let test = thread::spawn(move || {
        let outcome = a_newcomer_signs_up_and_in(site.as_str(), &rookery);
        stop.stop();
        outcome
    });
    service.run_until_stopped().await?;
    test.join().map_err(|_| "the test panicked")?
}

fn a_newcomer_signs_up_and_in(site: &str, rookery: &Rookery) -> Outcome {
    let post = |path: &str, body: String| {
        ureq::post(format!("{site}{path}"))
            .header("content-type", "application/json")
            .send(body)
    };
    let credentials = r#""email":"ada@example.com","password":"correct horse battery""#;
    post("api/auth/signup", format!(r#"{{{credentials},"name":"Ada"}}"#))?;
    let token = mailed_token(rookery, "ada@example.com")?;
    post("api/auth/verify-email", format!(r#"{{"token":"{token}"}}"#))?;
    let answer = post("api/auth/login", format!("{{{credentials}}}"))?;
    println!(
        "signed in with {:?}",
        answer.headers().get("set-cookie").ok_or("no cookie")?
    );
    Ok(())
}

/// The token of the newest mail with one, as soon as it is there.
fn mailed_token(rookery: &Rookery, to: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mailbox = rookery.mailbox().ok_or("a mail server is configured")?;
    let to = EmailAddress::parse(to)?;
    for _ in 0..100 {
        if let Some(token) = mailbox.letters(Some(&to)).into_iter().find_map(|letter| letter.token) {
            return Ok(token);
        }
        thread::sleep(Duration::from_millis(50));
    }
    Err("no mail within five seconds".into())
}
