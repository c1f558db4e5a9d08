//! What staff do to an account.

use chrono::Duration;
use futures_util::future::join;
use rookery_core::LetterKind;
use rookery_core::domain::{AuditAction, Reason, StaffRole, TokenPurpose};
use rookery_core::ports::{
    AccountIntervention, ErasureBasis, InterventionOutcome, InterventionStep, LegalHold, Seen, SignInOutcome,
};
use serde_json::json;

use super::{done, everything, people};
use crate::contract::{Person, World};

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
