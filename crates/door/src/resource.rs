//! A path with its methods: a `GET` answers `HEAD` as well, and every other method is a `405` that says which there are.

use actix_web::http::Method;
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse, Resource, Route};

use crate::problem::Problem;

/// What a handler gives back; the gate writes the problems.
pub type Answer = Result<HttpResponse, Problem>;

/// Where a handler is found: a method, and how its route is made.
pub type Served = (Method, fn() -> Route);

/// What a resource knows of itself, for its log line and its `Allow` header.
pub(crate) struct Mounted {
    /// The pattern, whichever alias was used.
    pub(crate) pattern: String,
    allow: String,
}

/// A path below this prefix, which the scope around it stands for.
#[must_use]
pub fn resource(prefix: &str, path: &str, served: Vec<Served>) -> Resource {
    mounted(prefix, path, served).default_service(web::to(method_not_allowed))
}

/// The same for what is not to be told from nothing: by other methods, there is nothing.
#[must_use]
pub fn hidden_resource(prefix: &str, path: &str, served: Vec<Served>) -> Resource {
    mounted(prefix, path, served).default_service(web::to(not_found))
}

fn mounted(prefix: &str, path: &str, served: Vec<Served>) -> Resource {
    let mut allowed = Vec::new();
    let mut resource = web::resource(path.to_owned());
    for (method, route) in served {
        allowed.push(method.to_string());
        if method == Method::GET {
            allowed.push(Method::HEAD.to_string());
            resource = resource.route(route().method(Method::HEAD));
        }
        resource = resource.route(route().method(method));
    }
    let mounted = Mounted {
        pattern: format!("{prefix}{path}"),
        allow: allowed.join(", "),
    };
    resource.app_data(mounted)
}

/// The answer of a path that nobody serves.
///
/// # Errors
/// [`Problem::NotFound`], always.
pub async fn not_found() -> Answer {
    Err(Problem::NotFound)
}

async fn method_not_allowed(request: HttpRequest) -> Answer {
    let allow = request.app_data::<Mounted>().map(|mounted| mounted.allow.clone());
    Err(Problem::MethodNotAllowed {
        allow: allow.unwrap_or_default(),
    })
}
