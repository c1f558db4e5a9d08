//! What housekeeping throws away, to the microsecond, where no port makes such rows in one step.

use chrono::Duration;
use futures_util::future::join;
use rookery_core::Leftover;
use rookery_core::domain::TokenPurpose;
use rookery_core::ports::Sweep;
use rookery_store::Database;
use rookery_testkit::contract::World;

use crate::backends::{Backend, on_every_backend, patient, stores};

/// A leftover, its table, and what stands in its columns: `$1` an id, `$2` a person, `$3` a digest, `$4` the moment it ran out,
/// `$5` long before.
const ROWS: [(Leftover, &str, &str, &str); 9] = [
    (
        Leftover::Devices,
        "rookery_devices",
        "id, user_id, token_hash, last_used_at, created_at",
        "$1, $2, $3, $4, $5",
    ),
    (
        Leftover::Counters,
        "rookery_throttle_counters",
        "limit_name, subject, count, ends_at, window_ends_at",
        "'log_in', $3, 1, $4, $5",
    ),
    (
        Leftover::Challenges,
        "rookery_challenges",
        "id, user_id, token_hash, credential_version, remember, attempts, expires_at, created_at",
        "$1, $2, $3, 1, false, 0, $4, $5",
    ),
    (
        Leftover::UnconfirmedFactors,
        "rookery_factors",
        "id, user_id, kind, sealed_secret, created_at",
        "$1, $2, 'totp', $3, $4",
    ),
    (
        Leftover::RemovedFactors,
        "rookery_factors",
        "id, user_id, kind, sealed_secret, confirmed_at, removed_at, created_at",
        "$1, $2, 'totp', $3, $5, $4, $5",
    ),
    (
        Leftover::ReplacedRecoveryCodes,
        "rookery_recovery_codes",
        "id, user_id, digest, replaced_at, created_at",
        "$1, $2, $3, $4, $5",
    ),
    (
        Leftover::Undos,
        "rookery_undos",
        "id, user_id, ordinal, kind, token_hash, email, address, factors, expires_at, created_at",
        "$1, $2, 1, 'password', $3, '', '', '[]', $4, $5",
    ),
    (
        Leftover::Pictures,
        "rookery_pictures",
        "user_id, path, stored_at, content",
        "$2, '/api/pictures/0', $4, $3",
    ),
    (
        Leftover::Exports,
        "rookery_exports",
        "id, user_id, state, requested_at, attempts, next_attempt_at",
        "$1, $2, 'ready', $4, 0, $5",
    ),
];

async fn what_has_run_out_goes_to_the_microsecond(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let end = world.now();
    for (leftover, table, columns, values) in ROWS {
        let insert = format!("INSERT INTO {table} ({columns}) VALUES ({values})");
        let id = uuid::Uuid::from_u128(7);
        let long_before = end - Duration::days(1);
        let person = person.user.as_uuid();
        // PostgreSQL counts the values and wants each of them used.
        let unused = [("$1", id.into()), ("$2", person.into()), ("$3", vec![7_u8; 32].into())];
        let mut sql = insert;
        let mut bound: Vec<sea_orm::Value> = Vec::new();
        for (name, value) in unused
            .into_iter()
            .chain([("$4", end.into()), ("$5", long_before.into())])
        {
            if sql.contains(name) {
                bound.push(value);
                sql = sql.replace(name, &format!("?{}?", bound.len()));
            }
        }
        for number in 1..=bound.len() {
            sql = sql.replace(&format!("?{number}?"), &format!("${number}"));
        }
        assert_eq!(backend.witness.execute(&sql, bound).await, 1, "{leftover:?}");
        for (before, gone) in [(end, 0), (end + Duration::microseconds(1), 1)] {
            let sweep = Sweep {
                leftover,
                before,
                at: world.now(),
            };
            let swept = world.stores.housekeeping.sweep(&sweep).await.unwrap();
            assert_eq!(swept, gone, "{leftover:?}");
        }
    }
}

async fn a_live_factor_and_live_codes_stay_for_ever(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    for (table, columns, values) in [
        (
            "rookery_factors",
            "id, user_id, kind, sealed_secret, confirmed_at, created_at",
            "$1, $2, 'totp', $3, $4, $4",
        ),
        (
            "rookery_recovery_codes",
            "id, user_id, digest, created_at",
            "$1, $2, $3, $4",
        ),
    ] {
        let sql = format!("INSERT INTO {table} ({columns}) VALUES ({values})");
        let values = [
            uuid::Uuid::from_u128(7).into(),
            person.user.as_uuid().into(),
            vec![7_u8; 32].into(),
            world.now().into(),
        ];
        backend.witness.execute(&sql, values).await;
    }
    for leftover in [
        Leftover::UnconfirmedFactors,
        Leftover::RemovedFactors,
        Leftover::ReplacedRecoveryCodes,
    ] {
        let sweep = Sweep {
            leftover,
            before: world.now() + Duration::days(3_650),
            at: world.now(),
        };
        assert_eq!(
            world.stores.housekeeping.sweep(&sweep).await.unwrap(),
            0,
            "{leftover:?}"
        );
    }
}

/// More than a batch, so that both nodes go through several.
const MANY: u64 = 1_200;

async fn two_nodes_that_sweep_at_once_throw_each_row_away_once(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let other = Database::connect(&patient(backend.url())).await.unwrap();
    let other = World::new(stores(&other, &backend.witness));
    let at = world.now();
    let numbers = if backend.witness.is_postgres() {
        format!("generate_series(1, {MANY}) AS n (i)")
    } else {
        format!("(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) SELECT i FROM n)")
    };
    let (id, digest) = if backend.witness.is_postgres() {
        ("gen_random_uuid()", "decode(md5(i::text), 'hex')")
    } else {
        ("randomblob(16)", "randomblob(32)")
    };
    for (sql, values) in [
        (
            format!(
                "INSERT INTO rookery_tokens (id, user_id, purpose, token_hash, created_at, expires_at)
                 SELECT {id}, $1, 'unlock', {digest}, $2, $2 FROM {numbers}"
            ),
            vec![person.user.as_uuid().into(), at.into()],
        ),
        (
            format!(
                "INSERT INTO rookery_throttle_counters (limit_name, subject, count, ends_at, window_ends_at)
                 SELECT 'reads', {digest}, 1, $1, $1 FROM {numbers}"
            ),
            vec![at.into()],
        ),
        (
            format!(
                "INSERT INTO rookery_audit_events (id, occurred_at, action, outcome, actor, user_id)
                 SELECT {id}, $2, 'user.updated', 'success', 'user', $1 FROM {numbers}"
            ),
            vec![person.user.as_uuid().into(), at.into()],
        ),
    ] {
        assert_eq!(backend.witness.execute(&sql, values).await, MANY, "{sql}");
    }
    let kept = world
        .issued(&world.issue(TokenPurpose::PasswordReset, person.addressee()))
        .await;
    for (leftover, more) in [
        (Leftover::Tokens, 0),
        (Leftover::Counters, 0),
        // The event of the sign-up, and that of the mail.
        (Leftover::PersonalInEvents, 2),
        (Leftover::Events, 2),
    ] {
        let sweep = Sweep {
            leftover,
            before: at + Duration::microseconds(1),
            at,
        };
        let (one, two) = join(
            world.stores.housekeeping.sweep(&sweep),
            other.stores.housekeeping.sweep(&sweep),
        )
        .await;
        // Whoever met the other may have stopped early; the next round finds the rest.
        let rest = world.stores.housekeeping.sweep(&sweep).await.unwrap();
        assert_eq!(one.unwrap() + two.unwrap() + rest, MANY + more, "{leftover:?}");
        assert_eq!(
            world.stores.housekeeping.sweep(&sweep).await.unwrap(),
            0,
            "{leftover:?}"
        );
    }
    assert!(world.stores.tokens.find(&kept).await.unwrap().is_some());
    assert_eq!(world.ledger().await.count("users"), 1);
}

on_every_backend! {
    two_nodes_that_sweep_at_once_throw_each_row_away_once
    what_has_run_out_goes_to_the_microsecond
    a_live_factor_and_live_codes_stay_for_ever
}
