//! Invitations into tenants, in `rookery_invitations`.

mod answer;
mod change;
mod enrol;
mod list;
mod look_up;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{
    Invitation, InvitationAcceptance, InvitationDeclining, InvitationEnrolment, InvitationFilter, InvitationOutcome,
    InvitationRecord, InvitationResending, InvitationRevocation, InvitationStore, InvitingOutcome, JoinOutcome,
    NewInvitation, Prospect,
};
use rookery_domain::{EmailAddress, InvitationId, Role, TenantId, Timestamp, TokenDigest, UserId};

use crate::Database;
use crate::transaction::{Ending, Scope};

pub(crate) use list::{FIND_POSTGRES, FIND_SQLITE, LIST_POSTGRES, LIST_SQLITE};
pub(crate) use look_up::{BY_TOKEN_POSTGRES, BY_TOKEN_SQLITE};

/// [`InvitationStore`] on a [`Database`]. What is written, and what is shown to whoever holds a token, is so in the service's
/// scope: invitations are a tenant's, and who answers one is no member yet.
#[derive(Clone, Debug)]
pub struct SqlInvitationStore(Database);

impl SqlInvitationStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl InvitationStore for SqlInvitationStore {
    async fn prospect(&self, tenant: &TenantId, email: &EmailAddress) -> Result<Prospect, PortError> {
        let tenant = *tenant;
        self.0
            .reading("invitations.prospect", Scope::Service, |conn| async move {
                let conn = &*conn;
                look_up::prospect(conn, tenant, email).await
            })
            .await
    }

    async fn invite(&self, invitation: &NewInvitation) -> Result<InvitingOutcome, PortError> {
        self.0
            .atomically("invitations.invite", Scope::Service, |conn| async move {
                let conn = &*conn;
                change::invite(conn, self.0.dialect(), invitation).await
            })
            .await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        reader: &UserId,
        filter: &InvitationFilter,
        now: &Timestamp,
    ) -> Result<Vec<Invitation>, PortError> {
        let (tenant, user, now) = (*tenant, *reader, *now);
        self.0
            .reading("invitations.list", Scope::Member { user, tenant }, |conn| async move {
                let conn = &*conn;
                list::list(conn, self.0.dialect(), (tenant, user), filter, now).await
            })
            .await
    }

    async fn find(
        &self,
        tenant: &TenantId,
        reader: &UserId,
        invitation: &InvitationId,
    ) -> Result<Option<Invitation>, PortError> {
        let (tenant, user, wanted) = (*tenant, *reader, *invitation);
        self.0
            .reading("invitations.find", Scope::Member { user, tenant }, |conn| async move {
                let conn = &*conn;
                list::find(conn, self.0.dialect(), (tenant, user), wanted).await
            })
            .await
    }

    async fn resend(&self, resending: &InvitationResending) -> Result<InvitationOutcome, PortError> {
        self.0
            .atomically("invitations.resend", Scope::Service, |conn| async move {
                let conn = &*conn;
                change::resend(conn, self.0.dialect(), resending).await
            })
            .await
    }

    async fn revoke(&self, revocation: &InvitationRevocation) -> Result<InvitationOutcome, PortError> {
        self.0
            .atomically("invitations.revoke", Scope::Service, |conn| async move {
                let conn = &*conn;
                change::revoke(conn, self.0.dialect(), revocation).await
            })
            .await
    }

    async fn by_token(&self, digest: &TokenDigest) -> Result<Option<InvitationRecord>, PortError> {
        self.0
            .reading("invitations.by_token", Scope::Service, |conn| async move {
                let conn = &*conn;
                look_up::by_token(conn, self.0.dialect(), digest).await
            })
            .await
    }

    async fn accept(&self, acceptance: &InvitationAcceptance) -> Result<JoinOutcome, PortError> {
        self.0
            .atomically("invitations.accept", Scope::Service, |conn| async move {
                let conn = &*conn;
                answer::accept(conn, self.0.dialect(), acceptance).await
            })
            .await
    }

    async fn enrol(&self, enrolment: &InvitationEnrolment) -> Result<JoinOutcome, PortError> {
        self.0
            .atomically("invitations.enrol", Scope::Service, |conn| async move {
                let conn = &*conn;
                enrol::enrol(conn, self.0.dialect(), enrolment).await
            })
            .await
    }

    async fn decline(&self, declining: &InvitationDeclining) -> Result<bool, PortError> {
        self.0
            .atomically("invitations.decline", Scope::Service, |conn| async move {
                let conn = &*conn;
                if !answer::decline(conn, declining).await? {
                    return Ok(Ending::RollBack(false));
                }
                Ok(Ending::Commit(true))
            })
            .await
    }
}

/// Roles as this table keeps them.
fn read_roles(json: &str) -> Result<Vec<Role>, Box<dyn std::error::Error + Send + Sync>> {
    let words: Vec<String> = serde_json::from_str(json)?;
    let roles: Result<Vec<Role>, _> = words.iter().map(|word| word.parse()).collect();
    Ok(roles?)
}
