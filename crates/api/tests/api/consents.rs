//! `GET`, `POST /api/users/me/consents`, and what a sign-up and a session say of consents

use rookery_core::domain::{Channel, Consent, ConsentId, ConsentSubject, ConsentVersion, Documents, Language};
use rookery_core::{ConsentChoice, ConsentError, ConsentState, Registered};
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, get, post};
use crate::behind::{Behind, ada_signed_in, nothing};

const PATH: &str = "/api/users/me/consents";

fn version(text: &str) -> ConsentVersion {
    text.parse().unwrap()
}

fn documents() -> Documents {
    Documents {
        terms: Some(version("2026-11")),
        privacy: Some(version("3")),
    }
}

fn agreed(subject: ConsentSubject, text: &str) -> Consent {
    Consent {
        id: ConsentId::new(ada::noon(), &[9; 10]),
        subject,
        version: version(text),
        given: true,
        channel: Channel::Pages,
        language: Language::default(),
        at: ada::noon(),
    }
}

fn state() -> ConsentState {
    ConsentState {
        documents: documents(),
        latest: vec![
            agreed(ConsentSubject::Terms, "2026-11"),
            agreed(ConsentSubject::Privacy, "2"),
        ],
        marketing: true,
        history: vec![agreed(ConsentSubject::Terms, "2026-11")],
    }
}

fn asking(behind: Behind) -> Behind {
    Behind {
        documents: documents(),
        ..behind
    }
}

#[actix_web::test]
async fn what_holds_is_told_with_what_was_decided() {
    let mut behind = asking(ada_signed_in());
    behind.consents.expect_state().once().returning(|_| Ok(state()));
    let answer = ask(behind, get(PATH).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "consents": [
                {"subject": "terms", "given": true, "currentVersion": "2026-11", "version": "2026-11", "at": "2025-10-27T12:00:00.000Z"},
                {"subject": "privacy", "given": false, "currentVersion": "3", "version": "2", "at": "2025-10-27T12:00:00.000Z"},
                {"subject": "marketing", "given": true, "currentVersion": null, "version": null, "at": null},
            ],
            "history": [
                {"subject": "terms", "version": "2026-11", "given": true, "source": "page", "language": "en", "at": "2025-10-27T12:00:00.000Z"},
            ],
        })
    );
}

#[actix_web::test]
async fn where_there_is_nothing_to_accept_only_marketing_is_told() {
    let mut behind = ada_signed_in();
    behind.consents.expect_state().returning(|_| {
        Ok(ConsentState {
            documents: Documents::default(),
            latest: Vec::new(),
            marketing: false,
            history: Vec::new(),
        })
    });
    let body = ask(behind, get(PATH).by_ada()).await.json();
    assert_eq!(body["consents"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&body["consents"][0]["subject"], &body["consents"][0]["given"]),
        (&json!("marketing"), &json!(false))
    );
}

#[actix_web::test]
async fn a_document_is_accepted_in_its_current_version_and_marketing_chosen_freely() {
    let mut behind = asking(ada_signed_in());
    behind
        .consents
        .expect_decide()
        .once()
        .withf(|signed_in, choice, caller| {
            signed_in.session.user == ada::user()
                && caller.channel == Channel::Api
                && *choice
                    == ConsentChoice {
                        accepted: vec![(ConsentSubject::Privacy, version("3"))],
                        marketing: Some(false),
                    }
        })
        .returning(|_, _, _| Ok(state()));
    let answer = ask(
        behind,
        post(PATH, &json!({ "privacy": "3", "marketing": false, "cookies": 1 })).by_ada(),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["consents"][0]["subject"], "terms");
}

#[actix_web::test]
async fn another_version_than_the_current_one_is_refused_by_its_name() {
    for (sent, expected) in [
        (
            json!({ "terms": "2026-10" }),
            ("terms", "Terms of service must be accepted in version 2026-11"),
        ),
        (
            json!({ "terms": null }),
            ("terms", "Terms of service must be accepted in version 2026-11"),
        ),
        (
            json!({ "privacy": true }),
            ("privacy", "Privacy policy must be accepted in version 3"),
        ),
        (
            json!({ "marketing": "yes" }),
            ("marketing", "Marketing must be a boolean"),
        ),
        (json!({}), ("", "At least one field must be provided for update")),
    ] {
        let answer = ask(asking(ada_signed_in()), post(PATH, &sent).by_ada()).await;
        assert_eq!(answer.status, 400, "{sent}");
        answer.has_violations(&[expected]);
    }
}

#[actix_web::test]
async fn where_there_is_nothing_to_accept_nothing_is_accepted() {
    let answer = ask(ada_signed_in(), post(PATH, &json!({ "terms": "1" })).by_ada()).await;
    answer.has_violations(&[("", "At least one field must be provided for update")]);
}

#[actix_web::test]
async fn whoever_is_not_signed_in_or_gone_agrees_to_nothing() {
    ask(asking(nothing()), get(PATH)).await.is_unauthorized();
    ask(asking(nothing()), post(PATH, &json!({ "terms": "2026-11" })))
        .await
        .is_unauthorized();
    let mut behind = asking(ada_signed_in());
    behind
        .consents
        .expect_decide()
        .returning(|_, _, _| Err(ConsentError::NotSignedIn));
    ask(behind, post(PATH, &json!({ "terms": "2026-11" })).by_ada())
        .await
        .is_unauthorized();
}

#[actix_web::test]
async fn a_session_names_what_is_due_and_has_no_such_field_otherwise() {
    for (due, expected) in [
        (vec![ConsentSubject::Terms], json!(["terms"])),
        (
            vec![ConsentSubject::Terms, ConsentSubject::Privacy],
            json!(["terms", "privacy"]),
        ),
    ] {
        let mut behind = nothing();
        behind
            .sessions
            .expect_authenticate()
            .returning(|_| Ok(ada::signed_in()));
        behind.consents.expect_due().once().returning(move |_| Ok(due.clone()));
        let body = ask(behind, get("/api/auth/session").by_ada()).await.json();
        assert_eq!(body["consentsDue"], expected);
    }
    let body = ask(ada_signed_in(), get("/api/auth/session").by_ada()).await.json();
    assert!(body.get("consentsDue").is_none());
}

fn sign_up(consents: &serde_json::Value) -> serde_json::Value {
    json!({ "email": "ada@example.com", "password": "correct horse battery", "consents": consents })
}

fn registering(behind: Behind, expected: ConsentChoice) -> Behind {
    let mut behind = behind;
    behind
        .registration
        .expect_register()
        .once()
        .withf(move |sign_up| sign_up.consents == expected)
        .returning(|sign_up| {
            Ok(Registered {
                user: ada::user(),
                email: sign_up.email,
                name: None,
            })
        });
    behind
}

#[actix_web::test]
async fn a_sign_up_accepts_the_current_versions() {
    let expected = ConsentChoice {
        accepted: vec![
            (ConsentSubject::Terms, version("2026-11")),
            (ConsentSubject::Privacy, version("3")),
        ],
        marketing: Some(true),
    };
    let behind = registering(asking(nothing()), expected);
    let sent = sign_up(&json!({ "terms": "2026-11", "privacy": "3", "marketing": true }));
    assert_eq!(ask(behind, post("/api/auth/signup", &sent)).await.status, 201);
}

#[actix_web::test]
async fn a_sign_up_without_them_names_every_document_and_its_version() {
    let both = [
        ("consents.terms", "Terms of service must be accepted in version 2026-11"),
        ("consents.privacy", "Privacy policy must be accepted in version 3"),
    ];
    let none = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    let old = sign_up(&json!({ "terms": "2026-10", "privacy": null }));
    for sent in [none, old] {
        let answer = ask(asking(nothing()), post("/api/auth/signup", &sent)).await;
        assert_eq!(answer.status, 400, "{sent}");
        let body = answer.json();
        let told: Vec<_> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                let path: Vec<&str> = error["path"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|it| it.as_str().unwrap())
                    .collect();
                (path.join("."), error["message"].as_str().unwrap().to_owned())
            })
            .collect();
        assert_eq!(told, both.map(|(path, message)| (path.to_owned(), message.to_owned())));
        assert_eq!(body["errors"][0]["path"], json!(["consents", "terms"]));
    }
}

#[actix_web::test]
async fn where_there_is_nothing_to_accept_a_sign_up_is_as_it_was() {
    for sent in [
        json!({ "email": "ada@example.com", "password": "correct horse battery" }),
        sign_up(&json!({ "terms": "7", "privacy": 7, "cookies": {} })),
        sign_up(&json!({})),
    ] {
        let behind = registering(nothing(), ConsentChoice::default());
        assert_eq!(ask(behind, post("/api/auth/signup", &sent)).await.status, 201, "{sent}");
    }
    let answer = ask(nothing(), post("/api/auth/signup", &sign_up(&json!("yes")))).await;
    answer.has_violations(&[("consents", "Consents must be an object")]);
}
