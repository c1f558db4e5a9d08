//! `/invitation`

use actix_web::HttpResponse;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use minijinja::{Value, context};
use rookery_core::ports::SignedIn;
use rookery_core::{Joined, Joining, JoiningStep, ShownInvitation, Tenants};
use rookery_domain::{Caller, Role};
use rookery_door::body::{AcceptInvitationBody, Form, MailedTokenBody, Shape};
use rookery_door::{Answer, CallerInfo, Counter, HeldDevice, HeldToken, Problem, deed};
use url::form_urlencoded;

use super::consents;
use crate::filled::{Filled, told};
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

const SHAPE: Shape<'static> = Shape {
    switches: &[],
    optional: &["name", "password", "language", "timezone"],
};

/// Who invites to what, and what leads on. Opening the page uses nothing up.
pub(crate) async fn show(Guest { visitor, signed_in }: Guest, counter: Counter, joining: Data<dyn Joining>) -> Answer {
    let token = visitor.asked("token");
    let shown = deed::show_invitation(&counter, joining.as_ref(), token, signed_in.clone()).await;
    page(
        &visitor,
        signed_in.as_ref(),
        (token, shown),
        Filled::with(&[("token", token)]),
    )
}

/// Somebody accepts, or declines.
pub(crate) async fn act(
    Guest { visitor, signed_in }: Guest,
    (HeldToken(held), HeldDevice(device)): (HeldToken, HeldDevice),
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    joining: Data<dyn Joining>,
    tenants: Data<dyn Tenants>,
    Posted(form): Posted,
) -> Answer {
    let signed_in = wanting_nothing(&visitor, signed_in)?;
    if form.text("answer") == "decline" {
        return decline(&visitor, &form, &caller, &counter, joining.as_ref()).await;
    }
    let meant = form
        .parse::<AcceptInvitationBody>(&SHAPE)?
        .meant(signed_in.clone(), held, device, caller.clone());
    let joined = match meant {
        Ok(accept) => deed::accept_invitation(&counter, joining.as_ref(), accept).await,
        Err(violations) => Err(violations.into()),
    };
    match joined {
        Ok(joined) => Ok(inside(&visitor, signed_in.as_ref(), &joined, tenants.as_ref(), &caller).await),
        Err(problem) => again(&visitor, signed_in, &form, problem, joining.as_ref()).await,
    }
}

/// A session that lacks a second factor is worth nothing here either.
fn wanting_nothing(visitor: &Visitor, signed_in: Option<SignedIn>) -> Result<Option<SignedIn>, Problem> {
    let now = visitor.door.now();
    match signed_in {
        Some(signed_in) if signed_in.session.lacks_second_factor(now) => Err(Problem::SecondFactorRequired),
        signed_in => Ok(signed_in),
    }
}

async fn decline(visitor: &Visitor, form: &Form, caller: &Caller, counter: &Counter, joining: &dyn Joining) -> Answer {
    let token = form.parse::<MailedTokenBody>(&Shape::default())?.meant()?;
    match deed::decline_invitation(counter, joining, &token, caller).await {
        Ok(()) => visitor
            .page("invitation.html")
            .telling(context! { step => "declined" })
            .answer(),
        Err(problem) => dead(visitor, problem),
    }
}

/// On into the tenant, with the session there is. Where it may not go on there without a proof of who they are, it stays where it
/// was: they have joined all the same.
async fn inside(
    visitor: &Visitor,
    signed_in: Option<&SignedIn>,
    joined: &Joined,
    tenants: &dyn Tenants,
    caller: &Caller,
) -> HttpResponse {
    let door = &visitor.door;
    match (joined, signed_in) {
        (Joined::Newcomer(_, logged_in), _) => {
            let mut response = visitor.saying(Note::TenantJoined, consents::go_by(visitor, ""));
            let headers = response.headers_mut();
            headers.append(SET_COOKIE, door.cookie.carrying(&logged_in.token, None, door.now()));
            headers.append(SET_COOKIE, door.cookie.knowing(&logged_in.device));
            return response;
        }
        (Joined::Member(tenant), Some(signed_in)) => {
            let _ = tenants.switch(signed_in, &tenant.id, caller).await;
        }
        (Joined::Member(_), None) => {}
    }
    visitor.saying(Note::TenantJoined, visitor.go_on_or_home(""))
}

/// The page once more: with what is to be put right, or with what has become of the invitation.
async fn again(
    visitor: &Visitor,
    signed_in: Option<SignedIn>,
    form: &Form,
    problem: Problem,
    joining: &dyn Joining,
) -> Answer {
    let token = form.text("token");
    let shown = joining.show(token, signed_in.clone()).await.map_err(Problem::from);
    let filled = match problem {
        // What has become of it says the page itself.
        Problem::SignInRequired | Problem::SignedInAsSomeoneElse | Problem::AlreadyMember => {
            Filled::with(&[("token", token)])
        }
        Problem::DeadInvitation(_) => return dead(visitor, problem),
        problem => Filled::refused(form, problem)?,
    };
    page(visitor, signed_in.as_ref(), (token, shown), filled)
}

fn page(
    visitor: &Visitor,
    signed_in: Option<&SignedIn>,
    (token, shown): (&str, Result<ShownInvitation, Problem>),
    filled: Filled,
) -> Answer {
    let shown = match shown {
        Ok(shown) => shown,
        Err(problem) => return dead(visitor, problem),
    };
    visitor
        .page("invitation.html")
        .telling(facts(visitor, signed_in, token, &shown))
        .filled(filled)
        .answer()
}

/// Why it leads nowhere; what has nothing to do with invitations is told by a page of its own.
fn dead(visitor: &Visitor, problem: Problem) -> Answer {
    let Problem::DeadInvitation(_) = problem else {
        return Err(problem);
    };
    let facts = context! { step => "dead", text => told(&problem, visitor) };
    visitor
        .page("invitation.html")
        .telling(facts)
        .status(problem.status())
        .answer()
}

fn facts(visitor: &Visitor, signed_in: Option<&SignedIn>, token: &str, shown: &ShownInvitation) -> Value {
    let step = match shown.next {
        _ if shown.is_expired => "expired",
        JoiningStep::Enrol => "enrol",
        JoiningStep::SignIn => "sign_in",
        JoiningStep::Join => "join",
        JoiningStep::SignOut => "sign_out",
        JoiningStep::Nothing => "nothing",
    };
    let inviter = match &shown.inviter_name {
        Some(name) => format!("{name} ({})", shown.inviter_email),
        None => shown.inviter_email.to_string(),
    };
    let note = shown.note.as_deref().unwrap_or_default();
    context! {
        step,
        tenant => &shown.tenant_name,
        inviter,
        email => shown.email.as_str(),
        own => signed_in.map(|signed_in| signed_in.profile.email.to_string()),
        roles => roles(visitor, &shown.roles),
        note => note.lines().map(str::to_owned).collect::<Vec<_>>(),
        until => visitor.moment(shown.expires),
        min_length => visitor.door.password_policy.rules.min_chars,
        log_in => log_in(visitor, token),
    }
}

fn roles(visitor: &Visitor, roles: &[Role]) -> String {
    let words = roles
        .iter()
        .map(|role| visitor.say(&format!("invitation.role_{role}"), &[]));
    words.collect::<Vec<_>>().join(", ")
}

/// The sign-in that leads back here.
fn log_in(visitor: &Visitor, token: &str) -> String {
    let here = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", token)
        .finish();
    let redirect = form_urlencoded::Serializer::new(String::new())
        .append_pair("redirect", &format!("{}?{here}", visitor.here))
        .finish();
    visitor.link(&format!("/login?{redirect}"))
}
