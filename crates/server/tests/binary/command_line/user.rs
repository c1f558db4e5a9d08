//! Accounts in an operator's hands.

use serde_json::{Value, json};

use super::{USAGE, tell, tell_with_input};
use crate::binary::database::Database;
use crate::binary::person::Person;
use crate::binary::rookery::Installation;

on_both_databases!(an_operator_makes_shows_verifies_disables_and_enables_an_account);

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
