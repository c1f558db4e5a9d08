//! Attacks in SQL, as the role the service connects as: on every guarded table there is, whoever the connection says it
//! works for. The tables, their rows and the statements are written from the live schema, so a new table is attacked, too.

#[path = "isolation/catalogue.rs"]
mod catalogue;
#[path = "isolation/plant.rs"]
mod plant;

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::databases::{Subject, served};
use crate::people::now;
use catalogue::{Table, tables};
use plant::Owner;

/// Tables that name somebody and are not guarded, with the reason.
const UNGUARDED: [(&str, &str); 0] = [];

/// Whose rows are attacked.
const ADA: Owner = Owner {
    person: Uuid::from_u128(0xada),
    tenant: Uuid::from_u128(0x5a),
};
/// Somebody of another tenant.
const EVE: Owner = Owner {
    person: Uuid::from_u128(0xe4e),
    tenant: Uuid::from_u128(0xf0),
};
/// Was a member of Ada's tenant.
const LEFT: Uuid = Uuid::from_u128(0x1ef7);
/// Is deleted, and was an owner of Ada's tenant to the end.
const DELETED: Uuid = Uuid::from_u128(0xde1);
/// Is erased: no row is left.
const ERASED: Uuid = Uuid::from_u128(0xe7a);

/// Who a connection says it works for.
#[derive(Debug)]
struct Claim {
    user: String,
    tenant: String,
    scope: &'static str,
}

fn claim(user: &impl ToString, tenant: &impl ToString) -> Claim {
    Claim {
        user: user.to_string(),
        tenant: tenant.to_string(),
        scope: "",
    }
}

/// Claims that show nothing of Ada's and her tenant's: wrong, stale, malformed.
fn claims() -> Vec<Claim> {
    let (ada, engines) = (ADA.person, ADA.tenant);
    let mut claims = vec![claim(&"", &""), claim(&"", &engines)];
    for stranger in [EVE.person, LEFT, DELETED, ERASED, Uuid::nil(), engines, Uuid::max()] {
        claims.push(claim(&stranger, &""));
        claims.push(claim(&stranger, &engines));
        claims.push(claim(&stranger, &ada));
    }
    claims.push(claim(&EVE.person, &EVE.tenant));
    let padded = format!(" {ada}");
    let trailing = format!("{ada} ");
    let short = ada.to_string()[1..].to_owned();
    let long = format!("{ada}0");
    let several = format!("{ada},{ada}");
    let pattern = ada.to_string().replace('0', "%");
    for malformed in [
        " ",
        "ada",
        "null",
        "0",
        "*",
        "%",
        "' OR true --",
        &padded,
        &trailing,
        &short,
        &long,
        &several,
        &pattern,
    ] {
        claims.push(claim(&malformed, &""));
        claims.push(claim(&malformed, &engines));
        claims.push(claim(&EVE.person, &malformed));
    }
    for scope in [
        "Service",
        "SERVICE",
        " service",
        "service ",
        "services",
        "true",
        "on",
        "*",
        "'service'",
    ] {
        claims.push(Claim {
            scope,
            ..claim(&EVE.person, &engines)
        });
    }
    claims
}

/// Ada and Eve with a row each in every guarded table, and those who have gone.
async fn settled() -> (Subject, BTreeMap<String, Table>) {
    let subject = served().await;
    let tables = tables(&subject).await;
    ADA.settles(&subject, &tables).await;
    EVE.settles(&subject, &tables).await;
    subject.as_service().await;
    for (person, ended) in [(LEFT, "now()"), (DELETED, "NULL")] {
        for sql in [
            format!("INSERT INTO users (id, email) VALUES ('{person}', '{person}@example.com')"),
            format!(
                "INSERT INTO tenant_users (tenant_id, user_id, roles, deleted)
                 VALUES ('{}', '{person}', '{{owner}}', {ended})",
                ADA.tenant
            ),
        ] {
            subject.run(&sql, Vec::new()).await.unwrap();
        }
    }
    let delete = format!("UPDATE users SET deleted = now() WHERE id = '{DELETED}'");
    subject.run(&delete, Vec::new()).await.unwrap();
    subject.acts_for("", "").await;
    (subject, tables)
}

/// A malformed claim is as good an end as a claim that shows nothing.
fn is_refused(error: &sea_orm::DbErr) -> bool {
    error.to_string().contains("invalid input syntax for type uuid")
}

/// Whose rows of a table those are that a claim must not show. Who was in the tenant sees themselves in it, and their own rows.
fn attacked(name: &str, table: &Table, by: &str) -> String {
    let theirs = ADA.theirs(name, table);
    let own: Vec<String> = table
        .keys(name)
        .filter(|(_, whose)| *whose == catalogue::Whose::Person && Uuid::parse_str(by).is_ok())
        .map(|(column, _)| format!("{} IS DISTINCT FROM '{by}'", column.name))
        .collect();
    if own.is_empty() {
        theirs
    } else {
        format!("({theirs}) AND {}", own.join(" AND "))
    }
}

/// Reads, changes, deletes and forges in every guarded table.
async fn attack(subject: &Subject, tables: &BTreeMap<String, Table>, by: &str, who: &str) {
    let mut attacked_tables = 0;
    for (name, table) in tables.iter().filter(|(_, table)| table.is_guarded) {
        attacked_tables += 1;
        let rows = attacked(name, table, by);
        let changeable = table.columns.iter().find(|column| column.is_changeable).unwrap();
        let column = &changeable.name;
        for statement in [
            format!("SELECT FROM {name} WHERE {rows}"),
            format!("SELECT FROM {name} WHERE {rows} FOR UPDATE"),
            format!("UPDATE {name} SET {column} = {column} WHERE {rows}"),
            format!("DELETE FROM {name} WHERE {rows}"),
        ] {
            match subject.run(&statement, Vec::new()).await {
                Ok(seen) => assert_eq!(seen, 0, "{who}: {statement}"),
                Err(error) => assert!(is_refused(&error), "{who}: {statement}: {error}"),
            }
        }
        let forged = ADA.insert(tables, name, 1);
        let Err(error) = subject.run(&forged, Vec::new()).await else {
            panic!("{who}: {forged}");
        };
        let is_refused = is_refused(&error) || error.to_string().contains("row-level security");
        assert!(is_refused, "{who}: {forged}: {error}");
    }
    assert!(attacked_tables >= 20, "{attacked_tables}");
}

// Proves: ASVS 8.4.1
#[tokio::test]
async fn every_table_that_names_somebody_is_guarded_and_has_a_policy_for_every_command() {
    let subject = served().await;
    let tables = tables(&subject).await;
    let mut complaints = Vec::new();
    for (name, table) in &tables {
        let names_somebody = table.keys(name).next().is_some();
        let reason = UNGUARDED.iter().find(|(unguarded, _)| unguarded == name);
        if names_somebody && !table.is_guarded && reason.is_none() {
            complaints.push(format!(
                "{name} names somebody and is not guarded: enable and force it, or say why in UNGUARDED"
            ));
        }
        for command in ['r', 'a', 'w', 'd'] {
            if table.is_guarded && !table.commands.contains(command) {
                complaints.push(format!("{name} has no policy for {command}"));
            }
        }
    }
    for (name, _) in UNGUARDED {
        assert!(!tables[name].is_guarded, "{name} is guarded: it needs no reason");
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    for (table, column) in [("users", "id"), ("tenants", "id"), ("tenant_users", "user_id")] {
        assert!(
            tables[table].keys(table).any(|(key, _)| key.name == column),
            "{table}.{column}"
        );
    }
}

// Proves: A62, ASVS 8.2.2, 8.4.1
#[tokio::test]
async fn whoever_a_connection_says_it_works_for_nothing_of_others_is_seen_changed_deleted_or_forged() {
    let (subject, tables) = settled().await;
    let never_set = subject.seen_by_another_node().await;
    attack(&never_set, &tables, "", "nothing was ever set").await;
    for claim in claims() {
        subject.acts_for(&claim.user, &claim.tenant).await;
        let scope = format!(
            "SELECT set_config('app.rookery_scope', '{}', false)",
            claim.scope.replace('\'', "''")
        );
        subject.text(&scope).await;
        attack(&subject, &tables, &claim.user, &format!("{claim:?}")).await;
    }
    // And all of it is there, as it was: Ada sees what people are shown of it.
    subject.acts_for(&ADA.person.to_string(), &ADA.tenant.to_string()).await;
    for (name, table) in tables.iter().filter(|(_, table)| table.is_shown_to_people) {
        let count = format!("SELECT count(*)::text FROM {name} WHERE {}", ADA.theirs(name, table));
        assert_ne!(
            subject.text(&count).await,
            "0",
            "{name}: even its owner sees nothing, so nothing was proved"
        );
    }
}

// Proves: A62, ASVS 8.2.2
#[tokio::test]
async fn no_row_of_one_s_own_can_be_made_somebody_else_s() {
    let (subject, tables) = settled().await;
    subject.acts_for(&EVE.person.to_string(), &EVE.tenant.to_string()).await;
    let mut given = 0;
    for (name, table) in tables.iter().filter(|(_, table)| table.is_guarded) {
        for (column, whose) in table.keys(name) {
            let to = match whose {
                catalogue::Whose::Person => ADA.person,
                catalogue::Whose::Tenant => ADA.tenant,
            };
            let gift = format!(
                "UPDATE {name} SET {} = '{to}' WHERE {}",
                column.name,
                EVE.theirs(name, table)
            );
            match subject.run(&gift, Vec::new()).await {
                // What cannot be changed at all cannot be given away.
                Ok(0) => {}
                // Her own session may be in any tenant she names; that opens nothing, for the tenant is looked up with it.
                Ok(rows) => assert!(
                    name == "rookery_sessions" && whose == catalogue::Whose::Tenant,
                    "{gift}: {rows}"
                ),
                Err(error) => {
                    let error = error.to_string();
                    let is_right = ["row-level security", "permission denied", "append-only"]
                        .iter()
                        .any(|refusal| error.contains(refusal));
                    assert!(is_right, "{gift}: {error}");
                    given += 1;
                }
            }
        }
    }
    assert!(given > 5, "{given} gifts were refused");
}

// Proves: ASVS 8.4.1
#[tokio::test]
async fn what_a_transaction_says_of_itself_ends_with_it_however_it_ends() {
    let (subject, tables) = settled().await;
    let connection = subject.seen_by_another_node().await;
    let settings = format!(
        "SELECT set_config('app.current_user_id', '{}', true), set_config('app.current_tenant_id', '{}', true),
         set_config('app.rookery_scope', 'service', true)",
        ADA.person, ADA.tenant
    );
    for end in ["COMMIT", "ROLLBACK", "fails", "PREPARED", "SAVEPOINT"] {
        connection.execute("BEGIN").await;
        if end == "SAVEPOINT" {
            connection.execute("SAVEPOINT inner_one").await;
        }
        connection.query(&settings, Vec::new()).await;
        assert_ne!(connection.text("SELECT count(*)::text FROM users").await, "0", "{end}");
        match end {
            "fails" => {
                connection.run("SELECT 1 / 0", Vec::new()).await.unwrap_err();
                connection.execute("COMMIT").await;
            }
            "PREPARED" => connection.execute("COMMIT AND CHAIN; COMMIT").await,
            "SAVEPOINT" => {
                connection.execute("ROLLBACK TO SAVEPOINT inner_one").await;
                assert_eq!(connection.text("SELECT count(*)::text FROM users").await, "0");
                connection.execute("COMMIT").await;
            }
            _ => connection.execute(end).await,
        }
        attack(&connection, &tables, "", &format!("after {end}")).await;
    }
}

// Proves: ASVS 8.4.1
#[tokio::test]
async fn the_functions_that_open_the_service_s_scope_close_it_behind_them() {
    let (subject, tables) = settled().await;
    let connection = subject.seen_by_another_node().await;
    let digest = "SELECT user_id::text FROM rookery_sessions_of($1, $2)";
    let token = format!(
        "SELECT encode(token_hash, 'hex') FROM rookery_sessions WHERE user_id = '{}'",
        ADA.person
    );
    subject.as_service().await;
    let token = subject.text(&token).await;
    let found = connection
        .query(digest, vec![token.as_str().into(), now().into()])
        .await;
    assert_eq!(found.len(), 1, "the session is live");
    attack(&connection, &tables, "", "after a session was looked up").await;
    // A session that has ended resolves to nobody, and leaves nobody behind.
    let later = now() + chrono::Duration::days(365 * 100);
    let found = connection.query(digest, vec![token.into(), later.into()]).await;
    assert!(found.is_empty());
    attack(&connection, &tables, "", "after an ended session was looked up").await;
    let announce = "SELECT rookery_announce($1, 'user.updated', $2, $1, NULL, NULL, false)";
    connection.query(announce, vec![ADA.person.into(), now().into()]).await;
    attack(&connection, &tables, "", "after an event was announced").await;
}
