//! The promises of [`SecondFactorStore`](rookery_core::ports::SecondFactorStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::LetterKind;
use rookery_core::domain::{
    AuditAction, AuthMethod, Factor, FactorId, FactorState, TokenDigest, TokenPurpose, TotpStep,
};
use rookery_core::ports::{
    CodesRenewal, DeviceUse, FactorChangeOutcome, FactorConfirmation, FactorRemoval, FactorSpending, FactorUse,
    NewChallenge, NewFactor, NewRecoveryCode, Redemption, SecondFactorOutcome, SecondFactorSignIn, SessionRenewal,
    SignInOutcome, TrustWithdrawal, UndoKind,
};

use super::draft::hash;
use super::{OpenSession, Person, World};

const STEP: i64 = 58_718_880;

fn step(after: i64) -> TotpStep {
    TotpStep::from_number(STEP + after)
}

fn code(number: u8) -> [u8; 32] {
    [number; 32]
}

pub(super) fn paper(number: u8) -> FactorUse {
    FactorUse::RecoveryCode {
        digests: vec![code(number)],
    }
}

const fn app(factor: FactorId, step: TotpStep) -> FactorUse {
    FactorUse::Totp { factor, step }
}

impl World {
    pub(super) fn new_factor(&self, person: &Person) -> NewFactor {
        NewFactor {
            id: self.mint.factor_id(self.now()),
            user: person.user,
            sealed_secret: b"sealed\0secret".to_vec(),
            event: self.event(AuditAction::FactorBegun, Some(person)),
            at: self.now(),
        }
    }

    pub(super) fn new_codes(&self, numbers: std::ops::Range<u8>) -> Vec<NewRecoveryCode> {
        numbers
            .map(|number| NewRecoveryCode {
                id: self.mint.recovery_code_id(self.now()),
                digest: code(number),
            })
            .collect()
    }

    fn factor_renewal(&self, person: &Person, session: &OpenSession, action: AuditAction) -> SessionRenewal {
        SessionRenewal {
            user: person.user,
            session: session.id,
            held: session.digest,
            new_digest: self.mint.session_token().digest(),
            methods: vec![AuthMethod::Password, AuthMethod::Totp],
            event: self.event(action, Some(person)),
            at: self.now(),
        }
    }

    pub(super) fn confirmation(&self, person: &Person, session: &OpenSession, factor: FactorId) -> FactorConfirmation {
        FactorConfirmation {
            factor,
            created_after: self.now() - Factor::ENROLMENT_LIFE,
            step: step(0),
            codes: self.new_codes(1..11),
            renewal: self.factor_renewal(person, session, AuditAction::FactorAdded),
            undo: self.new_undo(UndoKind::FactorChanged, person).1,
            mail: self.mail(LetterKind::SecondFactorChanged, person.addressee()),
        }
    }

    pub(super) fn removal(&self, person: &Person, session: &OpenSession, used: FactorUse) -> FactorRemoval {
        FactorRemoval {
            used,
            renewal: self.factor_renewal(person, session, AuditAction::FactorRemoved),
            undo: self.new_undo(UndoKind::FactorChanged, person).1,
            mail: self.mail(LetterKind::SecondFactorChanged, person.addressee()),
        }
    }

    /// Sets an app up in this session, with recovery codes 1 to 10, and gives the session as it goes on.
    pub(super) async fn enrolled(&self, person: &Person, session: &OpenSession) -> (FactorId, OpenSession) {
        let factor = self.new_factor(person);
        assert!(self.stores.factors.enrol(&factor).await.unwrap());
        let confirmation = self.confirmation(person, session, factor.id);
        let outcome = self.stores.factors.confirm(&confirmation).await.unwrap();
        assert_eq!(outcome, FactorChangeOutcome::Changed);
        let renewed = OpenSession {
            id: session.id,
            digest: confirmation.renewal.new_digest,
        };
        (factor.id, renewed)
    }

    /// A person whose sign-ins ask for a second factor, with recovery codes 1 to 10, and their session. Their credential is
    /// of version 2.
    ///
    /// # Panics
    /// When the store refuses.
    pub async fn guarded(&self, email: &str) -> (Person, FactorId, OpenSession) {
        let person = self.person(email).await;
        let session = self.signed_in(&person).await;
        let (factor, session) = self.enrolled(&person, &session).await;
        (person, factor, session)
    }

    fn new_challenge(&self, person: &Person) -> NewChallenge {
        NewChallenge {
            id: self.mint.challenge_id(self.now()),
            user: person.user,
            digest: self.mint.challenge_token().digest(),
            credential_version: 2,
            rehash: None,
            remembered: true,
            created: self.now(),
            expires: self.now() + NewChallenge::LIFE,
            event: self.event(AuditAction::SecondFactorAsked, Some(person)),
        }
    }

    pub(super) async fn challenged(&self, person: &Person) -> NewChallenge {
        let challenge = self.new_challenge(person);
        self.stores.factors.challenge(&challenge).await.unwrap();
        challenge
    }

    pub(super) fn second_step(&self, person: &Person, challenge: &NewChallenge, used: FactorUse) -> SecondFactorSignIn {
        let mut sign_in = self.sign_in(person);
        sign_in.credential_version = 2;
        sign_in.session.methods = vec![AuthMethod::Password, AuthMethod::Totp];
        SecondFactorSignIn {
            challenge: challenge.id,
            used,
            sign_in,
            trusted_until: None,
            mail: None,
            events: Vec::new(),
        }
    }

    pub(super) async fn stepped(&self, sign_in: &SecondFactorSignIn) -> SecondFactorOutcome {
        self.stores.factors.sign_in(sign_in).await.unwrap()
    }

    async fn use_up(&self, person: &Person, used: FactorUse) -> bool {
        let spending = FactorSpending {
            user: person.user,
            used,
            event: None,
            at: self.now(),
        };
        self.stores.factors.use_up(&spending).await.unwrap()
    }
}

// Proves: A59
pub async fn an_app_that_waits_for_its_first_code_gates_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let factor = world.new_factor(&person);
    assert!(world.stores.factors.enrol(&factor).await.unwrap());
    assert_eq!(
        world.since(&before).await,
        ["events factor.begun success +1", "factors pending +1"]
    );
    let held = world.stores.factors.held(&person.user).await.unwrap();
    let pending = held.pending.unwrap();
    assert_eq!((held.confirmed, held.recovery_codes), (None, 0));
    assert_eq!((pending.factor.id, pending.factor.created), (factor.id, factor.at));
    assert_eq!(pending.factor.state, FactorState::Pending);
    assert_eq!(pending.sealed_secret, factor.sealed_secret);
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.second_factor, credential.version), (None, 1));
    assert!(!world.use_up(&person, app(factor.id, step(0))).await, "A59");
    world.signed_in(&person).await;
}

pub async fn a_newer_secret_voids_the_older(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let older = world.new_factor(&person);
    world.stores.factors.enrol(&older).await.unwrap();
    let newer = world.new_factor(&person);
    world.stores.factors.enrol(&newer).await.unwrap();
    let confirmation = world.confirmation(&person, &session, older.id);
    let outcome = world.stores.factors.confirm(&confirmation).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Superseded);
    let held = world.stores.factors.held(&person.user).await.unwrap();
    assert_eq!(held.pending.unwrap().factor.id, newer.id);
}

// Proves: ASVS 7.4.3
pub async fn a_confirmation_writes_all_that_belongs_to_it(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let kept = world.signed_in(&bystander).await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&person).await;
    let factor = world.new_factor(&person);
    world.stores.factors.enrol(&factor).await.unwrap();
    let before = world.ledger().await;
    let confirmation = world.confirmation(&person, &session, factor.id);
    let outcome = world.stores.factors.confirm(&confirmation).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        [
            "events factor.added success +1",
            "factors live +1",
            "factors pending -1",
            "mails second_factor_changed queued +1",
            "recovery codes good +10",
            "sessions -1",
            "undos live +1",
        ]
    );
    assert!(
        world.resolved(&other.digest).await.is_none(),
        "every other session ends"
    );
    assert!(
        world.resolved(&session.digest).await.is_none(),
        "the old token is worth nothing"
    );
    let signed_in = world.resolved(&confirmation.renewal.new_digest).await.unwrap();
    assert_eq!(signed_in.session.methods, [AuthMethod::Password, AuthMethod::Totp]);
    assert!(world.resolved(&kept.digest).await.is_some());
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.second_factor, credential.version), (Some(world.now()), 2));
    let held = world.stores.factors.held(&person.user).await.unwrap();
    assert_eq!((held.pending, held.recovery_codes), (None, 10));
    let state = FactorState::Confirmed {
        since: world.now(),
        last_step: step(0),
    };
    assert_eq!(held.confirmed.unwrap().factor.state, state);
    assert!(
        !world.use_up(&person, app(factor.id, step(0))).await,
        "A53: the enrolment code is used up"
    );
}

pub async fn of_confirmations_at_once_exactly_one_counts(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let factor = world.new_factor(&person);
    world.stores.factors.enrol(&factor).await.unwrap();
    let confirmations: Vec<_> = (0..6)
        .map(|_| world.confirmation(&person, &session, factor.id))
        .collect();
    let outcomes = join_all(confirmations.iter().map(|one| world.stores.factors.confirm(one))).await;
    let changed = outcomes
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == FactorChangeOutcome::Changed)
        .count();
    assert_eq!(changed, 1);
    let ledger = world.ledger().await;
    assert_eq!(
        (ledger.count("factors live"), ledger.count("recovery codes good")),
        (1, 10)
    );
}

pub async fn what_is_not_as_it_was_decided_is_not_confirmed(world: World) {
    let person = world.person("ada@example.com").await;
    let thief = world.person("eve@example.com").await;
    let session = world.signed_in(&person).await;
    let thief_session = world.signed_in(&thief).await;
    let factor = world.new_factor(&person);
    world.stores.factors.enrol(&factor).await.unwrap();
    let before = world.ledger().await;
    let confirm = async |confirmation: FactorConfirmation| world.stores.factors.confirm(&confirmation).await.unwrap();

    let of_another = world.confirmation(&thief, &thief_session, factor.id);
    assert_eq!(confirm(of_another).await, FactorChangeOutcome::Superseded);
    let too_late = FactorConfirmation {
        created_after: factor.at,
        ..world.confirmation(&person, &session, factor.id)
    };
    assert_eq!(confirm(too_late).await, FactorChangeOutcome::Superseded);
    let mut renewed_elsewhere = world.confirmation(&person, &session, factor.id);
    renewed_elsewhere.renewal.held = TokenDigest::from_bytes([0; 32]);
    assert_eq!(confirm(renewed_elsewhere).await, FactorChangeOutcome::SessionEnded);
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn a_second_app_is_not_stored(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let before = world.ledger().await;
    let second = world.new_factor(&person);
    assert!(!world.stores.factors.enrol(&second).await.unwrap());
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn a_removal_takes_app_and_codes_away_and_can_be_undone(world: World) {
    let (person, factor, session) = world.guarded("ada@example.com").await;
    let before = world.ledger().await;
    let spent = world.removal(&person, &session, app(factor, step(0)));
    let outcome = world.stores.factors.remove(&spent).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Spent);
    assert_eq!(world.since(&before).await, [""; 0]);

    let removal = world.removal(&person, &session, paper(3));
    let outcome = world.stores.factors.remove(&removal).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        [
            "events factor.removed success +1",
            "factors live -1",
            "factors removed +1",
            "mails second_factor_changed queued +1",
            "recovery codes good -10",
            "recovery codes replaced +10",
            "undos live +1",
        ]
    );
    let held = world.stores.factors.held(&person.user).await.unwrap();
    assert_eq!((held.confirmed, held.pending, held.recovery_codes), (None, None, 0));
    assert!(!world.use_up(&person, paper(4)).await, "the codes went with it");
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.second_factor, credential.version), (None, 3));
    let again = world.removal(&person, &session, paper(4));
    let outcome = world.stores.factors.remove(&again).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Superseded);
}

pub async fn new_codes_void_the_old(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let without = world.person("bob@example.com").await;
    let renewal = |person: &Person| CodesRenewal {
        user: person.user,
        codes: world.new_codes(21..31),
        undo: world.new_undo(UndoKind::FactorChanged, person).1,
        mail: world.mail(LetterKind::SecondFactorChanged, person.addressee()),
        event: world.event(AuditAction::RecoveryCodesRenewed, Some(person)),
        at: world.now(),
    };
    let before = world.ledger().await;
    assert!(!world.stores.factors.renew_codes(&renewal(&without)).await.unwrap());
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.stores.factors.renew_codes(&renewal(&person)).await.unwrap());
    assert!(!world.use_up(&person, paper(1)).await, "A56: of a replaced set");
    assert!(world.use_up(&person, paper(21)).await);
    assert_eq!(world.stores.factors.held(&person.user).await.unwrap().recovery_codes, 9);
}

// Proves: A53, ASVS 6.5.1
pub async fn of_sixteen_uses_of_one_step_at_once_one_counts_and_an_older_one_never(world: World) {
    let (person, factor, _) = world.guarded("ada@example.com").await;
    let uses = (0..16).map(|_| world.use_up(&person, app(factor, step(2))));
    let counted = join_all(uses).await.into_iter().filter(|counted| *counted).count();
    assert_eq!(counted, 1, "A53");
    for late in [2, 1, 0, -1] {
        assert!(!world.use_up(&person, app(factor, step(late))).await, "{late}");
    }
    assert!(world.use_up(&person, app(factor, step(3))).await);
}

// Proves: A55, ASVS 2.3.4, 6.5.1
pub async fn of_sixteen_uses_of_one_recovery_code_at_once_one_counts(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let uses = (0..16).map(|_| world.use_up(&person, paper(5)));
    let counted = join_all(uses).await.into_iter().filter(|counted| *counted).count();
    assert_eq!(counted, 1, "A55");
    assert_eq!(world.stores.factors.held(&person.user).await.unwrap().recovery_codes, 9);
}

// Proves: A56
pub async fn somebody_else_s_code_does_not_count(world: World) {
    let (person, factor, _) = world.guarded("ada@example.com").await;
    let thief = world.person("eve@example.com").await;
    assert!(!world.use_up(&thief, paper(1)).await, "A56");
    assert!(!world.use_up(&thief, app(factor, step(1))).await);
    assert!(world.use_up(&person, paper(1)).await);
    assert!(world.use_up(&person, app(factor, step(1))).await);
}

pub async fn a_code_kept_under_an_older_key_counts(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let either = FactorUse::RecoveryCode {
        digests: vec![code(200), code(7)],
    };
    assert!(world.use_up(&person, either).await);
    assert!(!world.use_up(&person, paper(7)).await);
}

// Proves: A54
pub async fn of_sixteen_attempts_at_once_five_are_counted(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let challenge = world.challenged(&person).await;
    let now = world.now();
    let attempts = (0..16).map(|_| world.stores.factors.count_attempt(&challenge.digest, &now));
    let mut counted: Vec<_> = join_all(attempts)
        .await
        .into_iter()
        .filter_map(Result::unwrap)
        .collect();
    counted.sort_by_key(|counted| counted.attempt);
    let numbers: Vec<u32> = counted.iter().map(|counted| counted.attempt).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5], "A54");
    for counted in counted {
        assert_eq!((counted.challenge, counted.user), (challenge.id, person.user));
        assert_eq!((counted.credential_version, counted.remembered), (2, true));
    }
}

// Proves: ASVS 6.5.5
pub async fn a_challenge_ends_with_its_time(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let challenge = world.challenged(&person).await;
    let unknown = TokenDigest::from_bytes([0; 32]);
    let count = async |digest| world.stores.factors.count_attempt(digest, &world.now()).await.unwrap();
    assert!(count(&unknown).await.is_none());
    world.advance(NewChallenge::LIFE - Duration::microseconds(1));
    assert!(count(&challenge.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert!(count(&challenge.digest).await.is_none());
}

pub async fn the_second_step_opens_one_session(world: World) {
    let (person, factor, _) = world.guarded("ada@example.com").await;
    let challenge = world.challenged(&person).await;
    let before = world.ledger().await;
    let steps: Vec<_> = (0..6)
        .map(|more| world.second_step(&person, &challenge, app(factor, step(1 + more))))
        .collect();
    let outcomes = join_all(steps.iter().map(|one| world.stepped(one))).await;
    let opened = outcomes
        .iter()
        .filter(|outcome| **outcome == SecondFactorOutcome::Opened)
        .count();
    assert_eq!(opened, 1, "{outcomes:?}");
    assert_eq!(
        world.since(&before).await,
        ["devices +1", "events session.created success +1", "sessions +1"]
    );
    let won = outcomes
        .iter()
        .position(|outcome| *outcome == SecondFactorOutcome::Opened);
    let session = &steps[won.unwrap()].sign_in.session;
    let signed_in = world.resolved(&session.digest).await.unwrap();
    assert_eq!(signed_in.session.methods, [AuthMethod::Password, AuthMethod::Totp]);
    let counted = world
        .stores
        .factors
        .count_attempt(&challenge.digest, &world.now())
        .await;
    assert!(counted.unwrap().is_none(), "a challenge is used once");
}

// Proves: A55
pub async fn one_code_on_sixteen_challenges_opens_one_session(world: World) {
    for by_app in [true, false] {
        let (person, factor, _) = world
            .guarded(if by_app { "ada@example.com" } else { "bob@example.com" })
            .await;
        let used = if by_app { app(factor, step(1)) } else { paper(9) };
        let mut steps = Vec::new();
        for _ in 0..16 {
            let challenge = world.challenged(&person).await;
            steps.push(world.second_step(&person, &challenge, used.clone()));
        }
        let outcomes = join_all(steps.iter().map(|one| world.stepped(one))).await;
        let opened = outcomes
            .iter()
            .filter(|outcome| **outcome == SecondFactorOutcome::Opened)
            .count();
        let spent = outcomes
            .iter()
            .filter(|outcome| **outcome == SecondFactorOutcome::Spent)
            .count();
        assert_eq!((opened, spent), (1, 15), "A53, A55");
    }
}

pub async fn what_changed_since_the_first_step_opens_nothing(world: World) {
    let (person, factor, session) = world.guarded("ada@example.com").await;
    let challenge = world.challenged(&person).await;
    let waiting = world.second_step(&person, &challenge, app(factor, step(1)));
    let mut change = world.password_change(&person, &session, "second");
    change.credential_version = 2;
    world.stores.credentials.change_password(&change).await.unwrap();
    let before = world.ledger().await;
    assert_eq!(world.stepped(&waiting).await, SecondFactorOutcome::Superseded);
    assert_eq!(world.since(&before).await, [""; 0]);
}

// Proves: A58
pub async fn a_sign_in_by_password_alone_that_was_under_way_opens_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let under_way = world.sign_in(&person);
    world.enrolled(&person, &session).await;
    let outcome = world.stores.credentials.sign_in(&under_way).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
}

pub async fn a_better_hash_is_stored_while_the_second_factor_is_asked_for(world: World) {
    let (person, ..) = world.guarded("ada@example.com").await;
    let challenge = NewChallenge {
        rehash: Some(hash("better")),
        ..world.new_challenge(&person)
    };
    world.stores.factors.challenge(&challenge).await.unwrap();
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (hash("better"), 2));
    let late = NewChallenge {
        rehash: Some(hash("late")),
        credential_version: 1,
        ..world.new_challenge(&person)
    };
    world.stores.factors.challenge(&late).await.unwrap();
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!(credential.hash, hash("better"));
}

pub async fn a_browser_is_trusted_until_the_trust_ends_or_is_taken_back(world: World) {
    let (person, factor, session) = world.guarded("ada@example.com").await;
    let until = world.now() + Duration::days(30);
    let mut browsers = Vec::new();
    for number in 1..=3 {
        let challenge = world.challenged(&person).await;
        let mut trusting = world.second_step(&person, &challenge, app(factor, step(number)));
        trusting.trusted_until = (number < 3).then_some(until);
        assert_eq!(world.stepped(&trusting).await, SecondFactorOutcome::Opened);
        let DeviceUse::New(device) = trusting.sign_in.device else {
            panic!("a known browser")
        };
        browsers.push(device.id);
    }
    browsers[..2].sort();
    let trusted = async || {
        let devices = world.stores.factors.trusted_devices(&person.user, &world.now()).await;
        let devices = devices.unwrap();
        assert!(devices.iter().all(|device| device.trusted_until == until));
        let mut ids: Vec<_> = devices.into_iter().map(|device| device.id).collect();
        ids.sort();
        ids
    };
    assert_eq!(trusted().await, browsers[..2]);
    let withdraw = async |device| {
        let withdrawal = TrustWithdrawal {
            user: person.user,
            device,
            event: world.event(AuditAction::DeviceForgotten, Some(&person)),
            at: world.now(),
        };
        world.stores.factors.withdraw_trust(&withdrawal).await.unwrap()
    };
    let before = world.ledger().await;
    assert_eq!(withdraw(Some(browsers[2])).await, 0, "it was not trusted");
    assert_eq!(world.since(&before).await, [""; 0]);
    assert_eq!(withdraw(Some(browsers[0])).await, 1);
    assert_eq!(trusted().await, [browsers[1]]);
    world.advance(Duration::days(30));
    assert!(trusted().await.is_empty(), "trust ends");
    world.advance(-Duration::days(30));
    let (session, removal) = (session, paper(1));
    let removed = world
        .stores
        .factors
        .remove(&world.removal(&person, &session, removal))
        .await;
    assert_eq!(removed.unwrap(), FactorChangeOutcome::Changed);
    assert!(trusted().await.is_empty(), "a change of the factor takes it back");
}

// Proves: A06, ASVS 6.4.3
pub async fn a_reset_of_the_password_leaves_the_factor_and_its_codes_as_they_were(world: World) {
    let person = world.person("ada@example.com").await;
    let proof = world
        .issued(&world.issue(TokenPurpose::EmailVerification, person.addressee()))
        .await;
    let proved = world
        .stores
        .tokens
        .prove_email(&world.email_proof(&person, proof))
        .await;
    assert_eq!(proved.unwrap(), Redemption::Redeemed);
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    let mut sign_in = world.sign_in(&person);
    sign_in.credential_version = credential.version;
    let session = world.open(&sign_in).await;
    let (factor, session) = world.enrolled(&person, &session).await;

    let token = world
        .issued(&world.issue(TokenPurpose::PasswordReset, person.addressee()))
        .await;
    let reset = world.password_reset(&person, token, "second");
    let redeemed = world.stores.tokens.reset_password(&reset).await;
    assert_eq!(redeemed.unwrap(), Redemption::Redeemed);
    let held = world.stores.factors.held(&person.user).await.unwrap();
    assert_eq!(held.confirmed.unwrap().factor.id, factor, "A06");
    assert_eq!(held.recovery_codes, 10);
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert!(credential.second_factor.is_some());
    assert!(world.resolved(&session.digest).await.is_none());
}
