//! Row-level security bites the very role the service connects as.

use rookery_core::domain::{CompanyName, Picture, Role, TenantId, TokenPurpose};
use rookery_core::ports::{Addressee, NewTenant};

use crate::backends::postgresql;
use crate::witness::SqlWitness;

const GUARDED: [&str; 9] = [
    "users",
    "rookery_addresses",
    "rookery_credentials",
    "rookery_sessions",
    "rookery_tokens",
    "rookery_outbox",
    "rookery_audit_events",
    "user_preferences",
    "rookery_pictures",
];

async fn seen(witness: &SqlWitness) -> Vec<String> {
    let mut seen = Vec::new();
    for table in GUARDED {
        let rows = witness
            .text(&format!("SELECT CAST(count(*) AS text) FROM {table}"))
            .await;
        seen.push(format!("{table} {rows}"));
    }
    seen
}

// Proves: ASVS 8.4.1
#[tokio::test]
async fn a_connection_of_the_service_s_role_that_says_not_for_whom_sees_nothing() {
    let backend = postgresql().await;
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    for person in [&person, &bystander] {
        world.signed_in(person).await;
        let update = rookery_core::domain::ProfileUpdate {
            weekly_reports: Some(true),
            ..Default::default()
        };
        let change = world.profile_change(person, update);
        world.stores.profiles.apply(&change).await.unwrap();
        let picture = world.picture_change(person, Some(Picture::new(b"picture".to_vec())));
        world.stores.pictures.replace(&picture).await.unwrap();
    }
    world
        .issued(&world.issue(TokenPurpose::PasswordReset, Addressee::Nobody))
        .await;

    let service = SqlWitness::connect(backend.url()).await;
    let owner = SqlWitness::connect(backend.postgres().owner_url()).await;
    for role in [&service, &owner] {
        assert_eq!(seen(role).await, GUARDED.map(|table| format!("{table} 0")));
    }
    let everything = [
        "users 2",
        "rookery_addresses 2",
        "rookery_credentials 2",
        "rookery_sessions 2",
        "rookery_tokens 3",
        "rookery_outbox 3",
        "rookery_audit_events 9",
        "user_preferences 2",
        "rookery_pictures 2",
    ];
    assert_eq!(seen(&backend.witness).await, everything);

    let as_ada = format!("SET app.current_user_id = '{}'", person.user);
    service.execute(&as_ada, []).await;
    let hers = [
        "users 1",
        "rookery_addresses 1",
        "rookery_credentials 1",
        "rookery_sessions 1",
        "rookery_tokens 1",
        "rookery_outbox 1",
        "rookery_audit_events 4",
        "user_preferences 1",
        "rookery_pictures 1",
    ];
    assert_eq!(seen(&service).await, hers);
}

// Proves: ASVS 8.4.1
#[tokio::test]
async fn a_forgotten_condition_shows_the_members_of_a_tenant_to_its_members_alone() {
    let backend = postgresql().await;
    let world = backend.world();
    let mut tenants = Vec::new();
    for (email, company) in [("ada@example.com", "Engines"), ("eve@example.com", "Elsewhere")] {
        let mut account = world.new_account(email);
        let id = TenantId::new(world.now(), &[u8::try_from(company.len()).unwrap(); 10]);
        let name = CompanyName::parse(company).unwrap();
        account.tenant = Some(NewTenant { id, name });
        world.stores.accounts.admit(&account).await.unwrap();
        tenants.push((account.user, id));
    }
    let bob = world.person("bob@example.com").await;
    let [(ada, engines), (eve, elsewhere)] = tenants[..] else {
        panic!("two");
    };
    let joined = world.now();
    world
        .stores
        .witness
        .join(&engines, &bob.user, &[Role::Viewer], &joined)
        .await;

    let reader = SqlWitness::connect(backend.url()).await;
    let emails = "SELECT coalesce(string_agg(u.email, ' ' ORDER BY u.email), '') FROM tenant_users m
         JOIN users u ON u.id = m.user_id JOIN tenants t ON t.id = m.tenant_id";
    for (user, tenant, expected) in [
        (bob.user, engines, "ada@example.com bob@example.com"),
        (ada, engines, "ada@example.com bob@example.com"),
        (eve, engines, "eve@example.com"),
        (ada, elsewhere, "ada@example.com"),
        (eve, elsewhere, "eve@example.com"),
    ] {
        reader.execute(&format!("SET app.current_user_id = '{user}'"), []).await;
        reader
            .execute(&format!("SET app.current_tenant_id = '{tenant}'"), [])
            .await;
        assert_eq!(reader.text(emails).await, expected, "{user} in {tenant}");
    }
    reader.execute("SET app.current_user_id = ''", []).await;
    assert_eq!(reader.text(emails).await, "", "a tenant alone shows nobody");
}

// Proves: ASVS 8.4.1
#[tokio::test]
async fn a_forgotten_condition_shows_the_invitations_of_a_tenant_to_its_members_alone() {
    let backend = postgresql().await;
    let world = backend.world();
    let mut people = Vec::new();
    for (email, company) in [("ada@example.com", "Engines"), ("eve@example.com", "Elsewhere")] {
        let mut account = world.new_account(email);
        let id = TenantId::new(world.now(), &[u8::try_from(company.len()).unwrap(); 10]);
        let name = CompanyName::parse(company).unwrap();
        account.tenant = Some(NewTenant { id, name });
        world.stores.accounts.admit(&account).await.unwrap();
        people.push((account.user, id));
    }
    backend
        .witness
        .execute(
            "INSERT INTO rookery_invitations (id, tenant_id, inviter_user_id, email, address, roles, token_hash, state,
                 created_at, expires_at)
             SELECT gen_random_uuid(), m.tenant_id, m.user_id, t.name, t.name, '[]', decode(md5(t.name), 'hex'), 'pending',
                 now(), now() FROM tenant_users m JOIN tenants t ON t.id = m.tenant_id",
            [],
        )
        .await;
    let [(ada, engines), (eve, elsewhere)] = people[..] else {
        panic!("two");
    };
    let reader = SqlWitness::connect(backend.url()).await;
    let seen = "SELECT coalesce(string_agg(email, ' ' ORDER BY email), '') FROM rookery_invitations";
    for (user, tenant, expected) in [
        (ada.to_string(), engines.to_string(), "Engines"),
        (eve.to_string(), elsewhere.to_string(), "Elsewhere"),
        (ada.to_string(), elsewhere.to_string(), ""),
        (ada.to_string(), String::new(), ""),
        (String::new(), engines.to_string(), ""),
        (String::new(), String::new(), ""),
    ] {
        reader.execute(&format!("SET app.current_user_id = '{user}'"), []).await;
        reader
            .execute(&format!("SET app.current_tenant_id = '{tenant}'"), [])
            .await;
        assert_eq!(reader.text(seen).await, expected, "{user} in {tenant}");
        if expected == "Engines" {
            let change = "UPDATE rookery_invitations SET state = 'accepted'";
            assert_eq!(
                reader.execute(change, []).await,
                0,
                "members see, and the service changes"
            );
        }
    }
}
