//! `/settings/delete-account`: what it would mean, and the wish.

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use actix_web::web::Data;
use minijinja::{Value, context};
use rookery_core::ports::{SignedIn, StakeFate, TenantStake};
use rookery_core::{Deletion, DeletionScheduled};
use rookery_domain::Caller;
use rookery_door::body::{DeleteAccountBody, Form, Shape};
use rookery_door::{Answer, CallerInfo, Problem};

use crate::filled::Filled;
use crate::posted::Posted;
use crate::visitor::{Person, Visitor};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const SHAPE: Shape<'static> = Shape {
    switches: &[],
    optional: &["password", "code", "recoveryCode", "tenants", "reason"],
};

/// What happens and when, the tenants that stand in the way, and the form.
pub(crate) async fn show(Person { visitor, signed_in }: Person, deletion: Data<dyn Deletion>) -> Answer {
    page(&visitor, &signed_in, deletion.as_ref(), Filled::default()).await
}

/// Somebody wants to go. What comes is said on the page they are left with.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    deletion: Data<dyn Deletion>,
    Posted(form): Posted,
) -> Answer {
    match request(&form, &signed_in, caller, deletion.as_ref()).await {
        Ok(scheduled) => {
            let facts = context! { due => visitor.moment(scheduled.due) };
            let farewell = visitor.page("deletion-scheduled.html").telling(facts).answer()?;
            Ok(signed_out(&visitor, farewell))
        }
        Err(problem) => {
            let field = match problem {
                Problem::WrongCurrentPassword => "password",
                Problem::WrongCode => "code",
                _ => "",
            };
            let filled = Filled::refused(&form, problem)?.blaming(field);
            page(&visitor, &signed_in, deletion.as_ref(), filled).await
        }
    }
}

async fn request(
    form: &Form,
    signed_in: &SignedIn,
    caller: Caller,
    deletion: &dyn Deletion,
) -> Result<DeletionScheduled, Problem> {
    let meant = form.parse::<DeleteAccountBody>(&SHAPE)?.meant(caller)?;
    Ok(deletion.request(signed_in, meant).await?)
}

async fn page(visitor: &Visitor, signed_in: &SignedIn, deletion: &dyn Deletion, filled: Filled) -> Answer {
    let outlook = deletion.outlook(signed_in).await.map_err(Problem::from)?;
    let of = |fate| -> Vec<Value> {
        let tenants = outlook.tenants.iter().filter(|stake| stake.fate == fate);
        tenants.map(named).collect()
    };
    let facts = context! {
        section => "privacy",
        email => signed_in.profile.email.as_str(),
        days => outlook.grace.num_days().max(1),
        needs_password => outlook.needs_password,
        needs_second_factor => outlook.needs_second_factor,
        needy => of(StakeFate::NeedsOwner),
        closing => of(StakeFate::Closes),
        going_on => of(StakeFate::GoesOn),
    };
    visitor
        .page("settings/delete-account.html")
        .telling(facts)
        .filled(filled)
        .answer()
}

fn named(stake: &TenantStake) -> Value {
    context! { id => stake.tenant.to_string(), name => &stake.name, others => stake.others }
}

/// The session is over, and so is what the browser kept of it.
fn signed_out(visitor: &Visitor, mut response: HttpResponse) -> HttpResponse {
    let headers = response.headers_mut();
    headers.append(SET_COOKIE, visitor.door.cookie.cleared());
    headers.insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\",\"storage\""));
    response
}
