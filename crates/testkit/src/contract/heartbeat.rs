//! The promises of [`Heartbeat`](rookery_core::ports::Heartbeat).

use super::World;

pub async fn a_living_database_answers(world: World) {
    world.stores.heartbeat.beat().await.unwrap();
}
