//! `/settings/tenants`: where somebody belongs, which of them they work in, and making another one.

mod confirmation;
mod insider;
pub(crate) mod invitation;
pub(crate) mod invitations;
pub(crate) mod leave;
pub(crate) mod member;
pub(crate) mod members;
pub(crate) mod name;
pub(crate) mod policy;
pub(crate) mod removal;
mod roles;
pub(crate) mod switch;
pub(crate) mod transfer;

use actix_web::web::Data;
use minijinja::{Value, context};
use rookery_core::Tenants;
use rookery_core::ports::SignedIn;
use rookery_domain::{Caller, Membership, Session};
use rookery_door::body::{Form, Shape, TenantNameBody};
use rookery_door::{Answer, CallerInfo, Problem};

use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Person, Visitor};

/// The page.
pub(crate) const PAGE: &str = "/settings/tenants";

/// All of theirs, and the form for another one.
pub(crate) async fn show(Person { visitor, signed_in }: Person, tenants: Data<dyn Tenants>) -> Answer {
    page(&visitor, &signed_in, tenants.as_ref(), Filled::default()).await
}

/// Somebody makes a tenant. The session stays where it is.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    tenants: Data<dyn Tenants>,
    Posted(form): Posted,
) -> Answer {
    match found(&form, &signed_in, &caller, tenants.as_ref()).await {
        Ok(made) => Ok(visitor.go_and_say(&format!("{PAGE}/{}", made.tenant.id), Note::TenantMade)),
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?.in_form("new").blaming("name");
            page(&visitor, &signed_in, tenants.as_ref(), filled).await
        }
    }
}

async fn found(
    form: &Form,
    signed_in: &SignedIn,
    caller: &Caller,
    tenants: &dyn Tenants,
) -> Result<Membership, Problem> {
    let name = form.parse::<TenantNameBody>(&Shape::default())?.meant()?;
    Ok(tenants.found(signed_in, name, caller).await?)
}

async fn page(visitor: &Visitor, signed_in: &SignedIn, tenants: &dyn Tenants, filled: Filled) -> Answer {
    let listed = tenants.list(signed_in).await?;
    let session = &signed_in.session;
    let facts = context! {
        section => "tenants",
        tenants => listed.iter().map(|one| row(visitor, one, session)).collect::<Vec<_>>(),
        is_verified => signed_in.profile.email_verified.is_some(),
        required_by => session.second_factor_due.map(|at| visitor.moment(at)),
    };
    visitor
        .page("settings/tenants.html")
        .telling(facts)
        .filled(filled)
        .answer()
}

fn row(visitor: &Visitor, membership: &Membership, session: &Session) -> Value {
    let tenant = &membership.tenant;
    context! {
        id => tenant.id.to_string(),
        name => &tenant.name,
        roles => roles::told(visitor, &tenant.roles),
        joined => visitor.day(membership.joined),
        is_current => is_current(session, membership),
    }
}

/// Whether this is the tenant the session works in.
fn is_current(session: &Session, membership: &Membership) -> bool {
    session
        .tenant
        .as_ref()
        .is_some_and(|current| current.id == membership.tenant.id)
}
