//! The schema's history, through the store.

use crate::backends::{Backend, on_every_backend};

async fn the_schema_goes_up_down_and_up_again(backend: Backend) {
    let database = if backend.is_on_postgres() {
        backend.migrator().await
    } else {
        backend.database.clone()
    };
    let status = database.migration_status().await.unwrap();
    assert!(!status.is_empty() && status.iter().all(|migration| migration.applied));
    assert_eq!(database.migrate_up().await.unwrap(), [""; 0], "nothing is left to do");

    let steps = u32::try_from(status.len()).unwrap();
    assert_eq!(database.migrate_down(steps).await.unwrap().len(), status.len());
    let status = database.migration_status().await.unwrap();
    assert!(status.iter().all(|migration| !migration.applied));

    assert_eq!(database.migrate_up().await.unwrap().len(), status.len());
    backend.grant().await;
    backend.world().person("ada@example.com").await;
}

on_every_backend! { the_schema_goes_up_down_and_up_again }
