//! Every table that row-level security guards or should guard, as the live schema has them.

use std::collections::BTreeMap;

use crate::databases::Subject;

/// Whom a column names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Person,
    Tenant,
}

/// A column of a table.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: String,
    /// Whether an insert has to say something.
    pub(super) is_needed: bool,
    /// The table whose `id` it holds.
    pub(super) refers_to: Option<String>,
    /// A word that a check of this column alone lets pass: the first one it names.
    pub(super) allowed: Option<String>,
    /// Whether the role may change it.
    pub(super) is_changeable: bool,
}

impl Column {
    /// Whom it names, by its own name or by what it refers to.
    pub(super) fn names(&self, table: &str) -> Option<Whose> {
        let is = |word: &str| self.name == word || self.name.ends_with(&format!("_{word}"));
        match (table, self.name.as_str(), self.refers_to.as_deref()) {
            ("users", "id", _) | (_, _, Some("users")) => Some(Whose::Person),
            ("tenants", "id", _) | (_, _, Some("tenants")) => Some(Whose::Tenant),
            _ if is("user_id") => Some(Whose::Person),
            _ if is("tenant_id") => Some(Whose::Tenant),
            _ => None,
        }
    }
}

/// A table.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    /// Whether row-level security is on, and on for the owner, too.
    pub(super) is_guarded: bool,
    /// The commands that have a policy: `r`, `a`, `w`, `d`.
    pub(super) commands: String,
    /// Whether some policy asks for more than the service's scope.
    pub(super) is_shown_to_people: bool,
}

impl Table {
    /// The columns that say whose a row is.
    pub(super) fn keys<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a Column, Whose)> + 'a {
        self.columns
            .iter()
            .filter_map(move |column| Some((column, column.names(name)?)))
    }
}

const COLUMNS: &str = "
    SELECT c.relname::text AS name, a.attname::text AS column_name, format_type(a.atttypid, NULL) AS kind,
        a.attnotnull AND NOT a.atthasdef AS is_needed,
        has_column_privilege(c.oid, a.attnum, 'UPDATE') AS is_changeable,
        (SELECT k.confrelid::regclass::text FROM pg_constraint k
         WHERE k.contype = 'f' AND k.conrelid = c.oid AND k.conkey = ARRAY[a.attnum] LIMIT 1) AS refers_to,
        (SELECT substring(pg_get_constraintdef(k.oid) FROM $$'([^']*)'$$) FROM pg_constraint k
         WHERE k.contype = 'c' AND k.conrelid = c.oid AND k.conkey = ARRAY[a.attnum] LIMIT 1) AS allowed,
        c.relrowsecurity AND c.relforcerowsecurity AS is_guarded,
        (SELECT coalesce(string_agg(p.polcmd::text, ''), '') FROM pg_policy p
         WHERE p.polrelid = c.oid AND p.polpermissive) AS commands,
        EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid
            AND pg_get_expr(p.polqual, p.polrelid) <> 'rookery_is_service()') AS is_shown_to_people
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    ORDER BY c.relname, a.attnum";

/// All tables of the schema, by name.
pub(super) async fn tables(subject: &Subject) -> BTreeMap<String, Table> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in subject.query(COLUMNS, Vec::new()).await {
        let table = tables.entry(row.try_get("", "name").unwrap()).or_default();
        table.is_guarded = row.try_get("", "is_guarded").unwrap();
        table.is_shown_to_people = row.try_get("", "is_shown_to_people").unwrap();
        let commands: String = row.try_get("", "commands").unwrap();
        table.commands = commands.replace('*', "rawd");
        table.columns.push(Column {
            name: row.try_get("", "column_name").unwrap(),
            kind: row.try_get("", "kind").unwrap(),
            is_needed: row.try_get("", "is_needed").unwrap(),
            refers_to: row.try_get("", "refers_to").unwrap(),
            allowed: row.try_get("", "allowed").unwrap(),
            is_changeable: row.try_get("", "is_changeable").unwrap(),
        });
    }
    tables
}
