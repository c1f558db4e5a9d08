//! `/settings/tenants/{tenantId}/invitations/{invitationId}/resend` and `…/revoke`

use actix_web::HttpRequest;
use actix_web::web::Data;
use rookery_core::Invitations;
use rookery_domain::InvitationId;
use rookery_door::{Answer, CallerInfo, Problem};

use super::insider::Insider;
use super::invitations::{Book, Outcome};
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;

const LIST: &str = "/invitations";

/// Where the forms are sent to there is nothing to see.
pub(crate) async fn back(insider: Insider) -> Answer {
    Ok(insider.visitor.go_to(&insider.path(LIST)))
}

/// Somebody has an invitation mailed again.
pub(crate) async fn resend(
    insider: Insider,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    invitations: Data<dyn Invitations>,
    book: Book,
    Posted(form): Posted,
) -> Answer {
    let named = named(&request)?;
    let resent = invitations.resend(&insider.signed_in, insider.tenant(), &named, &caller);
    match resent.await.map_err(Problem::from) {
        Ok(_) => Ok(insider.go_and_say(LIST, Note::InvitationResent)),
        Err(problem) => {
            let outcome = Outcome::of_the_list(Filled::refused(&form, problem)?);
            book.page(&insider, outcome).await
        }
    }
}

/// Somebody takes an invitation back.
pub(crate) async fn revoke(
    insider: Insider,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    invitations: Data<dyn Invitations>,
    book: Book,
    Posted(form): Posted,
) -> Answer {
    let named = named(&request)?;
    let revoked = invitations.revoke(&insider.signed_in, insider.tenant(), &named, &caller);
    match revoked.await.map_err(Problem::from) {
        Ok(()) => Ok(insider.go_and_say(LIST, Note::InvitationRevoked)),
        Err(problem) => {
            let outcome = Outcome::of_the_list(Filled::refused(&form, problem)?);
            book.page(&insider, outcome).await
        }
    }
}

/// The invitation a path names. What is no id names none, like an id nobody has.
fn named(request: &HttpRequest) -> Result<InvitationId, Problem> {
    let id = request.match_info().get("invitationId").unwrap_or_default();
    id.parse().map_err(|_| Problem::InvitationNotFound)
}
