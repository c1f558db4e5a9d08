//! The settings: what the forms say reaches the use cases, and what is wrong with it comes back.

use rookery_core::ports::{EventPosition, RecordedEvent};
use rookery_core::{ActivityPage, AuditEvent, Mint, mocks::ManualClock, mocks::SeededEntropy};
use rookery_core::{ChangeEmailError, ChangePasswordError, EndedSession, PictureError, RenewedSession};
use rookery_domain::{AuditAction, AuditOutcome, Caller, EventId, PendingEmail, PictureFault, SessionId, Theme};

use crate::ada;
use crate::ask::{browser, sent};
use crate::behind::{ada_signed_in, nothing};

fn renewed() -> RenewedSession {
    RenewedSession {
        token: ada::other_token(),
        expires: ada::noon() + chrono::Duration::days(1),
        remembered: false,
    }
}

#[actix_web::test]
async fn looks_are_saved_and_hold_at_once() {
    let mut behind = ada_signed_in();
    behind.profiles.expect_update().times(1).returning(|_, update, _| {
        assert_eq!(update.language.unwrap().as_str(), "es");
        assert_eq!(update.timezone.unwrap().as_str(), "Europe/Madrid");
        assert_eq!(update.theme, Some(Theme::Dark));
        assert!(update.name.is_none() && update.weekly_reports.is_none());
        let mut profile = ada::profile();
        profile.preferences.language = "es".parse().unwrap();
        profile.preferences.theme = Theme::Dark;
        Ok(profile)
    });
    let page = "/settings/profile";
    let fields = [
        ("part", "looks"),
        ("language", "es"),
        ("timezone", "Europe/Madrid"),
        ("theme", "dark"),
    ];
    let answer = browser(behind).with_session().fill(page, page, &fields).await;
    assert_eq!(answer.leads_to(), page);
    for cookie in ["__Host-lang=es;", "__Host-theme=dark;", "__Host-note=profile_saved;"] {
        assert!(
            answer.set_cookies().iter().any(|kept| kept.starts_with(cookie)),
            "{cookie}"
        );
    }
}

#[actix_web::test]
async fn a_switch_that_is_off_is_not_sent_and_means_off() {
    let mut behind = ada_signed_in();
    behind.profiles.expect_update().times(1).returning(|_, update, _| {
        let switches = [
            update.email_notifications,
            update.push_notifications,
            update.weekly_reports,
            update.marketing_emails,
        ];
        assert_eq!(switches, [Some(false), Some(true), Some(false), Some(false)]);
        Ok(ada::profile())
    });
    let page = "/settings/profile";
    let fields = [("part", "notifications"), ("pushNotifications", "true")];
    let answer = browser(behind).with_session().fill(page, page, &fields).await;
    assert_eq!(answer.leads_to(), page);
}

#[actix_web::test]
async fn a_name_that_is_there_cannot_be_emptied_and_one_that_is_not_may_stay_away() {
    let page = "/settings/profile";
    let mut browser = browser(ada_signed_in()).with_session();
    let fields = [
        ("part", "name"),
        ("name", ""),
        ("givenName", ""),
        ("familyName", "a\u{7}"),
    ];
    let answer = browser.fill(page, page, &fields).await;
    answer.is_page(400, "Error: Profile · Rookery");
    assert_eq!(answer.mistake("name-name"), Some("Name cannot be empty"));
    assert_eq!(answer.mistake("name-givenName"), None);
    assert!(answer.mistake("name-familyName").is_some());
    let odd = browser.fill(page, page, &[("part", "nonsense")]).await;
    assert_eq!(odd.status, 400);
}

#[actix_web::test]
async fn a_password_is_changed_under_another_token() {
    let mut behind = ada_signed_in();
    behind.passwords.expect_change().times(1).returning(|_, change| {
        assert_eq!(change.current_password.expose(), "correct horse");
        Ok(renewed())
    });
    let fields = [
        ("currentPassword", "correct horse"),
        ("newPassword", "another horse battery"),
    ];
    let answer = browser(behind)
        .with_session()
        .fill("/settings/security", "/settings/security/password", &fields)
        .await;
    assert_eq!(answer.leads_to(), "/settings/security");
    let session = format!("__Host-sid={};", ada::other_token().expose());
    assert!(answer.set_cookies().iter().any(|cookie| cookie.starts_with(&session)));
}

#[actix_web::test]
async fn what_is_wrong_with_one_form_of_a_page_is_said_in_that_one() {
    let mut behind = ada_signed_in();
    behind
        .passwords
        .expect_change()
        .returning(|_, _| Err(ChangePasswordError::WrongPassword));
    behind
        .addresses
        .expect_request()
        .returning(|_, _| Err(ChangeEmailError::EmailTaken));
    let mut browser = browser(behind).with_session();
    let fields = [("currentPassword", "hunter2"), ("newPassword", "another horse battery")];
    let answer = browser
        .fill("/settings/security", "/settings/security/password", &fields)
        .await;
    answer.is_page(403, "Error: Security · Rookery");
    assert_eq!(
        answer.mistake("password-currentPassword"),
        Some("The current password is not right.")
    );
    assert!(!answer.has("hunter2") && !answer.has("another horse"));
    assert_eq!(answer.mistake("email-password"), None);

    let fields = [("newEmail", "grace@example.com"), ("password", "x")];
    let answer = browser
        .fill("/settings/security", "/settings/security/email", &fields)
        .await;
    answer.is_page(409, "Error: Security · Rookery");
    assert!(answer.mistake("email-newEmail").is_some() && answer.has("value=\"grace@example.com\""));
}

#[actix_web::test]
async fn an_address_that_waits_is_shown_and_can_be_called_off() {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.profile.pending_email = Some(PendingEmail {
            email: rookery_domain::EmailAddress::parse("grace@example.com").unwrap(),
            expires: ada::noon() + chrono::Duration::hours(1),
        });
        Ok(signed_in)
    });
    behind.sessions.expect_list().returning(|_| Ok(Vec::new()));
    behind
        .second_factors
        .expect_status()
        .returning(|_| Ok(crate::behind::no_factor()));
    behind.addresses.expect_cancel().times(1).returning(|_, _| Ok(()));
    let mut browser = browser(behind).with_session();
    assert!(
        browser
            .get("/settings/security")
            .await
            .has("grace@example.com is waiting")
    );
    let answer = browser
        .fill("/settings/security", "/settings/security/email/cancel", &[])
        .await;
    assert_eq!(answer.leads_to(), "/settings/security");
}

#[actix_web::test]
async fn a_session_is_ended_by_its_id_and_nothing_else() {
    let other = SessionId::new(ada::noon(), &[9; 10]);
    let mut behind = ada_signed_in();
    behind.sessions.expect_end().times(1).returning(move |_, session, _| {
        assert_eq!(*session, other);
        Ok(EndedSession::Other)
    });
    let mut browser = browser(behind).with_session();
    let (page, path) = ("/settings/security", "/settings/security/sessions/end");
    let id = other.to_string();
    assert_eq!(browser.fill(page, path, &[("id", &id)]).await.leads_to(), page);
    for id in ["", "1", "../../x", "' OR 1=1"] {
        assert_eq!(browser.fill(page, path, &[("id", id)]).await.status, 404, "{id}");
    }
}

#[actix_web::test]
async fn a_picture_comes_as_a_file_in_its_form() {
    let upload = |token: &str, content: &[u8]| {
        let mut body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
             --x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--x--\r\n");
        sent("/settings/profile/picture", "multipart/form-data; boundary=x", body)
    };
    let mut behind = ada_signed_in();
    behind
        .pictures
        .expect_show()
        .returning(|_, upload, _| match upload.as_slice() {
            b"\x89PNG" => Ok(ada::profile()),
            _ => Err(PictureError::Unacceptable(PictureFault::UnknownKind)),
        });
    behind
        .pictures
        .expect_remove()
        .times(1)
        .returning(|_, _| Ok(ada::profile()));
    let mut browser = browser(behind).with_session();
    let token = browser
        .get("/settings/profile")
        .await
        .hidden("csrf")
        .unwrap()
        .to_owned();
    assert_eq!(
        browser.ask(upload(&token, b"\x89PNG")).await.leads_to(),
        "/settings/profile"
    );
    let refused = browser.ask(upload(&token, b"<svg>")).await;
    refused.is_page(400, "Error: Profile · Rookery");
    assert!(refused.has("Picture must be a PNG, JPEG or WebP image"));
    assert!(browser.ask(upload(&token, b"")).await.has("Picture is required"));
    let remove = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"remove\"\r\n\r\ntrue\r\n--x--\r\n"
    );
    let remove = sent("/settings/profile/picture", "multipart/form-data; boundary=x", remove);
    assert_eq!(browser.ask(remove).await.leads_to(), "/settings/profile");
}

#[actix_web::test]
async fn the_choice_about_mails_is_made_in_privacy_too() {
    let mut behind = ada_signed_in();
    behind.profiles.expect_update().times(1).returning(|_, update, _| {
        assert_eq!(update.marketing_emails, Some(true));
        Ok(ada::profile())
    });
    let page = "/settings/privacy";
    let answer = browser(behind)
        .with_session()
        .fill(page, page, &[("marketingEmails", "true")])
        .await;
    assert_eq!(answer.leads_to(), page);
}

#[actix_web::test]
async fn what_is_kept_for_how_long_comes_from_the_one_table() {
    let page = browser(ada_signed_in()).with_session().get("/settings/privacy").await;
    let words = rookery_words::Words::built_in().unwrap();
    for rule in rookery_core::RETENTION {
        let told = words.say("en".parse().unwrap(), &crate::wording::key_of(rule.rows), &[]);
        assert!(page.has(&told), "{told}");
    }
    assert!(page.has("12 months") && page.has("7 years") && page.has("90 days"));
}

fn event(action: AuditAction, outcome: AuditOutcome) -> RecordedEvent {
    let mint = Mint::new(
        std::sync::Arc::new(ManualClock::at(ada::noon())),
        std::sync::Arc::new(SeededEntropy::default()),
    );
    RecordedEvent {
        event: AuditEvent {
            ..mint.event(ada::noon(), action, outcome, &Caller::default())
        },
        anonymised: None,
    }
}

#[actix_web::test]
async fn activity_is_filtered_by_days_of_the_person_and_turned_page_by_page() {
    let mut behind = ada_signed_in();
    behind.activity.expect_of_person().times(1).returning(|_, filter| {
        assert_eq!(filter.actions, [AuditAction::LogIn]);
        assert_eq!(filter.outcome, Some(AuditOutcome::Failure));
        assert_eq!(filter.from.unwrap().to_rfc3339(), "2025-10-01T00:00:00+00:00");
        assert_eq!(filter.to.unwrap().to_rfc3339(), "2025-11-01T00:00:00+00:00");
        Ok(ActivityPage {
            events: vec![event(AuditAction::LogIn, AuditOutcome::Failure)],
            next: Some(EventPosition {
                at: ada::noon(),
                id: EventId::new(ada::noon(), &[1; 10]),
            }),
        })
    });
    let asked = "/settings/activity?action=session.created&outcome=failure&from=2025-10-01&to=2025-10-31&cursor=";
    let page = browser(behind).with_session().get(asked).await;
    assert!(page.has("A sign-in was refused") && page.has("27 October 2025 at 12:00 UTC"));
    assert!(page.has("action=session.created&amp;outcome=failure&amp;from=2025-10-01&amp;to=2025-10-31&amp;cursor="));
}

#[actix_web::test]
async fn a_filter_that_is_wrong_is_said_and_nothing_is_read() {
    for query in [
        "action=nonsense",
        "outcome=maybe",
        "from=2025-13-01",
        "from=2025-10-02&to=2025-09-01",
        "cursor=x",
    ] {
        let page = browser(ada_signed_in())
            .with_session()
            .get(&format!("/settings/activity?{query}"))
            .await;
        page.is_page(400, "Error: Activity · Rookery");
    }
}
