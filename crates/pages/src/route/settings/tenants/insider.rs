//! Somebody who belongs to the tenant a path names. For everybody else there is no such page.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use minijinja::{Value, context};
use rookery_core::ports::SignedIn;
use rookery_core::{Act, Tenants, authorize};
use rookery_domain::{Membership, Role, TenantId, UserId};
use rookery_door::Problem;

use super::{PAGE, is_current, roles};
use crate::note::Note;
use crate::page::Page;
use crate::visitor::{Person, Visitor};

/// A member before a page of their tenant.
pub(crate) struct Insider {
    pub(super) visitor: Visitor,
    pub(super) signed_in: SignedIn,
    pub(super) membership: Membership,
}

impl Insider {
    /// The tenant.
    pub(super) const fn tenant(&self) -> &TenantId {
        &self.membership.tenant.id
    }

    /// What they are in it.
    pub(super) fn roles(&self) -> &[Role] {
        &self.membership.tenant.roles
    }

    /// Whether their roles grant this.
    pub(super) fn may(&self, act: Act) -> bool {
        authorize(self.roles(), act).is_ok()
    }

    /// Whether this is who looks.
    pub(super) fn is(&self, user: UserId) -> bool {
        self.signed_in.session.user == user
    }

    /// A page of the tenant, by its path below the tenant's own.
    pub(super) fn path(&self, below: &str) -> String {
        format!("{PAGE}/{}{below}", self.tenant())
    }

    /// On to one of the tenant's pages, which says once what was done.
    pub(super) fn go_and_say(&self, below: &str, note: Note) -> HttpResponse {
        self.visitor.go_and_say(&self.path(below), note)
    }

    /// A page inside the tenant's frame, with the tab `open` that it stands under.
    pub(super) fn page(&self, template: &'static str, open: &str, facts: Value) -> Page<'_> {
        let tenant = &self.membership.tenant;
        let frame = context! {
            section => "tenants",
            open,
            tenant => context! {
                id => tenant.id.to_string(),
                name => &tenant.name,
                roles => roles::told(&self.visitor, &tenant.roles),
                joined => self.visitor.day(self.membership.joined),
                made => self.visitor.day(self.membership.created),
                is_current => is_current(&self.signed_in.session, &self.membership),
                may_invite => self.may(Act::Invite),
                may_see_policy => self.may(Act::SeePolicy),
            },
        };
        self.visitor.page(template).telling(context! { ..facts, ..frame })
    }
}

impl FromRequest for Insider {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let person = Person::from_request(request, payload);
        let tenants = Data::<dyn Tenants>::from_request(request, payload);
        let id = request.match_info().get("tenantId").unwrap_or_default();
        let named: Option<TenantId> = id.parse().ok();
        Box::pin(async move {
            let Person { visitor, signed_in } = person.await?;
            let tenants = tenants.await?;
            let membership = membership(named, &signed_in, tenants.as_ref()).await?;
            Ok(Self {
                visitor,
                signed_in,
                membership,
            })
        })
    }
}

/// What is no id names no tenant, like one that somebody does not belong to.
async fn membership(
    named: Option<TenantId>,
    signed_in: &SignedIn,
    tenants: &dyn Tenants,
) -> Result<Membership, Problem> {
    let named = named.ok_or(Problem::TenantNotFound)?;
    let listed = tenants.list(signed_in).await?;
    let found = listed.into_iter().find(|membership| membership.tenant.id == named);
    found.ok_or(Problem::TenantNotFound)
}
