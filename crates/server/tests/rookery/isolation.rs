//! Two tenants, and every id of the one tried by everybody of the other, in every operation of the document that takes an id.
//!
//! What is asked is written from the document: a new operation is attacked without a word here, and an id of a new kind
//! fails until somebody says what it names. Whoever has no business with an id gets the very answer they would get for an id
//! that names nothing, and nothing of the attacked tenant has changed afterwards.

mod document;
mod dump;
mod house;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::browser::{Answer, Browser};
use super::database::{TestDatabase, on_both_databases};
use super::tenants::join;
use super::test_app::TestApp;
use document::{Kind, Operation, Slot, operations};
use house::{House, Person};

on_both_databases!(
    every_id_of_others_answers_as_one_that_names_nothing_and_nothing_changes,
    in_a_file
);

/// Names nothing.
const NOTHING: &str = "0199d2f0-7c00-7000-8000-0000000000ff";
const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// Other ways to write an id.
const FORMS: [fn(&str) -> String; 8] = [
    |id| id.to_uppercase(),
    |id| format!("{{{id}}}"),
    |id| id.replace('-', ""),
    |id| format!("urn:uuid:{id}"),
    |id| format!(" {id}"),
    |id| format!("{id} "),
    |id| format!("{id}\0"),
    |id| format!("{id}/../{id}"),
];

/// Headers that differ from answer to answer. Whether a connection is closed hangs on how much of a body had arrived when it was
/// refused.
const OF_THE_MOMENT: [&str; 3] = ["connection", "date", "x-request-id"];

/// All that an answer tells: its status, its headers, its body; without what differs from answer to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    status: u16,
    headers: BTreeSet<String>,
    body: String,
}

impl Told {
    fn by(answer: &Answer) -> Self {
        let request = answer.header("x-request-id");
        assert!(!request.is_empty(), "{answer:?}");
        let headers = answer
            .headers
            .iter()
            .filter(|(name, _)| !OF_THE_MOMENT.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or_default()))
            .collect();
        Self {
            status: answer.status,
            headers,
            body: answer.text.replace(request, "REQUEST"),
        }
    }
}

fn ask(browser: &mut Browser, operation: &Operation, ids: &[String]) -> Told {
    let (path, body) = operation.filled(ids);
    Told::by(&browser.ask(&operation.method, &path, body.as_ref()))
}

/// One place of an operation, and what is put there instead of what belongs there.
struct Attempt {
    /// An id of theirs, or one that is written so.
    theirs: String,
    /// The same of nothing.
    nothing: String,
    /// Whether it is written as ids are.
    is_well_formed: bool,
}

/// Every id of the house, whatever its kind, for a place that takes ids of this one; and the other ways to write one.
fn attempts(house: &House, kind: Kind) -> Vec<Attempt> {
    let plain = |id: &String| Attempt {
        theirs: id.clone(),
        nothing: NOTHING.to_owned(),
        is_well_formed: true,
    };
    let mut attempts: Vec<Attempt> = house.ids.iter().map(|(_, id)| plain(id)).collect();
    attempts.push(plain(&NIL.to_owned()));
    attempts.extend(FORMS.iter().map(|form| Attempt {
        theirs: form(house.an_id(kind)),
        nothing: form(NOTHING),
        is_well_formed: false,
    }));
    attempts
}

/// What somebody was told about ids of nothing, so that it is asked once.
#[derive(Default)]
struct Nothing(BTreeMap<(String, String), Told>);

impl Nothing {
    fn told(&mut self, person: &mut Person, operation: &Operation, ids: &[String]) -> Told {
        let asked = format!("{} {:?}", operation.id, operation.filled(ids));
        let key = (person.who.clone(), asked);
        let told = self.0.entry(key);
        told.or_insert_with(|| ask(&mut person.browser, operation, ids)).clone()
    }
}

/// What stands in the other places of an operation while one is tried.
#[derive(Clone, Copy, PartialEq)]
enum Others {
    Own,
    Theirs,
    Nothing,
}

/// An attack on a house.
struct Siege<'a> {
    house: &'a House,
    /// What the attackers may name, by kind.
    own: BTreeMap<Kind, String>,
    nothing: Nothing,
}

impl Siege<'_> {
    /// Tries everything in one place of an operation as this person. Gives whether an id was looked for, and not found.
    fn tries(&mut self, person: &mut Person, operation: &Operation, place: usize) -> bool {
        let mut was_looked_for = false;
        for attempt in attempts(self.house, operation.slots[place].kind) {
            for others in [Others::Own, Others::Theirs, Others::Nothing] {
                if operation.slots.len() == 1 && others != Others::Own {
                    continue;
                }
                let theirs = self.ids(operation, place, &attempt.theirs, others);
                let none = self.ids(operation, place, &attempt.nothing, others);
                let told = ask(&mut person.browser, operation, &theirs);
                let what = format!("{} {theirs:?} by {}", operation.id, person.who);
                let expected = self.nothing.told(person, operation, &none);
                assert_eq!(told, expected, "{what}: on the right what is told of nothing");
                let refusals: &[u16] = match (person.who.as_str(), attempt.is_well_formed) {
                    ("nobody", _) => &[401],
                    (_, true) => &[403, 404],
                    (_, false) => &[400, 403, 404],
                };
                assert!(refusals.contains(&told.status), "{what}: {told:?}");
                was_looked_for |= attempt.is_well_formed && told.status == 404;
            }
        }
        was_looked_for
    }

    /// The ids of an operation, with this one in this place.
    fn ids(&self, operation: &Operation, place: usize, id: &str, others: Others) -> Vec<String> {
        let fill = |(at, slot): (usize, &Slot)| match others {
            _ if at == place => id.to_owned(),
            Others::Own => self.own[&slot.kind].clone(),
            Others::Theirs => self.house.an_id(slot.kind).to_owned(),
            Others::Nothing => NOTHING.to_owned(),
        };
        operation.slots.iter().enumerate().map(fill).collect()
    }
}

/// Everybody who has no business with the first house: those of the second, and those of none. With them an id of each kind
/// of the second.
fn strangers(app: &TestApp, attacked: &mut House, theirs: House) -> (Vec<Person>, BTreeMap<Kind, String>) {
    let own = theirs.ids.iter().cloned().collect();
    let mut strangers = theirs.people;
    strangers.push(Person {
        who: "nobody".to_owned(),
        browser: app.browser(),
        id: String::new(),
        own: Vec::new(),
    });
    strangers.push(Person::new(app, "in-no-tenant"));
    // Was inside, and is not any more; the session stays.
    let mut former = Person::new(app, "former-admin");
    join(app, &attacked.tenant, &former.id, "admin");
    let tenant = serde_json::json!({ "tenantId": attacked.tenant });
    former.browser.post("/api/auth/switch-tenant", &tenant).expect(200);
    let membership = format!("/api/tenants/{}/users/{}", attacked.tenant, former.id);
    attacked.people[0].browser.delete(&membership).expect(200);
    strangers.push(former);
    (strangers, own)
}

/// Nothing is on its way any more that would change rows by itself.
fn until_quiet(app: &TestApp) {
    let begun = Instant::now();
    let waiting = "SELECT 'waits' FROM rookery_outbox WHERE state = 'queued'
        UNION ALL SELECT 'waits' FROM rookery_exports WHERE state = 'pending'";
    while !app.texts(waiting).is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "mails are not delivered, or copies not made"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

// Proves: A71, A62, ASVS 8.2.2, 8.4.1
fn every_id_of_others_answers_as_one_that_names_nothing_and_nothing_changes(database: TestDatabase) {
    let app = TestApp::on(database);
    let mut attacked = House::found(&app, "attacked");
    let (mut strangers, own) = {
        let theirs = House::found(&app, "strange");
        strangers(&app, &mut attacked, theirs)
    };
    until_quiet(&app);
    let ids: Vec<String> = attacked.ids.iter().map(|(_, id)| id.clone()).collect();
    let before = dump::of(&app, &ids);
    for id in &ids {
        let names = |row: &String| row.to_lowercase().replace('-', "").contains(&id.replace('-', ""));
        assert!(
            before.iter().any(names),
            "{id} names nothing, so nothing is proved of it"
        );
    }

    let operations = operations(&app);
    assert!(operations.len() >= 9, "{operations:?}");
    let mut siege = Siege {
        house: &attacked,
        own,
        nothing: Nothing::default(),
    };
    for operation in &operations {
        for place in 0..operation.slots.len() {
            let mut was_looked_for = operation.is_for_operators();
            for person in &mut strangers {
                was_looked_for |= siege.tries(person, operation, place);
            }
            assert!(
                was_looked_for,
                "{}: nobody got as far as to an id: say in BODIES of isolation/document.rs what it takes",
                operation.id
            );
        }
    }
    until_quiet(&app);
    assert_eq!(
        dump::of(&app, &ids),
        before,
        "something of the attacked tenant has changed"
    );
    is_there_for_those_whose_it_is(&app, &mut attacked, &operations);
    app.stop().unwrap();
}

/// The same operations, asked about the same things by their owner, find them: so what the others were told is no accident
/// of how they were asked.
fn is_there_for_those_whose_it_is(app: &TestApp, house: &mut House, operations: &[Operation]) {
    let member = house.an_id(Kind::Person).to_owned();
    let asked = operations.iter().filter(|one| !one.is_for_operators());
    let (takes_away, others): (Vec<_>, Vec<_>) = asked.partition(|one| one.method == "DELETE");
    for operation in others.into_iter().chain(takes_away) {
        // As they were before whatever was done last.
        join(app, &house.tenant, &house.people[0].id, "owner");
        join(app, &house.tenant, &member, "viewer");
        let ids: Vec<String> = operation
            .slots
            .iter()
            .map(|slot| house.an_id_for_the_owner(slot.kind).to_owned())
            .collect();
        let none = vec![NOTHING.to_owned(); ids.len()];
        let owner = &mut house.people[0];
        let told_of_nothing = ask(&mut owner.browser, operation, &none);
        assert_eq!(told_of_nothing.status, 404, "{} {told_of_nothing:?}", operation.id);
        let told = ask(&mut owner.browser, operation, &ids);
        assert!(
            told.status != 404 && told.status != 401,
            "{} {ids:?}: {told:?}",
            operation.id
        );
    }
}
