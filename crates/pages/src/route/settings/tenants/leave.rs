//! `/settings/tenants/{tenantId}/leave`

use actix_web::web::Data;
use rookery_core::Members;
use rookery_door::{Answer, CallerInfo, Problem};

use super::PAGE;
use super::confirmation::Question;
use super::insider::Insider;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;

const QUESTION: Question<'static> = Question {
    words: "leave_tenant",
    open: "name",
    member: "",
    back: "",
};

/// Whether somebody really means it.
pub(crate) async fn show(insider: Insider) -> Answer {
    QUESTION.page(&insider, Filled::default())
}

/// Somebody leaves.
pub(crate) async fn act(
    insider: Insider,
    CallerInfo(caller): CallerInfo,
    members: Data<dyn Members>,
    Posted(form): Posted,
) -> Answer {
    let user = insider.signed_in.session.user;
    match members
        .remove(&insider.signed_in, insider.tenant(), &user, &caller)
        .await
    {
        Ok(_) => Ok(insider.visitor.go_and_say(PAGE, Note::TenantLeft)),
        Err(error) => {
            let filled = Filled::refused(&form, Problem::from(error))?;
            QUESTION.page(&insider, filled)
        }
    }
}
