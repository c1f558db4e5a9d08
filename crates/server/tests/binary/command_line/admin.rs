//! Staff, and what an operator does to accounts.

use serde_json::{Value, json};

use super::{USAGE, tell};
use crate::binary::database::Database;
use crate::binary::person::Person;
use crate::binary::rookery::Installation;

on_both_databases!(
    an_operator_makes_people_staff_and_takes_it_back,
    an_operator_finds_suspends_and_restores_and_it_is_all_in_the_log,
    an_operator_holds_releases_and_erases,
);

fn an_operator_makes_people_staff_and_takes_it_back(database: Database) {
    let installation = Installation::on(database);
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    assert_eq!(tell(&installation, &["admin", "list"]).done().trim(), "nobody");
    let granted = tell(&installation, &["admin", "grant", &ada.email, "--role", "support"]).done();
    assert!(
        granted.contains("is support now") && granted.contains("second factor"),
        "{granted}"
    );
    tell(&installation, &["admin", "grant", &ada.email, "--role", "operator"]).done();
    let listed = tell(&installation, &["admin", "list", "--json"]).json();
    assert_eq!(
        (&listed[0]["email"], &listed[0]["role"]),
        (&json!(ada.email), &json!("operator"))
    );
    let shown = tell(&installation, &["admin", "show", &ada.email, "--json"]).json();
    assert_eq!(shown["staffRole"], json!("operator"));
    tell(&installation, &["admin", "revoke", &ada.email]).done();
    let again = tell(&installation, &["admin", "revoke", &ada.email]).failed(1);
    assert!(again.contains("not staff"), "{again}");
    assert_eq!(tell(&installation, &["admin", "list", "--json"]).json(), json!([]));
    tell(
        &installation,
        &["admin", "grant", "nobody@example.com", "--role", "auditor"],
    )
    .failed(1);
    tell(&installation, &["admin", "grant", &ada.email, "--role", "owner"]).failed(USAGE);
    let log = tell(&installation, &["admin", "log", "--json"]).json();
    let roles: Vec<&Value> = log
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["action"] == "staff.granted" || entry["action"] == "staff.revoked")
        .map(|entry| &entry["detail"]["role"])
        .collect();
    assert_eq!(roles, ["operator", "operator", "support"]);
}

fn an_operator_finds_suspends_and_restores_and_it_is_all_in_the_log(database: Database) {
    let installation = Installation::on(database);
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let why = ["--reason", "Ticket 4711"];
    let change = |deed: &str, account: &str| tell(&installation, &["admin", deed, account, why[0], why[1]]);

    let found = tell(&installation, &["admin", "find", "ADA", "--json"]).json();
    assert_eq!(found[0]["email"], json!(ada.email));
    let id = found[0]["id"].as_str().unwrap().to_owned();
    assert!(tell(&installation, &["admin", "find", &id]).done().contains(&ada.email));
    let file = tell(&installation, &["admin", "show", &id, why[0], why[1]]).done();
    assert!(
        file.contains("session ") && file.contains("suspended      no"),
        "{file}"
    );
    assert!(!file.contains("argon2"), "{file}");

    let suspended = change("suspend", &ada.email).done();
    assert!(suspended.contains("1 sessions have ended"), "{suspended}");
    assert!(!Person::is_in(&rookery, &ada.cookie), "its sessions are over");
    ada.try_password(&rookery, &ada.password).expect_status(401);
    let refused = change("send-reset", &ada.email).failed(1);
    assert!(refused.contains("suspended"), "{refused}");
    change("restore", &id).done();
    assert!(ada.gets_in_with(&rookery, &ada.password));
    assert!(change("end-sessions", &id).done().contains("1 sessions have ended"));
    change("send-reset", &id).done();
    change("send-verification", &id).done();
    change("suspend", "nobody@example.com").failed(1);
    tell(&installation, &["admin", "suspend", &id]).failed(USAGE);
    tell(&installation, &["admin", "suspend", &id, "--reason", " "]).failed(USAGE);

    let log = tell(&installation, &["admin", "log", "--limit", "100", "--json"]).json();
    let entries = log.as_array().unwrap();
    let actions: Vec<&str> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        [
            "staff.user_suspended",
            "staff.verification_mailed",
            "staff.reset_mailed",
            "staff.sessions_ended",
            "staff.user_restored",
            "staff.reset_mailed",
            "staff.user_suspended",
            "staff.user_looked_at",
            "staff.users_searched",
            "staff.users_searched",
        ]
    );
    let suspension = &entries[6];
    assert_eq!(suspension["actor"], json!("operator"));
    assert_eq!(suspension["target"], json!(format!("user:{id}")));
    assert_eq!(suspension["detail"]["reason"], json!("Ticket 4711"));
    assert_eq!(entries[0]["detail"]["refused"], json!("not_there"));
    assert_eq!(entries[5]["detail"]["refused"], json!("suspended"));
    let told = tell(&installation, &["admin", "log"]).done();
    assert!(
        told.contains("staff.log_read") && told.contains("Ticket 4711"),
        "{told}"
    );
}

fn an_operator_holds_releases_and_erases(database: Database) {
    let installation = Installation::on(database);
    let rookery = installation.start();
    let ada = Person::at_home(&rookery, "ada");
    let why = ["--reason", "Case 12"];
    let change = |deed: &str| tell(&installation, &["admin", deed, &ada.email, why[0], why[1]]);
    let erase = || tell(&installation, &["admin", "erase", &ada.email, why[0], why[1], "--yes"]);

    assert!(change("release").failed(1).contains("not on legal hold"));
    change("hold").done();
    let file = tell(&installation, &["admin", "show", &ada.email, "--json"]).json();
    assert_eq!(file["hold"]["reason"], json!("Case 12"));
    let told = tell(&installation, &["admin", "show", &ada.email]).done();
    assert!(told.contains("legal hold     ") && told.contains("Case 12"), "{told}");
    assert!(erase().failed(1).contains("on legal hold"));
    change("release").done();
    let unasked = change("erase").failed(1);
    assert!(unasked.contains("--yes"), "nobody sits here: {unasked}");
    tell(&installation, &["admin", "erase", &ada.email, "--yes"]).failed(USAGE);
    assert!(Person::is_in(&rookery, &ada.cookie), "nothing has changed");

    assert_eq!(erase().done().trim(), "erased");
    assert!(!Person::is_in(&rookery, &ada.cookie));
    erase().failed(1);
    let log = tell(&installation, &["admin", "log", "--json"]).json();
    let erased = log
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["action"] == "staff.user_erased" && entry["outcome"] == "success");
    assert_eq!(erased.unwrap()["detail"]["reason"], json!("Case 12"));
    let receipts = tell(&installation, &["erasures", "list"]).done();
    assert!(receipts.contains("operator"), "{receipts}");
}
