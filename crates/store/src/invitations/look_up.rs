//! What is known of an address, and of an invitation by its token.

use rookery_core::Reader;
use rookery_core::ports::{Holder, InvitationRecord, Inviter, Prospect};
use rookery_domain::{EmailAddress, InvitationId, InvitationState, Roles, TenantId, TokenDigest, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use super::read_roles;
use crate::dialect::Dialect;
use crate::error::Failure;
use crate::members::take_roles;
use crate::policies;
use crate::row::Columns;

/// Who has the address `$1`, as far as the tenant `$2` is concerned.
const PROSPECT: &str = "SELECT CASE WHEN m.user_id IS NULL THEN 0 ELSE 1 END, f.language, f.timezone \
     FROM rookery_addresses a JOIN users u ON u.id = a.user_id AND u.deleted IS NULL \
     LEFT JOIN user_preferences f ON f.user_id = u.id \
     LEFT JOIN tenant_users m ON m.user_id = u.id AND m.tenant_id = $2 AND m.deleted IS NULL \
     WHERE a.address = $1";

/// The inviter `v` is left out when their account is shut, gone or waiting for its deletion; the holder `h` of the address is there
/// whatever their state.
macro_rules! by_token {
    ($roles:literal) => {
        concat!(
            "SELECT i.id, CASE WHEN i.token_hash = k.token_hash THEN 1 ELSE 0 END, t.id, t.name, i.email, i.roles, i.note, \
             i.expires_at, i.state, v.id, v.name, v.email, coalesce(",
            $roles,
            ", '[]'), vf.language, vf.timezone, h.id, h.name, h.email_verified, \
             CASE WHEN h.deleted IS NULL AND hc.disabled_at IS NULL THEN 0 ELSE 1 END, coalesce(hc.version, 0), \
             CASE WHEN hm.user_id IS NULL THEN 0 ELSE 1 END, hf.language, hf.timezone, ",
            policies::columns!(),
            " FROM rookery_invitation_tokens k JOIN rookery_invitations i ON i.id = k.invitation_id \
             JOIN tenants t ON t.id = i.tenant_id AND t.deleted IS NULL \
             LEFT JOIN tenant_policies p ON p.tenant_id = t.id \
             LEFT JOIN users v ON v.id = i.inviter_user_id AND v.deleted IS NULL AND NOT EXISTS \
             (SELECT 1 FROM rookery_credentials vc WHERE vc.user_id = v.id AND vc.disabled_at IS NOT NULL) \
             AND NOT EXISTS (SELECT 1 FROM rookery_deletions vd WHERE vd.user_id = v.id) \
             LEFT JOIN tenant_users vm ON vm.tenant_id = t.id AND vm.user_id = v.id AND vm.deleted IS NULL \
             LEFT JOIN user_preferences vf ON vf.user_id = v.id \
             LEFT JOIN rookery_addresses a ON a.address = i.address \
             LEFT JOIN users h ON h.id = a.user_id \
             LEFT JOIN rookery_credentials hc ON hc.user_id = h.id \
             LEFT JOIN user_preferences hf ON hf.user_id = h.id \
             LEFT JOIN tenant_users hm ON hm.tenant_id = t.id AND hm.user_id = h.id AND hm.deleted IS NULL \
             WHERE k.token_hash = $1"
        )
    };
}

/// Finds the invitation that was mailed with the token of the digest `$1`.
pub(crate) const BY_TOKEN_POSTGRES: &str = by_token!("CAST(array_to_json(vm.roles) AS text)");
/// As [`BY_TOKEN_POSTGRES`].
pub(crate) const BY_TOKEN_SQLITE: &str = by_token!("vm.roles");

pub(super) async fn prospect(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    email: &EmailAddress,
) -> Result<Prospect, Failure> {
    let values: [Value; 2] = [email.key().into(), tenant.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), PROSPECT, values);
    let Some(row) = conn.query_one_raw(statement).await? else {
        return Ok(Prospect::default());
    };
    let mut columns = Columns::of(&row);
    let is_member = columns.take::<i32>("tenant_users.user_id")? == 1;
    let language: Option<String> = columns.take("user_preferences.language")?;
    let time_zone: Option<String> = columns.take("user_preferences.timezone")?;
    let has_chosen = language.is_some() || time_zone.is_some();
    Ok(Prospect {
        is_member,
        reader: has_chosen.then(|| Reader::told(language.as_deref(), time_zone.as_deref())),
    })
}

pub(super) async fn by_token(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    digest: &TokenDigest,
) -> Result<Option<InvitationRecord>, Failure> {
    let digest = digest.as_bytes().to_vec();
    let statement =
        Statement::from_sql_and_values(conn.get_database_backend(), dialect.invitation_lookup, [digest.into()]);
    let row = conn.query_one_raw(statement).await?;
    row.map(|row| read(&mut Columns::of(&row))).transpose()
}

fn read(columns: &mut Columns<'_>) -> Result<InvitationRecord, Failure> {
    let id = InvitationId::from_uuid(columns.take("rookery_invitations.id")?);
    let is_newest = columns.take::<i32>("rookery_invitations.token_hash")? == 1;
    let tenant = TenantId::from_uuid(columns.take("tenants.id")?);
    let tenant_name = columns.take("tenants.name")?;
    let email = columns.email("rookery_invitations.email")?;
    let roles = columns.parse("rookery_invitations.roles", |json| {
        Roles::of(read_roles(json)?).map_err(Box::<dyn std::error::Error + Send + Sync>::from)
    })?;
    let note = columns.take("rookery_invitations.note")?;
    let expires = columns.time("rookery_invitations.expires_at")?;
    let stored = state(columns)?;
    let inviter = inviter(columns)?;
    let inviter_reader = columns.reader()?;
    let holder = holder(columns)?;
    Ok(InvitationRecord {
        id,
        is_newest,
        tenant,
        tenant_name,
        policy: policies::take(columns)?,
        email,
        roles,
        note,
        inviter,
        inviter_reader,
        expires,
        stored,
        holder,
    })
}

/// The next column, what became of an invitation.
pub(super) fn state(columns: &mut Columns<'_>) -> Result<InvitationState, Failure> {
    columns.parse("rookery_invitations.state", |word| {
        InvitationState::from_word(word).ok_or("no state of an invitation")
    })
}

/// The next four columns, who invites and what they are.
pub(super) fn inviter(columns: &mut Columns<'_>) -> Result<Option<Inviter>, Failure> {
    let user: Option<Uuid> = columns.take("users.id")?;
    let name = columns.take("users.name")?;
    let email = columns.parse_optional("users.email", EmailAddress::parse)?;
    let roles = take_roles(columns)?;
    Ok(user.zip(email).map(|(user, email)| Inviter {
        user: UserId::from_uuid(user),
        name,
        email,
        roles,
    }))
}

fn holder(columns: &mut Columns<'_>) -> Result<Option<Holder>, Failure> {
    let user: Option<Uuid> = columns.take("users.id")?;
    let name = columns.take("users.name")?;
    let email_verified = columns.optional_time("users.email_verified")?;
    let is_closed = columns.take::<i32>("rookery_credentials.disabled_at")? == 1;
    let credential_version = columns.take("rookery_credentials.version")?;
    let is_member = columns.take::<i32>("tenant_users.user_id")? == 1;
    let reader = columns.reader()?;
    Ok(user.map(|user| Holder {
        user: UserId::from_uuid(user),
        name,
        reader,
        email_verified,
        is_closed,
        credential_version,
        is_member,
    }))
}
