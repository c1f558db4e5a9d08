mod admission;
mod erasures;
mod interventions;
mod looks;

use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{Actor, AuditAction, AuthMethod, StaffRole};

use super::*;
use crate::Letter;
use crate::fixture::{Workshop, bell_rung, caller, credential, email, signed_in, tenant, unsealed, user};
use crate::ports::{
    AccountIntervention, Credential, InterventionOutcome, InterventionStep, MockAuditLog, MockCredentialStore,
    MockOversightStore, MockStaffStore, Seen,
};

/// Whose account it is about.
fn whom() -> UserId {
    UserId::new(rookery_domain::Timestamp::UNIX_EPOCH, &[9; 10])
}

fn reason() -> Reason {
    Reason::parse("Ticket 4711").unwrap()
}

/// A session of Ada in which everything was shown that is asked of staff.
fn staffed(workshop: &Workshop) -> SignedIn {
    let mut signed_in = signed_in(workshop.now());
    signed_in.session.methods.push(AuthMethod::Totp);
    signed_in.profile.email_verified = Some(workshop.now());
    signed_in
}

fn overseer(workshop: &Workshop, role: StaffRole) -> Overseer {
    Overseer::staff(&staffed(workshop), role, &caller())
}

/// What the service stands on in a test.
struct Stage {
    workshop: Workshop,
    staff: MockStaffStore,
    oversight: MockOversightStore,
    credentials: MockCredentialStore,
    audit: MockAuditLog,
    rung: usize,
}

impl Stage {
    /// Ada is of this role, the other of that one.
    fn with(role: Option<StaffRole>, theirs: Option<StaffRole>) -> Self {
        let mut staff = MockStaffStore::new();
        staff
            .expect_role_of()
            .returning(move |asked| Ok(if *asked == user() { role } else { theirs }));
        Self {
            workshop: Workshop::open(),
            staff,
            oversight: MockOversightStore::new(),
            credentials: MockCredentialStore::new(),
            audit: MockAuditLog::new(),
            rung: 0,
        }
    }

    fn knowing(mut self, person: Option<Credential>) -> Self {
        self.credentials.expect_by_user().returning(move |_| Ok(person.clone()));
        self
    }

    /// So many interventions are committed, each as this says, and end so.
    fn committing(
        mut self,
        times: usize,
        is_right: impl Fn(&AccountIntervention) -> bool + Send + 'static,
        outcome: InterventionOutcome,
    ) -> Self {
        self.oversight
            .expect_intervene()
            .times(times)
            .withf(is_right)
            .returning(move |_| Ok(outcome.clone()));
        self
    }

    /// One refusal is written down, in this word.
    fn refusing(mut self, action: AuditAction, because: &'static str) -> Self {
        self.audit
            .expect_record()
            .times(1)
            .withf(move |event| {
                event.action == action
                    && event.outcome == AuditOutcome::Failure
                    && event.detail.as_ref().is_some_and(|detail| detail["refused"] == because)
            })
            .returning(|_| Ok(()));
        self
    }

    fn ringing(mut self) -> Self {
        self.rung = 1;
        self
    }

    fn open(self) -> (Workshop, OversightService) {
        let service = OversightService {
            staff: Arc::new(self.staff),
            oversight: Arc::new(self.oversight),
            credentials: Arc::new(self.credentials),
            audit: Arc::new(self.audit),
            throttle: self.workshop.throttle.clone(),
            mint: self.workshop.mint.clone(),
            post_room: self.workshop.post_room.clone(),
            bell: bell_rung(self.rung),
        };
        (self.workshop, service)
    }
}

const DONE: InterventionOutcome = InterventionOutcome::Done {
    sessions: 3,
    changed: true,
};

fn other() -> Credential {
    Credential {
        user: whom(),
        ..credential()
    }
}
