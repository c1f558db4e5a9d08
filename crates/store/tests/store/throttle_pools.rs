//! Counters under several pools at once, as several nodes have them: ATTACKS A30.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::ports::{CounterKey, Take, Taken};
use rookery_core::{Limit, Rule};
use rookery_store::Database;
use rookery_testkit::contract::World;

use crate::backends::{Backend, on_every_backend, patient, stores};

async fn pools_that_take_at_once_are_granted_the_quota_together(backend: Backend) {
    let mut worlds = vec![backend.world()];
    for _ in 0..2 {
        let database = Database::connect(&patient(backend.url())).await.unwrap();
        worlds.push(World::new(stores(&database, &backend.witness)));
    }
    for round in 0..3 {
        let take = Take {
            counter: CounterKey {
                limit: Limit::LogInAddress,
                subject: [round; 32],
            },
            amount: 1,
            rule: Rule {
                quota: 5,
                window: Duration::minutes(15),
                lock: Some(Duration::minutes(30)),
            },
            at: worlds[0].now(),
        };
        let taken = join_all((0..20).map(|turn| worlds[turn % 3].stores.throttle.take(&take))).await;
        let mut counts: Vec<u32> = taken
            .into_iter()
            .filter_map(|taken| match taken.unwrap() {
                Taken::Granted { count, .. } => Some(count),
                Taken::Refused { .. } => None,
            })
            .collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 2, 3, 4, 5]);
    }
}

on_every_backend! {
    pools_that_take_at_once_are_granted_the_quota_together
}
