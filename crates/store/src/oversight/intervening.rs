//! What staff do to an account.

use rookery_core::ports::{AccountIntervention, ErasureOutcome, InterventionOutcome, InterventionStep, NewToken};
use rookery_domain::{TokenPurpose, UserId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::LockType;

use crate::dialect::Dialect;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{accounts, audit_log, credentials, deletions, outbox, people, sessions, staff, tokens};

/// The person is locked first, then what whoever acts is: a role that is being taken away is waited for, on either side.
pub(super) async fn intervene(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
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
    let done = step(conn, dialect, intervention).await?;
    let changed = match &done {
        InterventionOutcome::Done { changed, .. } => *changed,
        InterventionOutcome::Erased(_) => true,
        InterventionOutcome::Held
        | InterventionOutcome::NotHeld
        | InterventionOutcome::NeedsOwners(_)
        | InterventionOutcome::NoSuchPerson
        | InterventionOutcome::Outdated => return Ok(Ending::RollBack(done)),
    };
    // After the deed: an erasure clears what the log of the staff says of the person, but not that they were erased.
    audit_log::append(conn, &intervention.record).await?;
    if changed {
        if let Some(told) = &intervention.told {
            audit_log::append(conn, told).await?;
        }
        if let Some(mail) = &intervention.mail {
            outbox::queue(conn, mail, &mail.to).await?;
        }
    }
    Ok(Ending::Commit(done))
}

const fn done(sessions: u64, changed: bool) -> InterventionOutcome {
    InterventionOutcome::Done { sessions, changed }
}

async fn step(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    intervention: &AccountIntervention,
) -> Result<InterventionOutcome, Failure> {
    let (whom, at) = (intervention.whom, intervention.at);
    match &intervention.step {
        InterventionStep::Suspend => {
            let sessions = sessions::count_live(conn, whom, at).await?;
            let changed = !credentials::is_disabled(conn, whom).await?;
            accounts::shut(conn, whom, at).await?;
            Ok(done(sessions, changed))
        }
        InterventionStep::Restore => {
            let changed = credentials::is_disabled(conn, whom).await?;
            credentials::enable(conn, whom).await?;
            Ok(done(0, changed))
        }
        InterventionStep::EndSessions => {
            let sessions = sessions::count_live(conn, whom, at).await?;
            sessions::end_all(conn, whom).await?;
            Ok(done(sessions, sessions > 0))
        }
        InterventionStep::Mail(token) => {
            issue(conn, whom, token).await?;
            Ok(done(0, true))
        }
        InterventionStep::Hold(reason) => {
            deletions::hold(conn, whom, reason, at).await?;
            Ok(done(0, true))
        }
        InterventionStep::Release if deletions::release(conn, whom).await? => Ok(done(0, true)),
        InterventionStep::Release => Ok(InterventionOutcome::NotHeld),
        InterventionStep::Erase(erasure) => {
            let (Ending::Commit(outcome) | Ending::RollBack(outcome)) =
                deletions::erase(conn, dialect, erasure).await?;
            Ok(match outcome {
                ErasureOutcome::Erased(receipt) => InterventionOutcome::Erased(receipt),
                ErasureOutcome::NotDue => InterventionOutcome::NoSuchPerson,
                ErasureOutcome::Held => InterventionOutcome::Held,
                ErasureOutcome::NeedsOwners(stakes) => InterventionOutcome::NeedsOwners(stakes),
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
