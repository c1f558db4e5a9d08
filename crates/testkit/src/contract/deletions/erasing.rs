//! Erasing accounts whose time has come.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{Actor, AuthMethod, Role, TokenPurpose};
use rookery_core::ports::{EmailProof, ErasureBasis, ErasureOutcome, ErasureReceipt, OutboxClaim, Settlement};

use super::grace;
use crate::contract::World;
use crate::contract::tenants::founded;

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
