//! What counters promise: ATTACKS A30.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::ports::{CounterKey, Take, Taken};
use rookery_core::{Limit, Rule};

use super::World;

const WINDOW: Duration = Duration::minutes(15);
const LOCK: Duration = Duration::minutes(30);

const fn counter(name: u8) -> CounterKey {
    CounterKey {
        limit: Limit::LogInAddress,
        subject: [name; 32],
    }
}

impl World {
    fn one_of_five(&self, name: u8, lock: Option<Duration>) -> Take {
        Take {
            counter: counter(name),
            amount: 1,
            rule: Rule {
                quota: 5,
                window: WINDOW,
                lock,
            },
            at: self.now(),
        }
    }

    async fn taken(&self, take: &Take) -> Taken {
        self.stores.throttle.take(take).await.unwrap()
    }
}

pub async fn a_counter_grants_its_quota_and_then_refuses_until_it_ends(world: World) {
    let ends = world.now() + WINDOW;
    for count in 1..=5 {
        let taken = world.taken(&world.one_of_five(1, None)).await;
        assert_eq!(taken, Taken::Granted { count, ends });
        world.advance(Duration::minutes(2));
    }
    for _ in 0..3 {
        assert_eq!(world.taken(&world.one_of_five(1, None)).await, Taken::Refused { ends });
    }
    world.advance(ends - world.now() - Duration::microseconds(1));
    assert_eq!(world.taken(&world.one_of_five(1, None)).await, Taken::Refused { ends });
    world.advance(Duration::microseconds(1));
    let anew = Taken::Granted {
        count: 1,
        ends: world.now() + WINDOW,
    };
    assert_eq!(world.taken(&world.one_of_five(1, None)).await, anew);
}

pub async fn the_last_take_locks_and_the_lock_ends(world: World) {
    for _ in 0..4 {
        world.taken(&world.one_of_five(1, Some(LOCK))).await;
    }
    world.advance(Duration::minutes(14));
    let ends = world.now() + LOCK;
    let last = world.taken(&world.one_of_five(1, Some(LOCK))).await;
    assert_eq!(last, Taken::Granted { count: 5, ends });
    world.advance(LOCK - Duration::microseconds(1));
    assert_eq!(
        world.taken(&world.one_of_five(1, Some(LOCK))).await,
        Taken::Refused { ends }
    );
    world.advance(Duration::microseconds(1));
    let anew = world.taken(&world.one_of_five(1, Some(LOCK))).await;
    assert!(matches!(anew, Taken::Granted { count: 1, .. }), "{anew:?}");
    // A quota of one locks with its first take.
    let mut single = world.one_of_five(2, Some(LOCK));
    single.rule.quota = 1;
    let ends = world.now() + LOCK;
    assert_eq!(world.taken(&single).await, Taken::Granted { count: 1, ends });
    assert_eq!(world.taken(&single).await, Taken::Refused { ends });
}

// Proves: A30, ASVS 2.3.2
pub async fn of_takes_at_once_exactly_the_quota_is_granted(world: World) {
    let take = world.one_of_five(1, Some(LOCK));
    let taken = join_all((0..20).map(|_| world.taken(&take))).await;
    let mut counts: Vec<u32> = taken
        .iter()
        .filter_map(|taken| match taken {
            Taken::Granted { count, .. } => Some(*count),
            Taken::Refused { .. } => None,
        })
        .collect();
    counts.sort_unstable();
    assert_eq!(
        counts,
        [1, 2, 3, 4, 5],
        "each is told its own place, so exactly one locks"
    );
}

pub async fn of_lots_taken_at_once_no_more_than_the_quota_is_granted(world: World) {
    let mut take = world.one_of_five(1, None);
    take.amount = 50;
    take.rule.quota = 300;
    let taken = join_all((0..20).map(|_| world.taken(&take))).await;
    let granted = taken.iter().filter(|taken| matches!(taken, Taken::Granted { .. }));
    assert_eq!(granted.count(), 6);
}

pub async fn what_is_given_back_is_taken_again_and_lifts_the_lock_it_began(world: World) {
    let ends = world.now() + WINDOW;
    for _ in 0..5 {
        world.taken(&world.one_of_five(1, Some(LOCK))).await;
    }
    world
        .stores
        .throttle
        .give_back(&counter(1), &world.now())
        .await
        .unwrap();
    let mut unlocked = world.one_of_five(1, None);
    assert_eq!(world.taken(&unlocked).await, Taken::Granted { count: 5, ends });
    unlocked.at = world.now();
    assert_eq!(world.taken(&unlocked).await, Taken::Refused { ends });
    for _ in 0..9 {
        world
            .stores
            .throttle
            .give_back(&counter(1), &world.now())
            .await
            .unwrap();
    }
    assert_eq!(world.taken(&unlocked).await, Taken::Granted { count: 1, ends });
}

pub async fn a_counter_that_is_cleared_begins_anew(world: World) {
    for _ in 0..5 {
        world.taken(&world.one_of_five(1, Some(LOCK))).await;
    }
    world.stores.throttle.clear(&counter(1)).await.unwrap();
    world.stores.throttle.clear(&counter(1)).await.unwrap();
    world.advance(Duration::minutes(1));
    let ends = world.now() + WINDOW;
    let taken = world.taken(&world.one_of_five(1, Some(LOCK))).await;
    assert_eq!(taken, Taken::Granted { count: 1, ends });
}

pub async fn counters_do_not_get_in_each_other_s_way(world: World) {
    for _ in 0..5 {
        world.taken(&world.one_of_five(1, Some(LOCK))).await;
    }
    let other_subject = world.taken(&world.one_of_five(2, Some(LOCK))).await;
    let mut other_limit = world.one_of_five(1, Some(LOCK));
    other_limit.counter.limit = Limit::SecondFactorUser;
    for taken in [other_subject, world.taken(&other_limit).await] {
        assert!(matches!(taken, Taken::Granted { count: 1, .. }), "{taken:?}");
    }
    world.stores.throttle.clear(&counter(2)).await.unwrap();
    let first = world.taken(&world.one_of_five(1, Some(LOCK))).await;
    assert!(matches!(first, Taken::Refused { .. }), "{first:?}");
}

pub async fn whoever_only_looks_counts_nothing(world: World) {
    assert_eq!(
        world.stores.throttle.look(&counter(1), &world.now()).await.unwrap(),
        None
    );
    for count in 1..=5 {
        world.taken(&world.one_of_five(1, Some(LOCK))).await;
        for _ in 0..2 {
            let seen = world.stores.throttle.look(&counter(1), &world.now()).await.unwrap();
            assert_eq!(seen.unwrap().count, count);
        }
    }
    let seen = world.stores.throttle.look(&counter(1), &world.now()).await.unwrap();
    assert_eq!(seen.unwrap().ends, world.now() + LOCK);
    world.advance(LOCK);
    assert_eq!(
        world.stores.throttle.look(&counter(1), &world.now()).await.unwrap(),
        None
    );
}

pub async fn what_has_ended_is_not_given_back(world: World) {
    for _ in 0..5 {
        world.taken(&world.one_of_five(1, Some(LOCK))).await;
    }
    world.advance(LOCK);
    world
        .stores
        .throttle
        .give_back(&counter(1), &world.now())
        .await
        .unwrap();
    world
        .stores
        .throttle
        .give_back(&counter(3), &world.now())
        .await
        .unwrap();
    let ends = world.now() + WINDOW;
    let taken = world.taken(&world.one_of_five(1, None)).await;
    assert_eq!(taken, Taken::Granted { count: 1, ends });
}
