//! `/settings/tenants/{tenantId}/members/{userId}/hand-on`: the tenant gets another owner.

use actix_web::HttpRequest;
use actix_web::web::Data;
use rookery_core::ports::Member;
use rookery_core::{Act, Members, authorize};
use rookery_door::{Answer, CallerInfo, Problem};

use super::confirmation::Question;
use super::insider::Insider;
use super::member::{find, named};
use super::members::called;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;

/// Whether somebody really means it. Whoever had to show first who they are comes back here.
pub(crate) async fn show(insider: Insider, request: HttpRequest, members: Data<dyn Members>) -> Answer {
    authorize(insider.roles(), Act::TransferOwnership)?;
    let member = find(&insider, named(&request)?, members.as_ref()).await?;
    page(&insider, &member, Filled::default())
}

/// Somebody hands the tenant on to the member.
pub(crate) async fn act(
    insider: Insider,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    members: Data<dyn Members>,
    Posted(form): Posted,
) -> Answer {
    let user = named(&request)?;
    let transferred = members.transfer_ownership(&insider.signed_in, insider.tenant(), &user, &caller);
    match transferred.await.map_err(Problem::from) {
        Ok(_) => Ok(insider.go_and_say("/members", Note::OwnershipTransferred)),
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?;
            let member = find(&insider, user, members.as_ref()).await?;
            page(&insider, &member, filled)
        }
    }
}

fn page(insider: &Insider, member: &Member, filled: Filled) -> Answer {
    let question = Question {
        words: "hand_on",
        open: "members",
        member: called(member),
        back: &format!("/members/{}", member.user),
    };
    question.page(insider, filled)
}
