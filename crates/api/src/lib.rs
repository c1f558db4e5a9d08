//! The HTTP door of Rookery: a body comes in, a use case does its work, a body goes out.
//!
//! [`configure`] mounts everything under `/api`, and the same under its alias `/api/v1`, into any actix-web application,
//! complete with what guards it: request ids, security headers, the cross-site rule, body limits, the panic catcher and
//! one log event a request. [`Api`] names the use cases behind the door; tests put mocks there.
//!
//! | module | idea |
//! |---|---|
//! | `mount` | which path and method leads where |
//! | `gate` | what every request passes before and after its handler |
//! | `route` | one sentence per endpoint |
//! | `body` | what comes in, and everything that is wrong with it |
//! | `view` | what goes out |
//! | `problem` | the one table from errors to status, code and sentence |
//! | `credentials` | who is asking, by cookie or bearer token |
//! | `openapi` | the document, made from the code |

mod body;
mod credentials;
mod door;
mod gate;
mod mount;
mod openapi;
mod origin;
mod problem;
mod route;
mod session_cookie;
mod settings;
mod view;

pub use ipnet::IpNet;
pub use mount::{configure, not_found_anywhere};
pub use openapi::{openapi, openapi_json};
pub use origin::{InvalidOrigin, Origin};
pub use session_cookie::{CookieMode, InsecurePublicUrl};
pub use settings::{Api, ApiSettings};
