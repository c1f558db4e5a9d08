//! Which path and method leads where.

use actix_web::http::Method;
use actix_web::web::{self, Data, ServiceConfig};
use rookery_core::{
    Activity, Addresses, Authentication, Consents, Deletion, Exports, HealthCheck, Invitations, Joining, Members,
    Passwords, Pictures, Policies, Profiles, Reauthentication, Recovery, Registration, Restoration, SecondFactors,
    Sessions, Tenants, Unlocking, Verification,
};
use rookery_door::{Door, Served, UseCases, gate, not_found, resource};

use crate::route;
use crate::settings::Pages;
use crate::site::{BrokenTemplates, Site};
use crate::voice::Html;

/// For whom a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For anybody.
    Open,
    /// For whoever follows a mailed link, which has a `token` in its query.
    Mailed,
    /// For whoever is signed in.
    Private,
    /// No page to look at: a form is sent there, or it leads elsewhere.
    Way,
}

/// A page with its form.
macro_rules! form {
    ($($page:ident)::+) => {
        form!($($page)::+, show, act)
    };
    ($($page:ident)::+, $show:ident, $act:ident) => {
        vec![
            (Method::GET, || web::to(route::$($page)::+::$show)),
            (Method::POST, || web::to(route::$($page)::+::$act)),
        ]
    };
}
/// Where a form is sent to that stands on another page; whoever opens it is led there.
macro_rules! sent_from {
    ($from:ident, $($page:ident)::+, $act:ident) => {
        vec![
            (Method::GET, || web::to(route::settings::$from::back)),
            (Method::POST, || web::to(route::settings::$($page)::+::$act)),
        ]
    };
}

mod tenants;

/// A path, for whom it is, and the methods it answers.
type Listed = (&'static str, Kind, Vec<Served>);

/// Every path below the public URL.
pub(crate) fn resources() -> Vec<Listed> {
    let mut all = before_the_settings();
    all.extend(settings());
    all.extend(tenants::tenants());
    all
}

fn before_the_settings() -> Vec<Listed> {
    vec![
        ("/", Kind::Way, vec![(Method::GET, || web::to(route::home::show))]),
        ("/login", Kind::Open, form!(log_in)),
        ("/login/second-factor", Kind::Open, form!(second_step)),
        ("/logout", Kind::Way, form!(log_out)),
        ("/register", Kind::Open, form!(register)),
        ("/email-confirmation", Kind::Open, form!(email_confirmation)),
        ("/verify-email", Kind::Mailed, form!(verify_email)),
        ("/confirm-email", Kind::Mailed, form!(confirm_email)),
        ("/forgot-password", Kind::Open, form!(forgot_password)),
        ("/reset-password", Kind::Mailed, form!(reset_password)),
        ("/unlock", Kind::Mailed, form!(unlock)),
        ("/undo", Kind::Mailed, form!(undo)),
        ("/keep-account", Kind::Mailed, form!(keep_account)),
        ("/invitation", Kind::Mailed, form!(invitation)),
        (
            "/status",
            Kind::Open,
            vec![(Method::GET, || web::to(route::status::show))],
        ),
        ("/reauthenticate", Kind::Private, form!(reauthenticate)),
        ("/consents", Kind::Private, form!(consents)),
        (
            "/assets/{name}",
            Kind::Way,
            vec![(Method::GET, || web::to(route::asset::show))],
        ),
    ]
}

fn settings() -> Vec<Listed> {
    vec![
        (
            "/settings",
            Kind::Way,
            vec![(Method::GET, || web::to(route::settings::show))],
        ),
        ("/settings/profile", Kind::Private, form!(settings::profile)),
        ("/settings/profile/picture", Kind::Way, form!(settings::picture)),
        (
            "/settings/security",
            Kind::Private,
            vec![(Method::GET, || web::to(route::settings::security::show))],
        ),
        (
            "/settings/security/password",
            Kind::Way,
            sent_from!(security, password, act),
        ),
        ("/settings/security/email", Kind::Way, sent_from!(security, email, act)),
        (
            "/settings/security/email/cancel",
            Kind::Way,
            sent_from!(security, email, cancel),
        ),
        (
            "/settings/security/sessions/end",
            Kind::Way,
            sent_from!(security, sessions, end),
        ),
        (
            "/settings/security/sessions/end-others",
            Kind::Way,
            sent_from!(security, sessions, end_others),
        ),
        (
            "/settings/security/second-factor",
            Kind::Private,
            form!(settings::second_factor),
        ),
        (
            "/settings/security/second-factor/confirm",
            Kind::Way,
            sent_from!(second_factor, second_factor, confirm),
        ),
        (
            "/settings/security/second-factor/remove",
            Kind::Way,
            sent_from!(second_factor, second_factor, remove),
        ),
        (
            "/settings/security/recovery-codes",
            Kind::Way,
            sent_from!(second_factor, recovery_codes, act),
        ),
        (
            "/settings/security/recovery-codes/file",
            Kind::Way,
            sent_from!(second_factor, recovery_codes, file),
        ),
        (
            "/settings/security/trusted-browsers/forget",
            Kind::Way,
            sent_from!(second_factor, trusted_browsers, forget),
        ),
        (
            "/settings/activity",
            Kind::Private,
            vec![(Method::GET, || web::to(route::settings::activity::show))],
        ),
        ("/settings/privacy", Kind::Private, form!(settings::privacy)),
        (
            "/settings/delete-account",
            Kind::Private,
            form!(settings::delete_account),
        ),
        ("/settings/privacy/export", Kind::Way, sent_from!(privacy, exports, act)),
        (
            "/settings/privacy/export/{id}",
            Kind::Way,
            vec![(Method::GET, || web::to(route::settings::exports::download))],
        ),
    ]
}

/// Every path and for whom it is, for tests that look at all of them.
#[must_use]
pub fn pages() -> Vec<(&'static str, Kind)> {
    resources().into_iter().map(|(path, kind, _)| (path, kind)).collect()
}

/// The pages of an installation, ready to be mounted. Clones are the same pages.
#[derive(Clone)]
pub struct AccountPages {
    site: Data<Site>,
    door: Data<Door>,
    behind: UseCases,
}

impl AccountPages {
    /// Makes what all of them are made with.
    ///
    /// # Errors
    /// [`BrokenTemplates`]
    pub fn new(pages: &Pages) -> Result<Self, BrokenTemplates> {
        Ok(Self {
            site: Data::new(Site::new(pages)?),
            door: Data::new(Door::of(&pages.use_cases).for_people()),
            behind: pages.use_cases.clone(),
        })
    }

    /// Mounts them, with everything that guards them, into an application, behind what is mounted there already: whatever else is
    /// asked for is a page that says that there is none.
    pub fn configure(self, config: &mut ServiceConfig) {
        let Self { site, door, behind } = self;
        let mut scope = web::scope("");
        for (path, _, served) in resources() {
            scope = scope.service(resource("", path, served));
        }
        let voice = Html {
            site: site.clone(),
            door: door.clone(),
        };
        config.service(
            scope
                .default_service(web::to(not_found))
                .app_data(site)
                .app_data(door.clone())
                .app_data(Data::<dyn Registration>::from(behind.registration))
                .app_data(Data::<dyn Authentication>::from(behind.authentication))
                .app_data(Data::<dyn Sessions>::from(behind.sessions))
                .app_data(Data::<dyn Reauthentication>::from(behind.reauthentication))
                .app_data(Data::<dyn Unlocking>::from(behind.unlocking))
                .app_data(Data::<dyn Verification>::from(behind.verification))
                .app_data(Data::<dyn Recovery>::from(behind.recovery))
                .app_data(Data::<dyn Passwords>::from(behind.passwords))
                .app_data(Data::<dyn Addresses>::from(behind.addresses))
                .app_data(Data::<dyn Restoration>::from(behind.restoration))
                .app_data(Data::<dyn Deletion>::from(behind.deletion))
                .app_data(Data::<dyn SecondFactors>::from(behind.second_factors))
                .app_data(Data::<dyn Profiles>::from(behind.profiles))
                .app_data(Data::<dyn Tenants>::from(behind.tenants))
                .app_data(Data::<dyn Members>::from(behind.members))
                .app_data(Data::<dyn Invitations>::from(behind.invitations))
                .app_data(Data::<dyn Policies>::from(behind.policies))
                .app_data(Data::<dyn Joining>::from(behind.joining))
                .app_data(Data::<dyn Pictures>::from(behind.pictures))
                .app_data(Data::<dyn Activity>::from(behind.activity))
                .app_data(Data::<dyn Exports>::from(behind.exports))
                .app_data(Data::<dyn Consents>::from(behind.consents))
                .app_data(Data::<dyn HealthCheck>::from(behind.health))
                .wrap(gate(door, voice)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The browser tests show every page to axe, and know from this file which there are.
    #[test]
    fn the_browser_tests_know_every_page() {
        let shown = pages().into_iter().filter(|(_, kind)| *kind != Kind::Way);
        let lines: Vec<String> = shown.map(|(path, _)| format!("  \"{path}\"")).collect();
        assert_eq!(
            include_str!("../tests/browser/pages.json"),
            format!("[\n{}\n]\n", lines.join(",\n"))
        );
    }
}
