//! The promises of [`OversightStore`](rookery_core::ports::OversightStore).

use chrono::Duration;
use futures_util::future::join;
use rookery_core::domain::{Actor, AuditAction, Reason, Role, SearchText, StaffRole, TenantId, TokenPurpose, UserId};
use rookery_core::ports::{
    AccountIntervention, ErasureBasis, EventFilter, InterventionOutcome, InterventionStep, LegalHold, Look,
    OversightFilter, RecordedEvent, Seen, SignInOutcome, StaffStanding, Wanted,
};
use rookery_core::{AuditEvent, LetterKind};
use serde_json::json;

use super::tenants::founded;
use super::{Person, World};

impl World {
    /// What this one of the staff was, if it is one.
    fn standing(by: Option<(&Person, StaffRole)>) -> Option<StaffStanding> {
        by.map(|(person, role)| StaffStanding {
            user: person.user,
            role,
        })
    }

    fn look(&self, by: Option<(&Person, StaffRole)>, action: AuditAction) -> Look {
        Look {
            by: Self::standing(by),
            record: AuditEvent {
                actor: by.map_or(Actor::Operator, |_| Actor::Staff),
                detail: Some(json!({ "reason": "contract" })),
                ..self.event(action, by.map(|(person, _)| person))
            },
        }
    }

    fn looked_at(&self, person: &Person) -> AuditEvent {
        self.event(AuditAction::LookedAt, Some(person))
    }

    pub(super) fn intervention(
        &self,
        by: Option<(&Person, StaffRole)>,
        whom: &Person,
        step: InterventionStep,
    ) -> AccountIntervention {
        let (record, told) = match step {
            InterventionStep::Suspend => (AuditAction::StaffSuspended, AuditAction::Disabled),
            InterventionStep::Restore => (AuditAction::StaffRestored, AuditAction::Enabled),
            InterventionStep::EndSessions => (AuditAction::StaffEndedSessions, AuditAction::AllSessionsEnded),
            InterventionStep::Mail(_) => (AuditAction::StaffMailedReset, AuditAction::ResetMailed),
            InterventionStep::Hold(_) => (AuditAction::StaffHeld, AuditAction::HoldPlaced),
            InterventionStep::Release => (AuditAction::StaffReleased, AuditAction::HoldReleased),
            InterventionStep::Erase(_) => (AuditAction::StaffErased, AuditAction::Erased),
        };
        let target = Some(format!("user:{}", whom.user));
        let told = match step {
            InterventionStep::Erase(_) => None,
            InterventionStep::Hold(_) | InterventionStep::Release => Some(AuditEvent {
                target: target.clone(),
                ..self.event(told, None)
            }),
            _ => Some(self.event(told, Some(whom))),
        };
        AccountIntervention {
            whom: whom.user,
            by: Self::standing(by),
            target_role: None,
            step,
            mail: None,
            record: AuditEvent {
                target,
                detail: Some(json!({ "reason": "contract" })),
                ..self.event(record, by.map(|(person, _)| person))
            },
            told,
            at: self.now(),
        }
    }

    pub(super) async fn intervened(&self, intervention: &AccountIntervention) -> InterventionOutcome {
        self.stores.oversight.intervene(intervention).await.unwrap()
    }
}

fn people(beginning: Option<&str>, limit: u32) -> OversightFilter<UserId> {
    OversightFilter {
        wanted: beginning.map(|text| Wanted::Beginning(SearchText::parse(text).unwrap())),
        behind: None,
        limit,
    }
}

async fn found(world: &World, filter: &OversightFilter<UserId>) -> Vec<String> {
    let look = world.look(None, AuditAction::StaffSearchedUsers);
    let found = world.stores.oversight.find(&look, filter).await.unwrap().unwrap();
    found.into_iter().map(|account| account.email.to_string()).collect()
}

const fn everything(limit: u32) -> EventFilter {
    EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None,
        limit,
    }
}

pub(super) const fn done(sessions: u64, changed: bool) -> InterventionOutcome {
    InterventionOutcome::Done { sessions, changed }
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

pub async fn a_suspension_ends_every_session_and_the_sign_in_under_way_and_a_restoration_brings_back_all_but_sessions(
    world: World,
) {
    let ada = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let spared = world.signed_in(&bystander).await;
    let sessions = [world.signed_in(&ada).await, world.signed_in(&ada).await];
    let under_way = world.sign_in(&ada);
    let before = world.ledger().await;
    let suspension = world.intervention(None, &ada, InterventionStep::Suspend);
    assert_eq!(world.intervened(&suspension).await, done(2, true));
    assert_eq!(
        world.since(&before).await,
        [
            "events staff.user_suspended success +1",
            "events user.disabled success +1",
            "sessions -2"
        ]
    );
    for session in sessions {
        assert!(world.resolved(&session.digest).await.is_none());
    }
    assert!(world.resolved(&spared.digest).await.is_some());
    let outcome = world.stores.credentials.sign_in(&under_way).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
    let before = world.ledger().await;
    let again = world.intervention(None, &ada, InterventionStep::Suspend);
    assert_eq!(world.intervened(&again).await, done(0, false));
    assert_eq!(
        world.since(&before).await,
        ["events staff.user_suspended success +1"],
        "what changes nothing is told to nobody but the log"
    );
    let before = world.ledger().await;
    let restoration = world.intervention(None, &ada, InterventionStep::Restore);
    assert_eq!(world.intervened(&restoration).await, done(0, true));
    assert_eq!(
        world.since(&before).await,
        [
            "events staff.user_restored success +1",
            "events user.enabled success +1"
        ]
    );
    let credential = world.stores.credentials.by_user(&ada.user).await.unwrap().unwrap();
    assert_eq!(credential.disabled, None);
    let sign_in = rookery_core::ports::SignIn {
        credential_version: credential.version,
        ..world.sign_in(&ada)
    };
    world.open(&sign_in).await;
}

pub async fn ended_sessions_are_told_by_mail_and_with_none_there_is_no_mail(world: World) {
    let ada = world.person("ada@example.com").await;
    world.signed_in(&ada).await;
    let ending = || AccountIntervention {
        mail: Some(world.mail(LetterKind::SessionsEnded, ada.addressee())),
        ..world.intervention(None, &ada, InterventionStep::EndSessions)
    };
    let before = world.ledger().await;
    assert_eq!(world.intervened(&ending()).await, done(1, true));
    assert_eq!(
        world.since(&before).await,
        [
            "events session.all_ended success +1",
            "events staff.sessions_ended success +1",
            "mails sessions_ended queued +1",
            "sessions -1"
        ]
    );
    let before = world.ledger().await;
    assert_eq!(world.intervened(&ending()).await, done(0, false));
    assert_eq!(world.since(&before).await, ["events staff.sessions_ended success +1"]);
}

pub async fn a_mailed_reset_voids_the_one_before_and_a_verification_does_not(world: World) {
    let ada = world.person("ada@example.com").await;
    let older = world
        .issued(&world.issue(TokenPurpose::PasswordReset, ada.addressee()))
        .await;
    for (purpose, changes) in [
        (
            TokenPurpose::PasswordReset,
            &[
                "events password.reset_mailed success +1",
                "events staff.reset_mailed success +1",
                "mails reset_password queued +1",
                "tokens password_reset void +1",
            ][..],
        ),
        (
            TokenPurpose::EmailVerification,
            &[
                "events password.reset_mailed success +1",
                "events staff.reset_mailed success +1",
                "mails verify_email queued +1",
                "tokens email_verification live +1",
            ],
        ),
    ] {
        let issue = world.issue(purpose, ada.addressee());
        let intervention = AccountIntervention {
            mail: Some(issue.mail),
            ..world.intervention(None, &ada, InterventionStep::Mail(Box::new(issue.token)))
        };
        let before = world.ledger().await;
        assert_eq!(world.intervened(&intervention).await, done(0, true));
        assert_eq!(world.since(&before).await, changes);
    }
    let record = world.stores.tokens.find(&older).await.unwrap();
    assert!(record.is_none(), "the older one is void");
}

pub async fn nothing_is_done_to_whoever_is_not_there(world: World) {
    let ada = world.person("ada@example.com").await;
    world.stores.witness.end(&ada.user, &world.now()).await;
    let nobody = Person {
        user: world.mint.user_id(world.now()),
        email: "nobody@example.com".parse().unwrap(),
    };
    let before = world.ledger().await;
    for person in [&ada, &nobody] {
        let suspension = world.intervention(None, person, InterventionStep::Suspend);
        assert_eq!(world.intervened(&suspension).await, InterventionOutcome::NoSuchPerson);
    }
    assert!(world.since(&before).await.is_empty());
}

pub async fn of_a_revocation_and_a_deed_at_once_the_deed_comes_first_or_not_at_all(world: World) {
    let ada = world.person("ada@example.com").await;
    for round in 0..8 {
        let bob = world.person(&format!("bob{round}@example.com")).await;
        world.employed(&bob, StaffRole::Operator).await;
        let by = Some((&bob, StaffRole::Operator));
        let step = if round % 2 == 0 {
            InterventionStep::Suspend
        } else {
            InterventionStep::Restore
        };
        let deed = world.intervention(by, &ada, step);
        let revocation = world.event(AuditAction::StaffRevoked, Some(&bob));
        let before = world.ledger().await;
        let (done, revoked) = join(
            world.stores.oversight.intervene(&deed),
            world.stores.staff.revoke(&bob.user, &revocation),
        )
        .await;
        assert!(revoked.unwrap());
        let changes = world.since(&before).await;
        let was_done = match done.unwrap() {
            InterventionOutcome::Done { .. } => true,
            InterventionOutcome::Outdated => false,
            other => panic!("{other:?}"),
        };
        let is_recorded = changes
            .iter()
            .any(|change| change.contains("staff.user_suspended") || change.contains("staff.user_restored"));
        assert_eq!(is_recorded, was_done, "{changes:?}");
    }
}

pub async fn a_hold_is_shown_with_its_reason_and_an_account_that_is_held_is_not_erased(world: World) {
    let ada = world.person("ada@example.com").await;
    let olga = world.person("olga@example.com").await;
    world.employed(&olga, StaffRole::Operator).await;
    let by = Some((&olga, StaffRole::Operator));
    let hold = |reason: &str| InterventionStep::Hold(Reason::parse(reason).unwrap());
    let erase = || InterventionStep::Erase(Box::new(world.erasure(&ada, ErasureBasis::Operator)));
    let shown = async || {
        let look = world.look(by, AuditAction::StaffLookedAtUser);
        match world
            .stores
            .oversight
            .open(&look, &ada.user, &world.looked_at(&ada))
            .await
            .unwrap()
        {
            Seen::There(file) => (file.hold, file.deletion),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(shown().await, (None, None));
    let before = world.ledger().await;
    let release = world.intervention(by, &ada, InterventionStep::Release);
    assert_eq!(world.intervened(&release).await, InterventionOutcome::NotHeld);
    assert!(world.since(&before).await.is_empty());

    let since = world.now();
    let own = world.events_of(&ada).await.len();
    for reason in ["court order", "another court order"] {
        let placed = world.intervention(by, &ada, hold(reason));
        assert_eq!(world.intervened(&placed).await, done(0, true));
        let reason = Reason::parse(reason).unwrap();
        assert_eq!(shown().await.0, Some(LegalHold { since, reason }));
        world.advance(Duration::seconds(1));
    }
    assert_eq!(
        world.events_of(&ada).await.len(),
        own + 2,
        "she reads of the looks alone"
    );
    let before = world.ledger().await;
    let erasure = world.intervention(by, &ada, erase());
    assert_eq!(world.intervened(&erasure).await, InterventionOutcome::Held);
    assert!(world.since(&before).await.is_empty());
    let before = world.ledger().await;
    assert_eq!(world.intervened(&release).await, done(0, true));
    assert_eq!(
        world.since(&before).await[..2],
        [
            "events staff.user_released success +1",
            "events user.hold_released success +1"
        ]
    );
    assert_eq!(shown().await.0, None);
    let erasure = world.intervention(by, &ada, erase());
    assert!(matches!(
        world.intervened(&erasure).await,
        InterventionOutcome::Erased(_)
    ));
}

pub async fn an_erasure_by_staff_clears_what_their_log_says_of_the_person_but_not_that_it_was_done(world: World) {
    let ada = world.person("Ada_1@example.com").await;
    let bob = world.person("adax1@example.com").await;
    let olga = world.person("olga@example.com").await;
    world.employed(&olga, StaffRole::Operator).await;
    world.advance(Duration::seconds(1));
    let by = Some((&olga, StaffRole::Operator));
    for query in [
        ada.email.to_string(),
        ada.user.to_string(),
        bob.email.to_string(),
        "ada".to_owned(),
    ] {
        let mut look = world.look(by, AuditAction::StaffSearchedUsers);
        look.record.detail = Some(json!({ "query": query, "reason": "contract" }));
        world.stores.oversight.find(&look, &people(None, 1)).await.unwrap();
        world.advance(Duration::seconds(1));
    }
    for person in [&ada, &bob] {
        let suspension = world.intervention(by, person, InterventionStep::Suspend);
        assert_eq!(world.intervened(&suspension).await, done(0, true));
        world.advance(Duration::seconds(1));
    }
    let erasure = Box::new(world.erasure(&ada, ErasureBasis::Operator));
    let erased = world.intervention(by, &ada, InterventionStep::Erase(erasure));
    let InterventionOutcome::Erased(receipt) = world.intervened(&erased).await else {
        panic!("erased");
    };
    assert_eq!((receipt.user, receipt.basis.as_str()), (ada.user, "operator"));
    assert_eq!(world.intervened(&erased).await, InterventionOutcome::NoSuchPerson);
    world.advance(Duration::seconds(1));
    let look = world.look(by, AuditAction::StaffReadLog);
    let log = world
        .stores
        .oversight
        .log(&look, &everything(7))
        .await
        .unwrap()
        .unwrap();
    let kept: Vec<_> = log
        .iter()
        .map(|entry| (entry.event.action.as_str(), entry.event.detail.is_some()))
        .collect();
    assert_eq!(
        kept,
        [
            ("staff.user_erased", true),
            ("staff.user_suspended", true),
            ("staff.user_suspended", false),
            ("staff.users_searched", true),
            ("staff.users_searched", true),
            ("staff.users_searched", false),
            ("staff.users_searched", false),
        ]
    );
    assert!(log.iter().all(|entry| entry.event.user == Some(olga.user)));
}
