//! What the role the service connects as may do, when another role owns the tables (PostgreSQL).
//!
//! The owner migrates; the service reads and writes rows and changes nothing else: it makes, alters, empties and drops no
//! table, and can switch no row-level security off. It gets its rights table by table, so that those of another tool in the
//! same schema stay out of its reach.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use crate::runner::{MigrationError, finish, locked};

/// What the service does with the rows of a table, unless the table is one of [`LESS`].
const USUAL: &str = "SELECT, INSERT, UPDATE, DELETE";

/// Tables the service may do less with. The record of the migrations is the owner's to write. Of an event only what is
/// personal can be cleared, as its triggers have it; then it may go.
const LESS: [(&str, &str); 2] = [
    ("rookery_migrations", "SELECT"),
    (
        "rookery_audit_events",
        "SELECT, INSERT, UPDATE (anonymised_at, request_id, address, user_agent, detail), DELETE",
    ),
];

/// Our tables `c` in the current schema: the five that are shared, and those with our prefix.
macro_rules! our_tables {
    () => {
        "pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
         AND (starts_with(c.relname, 'rookery_')
             OR c.relname IN ('users', 'tenants', 'tenant_users', 'user_preferences', 'tenant_policies'))"
    };
}

/// Whether there is such a role, and whether it has what the owner of our tables has.
const ROLE: &str = concat!(
    "SELECT r.rolsuper OR EXISTS (SELECT FROM ",
    our_tables!(),
    " AND pg_has_role(r.oid, c.relowner, 'MEMBER')) AS owns FROM pg_roles r WHERE r.rolname = $1"
);

const TABLES: &str = concat!("SELECT c.relname::text AS name FROM ", our_tables!(), " ORDER BY 1");

const SCHEMA: &str = "SELECT current_schema()::text AS name WHERE current_schema() IS NOT NULL";

const FUNCTIONS: &str = "SELECT p.oid::regprocedure::text AS name FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND starts_with(p.proname, 'rookery_') ORDER BY 1";

/// Each table on which the current role lacks something, with what it lacks. A right on some columns counts.
const MISSING: &str = concat!(
    "SELECT table_name || ' (' || string_agg(privilege, ', ' ORDER BY place) || ')' AS lack FROM (
         SELECT c.relname::text AS table_name, need.privilege, need.place,
             CASE need.privilege WHEN 'DELETE' THEN has_table_privilege(c.oid, 'DELETE')
                 ELSE has_any_column_privilege(c.oid, need.privilege) END AS granted
         FROM (VALUES ('SELECT', 1), ('INSERT', 2), ('UPDATE', 3), ('DELETE', 4)) need (privilege, place), ",
    our_tables!(),
    " AND (c.relname <> 'rookery_migrations' OR need.privilege = 'SELECT')) rights
     WHERE NOT granted GROUP BY table_name ORDER BY 1"
);

/// Gives a role what the service needs on every table there is, and takes from it whatever more it had on them.
///
/// Called by the owner of the tables after each [`up`](crate::up), for a new table comes without rights; as often as one
/// likes, by any number of nodes at once. All or nothing.
///
/// # Errors
///
/// [`MigrationError::NoSuchRole`], [`MigrationError::RoleOwnsTables`] when it would take an owner's own rights away,
/// [`MigrationError::NoRoles`] on SQLite.
pub async fn grant(database: &DatabaseConnection, role: &str) -> Result<(), MigrationError> {
    if database.get_database_backend() != DbBackend::Postgres {
        return Err(MigrationError::NoRoles);
    }
    let transaction = locked(database).await?;
    let granted = grant_within(&transaction, role).await;
    finish(transaction, granted).await
}

/// What the current role lacks to serve, such as `users (UPDATE, DELETE)`: nothing, when it may serve. A schema that is
/// not there yet lacks nothing, and SQLite knows no rights.
///
/// # Errors
///
/// When the database does not answer.
pub async fn missing_rights(database: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    if database.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    names(&rows(database, MISSING).await?, "lack")
}

async fn grant_within(database: &impl ConnectionTrait, role: &str) -> Result<(), MigrationError> {
    let found = Statement::from_sql_and_values(DbBackend::Postgres, ROLE, [role.into()]);
    let Some(found) = database.query_one_raw(found).await? else {
        return Err(MigrationError::NoSuchRole { role: role.to_owned() });
    };
    if found.try_get("", "owns")? {
        return Err(MigrationError::RoleOwnsTables { role: role.to_owned() });
    }
    let role = quoted(role);
    let mut grants = Vec::new();
    for schema in names(&rows(database, SCHEMA).await?, "name")? {
        grants.push(format!("GRANT USAGE ON SCHEMA {} TO {role}", quoted(&schema)));
    }
    for table in names(&rows(database, TABLES).await?, "name")? {
        let less = LESS.iter().find(|(name, _)| *name == table);
        let rights = less.map_or(USUAL, |(_, rights)| rights);
        let table = quoted(&table);
        grants.push(format!("REVOKE ALL ON TABLE {table} FROM {role}"));
        grants.push(format!("GRANT {rights} ON TABLE {table} TO {role}"));
    }
    for function in names(&rows(database, FUNCTIONS).await?, "name")? {
        grants.push(format!("GRANT EXECUTE ON FUNCTION {function} TO {role}"));
    }
    database.execute_unprepared(&grants.join(";\n")).await?;
    Ok(())
}

async fn rows(database: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    database.query_all_raw(statement).await
}

fn names(rows: &[QueryResult], column: &str) -> Result<Vec<String>, DbErr> {
    rows.iter().map(|row| row.try_get("", column)).collect()
}

/// A name as SQL takes it whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
