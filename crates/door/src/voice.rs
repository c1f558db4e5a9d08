//! What a door takes, and how it tells what went wrong.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;

use crate::problem::Problem;

/// What the bodies of a door's requests are, and with it what a foreign page cannot send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// `application/json`. A foreign page has to ask before it may send one, and pages of the origins on the list may.
    Json,
    /// What an HTML form sends. Any page may send one, so it must come from a page of the same origin, and nobody else is
    /// allowed to read an answer.
    Forms,
}

/// What a request brings along, whatever its door calls a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Luggage {
    /// Fields that somebody filled in, or nothing.
    #[default]
    Fields,
    /// A picture, which is larger and of another type: by itself where bodies are JSON, as a file in a form where they are
    /// forms. A page that is not on the list of origins has to ask before it may send one by itself.
    Picture,
}

/// How one door differs from another at the gate.
pub trait Voice: 'static {
    /// What its requests bring along.
    const BODIES: Bodies;
    /// The media type of its answers: a failure that is of this type already is left as it is.
    const MEDIA_TYPE: &'static str;
    /// The headers of its answers, besides those of every answer of the house.
    const HEADERS: &'static [(&'static str, &'static str)];
    /// The `Content-Security-Policy` of an answer that brings none along.
    const POLICY: &'static str;

    /// What of a request it must know to answer it.
    type Heard;

    /// What this request may bring along, by where it goes.
    fn luggage(&self, request: &ServiceRequest) -> Luggage {
        let _ = request;
        Luggage::Fields
    }

    /// Keeps that, for the request itself may be gone by the time something goes wrong.
    fn hear(&self, request: &ServiceRequest) -> Self::Heard;

    /// The answer that tells the problem. The gate adds the headers that a problem has.
    fn tell(&self, heard: &Self::Heard, problem: &Problem, request_id: &str) -> HttpResponse;
}
