//! The look-up behind every authenticated request.

use chrono::Duration;
use rookery_core::ports::SignedIn;
use rookery_domain::session::end_within;
use rookery_domain::{Session, SessionId, TenantId, TenantSummary, Timestamp, TokenDigest, UserId};

use super::methods;
use super::rounds::Rounds;
use crate::Database;
use crate::error::Failure;
use crate::members::take_roles;
use crate::profiles::{Person, take_person};
use crate::row::Columns;

/// The look-ups of one store.
pub(super) type LookUps = Rounds<Presented, Found>;

/// A token's digest, and when it was presented.
#[derive(Clone, Copy)]
pub(super) struct Presented {
    digest: TokenDigest,
    at: Timestamp,
}

/// What there is behind one token.
pub(super) type Found = Result<Option<Holder>, Failure>;

/// Whoever holds a token, before what tenants ask of them has become a deadline.
pub(super) struct Holder {
    signed_in: SignedIn,
    /// Since when a tenant asks them for a second factor, which they have not.
    asked_since: Option<Timestamp>,
}

impl Holder {
    /// With the deadline: so long after they were asked.
    pub(super) fn within(self, grace: Duration) -> SignedIn {
        let Self {
            mut signed_in,
            asked_since,
        } = self;
        signed_in.session.second_factor_due = asked_since.map(|since| since + grace);
        signed_in
    }
}

/// One statement without a transaction around it, for all who ask at about the same time.
pub(super) async fn resolve(database: &Database, look_ups: &LookUps, digest: &TokenDigest, now: Timestamp) -> Found {
    let presented = Presented {
        digest: *digest,
        at: now,
    };
    let found = look_ups.ask(presented, |round| answers(database, round)).await;
    match found {
        // Some value is one that JSON cannot hold, or is spelled in a way only the driver knows. Read apart, it is
        // understood, or found and named.
        Err(failure) if database.dialect().session_lookup_packed.is_some() && !failure.is_unavailable() => {
            let mut alone = apart(database, &[presented]).await?;
            alone.pop().unwrap_or(Ok(None))
        }
        found => found,
    }
}

/// The answer to each of a round. What fails for all, fails for each.
async fn answers(database: &Database, round: Vec<Presented>) -> Vec<Found> {
    let found = match database.dialect().session_lookup_packed {
        Some(sql) => in_one_piece(database, sql, &round).await,
        None => apart(database, &round).await,
    };
    found.unwrap_or_else(|failure| round.iter().map(|_| Err(failure.for_another())).collect())
}

async fn in_one_piece(database: &Database, sql: &'static str, round: &[Presented]) -> Result<Vec<Found>, Failure> {
    let Some(row) = database.row(sql, &listed(round), moment(round)).await? else {
        return read_all(round, Vec::new());
    };
    let packed: String = Columns::of(&row).take("rookery_sessions")?;
    read_all(round, Columns::packed(&packed, "rookery_sessions")?)
}

async fn apart(database: &Database, round: &[Presented]) -> Result<Vec<Found>, Failure> {
    let sql = database.dialect().session_lookup;
    let rows = database.rows(sql, &listed(round), moment(round)).await?;
    read_all(round, rows.iter().map(Columns::of))
}

/// They are all judged at the moment the last of them came, which for the others has come as well.
fn moment(round: &[Presented]) -> Timestamp {
    round.iter().map(|presented| presented.at).max().unwrap_or_default()
}

/// The digests as the statement takes them: hexadecimal digits, with commas between them.
fn listed(round: &[Presented]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut listed = String::with_capacity(round.len() * 65);
    for presented in round {
        if !listed.is_empty() {
            listed.push(',');
        }
        for byte in presented.digest.as_bytes() {
            listed.push(char::from(DIGITS[usize::from(byte >> 4)]));
            listed.push(char::from(DIGITS[usize::from(byte & 0x0f)]));
        }
    }
    listed
}

/// Puts each row where its token stands in the round.
fn read_all<'row>(round: &[Presented], rows: impl IntoIterator<Item = Columns<'row>>) -> Result<Vec<Found>, Failure> {
    let mut found: Vec<Found> = round.iter().map(|_| Ok(None)).collect();
    for mut columns in rows {
        let place: usize = columns.count("place")?;
        if let Some(found) = found.get_mut(place) {
            *found = read(&mut columns, moment(round));
        }
    }
    Ok(found)
}

/// Reads the columns in the order of the look-up, after the first. A session that has lived as long as its tenant lets it is
/// not there.
fn read(columns: &mut Columns<'_>, now: Timestamp) -> Found {
    let id = SessionId::from_uuid(columns.take("rookery_sessions.id")?);
    let user = UserId::from_uuid(columns.take("rookery_sessions.user_id")?);
    let tenant = columns.take::<Option<_>>("tenants.id")?.map(TenantId::from_uuid);
    let remembered = columns.take("rookery_sessions.remember")?;
    let methods = columns.parse("rookery_sessions.methods", methods::parse)?;
    let created = columns.time("rookery_sessions.created_at")?;
    let authenticated = columns.time("rookery_sessions.authenticated_at")?;
    let last_seen = columns.time("rookery_sessions.last_seen_at")?;
    let idle = Duration::seconds(i64::from(columns.count::<u32>("rookery_sessions.idle_seconds")?));
    let expires = columns.time("rookery_sessions.expires_at")?;
    let tenant_hours: Option<u32> = columns.bound("tenant_policies.session_timeout_hours")?;
    let asked_since = columns.optional_time("rookery_tenant_policies.two_factor_since")?;
    let tenant_name: Option<String> = columns.take("tenants.name")?;
    let roles = take_roles(columns)?;
    let person: Person = take_person(columns)?;
    let expires = tenant_hours.map_or(expires, |hours| end_within(expires, authenticated, hours));
    if expires <= now {
        return Ok(None);
    }
    let signed_in = SignedIn {
        session: Session {
            id,
            user,
            tenant: tenant.zip(tenant_name).map(|(id, name)| TenantSummary {
                id,
                name,
                roles: roles.clone(),
            }),
            remembered,
            methods,
            created,
            authenticated,
            last_seen,
            idle,
            expires,
            second_factor_due: None,
        },
        profile: person.inside(user, tenant, roles),
    };
    Ok(Some(Holder { signed_in, asked_since }))
}
