//! Nothing that tells the person is left once an account is erased, and nothing of anybody else is gone.
//!
//! Two people get rows in every table, each with a mark of their own in every text and blob that can hold one. One of them is
//! erased; a dump of every column of every table, blobs in hexadecimal digits, then holds none of her marks, and all of his rows
//! as they were.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::Duration;
use rookery_core::domain::{Picture, ProfileUpdate, Role, TenantId, TokenPurpose};
use rookery_core::ports::{ErasureBasis, ErasureOutcome, OutboxClaim, Settlement, UndoKind};
use rookery_core::{ERASURE, ErasureFate, Names};
use rookery_testkit::contract::{Person, World};
use sea_orm::Value;
use uuid::Uuid;

use crate::backends::{Backend, on_every_backend, sqlite_in_a_file};
use crate::witness::SqlWitness;

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

/// What a test puts on one person, and everything that is theirs.
struct Marked {
    mark: &'static str,
    person: Person,
    tenant: TenantId,
    counted_as: [u8; 32],
}

async fn tables(witness: &SqlWitness) -> Vec<(String, String)> {
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
async fn dump(witness: &SqlWitness) -> BTreeSet<String> {
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

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The rows in which the mark stands, as text or as the bytes of one.
fn marked<'a>(dump: &'a BTreeSet<String>, mark: &str) -> Vec<&'a String> {
    let in_a_blob = hexadecimal(mark.as_bytes());
    dump.iter()
        .filter(|row| row.contains(mark) || row.contains(&in_a_blob))
        .collect()
}

/// The rows that mention this person, their tenant or their mark.
fn of(dump: &BTreeSet<String>, whose: &Marked) -> BTreeSet<String> {
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

/// Somebody with a row in every table there is, and their mark in every place that holds a text or bytes.
#[expect(clippy::too_many_lines, reason = "a row in every table")]
async fn marked_person(backend: &Backend, world: &World, mark: &'static str, number: u8) -> Marked {
    let witness = &backend.witness;
    let (person, _, _) = world.guarded(&format!("{mark}@example.com")).await;
    let id = || Value::from(person.user.as_uuid());
    let update = ProfileUpdate {
        weekly_reports: Some(true),
        ..ProfileUpdate::default()
    };
    world
        .stores
        .profiles
        .apply(&world.profile_change(&person, update))
        .await
        .unwrap();
    let picture = Picture::new(format!("{mark} looks like this").into_bytes());
    world
        .stores
        .pictures
        .replace(&world.picture_change(&person, Some(picture)))
        .await
        .unwrap();
    world
        .issued(&world.issue(TokenPurpose::PasswordReset, person.addressee()))
        .await;
    world.challenged(&person).await;
    let (_, undo) = world.new_undo(UndoKind::NewDevice, &person);
    let alone = TenantId::from_uuid(Uuid::from_u128(0x1000 + u128::from(number)));
    let tenant = |sql: &str| sql.replace("$t", &format!("'{mark} & Co'"));
    let at = world.now();
    let uuid = |place: u8| Value::from(Uuid::from_u128(u128::from(number) << 64 | u128::from(place)));
    let text = |what: &str| Value::from(format!("{what} {mark}"));
    let counted_as = [0xc0 + number; 32];
    let run = async |sql: &str, values: Vec<Value>| {
        let changed = witness.execute(sql, values).await;
        assert!(changed > 0, "{sql}");
    };
    run(
        &tenant("INSERT INTO tenants (id, name, created, updated) VALUES ($1, $t, $2, $2)"),
        vec![alone.as_uuid().into(), at.into()],
    )
    .await;
    world
        .stores
        .witness
        .join(&alone, &person.user, &[Role::Owner], &at)
        .await;
    run(
        "INSERT INTO tenant_policies (tenant_id, created, updated) VALUES ($1, $2, $2)",
        vec![alone.as_uuid().into(), at.into()],
    )
    .await;
    run(
        "INSERT INTO rookery_tenant_policies (tenant_id, two_factor_since) VALUES ($1, $2)",
        vec![alone.as_uuid().into(), at.into()],
    )
    .await;
    run(
        "INSERT INTO rookery_webhooks (id, tenant_id, url, secret, created_at, failures) VALUES ($1, $2, $3, $4, $5, 0)",
        vec![
            uuid(1),
            alone.as_uuid().into(),
            format!("https://{mark}.example.com/").into(),
            mark.as_bytes().to_vec().into(),
            at.into(),
        ],
    )
    .await;
    run(
        "INSERT INTO rookery_undos (id, user_id, ordinal, kind, token_hash, email, address, factors, created_at, expires_at)
         VALUES ($1, $2, 90, 'email_changed', $3, $4, $4, '[]', $5, $5)",
        vec![
            undo.id.as_uuid().into(),
            id(),
            undo.digest.as_bytes().to_vec().into(),
            format!("old-{mark}@example.com").into(),
            at.into(),
        ],
    )
    .await;
    run(
        "INSERT INTO rookery_throttle_counters (limit_name, subject, count, ends_at, window_ends_at)
         VALUES ('log-in-address', $1, 1, $2, $2)",
        vec![counted_as.to_vec().into(), at.into()],
    )
    .await;
    run(
        "INSERT INTO rookery_audit_events (id, occurred_at, action, outcome, actor, user_id, request_id, address, user_agent,
         detail) VALUES ($1, $2, 'user.updated', 'success', 'user', $3, $4, $5, $6, $7)",
        vec![uuid(2), at.into(), id(), text("request"), text("network"), text("browser"), text("detail")],
    )
    .await;
    invitations(backend, world, mark, (&person, &alone), number).await;
    run(
        "INSERT INTO rookery_consents (id, user_id, subject, version, given, channel, language, decided_at)
         VALUES ($1, $2, 'terms', $3, TRUE, $4, 'en', $5)",
        vec![uuid(3), id(), text("version"), text("channel"), at.into()],
    )
    .await;
    run(
        "INSERT INTO rookery_exports (id, user_id, state, requested_at, attempts, next_attempt_at, last_error)
         VALUES ($1, $2, 'failed', $3, 1, $3, $4)",
        vec![uuid(4), id(), at.into(), text("error")],
    )
    .await;
    run(
        "INSERT INTO rookery_export_parts (export_id, number, user_id, kept_at, sealed) VALUES ($1, 0, $2, $3, $4)",
        vec![uuid(4), id(), at.into(), mark.as_bytes().to_vec().into()],
    )
    .await;
    run(
        "INSERT INTO rookery_outbox (id, user_id, kind, recipient, sealed, state, attempts, created_at, next_attempt_at, expires_at)
         VALUES ($1, NULL, 'invitation', $2, $3, 'sent', 1, $4, $4, $4)",
        vec![
            uuid(5),
            format!("{mark}@example.com").into(),
            mark.as_bytes().to_vec().into(),
            at.into(),
        ],
    )
    .await;
    run(
        "INSERT INTO rookery_staff (user_id, role, granted_at) VALUES ($1, 'support', $2)",
        vec![id(), at.into()],
    )
    .await;
    for (sql, values) in [
        (
            "UPDATE users SET name = $2, given_name = $3, family_name = $4, picture = $5 WHERE id = $1",
            vec![id(), text("name"), text("given"), text("family"), text("picture")],
        ),
        (
            "UPDATE user_preferences SET theme = $2, timezone = $2 WHERE user_id = $1",
            vec![id(), text("zone")],
        ),
        (
            "UPDATE rookery_credentials SET password_hash = $2, pending_email = $3 WHERE user_id = $1",
            vec![id(), text("hash"), format!("new-{mark}@example.com").into()],
        ),
        (
            "UPDATE rookery_sessions SET address = $2, user_agent = $3, methods = $3 WHERE user_id = $1",
            vec![id(), text("network"), text("browser")],
        ),
        (
            "UPDATE rookery_devices SET user_agent = $2 WHERE user_id = $1",
            vec![id(), text("browser")],
        ),
        (
            "UPDATE rookery_factors SET sealed_secret = $2 WHERE user_id = $1",
            vec![id(), mark.as_bytes().to_vec().into()],
        ),
        (
            "UPDATE rookery_tokens SET email = $2 WHERE user_id = $1",
            vec![id(), text("mailbox")],
        ),
        (
            "UPDATE rookery_outbox SET recipient = $2, sealed = $3, last_error = $4 WHERE user_id = $1",
            vec![id(), text("mailbox"), mark.as_bytes().to_vec().into(), text("550")],
        ),
        (
            "UPDATE tenant_users SET email = $2 WHERE user_id = $1",
            vec![id(), text("mailbox")],
        ),
    ] {
        run(sql, values).await;
    }
    Marked {
        mark,
        person,
        tenant: alone,
        counted_as,
    }
}

/// One invitation that the person sent, and one that somebody else sent to them, each with its token.
async fn invitations(
    backend: &Backend,
    world: &World,
    mark: &'static str,
    (person, alone): (&Person, &TenantId),
    number: u8,
) {
    let host = world.person(&format!("host{number}@example.com")).await;
    let at = world.now();
    let uuid = |place: u8| Value::from(Uuid::from_u128(u128::from(number) << 64 | u128::from(place)));
    let elsewhere = TenantId::from_uuid(Uuid::from_u128(0x2000 + u128::from(number)));
    let founded = backend
        .witness
        .execute(
            "INSERT INTO tenants (id, name, created, updated) VALUES ($1, 'Elsewhere', $2, $2)",
            vec![elsewhere.as_uuid().into(), at.into()],
        )
        .await;
    assert_eq!(founded, 1);
    let sent = (0x10, alone, person, format!("friend-of-{mark}@example.org"));
    let received = (0x20, &elsewhere, &host, format!("{mark}@example.com"));
    for (place, tenant, inviter, address) in [sent, received] {
        let digest = [0x70 + number + place; 32].to_vec();
        let invited = backend
            .witness
            .execute(
                "INSERT INTO rookery_invitations (id, tenant_id, inviter_user_id, email, address, roles, note, token_hash, state,
                 created_at, expires_at) VALUES ($1, $2, $3, $4, $4, '[\"member\"]', $5, $6, 'pending', $7, $7)",
                vec![
                    uuid(place),
                    tenant.as_uuid().into(),
                    inviter.user.as_uuid().into(),
                    address.into(),
                    format!("note {mark}").into(),
                    digest.clone().into(),
                    at.into(),
                ],
            )
            .await;
        let mailed = backend
            .witness
            .execute(
                "INSERT INTO rookery_invitation_tokens (token_hash, invitation_id) VALUES ($1, $2)",
                vec![digest.into(), uuid(place)],
            )
            .await;
        assert_eq!((invited, mailed), (1, 1));
    }
}

/// What waits for its day, by hand: the wish is not what is tried here.
async fn due(backend: &Backend, world: &World, whose: &Marked) {
    let closed = serde_json::json!([whose.tenant]).to_string();
    let insert = "INSERT INTO rookery_deletions (user_id, requested_at, due_at, closed_tenants, reason)
         VALUES ($1, $2, $2, $3, $4)";
    let values: [Value; 4] = [
        whose.person.user.as_uuid().into(),
        world.now().into(),
        closed.into(),
        format!("because of {}", whose.mark).into(),
    ];
    backend.witness.execute(insert, values).await;
}

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

on_every_backend! {
    nothing_that_tells_an_erased_person_is_left_and_nobody_else_loses_anything
    every_table_and_every_column_that_tells_somebody_is_in_the_table_of_erasures
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
