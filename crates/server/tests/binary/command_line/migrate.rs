//! The schema, forwards and back.

use serde_json::json;

use super::{Told, tell};
use crate::binary::database::Database;
use crate::binary::person::Person;
use crate::binary::rookery::{Installation, free_port};

on_both_databases!(migrations_go_up_and_down_and_say_where_they_stand);

fn migrations_go_up_and_down_and_say_where_they_stand(database: Database) {
    let installation = Installation::as_the_owner(database).with("ROOKERY_MIGRATE_AT_START", "false");
    let states = |told: Told| -> Vec<bool> {
        let told = told.json();
        told["migrations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["applied"].as_bool().unwrap())
            .collect()
    };
    let before = states(tell(&installation, &["migrate", "status", "--json"]));
    assert!(before.len() >= 8 && before.iter().all(|applied| !applied), "{before:?}");
    let said = tell(&installation, &["serve"]).failed(1);
    assert!(
        said.contains("rookery migrate up"),
        "a schema that is behind is refused: {said}"
    );

    let said = tell(&installation, &["migrate", "up"]).done();
    assert_eq!(said.lines().count(), before.len(), "{said}");
    assert_eq!(
        tell(&installation, &["migrate", "up", "--json"]).json(),
        json!({ "applied": [] })
    );
    assert!(
        states(tell(&installation, &["migrate", "status", "--json"]))
            .iter()
            .all(|applied| *applied)
    );
    drop(installation.start());

    let undone = tell(&installation, &["migrate", "down", "--steps", "2", "--json"]).json();
    assert_eq!(undone["undone"].as_array().unwrap().len(), 2);
    let text = tell(&installation, &["migrate", "status"]).done();
    assert_eq!(text.matches("pending").count(), 2, "{text}");
    let said = tell(&installation, &["serve"]).failed(1);
    assert!(said.contains("rookery migrate up"), "{said}");

    tell(&installation, &["migrate", "down", "--steps", "100"]).done();
    assert!(
        states(tell(&installation, &["migrate", "status", "--json"]))
            .iter()
            .all(|applied| !applied)
    );
    tell(&installation, &["migrate", "up"]).done();
    let rookery = installation.start();
    Person::at_home(&rookery, "ada");
    drop(rookery);

    // A newer version has been here.
    installation
        .database
        .rows("INSERT INTO rookery_migrations (version, applied_at) VALUES ('m9999_future', 0)");
    for command in [
        &["serve"][..],
        &["migrate", "up"],
        &["migrate", "down"],
        &["migrate", "status"],
    ] {
        let said = tell(&installation, command).failed(1);
        assert!(said.contains("newer") && said.contains("m9999_future"), "{said}");
    }
}

// Proves: ASVS 13.2.2
#[test]
fn the_owner_gives_the_role_of_the_server_what_it_needs_and_the_server_says_when_it_lacks_something() {
    let database = Database::postgres();
    let (_, role) = database.owner().unwrap();
    let role = role.to_owned();
    let server = database.url().unwrap().to_owned();
    let owner = Installation::as_the_owner(database).with("ROOKERY_MIGRATE_AT_START", "false");
    tell(&owner, &["migrate", "up"]).done();
    let serve = |url: &str| {
        let mut command = owner.command(&["serve", "--listen", "127.0.0.1:0"]);
        Told::by(command.env("DATABASE_URL", url).output().unwrap())
    };
    let said = serve(&server).failed(1);
    assert!(
        said.contains("lacks rights on") && said.contains("--grant-to"),
        "{said}"
    );
    let said = tell(&owner, &["migrate", "up", "--grant-to", &role]).done();
    assert_eq!(
        said,
        format!("nothing to apply\ngranted to {role} what the server needs\n")
    );
    let by_setting = owner.with("ROOKERY_DATABASE_ROLE", &role);
    let told = tell(&by_setting, &["migrate", "up", "--json"]).json();
    assert_eq!(told, json!({ "applied": [], "grantedTo": role }));

    let said = tell(&by_setting, &["migrate", "up", "--grant-to", "nobody"]).failed(1);
    assert!(said.contains("there is no PostgreSQL role \"nobody\""), "{said}");
    tell(&by_setting, &["migrate", "down"]).done();
    let told = tell(&by_setting, &["migrate", "up", "--grant-to", "nobody"]);
    assert!(
        told.out.starts_with("applied m0"),
        "what was applied stays, and is told: {told:?}"
    );
    assert!(!told.out.contains("granted"), "{told:?}");
    told.failed(1);
    tell(&by_setting, &["migrate", "up"]).done();
    let own = by_setting.database.owner().map(|(url, _)| url.to_owned()).unwrap();
    let name = own.split("://").nth(1).and_then(|rest| rest.split(':').next()).unwrap();
    let said = tell(&by_setting, &["migrate", "up", "--grant-to", name]).failed(1);
    assert!(said.contains("owns the tables"), "{said}");

    // As the owner the server runs, and says what that means; as its own role it has nothing to say.
    let warning = "owns the tables or may make some";
    let rookery = by_setting.start();
    assert!(by_setting.log().contains(warning), "{}", by_setting.log());
    drop(rookery);
    let by_setting = by_setting.with("DATABASE_URL", server);
    let before = by_setting.log().len();
    let rookery = by_setting.start();
    Person::at_home(&rookery, "ada");
    assert!(!by_setting.log()[before..].contains(warning));
}

#[test]
fn a_database_that_does_not_answer_is_called_that() {
    let installation = Installation::bare().with(
        "DATABASE_URL",
        format!("postgres://a:hunter2@127.0.0.1:{}/a", free_port()),
    );
    for command in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["migrate", "up"],
        &["user", "show", "ada@example.com"],
    ] {
        let said = tell(&installation, command).failed(1);
        assert!(said.contains("the database does not answer"), "{command:?}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}
