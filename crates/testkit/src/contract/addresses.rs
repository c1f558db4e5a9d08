//! The promises of [`AddressStore`](rookery_core::ports::AddressStore): ATTACKS A05, A10, A12.

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::Reader;
use rookery_core::domain::{AuditAction, EmailAddress, PendingEmail, ProfileUpdate, TokenPurpose};
use rookery_core::ports::{
    Admission, EmailChangeOutcome, EmailChangeRequest, EmailChangeRequestOutcome, NewTenant, PasswordChangeOutcome,
    PendingEmailChange, Redemption, SignInOutcome,
};

use super::draft::address;
use super::{OpenSession, Person, World};

impl World {
    /// Writes the wish down.
    pub(super) async fn wished(&self, person: &Person, session: &OpenSession, to: &str) -> EmailChangeRequest {
        let request = self.email_change_request(person, session, to);
        let outcome = self.stores.addresses.request(&request).await.unwrap();
        assert_eq!(outcome, EmailChangeRequestOutcome::Pending);
        request
    }

    /// Wishes for another address and confirms it. Answers who the person is then.
    pub(super) async fn moved(&self, person: &Person, session: &OpenSession, to: &str, version: i32) -> Person {
        let request = EmailChangeRequest {
            credential_version: version,
            ..self.email_change_request(person, session, to)
        };
        let outcome = self.stores.addresses.request(&request).await.unwrap();
        assert_eq!(outcome, EmailChangeRequestOutcome::Pending);
        let outcome = self.confirmed(person, &request).await;
        assert_eq!(outcome, EmailChangeOutcome::Changed);
        Person {
            user: person.user,
            email: request.to,
        }
    }

    async fn confirmed(&self, person: &Person, request: &EmailChangeRequest) -> EmailChangeOutcome {
        let change = self.email_change(person, request);
        self.stores.addresses.confirm(&change).await.unwrap()
    }

    async fn is_taken(&self, email: &str, by_somebody_else_than: &Person) -> bool {
        self.stores
            .addresses
            .is_taken(&address(email), &by_somebody_else_than.user, &self.now())
            .await
            .unwrap()
    }

    /// Who signs in with this address.
    pub(super) async fn owner_of(&self, email: &EmailAddress) -> Option<rookery_core::domain::UserId> {
        let found = self.stores.credentials.by_email(email).await.unwrap();
        found.map(|credential| credential.user)
    }
}

// Proves: A12
pub async fn a_wish_waits_and_everything_else_stays_as_it_is(world: World) {
    let person = world.person("Ada@example.com").await;
    let session = world.signed_in(&person).await;
    let elsewhere = world.signed_in(&person).await;
    let reset = world.issue(TokenPurpose::PasswordReset, person.addressee());
    let reset = world.issued(&reset).await;
    let before = world.ledger().await;
    let request = world.wished(&person, &session, "Ada@new.example").await;
    assert_eq!(
        world.since(&before).await,
        [
            "events email.change_requested success +1",
            "mails confirm_new_email queued +1",
            "mails email_change_requested queued +1",
            "tokens email_change live +1",
        ]
    );
    let found = world.stores.addresses.find(&request.token.digest).await.unwrap();
    let expected = PendingEmailChange {
        user: person.user,
        from: person.email.clone(),
        to: address("Ada@new.example"),
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        reader: Reader::default(),
        disabled: None,
        expires: request.token.expires,
    };
    assert_eq!(found, Some(expected));
    assert_eq!(world.owner_of(&person.email).await, Some(person.user));
    assert_eq!(world.owner_of(&request.to).await, None, "recovery does not know it");
    assert!(world.stores.tokens.find(&reset).await.unwrap().is_some());
    let pending = PendingEmail {
        email: request.to.clone(),
        expires: request.token.expires,
    };
    for session in [session, elsewhere] {
        let profile = world.resolved(&session.digest).await.unwrap().profile;
        assert_eq!(profile.email, person.email);
        assert_eq!(profile.pending_email.as_ref(), Some(&pending));
    }
    let update = ProfileUpdate {
        weekly_reports: Some(true),
        ..ProfileUpdate::default()
    };
    let changed = world
        .stores
        .profiles
        .apply(&world.profile_change(&person, update))
        .await;
    assert_eq!(changed.unwrap().unwrap().pending_email, Some(pending));
    let bystander = world.person("bob@example.com").await;
    assert!(
        !world.is_taken("Ada@new.example", &bystander).await,
        "nobody has it yet"
    );
}

pub async fn a_newer_wish_replaces_the_older(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let older = world.wished(&person, &session, "ada@typo.example").await;
    let newer = world.wished(&person, &session, "ada@new.example").await;
    let addresses = &world.stores.addresses;
    assert_eq!(addresses.find(&older.token.digest).await.unwrap(), None);
    assert_eq!(world.confirmed(&person, &older).await, EmailChangeOutcome::Spent);
    let mixed = EmailChangeRequest {
        to: older.to.clone(),
        ..newer.clone()
    };
    assert_eq!(
        world.confirmed(&person, &mixed).await,
        EmailChangeOutcome::Spent,
        "a token confirms one address"
    );
    assert_eq!(world.confirmed(&person, &newer).await, EmailChangeOutcome::Changed);
    assert_eq!(world.owner_of(&newer.to).await, Some(person.user));
}

pub async fn a_wish_on_an_outdated_version_or_from_a_session_that_has_ended_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&bystander).await;
    let before = world.ledger().await;
    let outdated = EmailChangeRequest {
        credential_version: 2,
        ..world.email_change_request(&person, &session, "ada@new.example")
    };
    let foreign = world.email_change_request(&person, &other, "ada@new.example");
    world.advance(Duration::minutes(30));
    let ended = world.email_change_request(&person, &session, "ada@new.example");
    for (request, expected) in [
        (outdated, EmailChangeRequestOutcome::Superseded),
        (foreign, EmailChangeRequestOutcome::SessionEnded),
        (ended, EmailChangeRequestOutcome::SessionEnded),
    ] {
        assert_eq!(world.stores.addresses.request(&request).await.unwrap(), expected);
    }
    assert_eq!(world.since(&before).await, [""; 0]);
}

// Proves: ASVS 2.3.1
pub async fn a_wish_that_was_called_off_cannot_be_confirmed(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    let before = world.ledger().await;
    let event = world.event(AuditAction::EmailChangeCancelled, Some(&person));
    assert!(world.stores.addresses.cancel(&person.user, &event).await.unwrap());
    let again = world.event(AuditAction::EmailChangeCancelled, Some(&person));
    assert!(!world.stores.addresses.cancel(&person.user, &again).await.unwrap());
    assert_eq!(
        world.since(&before).await,
        [
            "events email.change_cancelled success +1",
            "tokens email_change live -1",
            "tokens email_change void +1",
        ]
    );
    let found = world.stores.addresses.find(&request.token.digest).await.unwrap();
    assert_eq!(found, None);
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Spent);
    let profile = world.resolved(&session.digest).await.unwrap().profile;
    assert_eq!(profile.pending_email, None);
}

// Proves: A05
pub async fn a_confirmed_change_moves_the_person_and_ends_everything_else(world: World) {
    let mut account = world.new_account("Ada@example.com");
    account.tenant = Some(NewTenant {
        id: world.mint.tenant_id(world.now()),
        name: rookery_core::domain::CompanyName::parse("Analytical Engines").unwrap(),
    });
    assert_eq!(
        world.stores.accounts.admit(&account).await.unwrap(),
        Admission::Admitted
    );
    let person = Person {
        user: account.user,
        email: account.email.clone(),
    };
    let bystander = world.person("bob@example.com").await;
    let other = world.signed_in(&bystander).await;
    let session = world.signed_in(&person).await;
    let elsewhere = world.signed_in(&person).await;
    let reset = world.issue(TokenPurpose::PasswordReset, person.addressee());
    let reset = world.issued(&reset).await;
    let request = world.wished(&person, &session, "Ada@new.example").await;
    world.advance(Duration::minutes(10));
    let before = world.ledger().await;

    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        [
            "events email.changed success +1",
            "mails email_changed queued +1",
            "mails new_email_confirmed queued +1",
            "sessions -1",
            "tokens email_change live -1",
            "tokens email_change used +1",
            "tokens email_verification live -1",
            "tokens email_verification void +1",
            "tokens password_reset live -1",
            "tokens password_reset void +1",
            "undos live +1",
            "users verified +1",
        ]
    );
    assert_eq!(world.owner_of(&person.email).await, None);
    let credential = world.stores.credentials.by_email(&address("ADA@NEW.EXAMPLE")).await;
    let credential = credential.unwrap().unwrap();
    assert_eq!(
        (credential.user, credential.email.as_str(), credential.version),
        (person.user, "Ada@new.example", 2)
    );
    assert_eq!(credential.email_verified, Some(world.now()));
    assert_eq!(world.stores.tokens.find(&reset).await.unwrap(), None);
    assert_eq!(world.resolved(&elsewhere.digest).await, None);
    assert!(world.resolved(&other.digest).await.is_some());
    let here = world.resolved(&session.digest).await.unwrap().profile;
    assert_eq!((here.email.as_str(), here.updated), ("Ada@new.example", world.now()));
    assert_eq!(here.pending_email, None);
    let found = world.stores.addresses.find(&request.token.digest).await.unwrap();
    assert_eq!(found, None, "a second use is like an unknown token");
    let after = Person {
        email: request.to.clone(),
        ..person.clone()
    };
    assert_eq!(world.confirmed(&after, &request).await, EmailChangeOutcome::Spent);
    let addresses = world.stores.witness.member_addresses(&person.user).await;
    assert_eq!(addresses, ["Ada@new.example"], "the tenants know it, too");
}

pub async fn a_token_that_has_expired_or_is_somebody_else_s_changes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&bystander).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    let foreign = world.wished(&bystander, &other, "bob@new.example").await;
    let before = world.ledger().await;
    let stolen = EmailChangeRequest {
        to: foreign.to.clone(),
        ..request.clone()
    };
    assert_eq!(world.confirmed(&bystander, &stolen).await, EmailChangeOutcome::Spent);
    world.advance(Duration::hours(24));
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Spent);
    assert_eq!(world.since(&before).await, [""; 0]);
    world.advance(-Duration::microseconds(1));
    assert_eq!(
        world.confirmed(&person, &request).await,
        EmailChangeOutcome::Changed,
        "to its last moment"
    );
}

pub async fn of_confirmations_at_once_exactly_one_changes_the_address(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    let before = world.ledger().await;
    let changes: Vec<_> = (0..6).map(|_| world.email_change(&person, &request)).collect();
    let outcomes = join_all(changes.iter().map(|change| world.stores.addresses.confirm(change))).await;
    let winners = outcomes
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == EmailChangeOutcome::Changed)
        .count();
    assert_eq!(winners, 1);
    let since = world.since(&before).await;
    assert!(since.contains(&"mails email_changed queued +1".to_owned()), "{since:?}");
    assert!(since.contains(&"undos live +1".to_owned()), "{since:?}");
}

pub async fn an_address_taken_meanwhile_stays_with_whoever_took_it(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "Ada@new.example").await;
    assert!(!world.is_taken("ada@new.example", &person).await);
    let faster = world.person("ADA@new.example").await;
    assert!(world.is_taken("ada@new.example", &person).await);
    assert!(!world.is_taken("ada@new.example", &faster).await, "their own");
    let before = world.ledger().await;
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::EmailTaken);
    assert_eq!(world.since(&before).await, [""; 0]);
    assert_eq!(world.owner_of(&request.to).await, Some(faster.user));
    assert_eq!(world.owner_of(&person.email).await, Some(person.user));
    let found = world.stores.addresses.find(&request.token.digest).await.unwrap();
    assert!(found.is_some(), "the token is as good as it was");
}

pub async fn of_all_who_race_for_one_address_exactly_one_gets_it(world: World) {
    let mut changes = Vec::new();
    for number in 0..4 {
        let person = world.person(&format!("ada{number}@example.com")).await;
        let session = world.signed_in(&person).await;
        let request = world.wished(&person, &session, "ada@new.example").await;
        changes.push(world.email_change(&person, &request));
    }
    let account = world.new_account("ADA@new.example");
    let confirmations = join_all(changes.iter().map(|change| world.stores.addresses.confirm(change)));
    let (confirmed, admitted) = join(confirmations, world.stores.accounts.admit(&account)).await;
    let won = confirmed
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == EmailChangeOutcome::Changed)
        .count()
        + usize::from(admitted.unwrap() == Admission::Admitted);
    assert_eq!(won, 1);
}

pub async fn a_new_password_calls_a_waiting_change_off(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@thief.example").await;
    let change = world.password_change(&person, &session, "second");
    let outcome = world.stores.credentials.change_password(&change).await.unwrap();
    assert_eq!(outcome, PasswordChangeOutcome::Changed);
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Spent);
    let nothing = world.event(AuditAction::EmailChangeCancelled, Some(&person));
    assert!(!world.stores.addresses.cancel(&person.user, &nothing).await.unwrap());

    let person = world.person("eve@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "eve@thief.example").await;
    let reset = world.issue(TokenPurpose::PasswordReset, person.addressee());
    let reset = world.issued(&reset).await;
    let reset = world.password_reset(&person, reset, "second");
    let outcome = world.stores.tokens.reset_password(&reset).await.unwrap();
    assert_eq!(outcome, Redemption::Redeemed);
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Spent);
    let nothing = world.event(AuditAction::EmailChangeCancelled, Some(&person));
    assert!(!world.stores.addresses.cancel(&person.user, &nothing).await.unwrap());
}

pub async fn a_sign_in_racing_a_change_of_address_leaves_no_session(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    // Its password was checked before, at the old address.
    let sign_in = world.sign_in(&person);
    let change = world.email_change(&person, &request);
    let (changed, signed_in) = join(
        world.stores.addresses.confirm(&change),
        world.stores.credentials.sign_in(&sign_in),
    )
    .await;
    assert_eq!(changed.unwrap(), EmailChangeOutcome::Changed);
    assert!(matches!(
        signed_in.unwrap(),
        SignInOutcome::Opened | SignInOutcome::Superseded
    ));
    assert_eq!(world.resolved(&sign_in.session.digest).await, None);
    assert!(world.resolved(&session.digest).await.is_some());
}

pub async fn an_address_given_up_is_kept_while_that_can_be_undone(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let thief = world.person("eve@example.com").await;
    let theirs = world.signed_in(&thief).await;
    world.moved(&person, &session, "ada@new.example", 1).await;

    assert!(world.is_taken("ADA@example.com", &thief).await);
    assert!(!world.is_taken("ada@example.com", &person).await, "it is kept for her");
    let account = world.new_account("ADA@example.com");
    let before = world.ledger().await;
    assert_eq!(
        world.stores.accounts.admit(&account).await.unwrap(),
        Admission::EmailTaken
    );
    assert_eq!(world.since(&before).await, [""; 0]);
    let request = world.wished(&thief, &theirs, "ada@example.com").await;
    assert_eq!(world.confirmed(&thief, &request).await, EmailChangeOutcome::EmailTaken);

    world.advance(Duration::hours(72));
    assert!(!world.is_taken("ada@example.com", &thief).await);
    let account = world.new_account("ada@example.com");
    assert_eq!(
        world.stores.accounts.admit(&account).await.unwrap(),
        Admission::Admitted
    );
}

pub async fn a_sign_up_racing_a_change_of_address_does_not_get_the_old_one(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    let change = world.email_change(&person, &request);
    let accounts: Vec<_> = (0..4).map(|_| world.new_account("Ada@example.com")).collect();
    let sign_ups = join_all(accounts.iter().map(|account| world.stores.accounts.admit(account)));
    let (changed, admitted) = join(world.stores.addresses.confirm(&change), sign_ups).await;
    assert_eq!(changed.unwrap(), EmailChangeOutcome::Changed);
    for admission in admitted {
        assert_eq!(admission.unwrap(), Admission::EmailTaken);
    }
}
