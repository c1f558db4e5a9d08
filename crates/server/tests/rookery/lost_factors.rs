//! Second factors that cannot be shown any more, and what the documents tell an operator to do: the installation has another key, its
//! key is lost, somebody's phone and codes are.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the database is one test's own, and outlives the servers that use it"
)]

use serde_json::{Value, json};

use super::browser::Browser;
use super::database::{TestDatabase, on_both_databases};
use super::second_factor::enrol;
use super::test_app::TestApp;

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";
const OLD: &str = "c3f1a09b5d7e2846ffb0913c6a58d27e4b1f80c95d36ea7209fd4c81b6e5732a";
const NEW: &str = "qL0uYbAKqVxvJ6mCw0pW3n5Zr8tE1fHsG4dXi9kTy2o=";

on_both_databases!(
    a_new_key_with_the_old_one_beside_it_changes_nothing_for_second_factors,
    in_a_file
);
on_both_databases!(
    whoever_lost_the_key_lets_people_in_again_as_the_handbook_says,
    in_a_file
);
on_both_databases!(
    whoever_lost_phone_and_codes_gets_in_again_as_the_page_about_staff_says,
    in_a_file
);

/// The service with these keys on a database that stays.
fn with_keys(database: &TestDatabase, current: &str, older: &str) -> TestApp {
    let url = database.url();
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("ROOKERY_SECRET_KEY", current),
        ("ROOKERY_OLDER_SECRET_KEYS", older),
    ];
    TestApp::with(TestDatabase::Elsewhere, &settings)
}

fn log_in(browser: &mut Browser) -> Value {
    let wish = json!({ "email": ADA, "password": PASSWORD });
    browser.post("/api/auth/login", &wish).expect(200).json()
}

/// Ada with an app and recovery codes, made under the old key.
fn ada_with_a_second_factor(database: &TestDatabase) -> (super::second_factor::App, Vec<String>) {
    let app = with_keys(database, OLD, "");
    let mut browser = app.browser();
    let wish = json!({ "email": ADA, "password": PASSWORD });
    browser.post("/api/auth/signup", &wish).expect(201);
    log_in(&mut browser);
    let enrolled = enrol(&mut browser);
    database.execute("UPDATE rookery_factors SET last_step = last_step - 10");
    enrolled
}

fn second_step(app: &TestApp, proof: &Value) -> u16 {
    let mut browser = app.browser();
    assert_eq!(log_in(&mut browser)["mfaRequired"], true);
    browser.post("/api/auth/login/second-factor", proof).status
}

fn a_new_key_with_the_old_one_beside_it_changes_nothing_for_second_factors(database: TestDatabase) {
    let (phone, codes) = ada_with_a_second_factor(&database);
    let app = with_keys(&database, NEW, OLD);
    assert_eq!(second_step(&app, &json!({ "code": phone.code(0) })), 200);
    assert_eq!(second_step(&app, &json!({ "recoveryCode": codes[0] })), 200);
}

fn whoever_lost_the_key_lets_people_in_again_as_the_handbook_says(database: TestDatabase) {
    let (phone, codes) = ada_with_a_second_factor(&database);
    let app = with_keys(&database, NEW, "");
    assert_eq!(
        second_step(&app, &json!({ "code": phone.code(0) })),
        500,
        "never a pass"
    );
    assert_eq!(second_step(&app, &json!({ "recoveryCode": codes[0] })), 401);

    let handbook = include_str!("../../../../docs/operations.md");
    database.execute(&sql_behind("**If it is lost for good,**", handbook));
    gets_in_with_her_password_alone(&app);
}

fn whoever_lost_phone_and_codes_gets_in_again_as_the_page_about_staff_says(database: TestDatabase) {
    ada_with_a_second_factor(&database);
    let app = with_keys(&database, OLD, "");
    let mut eve = app.browser();
    let wish = json!({ "email": "eve@example.com", "password": PASSWORD });
    eve.post("/api/auth/signup", &wish).expect(201);
    eve.post("/api/auth/login", &wish).expect(200);
    enrol(&mut eve);

    let page = include_str!("../../../../docs/staff.md");
    database.execute(&sql_behind("## Not there yet", page));
    gets_in_with_her_password_alone(&app);
    let status = eve.get("/api/users/me/mfa").expect(200).json();
    assert_eq!(status["enabled"], true, "nobody else's is touched");
}

fn sql_behind(words: &str, page: &str) -> String {
    let behind = page.split(words).nth(1).unwrap();
    let block = behind.split("```sql").nth(1).unwrap();
    block.split("```").next().unwrap().to_owned()
}

fn gets_in_with_her_password_alone(app: &TestApp) {
    let mut browser = app.browser();
    assert_eq!(log_in(&mut browser)["mfaRequired"], Value::Null);
    let status = browser.get("/api/users/me/mfa").expect(200).json();
    assert_eq!(status["enabled"], false);
    let (_, codes) = enrol(&mut browser);
    assert_eq!(codes.len(), 10, "and she sets one up anew");
}
