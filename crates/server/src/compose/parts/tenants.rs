//! What people do in their tenants.

use std::sync::Arc;

use rookery_core::{
    InvitationService, Invitations, Joining, JoiningService, MemberService, Members, Policies, PolicyService,
    TenantService, Tenants, installation_policy,
};
use rookery_store::{SqlInvitationStore, SqlMemberStore, SqlPolicyStore, SqlTenantStore};

use super::Parts;
use crate::configuration;

impl Parts {
    pub(crate) fn tenants(&self) -> Arc<dyn Tenants> {
        Arc::new(TenantService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            credentials: Arc::clone(&self.credentials),
            sessions: self.session_store(),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn members(&self) -> Arc<dyn Members> {
        Arc::new(MemberService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            members: Arc::new(SqlMemberStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn invitations(&self) -> Arc<dyn Invitations> {
        Arc::new(InvitationService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            invitations: Arc::new(SqlInvitationStore::new(self.database.clone())),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(crate) fn joining(&self, sessions: configuration::Sessions) -> Arc<dyn Joining> {
        Arc::new(JoiningService {
            invitations: Arc::new(SqlInvitationStore::new(self.database.clone())),
            hasher: Arc::clone(&self.hasher),
            policy: self.policy.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
            lifetime: sessions.lifetime,
        })
    }

    pub(crate) fn policies(&self, sessions: configuration::Sessions) -> Arc<dyn Policies> {
        let lifetimes = [sessions.lifetime, sessions.remembered];
        Arc::new(PolicyService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            policies: Arc::new(SqlPolicyStore::new(self.database.clone())),
            weakest: installation_policy(&self.policy.rules, &lifetimes, self.limits),
            grace: sessions.second_factor_grace,
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }
}
