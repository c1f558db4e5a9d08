//! Who looks and acts.

use rookery_domain::{Actor, AuditAction, AuditOutcome, Caller, Session, StaffRole, Timestamp, UserId};
use serde_json::{Map, Value, json};

use crate::ports::{SignedIn, StaffStanding};
use crate::{AuditEvent, Forbidden, Mint, ReauthenticationRequired, StaffAct, authorize_staff, require_fresh};

/// Somebody who was let in: the proof of it. There are two kinds, staff with a session, whom
/// [`Oversight::admit`](crate::Oversight::admit) lets in, and whoever sits at the command line of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overseer {
    by: By,
    caller: Caller,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    Staff { session: Box<Session>, role: StaffRole },
    CommandLine { name: Option<String> },
}

/// An event in the log of the staff, but for who did it.
pub(crate) struct Record {
    pub(crate) action: AuditAction,
    pub(crate) target: Option<String>,
    pub(crate) detail: Vec<(&'static str, Value)>,
}

impl Overseer {
    /// Whoever sits at the command line, under the name they have on that machine.
    #[must_use]
    pub const fn at_the_command_line(name: Option<String>) -> Self {
        Self {
            by: By::CommandLine { name },
            caller: Caller::operator(),
        }
    }

    /// Somebody of the staff, let in without being looked at. For tests alone.
    #[cfg(any(test, feature = "mocks"))]
    #[must_use]
    pub fn let_in(signed_in: &SignedIn, role: StaffRole, caller: &Caller) -> Self {
        Self::staff(signed_in, role, caller)
    }

    pub(super) fn staff(signed_in: &SignedIn, role: StaffRole, caller: &Caller) -> Self {
        Self {
            by: By::Staff {
                session: Box::new(signed_in.session.clone()),
                role,
            },
            caller: caller.clone(),
        }
    }

    /// The person, if it is one with an account.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        self.standing().map(|standing| standing.user)
    }

    /// What their decisions rest on.
    pub(super) fn standing(&self) -> Option<StaffStanding> {
        match &self.by {
            By::Staff { session, role } => Some(StaffStanding {
                user: session.user,
                role: *role,
            }),
            By::CommandLine { .. } => None,
        }
    }

    /// Whether they may do this. The command line may do everything.
    pub(super) fn authorize(&self, act: StaffAct) -> Result<(), Forbidden> {
        self.standing()
            .map_or(Ok(()), |standing| authorize_staff(standing.role, act))
    }

    /// Whether they have lately proved who they are. Whoever sits at the command line is there.
    pub(super) fn require_fresh(&self, now: Timestamp) -> Result<(), ReauthenticationRequired> {
        match &self.by {
            By::Staff { session, .. } => require_fresh(session, now),
            By::CommandLine { .. } => Ok(()),
        }
    }

    /// An entry in the log of the staff: theirs.
    pub(crate) fn record(&self, mint: &Mint, record: Record, outcome: AuditOutcome, at: Timestamp) -> AuditEvent {
        let mut detail: Map<String, Value> = record
            .detail
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        let event = AuditEvent {
            actor: self.actor(),
            target: record.target,
            ..mint.event(at, record.action, outcome, &self.caller)
        };
        match &self.by {
            By::Staff { session, .. } => AuditEvent {
                user: Some(session.user),
                session: Some(session.id),
                detail: object(detail),
                ..event
            },
            By::CommandLine { name } => {
                if let Some(name) = name {
                    detail.insert("operator".to_owned(), json!(name));
                }
                AuditEvent {
                    detail: object(detail),
                    ..event
                }
            }
        }
    }

    /// An entry in the activity of the person it is about. Who of the staff it was and where they sat is none of it.
    pub(super) fn told(&self, mint: &Mint, action: AuditAction, user: UserId, at: Timestamp) -> AuditEvent {
        AuditEvent {
            user: Some(user),
            actor: self.actor(),
            ..mint.event(at, action, AuditOutcome::Success, &Caller::default())
        }
    }

    /// What happened to an account, where its person does not read of it: it names them as whom it was done to.
    pub(super) fn untold(&self, mint: &Mint, action: AuditAction, user: UserId, at: Timestamp) -> AuditEvent {
        AuditEvent {
            user: None,
            target: Some(format!("user:{user}")),
            ..self.told(mint, action, user, at)
        }
    }

    const fn actor(&self) -> Actor {
        match self.by {
            By::Staff { .. } => Actor::Staff,
            By::CommandLine { .. } => Actor::Operator,
        }
    }
}

fn object(detail: Map<String, Value>) -> Option<Value> {
    (!detail.is_empty()).then_some(Value::Object(detail))
}
