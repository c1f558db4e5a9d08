//! The promises of [`DeletionStore`](rookery_core::ports::DeletionStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{Actor, AuditAction, AuthMethod, Reason, Role, TenantId, TokenDigest, TokenPurpose};
use rookery_core::ports::{
    DeletionRequest, DeletionRequestOutcome, EmailProof, Erasure, ErasureBasis, ErasureOutcome, ErasureReceipt,
    InterventionStep, Keeping, NewToken, OutboxClaim, PendingDeletion, RosterChange, RosterOutcome, RosterStep,
    Settlement, SignInOutcome, StakeFate, Sweep, TenantStake, TenantTurn,
};
use rookery_core::{AuditEvent, Leftover, LetterKind};

use super::oversight::done;
use super::second_factors::paper;
use super::tenants::{founded, standing};
use super::{OpenSession, Person, World};

/// How long accounts wait in these tests.
fn grace() -> Duration {
    Duration::days(30)
}

impl World {
    /// A wish to be deleted, asked for in this session on this version of the credential.
    #[must_use]
    pub fn deletion_request(&self, person: &Person, session: &OpenSession, version: i32) -> DeletionRequest {
        let at = self.now();
        DeletionRequest {
            user: person.user,
            by: session.id,
            credential_version: version,
            used: None,
            closing: Vec::new(),
            reason: Some(Reason::parse("too many mails").unwrap()),
            due: at + grace(),
            token: NewToken {
                expires: at + grace(),
                ..self.issue(TokenPurpose::KeepAccount, person.addressee()).token
            },
            mail: self.mail(LetterKind::DeletionScheduled, person.addressee()),
            event: self.event(AuditAction::DeletionRequested, Some(person)),
            at,
        }
    }

    /// The same, done.
    pub async fn leaving(&self, person: &Person) -> DeletionRequest {
        let session = self.signed_in(person).await;
        let mut request = self.deletion_request(person, &session, 1);
        request.closing = self.closing(person).await;
        let outcome = self.stores.deletions.request(&request).await.unwrap();
        assert_eq!(outcome, DeletionRequestOutcome::Requested);
        request
    }

    /// The tenants that would close.
    async fn closing(&self, person: &Person) -> Vec<TenantTurn> {
        let stakes = self.stores.deletions.stakes(&person.user).await.unwrap();
        let closing = stakes.iter().filter(|stake| stake.fate == StakeFate::Closes);
        closing
            .map(|stake| self.turn(person, AuditAction::TenantClosed, stake.tenant))
            .collect()
    }

    fn turn(&self, person: &Person, action: AuditAction, tenant: TenantId) -> TenantTurn {
        TenantTurn {
            tenant,
            event: AuditEvent {
                tenant: Some(tenant),
                target: Some(format!("tenant:{tenant}")),
                ..self.event(action, Some(person))
            },
        }
    }

    /// An account is kept.
    #[must_use]
    pub fn keeping(&self, person: &Person, closed: &[TenantId]) -> Keeping {
        let reopened = |tenant: &TenantId| self.turn(person, AuditAction::TenantReopened, *tenant);
        Keeping {
            user: person.user,
            reopening: closed.iter().map(reopened).collect(),
            mail: self.mail(LetterKind::AccountKept, person.addressee()),
            event: self.event(AuditAction::DeletionCancelled, Some(person)),
            at: self.now(),
        }
    }

    /// An erasure of somebody, by the service.
    #[must_use]
    pub fn erasure(&self, person: &Person, basis: ErasureBasis) -> Erasure {
        Erasure {
            id: self.mint.erasure_id(self.now()),
            user: person.user,
            basis,
            by: Actor::Service,
            counted_as: vec![[7; 32]],
            mail: Some(self.mail(LetterKind::AccountErased, person.addressee())),
            event: AuditEvent {
                actor: Actor::Service,
                caller: rookery_core::domain::Caller::default(),
                ..self.event(AuditAction::Erased, Some(person))
            },
            at: self.now(),
        }
    }

    async fn erased(&self, person: &Person, basis: ErasureBasis) -> ErasureOutcome {
        let erasure = self.erasure(person, basis);
        self.stores.deletions.erase(&erasure).await.unwrap()
    }

    async fn pending(&self, person: &Person) -> Option<PendingDeletion> {
        let subject = self.stores.deletions.subject(&person.user).await.unwrap();
        subject.and_then(|subject| subject.deletion)
    }

    pub(super) async fn keep(&self, person: &Person, token: TokenDigest, closed: &[TenantId]) -> bool {
        let keeping = self.keeping(person, closed);
        self.stores.deletions.keep(&token, &keeping).await.unwrap()
    }

    async fn held(&self, person: &Person) {
        let hold = InterventionStep::Hold(Reason::parse("court order").unwrap());
        assert_eq!(
            self.intervened(&self.intervention(None, person, hold)).await,
            done(0, true)
        );
    }

    pub(super) async fn joined(&self, tenant: TenantId, person: &Person, roles: &[Role]) {
        let at = self.now();
        self.stores.witness.join(&tenant, &person.user, roles, &at).await;
    }

    async fn stakes(&self, person: &Person) -> Vec<TenantStake> {
        self.stores.deletions.stakes(&person.user).await.unwrap()
    }
}

// Proves: A67
pub async fn a_request_ends_everything_at_once_and_waits(world: World) {
    let ada = world.person("Ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    world.signed_in(&bystander).await;
    world.signed_in(&ada).await;
    let session = world.signed_in(&ada).await;
    let reset = world.issue(TokenPurpose::PasswordReset, ada.addressee());
    let reset = world.issued(&reset).await;
    let before = world.ledger().await;
    let request = world.deletion_request(&ada, &session, 1);
    let outcome = world.stores.deletions.request(&request).await.unwrap();
    assert_eq!(outcome, DeletionRequestOutcome::Requested);
    assert_eq!(
        world.since(&before).await,
        [
            "devices -2",
            "events user.deletion_requested success +1",
            "mails deletion_scheduled queued +1",
            "sessions -2",
            "tokens email_verification live -1",
            "tokens email_verification void +1",
            "tokens keep_account live +1",
            "tokens password_reset live -1",
            "tokens password_reset void +1",
        ]
    );
    assert_eq!(world.resolved(&session.digest).await, None);
    assert_eq!(world.stores.tokens.find(&reset).await.unwrap(), None);
    let expected = PendingDeletion {
        requested: world.now(),
        due: world.now() + grace(),
        closed: Vec::new(),
    };
    assert_eq!(world.pending(&ada).await, Some(expected.clone()));
    let credential = world.stores.credentials.by_email(&ada.email).await.unwrap().unwrap();
    assert_eq!(credential.deletion, Some(expected.clone()));
    let credential = world.stores.credentials.by_user(&ada.user).await.unwrap().unwrap();
    assert_eq!(credential.deletion, Some(expected));
    assert_eq!(world.pending(&bystander).await, None);
}

pub async fn a_request_that_is_not_as_it_was_decided_writes_nothing(world: World) {
    let (ada, _, session) = world.guarded("ada@example.com").await;
    let version = world
        .stores
        .credentials
        .by_user(&ada.user)
        .await
        .unwrap()
        .unwrap()
        .version;
    let tenant = founded(&world, &ada, "Engines").await;
    let before = world.ledger().await;
    let outdated = world.deletion_request(&ada, &session, version);
    let closing = world.closing(&ada).await;
    let decided = |version| DeletionRequest {
        closing: closing.clone(),
        ..world.deletion_request(&ada, &session, version)
    };
    let ended = DeletionRequest {
        by: world.mint.session_id(world.now()),
        ..decided(version)
    };
    let spent = DeletionRequest {
        used: Some(paper(200)),
        ..decided(version)
    };
    for (request, expected) in [
        (outdated, DeletionRequestOutcome::Outdated),
        (decided(version - 1), DeletionRequestOutcome::Superseded),
        (ended, DeletionRequestOutcome::SessionEnded),
        (spent, DeletionRequestOutcome::CodeSpent),
    ] {
        let outcome = world.stores.deletions.request(&request).await.unwrap();
        assert_eq!(outcome, expected);
        assert_eq!(world.since(&before).await, [""; 0], "{expected:?}");
    }
    let right = DeletionRequest {
        used: Some(paper(1)),
        ..decided(version)
    };
    let outcome = world.stores.deletions.request(&right).await.unwrap();
    assert_eq!(outcome, DeletionRequestOutcome::Requested);
    assert_eq!(world.pending(&ada).await.unwrap().closed, [tenant]);
}

pub async fn of_requests_at_once_one_counts(world: World) {
    let ada = world.person("ada@example.com").await;
    let session = world.signed_in(&ada).await;
    let requests: Vec<_> = (0..8).map(|_| world.deletion_request(&ada, &session, 1)).collect();
    let outcomes = join_all(requests.iter().map(|request| world.stores.deletions.request(request))).await;
    let counted = outcomes
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == DeletionRequestOutcome::Requested);
    assert_eq!(counted.count(), 1);
    assert_eq!(world.ledger().await.count("tokens keep_account live"), 1);
}

// Proves: A67
pub async fn a_sign_in_under_way_when_a_deletion_is_asked_for_opens_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    let decided = world.sign_in(&ada);
    world.leaving(&ada).await;
    let outcome = world.stores.credentials.sign_in(&decided).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
    assert!(world.pending(&ada).await.is_some());
}

pub async fn what_is_at_stake_is_told_for_each_tenant(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let eve = world.person("eve@example.com").await;
    let mut tenants = Vec::new();
    for (name, roles_of_bob) in [
        ("Alone", None),
        ("Shared", Some(Role::Owner)),
        ("Needy", Some(Role::Admin)),
    ] {
        world.advance(Duration::seconds(1));
        let tenant = founded(&world, &ada, name).await;
        if let Some(role) = roles_of_bob {
            world.joined(tenant, &bob, &[role]).await;
        }
        tenants.push(tenant);
    }
    world.advance(Duration::seconds(1));
    let guest = founded(&world, &eve, "Guest").await;
    world.joined(guest, &ada, &[Role::Member]).await;
    let stake = |tenant, name: &str, others, fate| TenantStake {
        tenant,
        name: name.to_owned(),
        others,
        fate,
    };
    assert_eq!(
        world.stakes(&ada).await,
        [
            stake(tenants[0], "Alone", 0, StakeFate::Closes),
            stake(tenants[1], "Shared", 1, StakeFate::GoesOn),
            stake(tenants[2], "Needy", 1, StakeFate::NeedsOwner),
            stake(guest, "Guest", 1, StakeFate::GoesOn),
        ]
    );
    world.leaving(&bob).await;
    assert_eq!(
        world.stakes(&ada).await,
        [
            stake(tenants[0], "Alone", 0, StakeFate::Closes),
            stake(tenants[1], "Shared", 0, StakeFate::Closes),
            stake(tenants[2], "Needy", 0, StakeFate::Closes),
            stake(guest, "Guest", 1, StakeFate::GoesOn),
        ],
        "who waits for their own deletion does not stay"
    );
}

// Proves: A66
pub async fn of_last_owners_who_ask_at_once_one_stays(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let eve = world.person("eve@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Owner]).await;
    world.joined(tenant, &eve, &[Role::Member]).await;
    let (hers, his) = (world.signed_in(&ada).await, world.signed_in(&bob).await);
    let requests = [
        world.deletion_request(&ada, &hers, 1),
        world.deletion_request(&bob, &his, 1),
    ];
    let outcomes = join_all(requests.iter().map(|request| world.stores.deletions.request(request))).await;
    let mut outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    outcomes.sort_by_key(|outcome| *outcome == DeletionRequestOutcome::Outdated);
    assert_eq!(
        outcomes,
        [DeletionRequestOutcome::Requested, DeletionRequestOutcome::Outdated]
    );
}

// Proves: A66
pub async fn an_owner_who_waits_for_their_deletion_is_none_to_those_who_leave(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Owner]).await;
    world.leaving(&ada).await;
    let leaving = RosterChange {
        tenant,
        standings: vec![standing(&world, tenant, &bob).await],
        steps: vec![RosterStep::Remove { user: bob.user }],
        event: world.event(AuditAction::MemberLeft, Some(&bob)),
        at: world.now(),
    };
    let outcome = world.stores.members.change(&leaving).await.unwrap();
    assert_eq!(outcome, RosterOutcome::LastOwner);
}

pub async fn the_mailed_link_keeps_the_account_once_and_opens_its_tenants(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let request = world.leaving(&ada).await;
    let token = request.token.digest;
    assert_eq!(world.stores.tenants.of_person(&ada.user).await.unwrap(), []);
    assert!(!world.keep(&ada, TokenDigest::from_bytes([0; 32]), &[tenant]).await);
    world.advance(Duration::days(1));
    let before = world.ledger().await;
    assert!(world.keep(&ada, token, &[tenant]).await);
    assert_eq!(
        world.since(&before).await,
        [
            "events tenant.reopened success +1",
            "events user.deletion_cancelled success +1",
            "mails account_kept queued +1",
            "tokens keep_account live -1",
            "tokens keep_account used +1",
        ]
    );
    assert_eq!(world.pending(&ada).await, None);
    assert_eq!(world.stores.tenants.of_person(&ada.user).await.unwrap().len(), 1);
    assert!(!world.keep(&ada, token, &[tenant]).await, "it has done its work");
}

pub async fn of_uses_of_the_link_at_once_one_keeps(world: World) {
    let ada = world.person("ada@example.com").await;
    let token = world.leaving(&ada).await.token.digest;
    let keepings: Vec<_> = (0..8).map(|_| world.keeping(&ada, &[])).collect();
    let kept = join_all(
        keepings
            .iter()
            .map(|keeping| world.stores.deletions.keep(&token, keeping)),
    )
    .await;
    assert_eq!(kept.into_iter().filter(|kept| *kept.as_ref().unwrap()).count(), 1);
    assert_eq!(world.ledger().await.count("mails account_kept queued"), 1);
}

pub async fn signing_in_keeps_the_account(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let token = world.leaving(&ada).await.token.digest;
    let mut sign_in = world.sign_in(&ada);
    sign_in.credential_version = 2;
    sign_in.keeping = Some(world.keeping(&ada, &[tenant]));
    let before = world.ledger().await;
    world.open(&sign_in).await;
    assert_eq!(
        world.since(&before).await,
        [
            "devices +1",
            "events session.created success +1",
            "events tenant.reopened success +1",
            "events user.deletion_cancelled success +1",
            "mails account_kept queued +1",
            "sessions +1",
            "tokens keep_account live -1",
            "tokens keep_account void +1",
        ]
    );
    assert_eq!(world.pending(&ada).await, None);
    assert!(!world.keep(&ada, token, &[tenant]).await);
}

// Proves: A67
pub async fn what_is_due_is_erased_once_on_however_many_nodes(world: World) {
    let ada = world.person("Ada@example.com").await;
    world.leaving(&ada).await;
    let requested = world.now();
    let most = 10;
    world.advance(grace() - Duration::microseconds(1));
    assert_eq!(world.stores.deletions.due(&world.now(), most).await.unwrap(), []);
    assert_eq!(world.erased(&ada, ErasureBasis::Asked).await, ErasureOutcome::NotDue);
    world.advance(Duration::microseconds(1));
    assert_eq!(
        world.stores.deletions.due(&world.now(), most).await.unwrap(),
        [ada.user]
    );
    let erasures: Vec<_> = (0..8).map(|_| world.erasure(&ada, ErasureBasis::Asked)).collect();
    let outcomes = join_all(erasures.iter().map(|erasure| world.stores.deletions.erase(erasure))).await;
    let receipts: Vec<ErasureReceipt> = outcomes
        .into_iter()
        .filter_map(|outcome| match outcome.unwrap() {
            ErasureOutcome::Erased(receipt) => Some(receipt),
            other => {
                assert_eq!(other, ErasureOutcome::NotDue);
                None
            }
        })
        .collect();
    let [receipt] = &receipts[..] else {
        panic!("{receipts:?}");
    };
    assert_eq!((receipt.user, receipt.requested), (ada.user, Some(requested)));
    assert_eq!((receipt.basis.as_str(), receipt.by), ("asked", Actor::Service));
    assert_eq!(receipt.counts.get("users"), Some(&1));
    assert_eq!(world.stores.deletions.receipts(most).await.unwrap(), receipts);
    assert_eq!(world.stores.deletions.subject(&ada.user).await.unwrap(), None);
    assert_eq!(world.stores.deletions.due(&world.now(), most).await.unwrap(), []);
    let ledger = world.ledger().await;
    assert_eq!(ledger.count("users"), 0);
    assert_eq!(ledger.count("mails account_erased queued"), 1);
    assert_eq!(ledger.count("events user.deleted success"), 1);
    let again = world.person("ada@example.com").await;
    assert_ne!(again.user, ada.user, "the address is free");
}

pub async fn the_last_mail_leaves_no_trace_once_it_is_settled(world: World) {
    for settlement in [
        Settlement::Sent,
        Settlement::Abandoned {
            error: "550 no such mailbox".to_owned(),
        },
    ] {
        let ada = world.person("ada@example.com").await;
        world.leaving(&ada).await;
        world.advance(grace());
        world.erased(&ada, ErasureBasis::Asked).await;
        let claim = OutboxClaim {
            now: world.now(),
            lease_until: world.now() + Duration::minutes(1),
            limit: 10,
        };
        let claimed = world.stores.outbox.claim(&claim).await.unwrap();
        let [mail] = &claimed[..] else {
            panic!("nothing but the last mail is left: {claimed:?}");
        };
        assert_eq!(mail.to, ada.email);
        let retry = Settlement::Retry {
            next_attempt: world.now(),
            error: "try again".to_owned(),
        };
        let at = world.now();
        world.stores.outbox.settle(&mail.id, &retry, &at).await.unwrap();
        assert_eq!(world.ledger().await.count("mails account_erased queued"), 1);
        world.stores.outbox.settle(&mail.id, &settlement, &at).await.unwrap();
        let ledger = world.ledger().await;
        for state in ["queued", "sent", "abandoned"] {
            assert_eq!(
                ledger.count(&format!("mails account_erased {state}")),
                0,
                "{settlement:?}"
            );
        }
    }
}

pub async fn tenants_closed_with_the_account_are_erased_with_it_and_others_go_on(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    founded(&world, &ada, "Alone").await;
    let shared = founded(&world, &ada, "Shared").await;
    world.joined(shared, &bob, &[Role::Owner]).await;
    world.leaving(&ada).await;
    world.advance(grace());
    let outcome = world.erased(&ada, ErasureBasis::Asked).await;
    let ErasureOutcome::Erased(receipt) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(receipt.counts.get("tenants"), Some(&1));
    let ledger = world.ledger().await;
    assert_eq!((ledger.count("tenants"), ledger.count("members")), (1, 1));
    let left = world.stores.tenants.of_person(&bob.user).await.unwrap();
    assert_eq!(left.len(), 1);
}

pub async fn an_operator_erases_at_once_but_leaves_no_tenant_without_an_owner(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Member]).await;
    let before = world.ledger().await;
    let ErasureOutcome::NeedsOwners(stakes) = world.erased(&ada, ErasureBasis::Operator).await else {
        panic!("a tenant would be without an owner");
    };
    assert_eq!(stakes.len(), 1);
    assert_eq!(world.since(&before).await, [""; 0]);
    let outcome = world.erased(&bob, ErasureBasis::Operator).await;
    assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
    let outcome = world.erased(&ada, ErasureBasis::Operator).await;
    assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
    assert_eq!(world.ledger().await.count("tenants"), 0, "nobody else was left in it");
    assert_eq!(world.erased(&ada, ErasureBasis::Replayed).await, ErasureOutcome::NotDue);
}

pub async fn an_account_on_hold_is_neither_erased_nor_swept(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Member]).await;
    world.held(&ada).await;
    let leave = RosterChange {
        tenant,
        standings: vec![standing(&world, tenant, &bob).await],
        steps: vec![RosterStep::Remove { user: bob.user }],
        event: world.event(AuditAction::MemberLeft, Some(&bob)),
        at: world.now(),
    };
    world.stores.members.change(&leave).await.unwrap();
    for person in [&ada, &bob] {
        world.leaving(person).await;
    }
    world.advance(Duration::days(400));
    assert_eq!(world.stores.deletions.due(&world.now(), 10).await.unwrap(), [bob.user]);
    for basis in [ErasureBasis::Asked, ErasureBasis::Operator, ErasureBasis::Replayed] {
        assert_eq!(world.erased(&ada, basis).await, ErasureOutcome::Held, "{basis:?}");
    }
    let swept = async |leftover| {
        let sweep = Sweep {
            leftover,
            before: world.now() - Duration::days(90),
            at: world.now(),
        };
        world.stores.housekeeping.sweep(&sweep).await.unwrap()
    };
    let before = world.ledger().await;
    let (tokens, events) = (swept(Leftover::Tokens).await, swept(Leftover::PersonalInLogIns).await);
    assert_eq!(tokens, 2, "Bob's, and not Ada's");
    let gone = world.since(&before).await;
    assert!(!gone.is_empty() && events > 0);

    let released = world.intervention(None, &ada, InterventionStep::Release);
    assert_eq!(world.intervened(&released).await, done(0, true));
    assert_eq!(swept(Leftover::Tokens).await, 2, "Ada's");
    let outcome = world.erased(&ada, ErasureBasis::Asked).await;
    assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
}

pub async fn a_hold_on_somebody_who_belonged_to_a_tenant_keeps_it(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Member]).await;
    let leave = RosterChange {
        tenant,
        standings: vec![standing(&world, tenant, &bob).await],
        steps: vec![RosterStep::Remove { user: bob.user }],
        event: world.event(AuditAction::MemberLeft, Some(&bob)),
        at: world.now(),
    };
    world.stores.members.change(&leave).await.unwrap();
    world.leaving(&ada).await;
    world.held(&bob).await;
    world.advance(grace());
    assert_eq!(world.erased(&ada, ErasureBasis::Asked).await, ErasureOutcome::Held);
}

pub async fn accounts_that_nobody_verifies_or_uses_expire(world: World) {
    let expiry = Duration::days(7);
    let verified = world.person("verified@example.com").await;
    let token = world
        .issued(&world.issue(TokenPurpose::EmailVerification, verified.addressee()))
        .await;
    let proof = EmailProof {
        mail: None,
        ..world.email_proof(&verified, token)
    };
    world.stores.tokens.prove_email(&proof).await.unwrap();
    let unused = world.person("unused@example.com").await;
    world.advance(Duration::seconds(1));
    let alone = world.person("alone@example.com").await;
    founded(&world, &alone, "Alone").await;
    let member = world.person("shares@example.com").await;
    let shared = founded(&world, &verified, "Shared").await;
    world.joined(shared, &member, &[Role::Member]).await;
    let leaving = world.person("leaving@example.com").await;
    world.leaving(&leaving).await;
    let held = world.person("held@example.com").await;
    world.held(&held).await;
    world.advance(Duration::days(1));
    let used = world.person("used@example.com").await;
    let session = world.sign_in(&used);
    assert_eq!(session.session.methods, [AuthMethod::Password]);
    world.open(&session).await;
    world.advance(expiry - Duration::hours(1));
    let since = world.now() - expiry;
    let found = world.stores.deletions.unverified(&since, 10).await.unwrap();
    assert_eq!(found, [unused.user, alone.user]);

    let basis = ErasureBasis::Unverified { unused_since: since };
    for person in [&verified, &member, &leaving, &used] {
        assert_eq!(world.erased(person, basis).await, ErasureOutcome::NotDue);
    }
    assert_eq!(world.erased(&held, basis).await, ErasureOutcome::NotDue);
    for person in [&unused, &alone] {
        let outcome = world.erased(person, basis).await;
        assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
    }
    assert_eq!(world.stores.deletions.unverified(&since, 10).await.unwrap(), []);
    world.advance(Duration::hours(2));
    let since = world.now() - expiry;
    assert_eq!(
        world.stores.deletions.unverified(&since, 10).await.unwrap(),
        [used.user],
        "in the end it is unused, too"
    );
}

// Proves: A67
pub async fn a_sign_in_racing_an_erasure_keeps_the_account_or_finds_nobody(world: World) {
    for round in 0..8 {
        let ada = world.person(&format!("ada{round}@example.com")).await;
        world.leaving(&ada).await;
        world.advance(grace());
        let mut sign_in = world.sign_in(&ada);
        sign_in.credential_version = 2;
        sign_in.keeping = Some(world.keeping(&ada, &[]));
        let erasure = world.erasure(&ada, ErasureBasis::Asked);
        let (signed_in, erased) = futures_util::future::join(
            world.stores.credentials.sign_in(&sign_in),
            world.stores.deletions.erase(&erasure),
        )
        .await;
        let outcomes = (signed_in.unwrap(), matches!(erased.unwrap(), ErasureOutcome::Erased(_)));
        assert!(
            matches!(
                outcomes,
                (SignInOutcome::Opened, false) | (SignInOutcome::Superseded, true)
            ),
            "{outcomes:?}"
        );
    }
}
