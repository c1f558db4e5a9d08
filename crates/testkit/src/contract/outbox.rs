//! The promises of [`Outbox`](rookery_core::ports::Outbox).

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{MailId, TokenPurpose};
use rookery_core::ports::{ClaimedMail, OutboxClaim, OutgoingMail, Settlement};

use super::{Person, World};

/// Queues a mail, a second after the last one.
async fn queued(world: &World, person: &Person) -> OutgoingMail {
    world.advance(Duration::seconds(1));
    let issue = world.issue(TokenPurpose::EmailVerification, person.addressee());
    world.issued(&issue).await;
    issue.mail
}

/// Somebody whose first mail is out of the way.
async fn somebody(world: &World) -> Person {
    let person = world.person("Ada@example.com").await;
    for mail in claim(world, 10).await {
        settle(world, &mail.id, &Settlement::Sent).await;
    }
    person
}

/// Claims for five minutes.
async fn claim(world: &World, limit: u64) -> Vec<ClaimedMail> {
    let claim = OutboxClaim {
        now: world.now(),
        lease_until: world.now() + Duration::minutes(5),
        limit,
    };
    world.stores.outbox.claim(&claim).await.unwrap()
}

async fn settle(world: &World, mail: &MailId, settlement: &Settlement) {
    world
        .stores
        .outbox
        .settle(mail, settlement, &world.now())
        .await
        .unwrap();
}

fn ids(claimed: &[ClaimedMail]) -> Vec<MailId> {
    claimed.iter().map(|mail| mail.id).collect()
}

pub async fn due_mails_are_leased_the_longest_due_first(world: World) {
    let person = somebody(&world).await;
    let mut mails = Vec::new();
    for _ in 0..5 {
        mails.push(queued(&world, &person).await);
    }
    let claimed = claim(&world, 3).await;
    assert_eq!(ids(&claimed), [mails[0].id, mails[1].id, mails[2].id]);
    let expected = ClaimedMail {
        id: mails[0].id,
        to: person.email.clone(),
        sealed: mails[0].sealed.clone(),
        attempts: 0,
        created: mails[0].created,
        expires: mails[0].expires,
    };
    assert_eq!(claimed[0], expected);
    assert_eq!(claimed[0].to.as_str(), "Ada@example.com");
    assert_eq!(ids(&claim(&world, 10).await), [mails[3].id, mails[4].id]);
    assert_eq!(claim(&world, 10).await, []);
}

pub async fn a_leased_mail_is_nobody_else_s_until_the_lease_ends(world: World) {
    let person = somebody(&world).await;
    let mail = queued(&world, &person).await;
    assert_eq!(ids(&claim(&world, 10).await), [mail.id]);
    world.advance(Duration::minutes(5) - Duration::microseconds(1));
    assert_eq!(claim(&world, 10).await, []);
    world.advance(Duration::microseconds(1));
    assert_eq!(ids(&claim(&world, 10).await), [mail.id], "its worker has died");
}

pub async fn workers_at_once_get_every_mail_once(world: World) {
    let person = somebody(&world).await;
    let mut mails = BTreeSet::new();
    for _ in 0..12 {
        mails.insert(queued(&world, &person).await.id);
    }
    let claims = join_all((0..6).map(|_| claim(&world, 4))).await;
    let mut given: Vec<MailId> = claims.iter().flat_map(|claimed| ids(claimed)).collect();
    assert!(claims.iter().all(|claimed| claimed.len() <= 4));
    loop {
        let rest = claim(&world, 4).await;
        if rest.is_empty() {
            break;
        }
        given.extend(ids(&rest));
    }
    assert_eq!(given.len(), 12, "no mail twice");
    assert_eq!(given.into_iter().collect::<BTreeSet<_>>(), mails);
}

pub async fn a_sent_mail_is_never_given_out_again(world: World) {
    let person = somebody(&world).await;
    let mail = queued(&world, &person).await;
    claim(&world, 10).await;
    let before = world.ledger().await;
    settle(&world, &mail.id, &Settlement::Sent).await;
    assert_eq!(
        world.since(&before).await,
        ["mails verify_email queued -1", "mails verify_email sent +1"]
    );
    world.advance(Duration::hours(1));
    assert_eq!(claim(&world, 10).await, []);
}

pub async fn a_failed_mail_comes_back_when_it_is_due_with_its_failures_counted(world: World) {
    let person = somebody(&world).await;
    let mail = queued(&world, &person).await;
    for failures in 1..=3 {
        assert_eq!(ids(&claim(&world, 10).await), [mail.id]);
        let retry = Settlement::Retry {
            next_attempt: world.now() + Duration::minutes(1),
            error: "421 4.3.2 come back later".to_owned(),
        };
        settle(&world, &mail.id, &retry).await;
        world.advance(Duration::minutes(1) - Duration::microseconds(1));
        assert_eq!(claim(&world, 10).await, []);
        world.advance(Duration::microseconds(1));
        let again = claim(&world, 10).await;
        assert_eq!((again[0].attempts, &again[0].sealed), (failures, &mail.sealed));
        world.advance(Duration::minutes(5));
    }
}

pub async fn an_abandoned_mail_is_never_given_out_again(world: World) {
    let person = somebody(&world).await;
    let mail = queued(&world, &person).await;
    claim(&world, 10).await;
    let before = world.ledger().await;
    let abandoned = Settlement::Abandoned {
        error: "550 5.1.1 no such mailbox".to_owned(),
    };
    settle(&world, &mail.id, &abandoned).await;
    assert_eq!(
        world.since(&before).await,
        ["mails verify_email abandoned +1", "mails verify_email queued -1"]
    );
    world.advance(Duration::hours(1));
    assert_eq!(claim(&world, 10).await, []);
}

pub async fn a_late_failure_does_not_take_a_delivery_back(world: World) {
    let person = somebody(&world).await;
    let mail = queued(&world, &person).await;
    claim(&world, 10).await;
    world.advance(Duration::minutes(6));
    claim(&world, 10).await;
    settle(&world, &mail.id, &Settlement::Sent).await;
    let before = world.ledger().await;
    let late = Settlement::Retry {
        next_attempt: world.now(),
        error: "the first worker gave up".to_owned(),
    };
    settle(&world, &mail.id, &late).await;
    assert_eq!(world.since(&before).await, [""; 0]);
    assert_eq!(claim(&world, 10).await, []);
}

pub async fn settling_an_unknown_mail_changes_nothing(world: World) {
    somebody(&world).await;
    let before = world.ledger().await;
    settle(&world, &MailId::new(world.now(), &[9; 10]), &Settlement::Sent).await;
    assert_eq!(world.since(&before).await, [""; 0]);
}
