//! `GET` and `PATCH /api/users/me`

use chrono::Duration;
use rookery_core::domain::{EmailAddress, PendingEmail, Profile, ProfileUpdate, Role, Theme, Violations};
use rookery_core::{ProfileError, SessionError};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{ByAda, ask, get, patch};
use crate::behind::{Behind, ada_signed_in, is_hers, nothing};

const PATH: &str = "/api/users/me";

fn showing(profile: Profile) -> Behind {
    let mut behind = nothing();
    behind
        .profiles
        .expect_read()
        .once()
        .withf(is_hers)
        .return_once(move |_| Ok(profile));
    behind
}

/// Ada is signed in, and her update must be this one.
fn changing(expected: impl Fn(&ProfileUpdate) -> bool + Send + Sync + 'static) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .profiles
        .expect_update()
        .once()
        .withf(move |signed_in, update, caller| {
            *signed_in == ada::signed_in() && expected(update) && caller.request_id.is_some()
        })
        .returning(|_, _, _| Ok(ada::profile()));
    behind
}

#[actix_web::test]
async fn an_address_is_shown_as_long_as_it_can_be_confirmed() {
    let asked_for = |expires| Profile {
        pending_email: Some(PendingEmail {
            email: EmailAddress::parse("ada@new.example").unwrap(),
            expires,
        }),
        ..ada::profile()
    };
    let waiting = ask(
        showing(asked_for(ada::noon() + Duration::seconds(1))),
        get(PATH).by_ada(),
    )
    .await;
    assert_eq!(waiting.json()["pendingEmail"], "ada@new.example");
    assert_eq!(waiting.json()["email"], "ada@example.com");
    let over = ask(showing(asked_for(ada::noon())), get(PATH).by_ada()).await;
    assert_eq!(over.json()["pendingEmail"], Value::Null);
}

// Proves: ASVS 15.3.1
#[actix_web::test]
async fn a_profile_has_exactly_its_fields_in_their_order() {
    let answer = ask(showing(ada::profile()), get(PATH).by_ada()).await;
    assert_eq!(answer.status, 200);
    let id = ada::user();
    assert_eq!(
        answer.text,
        format!(
            concat!(
                r#"{{"id":"{id}","userId":"{id}","tenantId":null,"email":"ada@example.com","emailVerified":false,"#,
                r#""pendingEmail":null,"name":"Ada Lovelace","givenName":null,"familyName":null,"picture":null,"roles":[],"#,
                r#""createdAt":"2025-10-27T12:00:00.000Z","updatedAt":"2025-10-27T12:00:00.000Z","#,
                r#""preferences":{{"theme":"system","language":"en","timezone":"UTC","emailNotifications":true,"#,
                r#""pushNotifications":false,"weeklyReports":false,"marketingEmails":false}}}}"#,
            ),
            id = id
        )
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn a_full_profile_shows_tenant_roles_and_choices() {
    let mut profile = Profile {
        tenant: Some(ada::tenant().id),
        email_verified: Some(ada::noon()),
        name: Some("\"Ada\" <b>\\\u{2028}李".to_owned()),
        given_name: Some("Ada".to_owned()),
        family_name: Some("Lovelace".to_owned()),
        picture: Some("https://example.com/ada.png".to_owned()),
        roles: vec![Role::Admin, Role::Viewer],
        updated: ada::noon() + Duration::microseconds(123_456),
        ..ada::profile()
    };
    profile.preferences.theme = Theme::Dark;
    profile.preferences.timezone = "Europe/London".parse().unwrap();
    let body = ask(showing(profile), get(PATH).by_ada()).await.json();
    assert_eq!(body["tenantId"], json!(ada::tenant().id));
    assert_eq!(body["roles"], json!(["admin", "viewer"]));
    assert_eq!(body["emailVerified"], json!(true));
    assert_eq!(body["name"], json!("\"Ada\" <b>\\\u{2028}李"));
    assert_eq!(body["updatedAt"], json!("2025-10-27T12:00:00.123Z"));
    assert_eq!(body["preferences"]["theme"], json!("dark"));
    assert_eq!(body["preferences"]["timezone"], json!("Europe/London"));
}

#[actix_web::test]
async fn restrictions_are_listed_once_the_grace_of_an_unverified_account_is_over() {
    let created = ada::noon() - Duration::hours(24);
    for (created, verified, expected) in [
        (created, None, json!(["INVITATIONS", "TENANT_CREATION"])),
        (created + Duration::seconds(1), None, Value::Null),
        (created, Some(ada::noon()), Value::Null),
    ] {
        let profile = Profile {
            created,
            email_verified: verified,
            ..ada::profile()
        };
        let body = ask(showing(profile), get(PATH).by_ada()).await.json();
        assert_eq!(body["restrictions"], expected);
        assert_eq!(body.get("restrictions").is_none(), expected.is_null());
    }
}

#[actix_web::test]
async fn a_profile_is_read_in_one_step() {
    // `sessions` expects nothing: authenticating and reading are one call.
    assert_eq!(ask(showing(ada::profile()), get(PATH).by_ada()).await.status, 200);
}

#[actix_web::test]
async fn without_a_session_there_is_no_profile() {
    ask(nothing(), get(PATH)).await.is_unauthorized();
    let mut behind = nothing();
    behind
        .profiles
        .expect_read()
        .once()
        .returning(|_| Err(SessionError::NotSignedIn));
    ask(behind, get(PATH).by_ada()).await.is_unauthorized();
    ask(nothing(), patch(PATH, &json!({"name": "Eve"})))
        .await
        .is_unauthorized();
}

#[actix_web::test]
async fn what_is_named_is_changed_and_nothing_else() {
    let behind = changing(|update| {
        *update
            == ProfileUpdate {
                theme: Some(Theme::Dark),
                marketing_emails: Some(true),
                ..ProfileUpdate::default()
            }
    });
    let answer = ask(
        behind,
        patch(PATH, &json!({"theme": "dark", "marketingEmails": true})).by_ada(),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["id"], json!(ada::user()), "the whole profile comes back");
    assert_eq!(answer.json().as_object().unwrap().len(), 14);
}

#[actix_web::test]
async fn every_field_can_be_changed() {
    let behind = changing(|update| {
        update.name.as_ref().is_some_and(|name| name.as_str() == "Ada")
            && update
                .given_name
                .as_ref()
                .is_some_and(|name| name.as_str() == "Augusta")
            && update.family_name.as_ref().is_some_and(|name| name.as_str() == "King")
            && update.theme == Some(Theme::Light)
            && update.language.is_some_and(|language| language.as_str() == "fr")
            && update.timezone.is_some_and(|zone| zone.as_str() == "Europe/Paris")
            && update.email_notifications == Some(false)
            && update.push_notifications == Some(true)
            && update.weekly_reports == Some(true)
            && update.marketing_emails == Some(false)
    });
    let body = json!({
        "name": " Ada ", "givenName": "Augusta", "familyName": "King", "theme": "light", "language": "fr",
        "timezone": "Europe/Paris", "emailNotifications": false, "pushNotifications": true, "weeklyReports": true,
        "marketingEmails": false,
    });
    assert_eq!(ask(behind, patch(PATH, &body).by_ada()).await.status, 200);
}

#[actix_web::test]
async fn names_may_be_spelled_in_snake_case_and_the_camel_case_one_counts() {
    let behind = changing(|update| {
        update
            .given_name
            .as_ref()
            .is_some_and(|name| name.as_str() == "Augusta")
            && update.family_name.as_ref().is_some_and(|name| name.as_str() == "King")
    });
    let body = json!({"given_name": "Augusta", "familyName": "King", "family_name": ""});
    assert_eq!(ask(behind, patch(PATH, &body).by_ada()).await.status, 200);
    let body = json!({"given_name": "", "family_name": null});
    ask(ada_signed_in(), patch(PATH, &body).by_ada())
        .await
        .has_violations(&[
            ("given_name", "Given name cannot be empty"),
            ("family_name", "Family name must be a string"),
        ]);
}

// Proves: A48
#[actix_web::test]
async fn an_update_of_nothing_is_refused() {
    let rule = [("", "At least one field must be provided for update")];
    for body in [
        json!({}),
        json!({"email": "eve@example.com"}),
        json!({"id": "1", "userId": "2", "roles": ["owner"], "emailVerified": true, "tenantId": "3", "createdAt": "x"}),
        json!({"Theme": "dark", "THEME": null, "preferences": {"theme": "dark"}}),
    ] {
        ask(ada_signed_in(), patch(PATH, &body).by_ada())
            .await
            .has_violations(&rule);
    }
}

// Proves: A45, ASVS 8.1.2, 15.3.3
#[actix_web::test]
async fn keys_that_have_their_own_ways_are_ignored() {
    let behind = changing(|update| {
        *update
            == ProfileUpdate {
                weekly_reports: Some(true),
                ..ProfileUpdate::default()
            }
    });
    let body = json!({"weeklyReports": true, "email": null, "id": 1, "roles": "owner", "emailVerified": true, "x": {}});
    assert_eq!(ask(behind, patch(PATH, &body).by_ada()).await.status, 200);
}

// Proves: A48
#[actix_web::test]
async fn every_broken_rule_of_an_update_is_told() {
    let body = json!({
        "name": "  ", "givenName": "", "familyName": "x".repeat(101), "theme": "blue", "language": "english",
        "timezone": " ", "emailNotifications": "true", "pushNotifications": 1, "weeklyReports": null,
        "marketingEmails": [],
    });
    ask(ada_signed_in(), patch(PATH, &body).by_ada())
        .await
        .has_violations(&[
            ("name", "Name cannot be empty"),
            ("givenName", "Given name cannot be empty"),
            ("familyName", "Family name is too long"),
            ("theme", "Theme must be light, dark, or system"),
            ("language", "Language must be a 2-letter ISO code"),
            ("timezone", "Timezone cannot be empty"),
            ("emailNotifications", "Email notifications must be a boolean"),
            ("pushNotifications", "Push notifications must be a boolean"),
            ("weeklyReports", "Weekly reports must be a boolean"),
            ("marketingEmails", "Marketing emails must be a boolean"),
        ]);
    let body = json!({"name": "é".repeat(256), "timezone": "Mars/Phobos", "language": "xx"});
    ask(ada_signed_in(), patch(PATH, &body).by_ada())
        .await
        .has_violations(&[
            ("name", "Name is too long"),
            ("language", "Language must be a 2-letter ISO code"),
            ("timezone", "Timezone must be a valid IANA time zone"),
        ]);
}

// Proves: ASVS 1.1.2
#[actix_web::test]
async fn names_of_any_script_pass_unchanged() {
    for name in [
        "Łucja",
        "李小龍",
        "محمد",
        "अनन्या",
        "👩‍🔬 Ada",
        "O'Brien-Smith, Jr.",
        "e\u{301}",
    ] {
        let behind = changing(move |update| update.name.as_ref().is_some_and(|found| found.as_str() == name));
        assert_eq!(
            ask(behind, patch(PATH, &json!({"name": name})).by_ada()).await.status,
            200,
            "{name}"
        );
    }
}

#[actix_web::test]
async fn what_the_use_case_refuses_is_told() {
    let mut behind = ada_signed_in();
    behind
        .profiles
        .expect_update()
        .once()
        .returning(|_, _, _| Err(ProfileError::NotFound));
    let answer = ask(behind, patch(PATH, &json!({"theme": "dark"})).by_ada()).await;
    answer.is_problem(404, "USER_NOT_FOUND", "User not found");

    let mut behind = ada_signed_in();
    behind
        .profiles
        .expect_update()
        .once()
        .returning(|_, _, _| Err(ProfileError::Invalid(Violations::of_whole("Not today"))));
    ask(behind, patch(PATH, &json!({"theme": "dark"})).by_ada())
        .await
        .has_violations(&[("", "Not today")]);
}
