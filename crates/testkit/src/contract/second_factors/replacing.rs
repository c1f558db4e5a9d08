//! Taking an app away, and replacing recovery codes or the password beside them.

use rookery_core::LetterKind;
use rookery_core::domain::{AuditAction, TokenPurpose};
use rookery_core::ports::{CodesRenewal, FactorChangeOutcome, Redemption, UndoKind};

use super::{app, paper, step};
use crate::contract::{Person, World};

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
