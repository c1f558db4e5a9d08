//! The pages count what the API counts.

use rookery_core::{LimitProfile, RegistrationError, VerificationError};

use crate::ask::browser;
use crate::behind::{Behind, nothing};

fn strict() -> Behind {
    let mut behind = nothing();
    behind.limits = LimitProfile::Strict;
    behind.recovery.expect_request().returning(|_, _| Ok(()));
    behind
        .verification
        .expect_verify()
        .returning(|_, _| Err(VerificationError::InvalidToken));
    behind
        .registration
        .expect_register()
        .returning(|_| Err(RegistrationError::EmailTaken));
    behind
}

#[actix_web::test]
async fn what_strangers_do_is_counted_by_network_and_refused_with_the_time_to_wait() {
    for (path, fields) in [
        ("/forgot-password", vec![("email", "ada@example.com")]),
        ("/verify-email", vec![("token", "vfy_x")]),
        (
            "/register",
            vec![("email", "ada@example.com"), ("password", "correct horse battery")],
        ),
    ] {
        let mut browser = browser(strict());
        for _ in 0..10 {
            assert_ne!(browser.fill(path, path, &fields).await.status, 429, "{path}");
        }
        let refused = browser.fill(path, path, &fields).await;
        assert_eq!(refused.status, 429, "{path}");
        assert!(refused.title().starts_with("Error: "));
        assert!(refused.has("Too many attempts. Please wait 60 minutes"), "{path}");
        assert_eq!(refused.header("retry-after"), Some("3600"), "{path}");
        assert!(refused.header("ratelimit").unwrap().contains("r=0"), "{path}");
    }
}

#[actix_web::test]
async fn looking_at_pages_is_counted_too() {
    let mut browser = browser(strict());
    for _ in 0..100 {
        assert_eq!(browser.get("/login").await.status, 200);
    }
    let refused = browser.get("/login").await;
    refused.is_page(429, "A little slower, please · Rookery");
    assert!(refused.header("retry-after").is_some());
}
