//! `/settings/security/recovery-codes`: new ones, shown once, and as a file.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Data;
use minijinja::context;
use rookery_core::SecondFactors;
use rookery_domain::{RecoveryCode, second_factor::RECOVERY_CODES};
use rookery_door::{Answer, CallerInfo, Problem};

use crate::posted::Posted;
use crate::visitor::{LimitedPerson, Person, Visitor};

/// Somebody makes new codes; the old ones are worth nothing any more.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
    Posted(_): Posted,
) -> Answer {
    let codes = factors.renew_codes(&signed_in, &caller).await?;
    page(&visitor, &codes)
}

/// The codes as a file, for browsers without a script: the page sends back what it shows, since nobody keeps it. Nothing but
/// codes comes back.
pub(crate) async fn file(LimitedPerson { .. }: LimitedPerson, Posted(form): Posted) -> Answer {
    let codes: Option<Vec<RecoveryCode>> = form
        .text("codes")
        .split_whitespace()
        .map(|code| RecoveryCode::parse(code).ok())
        .collect();
    let codes = codes.filter(|codes| (1..=RECOVERY_CODES).contains(&codes.len()));
    let codes = codes.ok_or(Problem::BadRequest)?;
    let text: String = codes.iter().map(|code| code.expose() + "\n").collect();
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"recovery-codes.txt\""))
        .body(text))
}

/// The codes, this once.
pub(super) fn page(visitor: &Visitor, codes: &[RecoveryCode]) -> Answer {
    let facts = context! {
        section => "security",
        codes => codes.iter().map(RecoveryCode::expose).collect::<Vec<_>>(),
    };
    visitor.page("settings/recovery-codes.html").telling(facts).answer()
}
