//! A tenant with people in every role, and with an id of every kind.

use serde_json::json;

use super::document::Kind;
use crate::rookery::browser::Browser;
use crate::rookery::tenants::{founded, join, log_in, signed_in, verify};
use crate::rookery::test_app::TestApp;

const ROLES: [&str; 4] = ["owner", "admin", "member", "viewer"];

/// Somebody who is signed in, on a device that is trusted.
pub(super) struct Person {
    pub(super) who: String,
    pub(super) browser: Browser,
    pub(super) id: String,
    /// What is theirs alone, by kind.
    pub(super) own: Vec<(Kind, String)>,
}

impl Person {
    pub(super) fn new(app: &TestApp, who: &str) -> Self {
        let (browser, id) = signed_in(app, who);
        Self {
            who: who.to_owned(),
            browser,
            id,
            own: Vec::new(),
        }
    }

    /// Makes what is theirs alone: a session on another device than the one they use, a device that is trusted, and a copy of
    /// their data.
    fn own_something(&mut self, app: &TestApp) {
        self.own.push((Kind::Device, trusted_device(app, &self.id)));
        let mut elsewhere = app.browser();
        log_in(&mut elsewhere, &self.who);
        let session = elsewhere.get("/api/auth/session").expect(200).json();
        let session = session["session"]["id"].as_str().unwrap().to_owned();
        self.own.push((Kind::Session, session));
        let export = self.browser.post("/api/users/me/export", &json!({})).expect(202).json();
        self.own.push((Kind::Export, export["id"].as_str().unwrap().to_owned()));
    }
}

/// A tenant.
pub(super) struct House {
    pub(super) tenant: String,
    pub(super) people: Vec<Person>,
    /// Every id there is in it, of every kind.
    pub(super) ids: Vec<(Kind, String)>,
}

impl House {
    /// Founds one, in which everybody works.
    pub(super) fn found(app: &TestApp, name: &str) -> Self {
        let mut people: Vec<Person> = ROLES
            .iter()
            .map(|role| Person::new(app, &format!("{name}-{role}")))
            .collect();
        let tenant = founded(&mut people[0].browser, name);
        for (person, role) in people.iter_mut().zip(ROLES) {
            join(app, &tenant, &person.id, role);
            let entered = json!({ "tenantId": tenant });
            person.browser.post("/api/auth/switch-tenant", &entered).expect(200);
        }
        let invitation = invited(app, &mut people[0], &tenant);
        let mut ids = vec![(Kind::Tenant, tenant.clone()), (Kind::Invitation, invitation)];
        for person in &mut people {
            person.own_something(app);
            ids.push((Kind::Person, person.id.clone()));
            ids.extend(person.own.iter().cloned());
        }
        Self { tenant, people, ids }
    }

    /// An id of this kind.
    pub(super) fn an_id(&self, kind: Kind) -> &str {
        // Of somebody who is no owner, so that nothing else than whose they are stands in the way.
        let last = self.ids.iter().rfind(|(of, _)| *of == kind);
        &last.unwrap_or_else(|| panic!("House::found makes no {kind:?}")).1
    }

    /// The same, as the owner may have it: what is somebody's alone is theirs.
    pub(super) fn an_id_for_the_owner(&self, kind: Kind) -> &str {
        let own = self.people[0].own.iter().find(|(of, _)| *of == kind);
        own.map_or_else(|| self.an_id(kind), |(_, id)| id)
    }
}

/// Has the owner invite somebody, and gives the invitation's id.
fn invited(app: &TestApp, owner: &mut Person, tenant: &str) -> String {
    verify(app, &owner.who);
    let guest = json!({ "email": format!("guest-of-{}@example.com", owner.who), "roles": ["viewer"] });
    let path = format!("/api/tenants/{tenant}/invitations");
    let invited = owner
        .browser
        .post(&path, &json!({ "invitations": [guest] }))
        .expect(200)
        .json();
    invited["invitations"][0]["invitation"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Has the device of this person trusted, as a second factor would, and gives its id.
fn trusted_device(app: &TestApp, person: &str) -> String {
    let (id, until) = if app.is_on_postgres() {
        (format!("'{person}'"), "now() + interval '7 days'")
    } else {
        (format!("x'{}'", person.replace('-', "")), "'2999-01-01T00:00:00+00:00'")
    };
    let trust = format!("UPDATE rookery_devices SET trusted_until = {until} WHERE user_id = {id}");
    assert_eq!(app.execute(&trust), 1);
    let digits = if app.is_on_postgres() {
        format!("SELECT id::text FROM rookery_devices WHERE user_id = {id}")
    } else {
        format!("SELECT lower(hex(id)) FROM rookery_devices WHERE user_id = {id}")
    };
    let digits = app.texts(&digits).remove(0);
    uuid(&digits)
}

/// An id as the API writes it, of its digits.
pub(super) fn uuid(digits: &str) -> String {
    let digits = digits.replace('-', "");
    [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ]
    .join("-")
}
