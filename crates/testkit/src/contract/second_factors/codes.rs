//! Every code counts once, and only so many are tried.

use futures_util::future::join_all;
use rookery_core::ports::FactorUse;

use super::{app, code, paper, step};
use crate::contract::World;

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
