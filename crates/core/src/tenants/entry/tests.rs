use std::sync::Arc;

use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{InvitationId, PolicyUpdate, Role, Roles, SessionLifetime, TenantName, TenantPolicy};

use super::*;
use crate::fixture::{Workshop, bell_rung, caller, membership, signed_in, tenant, user};
use crate::invitations::InvitationDraft;
use crate::ports::{
    EventFilter, InvitationFilter, MemberFilter, MockCredentialStore, MockEventReader, MockInvitationStore,
    MockMemberStore, MockPolicyStore, MockSessionStore, MockTenantStore,
};
use crate::{
    Activity, ActivityService, ChangePolicyError, InvitationError, InvitationService, Invitations, MemberError,
    MemberService, Members, Policies, PolicyService, TenantActivityError, TenantService, Tenants,
};

/// Somebody's tenant, which lets sessions live for an hour.
fn for_an_hour() -> Arc<MockTenantStore> {
    let mut tenants = MockTenantStore::new();
    tenants
        .expect_membership()
        .returning(|_, _| Ok(Some(membership(&[Role::Owner], Some(1)))));
    Arc::new(tenants)
}

/// Whoever proved so many minutes ago who they are, in a session that is elsewhere.
fn proved(workshop: &Workshop, minutes: i64) -> SignedIn {
    let ago = workshop.now() - Duration::minutes(minutes);
    let mut signed_in = signed_in(ago);
    signed_in.profile.email_verified = Some(ago);
    signed_in.session.expires = ago + SessionLifetime::REMEMBERED.absolute;
    signed_in
}

async fn asked(workshop: &Workshop, tenants: &MockTenantStore, minutes: i64) -> Result<Membership, TenantError> {
    membership_of(tenants, &proved(workshop, minutes), &tenant(), workshop.now()).await
}

#[test]
fn a_session_elsewhere_is_let_in_until_the_tenant_s_hours_are_over() {
    let workshop = Workshop::open();
    let tenants = for_an_hour();
    for (minutes, open) in [(0, true), (59, true), (60, false), (24 * 60, false)] {
        match block_on(asked(&workshop, tenants.as_ref(), minutes)) {
            Ok(_) => assert!(open, "{minutes}"),
            Err(error) => assert!(
                !open && matches!(error, TenantError::ReauthenticationRequired(_)),
                "{minutes}"
            ),
        }
    }
}

#[test]
fn where_nothing_is_said_every_session_is_let_in_and_where_one_does_not_belong_none() {
    let workshop = Workshop::open();
    for (found, open) in [(Some(membership(&[Role::Viewer], None)), true), (None, false)] {
        let mut tenants = MockTenantStore::new();
        tenants.expect_membership().returning(move |_, _| Ok(found.clone()));
        match block_on(asked(&workshop, &tenants, 24 * 60)) {
            Ok(_) => assert!(open),
            Err(error) => assert!(!open && matches!(error, TenantError::NotFound)),
        }
    }
}

fn every_event() -> EventFilter {
    EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None,
        limit: 25,
    }
}

/// Everything that names a tenant by its path. The stores are mocks that allow nothing: nothing is looked up, and nothing done.
// Proves: ASVS 7.3.2
#[test]
fn no_way_into_a_tenant_goes_around_its_hours() {
    let workshop = Workshop::open();
    let (signed_in, caller) = (&proved(&workshop, 60), &caller());
    let (tenant, user) = (&tenant(), &user());
    let mint = || workshop.mint.clone();

    let tenants = TenantService {
        tenants: for_an_hour(),
        credentials: Arc::new(MockCredentialStore::new()),
        sessions: Arc::new(MockSessionStore::new()),
        throttle: workshop.throttle.clone(),
        mint: mint(),
    };
    let name = TenantName::parse("Engines").unwrap();
    let renamed = block_on(tenants.rename(signed_in, tenant, name, caller));
    assert!(matches!(renamed, Err(TenantError::ReauthenticationRequired(_))));

    let members = MemberService {
        tenants: for_an_hour(),
        members: Arc::new(MockMemberStore::new()),
        mint: mint(),
    };
    let filter = MemberFilter {
        search: None,
        behind: None,
        limit: 25,
    };
    let listed = block_on(members.list(signed_in, tenant, filter));
    assert!(matches!(listed, Err(TenantError::ReauthenticationRequired(_))));
    let viewer = Roles::of([Role::Viewer]).unwrap();
    for refused in [
        block_on(members.find(signed_in, tenant, user)).err(),
        block_on(members.assign(signed_in, tenant, user, viewer, caller)).err(),
        block_on(members.remove(signed_in, tenant, user, caller)).err(),
        block_on(members.transfer_ownership(signed_in, tenant, user, caller)).err(),
    ] {
        assert!(
            matches!(refused, Some(MemberError::ReauthenticationRequired(_))),
            "{refused:?}"
        );
    }

    let invitations = InvitationService {
        tenants: for_an_hour(),
        invitations: Arc::new(MockInvitationStore::new()),
        throttle: workshop.throttle.clone(),
        mint: mint(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(0),
    };
    let filter = InvitationFilter {
        state: None,
        behind: None,
        limit: 25,
    };
    let listed = block_on(invitations.list(signed_in, tenant, filter));
    assert!(matches!(listed, Err(TenantError::ReauthenticationRequired(_))));
    let id = &InvitationId::new(workshop.now(), &[5; 10]);
    let draft = InvitationDraft {
        email: signed_in.profile.email.clone(),
        roles: Roles::of([Role::Member]).unwrap(),
        note: None,
    };
    for refused in [
        block_on(invitations.invite(signed_in, tenant, vec![draft], caller)).err(),
        block_on(invitations.resend(signed_in, tenant, id, caller)).err(),
        block_on(invitations.revoke(signed_in, tenant, id, caller)).err(),
    ] {
        assert!(
            matches!(refused, Some(InvitationError::ReauthenticationRequired(_))),
            "{refused:?}"
        );
    }

    let policies = PolicyService {
        tenants: for_an_hour(),
        policies: Arc::new(MockPolicyStore::new()),
        weakest: TenantPolicy::default(),
        grace: Duration::days(7),
        mint: mint(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(0),
    };
    let read = block_on(policies.read(signed_in, tenant));
    assert!(matches!(read, Err(TenantError::ReauthenticationRequired(_))));
    let update = PolicyUpdate {
        two_factor_required: Some(true),
        ..PolicyUpdate::default()
    };
    let changed = block_on(policies.change(signed_in, tenant, update, None, caller));
    assert!(matches!(changed, Err(ChangePolicyError::ReauthenticationRequired(_))));

    let activity = ActivityService {
        tenants: for_an_hour(),
        events: Arc::new(MockEventReader::new()),
        mint: mint(),
    };
    let log = block_on(activity.of_tenant(signed_in, tenant, every_event()));
    assert!(matches!(log, Err(TenantActivityError::ReauthenticationRequired(_))));
}
