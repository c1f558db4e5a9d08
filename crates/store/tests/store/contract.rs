//! Every promise of every port, on every backend, each under its own name.

macro_rules! stamp {
    ($($port:ident { $($promise:ident)+ })+) => {
        mod sqlite_in_memory {
            $(mod $port { $(
                #[tokio::test]
                async fn $promise() {
                    let backend = crate::backends::sqlite_in_memory().await;
                    rookery_testkit::contract::$port::$promise(backend.world()).await;
                }
            )+ })+
        }
        mod sqlite_in_a_file {
            $(mod $port { $(
                #[tokio::test]
                async fn $promise() {
                    let backend = crate::backends::sqlite_in_a_file().await;
                    rookery_testkit::contract::$port::$promise(backend.world()).await;
                }
            )+ })+
        }
        mod postgresql {
            $(mod $port { $(
                #[tokio::test]
                async fn $promise() {
                    let backend = crate::backends::postgresql().await;
                    rookery_testkit::contract::$port::$promise(backend.world()).await;
                }
            )+ })+
        }
    };
}

rookery_testkit::promises!(stamp);
