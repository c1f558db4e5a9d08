//! Signing in to an account that waits for its deletion.

use rookery_domain::TenantId;

use super::*;
use crate::fixture::bell_rung;
use crate::ports::PendingDeletion;

fn waiting(due: Timestamp) -> Credential {
    Credential {
        deletion: Some(PendingDeletion {
            requested: due - Duration::days(30),
            due,
            closed: vec![tenant()],
        }),
        ..credential()
    }
}

#[test]
fn whoever_signs_in_keeps_the_account_and_is_told_so() {
    let workshop = Workshop::open();
    let mut credentials = store_with(Some(waiting(workshop.now() + Duration::seconds(1))));
    credentials
        .expect_sign_in()
        .times(1)
        .withf(|sign_in| {
            let keeping = sign_in.keeping.as_ref().unwrap();
            let reopening: Vec<TenantId> = keeping.reopening.iter().map(|turn| turn.tenant).collect();
            assert!(matches!(unsealed(&keeping.mail), Letter::AccountKept { .. }));
            (keeping.user, keeping.event.action) == (user(), AuditAction::DeletionCancelled) && reopening == [tenant()]
        })
        .returning(|_| Ok(SignInOutcome::Opened));
    let mut service = service(
        &workshop,
        credentials,
        MockAuditLog::new(),
        hasher_saying(Verdict::Right),
    );
    service.bell = bell_rung(1);
    let logged_in = block_on(service.log_in(log_in())).unwrap().logged_in().unwrap();
    assert!(logged_in.kept);
}

#[test]
fn once_it_is_due_the_right_password_is_a_wrong_one() {
    let workshop = Workshop::open();
    let service = service(
        &workshop,
        store_with(Some(waiting(workshop.now()))),
        one_failure_of(Some(user())),
        hasher_saying(Verdict::Right),
    );
    let refused = block_on(service.log_in(log_in()));
    assert!(matches!(refused, Err(LogInError::InvalidCredentials)), "{refused:?}");
}
