//! Second factors in `rookery_factors`, `rookery_recovery_codes` and `rookery_challenges`.
//!
//! What is taken away stays for a while, marked, so that it can come back when its owner undoes the change.

mod challenges;
mod changes;
mod codes;
mod held;
mod trust;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{
    CodesRenewal, CountedAttempt, FactorChangeOutcome, FactorConfirmation, FactorRemoval, FactorSpending, FactorUse,
    HeldFactors, NewChallenge, NewFactor, SecondFactorOutcome, SecondFactorSignIn, SecondFactorStore, TrustWithdrawal,
    TrustedDevice,
};
use rookery_domain::{Timestamp, TokenDigest, UserId};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::{challenge, credential, factor, recovery_code};
use crate::error::Failure;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log};

/// The one kind of factor there is so far.
const TOTP: &str = "totp";

/// What somebody can show.
pub(crate) async fn held(conn: &impl ConnectionTrait, user: UserId) -> Result<HeldFactors, Failure> {
    held::held(conn, user).await
}

/// [`SecondFactorStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlSecondFactorStore(Database);

impl SqlSecondFactorStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl SecondFactorStore for SqlSecondFactorStore {
    async fn held(&self, user: &UserId) -> Result<HeldFactors, PortError> {
        self.0
            .reading("factors.held", Scope::User(*user), |conn| async move {
                let conn = &*conn;
                held::held(conn, *user).await
            })
            .await
    }

    async fn trusted_devices(&self, user: &UserId, now: &Timestamp) -> Result<Vec<TrustedDevice>, PortError> {
        self.0
            .reading("factors.trusted_devices", Scope::User(*user), |conn| async move {
                let conn = &*conn;
                trust::list(conn, *user, *now).await
            })
            .await
    }

    async fn enrol(&self, factor: &NewFactor) -> Result<bool, PortError> {
        self.0
            .atomically("factors.enrol", Scope::User(factor.user), |conn| async move {
                let conn = &*conn;
                changes::enrol(conn, factor).await
            })
            .await
    }

    async fn confirm(&self, confirmation: &FactorConfirmation) -> Result<FactorChangeOutcome, PortError> {
        self.0
            .atomically(
                "factors.confirm",
                Scope::User(confirmation.renewal.user),
                |conn| async move {
                    let conn = &*conn;
                    changes::confirm(conn, confirmation).await
                },
            )
            .await
    }

    async fn remove(&self, removal: &FactorRemoval) -> Result<FactorChangeOutcome, PortError> {
        self.0
            .atomically("factors.remove", Scope::User(removal.renewal.user), |conn| async move {
                let conn = &*conn;
                changes::remove(conn, removal).await
            })
            .await
    }

    async fn renew_codes(&self, renewal: &CodesRenewal) -> Result<bool, PortError> {
        self.0
            .atomically("factors.renew_codes", Scope::User(renewal.user), |conn| async move {
                let conn = &*conn;
                changes::renew_codes(conn, renewal).await
            })
            .await
    }

    async fn withdraw_trust(&self, withdrawal: &TrustWithdrawal) -> Result<u64, PortError> {
        self.0
            .atomically(
                "factors.withdraw_trust",
                Scope::User(withdrawal.user),
                |conn| async move {
                    let conn = &*conn;
                    trust::withdraw(conn, withdrawal).await
                },
            )
            .await
    }

    async fn challenge(&self, challenge: &NewChallenge) -> Result<(), PortError> {
        self.0
            .atomically("factors.challenge", Scope::User(challenge.user), |conn| async move {
                let conn = &*conn;
                challenges::open(conn, challenge).await
            })
            .await
    }

    /// In the service's scope, for whoever shows a token is not known yet.
    async fn count_attempt(&self, digest: &TokenDigest, now: &Timestamp) -> Result<Option<CountedAttempt>, PortError> {
        self.0
            .atomically("factors.count_attempt", Scope::Service, |conn| async move {
                let conn = &*conn;
                challenges::count_attempt(conn, digest, *now).await
            })
            .await
    }

    /// In the service's scope, for the session it replaces may be somebody else's.
    async fn sign_in(&self, sign_in: &SecondFactorSignIn) -> Result<SecondFactorOutcome, PortError> {
        self.0
            .atomically("factors.sign_in", Scope::Service, |conn| async move {
                let conn = &*conn;
                challenges::complete(conn, sign_in).await
            })
            .await
    }

    async fn use_up(&self, spending: &FactorSpending) -> Result<bool, PortError> {
        self.0
            .atomically("factors.use_up", Scope::User(spending.user), |conn| async move {
                let conn = &*conn;
                if !spend(conn, spending.user, &spending.used, spending.at).await? {
                    return Ok(Ending::RollBack(false));
                }
                if let Some(event) = &spending.event {
                    audit_log::append(conn, event).await?;
                }
                Ok(Ending::Commit(true))
            })
            .await
    }
}

/// Uses a code up, in the transaction of what it is shown for. `false` when it does not count, or not any more.
pub(crate) async fn spend(
    conn: &impl ConnectionTrait,
    user: UserId,
    shown: &FactorUse,
    at: Timestamp,
) -> Result<bool, Failure> {
    match shown {
        FactorUse::Totp { factor, step } => {
            let spent = factor::ActiveModel {
                last_step: Set(Some(step.number())),
                last_used_at: Set(Some(at)),
                ..factor::ActiveModel::default()
            };
            let updated = factor::Entity::update_many()
                .set(spent)
                .filter(factor::COLUMN.id.eq(factor.as_uuid()))
                .filter(factor::COLUMN.user_id.eq(user.as_uuid()))
                .filter(factor::COLUMN.confirmed_at.is_not_null())
                .filter(factor::COLUMN.removed_at.is_null())
                .filter(factor::COLUMN.last_step.lt(step.number()))
                .exec(conn)
                .await?;
            Ok(updated.rows_affected == 1)
        }
        FactorUse::RecoveryCode { digests } => codes::spend(conn, user, digests, at).await,
    }
}

/// Takes every factor, code and waiting sign-in away for good: for an account that turns out to belong to somebody else
/// than who set them up.
pub(crate) async fn erase_all(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    let without = credential::ActiveModel {
        second_factor_at: Set(None),
        ..credential::ActiveModel::default()
    };
    credential::Entity::update_many()
        .set(without)
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    factor::Entity::delete_many()
        .filter(factor::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    end_challenges(conn, user).await
}

/// Ends every sign-in of the person that waits for a second factor.
pub(crate) async fn end_challenges(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    challenge::Entity::delete_many()
        .filter(challenge::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}
