use futures_executor::block_on;
use rookery_domain::{Role, Roles};

use super::*;
use crate::fixture::{Workshop, bell_rung, caller, membership, read_by, reader, signed_in, tenant, unsealed, user};
use crate::ports::{Addressee, MockInvitationStore, MockTenantStore, Prospect};
use crate::{Forbidden, Letter};

fn draft(email: &str, roles: &[Role]) -> InvitationDraft {
    InvitationDraft {
        email: EmailAddress::parse(email).unwrap(),
        roles: Roles::of(roles.iter().copied()).unwrap(),
        note: InvitationNote::parse("Come in").unwrap(),
    }
}

fn standing_as(role: Role) -> MockTenantStore {
    let mut tenants = MockTenantStore::new();
    tenants.expect_membership().returning(move |asked, whose| {
        assert_eq!((*asked, *whose), (tenant(), user()));
        Ok(Some(membership(&[role], None)))
    });
    tenants
}

fn service(workshop: &Workshop, role: Role, invitations: MockInvitationStore, rings: usize) -> InvitationService {
    InvitationService {
        tenants: Arc::new(standing_as(role)),
        invitations: Arc::new(invitations),
        throttle: workshop.throttle.clone(),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
    }
}

fn strangers() -> MockInvitationStore {
    let mut invitations = MockInvitationStore::new();
    invitations.expect_prospect().returning(|_, _| Ok(Prospect::default()));
    invitations
}

fn verified(workshop: &Workshop) -> SignedIn {
    let mut signed_in = signed_in(workshop.now());
    signed_in.profile.email_verified = Some(workshop.now());
    signed_in
}

fn invitation(workshop: &Workshop, roles: &[Role], stored: InvitationState) -> Invitation {
    Invitation {
        id: InvitationId::new(workshop.now(), &[5; 10]),
        email: EmailAddress::parse("grace@example.com").unwrap(),
        roles: roles.to_vec(),
        note: Some("Come in".to_owned()),
        inviter: None,
        created: workshop.now(),
        expires: workshop.now(),
        stored,
        settled: None,
    }
}

#[test]
fn an_invitation_commits_token_mail_and_event_as_one_value() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut invitations = strangers();
    invitations
        .expect_invite()
        .times(1)
        .withf(move |new| {
            let Letter::Invitation {
                tenant: named,
                inviter_name,
                inviter_email,
                note,
                link,
                expires,
            } = unsealed(&new.mail)
            else {
                return false;
            };
            let to = Addressee::Mailbox {
                email: new.email.clone(),
                reader: reader(),
            };
            named == "Engines"
                && inviter_name.as_deref() == Some("Ada Lovelace")
                && inviter_email == "Ada@example.com"
                && note.as_deref() == Some("Come in")
                && link.starts_with("https://app.example.com/invitation?token=inv_")
                && (expires, new.expires) == (at + chrono::Duration::days(7), expires)
                && new.mail.to == to
                && read_by(&new.mail) == reader()
                && (new.tenant, new.at, new.by.user) == (tenant(), at, user())
                && new.by.roles == [Role::Admin]
                && new.roles.as_slice() == [Role::Member]
                && new.event.action == AuditAction::Invited
                && (new.event.user, new.event.tenant) == (Some(user()), Some(tenant()))
                && new.event.target == Some(format!("invitation:{}", new.id))
                && new.event.detail.is_none()
        })
        .returning(|_| Ok(InvitingOutcome::Invited));
    let service = service(&workshop, Role::Admin, invitations, 1);
    let drafts = vec![draft("grace@example.com", &[Role::Member])];
    let invited = block_on(service.invite(&verified(&workshop), &tenant(), drafts, &caller())).unwrap();
    let [Invited::Sent(sent)] = invited.as_slice() else {
        panic!("{invited:?}");
    };
    assert_eq!(sent.state(at), InvitationState::Pending);
}

#[test]
fn whoever_has_chosen_a_language_is_invited_in_it() {
    let workshop = Workshop::open();
    let mut invitations = MockInvitationStore::new();
    invitations.expect_prospect().returning(|_, _| {
        Ok(Prospect {
            is_member: false,
            reader: Some(Reader::default()),
        })
    });
    invitations
        .expect_invite()
        .withf(|new| read_by(&new.mail) == Reader::default() && new.mail.to.owner().is_none())
        .times(1)
        .returning(|_| Ok(InvitingOutcome::Invited));
    let service = service(&workshop, Role::Owner, invitations, 1);
    let drafts = vec![draft("grace@example.com", &[Role::Member])];
    block_on(service.invite(&verified(&workshop), &tenant(), drafts, &caller())).unwrap();
}

// Proves: A65
#[test]
fn nobody_invites_to_more_than_they_may_give_and_nobody_unverified_invites_at_all() {
    let workshop = Workshop::open();
    for (role, invited, may) in [
        (Role::Owner, Role::Owner, true),
        (Role::Owner, Role::Viewer, true),
        (Role::Admin, Role::Admin, true),
        (Role::Admin, Role::Owner, false),
        (Role::Member, Role::Viewer, false),
        (Role::Viewer, Role::Viewer, false),
    ] {
        let mut invitations = strangers();
        invitations
            .expect_invite()
            .times(usize::from(may))
            .returning(|_| Ok(InvitingOutcome::Invited));
        let service = service(&workshop, role, invitations, usize::from(may));
        // A draft they may send beside one they may not: none of them is sent.
        let drafts = vec![draft(&format!("{role}-{invited}@example.com"), &[invited])];
        let outcome = block_on(service.invite(&verified(&workshop), &tenant(), drafts, &caller()));
        match outcome {
            Ok(_) => assert!(may, "{role} {invited}"),
            Err(error) => assert!(
                !may && matches!(error, InvitationError::Forbidden(Forbidden)),
                "{error:?}"
            ),
        }
    }
    let service = service(&workshop, Role::Owner, MockInvitationStore::new(), 0);
    let drafts = vec![draft("grace@example.com", &[Role::Member])];
    let unverified = signed_in(workshop.now());
    let refused = block_on(service.invite(&unverified, &tenant(), drafts, &caller()));
    assert!(matches!(refused, Err(InvitationError::EmailNotVerified)), "{refused:?}");
}

#[test]
fn one_draft_too_much_sends_none_of_them() {
    let workshop = Workshop::open();
    let service = service(&workshop, Role::Admin, MockInvitationStore::new(), 0);
    let drafts = vec![
        draft("grace@example.com", &[Role::Member]),
        draft("alan@example.com", &[Role::Member, Role::Owner]),
    ];
    let refused = block_on(service.invite(&verified(&workshop), &tenant(), drafts, &caller()));
    assert!(matches!(refused, Err(InvitationError::Forbidden(_))), "{refused:?}");
}

#[test]
fn what_became_of_each_is_told_in_order_and_only_what_is_sent_counts() {
    let workshop = Workshop::open();
    let mut invitations = MockInvitationStore::new();
    invitations.expect_prospect().returning(|_, email| {
        Ok(Prospect {
            is_member: email.as_str().starts_with("member"),
            reader: None,
        })
    });
    invitations.expect_invite().returning(|new| {
        Ok(if new.email.as_str().starts_with("invited") {
            InvitingOutcome::AlreadyInvited
        } else {
            InvitingOutcome::Invited
        })
    });
    let service = service(&workshop, Role::Owner, invitations, 6);
    let signed_in = verified(&workshop);
    let ask = |emails: Vec<String>| {
        let drafts = emails.iter().map(|email| draft(email, &[Role::Member])).collect();
        block_on(service.invite(&signed_in, &tenant(), drafts, &caller()))
    };
    let mixed = vec!["member@example.com", "invited@example.com", "new@example.com"];
    let told = ask(mixed.into_iter().map(str::to_owned).collect()).unwrap();
    assert!(
        matches!(
            told.as_slice(),
            [Invited::AlreadyMember(_), Invited::AlreadyInvited(_), Invited::Sent(_)]
        ),
        "{told:?}"
    );
    // One of the fifty is gone; the two that were not sent are not counted.
    for round in 0..5 {
        let told = ask((0..10).map(|at| format!("p{round}-{at}@example.com")).collect()).unwrap();
        let limited = told.iter().filter(|one| matches!(one, Invited::Limited(..))).count();
        assert_eq!(limited, usize::from(round == 4), "{round}");
    }
    let refused = ask(vec!["late@example.com".to_owned()]);
    assert!(matches!(refused, Err(InvitationError::Throttled(_))), "{refused:?}");
}

#[test]
fn an_address_is_invited_five_times_a_day_whoever_does() {
    let workshop = Workshop::open();
    let mut invitations = strangers();
    invitations.expect_invite().returning(|_| Ok(InvitingOutcome::Invited));
    let service = service(&workshop, Role::Owner, invitations, 5);
    for round in 0..6 {
        let drafts = vec![draft("grace@example.com", &[Role::Member])];
        let invited = block_on(service.invite(&verified(&workshop), &tenant(), drafts, &caller()));
        assert_eq!(invited.is_ok(), round < 5, "{round}");
    }
}

#[test]
fn a_decision_on_roles_that_have_changed_is_made_anew_and_given_up_in_the_end() {
    let workshop = Workshop::open();
    let mut invitations = strangers();
    invitations
        .expect_invite()
        .times(4)
        .returning(|_| Ok(InvitingOutcome::Outdated));
    let service = service(&workshop, Role::Owner, invitations, 0);
    let drafts = vec![draft("grace@example.com", &[Role::Member])];
    let outcome = block_on(service.invite(&verified(&workshop), &tenant(), drafts, &caller()));
    assert!(matches!(outcome, Err(InvitationError::Port(error)) if error.is_unavailable()));
}

#[test]
fn an_invitation_that_is_mailed_again_has_another_token_and_is_stood_for_by_whoever_asks() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let found = invitation(&workshop, &[Role::Member], InvitationState::Pending);
    let mut invitations = strangers();
    let known = found.clone();
    invitations
        .expect_find()
        .returning(move |_, _, _| Ok(Some(known.clone())));
    invitations
        .expect_resend()
        .times(1)
        .withf(move |resending| {
            matches!(unsealed(&resending.mail), Letter::Invitation { note: Some(note), .. } if note == "Come in")
                && resending.expires == at + chrono::Duration::days(7)
                && resending.by.user == user()
                && resending.event.action == AuditAction::InvitationResent
        })
        .returning(|_| Ok(InvitationOutcome::Changed));
    let service = service(&workshop, Role::Admin, invitations, 1);
    let again = block_on(service.resend(&verified(&workshop), &tenant(), &found.id, &caller())).unwrap();
    assert_eq!(again.state(at), InvitationState::Pending);
    assert_eq!(again.inviter.unwrap().user, user());
}

#[test]
fn an_invitation_is_changed_by_those_who_could_have_made_it_and_while_it_waits() {
    let workshop = Workshop::open();
    for (role, roles, stored, expected) in [
        (Role::Admin, Role::Member, InvitationState::Pending, Ok(())),
        (Role::Owner, Role::Owner, InvitationState::Pending, Ok(())),
        (Role::Admin, Role::Owner, InvitationState::Pending, Err("forbidden")),
        (Role::Viewer, Role::Viewer, InvitationState::Pending, Err("forbidden")),
        (Role::Owner, Role::Member, InvitationState::Accepted, Err("settled")),
        (Role::Owner, Role::Member, InvitationState::Revoked, Err("settled")),
    ] {
        let found = invitation(&workshop, &[roles], stored);
        let id = found.id;
        let mut invitations = MockInvitationStore::new();
        invitations
            .expect_find()
            .returning(move |_, _, _| Ok(Some(found.clone())));
        invitations
            .expect_revoke()
            .times(usize::from(expected.is_ok()))
            .withf(|revocation| revocation.event.action == AuditAction::InvitationRevoked)
            .returning(|_| Ok(InvitationOutcome::Changed));
        let service = service(&workshop, role, invitations, 0);
        let outcome = block_on(service.revoke(&verified(&workshop), &tenant(), &id, &caller()));
        let told = outcome.map_err(|error| match error {
            InvitationError::Forbidden(_) => "forbidden",
            InvitationError::Settled => "settled",
            _ => "something else",
        });
        assert_eq!(told, expected, "{role} {roles} {stored:?}");
    }
}

#[test]
fn an_unknown_invitation_and_one_that_was_answered_meanwhile_are_told_apart() {
    let workshop = Workshop::open();
    let id = InvitationId::new(workshop.now(), &[5; 10]);
    let mut invitations = MockInvitationStore::new();
    invitations.expect_find().returning(|_, _, _| Ok(None));
    let unknown = service(&workshop, Role::Owner, invitations, 0);
    let outcome = block_on(unknown.revoke(&verified(&workshop), &tenant(), &id, &caller()));
    assert!(matches!(outcome, Err(InvitationError::NoSuchInvitation)));

    let found = invitation(&workshop, &[Role::Member], InvitationState::Pending);
    let mut invitations = strangers();
    invitations
        .expect_find()
        .returning(move |_, _, _| Ok(Some(found.clone())));
    invitations
        .expect_resend()
        .returning(|_| Ok(InvitationOutcome::Settled));
    let service = service(&workshop, Role::Owner, invitations, 0);
    let outcome = block_on(service.resend(&verified(&workshop), &tenant(), &id, &caller()));
    assert!(matches!(outcome, Err(InvitationError::Settled)), "{outcome:?}");
}

#[test]
fn invitations_are_shown_to_those_who_may_invite_page_by_page() {
    let workshop = Workshop::open();
    let all: Vec<Invitation> = (0..3)
        .map(|at| Invitation {
            id: InvitationId::new(workshop.now(), &[at; 10]),
            ..invitation(&workshop, &[Role::Member], InvitationState::Pending)
        })
        .collect();
    let filter = InvitationFilter {
        state: None,
        behind: None,
        limit: 2,
    };
    for (role, may) in [
        (Role::Owner, true),
        (Role::Admin, true),
        (Role::Member, false),
        (Role::Viewer, false),
    ] {
        let known = all.clone();
        let mut invitations = MockInvitationStore::new();
        invitations
            .expect_list()
            .withf(|_, reader, filter, _| *reader == user() && filter.limit == 3)
            .times(usize::from(may))
            .returning(move |_, _, _, _| Ok(known.clone()));
        let service = service(&workshop, role, invitations, 0);
        match block_on(service.list(&verified(&workshop), &tenant(), filter.clone())) {
            Ok(page) => {
                assert_eq!(page.invitations, all[..2]);
                assert_eq!(page.next, Some(all[1].position()));
            }
            Err(error) => assert!(!may && matches!(error, TenantError::Forbidden(_)), "{role}"),
        }
    }
}

// Proves: A65
#[test]
fn owners_are_invited_by_a_fresh_proof_the_first_time_and_again() {
    let workshop = Workshop::open();
    let mut long_ago = verified(&workshop);
    long_ago.session.authenticated = workshop.now() - chrono::Duration::minutes(10);
    let of_two = vec![
        draft("grace@example.com", &[Role::Member]),
        draft("eve@example.com", &[Role::Viewer, Role::Owner]),
    ];
    let nobody = service(&workshop, Role::Owner, MockInvitationStore::new(), 0);
    let invited = block_on(nobody.invite(&long_ago, &tenant(), of_two, &caller()));
    assert!(
        matches!(invited, Err(InvitationError::ReauthenticationRequired(_))),
        "{invited:?}"
    );

    let mut invitations = MockInvitationStore::new();
    let waiting = invitation(&workshop, &[Role::Owner], InvitationState::Pending);
    let id = waiting.id;
    invitations
        .expect_find()
        .returning(move |_, _, _| Ok(Some(waiting.clone())));
    let service = service(&workshop, Role::Owner, invitations, 0);
    let resent = block_on(service.resend(&long_ago, &tenant(), &id, &caller()));
    assert!(
        matches!(resent, Err(InvitationError::ReauthenticationRequired(_))),
        "{resent:?}"
    );
}
