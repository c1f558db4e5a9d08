//! Two nodes on one database, each with connections of its own, and one code.

use std::sync::Arc;

use futures_util::future::join_all;
use rookery_core::domain::TotpStep;
use rookery_core::ports::{FactorSpending, FactorUse, SecondFactorStore};
use rookery_store::{Database, SqlSecondFactorStore};

use crate::backends::{patient, postgresql};

#[tokio::test]
async fn one_step_or_one_recovery_code_shown_to_two_nodes_at_once_counts_once() {
    let backend = postgresql().await;
    let world = backend.world();
    let (person, factor, _) = world.guarded("ada@example.com").await;
    let other = Database::connect(&patient(backend.url())).await.unwrap();
    let nodes: [Arc<dyn SecondFactorStore>; 2] = [
        Arc::clone(&world.stores.factors),
        Arc::new(SqlSecondFactorStore::new(other)),
    ];
    let step = TotpStep::from_number(58_718_900);
    for used in [
        FactorUse::Totp { factor, step },
        FactorUse::RecoveryCode { digests: vec![[3; 32]] },
    ] {
        let spending = FactorSpending {
            user: person.user,
            used,
            event: None,
            at: world.now(),
        };
        let shown = (0..16).map(|turn| nodes[turn % 2].use_up(&spending));
        let counted = join_all(shown).await.into_iter().filter(|used| *used.as_ref().unwrap());
        assert_eq!(counted.count(), 1, "A53, A55");
    }
}
