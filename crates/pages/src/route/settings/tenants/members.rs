//! `/settings/tenants/{tenantId}/members`: who belongs to a tenant.

use actix_web::HttpRequest;
use actix_web::web::Data;
use minijinja::{Value, context};
use rookery_core::ports::{Member, MemberFilter};
use rookery_core::{Act, Members, authorize_upon};
use rookery_domain::Initials;
use rookery_door::body::Form;
use rookery_door::query::{Query, cursor_at_member, member_filter};
use rookery_door::{Answer, Problem};
use url::form_urlencoded;

use super::insider::Insider;
use super::roles;
use crate::filled::Filled;

/// The members in the order in which they joined, or those that a search finds.
pub(crate) async fn show(insider: Insider, request: HttpRequest, members: Data<dyn Members>) -> Answer {
    let asked = Asked::of(&request);
    match asked.filter() {
        Ok(filter) => {
            let found = members.list(&insider.signed_in, insider.tenant(), filter).await?;
            let next = found
                .next
                .as_ref()
                .map(|place| asked.with_cursor(&cursor_at_member(place)));
            asked.page(&insider, &found.members, next, Filled::default())
        }
        Err(problem) => asked.page(&insider, &[], None, Filled::refused(&asked.form()?, problem)?),
    }
}

/// What the query of the page asks for.
struct Asked {
    search: String,
    cursor: String,
}

impl Asked {
    fn of(request: &HttpRequest) -> Self {
        let query = Query::of(request);
        let first = |name: &'static str| query.first(name).unwrap_or_default().to_owned();
        Self {
            search: first("search"),
            cursor: first("cursor"),
        }
    }

    /// The same question as the API is asked it, judged by its rules.
    fn filter(&self) -> Result<MemberFilter, Problem> {
        let given = [("search", &self.search), ("cursor", &self.cursor)];
        let given = given.into_iter().filter(|(_, value)| !value.is_empty());
        member_filter(&Query::of_pairs(given.map(|(name, value)| (name, value.clone()))))
    }

    fn with_cursor(&self, cursor: &str) -> String {
        Query::of_pairs(self.search()).with_cursor(cursor)
    }

    /// The same search from its first page.
    fn first_page(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.search())
            .finish()
    }

    fn search(&self) -> Option<(&'static str, String)> {
        (!self.search.is_empty()).then(|| ("search", self.search.clone()))
    }

    fn form(&self) -> Result<Form, Problem> {
        let mut form = Form::default();
        form.add("search".to_owned(), self.search.clone())?;
        Ok(form)
    }

    fn page(&self, insider: &Insider, members: &[Member], next: Option<String>, filled: Filled) -> Answer {
        let rows: Vec<Value> = members.iter().map(|member| row(insider, member)).collect();
        let facts = context! {
            members => rows,
            may_change => members.iter().any(|member| may_change(insider, member)),
            search => &self.search,
            next,
            first => (!self.cursor.is_empty()).then(|| self.first_page()),
        };
        insider
            .page("settings/tenants/members.html", "members", facts)
            .filled(filled)
            .answer()
    }
}

fn row(insider: &Insider, member: &Member) -> Value {
    context! {
        id => member.user.to_string(),
        name => called(member),
        email => member.name.as_ref().map(|_| member.email.as_str()),
        initials => Initials::of(member.name.as_deref(), &member.email).as_str(),
        roles => roles::told(&insider.visitor, &member.roles),
        joined => insider.visitor.day(member.joined),
        is_me => insider.is(member.user),
        may_change => may_change(insider, member),
    }
}

/// What a member is called: by their name, and who has given none by their address.
pub(super) fn called(member: &Member) -> &str {
    member.name.as_deref().unwrap_or(member.email.as_str())
}

/// Whether there is anything about this member that whoever looks may change.
fn may_change(insider: &Insider, member: &Member) -> bool {
    let upon = |act| authorize_upon(insider.roles(), act, &member.roles).is_ok();
    upon(Act::AssignRoles) || upon(Act::RemoveMembers)
}
