//! Trying the code of a mail.

use rookery_core::ports::CodeAttempt;
use rookery_domain::TokenDigest;
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::Ending;

/// Counts a try at the newest mail of the purpose `$2` to the address `$1`, unless it has had all of its tries: one statement,
/// whether there is such a mail or not. Of older mails no code counts.
const COUNT: &str = "UPDATE rookery_tokens SET code_attempts = code_attempts + 1 \
     WHERE id = (SELECT k.id FROM rookery_tokens k JOIN rookery_addresses a ON a.user_id = k.user_id \
     WHERE a.address = $1 AND k.purpose = $2 AND k.voided_at IS NULL ORDER BY k.created_at DESC, k.id DESC LIMIT 1) \
     AND code_digest IS NOT NULL AND code_attempts < $3 RETURNING id, token_hash, code_digest";

const TAKE_BACK: &str = "UPDATE rookery_tokens SET code_attempts = code_attempts - 1 WHERE id = $1";

pub(super) async fn attempt(
    conn: &impl ConnectionTrait,
    attempt: &CodeAttempt,
) -> Result<Ending<Option<TokenDigest>>, Failure> {
    let values: [Value; 3] = [
        attempt.email.key().into(),
        attempt.purpose.as_str().into(),
        CodeAttempt::MAX_WRONG.into(),
    ];
    let count = Statement::from_sql_and_values(conn.get_database_backend(), COUNT, values);
    let Some(row) = conn.query_one_raw(count).await? else {
        return Ok(Ending::Commit(None));
    };
    let mut columns = Columns::of(&row);
    let id: Uuid = columns.take("rookery_tokens.id")?;
    let token: Vec<u8> = columns.take("rookery_tokens.token_hash")?;
    let kept: Vec<u8> = columns.take("rookery_tokens.code_digest")?;
    // How long this takes tells of a digest what nobody without the key can use.
    if !attempt.digests.iter().any(|digest| kept == digest) {
        return Ok(Ending::Commit(None));
    }
    let take_back = Statement::from_sql_and_values(conn.get_database_backend(), TAKE_BACK, [id.into()]);
    conn.execute_raw(take_back).await?;
    let token = token
        .try_into()
        .map_err(|_| Failure::nonsense("rookery_tokens.token_hash", "not the length of a digest"))?;
    Ok(Ending::Commit(Some(TokenDigest::from_bytes(token))))
}
