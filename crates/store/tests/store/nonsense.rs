//! Rows that no program of ours has written: named, and nobody else's trouble.

use rookery_core::domain::{CompanyName, Preferences, SessionLifetime, TenantId};
use rookery_core::ports::{NewTenant, OutboxClaim};
use rookery_core::{PortError, Reader};
use rookery_testkit::contract::{OpenSession, Person, World};
use sea_orm::Value;

use crate::backends::{Backend, on_every_backend};

/// Ada, the owner of a tenant with a policy, signed in there, with preferences.
async fn ada(backend: &Backend, world: &World) -> (Person, OpenSession) {
    let mut account = world.new_account("ada@example.com");
    let tenant = TenantId::new(world.now(), &[7; 10]);
    account.tenant = Some(NewTenant {
        id: tenant,
        name: CompanyName::parse("Analytical Engines").unwrap(),
    });
    account.preferences = Some(Preferences::default());
    world.stores.accounts.admit(&account).await.unwrap();
    let policy = "INSERT INTO tenant_policies (tenant_id) VALUES ($1)";
    backend.witness.execute(policy, [tenant.as_uuid().into()]).await;
    let person = Person {
        user: account.user,
        email: account.email,
    };
    let mut sign_in = world.sign_in(&person);
    sign_in.session.tenant = Some(tenant);
    sign_in.session.lifetime = SessionLifetime::REMEMBERED;
    let session = world.open(&sign_in).await;
    (person, session)
}

/// Which columns hold what, and what it is, to be set for all of Ada's rows.
fn nonsense(is_postgres: bool) -> Vec<(&'static str, &'static str, &'static str)> {
    let kings = if is_postgres { "ARRAY['king']" } else { "'[\"king\"]'" };
    let mut nonsense = vec![
        ("rookery_sessions", "methods", "'telepathy'"),
        ("rookery_sessions", "methods", "''"),
        ("rookery_sessions", "idle_seconds", "-1"),
        ("tenant_users", "roles", kings),
        ("users", "email", "'ada at example.com'"),
        ("user_preferences", "theme", "'blue'"),
        ("user_preferences", "language", "'xx'"),
        ("user_preferences", "timezone", "'Mars/Phobos'"),
    ];
    if !is_postgres {
        nonsense.extend([
            ("users", "created", "'yesterday'"),
            ("users", "name", "x'ff'"),
            ("tenant_users", "roles", "'no list'"),
            ("rookery_sessions", "remember", "'perhaps'"),
        ]);
    }
    nonsense
}

async fn nonsense_in_a_language_or_a_zone_costs_nobody_a_mail_or_a_sign_in(backend: Backend) {
    let world = backend.world();
    let (person, _) = ada(&backend, &world).await;
    let nonsense = "UPDATE user_preferences SET language = 'xx', timezone = 'Mars/Phobos'";
    backend.witness.execute(nonsense, []).await;
    let found = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!(found.reader, Reader::default());
    world.signed_in(&person).await;
}

fn assert_names(error: &PortError, column: &str) {
    assert!(!error.is_unavailable(), "{}", error.chain());
    assert!(
        error.chain().contains(&format!("{column} makes no sense")),
        "{column}: {}",
        error.chain()
    );
}

async fn a_session_check_names_the_column_and_spares_everybody_else(backend: Backend) {
    let world = backend.world();
    let (person, session) = ada(&backend, &world).await;
    let bystander = world.person("bob@example.com").await;
    let other = world.signed_in(&bystander).await;
    for (table, column, value) in nonsense(backend.witness.is_postgres()) {
        let whose = if table == "users" { "id" } else { "user_id" };
        let kept = format!("CREATE TABLE kept AS SELECT {whose} AS whose, {column} AS value FROM {table}");
        backend.witness.execute(&kept, []).await;
        let tamper = format!("UPDATE {table} SET {column} = {value} WHERE {whose} = $1");
        let tampered = backend.witness.execute(&tamper, [person.user.as_uuid().into()]).await;
        assert_eq!(tampered, 1, "{table}.{column}");

        let error = world
            .stores
            .sessions
            .resolve(&session.digest, &world.now())
            .await
            .unwrap_err();
        assert_names(&error, &format!("{table}.{column}"));
        assert!(world.resolved(&other.digest).await.is_some());

        let mend = format!("UPDATE {table} SET {column} = (SELECT value FROM kept WHERE whose = {whose})");
        backend.witness.execute(&mend, []).await;
        backend.witness.execute("DROP TABLE kept", []).await;
        assert!(world.resolved(&session.digest).await.is_some(), "{table}.{column}");
    }
}

async fn numbers_of_a_policy_below_zero_lock_nobody_out(backend: Backend) {
    let world = backend.world();
    let (person, session) = ada(&backend, &world).await;
    let policy =
        "UPDATE tenant_policies SET password_min_length = -8, session_timeout_hours = -1, max_login_attempts = -1";
    backend.witness.execute(policy, []).await;
    for credential in [
        world.stores.credentials.by_email(&person.email).await,
        world.stores.credentials.by_user(&person.user).await,
    ] {
        let policy = credential.unwrap().unwrap().strictest_policy().unwrap();
        let numbers = (
            policy.password_min_length,
            policy.session_timeout_hours,
            policy.max_login_attempts,
        );
        assert_eq!(numbers, (0, 0, 0));
    }
    assert!(world.resolved(&session.digest).await.is_some());
    let listed = world.stores.sessions.list(&person.user, &world.now()).await.unwrap();
    assert_eq!(listed.len(), 1);
}

async fn a_queued_mail_that_makes_no_sense_is_set_aside_and_holds_nobody_up(backend: Backend) {
    let world = backend.world();
    let mut mails = Vec::new();
    for name in ["ada", "bob", "eve"] {
        let person = world.person(&format!("{name}@example.com")).await;
        world.advance(chrono::Duration::seconds(1));
        mails.push((person, name));
    }
    let set: [(&str, &str, Value); 2] = [
        ("recipient", "ada", "nobody at all".into()),
        ("sealed", "bob", Option::<Vec<u8>>::None.into()),
    ];
    for (column, name, value) in set {
        let person = &mails.iter().find(|(_, other)| *other == name).unwrap().0;
        let tamper = format!("UPDATE rookery_outbox SET {column} = $1 WHERE user_id = $2");
        backend
            .witness
            .execute(&tamper, [value, person.user.as_uuid().into()])
            .await;
    }
    let before = world.ledger().await;
    let claim = OutboxClaim {
        now: world.now(),
        lease_until: world.now() + chrono::Duration::minutes(5),
        limit: 10,
    };
    let claimed = world.stores.outbox.claim(&claim).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].to.as_str(), "eve@example.com");
    assert_eq!(
        world.since(&before).await,
        ["mails verify_email abandoned +2", "mails verify_email queued -2"]
    );
    let reasons = "SELECT last_error FROM rookery_outbox WHERE state = 'abandoned' ORDER BY created_at";
    let reasons: Vec<String> = backend
        .witness
        .rows(reasons)
        .await
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect();
    assert!(
        reasons[0].contains("rookery_outbox.recipient makes no sense"),
        "{reasons:?}"
    );
    assert!(
        reasons[1].contains("rookery_outbox.sealed makes no sense"),
        "{reasons:?}"
    );
}

async fn what_another_program_left_null_has_its_default(backend: Backend) {
    let world = backend.world();
    let (_, session) = ada(&backend, &world).await;
    let nulls = "UPDATE user_preferences SET theme = NULL, language = NULL, timezone = NULL, email_notifications = NULL, \
         push_notifications = NULL, weekly_reports = NULL, marketing_emails = NULL";
    backend.witness.execute(nulls, []).await;
    backend
        .witness
        .execute("UPDATE tenant_users SET roles = NULL", [])
        .await;
    let profile = world.resolved(&session.digest).await.unwrap().profile;
    assert_eq!(profile.preferences, Preferences::default());
    assert_eq!(profile.roles, []);
}

on_every_backend! {
    a_session_check_names_the_column_and_spares_everybody_else
    numbers_of_a_policy_below_zero_lock_nobody_out
    nonsense_in_a_language_or_a_zone_costs_nobody_a_mail_or_a_sign_in
    a_queued_mail_that_makes_no_sense_is_set_aside_and_holds_nobody_up
    what_another_program_left_null_has_its_default
}
