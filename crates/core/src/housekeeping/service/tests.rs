use futures_executor::block_on;

use super::*;
use crate::fixture::Workshop;
use crate::ports::MockHousekeepingStore;

#[test]
fn what_has_run_out_is_kept_as_long_as_promised() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let mut store = MockHousekeepingStore::new();
    store
        .expect_sweep()
        .times(1)
        .withf(move |sweep| {
            sweep.sessions_ended_before == now - Duration::days(1)
                && sweep.tokens_expired_before == now - Duration::days(30)
                && sweep.mails_settled_before == now - Duration::days(30)
        })
        .returning(|_| {
            Ok(Swept {
                sessions: 1,
                tokens: 2,
                mails: 3,
            })
        });
    let service = HousekeepingService {
        store: Arc::new(store),
        mint: workshop.mint.clone(),
    };
    assert_eq!(
        block_on(service.tidy()).unwrap(),
        Swept {
            sessions: 1,
            tokens: 2,
            mails: 3
        }
    );
}
