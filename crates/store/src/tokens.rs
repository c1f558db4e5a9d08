//! One-time tokens in `rookery_tokens`.

mod code;
mod look_up;
mod redeem;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{
    Addressee, CodeAttempt, EmailProof, LockLift, NewToken, PasswordReset, Redemption, TokenIssue, TokenRecord,
    TokenStore,
};
use rookery_domain::{EmailAddress, Timestamp, TokenDigest, TokenPurpose, UserId};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use crate::entity::token;
use crate::error::Failure;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, outbox, people};

pub(crate) use redeem::consume;

/// Stands for nobody in the conditions of statements that are only there to cost what they cost for somebody.
const NOBODY: UserId = UserId::from_uuid(Uuid::nil());

/// [`TokenStore`] on a [`Database`]. All of it works in the service's scope: whoever shows a token is not known yet.
#[derive(Clone, Debug)]
pub struct SqlTokenStore(Database);

impl SqlTokenStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl TokenStore for SqlTokenStore {
    async fn issue(&self, issue: &TokenIssue) -> Result<(), PortError> {
        self.0
            .atomically("tokens.issue", Scope::Service, |conn| async move {
                let conn = &*conn;
                issue_within(conn, issue).await.map(Ending::Commit)
            })
            .await
    }

    async fn find(&self, digest: &TokenDigest) -> Result<Option<TokenRecord>, PortError> {
        self.0
            .reading("tokens.find", Scope::Service, |conn| async move {
                let conn = &*conn;
                look_up::read(conn, digest).await
            })
            .await
    }

    async fn try_code(&self, attempt: &CodeAttempt) -> Result<Option<TokenDigest>, PortError> {
        self.0
            .atomically("tokens.try_code", Scope::Service, |conn| async move {
                let conn = &*conn;
                code::attempt(conn, attempt).await
            })
            .await
    }

    async fn prove_email(&self, proof: &EmailProof) -> Result<Redemption, PortError> {
        self.0
            .atomically("tokens.prove_email", Scope::Service, |conn| async move {
                let conn = &*conn;
                redeem::prove_email(conn, proof).await
            })
            .await
    }

    async fn reset_password(&self, reset: &PasswordReset) -> Result<Redemption, PortError> {
        self.0
            .atomically("tokens.reset_password", Scope::Service, |conn| async move {
                let conn = &*conn;
                redeem::reset_password(conn, reset).await
            })
            .await
    }

    async fn lift_lock(&self, lift: &LockLift) -> Result<Redemption, PortError> {
        self.0
            .atomically("tokens.lift_lock", Scope::Service, |conn| async move {
                let conn = &*conn;
                redeem::lift_lock(conn, lift).await
            })
            .await
    }
}

/// The same statements for somebody and for nobody; somebody who has been deleted meanwhile is nobody. The person is
/// locked, so that of two tokens issued at once the later one voids the earlier.
async fn issue_within(conn: &impl ConnectionTrait, issue: &TokenIssue) -> Result<(), Failure> {
    let (token, mail) = (&issue.token, &issue.mail);
    let user = token.owner.as_ref().map_or(NOBODY, |(user, _)| *user);
    let is_somebody = people::lock(conn, user).await?;
    if token.purpose == TokenPurpose::PasswordReset {
        void(conn, user, Some(token.purpose), token.created).await?;
    }
    if is_somebody {
        insert(conn, token, token.owner.as_ref()).await?;
        outbox::queue(conn, mail, &mail.to).await?;
    } else {
        insert(conn, token, None).await?;
        outbox::queue(conn, mail, &Addressee::Nobody).await?;
    }
    audit_log::append(conn, &issue.event).await
}

/// Stores a token; for nobody as one that is void from the start.
pub(crate) async fn insert(
    conn: &impl ConnectionTrait,
    token: &NewToken,
    owner: Option<&(UserId, EmailAddress)>,
) -> Result<(), Failure> {
    let row = token::ActiveModel {
        id: Set(token.id.as_uuid()),
        user_id: Set(owner.map(|(user, _)| user.as_uuid())),
        purpose: Set(token.purpose.as_str().to_owned()),
        token_hash: Set(token.digest.as_bytes().to_vec()),
        email: Set(owner.map(|(_, email)| email.as_str().to_owned())),
        created_at: Set(token.created),
        expires_at: Set(token.expires),
        consumed_at: Set(None),
        voided_at: Set(owner.is_none().then_some(token.created)),
        code_digest: Set(token.code.map(|digest| digest.to_vec())),
        code_attempts: Set(0),
    };
    token::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Voids the person's live tokens, of one purpose or of all.
pub(crate) async fn void(
    conn: &impl ConnectionTrait,
    user: UserId,
    purpose: Option<TokenPurpose>,
    at: Timestamp,
) -> Result<(), Failure> {
    let voided = token::ActiveModel {
        voided_at: Set(Some(at)),
        ..token::ActiveModel::default()
    };
    let mut update = token::Entity::update_many()
        .set(voided)
        .filter(token::COLUMN.user_id.eq(user.as_uuid()))
        .filter(token::COLUMN.consumed_at.is_null())
        .filter(token::COLUMN.voided_at.is_null());
    if let Some(purpose) = purpose {
        update = update.filter(token::COLUMN.purpose.eq(purpose.as_str()));
    }
    update.exec(conn).await?;
    Ok(())
}
