//! An address that is locked after too many failures.

use rookery_domain::TenantPolicy;

use super::*;
use crate::fixture::{reader, tenant};
use crate::ports::Addressee;

// Proves: A30, ASVS 6.3.1
#[test]
fn a30_five_failures_lock_the_address_for_half_an_hour_from_wherever_they_come_and_however_it_is_spelt() {
    let workshop = Workshop::open();
    let service = lively(&workshop);
    block_on(async {
        for (turn, spelling) in [
            "ada@example.com",
            "ADA@example.com",
            "Ada@Example.COM",
            "aDa@example.com",
            "ada@EXAMPLE.com",
        ]
        .into_iter()
        .enumerate()
        {
            let attempt = LogIn {
                email: spelling.parse().unwrap(),
                ..trying("wrong", &format!("192.0.2.{turn}"))
            };
            let answer = service.log_in(attempt).await;
            assert!(matches!(answer, Err(LogInError::InvalidCredentials)), "{answer:?}");
        }
        let refusal = refused(service.log_in(trying("right", "198.51.100.9")).await);
        assert_eq!(
            (refusal.limit, refusal.retry_in),
            (Limit::LogInAddress, Duration::minutes(30))
        );
        workshop.clock.advance(Duration::minutes(30));
        assert!(service.log_in(trying("right", "198.51.100.9")).await.is_ok());
    });
}

// Proves: A31
#[test]
fn a31_an_unknown_address_locks_like_a_known_one_with_a_mail_to_nobody() {
    let workshop = Workshop::open();
    for (address, addressee) in [
        (
            email(),
            Addressee::Person {
                user: user(),
                email: email(),
                reader: reader(),
            },
        ),
        ("nobody@example.com".parse().unwrap(), Addressee::Nobody),
    ] {
        let (sent, issued) = std::sync::mpsc::channel();
        let mut tokens = MockTokenStore::new();
        tokens.expect_issue().times(1).returning(move |issue| {
            sent.send(issue.clone()).unwrap();
            Ok(())
        });
        let service = AuthenticationService {
            tokens: Arc::new(tokens),
            bell: bell_rung(1),
            ..lively(&workshop)
        };
        block_on(async {
            for _ in 0..5 {
                let attempt = LogIn {
                    email: address.clone(),
                    ..trying("wrong", "192.0.2.1")
                };
                let answer = service.log_in(attempt).await;
                assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
            }
            let attempt = LogIn {
                email: address.clone(),
                ..trying("right", "192.0.2.2")
            };
            assert_eq!(refused(service.log_in(attempt).await).limit, Limit::LogInAddress);
        });
        let issue = issued.recv().unwrap();
        assert_eq!(issue.mail.to, addressee);
        assert_eq!(issue.token.owner, addressee.owner());
        assert_eq!(issue.event.action, AuditAction::Locked);
        assert!(
            matches!(unsealed(&issue.mail), Letter::AccountLocked { link, .. } if link.starts_with("https://app.example.com/unlock?token=unl_"))
        );
    }
}

#[test]
fn what_a_tenant_allows_less_is_answered_like_a_wrong_password() {
    let policy = |attempts| TenantPolicy {
        max_login_attempts: attempts,
        ..TenantPolicy::default()
    };
    // The fewest that any tenant allows; nonsense of another program locks nobody out for good, and more is nothing.
    for (asked, counted) in [
        (vec![Some(policy(4)), None, Some(policy(3))], 3),
        (vec![Some(policy(0))], 1),
        (vec![Some(policy(50))], 5),
    ] {
        for wrong in 0..5 {
            let workshop = Workshop::open();
            let mut service = lively(&workshop);
            let tenants: Vec<_> = asked.iter().map(|policy| (tenant(), policy.clone())).collect();
            let mut credentials = MockCredentialStore::new();
            credentials.expect_by_email().returning(move |_| {
                Ok(Some(Credential {
                    tenants: tenants.clone(),
                    ..credential()
                }))
            });
            credentials.expect_sign_in().returning(|_| Ok(SignInOutcome::Opened));
            service.credentials = Arc::new(credentials);
            block_on(async {
                for _ in 0..wrong {
                    let answer = service.log_in(trying("wrong", "192.0.2.1")).await;
                    assert!(matches!(answer, Err(LogInError::InvalidCredentials)));
                }
                let answer = service.log_in(trying("right", "192.0.2.1")).await;
                if wrong < counted {
                    assert!(answer.is_ok(), "{wrong} of {counted}: {answer:?}");
                } else {
                    assert!(matches!(answer, Err(LogInError::InvalidCredentials)), "{answer:?}");
                    let known = LogIn {
                        device: Some(shown()),
                        ..trying("right", "192.0.2.1")
                    };
                    assert!(service.log_in(known).await.is_ok(), "a known device goes on");
                }
            });
        }
    }
}
