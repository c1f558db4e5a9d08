//! The HTTP door of Rookery: a body comes in, a use case does its work, a body goes out.
//!
//! [`configure`] mounts everything under `/api`, and the same under its alias `/api/v1`, into any actix-web application,
//! complete with what guards it: request ids, security headers, the cross-site rule, body limits, the panic catcher and
//! one log event a request. [`Api`] names the use cases behind the door; tests put mocks there. What this door shares with
//! others is `rookery-door`.
//!
//! | module | idea |
//! |---|---|
//! | `mount` | which path and method leads where |
//! | `voice` | what this door takes, and how it tells what went wrong |
//! | `route` | one sentence per endpoint |
//! | `view` | what goes out |
//! | `openapi` | the document, made from the code |

mod mount;
mod openapi;
mod route;
mod view;
mod voice;

pub use mount::{configure, not_found_anywhere};
pub use openapi::{openapi, openapi_json};
pub use rookery_door::{
    BEAT, CookieMode, DoorSettings as ApiSettings, InsecurePublicUrl, InvalidOrigin, IpNet, Origin, SignUpConflict,
    UseCases as Api,
};
