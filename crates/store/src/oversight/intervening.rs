//! What staff do to an account.

use rookery_core::ports::{AccountIntervention, InterventionOutcome, InterventionStep, NewToken};
use rookery_domain::{TokenPurpose, UserId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::LockType;

use crate::error::Failure;
use crate::transaction::Ending;
use crate::{accounts, audit_log, credentials, outbox, people, sessions, staff, tokens};

/// The person is locked first, then what whoever acts is: a role that is being taken away is waited for, on either side.
pub(super) async fn intervene(
    conn: &impl ConnectionTrait,
    intervention: &AccountIntervention,
) -> Result<Ending<InterventionOutcome>, Failure> {
    let whom = intervention.whom;
    if !people::lock(conn, whom).await? {
        return Ok(Ending::RollBack(InterventionOutcome::NoSuchPerson));
    }
    let is_as_decided = staff::is_as_decided(conn, intervention.by).await?
        && staff::role_of(conn, whom, Some(LockType::Share)).await? == intervention.target_role;
    if !is_as_decided {
        return Ok(Ending::RollBack(InterventionOutcome::Outdated));
    }
    let done = step(conn, intervention).await?;
    audit_log::append(conn, &intervention.record).await?;
    if matches!(done, InterventionOutcome::Done { changed: true, .. }) {
        audit_log::append(conn, &intervention.told).await?;
        if let Some(mail) = &intervention.mail {
            outbox::queue(conn, mail, &mail.to).await?;
        }
    }
    Ok(Ending::Commit(done))
}

async fn step(conn: &impl ConnectionTrait, intervention: &AccountIntervention) -> Result<InterventionOutcome, Failure> {
    let (whom, at) = (intervention.whom, intervention.at);
    match &intervention.step {
        InterventionStep::Suspend => {
            let sessions = sessions::count_live(conn, whom, at).await?;
            let changed = !credentials::is_disabled(conn, whom).await?;
            accounts::shut(conn, whom, at).await?;
            Ok(InterventionOutcome::Done { sessions, changed })
        }
        InterventionStep::Restore => {
            let changed = credentials::is_disabled(conn, whom).await?;
            credentials::enable(conn, whom).await?;
            Ok(InterventionOutcome::Done { sessions: 0, changed })
        }
        InterventionStep::EndSessions => {
            let sessions = sessions::count_live(conn, whom, at).await?;
            sessions::end_all(conn, whom).await?;
            Ok(InterventionOutcome::Done {
                sessions,
                changed: sessions > 0,
            })
        }
        InterventionStep::Mail(token) => {
            issue(conn, whom, token).await?;
            Ok(InterventionOutcome::Done {
                sessions: 0,
                changed: true,
            })
        }
    }
}

async fn issue(conn: &impl ConnectionTrait, whom: UserId, token: &NewToken) -> Result<(), Failure> {
    if token.purpose == TokenPurpose::PasswordReset {
        tokens::void(conn, whom, Some(token.purpose), token.created).await?;
    }
    tokens::insert(conn, token, token.owner.as_ref()).await
}
