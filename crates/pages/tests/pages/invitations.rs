//! Inviting people into a tenant, and keeping track of it.

use chrono::Duration;
use rookery_core::ports::{Invitation, InvitationPosition, Inviter};
use rookery_core::{InvitationError, InvitationPage, Invited};
use rookery_domain::{EmailAddress, InvitationId, InvitationState, Role};

use crate::ada;
use crate::ask::browser;
use crate::behind::Behind;
use crate::engines::{self, path, staffed, staffed_at_work};

fn page() -> String {
    path("/invitations")
}

fn email(name: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{name}@example.com")).unwrap()
}

fn invitation(name: &str, stored: InvitationState, roles: &[Role]) -> Invitation {
    Invitation {
        id: InvitationId::new(ada::noon(), &[7; 10]),
        email: email(name),
        roles: roles.to_vec(),
        note: None,
        inviter: Some(Inviter {
            user: ada::user(),
            name: Some("Ada Lovelace".to_owned()),
            email: ada::email(),
            roles: vec![Role::Owner],
        }),
        created: ada::noon(),
        expires: ada::noon() + Duration::days(7),
        stored,
        settled: (stored != InvitationState::Pending).then(ada::noon),
    }
}

/// Ada has this role and a confirmed address; these invitations are there.
fn with(role: Role, invitations: Vec<Invitation>) -> Behind {
    let mut behind = staffed_at_work(&[role], &[]);
    behind.invitations.expect_list().returning(move |_, tenant, _| {
        assert_eq!(*tenant, engines::id());
        Ok(InvitationPage {
            invitations: invitations.clone(),
            next: None,
        })
    });
    behind
}

fn of(way: &str) -> String {
    let id = InvitationId::new(ada::noon(), &[7; 10]);
    path(&format!("/invitations/{id}/{way}"))
}

#[actix_web::test]
async fn invitations_are_listed_with_what_became_of_them() {
    let waiting = invitation("grace", InvitationState::Pending, &[Role::Owner]);
    for (role, may_resend) in [(Role::Owner, true), (Role::Admin, false)] {
        let settled = invitation("alan", InvitationState::Accepted, &[Role::Member]);
        let shown = browser(with(role, vec![waiting.clone(), settled]))
            .with_session()
            .get(&page())
            .await;
        shown.is_page(200, "Invitations · Analytical Engines · Rookery");
        assert!(shown.has("grace@example.com") && shown.has("Pending") && shown.has("Joined"));
        assert!(shown.has("The link works until 3 November 2025 at 12:00 UTC"));
        assert!(shown.has("Owner · invited by Ada Lovelace"));
        assert_eq!(
            shown.text.matches("/revoke\"").count(),
            1,
            "what is settled is not taken back"
        );
        assert_eq!(shown.has("/resend\""), may_resend, "an admin invites no owners");
        assert_eq!(shown.has("name=\"owner\""), may_resend, "{role}");
    }
}

#[actix_web::test]
async fn only_those_who_may_invite_are_led_there() {
    for (role, may) in [
        (Role::Owner, true),
        (Role::Admin, true),
        (Role::Member, false),
        (Role::Viewer, false),
    ] {
        let shown = browser(with(role, Vec::new())).with_session().get(&path("")).await;
        assert_eq!(shown.has(&format!("href=\"{}\"", page())), may, "{role}");
    }
}

#[actix_web::test]
async fn several_people_are_invited_at_once() {
    let mut behind = with(Role::Owner, Vec::new());
    behind
        .invitations
        .expect_invite()
        .times(1)
        .returning(|_, _, drafts, _| {
            let meant: Vec<&str> = drafts.iter().map(|draft| draft.email.as_str()).collect();
            assert_eq!(meant, ["grace@example.com", "alan@example.com"]);
            assert_eq!(drafts[0].roles.as_slice(), [Role::Member]);
            assert_eq!(drafts[1].note.as_ref().unwrap().as_str(), "Come in");
            let sent = |name| Invited::Sent(invitation(name, InvitationState::Pending, &[Role::Member]));
            Ok(vec![sent("grace"), sent("alan")])
        });
    let fields = [
        ("emails", "grace@example.com\r\nalan@example.com"),
        ("member", "true"),
        ("note", "Come in"),
    ];
    let sent = browser(behind).with_session().fill(&page(), &page(), &fields).await;
    assert_eq!(sent.leads_to(), page());
}

#[actix_web::test]
async fn whoever_was_not_invited_is_named_with_the_reason() {
    let mut behind = with(Role::Owner, Vec::new());
    behind.invitations.expect_invite().returning(|_, _, _, _| {
        Ok(vec![
            Invited::Sent(invitation("grace", InvitationState::Pending, &[Role::Member])),
            Invited::AlreadyMember(email("bob")),
            Invited::AlreadyInvited(email("alan")),
        ])
    });
    let fields = [
        ("emails", "grace@example.com bob@example.com alan@example.com"),
        ("member", "true"),
    ];
    let told = browser(behind).with_session().fill(&page(), &page(), &fields).await;
    assert_eq!(told.status, 200);
    assert!(told.has("bob@example.com already belongs to the organisation."));
    assert!(told.has("alan@example.com already has a pending invitation.") && !told.has("<li>grace"));
}

#[actix_web::test]
async fn what_is_wrong_with_an_invitation_is_said_once_and_beside_its_field() {
    let mut browser = browser(with(Role::Owner, Vec::new())).with_session();
    let fields = [
        ("emails", "grace@example.com nobody, <b>also"),
        ("note", "see www.example.com"),
    ];
    let refused = browser.fill(&page(), &page(), &fields).await;
    refused.is_page(400, "Error: Invitations · Analytical Engines · Rookery");
    assert_eq!(refused.mistake("invite-emails"), Some("Invalid email address"));
    assert_eq!(refused.mistake("invite-roles"), Some("At least one role is required"));
    assert_eq!(
        refused.mistake("invite-note"),
        Some("Note must not contain links or addresses")
    );
    assert!(refused.has("Please check: nobody, &lt;b&gt;also"));
    assert!(
        refused.has("grace@example.com nobody, &lt;b&gt;also</textarea>"),
        "what was typed stays"
    );
    let many: Vec<String> = (0..21).map(|number| format!("a{number}@example.com")).collect();
    let many = many.join(" ");
    let refused = browser
        .fill(&page(), &page(), &[("emails", &many), ("member", "true")])
        .await;
    assert_eq!(
        refused.mistake("invite-emails"),
        Some("At most 20 people can be invited at once")
    );
}

#[actix_web::test]
async fn whoever_has_not_confirmed_their_address_is_told_before_and_after() {
    let mut behind = staffed(&[Role::Owner], &[]);
    behind.invitations.expect_list().returning(|_, _, _| {
        Ok(InvitationPage {
            invitations: Vec::new(),
            next: None,
        })
    });
    behind
        .invitations
        .expect_invite()
        .returning(|_, _, _, _| Err(InvitationError::EmailNotVerified));
    let mut browser = browser(behind).with_session();
    let shown = browser.get(&page()).await;
    assert!(shown.has("Before you invite anybody, please confirm") && !shown.has("name=\"emails\""));
    let fields = [("emails", "grace@example.com"), ("member", "true")];
    let refused = browser.fill(&page(), &page(), &fields).await;
    assert_eq!(refused.status, 403);
    assert!(refused.has("<a href=\"#invite-emails\">Please confirm your email address first.</a>"));
}

#[actix_web::test]
async fn an_invitation_is_mailed_again_or_taken_back() {
    let mut behind = with(Role::Owner, Vec::new());
    behind.invitations.expect_resend().times(1).returning(|_, _, named, _| {
        assert_eq!(*named, InvitationId::new(ada::noon(), &[7; 10]));
        Ok(invitation("grace", InvitationState::Pending, &[Role::Member]))
    });
    behind.invitations.expect_revoke().times(1).returning(|_, _, named, _| {
        assert_eq!(*named, InvitationId::new(ada::noon(), &[7; 10]));
        Ok(())
    });
    let mut browser = browser(behind).with_session();
    for way in ["resend", "revoke"] {
        assert_eq!(browser.fill(&page(), &of(way), &[]).await.leads_to(), page());
        assert_eq!(browser.get(&of(way)).await.leads_to(), page());
        let nothing = browser
            .fill(&page(), &path(&format!("/invitations/x/{way}")), &[])
            .await;
        assert_eq!(nothing.status, 404, "{way}");
    }
}

#[actix_web::test]
async fn an_invitation_that_was_answered_meanwhile_is_said_above_the_list() {
    for way in ["resend", "revoke"] {
        let mut behind = with(Role::Owner, Vec::new());
        let settled = || InvitationError::Settled;
        behind
            .invitations
            .expect_resend()
            .returning(move |_, _, _, _| Err(settled()));
        behind
            .invitations
            .expect_revoke()
            .returning(move |_, _, _, _| Err(settled()));
        let refused = browser(behind).with_session().fill(&page(), &of(way), &[]).await;
        refused.is_page(409, "Error: Invitations · Analytical Engines · Rookery");
        assert!(refused.has("This invitation has been answered or withdrawn."), "{way}");
    }
}

#[actix_web::test]
async fn pages_of_invitations_lead_to_older_ones() {
    let mut behind = staffed_at_work(&[Role::Owner], &[]);
    let place = InvitationPosition {
        created: ada::noon(),
        id: InvitationId::new(ada::noon(), &[7; 10]),
    };
    behind
        .invitations
        .expect_list()
        .times(2)
        .returning(move |_, _, filter| {
            Ok(InvitationPage {
                invitations: Vec::new(),
                next: filter.behind.is_none().then_some(place),
            })
        });
    let mut browser = browser(behind).with_session();
    let first = browser.get(&page()).await;
    let (_, rest) = first.text.split_once("invitations?cursor=").unwrap();
    let cursor = rest.split('"').next().unwrap();
    let last = browser.get(&format!("{}?cursor={cursor}", page())).await;
    assert!(last.has(">Newest</a>") && !last.has(">Older</a>"));
    assert_eq!(browser.get(&format!("{}?cursor=x", page())).await.status, 400);
}
