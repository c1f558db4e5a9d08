//! What a copy of somebody's data tells, against the live schema: no table that tells of a person is forgotten.

use std::collections::BTreeSet;

use rookery_core::{HOLDINGS, Held, Section};

use crate::backends::{Backend, on_every_backend};

/// Every table, or view, and column of the live schema.
async fn columns(backend: &Backend) -> Vec<(String, String)> {
    let sql = if backend.witness.is_postgres() {
        "SELECT c.relname::text, a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0
             AND NOT a.attisdropped"
    } else {
        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type IN ('table', 'view')"
    };
    let rows = backend.witness.rows(sql).await;
    rows.iter()
        .map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap()))
        .collect()
}

/// Whether a column names a person or holds an address of theirs.
fn tells_of_a_person(table: &str, column: &str) -> bool {
    let names = [
        "user",
        "person",
        "member",
        "inviter",
        "invitee",
        "owner",
        "actor",
        "author",
        "holder_of",
    ];
    let is_person = names
        .iter()
        .any(|name| column == format!("{name}_id") || column.ends_with(&format!("_{name}_id")))
        || column.ends_with("_by");
    let is_address = column.contains("email") && column != "email_notifications" && column != "marketing_emails"
        || matches!(
            column,
            "recipient" | "address" | "user_agent" | "given_name" | "family_name"
        );
    table == "users" || is_person || is_address
}

// Proves: A78
async fn every_table_that_tells_of_a_person_is_told_in_a_copy_or_left_out_for_a_reason(backend: Backend) {
    let columns = columns(&backend).await;
    assert!(columns.len() > 100, "the schema was read");
    let live: BTreeSet<&str> = columns
        .iter()
        .filter(|(table, column)| tells_of_a_person(table, column))
        .map(|(table, _)| table.as_str())
        .collect();
    let known: BTreeSet<&str> = HOLDINGS.iter().map(|holding| holding.table).collect();
    assert_eq!(known.len(), HOLDINGS.len(), "a table has one fate");
    let forgotten: Vec<_> = live.difference(&known).collect();
    assert!(
        forgotten.is_empty(),
        "decide in core's `exports/catalogue.rs` what a copy does with {forgotten:?}"
    );
    let gone: Vec<_> = known
        .iter()
        .filter(|table| !columns.iter().any(|(live, _)| live == *table))
        .collect();
    assert!(gone.is_empty(), "{gone:?} are not there any more");
}

async fn every_section_is_of_a_table_and_every_reason_is_one(backend: Backend) {
    drop(backend);
    for section in Section::ALL {
        let is_told = HOLDINGS.iter().any(|holding| holding.held == Held::Told(*section));
        assert!(is_told, "{section:?}");
    }
    for holding in HOLDINGS {
        if let Held::LeftOut(why) = holding.held {
            assert!(why.len() > 20, "{}", holding.table);
        }
    }
}

on_every_backend! {
    every_table_that_tells_of_a_person_is_told_in_a_copy_or_left_out_for_a_reason
    every_section_is_of_a_table_and_every_reason_is_one
}
