//! People who are found again wherever anything tells of them.

use rookery_core::domain::{Picture, ProfileUpdate, Role, TenantId, TokenPurpose};
use rookery_core::ports::UndoKind;
use rookery_testkit::contract::{Person, World};
use sea_orm::Value;
use uuid::Uuid;

use crate::backends::Backend;

/// What a test puts on one person, and everything that is theirs.
pub(super) struct Marked {
    pub(super) mark: &'static str,
    pub(super) person: Person,
    pub(super) tenant: TenantId,
    pub(super) counted_as: [u8; 32],
}

/// Somebody with a row in every table there is, and their mark in every place that holds a text or bytes.
#[expect(clippy::too_many_lines, reason = "a row in every table")]
pub(super) async fn marked_person(backend: &Backend, world: &World, mark: &'static str, number: u8) -> Marked {
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
pub(super) async fn due(backend: &Backend, world: &World, whose: &Marked) {
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
