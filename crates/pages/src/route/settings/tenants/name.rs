//! `/settings/tenants/{tenantId}`: what a tenant is called, and what one is in it.

use actix_web::web::Data;
use minijinja::context;
use rookery_core::{Act, Tenants};
use rookery_domain::{Caller, Membership};
use rookery_door::body::{Form, Shape, TenantNameBody};
use rookery_door::{Answer, CallerInfo, Problem};

use super::insider::Insider;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;

/// The name, for those who may change it in a form.
pub(crate) async fn show(insider: Insider) -> Answer {
    page(&insider, Filled::default())
}

/// Somebody gives the tenant another name.
pub(crate) async fn act(
    insider: Insider,
    CallerInfo(caller): CallerInfo,
    tenants: Data<dyn Tenants>,
    Posted(form): Posted,
) -> Answer {
    match rename(&form, &insider, &caller, tenants.as_ref()).await {
        Ok(_) => Ok(insider.go_and_say("", Note::TenantRenamed)),
        Err(problem) => page(
            &insider,
            Filled::refused(&form, problem)?.in_form("name").blaming("name"),
        ),
    }
}

async fn rename(form: &Form, insider: &Insider, caller: &Caller, tenants: &dyn Tenants) -> Result<Membership, Problem> {
    let name = form.parse::<TenantNameBody>(&Shape::default())?.meant()?;
    let renamed = tenants.rename(&insider.signed_in, insider.tenant(), name, caller);
    Ok(renamed.await?)
}

fn page(insider: &Insider, filled: Filled) -> Answer {
    let facts = context! { may_rename => insider.may(Act::Rename) };
    insider
        .page("settings/tenants/name.html", "name", facts)
        .filled(filled)
        .answer()
}
