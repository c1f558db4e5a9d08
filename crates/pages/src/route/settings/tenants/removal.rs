//! `/settings/tenants/{tenantId}/members/{userId}/remove`

use actix_web::HttpRequest;
use actix_web::web::Data;
use rookery_core::ports::Member;
use rookery_core::{Act, EndedMembership, Members, authorize_upon};
use rookery_door::{Answer, CallerInfo, Problem};

use super::PAGE;
use super::confirmation::Question;
use super::insider::Insider;
use super::member::{find, named};
use super::members::called;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;

/// Whether somebody really means it.
pub(crate) async fn show(insider: Insider, request: HttpRequest, members: Data<dyn Members>) -> Answer {
    let member = find(&insider, named(&request)?, members.as_ref()).await?;
    authorize_upon(insider.roles(), Act::RemoveMembers, &member.roles)?;
    page(&insider, &member, Filled::default())
}

/// Somebody removes a member.
pub(crate) async fn act(
    insider: Insider,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    members: Data<dyn Members>,
    Posted(form): Posted,
) -> Answer {
    let user = named(&request)?;
    let ended = members.remove(&insider.signed_in, insider.tenant(), &user, &caller);
    match ended.await.map_err(Problem::from) {
        Ok(EndedMembership::Own) => Ok(insider.visitor.go_and_say(PAGE, Note::TenantLeft)),
        Ok(EndedMembership::Other) => Ok(insider.go_and_say("/members", Note::MemberRemoved)),
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?;
            let member = find(&insider, user, members.as_ref()).await?;
            page(&insider, &member, filled)
        }
    }
}

fn page(insider: &Insider, member: &Member, filled: Filled) -> Answer {
    let question = Question {
        words: "remove_member",
        open: "members",
        member: called(member),
        back: &format!("/members/{}", member.user),
    };
    question.page(insider, filled)
}
