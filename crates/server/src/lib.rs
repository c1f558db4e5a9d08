//! Rookery as a server: what the `rookery` program is made of, and what embeds it into another actix-web application.
//!
//! | module | idea |
//! |---|---|
//! | [`configuration`] | flags over environment over `rookery.toml`, checked as a whole |
//! | [`compose`] | introduces the adapters to the use cases: [`Rookery`] |
//! | [`application`] | the service with a server around it |
//! | [`workers`] | delivering mail, throwing away what has run out |
//! | [`command`] | the command line |

pub mod application;
pub mod command;
pub mod compose;
pub mod configuration;
pub mod start_error;
pub mod workers;

mod bell;
mod clock;
mod development;
mod in_flight;
mod kept_key;
mod listener;
mod locales;
mod mail_room;
mod schema;
mod telemetry;
mod work;

pub use application::{Application, StopHandle};
pub use compose::Rookery;
pub use configuration::{Configuration, Problems, Sources};
pub use start_error::StartError;
pub use work::WorkObserver;
