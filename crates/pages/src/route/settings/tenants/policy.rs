//! `/settings/tenants/{tenantId}/policy`: what a tenant asks of its members.

use actix_web::web::Data;
use minijinja::{Value, context};
use rookery_core::{Act, Policies, PolicyInForce, PolicyVersion, require_fresh};
use rookery_domain::password::MAX_CHARS;
use rookery_domain::{Caller, TenantPolicy};
use rookery_door::body::{Form, PolicyBody};
use rookery_door::{Answer, CallerInfo, Problem};

use super::insider::Insider;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;

/// What is asked, in a form for those who may change it.
pub(crate) async fn show(insider: Insider, policies: Data<dyn Policies>) -> Answer {
    page(&insider, policies.as_ref(), Filled::default()).await
}

/// Somebody changes it.
pub(crate) async fn act(
    insider: Insider,
    CallerInfo(caller): CallerInfo,
    policies: Data<dyn Policies>,
    Posted(form): Posted,
) -> Answer {
    match change(&form, &insider, &caller, policies.as_ref()).await {
        Ok(_) => Ok(insider.go_and_say("/policy", Note::PolicySaved)),
        Err(problem) => {
            // Whoever was overtaken is shown what holds now, not what they had typed over what held before.
            let shown = match problem {
                Problem::PreconditionFailed => Form::default(),
                _ => form,
            };
            let filled = Filled::refused(&shown, problem)?.in_form("policy");
            page(&insider, policies.as_ref(), filled).await
        }
    }
}

async fn change(
    form: &Form,
    insider: &Insider,
    caller: &Caller,
    policies: &dyn Policies,
) -> Result<PolicyInForce, Problem> {
    let update = PolicyBody::filled_in(form).meant()?;
    let expected = PolicyVersion::parse(form.text("version")).into_iter().collect();
    let changed = policies.change(&insider.signed_in, insider.tenant(), update, Some(expected), caller);
    Ok(changed.await?)
}

async fn page(insider: &Insider, policies: &dyn Policies, filled: Filled) -> Answer {
    let policy = policies.read(&insider.signed_in, insider.tenant()).await?;
    let visitor = &insider.visitor;
    let is_fresh = require_fresh(&insider.signed_in.session, visitor.door.now()).is_ok();
    let weakest = &policy.weakest;
    let facts = context! {
        policy => settings(&policy.policy),
        weakest => settings(weakest),
        longest_password => MAX_CHARS,
        fewest_attempts => TenantPolicy::LEAST_LOGIN_ATTEMPTS.min(weakest.max_login_attempts),
        version => policy.version.to_string(),
        changed => policy.changed.map(|at| visitor.moment(at)),
        may_change => insider.may(Act::ChangePolicy),
        is_fresh,
        back => insider.path("/policy"),
    };
    insider
        .page("settings/tenants/policy.html", "policy", facts)
        .filled(filled)
        .answer()
}

fn settings(policy: &TenantPolicy) -> Value {
    context! {
        length => policy.password_min_length,
        uppercase => policy.password_require_uppercase,
        numbers => policy.password_require_numbers,
        symbols => policy.password_require_symbols,
        hours => policy.session_timeout_hours,
        attempts => policy.max_login_attempts,
        two_factor => policy.two_factor_required,
    }
}
