//! Accounts in an operator's hands.

use serde_json::{Value, json};

use super::{USAGE, tell, tell_with_input};
use crate::binary::database::Database;
use crate::binary::person::Person;
use crate::binary::rookery::Installation;

on_both_databases!(
    an_operator_makes_shows_verifies_disables_and_enables_an_account,
    an_operator_holds_and_releases_an_account_and_erases_again_what_a_backup_brought_back,
);

// Proves: ASVS 7.4.2, 7.4.5
fn an_operator_makes_shows_verifies_disables_and_enables_an_account(database: Database) {
    let installation = Installation::on(database);
    let rookery = installation.start();
    let mut ada = Person::new("ada");
    let create = [
        "user",
        "create",
        &ada.email,
        "--name",
        "Ada Lovelace",
        "--company",
        "Engines",
        "--json",
    ];
    let weak = tell_with_input(&installation, &create, "password\n").failed(1);
    assert!(weak.contains("common"), "{weak}");
    let account = tell_with_input(&installation, &create, &format!("{}\n", ada.password)).json();
    assert_eq!(account["email"], json!(ada.email));
    assert_eq!(account["emailVerified"], Value::Null);
    let taken = tell_with_input(&installation, &create, &format!("{}\n", ada.password)).failed(1);
    assert!(taken.contains("taken"), "{taken}");

    ada.log_in(&rookery);
    assert_eq!(ada.me(&rookery)["roles"], json!(["owner"]));
    let shown = tell(&installation, &["user", "show", &ada.email.to_uppercase(), "--json"]).json();
    assert_eq!(shown["id"], account["id"]);
    assert_eq!(shown["sessions"], json!(1));
    assert!(
        tell(&installation, &["user", "show", &ada.email])
            .done()
            .contains("Ada Lovelace")
    );

    tell(&installation, &["user", "verify", &ada.email]).done();
    assert_eq!(ada.me(&rookery)["emailVerified"], json!(true));

    tell(&installation, &["user", "disable", &ada.email]).done();
    assert!(!Person::is_in(&rookery, &ada.cookie), "its sessions are over");
    let refused = ada.try_password(&rookery, &ada.password).expect_status(401);
    assert_eq!(refused.json()["error"], json!("Invalid email or password"));
    tell(&installation, &["user", "enable", &ada.email]).done();
    assert!(ada.gets_in_with(&rookery, &ada.password));

    let unknown = tell(&installation, &["user", "show", "nobody@example.com"]).failed(1);
    assert!(
        unknown.to_lowercase().contains("no account") || unknown.contains("not found"),
        "{unknown}"
    );
    tell(&installation, &["user", "show", "no address"]).failed(USAGE);
    assert!(!shown.to_string().contains("argon2"), "{shown}");
}

fn an_operator_holds_and_releases_an_account_and_erases_again_what_a_backup_brought_back(database: Database) {
    let installation = Installation::on(database);
    drop(installation.start());
    let ada = Person::new("ada");
    let create = ["user", "create", &ada.email, "--json"];
    let account = tell_with_input(&installation, &create, &format!("{}\n", ada.password)).json();
    let receipt = format!("{}  2025-10-27T12:00:00.000Z  asked\n", account["id"].as_str().unwrap());

    tell(&installation, &["user", "hold", &ada.email, "--reason", "court order"]).done();
    let held = tell_with_input(&installation, &["erasures", "replay"], &receipt).failed(1);
    assert!(held.contains("legal hold"), "{held}");
    tell(&installation, &["user", "release", &ada.email]).done();
    let free = tell(&installation, &["user", "release", &ada.email]).failed(1);
    assert!(free.contains("not on legal hold"), "{free}");

    let replayed = tell_with_input(&installation, &["erasures", "replay", "--json"], &receipt).json();
    assert_eq!(
        (&replayed[0]["user"], &replayed[0]["basis"]),
        (&account["id"], &json!("replayed"))
    );
    tell(&installation, &["user", "show", &ada.email]).failed(1);
    let listed = tell(&installation, &["erasures", "list"]).done();
    assert!(listed.starts_with(account["id"].as_str().unwrap()), "{listed}");
    let again = tell_with_input(&installation, &["erasures", "replay", "--json"], &listed).json();
    assert_eq!(again, json!([]), "there is nobody left to erase");
}

/// As when it is run in another directory than the server, or without its environment.
#[test]
fn a_command_that_finds_no_database_says_that_it_made_one() {
    let installation = Installation::bare();
    let said = tell(&installation, &["user", "show", "ada@example.com"]).failed(1);
    let file = installation.data_dir().join("rookery.db");
    assert!(
        said.contains(&format!("there was no database yet, {}", file.display())),
        "{said}"
    );
    let again = tell(&installation, &["user", "show", "ada@example.com"]).failed(1);
    assert!(!again.contains("there was no database"), "{again}");
}
