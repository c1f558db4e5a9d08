//! The account pages: a second door to the same use cases, for people with a browser.
//!
//! [`AccountPages`] are mounted beside the API into any actix-web application. Everything works by plain forms and
//! redirects; the small script only improves what is there. A form is turned into the body a program would have sent and
//! judged by the same rules; what was wrong is said in the reader's language, beside its field.
//!
//! | module | idea |
//! |---|---|
//! | `settings` | what the pages need: the use cases, the words, the brand |
//! | `mount` | which path and method leads where |
//! | `voice` | how a problem becomes a page, or the way to one |
//! | `site` | what every page is made with, once |
//! | `visitor` | who looks: language, theme, and the tokens of their forms |
//! | `page` | a template with its facts |
//! | `filled` | what stands in a form, and what is wrong with it |
//! | `route` | one file per page |
//! | `destination` | where somebody goes on to, and where never |
//! | `device` | what somebody signed in with, in words
//! | `form_token` | proof that a form came from us |
//! | `brand` | in whose name the pages speak |
//! | `asset` | what pages are drawn with, under names that change with what they hold |

mod asset;
mod brand;
mod cookie;
mod destination;
mod device;
mod filled;
mod form_token;
mod mount;
mod note;
mod page;
mod posted;
mod route;
mod settings;
mod site;
mod templates;
mod visitor;
mod voice;

pub use asset::{Picture, UnknownPicture};
pub use brand::{Brand, Logo};
pub use mount::{AccountPages, Kind, pages};
pub use settings::{PageSettings, Pages};
pub use site::BrokenTemplates;
