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
//! | `query` | what is asked for behind the question mark |
//! | `view` | what goes out |
//! | `problem` | the one table from errors to status, code and sentence |
//! | `credentials` | who is asking, by cookie or bearer token |
//! | `rate_limit` | how often somebody may ask, and how often they still may |
//! | `device_cookie` | which browser is asking |
//! | `openapi` | the document, made from the code |

mod body;
mod challenge_cookie;
mod credentials;
mod device_cookie;
mod door;
mod gate;
mod mount;
mod openapi;
mod origin;
mod problem;
mod query;
mod rate_limit;
mod route;
mod session_cookie;
mod settings;
mod view;

pub use ipnet::IpNet;
pub use mount::{configure, not_found_anywhere};
pub use openapi::{openapi, openapi_json};
pub use origin::{InvalidOrigin, Origin};
pub use session_cookie::{CookieMode, InsecurePublicUrl};
pub use settings::{Api, ApiSettings, SignUpConflict};
