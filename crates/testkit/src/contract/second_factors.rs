//! The promises of [`SecondFactorStore`](rookery_core::ports::SecondFactorStore).

mod codes;
mod replacing;
mod setting_up;
mod signing_in;

pub use codes::*;
pub use replacing::*;
pub use setting_up::*;
pub use signing_in::*;

use rookery_core::LetterKind;
use rookery_core::domain::{AuditAction, AuthMethod, Factor, FactorId, TotpStep};
use rookery_core::ports::{
    FactorChangeOutcome, FactorConfirmation, FactorRemoval, FactorSpending, FactorUse, NewChallenge, NewFactor,
    NewRecoveryCode, SecondFactorOutcome, SecondFactorSignIn, SessionRenewal, UndoKind,
};

use super::{OpenSession, Person, World};

const STEP: i64 = 58_718_880;

fn step(after: i64) -> TotpStep {
    TotpStep::from_number(STEP + after)
}

fn code(number: u8) -> [u8; 32] {
    [number; 32]
}

pub(super) fn paper(number: u8) -> FactorUse {
    FactorUse::RecoveryCode {
        digests: vec![code(number)],
    }
}

const fn app(factor: FactorId, step: TotpStep) -> FactorUse {
    FactorUse::Totp { factor, step }
}

impl World {
    pub(super) fn new_factor(&self, person: &Person) -> NewFactor {
        NewFactor {
            id: self.mint.factor_id(self.now()),
            user: person.user,
            sealed_secret: b"sealed\0secret".to_vec(),
            event: self.event(AuditAction::FactorBegun, Some(person)),
            at: self.now(),
        }
    }

    pub(super) fn new_codes(&self, numbers: std::ops::Range<u8>) -> Vec<NewRecoveryCode> {
        numbers
            .map(|number| NewRecoveryCode {
                id: self.mint.recovery_code_id(self.now()),
                digest: code(number),
            })
            .collect()
    }

    fn factor_renewal(&self, person: &Person, session: &OpenSession, action: AuditAction) -> SessionRenewal {
        SessionRenewal {
            user: person.user,
            session: session.id,
            held: session.digest,
            new_digest: self.mint.session_token().digest(),
            methods: vec![AuthMethod::Password, AuthMethod::Totp],
            event: self.event(action, Some(person)),
            at: self.now(),
        }
    }

    pub(super) fn confirmation(&self, person: &Person, session: &OpenSession, factor: FactorId) -> FactorConfirmation {
        FactorConfirmation {
            factor,
            created_after: self.now() - Factor::ENROLMENT_LIFE,
            step: step(0),
            codes: self.new_codes(1..11),
            renewal: self.factor_renewal(person, session, AuditAction::FactorAdded),
            undo: self.new_undo(UndoKind::FactorChanged, person).1,
            mail: self.mail(LetterKind::SecondFactorChanged, person.addressee()),
        }
    }

    pub(super) fn removal(&self, person: &Person, session: &OpenSession, used: FactorUse) -> FactorRemoval {
        FactorRemoval {
            used,
            renewal: self.factor_renewal(person, session, AuditAction::FactorRemoved),
            undo: self.new_undo(UndoKind::FactorChanged, person).1,
            mail: self.mail(LetterKind::SecondFactorChanged, person.addressee()),
        }
    }

    /// Sets an app up in this session, with recovery codes 1 to 10, and gives the session as it goes on.
    pub(super) async fn enrolled(&self, person: &Person, session: &OpenSession) -> (FactorId, OpenSession) {
        let factor = self.new_factor(person);
        assert!(self.stores.factors.enrol(&factor).await.unwrap());
        let confirmation = self.confirmation(person, session, factor.id);
        let outcome = self.stores.factors.confirm(&confirmation).await.unwrap();
        assert_eq!(outcome, FactorChangeOutcome::Changed);
        let renewed = OpenSession {
            id: session.id,
            digest: confirmation.renewal.new_digest,
        };
        (factor.id, renewed)
    }

    /// A person whose sign-ins ask for a second factor, with recovery codes 1 to 10, and their session. Their credential is
    /// of version 2.
    ///
    /// # Panics
    /// When the store refuses.
    pub async fn guarded(&self, email: &str) -> (Person, FactorId, OpenSession) {
        let person = self.person(email).await;
        let session = self.signed_in(&person).await;
        let (factor, session) = self.enrolled(&person, &session).await;
        (person, factor, session)
    }

    fn new_challenge(&self, person: &Person) -> NewChallenge {
        NewChallenge {
            id: self.mint.challenge_id(self.now()),
            user: person.user,
            digest: self.mint.challenge_token().digest(),
            credential_version: 2,
            rehash: None,
            remembered: true,
            created: self.now(),
            expires: self.now() + NewChallenge::LIFE,
            event: self.event(AuditAction::SecondFactorAsked, Some(person)),
        }
    }

    /// A sign-in that waits for its second factor.
    ///
    /// # Panics
    /// When it is not stored.
    pub async fn challenged(&self, person: &Person) -> NewChallenge {
        let challenge = self.new_challenge(person);
        self.stores.factors.challenge(&challenge).await.unwrap();
        challenge
    }

    pub(super) fn second_step(&self, person: &Person, challenge: &NewChallenge, used: FactorUse) -> SecondFactorSignIn {
        let mut sign_in = self.sign_in(person);
        sign_in.credential_version = 2;
        sign_in.session.methods = vec![AuthMethod::Password, AuthMethod::Totp];
        SecondFactorSignIn {
            challenge: challenge.id,
            used,
            sign_in,
            trusted_until: None,
            mail: None,
            events: Vec::new(),
        }
    }

    pub(super) async fn stepped(&self, sign_in: &SecondFactorSignIn) -> SecondFactorOutcome {
        self.stores.factors.sign_in(sign_in).await.unwrap()
    }

    async fn use_up(&self, person: &Person, used: FactorUse) -> bool {
        let spending = FactorSpending {
            user: person.user,
            used,
            event: None,
            at: self.now(),
        };
        self.stores.factors.use_up(&spending).await.unwrap()
    }
}
