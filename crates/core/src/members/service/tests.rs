use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{EmailAddress, Role, SearchText, Timestamp};

use super::*;
use crate::fixture::{Workshop, caller, membership, signed_in, tenant, user};
use crate::ports::{MemberPosition, MockMemberStore, MockTenantStore};
use crate::{Forbidden, ReauthenticationRequired};

fn other() -> UserId {
    UserId::new(Timestamp::from_timestamp(1_750_000_000, 0).unwrap(), &[9; 10])
}

fn member(whose: UserId, roles: &[Role]) -> Member {
    Member {
        user: whose,
        email: EmailAddress::parse("bob@example.com").unwrap(),
        name: None,
        given_name: None,
        family_name: None,
        roles: roles.to_vec(),
        joined: Timestamp::UNIX_EPOCH,
    }
}

fn standing_as(roles: &[Role]) -> MockTenantStore {
    let roles = roles.to_vec();
    let mut tenants = MockTenantStore::new();
    tenants.expect_membership().returning(move |asked, whose| {
        assert_eq!((*asked, *whose), (tenant(), user()));
        Ok(Some(membership(&roles, None)))
    });
    tenants
}

/// Somebody with these roles, and a member with those; so many changes are committed, each of which ends so.
fn service(
    workshop: &Workshop,
    own: &[Role],
    theirs: &[Role],
    commits: usize,
    outcome: RosterOutcome,
) -> MemberService {
    let theirs = theirs.to_vec();
    let mut members = MockMemberStore::new();
    members.expect_find().returning(move |_, reader, whose| {
        assert_eq!(*reader, user());
        Ok(Some(member(*whose, &theirs)))
    });
    members.expect_change().times(commits).returning(move |change| {
        let event = &change.event;
        assert_eq!((event.user, event.tenant), (Some(user()), Some(tenant())));
        assert!(event.target.as_deref().unwrap().starts_with("user:"));
        assert_eq!(change.standings[0].user, user());
        Ok(outcome)
    });
    MemberService {
        tenants: Arc::new(standing_as(own)),
        members: Arc::new(members),
        mint: workshop.mint.clone(),
    }
}

fn roles(roles: &[Role]) -> Roles {
    Roles::of(roles.iter().copied()).unwrap()
}

/// Who does what to whom, and whether they may.
const ASSIGNMENTS: [(Role, Role, Role, bool); 10] = [
    (Role::Owner, Role::Member, Role::Admin, true),
    (Role::Owner, Role::Member, Role::Owner, true),
    (Role::Owner, Role::Owner, Role::Viewer, true),
    (Role::Admin, Role::Member, Role::Admin, true),
    (Role::Admin, Role::Admin, Role::Viewer, true),
    (Role::Admin, Role::Member, Role::Owner, false),
    (Role::Admin, Role::Owner, Role::Member, false),
    (Role::Member, Role::Viewer, Role::Member, false),
    (Role::Viewer, Role::Member, Role::Viewer, false),
    (Role::Viewer, Role::Viewer, Role::Owner, false),
];

// Proves: A65
#[test]
fn roles_are_given_by_those_who_may_and_owners_are_made_and_unmade_by_owners() {
    let workshop = Workshop::open();
    for (by, from, to, may) in ASSIGNMENTS {
        let service = service(&workshop, &[by], &[from], usize::from(may), RosterOutcome::Changed);
        let signed_in = signed_in(workshop.now());
        let given = block_on(service.assign(&signed_in, &tenant(), &other(), roles(&[to]), &caller()));
        match given {
            Ok(member) => assert!(may && member.roles == [to], "{by} {from} {to}"),
            Err(error) => assert!(!may && matches!(error, MemberError::Forbidden(_)), "{by} {from} {to}"),
        }
    }
}

#[test]
fn to_give_the_roles_somebody_has_writes_nothing() {
    let workshop = Workshop::open();
    let service = service(
        &workshop,
        &[Role::Admin],
        &[Role::Viewer, Role::Member],
        0,
        RosterOutcome::Changed,
    );
    let same = roles(&[Role::Member, Role::Viewer]);
    let given = block_on(service.assign(&signed_in(workshop.now()), &tenant(), &other(), same, &caller()));
    assert!(given.is_ok());
}

#[test]
fn members_are_removed_by_those_who_may_and_everybody_may_leave() {
    let workshop = Workshop::open();
    for (by, theirs, may) in [
        (Role::Owner, Role::Owner, true),
        (Role::Owner, Role::Member, true),
        (Role::Admin, Role::Admin, true),
        (Role::Admin, Role::Owner, false),
        (Role::Member, Role::Viewer, false),
        (Role::Viewer, Role::Viewer, false),
    ] {
        let service = service(&workshop, &[by], &[theirs], usize::from(may), RosterOutcome::Changed);
        let removed = block_on(service.remove(&signed_in(workshop.now()), &tenant(), &other(), &caller()));
        match removed {
            Ok(ended) => assert!(may && ended == EndedMembership::Other, "{by} {theirs}"),
            Err(error) => assert!(
                !may && matches!(error, MemberError::Forbidden(Forbidden)),
                "{by} {theirs}"
            ),
        }
    }
    for role in Role::ALL {
        let service = service(&workshop, &[role], &[role], 1, RosterOutcome::Changed);
        let left = block_on(service.remove(&signed_in(workshop.now()), &tenant(), &user(), &caller()));
        assert_eq!(left.unwrap(), EndedMembership::Own);
    }
}

#[test]
fn a_transfer_is_one_change_of_two_members_and_rests_on_both() {
    let workshop = Workshop::open();
    let mut members = MockMemberStore::new();
    members
        .expect_find()
        .returning(|_, _, whose| Ok(Some(member(*whose, &[Role::Viewer]))));
    members
        .expect_change()
        .times(1)
        .withf(|change| {
            let steps = [
                RosterStep::Assign {
                    user: other(),
                    roles: roles(&[Role::Owner, Role::Viewer]),
                },
                RosterStep::Assign {
                    user: user(),
                    roles: roles(&[Role::Admin]),
                },
            ];
            let standing = |user, role| Standing {
                user,
                roles: vec![role],
            };
            change.steps == steps
                && change.standings == [standing(user(), Role::Owner), standing(other(), Role::Viewer)]
                && change.event.action == AuditAction::OwnershipTransferred
                && change.event.target == Some(format!("user:{}", other()))
        })
        .returning(|_| Ok(RosterOutcome::Changed));
    let service = MemberService {
        tenants: Arc::new(standing_as(&[Role::Owner])),
        members: Arc::new(members),
        mint: workshop.mint.clone(),
    };
    let owner = block_on(service.transfer_ownership(&signed_in(workshop.now()), &tenant(), &other(), &caller()));
    assert_eq!(owner.unwrap().roles, [Role::Owner, Role::Viewer]);
}

#[test]
fn a_tenant_is_handed_on_by_an_owner_who_has_lately_proved_who_they_are_to_somebody_else() {
    let workshop = Workshop::open();
    let transfer = |by: Role, to: UserId, proved: Timestamp| {
        let service = service(&workshop, &[by], &[Role::Member], 0, RosterOutcome::Changed);
        block_on(service.transfer_ownership(&signed_in(proved), &tenant(), &to, &caller())).unwrap_err()
    };
    let (now, long_ago) = (workshop.now(), workshop.now() - Duration::minutes(10));
    for role in [Role::Admin, Role::Member, Role::Viewer] {
        assert!(matches!(transfer(role, other(), now), MemberError::Forbidden(_)));
    }
    assert!(matches!(
        transfer(Role::Owner, other(), long_ago),
        MemberError::ReauthenticationRequired(ReauthenticationRequired)
    ));
    assert!(matches!(transfer(Role::Owner, user(), now), MemberError::NotAnother));
}

// Proves: A65
#[test]
fn owners_are_made_unmade_and_removed_by_a_fresh_proof_and_others_without() {
    let workshop = Workshop::open();
    let long_ago = signed_in(workshop.now() - Duration::minutes(10));
    for (from, to, needs) in [
        (Role::Member, Role::Owner, true),
        (Role::Owner, Role::Admin, true),
        (Role::Member, Role::Admin, false),
    ] {
        let commits = usize::from(!needs);
        let service = || service(&workshop, &[Role::Owner], &[from], commits, RosterOutcome::Changed);
        let given = block_on(service().assign(&long_ago, &tenant(), &other(), roles(&[to]), &caller()));
        match given {
            Ok(_) => assert!(!needs, "{from} {to}"),
            Err(error) => assert!(
                needs && matches!(error, MemberError::ReauthenticationRequired(_)),
                "{from} {to}"
            ),
        }
    }
    for (theirs, needs) in [(Role::Owner, true), (Role::Admin, false)] {
        let commits = usize::from(!needs);
        let service = service(&workshop, &[Role::Owner], &[theirs], commits, RosterOutcome::Changed);
        match block_on(service.remove(&long_ago, &tenant(), &other(), &caller())) {
            Ok(_) => assert!(!needs, "{theirs}"),
            Err(error) => assert!(
                needs && matches!(error, MemberError::ReauthenticationRequired(_)),
                "{theirs}"
            ),
        }
    }
    let leaving = service(&workshop, &[Role::Owner], &[Role::Owner], 1, RosterOutcome::Changed);
    assert!(block_on(leaving.remove(&long_ago, &tenant(), &user(), &caller())).is_ok());
}

#[test]
fn what_the_store_refuses_is_told_and_what_is_outdated_is_decided_anew() {
    let workshop = Workshop::open();
    let signed_in = signed_in(workshop.now());
    let last = service(&workshop, &[Role::Owner], &[Role::Owner], 1, RosterOutcome::LastOwner);
    let error = block_on(last.remove(&signed_in, &tenant(), &user(), &caller())).unwrap_err();
    assert!(matches!(error, MemberError::LastOwner));
    let attempts = usize::try_from(ATTEMPTS).unwrap();
    let outdated = service(
        &workshop,
        &[Role::Owner],
        &[Role::Member],
        attempts,
        RosterOutcome::Outdated,
    );
    let error = block_on(outdated.remove(&signed_in, &tenant(), &other(), &caller())).unwrap_err();
    assert!(matches!(error, MemberError::Port(error) if error.is_unavailable()));
}

#[test]
fn a_tenant_one_does_not_belong_to_and_a_member_who_is_none_are_not_there() {
    let workshop = Workshop::open();
    let signed_in = signed_in(workshop.now());
    let mut tenants = MockTenantStore::new();
    tenants.expect_membership().returning(|_, _| Ok(None));
    let outsider = MemberService {
        tenants: Arc::new(tenants),
        members: Arc::new(MockMemberStore::new()),
        mint: workshop.mint.clone(),
    };
    let error = block_on(outsider.remove(&signed_in, &tenant(), &other(), &caller())).unwrap_err();
    assert!(matches!(error, MemberError::NoSuchTenant));
    let error = block_on(outsider.list(&signed_in, &tenant(), filter(25))).unwrap_err();
    assert!(matches!(error, TenantError::NotFound));
    let error = block_on(outsider.find(&signed_in, &tenant(), &other())).unwrap_err();
    assert!(matches!(error, MemberError::NoSuchTenant));
    let mut members = MockMemberStore::new();
    members.expect_find().returning(|_, _, _| Ok(None));
    let insider = MemberService {
        tenants: Arc::new(standing_as(&[Role::Owner])),
        members: Arc::new(members),
        mint: workshop.mint.clone(),
    };
    let error = block_on(insider.remove(&signed_in, &tenant(), &other(), &caller())).unwrap_err();
    assert!(matches!(error, MemberError::NoSuchMember));
    let error = block_on(insider.find(&signed_in, &tenant(), &other())).unwrap_err();
    assert!(matches!(error, MemberError::NoSuchMember));
}

#[test]
fn a_member_is_shown_to_everybody_who_belongs_to_the_tenant() {
    let workshop = Workshop::open();
    for role in Role::ALL {
        let service = service(&workshop, &[role], &[Role::Owner], 0, RosterOutcome::Changed);
        let found = block_on(service.find(&signed_in(workshop.now()), &tenant(), &other())).unwrap();
        assert_eq!(found, member(other(), &[Role::Owner]));
    }
}

fn filter(limit: u32) -> MemberFilter {
    MemberFilter {
        search: Some(SearchText::parse("bo").unwrap()),
        behind: None,
        limit,
    }
}

#[test]
fn a_page_of_members_that_is_not_the_last_tells_where_the_next_begins() {
    let workshop = Workshop::open();
    for (found, next) in [(3, true), (2, false), (0, false)] {
        let mut members = MockMemberStore::new();
        members
            .expect_list()
            .withf(|_, reader, asked| *reader == user() && asked.limit == 3 && asked.search == filter(2).search)
            .returning(move |_, _, _| Ok(vec![member(other(), &[Role::Member]); found]));
        let service = MemberService {
            tenants: Arc::new(standing_as(&[Role::Viewer])),
            members: Arc::new(members),
            mint: workshop.mint.clone(),
        };
        let page = block_on(service.list(&signed_in(workshop.now()), &tenant(), filter(2))).unwrap();
        assert_eq!(page.members.len(), found.min(2));
        let behind = MemberPosition {
            joined: Timestamp::UNIX_EPOCH,
            user: other(),
        };
        assert_eq!(page.next, next.then_some(behind));
    }
}
