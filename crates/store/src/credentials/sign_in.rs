//! Opening a session on a password that still counts.

use rookery_core::ports::{SignIn, SignInOutcome};
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::credential;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, deletions, devices, outbox, people, sessions, undos};

pub(super) async fn open(conn: &impl ConnectionTrait, sign_in: &SignIn) -> Result<Ending<SignInOutcome>, Failure> {
    if let Some(undo) = &sign_in.undo {
        undos::remember(conn, undo).await?;
    }
    if let Some(keeping) = &sign_in.keeping {
        people::lock(conn, keeping.user).await?;
    }
    if !still_counts(conn, sign_in).await? {
        return Ok(Ending::RollBack(SignInOutcome::Superseded));
    }
    if let Some(replaced) = &sign_in.replaces {
        sessions::end_by_digest(conn, replaced).await?;
    }
    sessions::make_room(conn, sign_in.session.user, sign_in.at).await?;
    sessions::insert(conn, &sign_in.session, sign_in.at).await?;
    let user_agent = sign_in.session.caller.user_agent.as_deref();
    devices::remember(conn, sign_in.session.user, &sign_in.device, user_agent, sign_in.at).await?;
    if let Some(mail) = &sign_in.mail {
        outbox::queue(conn, mail, &mail.to).await?;
    }
    if let Some(keeping) = &sign_in.keeping {
        deletions::keep(conn, keeping).await?;
    }
    audit_log::append(conn, &sign_in.event).await?;
    Ok(Ending::Commit(SignInOutcome::Opened))
}

/// The condition of everything that follows. It locks the credential, so whoever changes or disables it has either been
/// there before, and is seen here, or waits until the session is stored, and ends it.
async fn still_counts(conn: &impl ConnectionTrait, sign_in: &SignIn) -> Result<bool, Failure> {
    let user = sign_in.session.user;
    let mut renewed = credential::ActiveModel {
        last_used_at: Set(Some(sign_in.at)),
        ..credential::ActiveModel::default()
    };
    if let Some(hash) = &sign_in.rehash {
        renewed.password_hash = Set(hash.as_phc().to_owned());
    }
    let updated = credential::Entity::update_many()
        .set(renewed)
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .filter(credential::COLUMN.version.eq(sign_in.credential_version))
        .filter(credential::COLUMN.disabled_at.is_null())
        .filter(Expr::exists(people::living(user)))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}
