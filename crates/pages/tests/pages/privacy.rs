//! `/settings/privacy` with copies and decisions, `/consents`, and the sign-up that asks

use rookery_core::domain::{
    Channel, Consent, ConsentId, ConsentSubject, ConsentVersion, Documents, Export, ExportId, ExportState, Language,
};
use rookery_core::{
    ConsentChoice, ConsentState, ExportError, LogInOutcome, OpenedExport, ReauthenticationRequired, Registered,
};

use crate::ada;
use crate::ask::browser;
use crate::behind::{Behind, ada_signed_in, nothing};
use crate::log_in::logged_in;

const PAGE: &str = "/settings/privacy";
const ASK: &str = "/settings/privacy/export";

fn version(text: &str) -> ConsentVersion {
    text.parse().unwrap()
}

fn documents() -> Documents {
    Documents {
        terms: Some(version("2026-11")),
        privacy: Some(version("3")),
    }
}

fn id() -> ExportId {
    ExportId::new(ada::noon(), &[7; 10])
}

fn export(state: ExportState) -> Export {
    Export {
        id: id(),
        requested: ada::noon(),
        state,
    }
}

/// Ada is signed in; nothing is said of consents yet, nor of copies.
fn bare() -> Behind {
    let mut behind = nothing();
    behind
        .sessions
        .expect_authenticate()
        .returning(|_| Ok(ada::signed_in()));
    behind.sessions.expect_list().returning(|_| Ok(Vec::new()));
    behind
}

fn told(latest: Vec<Consent>) -> ConsentState {
    ConsentState {
        documents: documents(),
        history: latest.clone(),
        latest,
        marketing: false,
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

#[actix_web::test]
async fn copies_and_decisions_are_shown_and_only_what_is_ready_can_be_fetched() {
    let ready = ExportState::Ready {
        at: ada::noon(),
        expires: ada::noon() + Export::LIFE,
        size: 20_480,
        parts: 1,
    };
    for (state, is_ready, said) in [
        (ready, true, "Available until 3 November 2025 at 12:00 UTC. 20 KB"),
        (ExportState::Pending, false, "Your copy is being made."),
        (ExportState::Failed { at: ada::noon() }, false, "It could not be made."),
    ] {
        let mut behind = bare();
        behind.exports.expect_list().returning(move |_| Ok(vec![export(state)]));
        behind
            .consents
            .expect_state()
            .returning(|_| Ok(told(vec![agreed(ConsentSubject::Terms, "2026-11")])));
        let page = browser(behind).with_session().get(PAGE).await;
        assert_eq!(page.status, 200);
        assert!(page.has(said), "{said}");
        assert_eq!(page.has(&format!("{ASK}/{}", id())), is_ready);
        assert!(page.has("Terms of service") && page.has("Agreed") && page.has("27 October 2025"));
        assert!(page.has("Read and agree"), "the privacy policy is due");
    }
}

#[actix_web::test]
async fn a_copy_is_asked_for_by_whoever_has_shown_lately_who_they_are() {
    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_request()
        .times(1)
        .withf(|_, caller| caller.channel == Channel::Pages)
        .returning(|_, _| Ok(export(ExportState::Pending)));
    let answer = browser(behind).with_session().fill(PAGE, ASK, &[]).await;
    assert_eq!(answer.leads_to(), PAGE);

    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_request()
        .returning(|_, _| Err(ExportError::ReauthenticationRequired(ReauthenticationRequired)));
    let answer = browser(behind).with_session().fill(PAGE, ASK, &[]).await;
    assert_eq!(answer.leads_to(), "/reauthenticate?redirect=%2Fsettings%2Fprivacy");
}

#[actix_web::test]
async fn a_copy_is_fetched_as_a_file_and_one_that_is_not_theirs_is_not_there() {
    let mut behind = ada_signed_in();
    behind.exports.expect_open().times(1).returning(|_, export, _| {
        Ok(OpenedExport {
            id: *export,
            size: 3,
            parts: 1,
        })
    });
    behind.exports.expect_part().returning(|_, _, _| Ok(b"zip".to_vec()));
    let answer = browser(behind).with_session().get(&format!("{ASK}/{}", id())).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "zip"));
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_open()
        .returning(|_, _, _| Err(ExportError::NotFound));
    let answer = browser(behind).with_session().get(&format!("{ASK}/{}", id())).await;
    assert_eq!(answer.status, 404);
    let answer = browser(ada_signed_in()).with_session().get(&format!("{ASK}/1")).await;
    assert_eq!(answer.status, 404);

    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_open()
        .returning(|_, _, _| Err(ExportError::ReauthenticationRequired(ReauthenticationRequired)));
    let answer = browser(behind).with_session().get(&format!("{ASK}/{}", id())).await;
    assert_eq!(answer.leads_to(), "/reauthenticate?redirect=%2Fsettings%2Fprivacy");
}

#[actix_web::test]
async fn where_there_is_something_to_agree_to_a_sign_in_leads_by_it() {
    for (documents, expected) in [
        (Documents::default(), "/settings/security"),
        (documents(), "/consents?then=on&redirect=%2Fsettings%2Fsecurity"),
    ] {
        let mut behind = nothing();
        behind.documents = documents;
        behind
            .authentication
            .expect_log_in()
            .returning(|_| Ok(LogInOutcome::LoggedIn(logged_in(false))));
        let fields = [
            ("email", "ada@example.com"),
            ("password", "correct horse battery"),
            ("redirect", "/settings/security"),
        ];
        let answer = browser(behind).fill("/login", "/login", &fields).await;
        assert_eq!(answer.leads_to(), expected);
    }
}

fn due(subjects: &'static [ConsentSubject]) -> Behind {
    let mut behind = bare();
    behind.documents = documents();
    behind.consents.expect_due().returning(|_| Ok(subjects.to_vec()));
    behind
}

#[actix_web::test]
async fn what_is_due_is_asked_for_and_nothing_is_ticked() {
    let mut behind = due(&[ConsentSubject::Terms]);
    behind.brand.terms = Some("https://example.com/terms".parse().unwrap());
    let page = browser(behind)
        .with_session()
        .get("/consents?redirect=/settings/activity")
        .await;
    page.is_page(200, "Before you continue · Rookery");
    assert!(page.has("name=\"terms\" value=\"2026-11\"") && !page.has("name=\"privacy\""));
    assert!(!page.has("checked") && page.has("https:&#x2f;&#x2f;example.com&#x2f;terms"));
    assert_eq!(page.hidden("redirect"), Some("&#x2f;settings&#x2f;activity"));
}

#[actix_web::test]
async fn whoever_owes_nothing_goes_on() {
    let way = browser(due(&[]))
        .with_session()
        .get("/consents?then=on&redirect=/settings/activity")
        .await;
    assert_eq!(way.leads_to(), "/settings/activity");
    let way = browser(due(&[]))
        .with_session()
        .get("/consents?then=on&redirect=https://evil.example")
        .await;
    assert_eq!(way.leads_to(), "/settings/profile");
    let page = browser(due(&[])).with_session().get("/consents").await;
    assert!(page.has("There is nothing new to agree to."));
}

#[actix_web::test]
async fn whoever_agrees_goes_on_and_whoever_does_not_is_asked_again() {
    let mut behind = due(&ConsentSubject::DOCUMENTS);
    behind
        .consents
        .expect_decide()
        .times(1)
        .withf(|_, choice, caller| {
            caller.channel == Channel::Pages
                && *choice
                    == ConsentChoice {
                        accepted: vec![
                            (ConsentSubject::Terms, version("2026-11")),
                            (ConsentSubject::Privacy, version("3")),
                        ],
                        marketing: None,
                    }
        })
        .returning(|_, _, _| Ok(told(Vec::new())));
    let fields = [
        ("terms", "2026-11"),
        ("privacy", "3"),
        ("redirect", "/settings/activity"),
    ];
    let answer = browser(behind)
        .with_session()
        .fill("/consents", "/consents", &fields)
        .await;
    assert_eq!(answer.leads_to(), "/settings/activity");

    for fields in [
        &[("terms", "2026-11")][..],
        &[("terms", "2026-11"), ("privacy", "2")][..],
    ] {
        let behind = due(&ConsentSubject::DOCUMENTS);
        let answer = browser(behind)
            .with_session()
            .fill("/consents", "/consents", fields)
            .await;
        answer.is_page(400, "Error: Before you continue · Rookery");
        assert!(answer.has("Please read the privacy policy and tick this"));
    }
}

#[actix_web::test]
async fn a_sign_up_asks_for_what_there_is_and_marketing_is_a_box_of_its_own() {
    let mut asking = nothing();
    asking.documents = documents();
    let page = browser(asking).get("/register").await;
    assert!(
        page.has("name=\"consents.terms\" type=\"checkbox\"") || page.has("name=\"consents.terms\" value=\"2026-11\"")
    );
    assert!(page.has("consents.privacy") && page.has("consents.marketing") && !page.has("checked"));

    let mut asking = nothing();
    asking.documents = documents();
    asking
        .registration
        .expect_register()
        .times(1)
        .withf(|sign_up| {
            sign_up.caller.channel == Channel::Pages
                && sign_up.consents
                    == ConsentChoice {
                        accepted: vec![
                            (ConsentSubject::Terms, version("2026-11")),
                            (ConsentSubject::Privacy, version("3")),
                        ],
                        marketing: Some(false),
                    }
        })
        .returning(|sign_up| {
            Ok(Registered {
                user: ada::user(),
                email: sign_up.email,
                name: None,
            })
        });
    let account = [
        ("email", "ada@example.com"),
        ("password", "correct horse battery"),
        ("language", "en"),
    ];
    let agreed = [
        &account[..],
        &[("consents.terms", "2026-11"), ("consents.privacy", "3")],
    ]
    .concat();
    let answer = browser(asking).fill("/register", "/register", &agreed).await;
    assert_eq!(answer.leads_to(), "/email-confirmation");

    let mut asking = nothing();
    asking.documents = documents();
    let answer = browser(asking).fill("/register", "/register", &account).await;
    answer.is_page(400, "Error: Create your account · Rookery");
    assert_eq!(
        answer.mistake("consents.terms"),
        Some("Please read the terms of service and agree to them")
    );
    assert_eq!(
        answer.mistake("consents.privacy"),
        Some("Please read the privacy policy and tick this")
    );
}
