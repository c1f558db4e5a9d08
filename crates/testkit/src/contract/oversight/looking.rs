//! What staff see, and that it is written down.

use chrono::Duration;
use rookery_core::domain::{AuditAction, Role, SearchText, StaffRole, TenantId, UserId};
use rookery_core::ports::{
    AccountIntervention, EventFilter, InterventionOutcome, InterventionStep, OversightFilter, RecordedEvent, Seen,
    Wanted,
};
use serde_json::json;

use super::{everything, people};
use crate::contract::World;
use crate::contract::tenants::founded;

async fn found(world: &World, filter: &OversightFilter<UserId>) -> Vec<String> {
    let look = world.look(None, AuditAction::StaffSearchedUsers);
    let found = world.stores.oversight.find(&look, filter).await.unwrap().unwrap();
    found.into_iter().map(|account| account.email.to_string()).collect()
}

pub async fn accounts_are_found_by_address_name_and_id_the_newest_first_page_by_page(world: World) {
    let mut all = Vec::new();
    for (email, name) in [
        ("ada@example.com", "Grace"),
        ("Adam@example.com", "Bob"),
        ("bob@example.com", "100% Ada"),
        ("cleo@example.com", "ADA"),
    ] {
        world.advance(Duration::milliseconds(1));
        let person = world.person(email).await;
        let update = rookery_core::domain::ProfileUpdate {
            name: Some(rookery_core::domain::DisplayName::parse(name).unwrap()),
            ..Default::default()
        };
        let change = world.profile_change(&person, update);
        world.stores.profiles.apply(&change).await.unwrap();
        all.push(person);
    }
    let gone = world.person("adagio@example.com").await;
    world.stores.witness.end(&gone.user, &world.now()).await;
    let newest_first = [
        "cleo@example.com",
        "bob@example.com",
        "Adam@example.com",
        "ada@example.com",
    ];
    assert_eq!(found(&world, &people(None, 10)).await, newest_first);
    assert_eq!(
        found(&world, &people(Some("AdA"), 10)).await,
        ["cleo@example.com", "Adam@example.com", "ada@example.com"]
    );
    assert_eq!(found(&world, &people(Some("100%"), 10)).await, ["bob@example.com"]);
    assert_eq!(found(&world, &people(Some("_da"), 10)).await, [""; 0]);
    assert_eq!(
        found(&world, &people(Some("ADA@example.com"), 10)).await,
        ["ada@example.com"]
    );
    for person in &all {
        let by_id = OversightFilter {
            wanted: Some(Wanted::Id(person.user)),
            ..people(None, 10)
        };
        assert_eq!(found(&world, &by_id).await, [person.email.to_string()]);
        let behind = OversightFilter {
            behind: Some(person.user),
            ..by_id
        };
        assert_eq!(found(&world, &behind).await, [""; 0]);
    }
    let gone = OversightFilter {
        wanted: Some(Wanted::Id(gone.user)),
        ..people(None, 10)
    };
    assert_eq!(found(&world, &gone).await, [""; 0]);
    let mut pages = Vec::new();
    let mut filter = people(None, 3);
    loop {
        let look = world.look(None, AuditAction::StaffSearchedUsers);
        let page = world.stores.oversight.find(&look, &filter).await.unwrap().unwrap();
        let Some(last) = page.last() else { break };
        filter.behind = Some(last.user);
        pages.extend(page.iter().map(|account| account.email.to_string()));
    }
    assert_eq!(pages, newest_first);
}

pub async fn an_account_is_shown_as_it_is_and_the_look_is_written_down_on_both_sides(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let session = world.signed_in(&ada).await;
    let other = world.person("bob@example.com").await;
    world.signed_in(&other).await;
    world.employed(&other, StaffRole::Support).await;
    let by = Some((&other, StaffRole::Support));
    let look = world.look(by, AuditAction::StaffLookedAtUser);
    let before = world.ledger().await;
    let told = world.looked_at(&ada);
    let Seen::There(file) = world.stores.oversight.open(&look, &ada.user, &told).await.unwrap() else {
        panic!("there");
    };
    assert_eq!(
        world.since(&before).await,
        [
            "events staff.user_looked_at success +1",
            "events user.looked_at success +1"
        ]
    );
    assert_eq!((file.account.user, file.account.sessions), (ada.user, 1));
    assert_eq!((file.staff, file.authenticator, file.recovery_codes), (None, None, 0));
    assert_eq!(file.memberships.len(), 1);
    assert_eq!(file.memberships[0].tenant.id, tenant);
    let sessions: Vec<_> = file.sessions.iter().map(|listed| listed.id).collect();
    assert_eq!(sessions, [session.id]);
    assert!(file.events.iter().all(|read| read.event.user == Some(ada.user)));
    assert_eq!(file.events.len(), 3, "signed up, founded, signed in");
    let own = world.events_of(&ada).await;
    assert_eq!(
        own.len(),
        4,
        "she reads that it was looked at, and nothing else of the staff"
    );
    assert!(own.iter().all(|read| !read.event.action.is_of_staff()));
    let told = world.looked_at(&other);
    let look = world.look(by, AuditAction::StaffLookedAtUser);
    let file = world.stores.oversight.open(&look, &other.user, &told).await.unwrap();
    assert!(matches!(file, Seen::There(file) if file.staff == Some(StaffRole::Support)));
}

pub async fn what_is_not_there_is_not_shown_and_nothing_is_written(world: World) {
    let gone = world.person("gone@example.com").await;
    let tenant = founded(&world, &gone, "Engines").await;
    world.stores.witness.end(&gone.user, &world.now()).await;
    let before = world.ledger().await;
    for user in [gone.user, world.mint.user_id(world.now())] {
        let look = world.look(None, AuditAction::StaffLookedAtUser);
        let seen = world.stores.oversight.open(&look, &user, &world.looked_at(&gone)).await;
        assert_eq!(seen.unwrap(), Seen::NotThere);
    }
    let look = world.look(None, AuditAction::StaffLookedAtTenant);
    let none = world.mint.tenant_id(world.now());
    let seen = world.stores.oversight.open_tenant(&look, &none).await.unwrap();
    assert_eq!(seen, Seen::NotThere);
    assert!(world.since(&before).await.is_empty());
    let seen = world.stores.oversight.open_tenant(&look, &tenant).await.unwrap();
    assert!(matches!(seen, Seen::There(file) if file.tenant.members == 0 && file.members.is_empty()));
    assert_eq!(world.stores.oversight.holder_of(&gone.email).await.unwrap(), None);
}

pub async fn tenants_are_found_by_name_and_id_and_shown_with_their_members(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let mut ids: Vec<TenantId> = Vec::new();
    for name in ["Engines", "Engraving", "Poetry", "Éclairs Łódź"] {
        world.advance(Duration::milliseconds(1));
        ids.push(founded(&world, &ada, name).await);
    }
    world.advance(Duration::milliseconds(1));
    let joined = world.now();
    world
        .stores
        .witness
        .join(&ids[0], &bob.user, &[Role::Viewer], &joined)
        .await;
    let tenants = |beginning: &str, behind: Option<TenantId>| OversightFilter {
        wanted: Some(Wanted::Beginning(SearchText::parse(beginning).unwrap())),
        behind,
        limit: 10,
    };
    let look = || world.look(None, AuditAction::StaffSearchedTenants);
    let find = async |filter: OversightFilter<TenantId>| {
        let found = world.stores.oversight.find_tenants(&look(), &filter).await.unwrap();
        found.unwrap().into_iter().map(|tenant| tenant.id).collect::<Vec<_>>()
    };
    assert_eq!(find(tenants("ENG", None)).await, [ids[1], ids[0]]);
    assert_eq!(find(tenants("eng", Some(ids[1]))).await, [ids[0]]);
    for text in ["Écl", "écl", "ÉCL", "éclairs łó"] {
        assert_eq!(find(tenants(text, None)).await, [ids[3]], "{text}");
    }
    let by_id = OversightFilter {
        wanted: Some(Wanted::Id(ids[2])),
        behind: None,
        limit: 10,
    };
    assert_eq!(find(by_id).await, [ids[2]]);
    let before = world.ledger().await;
    let look = world.look(None, AuditAction::StaffLookedAtTenant);
    let Seen::There(file) = world.stores.oversight.open_tenant(&look, &ids[0]).await.unwrap() else {
        panic!("there");
    };
    assert_eq!((file.tenant.name.as_str(), file.tenant.members), ("Engines", 2));
    let members: Vec<_> = file
        .members
        .iter()
        .map(|member| (member.user, member.roles.clone()))
        .collect();
    assert_eq!(members, [(ada.user, vec![Role::Owner]), (bob.user, vec![Role::Viewer])]);
    assert_eq!(world.since(&before).await, ["events staff.tenant_looked_at success +1"]);
}

pub async fn the_log_holds_what_staff_did_and_nothing_else(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    world.employed(&bob, StaffRole::Operator).await;
    let by = Some((&bob, StaffRole::Operator));
    for seconds in 1..=3 {
        world.advance(Duration::seconds(seconds));
        let look = world.look(by, AuditAction::StaffLookedAtUser);
        let told = world.looked_at(&ada);
        world.stores.oversight.open(&look, &ada.user, &told).await.unwrap();
    }
    world.advance(Duration::seconds(1));
    let read = async |filter: EventFilter| {
        let look = world.look(by, AuditAction::StaffReadLog);
        world.stores.oversight.log(&look, &filter).await.unwrap().unwrap()
    };
    let log = read(everything(10)).await;
    let actions: Vec<_> = log.iter().map(|entry| entry.event.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "staff.user_looked_at",
            "staff.user_looked_at",
            "staff.user_looked_at",
            "staff.granted"
        ]
    );
    assert_eq!(log[0].event.user, Some(bob.user));
    assert_eq!(log[0].event.detail, Some(json!({ "reason": "contract" })));
    world.advance(Duration::seconds(1));
    let first = read(everything(2)).await;
    assert_eq!(first[0].event.action, AuditAction::StaffReadLog, "to read it is in it");
    let rest = read(EventFilter {
        behind: first.last().map(RecordedEvent::position),
        ..everything(10)
    });
    assert_eq!(rest.await.len(), 3);
    let granted = read(EventFilter {
        actions: vec![AuditAction::StaffGranted, AuditAction::SignUp],
        ..everything(10)
    });
    assert_eq!(
        granted.await.len(),
        1,
        "what is no deed of the staff is not in it, asked for or not"
    );
}

pub async fn whoever_is_not_what_they_were_sees_and_does_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let session = world.signed_in(&ada).await;
    world.employed(&bob, StaffRole::Auditor).await;
    let before = world.ledger().await;
    for by in [Some((&bob, StaffRole::Operator)), Some((&ada, StaffRole::Auditor))] {
        let look = world.look(by, AuditAction::StaffLookedAtUser);
        let oversight = &world.stores.oversight;
        assert_eq!(oversight.find(&look, &people(None, 10)).await.unwrap(), None);
        let tenants = OversightFilter {
            wanted: None,
            behind: None,
            limit: 10,
        };
        assert_eq!(oversight.find_tenants(&look, &tenants).await.unwrap(), None);
        assert_eq!(oversight.log(&look, &everything(10)).await.unwrap(), None);
        let seen = oversight.open(&look, &ada.user, &world.looked_at(&ada)).await;
        assert_eq!(seen.unwrap(), Seen::Outdated);
        let tenant = world.mint.tenant_id(world.now());
        assert_eq!(oversight.open_tenant(&look, &tenant).await.unwrap(), Seen::Outdated);
        let suspended = world.intervention(by, &ada, InterventionStep::Suspend);
        assert_eq!(world.intervened(&suspended).await, InterventionOutcome::Outdated);
    }
    let promoted = AccountIntervention {
        target_role: Some(StaffRole::Support),
        ..world.intervention(None, &ada, InterventionStep::Suspend)
    };
    assert_eq!(world.intervened(&promoted).await, InterventionOutcome::Outdated);
    assert!(world.since(&before).await.is_empty());
    assert!(world.resolved(&session.digest).await.is_some());
}
