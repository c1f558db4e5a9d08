//! The promises of [`OversightStore`](rookery_core::ports::OversightStore).

mod intervening;
mod looking;

pub use intervening::*;
pub use looking::*;

use rookery_core::AuditEvent;
use rookery_core::domain::{Actor, AuditAction, SearchText, StaffRole, UserId};
use rookery_core::ports::{
    AccountIntervention, EventFilter, InterventionOutcome, InterventionStep, Look, OversightFilter, StaffStanding,
    Wanted,
};
use serde_json::json;

use super::{Person, World};

impl World {
    /// What this one of the staff was, if it is one.
    fn standing(by: Option<(&Person, StaffRole)>) -> Option<StaffStanding> {
        by.map(|(person, role)| StaffStanding {
            user: person.user,
            role,
        })
    }

    fn look(&self, by: Option<(&Person, StaffRole)>, action: AuditAction) -> Look {
        Look {
            by: Self::standing(by),
            record: AuditEvent {
                actor: by.map_or(Actor::Operator, |_| Actor::Staff),
                detail: Some(json!({ "reason": "contract" })),
                ..self.event(action, by.map(|(person, _)| person))
            },
        }
    }

    fn looked_at(&self, person: &Person) -> AuditEvent {
        self.event(AuditAction::LookedAt, Some(person))
    }

    pub(super) fn intervention(
        &self,
        by: Option<(&Person, StaffRole)>,
        whom: &Person,
        step: InterventionStep,
    ) -> AccountIntervention {
        let (record, told) = match step {
            InterventionStep::Suspend => (AuditAction::StaffSuspended, AuditAction::Disabled),
            InterventionStep::Restore => (AuditAction::StaffRestored, AuditAction::Enabled),
            InterventionStep::EndSessions => (AuditAction::StaffEndedSessions, AuditAction::AllSessionsEnded),
            InterventionStep::Mail(_) => (AuditAction::StaffMailedReset, AuditAction::ResetMailed),
            InterventionStep::Hold(_) => (AuditAction::StaffHeld, AuditAction::HoldPlaced),
            InterventionStep::Release => (AuditAction::StaffReleased, AuditAction::HoldReleased),
            InterventionStep::Erase(_) => (AuditAction::StaffErased, AuditAction::Erased),
        };
        let target = Some(format!("user:{}", whom.user));
        let told = match step {
            InterventionStep::Erase(_) => None,
            InterventionStep::Hold(_) | InterventionStep::Release => Some(AuditEvent {
                target: target.clone(),
                ..self.event(told, None)
            }),
            _ => Some(self.event(told, Some(whom))),
        };
        AccountIntervention {
            whom: whom.user,
            by: Self::standing(by),
            target_role: None,
            step,
            mail: None,
            record: AuditEvent {
                target,
                detail: Some(json!({ "reason": "contract" })),
                ..self.event(record, by.map(|(person, _)| person))
            },
            told,
            at: self.now(),
        }
    }

    pub(super) async fn intervened(&self, intervention: &AccountIntervention) -> InterventionOutcome {
        self.stores.oversight.intervene(intervention).await.unwrap()
    }
}

fn people(beginning: Option<&str>, limit: u32) -> OversightFilter<UserId> {
    OversightFilter {
        wanted: beginning.map(|text| Wanted::Beginning(SearchText::parse(text).unwrap())),
        behind: None,
        limit,
    }
}

const fn everything(limit: u32) -> EventFilter {
    EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None,
        limit,
    }
}

pub(super) const fn done(sessions: u64, changed: bool) -> InterventionOutcome {
    InterventionOutcome::Done { sessions, changed }
}
