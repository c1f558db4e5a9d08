//! The schema, forwards and back.

use serde_json::json;

use super::{Told, tell};
use crate::binary::database::Database;
use crate::binary::person::Person;
use crate::binary::rookery::Installation;

on_both_databases!(migrations_go_up_and_down_and_say_where_they_stand);

fn migrations_go_up_and_down_and_say_where_they_stand(database: Database) {
    let installation = Installation::on(database).with("ROOKERY_MIGRATE_AT_START", "false");
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
