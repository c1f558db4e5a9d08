//! Nothing that tells the person is left once an account is erased, and nothing of anybody else is gone.
//!
//! Two people get rows in every table, each with a mark of their own in every text and blob that can hold one. One of them is
//! erased; a dump of every column of every table, blobs in hexadecimal digits, then holds none of her marks, and all of his rows
//! as they were.

mod marked;
mod rows;

use std::collections::BTreeSet;

use chrono::Duration;
use rookery_core::ports::{ErasureBasis, ErasureOutcome, OutboxClaim, Settlement};
use rookery_core::{ERASURE, ErasureFate, Names};

use marked::{due, marked_person};
use rows::{dump, hexadecimal, marked, of, tables};

use crate::backends::{Backend, on_every_backend, sqlite_in_a_file};

/// Columns of these names, or with these ends, tell a person, or lead to one.
const TELLING: [&str; 15] = [
    "recipient",
    "address",
    "user_agent",
    "name",
    "given_name",
    "family_name",
    "picture",
    "reason",
    "detail",
    "request_id",
    "content",
    "sealed",
    "sealed_secret",
    "password_hash",
    "url",
];

async fn nothing_that_tells_an_erased_person_is_left_and_nobody_else_loses_anything(backend: Backend) {
    let world = backend.world();
    let (ada, bob) = (
        marked_person(&backend, &world, "adamark", 7).await,
        marked_person(&backend, &world, "bobmark", 8).await,
    );
    for whose in [&ada, &bob] {
        due(&backend, &world, whose).await;
    }
    let before = dump(&backend.witness).await;
    for rule in ERASURE {
        let is_marked = |row: &&String| row.starts_with(&format!("{}: ", rule.table));
        let goes = rule.names != Names::Nobody && !matches!(rule.fate, ErasureFate::Kept);
        if goes && rule.table != "rookery_legal_holds" {
            let hers = of(&before, &ada);
            assert!(hers.iter().any(|row| is_marked(&row)), "{} is not tried", rule.table);
        }
    }
    let his = of(&before, &bob);
    assert!(his.len() > 20, "{his:#?}");

    world.advance(Duration::seconds(1));
    let mut erasure = world.erasure(&ada.person, ErasureBasis::Asked);
    erasure.counted_as = vec![ada.counted_as.to_vec().try_into().unwrap()];
    let outcome = world.stores.deletions.erase(&erasure).await.unwrap();
    assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
    let with_the_last_mail = dump(&backend.witness).await;
    let last: Vec<&String> = marked(&with_the_last_mail, ada.mark);
    assert!(
        last.len() == 1 && last[0].starts_with("rookery_outbox: "),
        "only the last mail knows where it goes: {last:#?}"
    );
    let claim = OutboxClaim {
        now: world.now(),
        lease_until: world.now() + Duration::minutes(1),
        limit: 50,
    };
    let claimed = world.stores.outbox.claim(&claim).await.unwrap();
    let mail = claimed.iter().find(|mail| mail.to == ada.person.email).unwrap();
    let at = world.now();
    world
        .stores
        .outbox
        .settle(&mail.id, &Settlement::Sent, &at)
        .await
        .unwrap();

    let after = dump(&backend.witness).await;
    assert_eq!(marked(&after, ada.mark), [""; 0]);
    let id = ada.person.user.as_uuid();
    let still: BTreeSet<&str> = after
        .iter()
        .filter(|row| row.contains(&id.to_string()) || row.contains(&hexadecimal(id.as_bytes())))
        .map(|row| row.split(':').next().unwrap())
        .collect();
    let expected: BTreeSet<&str> = ["rookery_audit_events", "rookery_erasures"].into_iter().collect();
    assert_eq!(still, expected, "her id alone, where the table says so");
    // Mails to him were leased meanwhile, which is not the erasure's doing.
    let but_mails = |rows: BTreeSet<String>| -> BTreeSet<String> {
        rows.into_iter()
            .filter(|row| !row.starts_with("rookery_outbox: "))
            .collect()
    };
    assert_eq!(but_mails(of(&after, &bob)), but_mails(his.clone()));
    assert_eq!(of(&with_the_last_mail, &bob), his);
}

async fn every_table_and_every_column_that_tells_somebody_is_in_the_table_of_erasures(backend: Backend) {
    let columns = tables(&backend.witness).await;
    let mut missing = Vec::new();
    for (table, column) in &columns {
        let rules: Vec<_> = ERASURE.iter().filter(|rule| rule.table == table).collect();
        if rules.is_empty() {
            missing.push(format!("{table} is a new table: say in ERASURE what becomes of it"));
        }
        let names_somebody = column.ends_with("user_id") || column.ends_with("tenant_id");
        let tells = names_somebody || column.ends_with("email") || TELLING.contains(&column.as_str());
        let is_known = rules
            .iter()
            .any(|rule| rule.column == column || rule.personal.contains(&column.as_str()));
        // A name of something else than a person.
        let is_another = (table.as_str(), column.as_str()) == ("rookery_throttle_counters", "limit_name");
        if tells && !is_known && !is_another {
            missing.push(format!(
                "{table}.{column} tells somebody: say in ERASURE what becomes of it"
            ));
        }
    }
    missing.dedup();
    assert_eq!(missing, [""; 0]);
    for rule in ERASURE {
        for column in std::iter::once(&rule.column).chain(rule.personal) {
            assert!(
                columns
                    .iter()
                    .any(|(table, known)| table == rule.table && known == column),
                "there is no {}.{column}",
                rule.table
            );
        }
    }
}

#[tokio::test]
async fn nor_is_it_left_in_the_file_of_sqlite_or_its_log() {
    let backend = sqlite_in_a_file().await;
    backend.witness.try_execute("PRAGMA secure_delete = ON").await.unwrap();
    let world = backend.world();
    let ada = marked_person(&backend, &world, "adamark", 7).await;
    due(&backend, &world, &ada).await;
    world.advance(Duration::seconds(1));
    let mut erasure = world.erasure(&ada.person, ErasureBasis::Asked);
    erasure.mail = None;
    let path = backend.url().trim_start_matches("sqlite://");
    let path = path.split('?').next().unwrap().to_owned();
    let files = || [path.clone(), format!("{path}-wal")];
    let holds = |file: &str| {
        let bytes = std::fs::read(file).unwrap_or_default();
        bytes
            .windows(ada.mark.len())
            .any(|window| window == ada.mark.as_bytes())
    };
    assert!(
        files().iter().any(|file| holds(file)),
        "what is looked for is there before"
    );
    let outcome = world.stores.deletions.erase(&erasure).await.unwrap();
    assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
    for file in files() {
        assert!(!holds(&file), "{file}");
    }
}

on_every_backend! {
    nothing_that_tells_an_erased_person_is_left_and_nobody_else_loses_anything
    every_table_and_every_column_that_tells_somebody_is_in_the_table_of_erasures
}
