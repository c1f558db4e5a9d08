//! Memberships and policies as other programs write them.

use chrono::Duration;
use rookery_core::Reader;
use rookery_core::domain::{Role, TenantId, TenantPolicy, TokenPurpose};
use rookery_core::ports::Addressee;
use rookery_testkit::contract::{GRACE, Person, World};

use crate::backends::{Backend, on_every_backend};

/// A tenant of this name, with the person in it for so many days.
async fn join_tenant(backend: &Backend, world: &World, person: &Person, name: &str, days: i64) -> TenantId {
    let mut entropy = [0; 10];
    entropy[..name.len()].copy_from_slice(name.as_bytes());
    let tenant = TenantId::new(world.now(), &entropy);
    let since = world.now() - Duration::days(days);
    let insert = "INSERT INTO tenants (id, name, created, updated) VALUES ($1, $2, $3, $3)";
    let values = [tenant.as_uuid().into(), name.into(), since.into()];
    backend.witness.execute(insert, values).await;
    let roles = if backend.witness.is_postgres() {
        "'{admin,viewer}'"
    } else {
        "'[\"admin\",\"viewer\"]'"
    };
    let insert = format!(
        "INSERT INTO tenant_users (tenant_id, user_id, created, updated, roles) VALUES ($1, $2, $3, $3, {roles})"
    );
    let values = [tenant.as_uuid().into(), person.user.as_uuid().into(), since.into()];
    backend.witness.execute(&insert, values).await;
    tenant
}

async fn set_policy(backend: &Backend, tenant: TenantId, length: i32, hours: i32) -> TenantPolicy {
    let insert = "INSERT INTO tenant_policies (tenant_id, password_min_length, password_require_numbers, \
         session_timeout_hours) VALUES ($1, $2, true, $3)";
    let values = [tenant.as_uuid().into(), length.into(), hours.into()];
    backend.witness.execute(insert, values).await;
    TenantPolicy {
        password_min_length: usize::try_from(length).unwrap(),
        password_require_numbers: true,
        session_timeout_hours: u32::try_from(hours).unwrap(),
        ..TenantPolicy::default()
    }
}

async fn tenants_come_the_longest_standing_first_with_the_policies_that_have_a_row(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let newer = join_tenant(&backend, &world, &person, "newer", 1).await;
    let older = join_tenant(&backend, &world, &person, "older", 30).await;
    let left = join_tenant(&backend, &world, &person, "left", 60).await;
    let closed = join_tenant(&backend, &world, &person, "closed", 90).await;
    let foreign = join_tenant(&backend, &world, &bystander, "foreign", 120).await;
    let policy = set_policy(&backend, newer, 14, 4).await;
    for tenant in [left, closed, foreign] {
        set_policy(&backend, tenant, 200, 1).await;
    }
    let leave = "UPDATE tenant_users SET deleted = created WHERE tenant_id = $1";
    backend.witness.execute(leave, [left.as_uuid().into()]).await;
    let close = "UPDATE tenants SET deleted = created WHERE id = $1";
    backend.witness.execute(close, [closed.as_uuid().into()]).await;

    let expected = [(older, None), (newer, Some(policy.clone()))];
    for credential in [
        world.stores.credentials.by_email(&person.email).await,
        world.stores.credentials.by_user(&person.user).await,
    ] {
        assert_eq!(credential.unwrap().unwrap().tenants, expected);
    }
    let addressee = Addressee::Person {
        user: person.user,
        email: person.email,
        reader: Reader::default(),
    };
    let digest = world.issued(&world.issue(TokenPurpose::PasswordReset, addressee)).await;
    let record = world.stores.tokens.find(&digest).await.unwrap().unwrap();
    assert_eq!(record.policies, [policy]);
}

async fn a_session_shows_its_tenant_while_there_is_a_membership(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let tenant = join_tenant(&backend, &world, &person, "tenant", 1).await;
    let mut sign_in = world.sign_in(&person);
    sign_in.session.tenant = Some(tenant);
    let session = world.open(&sign_in).await;
    let signed_in = world.resolved(&session.digest).await.unwrap();
    let summary = signed_in.session.tenant.unwrap();
    assert_eq!((summary.id, summary.name.as_str()), (tenant, "tenant"));
    assert_eq!(summary.roles, [Role::Admin, Role::Viewer]);
    assert_eq!(signed_in.profile.tenant, Some(tenant));
    assert_eq!(signed_in.profile.roles, [Role::Admin, Role::Viewer]);

    for (gone, back) in [
        (
            "UPDATE tenant_users SET deleted = created",
            "UPDATE tenant_users SET deleted = NULL",
        ),
        (
            "UPDATE tenants SET deleted = created",
            "UPDATE tenants SET deleted = NULL",
        ),
    ] {
        backend.witness.execute(gone, []).await;
        let signed_in = world.resolved(&session.digest).await.unwrap();
        assert_eq!((signed_in.session.tenant, signed_in.profile.tenant), (None, None));
        assert_eq!(signed_in.profile.roles, []);
        backend.witness.execute(back, []).await;
    }
    assert!(world.resolved(&session.digest).await.unwrap().session.tenant.is_some());
}

async fn a_second_factor_another_program_asks_for_is_due_since_its_last_change_or_the_membership(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let due_since = async || {
        let signed_in = world.resolved(&session.digest).await.unwrap();
        signed_in.session.second_factor_due.map(|due| due - GRACE)
    };
    let ask = async |tenant: TenantId, required: bool, days: i64| {
        let insert = "INSERT INTO tenant_policies (tenant_id, two_factor_required, created, updated) \
             VALUES ($1, $2, $3, $3)";
        let since = world.now() - Duration::days(days);
        let values = [tenant.as_uuid().into(), required.into(), since.into()];
        backend.witness.execute(insert, values).await;
    };
    assert_eq!(due_since().await, None);
    let indifferent = join_tenant(&backend, &world, &person, "a", 300).await;
    ask(indifferent, false, 200).await;
    assert_eq!(due_since().await, None);
    let asks_late = join_tenant(&backend, &world, &person, "b", 30).await;
    ask(asks_late, true, 3).await;
    assert_eq!(due_since().await, Some(world.now() - Duration::days(3)));
    let joined_late = join_tenant(&backend, &world, &person, "c", 5).await;
    ask(joined_late, true, 100).await;
    assert_eq!(
        due_since().await,
        Some(world.now() - Duration::days(5)),
        "the earliest of them"
    );
    let leave = "UPDATE tenant_users SET deleted = created WHERE tenant_id = $1";
    backend.witness.execute(leave, [joined_late.as_uuid().into()]).await;
    assert_eq!(due_since().await, Some(world.now() - Duration::days(3)));
    let close = "UPDATE tenants SET deleted = created WHERE id = $1";
    backend.witness.execute(close, [asks_late.as_uuid().into()]).await;
    assert_eq!(due_since().await, None);
}

on_every_backend! {
    a_second_factor_another_program_asks_for_is_due_since_its_last_change_or_the_membership
    tenants_come_the_longest_standing_first_with_the_policies_that_have_a_row
    a_session_shows_its_tenant_while_there_is_a_membership
}
