//! Everything that names somebody, in every table there is, as text.

use crate::rookery::test_app::TestApp;

/// The rows of all tables in which one of these ids stands, in order.
pub(super) fn of(app: &TestApp, ids: &[String]) -> Vec<String> {
    let digits: Vec<String> = ids.iter().map(|id| id.replace('-', "")).collect();
    let tables = if app.is_on_postgres() {
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let mut rows = Vec::new();
    for table in app.texts(tables) {
        let all = if app.is_on_postgres() {
            format!("SELECT to_jsonb(r)::text FROM {table} r")
        } else {
            let columns = app.texts(&format!(
                "SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')"
            ));
            format!("SELECT {} FROM {table}", columns.join(" || ',' || "))
        };
        for row in app.texts(&all) {
            let bare = row.to_lowercase().replace('-', "");
            if digits.iter().any(|id| bare.contains(id)) {
                rows.push(format!("{table}: {row}"));
            }
        }
    }
    rows.sort_unstable();
    rows
}
