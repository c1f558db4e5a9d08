//! The work ledger: what a request costs and gives back does not depend on whether the address it names has an account, nor
//! on what has become of that account, nor on how often it is asked. Hashes, statements one by one, rows of mails and of
//! events, status, headers and body. (How long it takes is measured by `scripts/prove-timing`.)

mod entry;
mod house;

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use rookery_core::domain::{Caller, EmailAddress, OneTimeToken, TokenPurpose, UserId};
use rookery_core::ports::PortError;
use rookery_core::{Recovery, RecoveryError, ResetPassword};
use serde_json::{Value as Json, json};

use house::{Ground, House};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Every surface is asked so often about the same address: past the lock-out and the share of mails.
const CALLS: u32 = 6;

/// What may have become of an account.
const KINDS: [(&str, &[&str]); 10] = [
    ("unverified", &[]),
    ("verified", &["UPDATE users SET email_verified = $1 WHERE email = $2"]),
    (
        "disabled",
        &[
            "UPDATE users SET email_verified = $1 WHERE email = $2",
            "UPDATE rookery_credentials SET disabled_at = $1 WHERE user_id = (SELECT id FROM users WHERE email = $2)",
        ],
    ),
    ("deleted", &["UPDATE users SET deleted = $1 WHERE email = $2"]),
    (
        "without a password",
        &[
            "DELETE FROM rookery_credentials WHERE changed_at < $1 AND user_id = (SELECT id FROM users WHERE email = $2)",
        ],
    ),
    (
        "with a second factor",
        &[
            "UPDATE rookery_credentials SET second_factor_at = $1 WHERE user_id = (SELECT id FROM users WHERE email = $2)",
        ],
    ),
    ("in a tenant that allows fewer wrong passwords", &STRICT_TENANT),
    ("hashed with less", &[HASHED_WITH_LESS]),
    ("hashed with a pepper that is gone", &[PEPPERED]),
    ("with a hash that is none", &[DAMAGED]),
];

const STRICT_TENANT: [&str; 3] = [
    "INSERT INTO tenants (id, name, created, updated) SELECT id, 'Strict', $1, $1 FROM users WHERE email = $2",
    "INSERT INTO tenant_users (tenant_id, user_id, created, updated) SELECT id, id, $1, $1 FROM users WHERE email = $2",
    "INSERT INTO tenant_policies (tenant_id, max_login_attempts, created, updated) \
     SELECT id, 3, $1, $1 FROM users WHERE email = $2",
];
const HASHED_WITH_LESS: &str = "UPDATE rookery_credentials SET changed_at = $1, \
     password_hash = '$argon2id$v=19$m=9216,t=4,p=1$4htWYSjy4LA$PrTt+ga0AAcQughI8eP6IA' \
     WHERE user_id = (SELECT id FROM users WHERE email = $2)";
const PEPPERED: &str = "UPDATE rookery_credentials SET changed_at = $1, \
     password_hash = '$argon2id$v=19$m=19456,t=2,p=1,keyid=dHm93A$AAECAwQFBgcICQoLDA0ODw$SA/fF7KmSF417z3JufTZP3ONRc7r0EoJ2PzyeEkgaNA' \
     WHERE user_id = (SELECT id FROM users WHERE email = $2)";
const DAMAGED: &str = "UPDATE rookery_credentials SET changed_at = $1, password_hash = 'nonsense' \
     WHERE user_id = (SELECT id FROM users WHERE email = $2)";

/// The body that asks about this address.
type Question = fn(&str) -> Json;

/// What can be asked about an address without being signed in.
const SURFACES: [(&str, Question); 6] = [
    (
        "/api/auth/login",
        |email| json!({ "email": email, "password": "wrong horse battery" }),
    ),
    ("/api/auth/forgot-password", |email| json!({ "email": email })),
    (
        "/api/auth/verify-email",
        |email| json!({ "email": email, "code": "7KQ01-X2Z9F" }),
    ),
    (
        "/api/auth/reset-password",
        |email| json!({ "email": email, "code": "7KQ01-X2Z9F", "newPassword": "staple the battery horse" }),
    ),
    ("/api/auth/resend-verification", |email| json!({ "email": email })),
    (
        "/api/auth/signup",
        |email| json!({ "email": email, "password": PASSWORD, "name": "Ada", "companyName": "Engines", "language": "en" }),
    ),
];

/// Makes two tests of one: `on_sqlite` and `on_postgres`.
macro_rules! on_both_databases {
    ($($name:ident)+) => {
        $(mod $name {
            use super::house::Ground;

            #[actix_web::test]
            async fn on_sqlite() {
                super::$name(Ground::sqlite()).await;
            }

            #[actix_web::test]
            async fn on_postgres() {
                super::$name(Ground::postgres()).await;
            }
        })+
    };
}

on_both_databases! {
    without_limits_every_kind_of_account_costs_what_none_costs
    with_limits_every_kind_of_account_costs_what_none_costs_through_lock_out_and_silence
    whoever_is_signed_in_learns_nothing_by_a_wish_for_another_address
    every_token_that_is_no_good_costs_and_answers_the_same
    the_ledger_shows_a_shortcut
    of_neutral_sign_ups_at_once_one_makes_the_account_and_all_get_one_answer
}

// Proves: A13
async fn without_limits_every_kind_of_account_costs_what_none_costs(ground: Ground) {
    every_kind_of_account_costs_what_none_costs(ground, "off").await;
}

// Proves: A13
async fn with_limits_every_kind_of_account_costs_what_none_costs_through_lock_out_and_silence(ground: Ground) {
    every_kind_of_account_costs_what_none_costs(ground, "default").await;
}

async fn every_kind_of_account_costs_what_none_costs(ground: Ground, limits: &str) {
    let house = House::open(ground, limits).await;
    for (number, (_, changes)) in (0..).zip(KINDS) {
        // Each surface its own account: what one is asked must not use up the share of another.
        for surface in 0..SURFACES.len() {
            let email = address(number, surface);
            house.sign_up(network(90 + number, surface), &email).await;
            for change in changes {
                house
                    .change(change, vec![house.now().into(), email.as_str().into()])
                    .await;
            }
        }
    }
    // What it took to make them is not counted against what is asked about them.
    house.forget_counts().await;
    for (surface, (path, body)) in SURFACES.into_iter().enumerate() {
        for call in 1..=CALLS {
            // Nobody's. After a sign-up it is somebody's, so each has one of its own, except where it is counted how often
            // it is asked about.
            let fresh = path.ends_with("signup") && limits == "off";
            let unknown = if fresh { 60 + call } else { 60 };
            let expected = house
                .ask(network(60, surface), path, &body(&address(unknown, surface)))
                .await;
            for (number, (kind, _)) in (0..).zip(KINDS) {
                let entry = house
                    .ask(network(number, surface), path, &body(&address(number, surface)))
                    .await;
                assert_eq!(entry, expected, "{path}, {kind}, call {call}, limits {limits}");
            }
        }
    }
}

/// Of one length, so that nothing but the account is different.
fn address(number: u32, surface: usize) -> String {
    format!("person-{number:03}-{surface}@example.com")
}

/// Where nobody else asks from.
fn network(number: u32, surface: usize) -> u32 {
    number * 16 + u32::try_from(surface).unwrap() + 1
}

async fn whoever_is_signed_in_learns_nothing_by_a_wish_for_another_address(ground: Ground) {
    let house = House::open(ground, "default").await;
    for (number, (_, changes)) in (0..).zip(KINDS) {
        let email = address(number, 0);
        house.sign_up(network(90 + number, 0), &email).await;
        for change in changes {
            house
                .change(change, vec![house.now().into(), email.as_str().into()])
                .await;
        }
    }
    house.forget_counts().await;
    // Each wish by somebody of its own, so that none replaces another.
    let wish = async |number: u32, email: String| {
        let who = address(200 + number, 0);
        house.sign_up(network(200 + number, 0), &who).await;
        let session = house.session_of(&who).await;
        let body = json!({ "newEmail": email, "password": PASSWORD });
        house
            .ask_as(&session, network(200 + number, 1), "/api/users/me/change-email", &body)
            .await
    };
    let free = wish(100, address(100, 0)).await;
    assert_eq!((free.status, free.hashes, free.mails), (200, 1, 2), "{}", free.body);
    for (number, (kind, _)) in (0..).zip(KINDS) {
        assert_eq!(wish(number, address(number, 0)).await, free, "{kind}");
    }
}

async fn every_token_that_is_no_good_costs_and_answers_the_same(ground: Ground) {
    const ISSUE: &str = "INSERT INTO rookery_tokens (id, user_id, purpose, token_hash, email, created_at, expires_at, \
         consumed_at, voided_at) SELECT $1, u.id, 'password_reset', $2, $3, $4, $5, $6, $7 FROM users u WHERE u.email = $8";
    let house = House::open(ground, "off").await;
    let (ada, eve) = (address(1, 0), address(2, 0));
    for email in [&ada, &eve] {
        house.sign_up(1, email).await;
    }
    let disable =
        "UPDATE rookery_credentials SET disabled_at = $1 WHERE user_id = (SELECT id FROM users WHERE email = $2)";
    house
        .change(disable, vec![house.now().into(), eve.as_str().into()])
        .await;
    let now = house.now();
    let later = now + chrono::Duration::hours(1);
    let never = None::<rookery_core::domain::Timestamp>;
    let tokens = [
        ("used before", &ada, &ada, later, Some(now), never),
        ("void", &ada, &ada, later, never, Some(now)),
        ("expired", &ada, &ada, now - chrono::Duration::seconds(1), never, never),
        ("mailed to another address", &ada, &eve, later, never, never),
        ("of a disabled account", &eve, &eve, later, never, never),
    ];
    let shown = |seed: u8| OneTimeToken::from_entropy(TokenPurpose::PasswordReset, [seed; 32]);
    let reset = |seed: u8| json!({ "token": shown(seed).expose(), "newPassword": "staple the battery horse" });
    let unknown = house.ask(1, "/api/auth/reset-password", &reset(200)).await;
    assert_eq!((unknown.status, unknown.hashes, unknown.mails), (400, 0, 0));
    for (seed, (what, whose, email, expires, consumed, voided)) in (1..).zip(tokens) {
        let digest = shown(seed).digest();
        let values = vec![
            UserId::new(now, &[seed; 10]).as_uuid().into(),
            digest.as_bytes().to_vec().into(),
            email.as_str().into(),
            now.into(),
            expires.into(),
            consumed.into(),
            voided.into(),
            whose.as_str().into(),
        ];
        house.change(ISSUE, values).await;
        assert_eq!(
            house.ask(1, "/api/auth/reset-password", &reset(seed)).await,
            unknown,
            "{what}"
        );
    }
}

/// A shortcut any programmer might take: no account, no work.
struct Hurried {
    known: String,
    inner: Arc<dyn Recovery>,
}

#[async_trait]
impl Recovery for Hurried {
    async fn request(&self, email: &EmailAddress, caller: &Caller) -> Result<(), PortError> {
        if email.as_str() != self.known {
            return Ok(());
        }
        self.inner.request(email, caller).await
    }

    async fn reset(&self, reset: ResetPassword) -> Result<(), RecoveryError> {
        self.inner.reset(reset).await
    }
}

async fn the_ledger_shows_a_shortcut(ground: Ground) {
    let house = House::open(ground, "off").await;
    let (path, known, unknown) = ("/api/auth/forgot-password", address(1, 0), address(2, 0));
    house.sign_up(1, &known).await;
    let body = |email: &str| json!({ "email": email });
    let mut api = house.api();
    api.recovery = Arc::new(Hurried {
        known: known.clone(),
        inner: api.recovery,
    });
    let mut hurried = house.ask_of(&api, 1, path, &body(&unknown)).await;
    let honest = house.ask_of(&api, 1, path, &body(&known)).await;
    assert_eq!(
        (&hurried.body, hurried.status),
        (&honest.body, honest.status),
        "outwardly the same"
    );
    assert_ne!(hurried, honest);
    hurried.statements.clone_from(&honest.statements);
    assert_ne!(hurried, honest, "seen by its rows alone, too");
}

async fn of_neutral_sign_ups_at_once_one_makes_the_account_and_all_get_one_answer(ground: Ground) {
    let house = House::open(ground, "off").await;
    let before = house.count("users").await;
    let bodies = ["ada@example.com", "ADA@example.com", "Ada@Example.com"]
        .map(|email| json!({ "email": email, "password": PASSWORD }));
    let asked = bodies
        .iter()
        .cycle()
        .take(6)
        .map(|body| house.answer("/api/auth/signup", body));
    let answers = join_all(asked).await;
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
    assert_eq!(answers[0].0, 202);
    assert!(
        !answers[0].1.to_lowercase().contains("ada") && !answers[0].1.contains("\"id\""),
        "{}",
        answers[0].1
    );
    assert_eq!(house.count("users").await - before, 1);
    assert_eq!(house.count("rookery_credentials").await, 1);
    assert_eq!(
        house.count("rookery_outbox").await,
        6,
        "a mail each: to verify once, and to the owner"
    );
}
