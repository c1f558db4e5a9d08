//! `/settings/tenants/{tenantId}/invitations`: whom a tenant has invited, and inviting more.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use minijinja::{Value, context};
use rookery_core::ports::{Invitation, InvitationFilter};
use rookery_core::{Invitations, Invited, authorize_invitation};
use rookery_domain::{Caller, InvitationNote, InvitationState, Violations};
use rookery_door::body::{Form, InviteBody};
use rookery_door::query::{Query, cursor_at_invitation, invitation_filter};
use rookery_door::{Answer, CallerInfo, Problem};

use super::insider::Insider;
use super::roles;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::Visitor;

/// What the page is made of, for itself and for the forms on it that were refused.
pub(crate) struct Book {
    invitations: Data<dyn Invitations>,
    cursor: String,
}

impl FromRequest for Book {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let invitations = request.app_data::<Data<dyn Invitations>>().cloned();
        let cursor = Query::of(request).first("cursor").unwrap_or_default().to_owned();
        let invitations = invitations.ok_or_else(|| Problem::Internal {
            cause: "a page is mounted outside its site".to_owned(),
        });
        ready(invitations.map(|invitations| Self { invitations, cursor }))
    }
}

/// What became of those who were not invited, and what stood in the form that was refused.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) filled: Filled,
    said: Vec<String>,
    wrong: Vec<String>,
}

/// The invitations, the newest first, and the form.
pub(crate) async fn show(insider: Insider, book: Book) -> Answer {
    book.page(&insider, Outcome::default()).await
}

/// Somebody invites people.
pub(crate) async fn act(insider: Insider, CallerInfo(caller): CallerInfo, book: Book, Posted(form): Posted) -> Answer {
    match invite(&form, &insider, &caller, book.invitations.as_ref()).await {
        Ok(invited) => {
            let said: Vec<String> = invited
                .iter()
                .filter_map(|one| not_sent(&insider.visitor, one))
                .collect();
            if said.is_empty() {
                return Ok(insider.go_and_say("/invitations", Note::Invited));
            }
            let outcome = Outcome {
                said,
                ..Outcome::default()
            };
            book.page(&insider, outcome).await
        }
        Err(problem) => {
            let (problem, wrong) = of_the_form(problem, &form);
            let filled = Filled::refused(&form, problem)?.in_form("invite").blaming("emails");
            let outcome = Outcome {
                filled,
                wrong,
                ..Outcome::default()
            };
            book.page(&insider, outcome).await
        }
    }
}

async fn invite(
    form: &Form,
    insider: &Insider,
    caller: &Caller,
    invitations: &dyn Invitations,
) -> Result<Vec<Invited>, Problem> {
    let drafts = InviteBody::filled_in(form).meant()?;
    let invited = invitations.invite(&insider.signed_in, insider.tenant(), drafts, caller);
    Ok(invited.await?)
}

/// The problem as one of the form's own fields, each rule once; and the addresses that are none.
fn of_the_form(problem: Problem, form: &Form) -> (Problem, Vec<String>) {
    let Problem::Validation(violations) = problem else {
        return (problem, Vec::new());
    };
    let addresses = InviteBody::addresses(form);
    let (mut of_fields, mut wrong) = (Violations::none(), Vec::new());
    let mut told = Vec::new();
    for violation in violations.iter() {
        let (field, place) = InviteBody::field_of(violation.path.unwrap_or_default());
        if let Some(address) = place.and_then(|place| addresses.get(place)) {
            wrong.push((*address).to_owned());
        }
        if !told.contains(&(field, &violation.message)) {
            told.push((field, &violation.message));
            of_fields.field(field, violation.message.clone());
        }
    }
    (of_fields.into(), wrong)
}

/// Why somebody was not invited, if they were not.
fn not_sent(visitor: &Visitor, invited: &Invited) -> Option<String> {
    let (key, email) = match invited {
        Invited::Sent(_) => return None,
        Invited::AlreadyMember(email) => ("invitations.already_member", email),
        Invited::AlreadyInvited(email) => ("invitations.already_invited", email),
        Invited::Limited(email, _) => ("invitations.limited", email),
    };
    Some(visitor.say(key, &[("email", email.as_str().into())]))
}

impl Book {
    /// The page, with this in the form that was sent.
    pub(super) async fn page(&self, insider: &Insider, outcome: Outcome) -> Answer {
        let found = self
            .invitations
            .list(&insider.signed_in, insider.tenant(), self.filter()?)
            .await?;
        let next = found.next.as_ref().map(|place| {
            let nothing: [(&'static str, String); 0] = [];
            Query::of_pairs(nothing).with_cursor(&cursor_at_invitation(place))
        });
        let facts = context! {
            invitations => found.invitations.iter().map(|one| row(insider, one)).collect::<Vec<_>>(),
            next,
            is_first => self.cursor.is_empty(),
            said => outcome.said,
            wrong => outcome.wrong,
            is_verified => insider.signed_in.profile.email_verified.is_some(),
            role_choices => roles::invitable(&insider.visitor, insider.roles()),
            longest_note => InvitationNote::MAX_CHARS,
        };
        insider
            .page("settings/tenants/invitations.html", "invitations", facts)
            .filled(outcome.filled)
            .answer()
    }

    fn filter(&self) -> Result<InvitationFilter, Problem> {
        let cursor = (!self.cursor.is_empty()).then(|| ("cursor", self.cursor.clone()));
        invitation_filter(&Query::of_pairs(cursor))
    }
}

fn row(insider: &Insider, invitation: &Invitation) -> Value {
    let visitor = &insider.visitor;
    let state = invitation.state(visitor.door.now());
    let inviter = invitation.inviter.as_ref();
    let waits = matches!(
        state,
        InvitationState::Pending | InvitationState::Expired | InvitationState::Void
    );
    context! {
        id => invitation.id.to_string(),
        email => invitation.email.as_str(),
        roles => roles::told(visitor, &invitation.roles),
        state => visitor.say(&format!("invitations.state_{}", state.as_str()), &[]),
        kind => kind(state),
        inviter => inviter.map(|inviter| inviter.name.as_deref().unwrap_or(inviter.email.as_str())),
        expires => (state == InvitationState::Pending).then(|| visitor.moment(invitation.expires)),
        settled => invitation.settled.map(|at| visitor.moment(at)),
        waits,
        may_resend => waits && authorize_invitation(insider.roles(), &invitation.roles).is_ok(),
    }
}

/// The colour of a state.
const fn kind(state: InvitationState) -> &'static str {
    match state {
        InvitationState::Pending => "here",
        InvitationState::Accepted => "good",
        InvitationState::Expired | InvitationState::Void => "warn",
        InvitationState::Declined | InvitationState::Revoked => "",
    }
}

impl Outcome {
    /// What was refused of one of the invitations of the list.
    pub(super) fn of_the_list(filled: Filled) -> Self {
        Self {
            filled: filled.in_form("list"),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use rookery_words::Words;

    use super::*;

    #[test]
    fn every_state_has_words_for_people() {
        let words = Words::built_in().unwrap();
        for state in InvitationState::ALL {
            assert!(words.has(&format!("invitations.state_{}", state.as_str())), "{state:?}");
        }
    }
}
