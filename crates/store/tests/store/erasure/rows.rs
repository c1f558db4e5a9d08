//! Every row there is, as a text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::marked::Marked;
use crate::witness::SqlWitness;

pub(super) async fn tables(witness: &SqlWitness) -> Vec<(String, String)> {
    let sql = if witness.is_postgres() {
        "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c
         WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position"
    } else {
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
    };
    let rows = witness.rows(sql).await;
    rows.iter()
        .map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap()))
        .collect()
}

/// Every row of every table, in small letters.
pub(super) async fn dump(witness: &SqlWitness) -> BTreeSet<String> {
    let columns = tables(witness).await;
    let names: BTreeSet<&String> = columns.iter().map(|(table, _)| table).collect();
    let mut dump = BTreeSet::new();
    for table in names {
        let sql = if witness.is_postgres() {
            format!("SELECT to_jsonb(t)::text FROM {table} t")
        } else {
            let of_table = columns.iter().filter(|(of, _)| of == table);
            let quoted: Vec<String> = of_table.map(|(_, column)| format!("quote(\"{column}\")")).collect();
            format!("SELECT {} FROM {table}", quoted.join(" || '|' || "))
        };
        for row in witness.rows(&sql).await {
            let text: String = row.try_get_by_index(0).unwrap();
            dump.insert(format!("{table}: {}", text.to_lowercase()));
        }
    }
    dump
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The rows in which the mark stands, as text or as the bytes of one.
pub(super) fn marked<'a>(dump: &'a BTreeSet<String>, mark: &str) -> Vec<&'a String> {
    let in_a_blob = hexadecimal(mark.as_bytes());
    dump.iter()
        .filter(|row| row.contains(mark) || row.contains(&in_a_blob))
        .collect()
}

/// The rows that mention this person, their tenant or their mark.
pub(super) fn of(dump: &BTreeSet<String>, whose: &Marked) -> BTreeSet<String> {
    let mut names: Vec<String> = Vec::new();
    for id in [whose.person.user.as_uuid(), whose.tenant.as_uuid()] {
        names.push(id.to_string());
        names.push(hexadecimal(id.as_bytes()));
    }
    names.push(whose.mark.to_owned());
    names.push(hexadecimal(whose.mark.as_bytes()));
    names.push(hexadecimal(&whose.counted_as));
    dump.iter()
        .filter(|row| names.iter().any(|name| row.contains(name.as_str())))
        .cloned()
        .collect()
}
