//! `/settings/tenants/{tenantId}/members/{userId}`: one member, and what they are.

use actix_web::HttpRequest;
use actix_web::web::Data;
use minijinja::context;
use rookery_core::ports::Member;
use rookery_core::{Act, Members, authorize_upon};
use rookery_domain::{Caller, Initials, UserId};
use rookery_door::body::{Form, RolesBody};
use rookery_door::{Answer, CallerInfo, Problem};

use super::insider::Insider;
use super::members::called;
use super::roles;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;

/// The member, with what whoever looks may do about them.
pub(crate) async fn show(insider: Insider, request: HttpRequest, members: Data<dyn Members>) -> Answer {
    let member = find(&insider, named(&request)?, members.as_ref()).await?;
    page(&insider, &member, Filled::default())
}

/// Somebody gives the member other roles.
pub(crate) async fn act(
    insider: Insider,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    members: Data<dyn Members>,
    Posted(form): Posted,
) -> Answer {
    let user = named(&request)?;
    match assign(&form, &insider, user, &caller, members.as_ref()).await {
        Ok(_) => Ok(insider.go_and_say("/members", Note::RolesChanged)),
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?.in_form("roles").blaming("roles");
            let member = find(&insider, user, members.as_ref()).await?;
            page(&insider, &member, filled)
        }
    }
}

async fn assign(
    form: &Form,
    insider: &Insider,
    user: UserId,
    caller: &Caller,
    members: &dyn Members,
) -> Result<Member, Problem> {
    let roles = RolesBody::ticked(form).meant()?;
    let assigned = members.assign(&insider.signed_in, insider.tenant(), &user, roles, caller);
    Ok(assigned.await?)
}

/// The member a path names. What is no id names nobody, like an id nobody has.
pub(super) fn named(request: &HttpRequest) -> Result<UserId, Problem> {
    let id = request.match_info().get("userId").unwrap_or_default();
    id.parse().map_err(|_| Problem::UserNotFound)
}

/// One member of the tenant.
pub(super) async fn find(insider: &Insider, user: UserId, members: &dyn Members) -> Result<Member, Problem> {
    Ok(members.find(&insider.signed_in, insider.tenant(), &user).await?)
}

fn page(insider: &Insider, member: &Member, filled: Filled) -> Answer {
    let visitor = &insider.visitor;
    let is_me = insider.is(member.user);
    let upon = |act| authorize_upon(insider.roles(), act, &member.roles).is_ok();
    let facts = context! {
        member => context! {
            id => member.user.to_string(),
            name => called(member),
            email => member.email.as_str(),
            initials => Initials::of(member.name.as_deref(), &member.email).as_str(),
            roles => roles::told(visitor, &member.roles),
            joined => visitor.day(member.joined),
            is_me,
        },
        may_assign => upon(Act::AssignRoles),
        // Oneself one does not remove: one leaves, and for that there is another page.
        may_remove => !is_me && upon(Act::RemoveMembers),
        may_hand_on => !is_me && insider.may(Act::TransferOwnership),
        role_choices => roles::choices(visitor, insider.roles(), &member.roles),
    };
    insider
        .page("settings/tenants/member.html", "members", facts)
        .filled(filled)
        .answer()
}
