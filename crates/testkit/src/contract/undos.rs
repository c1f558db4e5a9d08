//! The promises of [`UndoStore`](rookery_core::ports::UndoStore).

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::Reader;
use rookery_core::domain::{EmailAddress, Timestamp, TokenDigest, TokenPurpose};
use rookery_core::ports::{
    EmailProof, FactorChangeOutcome, PasswordChange, PasswordChangeOutcome, Redemption, SecondFactorOutcome, SignIn,
    SignInOutcome, UndoKind, UndoOutcome, UndoRecord,
};

use super::draft::{address, hash};
use super::second_factors::paper;
use super::{OpenSession, Person, World};

impl World {
    /// Changes the password from this version on, and gives the way back.
    async fn rekeyed(&self, person: &Person, session: &OpenSession, version: i32) -> (OpenSession, TokenDigest) {
        let (digest, undo) = self.new_undo(UndoKind::PasswordChanged, person);
        let change = PasswordChange {
            credential_version: version,
            undo,
            ..self.password_change(person, session, "thief's")
        };
        let outcome = self.stores.credentials.change_password(&change).await.unwrap();
        assert_eq!(outcome, PasswordChangeOutcome::Changed);
        let session = OpenSession {
            id: session.id,
            digest: change.new_digest,
        };
        (session, digest)
    }

    /// Wishes for another address, confirms it, and gives the way back.
    async fn moved_away(
        &self,
        person: &Person,
        session: &OpenSession,
        to: &str,
        version: i32,
    ) -> (Person, TokenDigest) {
        let mut request = self.email_change_request(person, session, to);
        request.credential_version = version;
        self.stores.addresses.request(&request).await.unwrap();
        let change = self.email_change(person, &request);
        self.stores.addresses.confirm(&change).await.unwrap();
        let moved = Person {
            user: person.user,
            email: request.to,
        };
        assert_eq!(self.owner_of(&moved.email).await, Some(moved.user));
        (moved, change.undo.digest)
    }

    async fn undone(&self, person: &Person, digest: TokenDigest) -> UndoOutcome {
        let undoing = self.undoing(person, digest);
        self.stores.undos.undo(&undoing).await.unwrap()
    }

    async fn way_back(&self, digest: TokenDigest) -> Option<UndoRecord> {
        self.stores.undos.find(&digest).await.unwrap()
    }

    async fn verified(&self, person: &Person) -> Timestamp {
        let token = self.issue(TokenPurpose::EmailVerification, person.addressee());
        let token = self.issued(&token).await;
        let proof = EmailProof {
            mail: None,
            ..self.email_proof(person, token)
        };
        let redeemed = self.stores.tokens.prove_email(&proof).await.unwrap();
        assert_eq!(redeemed, Redemption::Redeemed);
        self.now()
    }

    async fn address_of(&self, person: &Person) -> (EmailAddress, Option<Timestamp>) {
        let credential = self.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
        (credential.email, credential.email_verified)
    }
}

pub async fn a_way_back_is_found_with_its_person_and_its_address(world: World) {
    let person = world.person("Ada@example.com").await;
    let session = world.signed_in(&person).await;
    let (_, digest) = world.moved_away(&person, &session, "ada@new.example", 1).await;
    let before = world.ledger().await;
    let expected = UndoRecord {
        user: person.user,
        email: person.email.clone(),
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        reader: Reader::default(),
        kind: UndoKind::EmailChanged,
        disabled: None,
        expires: world.now() + Duration::hours(72),
    };
    assert_eq!(world.way_back(digest).await, Some(expected));
    assert_eq!(world.way_back(TokenDigest::from_bytes([0; 32])).await, None);
    assert_eq!(world.since(&before).await, [""; 0], "looking changes nothing");
}

pub async fn a_way_back_leads_to_no_address_but_the_one_it_was_mailed_to(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let elsewhere = Person {
        email: address("ada@old.example"),
        ..person.clone()
    };
    let (digest, undo) = world.new_undo(UndoKind::PasswordChanged, &elsewhere);
    let change = PasswordChange {
        undo,
        ..world.password_change(&person, &session, "second")
    };
    let outcome = world.stores.credentials.change_password(&change).await.unwrap();
    assert_eq!(outcome, PasswordChangeOutcome::Changed);
    assert_eq!(world.way_back(digest).await, None);
    assert_eq!(world.undone(&person, digest).await, UndoOutcome::Spent);
}

pub async fn an_undo_gives_the_account_back_after_the_address_was_changed_twice(world: World) {
    let owner = world.person("Ada@example.com").await;
    let since = world.verified(&owner).await;
    let session = world.signed_in(&owner).await;
    world.advance(Duration::minutes(5));
    let (first, way_back) = world.moved_away(&owner, &session, "eve@thief.example", 1).await;
    let (second, theirs) = world.moved_away(&first, &session, "eve@other.example", 2).await;
    world.advance(Duration::hours(71));

    assert_eq!(world.undone(&owner, way_back).await, UndoOutcome::Undone);
    let (email, verified) = world.address_of(&owner).await;
    assert_eq!((email.as_str(), verified), ("Ada@example.com", Some(since)));
    for gone in [&first.email, &second.email] {
        assert_eq!(world.owner_of(gone).await, None);
    }
    assert_eq!(world.way_back(theirs).await, None);
    assert_eq!(world.undone(&first, theirs).await, UndoOutcome::Spent);
    assert_eq!(world.way_back(way_back).await, None);
    assert_eq!(world.undone(&owner, way_back).await, UndoOutcome::Spent, "once");
}

pub async fn an_undo_ends_everything_and_only_the_mailed_reset_opens_the_account(world: World) {
    let owner = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let other = world.signed_in(&bystander).await;
    let session = world.signed_in(&owner).await;
    let (session, way_back) = world.rekeyed(&owner, &session, 1).await;
    let again = SignIn {
        credential_version: 2,
        ..world.sign_in(&owner)
    };
    world.open(&again).await;
    let mut wish = world.email_change_request(&owner, &session, "eve@thief.example");
    wish.credential_version = 2;
    world.stores.addresses.request(&wish).await.unwrap();
    let issue = world.issue(TokenPurpose::PasswordReset, owner.addressee());
    let reset = world.issued(&issue).await;
    let before = world.ledger().await;

    let undoing = world.undoing(&owner, way_back);
    let outcome = world.stores.undos.undo(&undoing).await.unwrap();
    assert_eq!(outcome, UndoOutcome::Undone);
    let since = world.since(&before).await;
    let devices = since.iter().filter(|line| line.starts_with("devices ")).count();
    let others: Vec<&String> = since.iter().filter(|line| !line.starts_with("devices ")).collect();
    assert!(devices <= 1);
    assert_eq!(
        others,
        [
            "events user.change_undone success +1",
            "mails change_undone queued +1",
            "sessions -2",
            "tokens email_change live -1",
            "tokens email_change void +1",
            "tokens email_verification live -1",
            "tokens email_verification void +1",
            "tokens password_reset void +1",
            "undos live -1",
            "undos used +1",
        ]
    );
    assert_eq!(world.ledger().await.count("devices"), 1, "the bystander's");
    for session in [session.digest, again.session.digest] {
        assert_eq!(world.resolved(&session).await, None);
    }
    assert!(world.resolved(&other.digest).await.is_some());
    assert_eq!(world.stores.tokens.find(&reset).await.unwrap(), None);
    assert_eq!(world.stores.addresses.find(&wish.token.digest).await.unwrap(), None);
    let credential = world.stores.credentials.by_user(&owner.user).await.unwrap().unwrap();
    assert!(credential.hash.fits_nothing());
    assert_eq!(credential.version, 3);

    let mine = world.password_reset(&owner, undoing.reset.digest, "mine");
    let redeemed = world.stores.tokens.reset_password(&mine).await.unwrap();
    assert_eq!(redeemed, Redemption::Redeemed);
    let credential = world.stores.credentials.by_user(&owner.user).await.unwrap().unwrap();
    assert_eq!(credential.hash, hash("mine"));
}

pub async fn an_undo_voids_later_ways_back_whatever_the_clock_said_and_no_earlier_ones(world: World) {
    let owner = world.person("ada@example.com").await;
    let session = world.signed_in(&owner).await;
    let (session, earliest) = world.rekeyed(&owner, &session, 1).await;
    let (thief, way_back) = world.moved_away(&owner, &session, "eve@thief.example", 2).await;
    // On a node whose clock is behind.
    world.advance(-Duration::minutes(1));
    let (_, theirs) = world.rekeyed(&thief, &session, 3).await;
    world.advance(Duration::minutes(2));

    assert_eq!(world.undone(&owner, way_back).await, UndoOutcome::Undone);
    assert_eq!(world.way_back(theirs).await, None);
    assert_eq!(world.undone(&thief, theirs).await, UndoOutcome::Spent);
    assert!(world.way_back(earliest).await.is_some(), "it restores more");
    assert_eq!(world.undone(&owner, earliest).await, UndoOutcome::Undone);
}

pub async fn of_undos_at_once_exactly_one_undoes(world: World) {
    let owner = world.person("ada@example.com").await;
    let session = world.signed_in(&owner).await;
    let (_, way_back) = world.moved_away(&owner, &session, "eve@thief.example", 1).await;
    let undoings: Vec<_> = (0..6).map(|_| world.undoing(&owner, way_back)).collect();
    let before = world.ledger().await;
    let outcomes = join_all(undoings.iter().map(|undoing| world.stores.undos.undo(undoing))).await;
    let undone = outcomes
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == UndoOutcome::Undone)
        .count();
    assert_eq!(undone, 1);
    let since = world.since(&before).await;
    assert!(since.contains(&"mails change_undone queued +1".to_owned()), "{since:?}");
    assert_eq!(world.ledger().await.count("tokens password_reset live"), 1);
}

pub async fn an_undo_by_owner_and_thief_at_once_leaves_the_account_with_the_owner(world: World) {
    for round in 0..4 {
        let owner = world.person(&format!("ada{round}@example.com")).await;
        let session = world.signed_in(&owner).await;
        let first = format!("eve{round}@thief.example");
        let (thief, way_back) = world.moved_away(&owner, &session, &first, 1).await;
        let second = format!("eve{round}@other.example");
        let (_, theirs) = world.moved_away(&thief, &session, &second, 2).await;
        let hers = world.undoing(&owner, way_back);
        let his = world.undoing(&thief, theirs);
        let (hers, _) = join(world.stores.undos.undo(&hers), world.stores.undos.undo(&his)).await;
        assert_eq!(hers.unwrap(), UndoOutcome::Undone);
        assert_eq!(world.owner_of(&owner.email).await, Some(owner.user));
        assert_eq!(world.owner_of(&thief.email).await, None);
    }
}

pub async fn a_way_back_that_has_run_out_or_is_somebody_else_s_undoes_nothing(world: World) {
    let owner = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let session = world.signed_in(&owner).await;
    let (_, way_back) = world.moved_away(&owner, &session, "eve@thief.example", 1).await;
    let before = world.ledger().await;
    assert_eq!(world.undone(&bystander, way_back).await, UndoOutcome::Spent);
    world.advance(Duration::hours(72));
    assert_eq!(world.way_back(way_back).await.unwrap().expires, world.now());
    assert_eq!(world.undone(&owner, way_back).await, UndoOutcome::Spent);
    assert_eq!(world.since(&before).await, [""; 0]);
    world.advance(-Duration::microseconds(1));
    assert_eq!(
        world.undone(&owner, way_back).await,
        UndoOutcome::Undone,
        "to its last moment"
    );
}

pub async fn a_sign_in_racing_an_undo_leaves_no_session(world: World) {
    let owner = world.person("ada@example.com").await;
    let session = world.signed_in(&owner).await;
    let (_, way_back) = world.rekeyed(&owner, &session, 1).await;
    let sign_in = SignIn {
        credential_version: 2,
        ..world.sign_in(&owner)
    };
    let undoing = world.undoing(&owner, way_back);
    let (undone, signed_in) = join(
        world.stores.undos.undo(&undoing),
        world.stores.credentials.sign_in(&sign_in),
    )
    .await;
    assert_eq!(undone.unwrap(), UndoOutcome::Undone);
    assert!(matches!(
        signed_in.unwrap(),
        SignInOutcome::Opened | SignInOutcome::Superseded
    ));
    assert_eq!(world.resolved(&sign_in.session.digest).await, None);
}

pub async fn an_undo_keeps_an_unverified_address_unverified(world: World) {
    let owner = world.person("ada@example.com").await;
    let session = world.signed_in(&owner).await;
    let (moved, way_back) = world.moved_away(&owner, &session, "eve@thief.example", 1).await;
    assert_eq!(world.address_of(&moved).await.1, Some(world.now()));
    assert_eq!(world.undone(&owner, way_back).await, UndoOutcome::Undone);
    assert_eq!(world.address_of(&owner).await, (owner.email.clone(), None));
}

pub async fn an_undo_brings_the_second_factors_back_and_sends_the_thief_s_away(world: World) {
    let (owner, hers, session) = world.guarded("ada@example.com").await;
    // The thief takes her app away with one of her codes on paper, and sets one up of his own.
    let removal = world.removal(&owner, &session, paper(1));
    let outcome = world.stores.factors.remove(&removal).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Changed);
    let session = OpenSession {
        id: session.id,
        digest: removal.renewal.new_digest,
    };
    world.advance(Duration::seconds(1));
    let his = world.new_factor(&owner);
    assert!(world.stores.factors.enrol(&his).await.unwrap());
    let mut confirmation = world.confirmation(&owner, &session, his.id);
    confirmation.codes = world.new_codes(11..21);
    let outcome = world.stores.factors.confirm(&confirmation).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Changed);
    let held = world.stores.factors.held(&owner.user).await.unwrap();
    assert_eq!(held.confirmed.unwrap().factor.id, his.id);

    // Sign-ins that wait for his factor are gone with it.
    let mut waiting = world.challenged(&owner).await;
    waiting.credential_version = 4;
    let undone = world.undone(&owner, removal.undo.digest).await;
    assert_eq!(undone, UndoOutcome::Undone);
    let counted = world.stores.factors.count_attempt(&waiting.digest, &world.now()).await;
    assert_eq!(counted.unwrap(), None);

    let held = world.stores.factors.held(&owner.user).await.unwrap();
    assert_eq!(held.confirmed.unwrap().factor.id, hers);
    assert_eq!(held.recovery_codes, 9, "the one he used stays used");
    let credential = world.stores.credentials.by_user(&owner.user).await.unwrap().unwrap();
    assert!(credential.hash.fits_nothing());
    for (used, passes) in [(paper(1), false), (paper(11), false), (paper(2), true)] {
        let mut challenge = world.challenged(&owner).await;
        challenge.credential_version = credential.version;
        let mut step = world.second_step(&owner, &challenge, used);
        step.sign_in.credential_version = credential.version;
        let expected = if passes {
            SecondFactorOutcome::Opened
        } else {
            SecondFactorOutcome::Spent
        };
        assert_eq!(world.stepped(&step).await, expected);
    }
}

pub async fn an_undo_takes_away_a_factor_that_was_not_there_before(world: World) {
    let owner = world.person("ada@example.com").await;
    let session = world.signed_in(&owner).await;
    let his = world.new_factor(&owner);
    assert!(world.stores.factors.enrol(&his).await.unwrap());
    let confirmation = world.confirmation(&owner, &session, his.id);
    let outcome = world.stores.factors.confirm(&confirmation).await.unwrap();
    assert_eq!(outcome, FactorChangeOutcome::Changed);
    let undone = world.undone(&owner, confirmation.undo.digest).await;
    assert_eq!(undone, UndoOutcome::Undone);
    let held = world.stores.factors.held(&owner.user).await.unwrap();
    assert_eq!((held.confirmed, held.pending, held.recovery_codes), (None, None, 0));
}
