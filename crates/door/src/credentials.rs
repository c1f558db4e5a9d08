//! Who is asking: a session token in the cookie, or in `Authorization: Bearer`.
//!
//! Only the cookie of the mode's exact name counts; its unprefixed twin, which a sub-domain could plant, does not. Schemes
//! other than `Bearer` are somebody else's (a proxy's basic authentication, say) and are passed over. When a request holds
//! two tokens that differ, be it two cookies or a cookie and a bearer token, nobody can tell which was meant, and it
//! counts as holding none that is valid. Headers in which others assert an identity (`X-User-Id` and the like) are never
//! read.

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderMap};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{LocalBoxFuture, Ready, ready};
use rookery_core::Sessions;
use rookery_core::ports::SignedIn;
use rookery_domain::SessionToken;

use crate::door::Door;
use crate::problem::Problem;
use crate::rate_limit::Counter;

/// The one well-formed session token a request holds, whether or not it opens anything.
pub struct HeldToken(pub Option<SessionToken>);

impl HeldToken {
    /// What this request holds.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let door = request.app_data::<Data<Door>>();
        Self(door.and_then(|door| token_in(request.headers(), door.cookie.name())))
    }

    /// The token, for an endpoint that needs one.
    ///
    /// # Errors
    /// [`Problem::AuthenticationRequired`] without one.
    pub fn needed(self) -> Result<SessionToken, Problem> {
        self.0.ok_or(Problem::AuthenticationRequired)
    }
}

impl FromRequest for HeldToken {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// Somebody with a live session, whatever it is worth: for what leads to a second factor that a tenant asks for, and for
/// leaving.
pub struct Identified(pub SignedIn);

impl FromRequest for Identified {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let held = HeldToken::from_request(request, payload);
        let sessions = Data::<dyn Sessions>::from_request(request, payload);
        let counter = Counter::of(request);
        Box::pin(async move {
            let held = held.await?.0;
            let sessions = sessions.await?;
            Ok(Self(signed_in(held.as_ref(), &counter, sessions.as_ref()).await?))
        })
    }
}

/// Somebody with a live session that lacks nothing: for everything else. The one place where a second factor that is
/// overdue shuts the door.
pub struct Authenticated(pub SignedIn);

impl FromRequest for Authenticated {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let identified = Identified::from_request(request, payload);
        let door = Data::<Door>::from_request(request, payload);
        Box::pin(async move {
            let Identified(signed_in) = identified.await?;
            if signed_in.session.lacks_second_factor(door.await?.now()) {
                return Err(Problem::SecondFactorRequired.into());
            }
            Ok(Self(signed_in))
        })
    }
}

/// Somebody with a live session that lacks nothing, or nobody: for what both may do.
pub struct Perhaps(pub Option<SignedIn>);

impl FromRequest for Perhaps {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let authenticated = Authenticated::from_request(request, payload);
        Box::pin(async move {
            match authenticated.await {
                Ok(Authenticated(signed_in)) => Ok(Self(Some(signed_in))),
                Err(error) if is_about_nobody(&error) => Ok(Self(None)),
                Err(error) => Err(error),
            }
        })
    }
}

/// Whether a refusal says that nobody is signed in.
#[must_use]
pub fn is_about_nobody(error: &actix_web::Error) -> bool {
    matches!(error.as_error::<Problem>(), Some(Problem::AuthenticationRequired))
}

async fn signed_in(
    held: Option<&SessionToken>,
    counter: &Counter,
    sessions: &dyn Sessions,
) -> Result<SignedIn, Problem> {
    let found = match held {
        Some(token) => sessions.authenticate(token).await.map_err(Problem::from),
        None => Err(Problem::AuthenticationRequired),
    };
    match found {
        Ok(signed_in) => counter.person(signed_in.session.user).await.map(|()| signed_in),
        Err(problem) => Err(unless_too_many(problem, counter).await),
    }
}

/// Whoever holds no session that is live is nobody in particular, and counted with their network.
pub async fn unless_too_many(problem: Problem, counter: &Counter) -> Problem {
    if !matches!(problem, Problem::AuthenticationRequired | Problem::NothingToEnd { .. }) {
        return problem;
    }
    match counter.anonymous().await {
        Ok(()) => problem,
        Err(too_many) => too_many,
    }
}

fn token_in(headers: &HeaderMap, cookie_name: &str) -> Option<SessionToken> {
    let mut held = cookies(headers, cookie_name).chain(bearers(headers));
    let first = held.next()?;
    let token = std::str::from_utf8(first).ok().and_then(SessionToken::parse)?;
    held.all(|other| other == first).then_some(token)
}

/// The values of every cookie of this name. Cookie names are compared byte by byte, unlike header names.
pub fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    headers
        .get_all(COOKIE)
        .flat_map(|header| header.as_bytes().split(|&byte| byte == b';'))
        .filter_map(move |pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="))
}

/// The credentials of every `Authorization` header of the scheme `Bearer` (RFC 6750; schemes know no case).
fn bearers(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(AUTHORIZATION).filter_map(|header| {
        let (scheme, rest) = header.as_bytes().split_at_checked(7)?;
        scheme.eq_ignore_ascii_case(b"bearer ").then(|| rest.trim_ascii())
    })
}
