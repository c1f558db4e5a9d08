//! The promises of [`MemberStore`](rookery_core::ports::MemberStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, Role, Roles, SearchText, TenantId, WebhookEvent};
use rookery_core::ports::{Member, MemberFilter, Replay, RosterChange, RosterOutcome, RosterStep, Standing};

use super::tenants::{founded, standing};
use super::{Person, World, webhooks};

fn everybody(limit: u32) -> MemberFilter {
    MemberFilter {
        search: None,
        behind: None,
        limit,
    }
}

fn looking_for(text: &str) -> MemberFilter {
    MemberFilter {
        search: Some(SearchText::parse(text).unwrap()),
        ..everybody(100)
    }
}

async fn addresses(world: &World, tenant: TenantId, reader: &Person, filter: &MemberFilter) -> Vec<String> {
    let listed = world.stores.members.list(&tenant, &reader.user, filter).await.unwrap();
    listed.iter().map(|member| member.email.to_string()).collect()
}

async fn join(world: &World, tenant: TenantId, email: &str, roles: &[Role]) -> Person {
    let person = world.person(email).await;
    world
        .stores
        .witness
        .join(&tenant, &person.user, roles, &world.now())
        .await;
    person
}

/// A change by somebody to somebody, as they are now.
async fn change(world: &World, tenant: TenantId, by: &Person, to: &Person, steps: Vec<RosterStep>) -> RosterChange {
    let action = match steps[..] {
        [RosterStep::Remove { .. }] => AuditAction::MemberRemoved,
        [_] => AuditAction::MemberRolesChanged,
        _ => AuditAction::OwnershipTransferred,
    };
    RosterChange {
        tenant,
        standings: vec![standing(world, tenant, by).await, standing(world, tenant, to).await],
        steps,
        event: AuditEvent {
            tenant: Some(tenant),
            target: Some(format!("user:{}", to.user)),
            ..world.event(action, Some(by))
        },
        at: world.now(),
    }
}

fn assign(person: &Person, roles: &[Role]) -> RosterStep {
    RosterStep::Assign {
        user: person.user,
        roles: Roles::of(roles.iter().copied()).unwrap(),
    }
}

fn remove(person: &Person) -> RosterStep {
    RosterStep::Remove { user: person.user }
}

/// Ends somebody's membership, by their own hand.
pub(super) async fn leaves(world: &World, tenant: TenantId, person: &Person) {
    let leaving = change(world, tenant, person, person, vec![remove(person)]).await;
    assert_eq!(changed(world, &leaving).await, RosterOutcome::Changed);
}

async fn changed(world: &World, change: &RosterChange) -> RosterOutcome {
    world.stores.members.change(change).await.unwrap()
}

async fn roles(world: &World, tenant: TenantId, reader: &Person, person: &Person) -> Option<Vec<Role>> {
    let found = world.stores.members.find(&tenant, &reader.user, &person.user).await;
    found.unwrap().map(|member| member.roles)
}

pub async fn members_are_listed_as_they_are_in_the_order_in_which_they_joined(world: World) {
    let ada = world.person("Ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    world.advance(Duration::seconds(1));
    let bob = join(&world, tenant, "bob@example.com", &[Role::Viewer]).await;
    let eve = world.person("eve@example.com").await;
    founded(&world, &eve, "Elsewhere").await;
    let listed = world
        .stores
        .members
        .list(&tenant, &bob.user, &everybody(10))
        .await
        .unwrap();
    let expected = |person: &Person, roles: Vec<Role>, joined| Member {
        user: person.user,
        email: person.email.clone(),
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        given_name: Some("Ада".to_owned()),
        family_name: Some("O'Lovelace".to_owned()),
        roles,
        joined,
    };
    let begun = world.now() - Duration::seconds(1);
    assert_eq!(
        listed,
        [
            expected(&ada, vec![Role::Owner], begun),
            expected(&bob, vec![Role::Viewer], world.now())
        ]
    );
    let found = world.stores.members.find(&tenant, &ada.user, &bob.user).await.unwrap();
    assert_eq!(found.as_ref(), Some(&listed[1]));
}

pub async fn pages_over_members_of_one_moment_show_each_once(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    for number in 0..6 {
        join(&world, tenant, &format!("member-{number}@example.com"), &[Role::Member]).await;
    }
    let all = addresses(&world, tenant, &ada, &everybody(100)).await;
    assert_eq!(all.len(), 7);
    for size in [1, 3, 7, 8] {
        let mut filter = everybody(size);
        let mut paged = Vec::new();
        loop {
            let page = world.stores.members.list(&tenant, &ada.user, &filter).await.unwrap();
            paged.extend(page.iter().map(|member| member.email.to_string()));
            filter.behind = page.last().map(Member::position);
            if page.is_empty() {
                break;
            }
        }
        assert_eq!(paged, all, "pages of {size}");
    }
}

pub async fn a_search_keeps_to_the_beginnings_of_names_and_addresses(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    world.advance(Duration::seconds(1));
    join(&world, tenant, "Bob_100%@example.com", &[Role::Member]).await;
    let bob = ["Bob_100%@example.com"];
    let both = ["ada@example.com", "Bob_100%@example.com"];
    for (text, expected) in [
        ("bob", &bob[..]),
        ("BOB_1", &bob),
        ("bob_100%@", &bob),
        ("ada@", &["ada@example.com"]),
        // Everybody here has this name, and these first and last names.
        ("ada \u{1f99c} l", &both),
        ("Ада", &both),
        // Letters beyond A to Z have two sizes as well.
        ("ада", &both),
        ("АДА", &both),
        ("o'love", &both),
        ("lovelace", &[]),
        ("example.com", &[]),
        ("%", &[]),
        ("bob-", &[]),
        ("!", &[]),
        ("' OR '1'='1", &[]),
    ] {
        assert_eq!(
            addresses(&world, tenant, &ada, &looking_for(text)).await,
            expected,
            "{text}"
        );
    }
}

pub async fn members_are_shown_to_nobody_else(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = join(&world, tenant, "bob@example.com", &[Role::Admin]).await;
    let eve = world.person("eve@example.com").await;
    founded(&world, &eve, "Elsewhere").await;
    let nowhere = world.mint.tenant_id(world.now());
    for (tenant, reader) in [(tenant, &eve), (nowhere, &ada)] {
        assert!(addresses(&world, tenant, reader, &everybody(10)).await.is_empty());
        assert_eq!(roles(&world, tenant, reader, &ada).await, None);
    }
    assert_eq!(
        roles(&world, tenant, &ada, &eve).await,
        None,
        "and nobody else is shown"
    );
    let removal = change(&world, tenant, &ada, &bob, vec![remove(&bob)]).await;
    assert_eq!(changed(&world, &removal).await, RosterOutcome::Changed);
    assert!(addresses(&world, tenant, &bob, &everybody(10)).await.is_empty());
    assert_eq!(
        addresses(&world, tenant, &ada, &everybody(10)).await,
        ["ada@example.com"]
    );
}

pub async fn a_member_has_the_roles_that_were_decided_and_no_others(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = join(&world, tenant, "bob@example.com", &[Role::Viewer]).await;
    let before = world.ledger().await;
    let given = [Role::Admin, Role::Member];
    let assignment = change(&world, tenant, &ada, &bob, vec![assign(&bob, &given)]).await;
    assert_eq!(changed(&world, &assignment).await, RosterOutcome::Changed);
    assert_eq!(world.since(&before).await, ["events member.updated success +1"]);
    assert_eq!(roles(&world, tenant, &ada, &bob).await.unwrap(), given);
    assert_eq!(roles(&world, tenant, &ada, &ada).await.unwrap(), [Role::Owner]);
}

// Proves: A65
pub async fn a_decision_on_roles_that_have_changed_writes_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = join(&world, tenant, "bob@example.com", &[Role::Admin]).await;
    let cleo = join(&world, tenant, "cleo@example.com", &[Role::Member]).await;
    let decided = change(&world, tenant, &bob, &cleo, vec![remove(&cleo)]).await;
    let demotion = change(&world, tenant, &ada, &bob, vec![assign(&bob, &[Role::Viewer])]).await;
    assert_eq!(changed(&world, &demotion).await, RosterOutcome::Changed);
    let before = world.ledger().await;
    assert_eq!(changed(&world, &decided).await, RosterOutcome::Outdated);
    let gone = RosterChange {
        standings: vec![Standing {
            user: world.mint.user_id(world.now()),
            roles: vec![Role::Owner],
        }],
        ..decided.clone()
    };
    let nowhere = RosterChange {
        tenant: world.mint.tenant_id(world.now()),
        ..decided
    };
    for outdated in [gone, nowhere] {
        assert_eq!(changed(&world, &outdated).await, RosterOutcome::Outdated);
    }
    assert!(world.since(&before).await.is_empty());
    assert_eq!(roles(&world, tenant, &ada, &cleo).await.unwrap(), [Role::Member]);
}

pub async fn a_removed_member_is_gone_and_their_sessions_are_in_that_tenant_no_more(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = join(&world, tenant, "bob@example.com", &[Role::Member]).await;
    let elsewhere = founded(&world, &bob, "Bob's").await;
    let session_in = async |person: &Person, tenant: TenantId| {
        let mut sign_in = world.sign_in(person);
        sign_in.session.tenant = Some(tenant);
        world.open(&sign_in).await
    };
    let (inside, outside) = (session_in(&bob, tenant).await, session_in(&bob, elsewhere).await);
    let hers = session_in(&ada, tenant).await;
    let before = world.ledger().await;
    let removal = change(&world, tenant, &ada, &bob, vec![remove(&bob)]).await;
    assert_eq!(changed(&world, &removal).await, RosterOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        ["events member.removed success +1"],
        "the row says that it has ended, and no session has"
    );
    for (session, expected) in [(inside, None), (outside, Some(elsewhere)), (hers, Some(tenant))] {
        let signed_in = world.resolved(&session.digest).await.unwrap();
        assert_eq!(signed_in.session.tenant.map(|tenant| tenant.id), expected);
    }
    assert_eq!(roles(&world, tenant, &ada, &bob).await, None);
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Member], &world.now())
        .await;
    let signed_in = world.resolved(&inside.digest).await.unwrap();
    assert_eq!(signed_in.session.tenant, None, "nor is it again when they join again");
}

// Proves: A66
pub async fn the_last_owner_neither_steps_down_nor_leaves(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = join(&world, tenant, "bob@example.com", &[Role::Admin]).await;
    let before = world.ledger().await;
    for steps in [
        vec![assign(&ada, &[Role::Admin])],
        vec![remove(&ada)],
        vec![assign(&bob, &[Role::Member]), assign(&ada, &[Role::Admin])],
    ] {
        let change = change(&world, tenant, &ada, &ada, steps).await;
        assert_eq!(changed(&world, &change).await, RosterOutcome::LastOwner);
    }
    assert!(world.since(&before).await.is_empty());
    assert_eq!(roles(&world, tenant, &ada, &bob).await.unwrap(), [Role::Admin]);
    let crowning = change(&world, tenant, &ada, &bob, vec![assign(&bob, &[Role::Owner])]).await;
    assert_eq!(changed(&world, &crowning).await, RosterOutcome::Changed);
    let leaving = change(&world, tenant, &ada, &ada, vec![remove(&ada)]).await;
    assert_eq!(
        changed(&world, &leaving).await,
        RosterOutcome::Changed,
        "with another she may"
    );
}

// Proves: A66
pub async fn of_owners_who_leave_at_once_one_stays(world: World) {
    let ada = world.person("ada@example.com").await;
    for round in 0..4 {
        let tenant = founded(&world, &ada, "Engines").await;
        let mut owners = vec![ada.clone()];
        for number in 0..3 {
            owners.push(
                join(
                    &world,
                    tenant,
                    &format!("owner-{round}-{number}@example.com"),
                    &[Role::Owner],
                )
                .await,
            );
        }
        let mut leaving = Vec::new();
        for owner in &owners {
            leaving.push(change(&world, tenant, owner, owner, vec![remove(owner)]).await);
        }
        let outcomes = join_all(leaving.iter().map(|change| changed(&world, change))).await;
        let refused = outcomes.iter().filter(|outcome| **outcome == RosterOutcome::LastOwner);
        assert_eq!(refused.count(), 1, "{outcomes:?}");
    }
}

pub async fn a_transfer_makes_one_an_owner_and_the_other_none_at_once(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = join(&world, tenant, "bob@example.com", &[Role::Viewer]).await;
    let before = world.ledger().await;
    let steps = vec![assign(&bob, &[Role::Owner, Role::Viewer]), assign(&ada, &[Role::Admin])];
    let transfer = change(&world, tenant, &ada, &bob, steps).await;
    assert_eq!(changed(&world, &transfer).await, RosterOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        ["events tenant.ownership_transferred success +1"]
    );
    assert_eq!(
        roles(&world, tenant, &bob, &bob).await.unwrap(),
        [Role::Owner, Role::Viewer]
    );
    assert_eq!(roles(&world, tenant, &bob, &ada).await.unwrap(), [Role::Admin]);
    assert_eq!(
        changed(&world, &transfer).await,
        RosterOutcome::Outdated,
        "and not twice"
    );
}

pub async fn a_webhook_is_told_who_a_change_is_about_and_no_other_tenant_is(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = join(&world, tenant, "bob@example.com", &[Role::Viewer]).await;
    let elsewhere = founded(&world, &bob, "Bob's").await;
    let hers = webhooks::added(&world, Some(tenant), &[]).await;
    let all = webhooks::added(
        &world,
        None,
        &[WebhookEvent::MemberUpdated, WebhookEvent::MemberRemoved],
    )
    .await;
    let his = webhooks::added(&world, Some(elsewhere), &[]).await;
    world.advance(Duration::seconds(1));
    let promotion = change(&world, tenant, &ada, &bob, vec![assign(&bob, &[Role::Admin])]).await;
    assert_eq!(changed(&world, &promotion).await, RosterOutcome::Changed);
    world.advance(Duration::seconds(1));
    let removal = change(&world, tenant, &ada, &bob, vec![remove(&bob)]).await;
    assert_eq!(changed(&world, &removal).await, RosterOutcome::Changed);
    let expected = ["member.removed", "member.updated"];
    assert_eq!(webhooks::told(&world, hers).await, expected);
    assert_eq!(webhooks::told(&world, all).await, expected);
    assert!(
        webhooks::told(&world, his).await.is_empty(),
        "he belongs there, it happened here"
    );
    for webhook in [hers, all] {
        let reports = webhooks::reports(&world, webhook).await;
        assert!(reports.iter().all(|report| report.user == Some(bob.user)));
    }
    let replay = Replay {
        webhook: hers,
        since: world.now() - Duration::hours(1),
        now: world.now(),
    };
    let replayed = world.stores.webhooks.replay(&replay).await.unwrap();
    assert_eq!(replayed, 4, "her sign-up and the founding, too");
    assert!(
        webhooks::reports(&world, hers)
            .await
            .iter()
            .any(|report| report.user == Some(bob.user))
    );
}
