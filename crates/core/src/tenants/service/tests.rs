use futures_executor::block_on;
use rookery_domain::AuditAction;

use super::*;
use crate::fixture::{Workshop, caller, credential, signed_in, tenant, user};
use crate::mocks::{ManualClock, MemoryThrottleStore};
use crate::ports::{MockCredentialStore, MockSessionStore, MockTenantStore};
use crate::{LimitProfile, ReauthenticationRequired};

struct Stores {
    tenants: MockTenantStore,
    credentials: MockCredentialStore,
    sessions: MockSessionStore,
}

fn stores() -> Stores {
    Stores {
        tenants: MockTenantStore::new(),
        credentials: MockCredentialStore::new(),
        sessions: MockSessionStore::new(),
    }
}

fn service(workshop: &Workshop, stores: Stores) -> TenantService {
    TenantService {
        tenants: Arc::new(stores.tenants),
        credentials: Arc::new(stores.credentials),
        sessions: Arc::new(stores.sessions),
        throttle: workshop.throttle.clone(),
        mint: workshop.mint.clone(),
    }
}

fn name() -> TenantName {
    TenantName::parse("Engines").unwrap()
}

fn membership(workshop: &Workshop, roles: &[Role]) -> Membership {
    Membership {
        tenant: TenantSummary {
            id: tenant(),
            name: "Old".to_owned(),
            roles: roles.to_vec(),
        },
        created: workshop.now(),
        joined: workshop.now(),
        timeout_hours: None,
    }
}

/// What the person is in the tenant, whenever it is asked.
fn standing_as(workshop: &Workshop, roles: &[Role]) -> Stores {
    let mut stores = stores();
    let membership = membership(workshop, roles);
    stores
        .tenants
        .expect_membership()
        .withf(|asked, whose| *asked == tenant() && *whose == user())
        .returning(move |_, _| Ok(Some(membership.clone())));
    stores
}

#[test]
fn a_founded_tenant_is_committed_with_its_owner_and_its_event() {
    let workshop = Workshop::open();
    let mut stores = stores();
    let now = workshop.now();
    stores
        .tenants
        .expect_found()
        .times(1)
        .withf(move |founding| {
            let event = &founding.event;
            founding.owner == user()
                && founding.only_as_first
                && founding.at == now
                && event.action == AuditAction::TenantCreated
                && (event.user, event.tenant) == (Some(user()), Some(founding.tenant))
                && event.target == Some(format!("tenant:{}", founding.tenant))
        })
        .returning(|_| Ok(FoundingOutcome::Founded));
    let signed_in = signed_in(now);
    let made = block_on(service(&workshop, stores).found(&signed_in, name(), &caller())).unwrap();
    assert_eq!(
        (made.tenant.name.as_str(), &made.tenant.roles[..]),
        ("Engines", &[Role::Owner][..])
    );
}

#[test]
fn whoever_has_verified_their_address_may_have_several_and_who_has_not_hears_why() {
    let workshop = Workshop::open();
    let mut verified = signed_in(workshop.now());
    verified.profile.email_verified = Some(workshop.now());
    let mut several = stores();
    several
        .tenants
        .expect_found()
        .withf(|founding| !founding.only_as_first)
        .returning(|_| Ok(FoundingOutcome::Founded));
    assert!(block_on(service(&workshop, several).found(&verified, name(), &caller())).is_ok());
    let mut refused = stores();
    refused
        .tenants
        .expect_found()
        .returning(|_| Ok(FoundingOutcome::NotTheFirst));
    let unverified = signed_in(workshop.now());
    let error = block_on(service(&workshop, refused).found(&unverified, name(), &caller())).unwrap_err();
    assert!(matches!(error, FoundTenantError::EmailNotVerified));
}

#[test]
fn the_twenty_first_tenant_of_a_day_is_refused_before_anything_is_done() {
    let workshop = Workshop::open();
    let mut stores = stores();
    stores
        .tenants
        .expect_found()
        .times(20)
        .returning(|_| Ok(FoundingOutcome::Founded));
    let service = service(&workshop, stores);
    let signed_in = signed_in(workshop.now());
    for _ in 0..20 {
        assert!(block_on(service.found(&signed_in, name(), &caller())).is_ok());
    }
    let error = block_on(service.found(&signed_in, name(), &caller())).unwrap_err();
    assert!(matches!(error, FoundTenantError::Throttled(refusal) if refusal.limit == Limit::TenantsUser));
}

#[test]
fn owners_and_admins_rename_and_nobody_else_does() {
    let workshop = Workshop::open();
    for (role, may) in [
        (Role::Owner, true),
        (Role::Admin, true),
        (Role::Member, false),
        (Role::Viewer, false),
    ] {
        let mut stores = standing_as(&workshop, &[role]);
        stores
            .tenants
            .expect_rename()
            .times(usize::from(may))
            .withf(move |renaming| renaming.by.roles == [role] && renaming.event.action == AuditAction::TenantRenamed)
            .returning(|_| Ok(true));
        let signed_in = signed_in(workshop.now());
        let renamed = block_on(service(&workshop, stores).rename(&signed_in, &tenant(), name(), &caller()));
        match renamed {
            Ok(membership) => assert!(may && membership.tenant.name == "Engines"),
            Err(error) => assert!(!may && matches!(error, TenantError::Forbidden(_)), "{role}"),
        }
    }
}

#[test]
fn a_decision_that_is_outdated_is_made_anew_and_not_for_ever() {
    let workshop = Workshop::open();
    let mut stores = standing_as(&workshop, &[Role::Owner]);
    stores
        .tenants
        .expect_rename()
        .times(usize::try_from(ATTEMPTS).unwrap())
        .returning(|_| Ok(false));
    let signed_in = signed_in(workshop.now());
    let error = block_on(service(&workshop, stores).rename(&signed_in, &tenant(), name(), &caller())).unwrap_err();
    assert!(matches!(error, TenantError::Port(error) if error.is_unavailable()));
}

#[test]
fn a_tenant_one_does_not_belong_to_is_not_there() {
    let workshop = Workshop::open();
    let nobody = || {
        let mut stores = stores();
        stores.tenants.expect_membership().returning(|_, _| Ok(None));
        service(&workshop, stores)
    };
    let signed_in = signed_in(workshop.now());
    let renamed = block_on(nobody().rename(&signed_in, &tenant(), name(), &caller())).unwrap_err();
    assert!(matches!(renamed, TenantError::NotFound));
    let switched = block_on(nobody().switch(&signed_in, &tenant(), &caller())).unwrap_err();
    assert!(matches!(switched, SwitchTenantError::NotFound));
}

fn asking_for(hours: u32) -> TenantPolicy {
    TenantPolicy {
        session_timeout_hours: hours,
        ..TenantPolicy::default()
    }
}

/// What is committed when a session that began an hour ago goes on in the tenant, whose person has this credential.
fn switched(workshop: &Workshop, credential: Credential) -> Result<TenantSwitch, SwitchTenantError> {
    let begun = workshop.now() - Duration::hours(1);
    let (tell, told) = std::sync::mpsc::channel();
    let mut stores = standing_as(workshop, &[Role::Viewer]);
    stores
        .credentials
        .expect_by_user()
        .returning(move |_| Ok(Some(credential.clone())));
    stores.sessions.expect_switch_tenant().returning(move |switch| {
        tell.send(switch.clone()).unwrap();
        Ok(SwitchOutcome::Switched)
    });
    block_on(service(workshop, stores).switch(&signed_in(begun), &tenant(), &caller()))?;
    Ok(told.try_recv().unwrap())
}

#[test]
fn a_session_lives_as_long_as_the_tenant_lets_it_since_the_last_proof_and_never_longer() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let (idle, left) = (Duration::minutes(30), Duration::hours(23));
    for (policy, expected) in [
        (None, now + left),
        (Some(asking_for(8)), now + Duration::hours(7)),
        (Some(asking_for(1_000)), now + left),
    ] {
        let credential = Credential {
            tenants: vec![(tenant(), policy)],
            ..credential()
        };
        let switch = switched(&workshop, credential).unwrap();
        assert_eq!((switch.expires, switch.idle), (expected, idle));
        assert_eq!(switch.tenant, tenant());
        assert_eq!(switch.event.action, AuditAction::TenantSwitched);
        assert_eq!(switch.event.tenant, Some(tenant()));
    }
    let credential = Credential {
        tenants: vec![(tenant(), Some(asking_for(1)))],
        ..credential()
    };
    let error = switched(&workshop, credential).unwrap_err();
    assert!(matches!(
        error,
        SwitchTenantError::ReauthenticationRequired(ReauthenticationRequired)
    ));
}

#[test]
fn a_membership_or_a_session_that_ends_meanwhile_leads_nowhere() {
    let workshop = Workshop::open();
    for (outcome, expected) in [
        (SwitchOutcome::NotAMember, "no such tenant for this person"),
        (SwitchOutcome::NotSignedIn, "not signed in"),
    ] {
        let mut stores = standing_as(&workshop, &[Role::Viewer]);
        stores
            .credentials
            .expect_by_user()
            .returning(|_| Ok(Some(credential())));
        stores.sessions.expect_switch_tenant().returning(move |_| Ok(outcome));
        let signed_in = signed_in(workshop.now());
        let error = block_on(service(&workshop, stores).switch(&signed_in, &tenant(), &caller())).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn without_limits_tenants_are_not_counted() {
    let workshop = Workshop::open();
    let mut stores = stores();
    stores
        .tenants
        .expect_found()
        .times(30)
        .returning(|_| Ok(FoundingOutcome::Founded));
    let mut service = service(&workshop, stores);
    service.throttle = MemoryThrottleStore::throttle(Arc::<ManualClock>::clone(&workshop.clock), LimitProfile::Off);
    for _ in 0..30 {
        assert!(block_on(service.found(&signed_in(workshop.now()), name(), &caller())).is_ok());
    }
}
