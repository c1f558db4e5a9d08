//! A template with its facts, and the answer it makes.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use minijinja::{Value, context};
use rookery_door::{Answer, Problem, told_in_headers};

use crate::cookie::Cookie;
use crate::filled::Filled;
use crate::visitor::Visitor;
use crate::voice::HTML;

/// A page on its way to a visitor.
pub(crate) struct Page<'a> {
    visitor: &'a Visitor,
    template: &'static str,
    facts: Value,
    filled: Filled,
    status: StatusCode,
}

impl<'a> Page<'a> {
    pub(crate) fn new(visitor: &'a Visitor, template: &'static str) -> Self {
        Self {
            visitor,
            template,
            facts: context! {},
            filled: Filled::default(),
            status: StatusCode::OK,
        }
    }

    /// What it tells.
    pub(crate) fn telling(mut self, facts: Value) -> Self {
        self.facts = facts;
        self
    }

    /// What stands in its form. A problem with that is the page's status.
    pub(crate) fn filled(mut self, filled: Filled) -> Self {
        if let Some(problem) = filled.problem() {
            self.status = problem.status();
        }
        self.filled = filled;
        self
    }

    /// The status, where it is not that of what is told.
    pub(crate) const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The answer.
    ///
    /// # Errors
    /// [`Problem::Internal`] when a template lacks something.
    pub(crate) fn answer(self) -> Answer {
        let html = self.html().map_err(|error| Problem::Internal {
            cause: format!("page {} failed: {error:#}", self.template),
        })?;
        let visitor = self.visitor;
        let mut response = HttpResponse::build(self.status);
        response
            .content_type(HTML)
            .insert_header((CONTENT_SECURITY_POLICY, visitor.site.policy.clone()));
        if visitor.note.is_some() {
            response.append_header((SET_COOKIE, Cookie::Note.taken_away(visitor.door.cookie)));
        }
        let response = visitor.remembered(response.body(html));
        Ok(match self.filled.problem() {
            Some(problem) => told_in_headers(problem, response),
            None => response,
        })
    }

    fn html(&self) -> Result<String, minijinja::Error> {
        let visitor = self.visitor;
        let site = &visitor.site;
        let said = |note: crate::note::Note| {
            context! {
                kind => note.kind(),
                text => visitor.say(&format!("note.{}", note.word()), &[]),
            }
        };
        let frame = context! {
            language => visitor.language.as_str(),
            direction => site.words.direction(visitor.language).as_str(),
            theme => visitor.theme.as_str(),
            here => &visitor.here,
            carried => &visitor.carried,
            csrf => visitor.form_token(),
            person => &visitor.person,
            works_in => &visitor.works_in,
            notice => visitor.note.map(said),
            problem => self.filled.complaint(visitor),
            errors => self.filled.errors(visitor),
            values => self.filled.values(),
            failed => self.filled.form(),
            ..site.frame.clone()
        };
        let facts = context! { ..self.facts.clone(), ..frame };
        site.templates.get_template(self.template)?.render(facts)
    }
}
