//! Keeping the account after all.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::TokenDigest;
use rookery_core::ports::{ErasureBasis, ErasureOutcome, SignInOutcome};

use super::grace;
use crate::contract::World;
use crate::contract::tenants::founded;

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
