use futures_executor::block_on;
use rookery_domain::{AuditAction, Channel, Consent, ConsentId, Language};

use super::*;
use crate::fixture::{Workshop, caller, reader, signed_in, user};
use crate::ports::MockConsentStore;

fn documents(terms: Option<&str>, privacy: Option<&str>) -> Documents {
    let version = |text: &str| text.parse().unwrap();
    Documents {
        terms: terms.map(version),
        privacy: privacy.map(version),
    }
}

fn service(workshop: &Workshop, consents: MockConsentStore, documents: Documents) -> ConsentService {
    ConsentService {
        consents: Arc::new(consents),
        documents,
        mint: workshop.mint.clone(),
    }
}

fn agreed(workshop: &Workshop, subject: ConsentSubject, version: &str) -> Consent {
    Consent {
        id: ConsentId::new(workshop.now(), &[9; 10]),
        subject,
        version: version.parse().unwrap(),
        given: true,
        channel: Channel::Api,
        language: Language::default(),
        at: workshop.now(),
    }
}

#[test]
fn where_no_document_has_a_version_nobody_is_asked_and_no_store_either() {
    let workshop = Workshop::open();
    let service = service(&workshop, MockConsentStore::new(), Documents::default());
    assert_eq!(block_on(service.due(&signed_in(workshop.now()))).unwrap(), []);
}

#[test]
fn a_newer_version_is_due_until_it_is_agreed_to() {
    let workshop = Workshop::open();
    for (accepted, due) in [("1", vec![ConsentSubject::Terms]), ("2", Vec::new())] {
        let kept = agreed(&workshop, ConsentSubject::Terms, accepted);
        let mut consents = MockConsentStore::new();
        consents
            .expect_latest()
            .withf(|whose| *whose == user())
            .returning(move |_| Ok(vec![kept.clone()]));
        let service = service(&workshop, consents, documents(Some("2"), None));
        assert_eq!(block_on(service.due(&signed_in(workshop.now()))).unwrap(), due);
    }
}

#[test]
fn decisions_commit_together_each_with_its_event_door_version_and_language() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let caller = Caller {
        channel: Channel::Pages,
        ..caller()
    };
    let expected = caller.clone();
    let mut consents = MockConsentStore::new();
    consents
        .expect_decide()
        .times(1)
        .withf(move |decision| {
            let told: Vec<_> = decision
                .records
                .iter()
                .map(|record| {
                    assert_eq!(record.event.caller, expected);
                    assert_eq!(record.event.user, Some(user()));
                    let consent = &record.consent;
                    assert_eq!((consent.channel, consent.language), (Channel::Pages, reader().language));
                    assert_eq!((consent.at, record.event.at), (now, now));
                    (
                        consent.subject,
                        consent.version.to_string(),
                        consent.given,
                        record.event.action,
                    )
                })
                .collect();
            decision.user == user()
                && decision.at == now
                && decision.defaults == Preferences::default()
                && told
                    == [
                        (ConsentSubject::Terms, "2".to_owned(), true, AuditAction::ConsentGiven),
                        (
                            ConsentSubject::Marketing,
                            ConsentVersion::marketing().to_string(),
                            false,
                            AuditAction::ConsentWithdrawn,
                        ),
                    ]
        })
        .returning(|_| Ok(true));
    let kept = agreed(&workshop, ConsentSubject::Terms, "2");
    let (latest, history) = (kept.clone(), kept);
    consents.expect_latest().returning(move |_| Ok(vec![latest.clone()]));
    consents
        .expect_history()
        .withf(|_, limit| *limit == 100)
        .returning(move |_, _| Ok(vec![history.clone()]));
    let service = service(&workshop, consents, documents(Some("2"), None));
    let choice = ConsentChoice {
        accepted: vec![(ConsentSubject::Terms, "2".parse().unwrap())],
        marketing: Some(false),
    };
    let state = block_on(service.decide(&signed_in(now), choice, &caller)).unwrap();
    assert!(!state.marketing && state.due().is_empty());
    assert_eq!(state.history.len(), 1);
}

#[test]
fn somebody_who_is_gone_agrees_to_nothing() {
    let workshop = Workshop::open();
    let mut consents = MockConsentStore::new();
    consents.expect_decide().returning(|_| Ok(false));
    let service = service(&workshop, consents, Documents::default());
    let choice = ConsentChoice {
        marketing: Some(true),
        ..ConsentChoice::default()
    };
    let answer = block_on(service.decide(&signed_in(workshop.now()), choice, &caller()));
    assert!(matches!(answer, Err(ConsentError::NotSignedIn)));
}
