//! `GET /api/auth/session`

use chrono::Duration;
use rookery_core::SessionError;
use rookery_core::ports::SignedIn;
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, get};
use crate::behind::{ada_signed_in, nothing};

const PATH: &str = "/api/auth/session";

#[actix_web::test]
async fn it_shows_who_is_signed_in_on_what_session() {
    let answer = ask(ada_signed_in(), get(PATH).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "user": {
                "id": ada::user(), "email": "ada@example.com", "emailVerified": false, "name": "Ada Lovelace",
                "givenName": null, "familyName": null, "picture": null,
            },
            "session": {
                "id": ada::session().id, "createdAt": "2025-10-27T11:00:00.000Z", "expiresAt": "2025-10-28T11:00:00.000Z",
                "authenticatedAt": "2025-10-27T11:30:00.000Z", "methods": ["password"], "fresh": false,
            },
            "tenant": null,
        })
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(!answer.text.contains(&ada::token().expose()));
}

// Proves: ASVS 16.2.2
#[actix_web::test]
async fn it_shows_the_tenant_the_session_is_in() {
    let mut behind = nothing();
    behind.consents.expect_due().returning(|_| Ok(Vec::new()));
    behind.sessions.expect_authenticate().once().returning(|_| {
        let mut signed_in = SignedIn {
            session: ada::session(),
            profile: ada::profile(),
        };
        signed_in.session.tenant = Some(ada::tenant());
        signed_in.session.created = ada::noon() + Duration::microseconds(1_999);
        signed_in.profile.email_verified = Some(ada::noon());
        Ok(signed_in)
    });
    let body = ask(behind, get(PATH).by_ada()).await.json();
    assert_eq!(
        body["tenant"],
        json!({"id": ada::tenant().id, "name": "Analytical Engines", "roles": ["owner", "member"]})
    );
    assert_eq!(body["user"]["emailVerified"], json!(true));
    assert_eq!(
        body["session"]["createdAt"],
        json!("2025-10-27T12:00:00.001Z"),
        "exactly three decimals"
    );
}

#[actix_web::test]
async fn without_a_live_session_it_is_a_401() {
    ask(nothing(), get(PATH)).await.is_unauthorized();
    let mut behind = nothing();
    behind.consents.expect_due().returning(|_| Ok(Vec::new()));
    behind
        .sessions
        .expect_authenticate()
        .once()
        .returning(|_| Err(SessionError::NotSignedIn));
    ask(behind, get(PATH).by_ada()).await.is_unauthorized();
}

#[actix_web::test]
async fn a_proof_is_fresh_for_ten_minutes() {
    for (age, fresh) in [(0, true), (599, true), (600, false), (3600, false)] {
        let mut behind = nothing();
        behind.consents.expect_due().returning(|_| Ok(Vec::new()));
        behind.sessions.expect_authenticate().once().returning(move |_| {
            let mut signed_in = ada::signed_in();
            signed_in.session.authenticated = ada::noon() - Duration::seconds(age);
            Ok(signed_in)
        });
        let body = ask(behind, get(PATH).by_ada()).await.json();
        assert_eq!(body["session"]["fresh"], json!(fresh), "{age} s");
    }
}
