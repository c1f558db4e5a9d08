//! The frame that every HTTP door of Rookery hangs in.
//!
//! A door is an inbound adapter: it turns what comes over the wire into calls of the use cases, and their answers into what
//! goes back. The doors differ in what they speak, JSON or pages; they share what is here. What a door speaks it says with a
//! [`Voice`], and the [`gate`] around it does the rest.
//!
//! | module | idea |
//! |---|---|
//! | `use_cases` | what is behind every door, and how doors behave |
//! | `door` | what the gate and the handlers of one door share |
//! | `gate` | what every request passes before and after its handler |
//! | `deed` | what is done the same way at every door: counted, done, and answered when it tells nothing |
//! | `beat` | answers whose time must tell nothing |
//! | `voice` | what a door takes, and how it tells what went wrong |
//! | `resource` | a path with its methods, `HEAD` and `405` with it |
//! | `body` | what comes in, and everything that is wrong with it |
//! | `if_match` | which state of a thing a change is meant for |
//! | `query` | what is asked for behind the question mark |
//! | `problem` | the one table from errors to status, code and sentence |
//! | `credentials` | who is asking, by cookie or bearer token |
//! | `staff` | who of the staff is asking, and that nothing is here for anybody else |
//! | `rate_limit` | how often somebody may ask, and how often they still may |
//! | `session_cookie`, `device_cookie`, `challenge_cookie` | what a browser keeps |
//! | `origin` | where a page came from |

mod beat;
pub mod body;
mod challenge_cookie;
mod credentials;
pub mod deed;
mod device_cookie;
mod door;
mod gate;
mod if_match;
mod origin;
mod problem;
pub mod query;
mod rate_limit;
mod resource;
mod session_cookie;
mod staff;
mod use_cases;
mod voice;

pub use beat::BEAT;
pub use challenge_cookie::HeldChallenge;
pub use credentials::{Authenticated, HeldToken, Identified, Perhaps, cookies, is_about_nobody, unless_too_many};
pub use device_cookie::HeldDevice;
pub use door::Door;
pub use gate::{CallerInfo, RequestId, gate, told_in_headers};
pub use if_match::if_match;
pub use ipnet::IpNet;
pub use origin::{InvalidOrigin, Origin};
pub use problem::Problem;
pub use rate_limit::{Counter, RATE_LIMIT, RATE_LIMIT_POLICY};
pub use resource::{Answer, Served, hidden_resource, not_found, resource};
pub use session_cookie::{CookieMode, InsecurePublicUrl};
pub use staff::StaffOnly;
pub use use_cases::{DoorSettings, SignUpConflict, UseCases};
pub use voice::{Bodies, Luggage, Voice};
