//! `/settings/tenants/{tenantId}/switch`

use actix_web::web::Data;
use rookery_core::Tenants;
use rookery_door::{Answer, CallerInfo};

use super::PAGE;
use super::insider::Insider;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::Visitor;

/// Where the form is sent to there is nothing to see; whoever had to show first who they are comes back this way.
pub(crate) async fn show(visitor: Visitor) -> Answer {
    Ok(visitor.go_to(PAGE))
}

/// The session goes on in this tenant.
pub(crate) async fn act(
    insider: Insider,
    CallerInfo(caller): CallerInfo,
    tenants: Data<dyn Tenants>,
    Posted(_): Posted,
) -> Answer {
    tenants.switch(&insider.signed_in, insider.tenant(), &caller).await?;
    Ok(insider.visitor.go_and_say(PAGE, Note::TenantSwitched))
}
