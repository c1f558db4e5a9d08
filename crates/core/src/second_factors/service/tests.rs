mod managing;
mod setting_up;
mod taking_away;

use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{FactorId, FactorState, RecoveryCode, TotpStep};

use super::*;
use crate::fixture::{Workshop, bell_rung, caller, credential, signed_in, unsealed, user};
use crate::mocks::{GlassSealer, OpenDigest};
use crate::ports::{
    MockAuditLog, MockCredentialStore, MockKeyedDigest, MockOneTimePasswords, MockSecondFactorStore, MockSessionStore,
    Sealer,
};

const SECRET: [u8; 20] = *b"12345678901234567890";

fn step() -> TotpStep {
    TotpStep::from_number(58_718_880)
}

fn code() -> TotpCode {
    TotpCode::parse("123456").unwrap()
}

fn held_token() -> SessionToken {
    SessionToken::from_entropy([9; 32])
}

fn factor_id() -> FactorId {
    FactorId::new(Timestamp::from_timestamp(1_750_000_000, 0).unwrap(), &[4; 10])
}

fn factor(created: Timestamp, state: FactorState) -> SealedFactor {
    SealedFactor {
        factor: Factor {
            id: factor_id(),
            created,
            state,
            last_used: None,
        },
        sealed_secret: GlassSealer.seal(&SECRET, &format!("{}/totp", user())).unwrap(),
    }
}

fn confirmed(at: Timestamp) -> HeldFactors {
    let state = FactorState::Confirmed {
        since: at,
        last_step: TotpStep::from_number(step().number() - 1),
    };
    HeldFactors {
        confirmed: Some(factor(at, state)),
        pending: None,
        recovery_codes: 10,
    }
}

fn pending(created: Timestamp) -> HeldFactors {
    HeldFactors {
        pending: Some(factor(created, FactorState::Pending)),
        ..HeldFactors::default()
    }
}

fn store_holding(held: HeldFactors) -> MockSecondFactorStore {
    let mut factors = MockSecondFactorStore::new();
    factors
        .expect_held()
        .withf(|asked| *asked == user())
        .returning(move |_| Ok(held.clone()));
    factors
}

/// An app whose code is right for [`step`], or wrong.
fn app(right: bool) -> MockOneTimePasswords {
    let mut passwords = MockOneTimePasswords::new();
    passwords.expect_step_of().returning(move |shown, secret, _| {
        assert_eq!((shown, secret.as_bytes()), (&code(), &SECRET));
        right.then(step)
    });
    passwords.expect_invitation().returning(|secret, account| {
        Ok(AppInvitation {
            uri: format!("otpauth://totp/{}?secret={}", account.as_str(), secret.expose()),
            qr: "<svg></svg>".to_owned(),
        })
    });
    passwords
}

fn one_failure(action: AuditAction) -> MockAuditLog {
    let mut audit = MockAuditLog::new();
    audit
        .expect_record()
        .times(1)
        .withf(move |event| {
            event.action == action && event.outcome == AuditOutcome::Failure && event.user == Some(user())
        })
        .returning(|_| Ok(()));
    audit
}

fn service(
    workshop: &Workshop,
    factors: MockSecondFactorStore,
    audit: MockAuditLog,
    passwords: MockOneTimePasswords,
    rings: usize,
) -> SecondFactorService {
    let passwords: Arc<dyn OneTimePasswords> = Arc::new(passwords);
    let mut older = MockKeyedDigest::new();
    older.expect_digest().return_const([2; 32]);
    let mut credentials = MockCredentialStore::new();
    credentials.expect_by_user().returning(|_| Ok(Some(credential())));
    SecondFactorService {
        credentials: Arc::new(credentials),
        factors: Arc::new(factors),
        audit: Arc::new(audit),
        guard: ProofGuard::new(
            workshop.throttle.clone(),
            Arc::new(MockSessionStore::new()),
            workshop.mint.clone(),
        ),
        check: FactorCheck::new(
            Arc::new(GlassSealer),
            Arc::clone(&passwords),
            Arc::new(OpenDigest),
            vec![Arc::new(older)],
        ),
        passwords,
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
    }
}

fn stale(at: Timestamp) -> SignedIn {
    signed_in(at - Duration::minutes(10))
}
