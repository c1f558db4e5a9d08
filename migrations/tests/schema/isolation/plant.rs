//! A row in every guarded table for somebody, written from the catalogue, as the service.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::catalogue::{Column, Table, Whose};
use crate::databases::Subject;

/// What a column takes that neither its type nor a check of it tells, or that should count for something.
const HINTS: [(&str, &str, &str); 1] = [("tenant_users", "roles", "'{owner}'")];

/// Tables whose rows a trigger writes when those of another table are written.
const BY_TRIGGER: [&str; 1] = ["rookery_addresses"];

/// Somebody with a row in every guarded table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    pub(super) person: Uuid,
    pub(super) tenant: Uuid,
}

impl Owner {
    /// What this column holds in a row of theirs.
    fn value(self, name: &str, column: &Column, table: u128, salt: u128) -> String {
        if let Some((_, _, hint)) = HINTS
            .iter()
            .find(|(of, at, _)| (*of, *at) == (name, column.name.as_str()))
        {
            return (*hint).to_owned();
        }
        let unique = (self.person.as_u128() << 32) | (table << 16) | salt;
        match (column.names(name), &column.refers_to, column.kind.as_str()) {
            (Some(Whose::Person), ..) => format!("'{}'", self.person),
            (Some(Whose::Tenant), ..) => format!("'{}'", self.tenant),
            (_, Some(other), _) => panic!("{name}.{}: it refers to {other}, whose id is not known", column.name),
            _ if column.allowed.is_some() => format!("'{}'", column.allowed.as_ref().unwrap()),
            (_, _, "uuid") => format!("'{}'", Uuid::from_u128(unique)),
            (_, _, "text" | "character varying") => format!("'planted-{unique:x}'"),
            (_, _, "bytea") => format!("'\\x{unique:032x}'"),
            (_, _, "smallint" | "integer" | "bigint") => "1".to_owned(),
            (_, _, "boolean") => "false".to_owned(),
            (_, _, "timestamp with time zone") => "'2030-01-01T00:00:00Z'".to_owned(),
            (_, _, "text[]") => "'{planted}'".to_owned(),
            (_, _, "json" | "jsonb") => "'{}'".to_owned(),
            (_, _, kind) => panic!(
                "{name}.{}: what does a {kind} take? Say so in Owner::value",
                column.name
            ),
        }
    }

    /// The insert of a row of theirs; with another salt, of another one.
    pub(super) fn insert(self, tables: &BTreeMap<String, Table>, name: &str, salt: u128) -> String {
        let place = |of: &str| u128::try_from(tables.keys().position(|table| table == of).unwrap()).unwrap();
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for column in &tables[name].columns {
            let is_hinted = HINTS
                .iter()
                .any(|(of, at, _)| (*of, *at) == (name, column.name.as_str()));
            if !(column.is_needed || is_hinted || column.names(name).is_some() || column.refers_to.is_some()) {
                continue;
            }
            columns.push(column.name.as_str());
            values.push(match &column.refers_to {
                Some(other) if !matches!(other.as_str(), "users" | "tenants") => {
                    let id = tables[other].columns.iter().find(|column| column.name == "id");
                    let id = id.unwrap_or_else(|| panic!("{name}.{} refers to {other}, which has no id", column.name));
                    self.value(other, id, place(other), 0)
                }
                _ => self.value(name, column, place(name), salt),
            });
        }
        format!(
            "INSERT INTO {name} ({}) VALUES ({})",
            columns.join(", "),
            values.join(", ")
        )
    }

    /// Which rows of this table are theirs: every one, where none says whose it is.
    pub(super) fn theirs(self, name: &str, table: &Table) -> String {
        let keys: Vec<String> = table
            .keys(name)
            .map(|(column, whose)| match whose {
                Whose::Person => format!("{} = '{}'", column.name, self.person),
                Whose::Tenant => format!("{} = '{}'", column.name, self.tenant),
            })
            .collect();
        if keys.is_empty() {
            "true".to_owned()
        } else {
            keys.join(" OR ")
        }
    }

    /// Writes a row of theirs into every guarded table, each after those it refers to.
    pub(super) async fn settles(self, subject: &Subject, tables: &BTreeMap<String, Table>) {
        subject.as_service().await;
        let mut left: Vec<&String> = tables.keys().filter(|name| tables[*name].is_guarded).collect();
        while !left.is_empty() {
            let waits = |name: &str| {
                let mut refers = tables[name]
                    .columns
                    .iter()
                    .filter_map(|column| column.refers_to.as_ref());
                refers.any(|other| other != name && left.contains(&other))
            };
            let (later, now): (Vec<_>, Vec<_>) = left.iter().copied().partition(|name| waits(name));
            assert!(!now.is_empty(), "these refer to each other: {later:?}");
            for name in now.into_iter().filter(|name| !BY_TRIGGER.contains(&name.as_str())) {
                let insert = self.insert(tables, name, 0);
                let planted = subject.run(&insert, Vec::new()).await;
                let planted = planted.unwrap_or_else(|error| panic!("{insert}: {error}: say in HINTS what it takes"));
                assert_eq!(planted, 1, "{insert}");
            }
            left = later;
        }
        for (name, table) in tables.iter().filter(|(_, table)| table.is_guarded) {
            let count = format!("SELECT count(*)::text FROM {name} WHERE {}", self.theirs(name, table));
            assert_ne!(
                subject.text(&count).await,
                "0",
                "nothing was planted in {name}, so nothing is proved of it"
            );
        }
        subject.acts_for("", "").await;
    }
}
