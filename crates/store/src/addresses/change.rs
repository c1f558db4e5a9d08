//! Asking for another address, and getting it.

use rookery_core::ports::{EmailChange, EmailChangeOutcome, EmailChangeRequest, EmailChangeRequestOutcome};
use rookery_domain::TokenPurpose;
use sea_orm::ConnectionTrait;

use crate::error::{Failure, Unique};
use crate::transaction::Ending;
use crate::{audit_log, credentials, outbox, people, sessions, tokens, undos};

pub(super) async fn request(
    conn: &impl ConnectionTrait,
    request: &EmailChangeRequest,
) -> Result<Ending<EmailChangeRequestOutcome>, Failure> {
    let (user, at) = (request.user, request.at);
    if !people::lock(conn, user).await? || !sessions::is_open(conn, request.session, user, at).await? {
        return Ok(Ending::RollBack(EmailChangeRequestOutcome::SessionEnded));
    }
    if !credentials::wish(conn, request).await? {
        return Ok(Ending::RollBack(EmailChangeRequestOutcome::Superseded));
    }
    tokens::void(conn, user, Some(TokenPurpose::EmailChange), at).await?;
    tokens::insert(conn, &request.token, request.token.owner.as_ref()).await?;
    outbox::queue(conn, &request.confirmation, &request.confirmation.to).await?;
    outbox::queue(conn, &request.notice, &request.notice.to).await?;
    audit_log::append(conn, &request.event).await?;
    Ok(Ending::Commit(EmailChangeRequestOutcome::Pending))
}

/// The person is locked before the token is looked at, as everywhere; if the token turns out to be spent, or the address
/// to be somebody else's, all of it is rolled back.
pub(super) async fn confirm(
    conn: &impl ConnectionTrait,
    change: &EmailChange,
) -> Result<Ending<EmailChangeOutcome>, Failure> {
    const SPENT: Result<Ending<EmailChangeOutcome>, Failure> = Ok(Ending::RollBack(EmailChangeOutcome::Spent));
    let (user, at) = (change.user, change.at);
    if !people::lock(conn, user).await? {
        return SPENT;
    }
    undos::remember(conn, &change.undo).await?;
    let Some(asked_in) = credentials::grant(conn, user, &change.to, at).await? else {
        return SPENT;
    };
    if !tokens::consume(conn, TokenPurpose::EmailChange, &change.digest, user, at).await? {
        return SPENT;
    }
    match people::move_to(conn, user, &change.to, Some(at), at).await {
        Err(failure) if failure.violates() == Some(Unique::Email) => {
            return Ok(Ending::RollBack(EmailChangeOutcome::EmailTaken));
        }
        moved => moved?,
    }
    if undos::is_reserved(conn, change.to.key(), user, at).await? {
        return Ok(Ending::RollBack(EmailChangeOutcome::EmailTaken));
    }
    sessions::end_all_but(conn, user, asked_in).await?;
    tokens::void(conn, user, None, at).await?;
    outbox::queue(conn, &change.notice, &change.notice.to).await?;
    outbox::queue(conn, &change.welcome, &change.welcome.to).await?;
    audit_log::append(conn, &change.event).await?;
    Ok(Ending::Commit(EmailChangeOutcome::Changed))
}
