use chrono::Duration;
use futures_executor::block_on;
use rookery_domain::{DisplayName, EmailAddress, InvitationId, Role, Roles, TenantPolicy, UserId};

use super::*;
use crate::fixture::{Workshop, attempt, bell_rung, caller, hash, policy, reader, signed_in, tenant, unsealed, user};
use crate::joining::NewcomerDraft;
use crate::ports::{HasherError, MockInvitationStore, MockPasswordHasher};
use crate::{Letter, Reader};

fn inviter() -> Inviter {
    Inviter {
        user: UserId::new(Timestamp::UNIX_EPOCH, &[8; 10]),
        name: Some("Charles Babbage".to_owned()),
        email: EmailAddress::parse("charles@example.com").unwrap(),
        roles: vec![Role::Admin],
    }
}

/// An invitation to Ada's address, which is nobody's.
fn record(workshop: &Workshop) -> InvitationRecord {
    InvitationRecord {
        id: InvitationId::new(workshop.now(), &[5; 10]),
        is_newest: true,
        tenant: tenant(),
        tenant_name: "Engines".to_owned(),
        policy: None,
        email: EmailAddress::parse("ada@example.com").unwrap(),
        roles: Roles::of([Role::Member]).unwrap(),
        note: Some("Come in".to_owned()),
        inviter: Some(inviter()),
        inviter_reader: Reader::default(),
        expires: workshop.now() + Duration::days(7),
        stored: InvitationState::Pending,
        holder: None,
    }
}

/// Ada's account, verified or not.
fn holder(workshop: &Workshop, verified: bool) -> Holder {
    Holder {
        user: user(),
        name: Some("Mallory".to_owned()),
        reader: reader(),
        email_verified: verified.then(|| workshop.now()),
        is_closed: false,
        credential_version: 3,
        is_member: false,
    }
}

fn token(workshop: &Workshop) -> String {
    workshop.mint.one_time_token(TokenPurpose::Invitation).expose()
}

fn store(record: InvitationRecord) -> MockInvitationStore {
    let mut invitations = MockInvitationStore::new();
    invitations
        .expect_by_token()
        .returning(move |_| Ok(Some(record.clone())));
    invitations
}

fn service(workshop: &Workshop, invitations: MockInvitationStore, hashes: usize, rings: usize) -> JoiningService {
    let mut argon = MockPasswordHasher::new();
    argon.expect_hash().times(hashes).returning(|_, lane| {
        assert_eq!(lane, crate::ports::Lane::Known);
        Ok(hash("hashed"))
    });
    JoiningService {
        invitations: Arc::new(invitations),
        hasher: Arc::new(argon),
        policy: policy(),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
        lifetime: SessionLifetime::DEFAULT,
    }
}

fn accept(workshop: &Workshop, signed_in: Option<SignedIn>, password: Option<&str>) -> AcceptInvitation {
    AcceptInvitation {
        token: token(workshop),
        signed_in,
        newcomer: NewcomerDraft {
            password: password.map(attempt),
            name: DisplayName::parse("Ada Lovelace").ok(),
            ..NewcomerDraft::default()
        },
        held: None,
        device: None,
        caller: caller(),
    }
}

const GOOD: Option<&str> = Some("SecurePass123!");

#[test]
fn whoever_has_no_account_is_given_one_with_everything_that_belongs_to_it() {
    let workshop = Workshop::open();
    let at = workshop.now();
    let mut known = record(&workshop);
    known.policy = Some(TenantPolicy {
        session_timeout_hours: 2,
        ..TenantPolicy::default()
    });
    let mut invitations = store(known);
    invitations
        .expect_enrol()
        .times(1)
        .withf(move |enrolment| {
            let new = &enrolment.newcomer;
            let session = &enrolment.sign_in.session;
            let actions: Vec<AuditAction> = enrolment.events.iter().map(|event| event.action).collect();
            let letters: Vec<Letter> = enrolment.mails.iter().map(unsealed).collect();
            !new.reclaims
                && new.email.as_str() == "ada@example.com"
                && new.password_hash == hash("hashed")
                && (session.user, session.tenant) == (new.user, Some(tenant()))
                && session.lifetime.absolute == Duration::hours(2)
                && enrolment.sign_in.credential_version == 1
                && enrolment.inviter.user == inviter().user
                && enrolment.inviter.roles == inviter().roles
                && enrolment.roles.as_slice() == [Role::Member]
                && actions
                    == [
                        AuditAction::SignUp,
                        AuditAction::EmailVerified,
                        AuditAction::InvitationAccepted,
                    ]
                && enrolment.events.iter().all(|event| event.user == Some(new.user))
                && enrolment.events[2].tenant == Some(tenant())
                && enrolment.sign_in.event.action == AuditAction::LogIn
                && matches!(&letters[..], [
                    Letter::Welcome { name: Some(name), .. },
                    Letter::InvitationAccepted { email, .. },
                ] if name == "Ada Lovelace" && email == "ada@example.com")
                && enrolment.mails[1].to.owner().map(|(user, _)| user) == Some(inviter().user)
        })
        .returning(|_| Ok(JoinOutcome::Joined));
    let service = service(&workshop, invitations, 1, 1);
    let joined = block_on(service.accept(accept(&workshop, None, GOOD))).unwrap();
    let Joined::Newcomer(tenant_joined, logged_in) = joined else {
        panic!("{joined:?}");
    };
    assert_eq!((tenant_joined.id, tenant_joined.name.as_str()), (tenant(), "Engines"));
    assert_eq!(logged_in.expires, at + Duration::hours(2));
}

#[test]
fn an_account_that_nobody_has_proved_to_be_theirs_is_handed_over_and_tells_nothing() {
    let workshop = Workshop::open();
    let mut known = record(&workshop);
    known.holder = Some(holder(&workshop, false));
    let shown = block_on(service(&workshop, store(known.clone()), 0, 0).show(&token(&workshop), None)).unwrap();
    assert_eq!(shown.next, JoiningStep::Enrol);
    let mut invitations = store(known);
    invitations
        .expect_enrol()
        .times(1)
        .withf(|enrolment| {
            enrolment.newcomer.reclaims
                && enrolment.newcomer.user == user()
                && enrolment.sign_in.credential_version == 4
                && enrolment.events[0].action == AuditAction::PasswordReset
                && enrolment.newcomer.name.as_ref().map(DisplayName::as_str) == Some("Ada Lovelace")
                && enrolment.newcomer.preferences.is_none()
        })
        .returning(|_| Ok(JoinOutcome::Joined));
    let service = service(&workshop, invitations, 1, 1);
    block_on(service.accept(accept(&workshop, None, GOOD))).unwrap();
}

#[test]
fn whoever_is_signed_in_with_the_address_joins_and_is_verified_by_it() {
    let workshop = Workshop::open();
    for verified in [true, false] {
        let mut known = record(&workshop);
        known.holder = Some(holder(&workshop, verified));
        let signed_in = signed_in(workshop.now());
        let session = signed_in.session.id;
        let mut invitations = store(known);
        invitations
            .expect_accept()
            .times(1)
            .withf(move |acceptance| {
                let actions: Vec<AuditAction> = acceptance.events.iter().map(|event| event.action).collect();
                let expected = if verified {
                    vec![AuditAction::InvitationAccepted]
                } else {
                    vec![AuditAction::EmailVerified, AuditAction::InvitationAccepted]
                };
                (acceptance.user, acceptance.session) == (user(), session)
                    && acceptance.verifies != verified
                    && actions == expected
                    && matches!(unsealed(&acceptance.mails[0]), Letter::TenantJoined { .. })
                    && matches!(unsealed(&acceptance.mails[1]), Letter::InvitationAccepted { .. })
            })
            .returning(|_| Ok(JoinOutcome::Joined));
        let service = service(&workshop, invitations, 0, 1);
        let joined = block_on(service.accept(accept(&workshop, Some(signed_in), None))).unwrap();
        assert!(matches!(joined, Joined::Member(summary) if summary.roles == [Role::Member]));
    }
}

// Proves: A64
#[test]
fn what_leads_on_depends_on_the_account_and_on_who_is_signed_in() {
    let workshop = Workshop::open();
    let ada = || Some(signed_in(workshop.now()));
    let other = || {
        let mut other = signed_in(workshop.now());
        other.session.user = UserId::new(workshop.now(), &[7; 10]);
        Some(other)
    };
    let member = |verified| Holder {
        is_member: true,
        ..holder(&workshop, verified)
    };
    let closed = Holder {
        is_closed: true,
        ..holder(&workshop, false)
    };
    for (account, who, next) in [
        (None, None, JoiningStep::Enrol),
        (None, other(), JoiningStep::SignOut),
        (Some(holder(&workshop, true)), None, JoiningStep::SignIn),
        (Some(holder(&workshop, true)), ada(), JoiningStep::Join),
        (Some(holder(&workshop, true)), other(), JoiningStep::SignOut),
        (Some(holder(&workshop, false)), None, JoiningStep::Enrol),
        (Some(holder(&workshop, false)), ada(), JoiningStep::Join),
        (Some(closed), None, JoiningStep::SignIn),
        (Some(member(true)), ada(), JoiningStep::Nothing),
        (Some(member(true)), None, JoiningStep::SignIn),
    ] {
        let mut known = record(&workshop);
        known.holder = account.clone();
        let asked = service(&workshop, store(known.clone()), 0, 0);
        let shown = block_on(asked.show(&token(&workshop), who.clone())).unwrap();
        assert_eq!(shown.next, next, "{account:?}");
        assert_eq!((shown.tenant_name.as_str(), shown.is_expired), ("Engines", false));
        if matches!(next, JoiningStep::SignIn | JoiningStep::SignOut | JoiningStep::Nothing) {
            let accepts = service(&workshop, store(known), 0, 0);
            let refused = block_on(accepts.accept(accept(&workshop, who, GOOD)));
            let as_expected = match next {
                JoiningStep::SignIn => matches!(refused, Err(JoiningError::SignInRequired)),
                JoiningStep::SignOut => matches!(refused, Err(JoiningError::SignedInAsSomeoneElse)),
                _ => matches!(refused, Err(JoiningError::AlreadyMember)),
            };
            assert!(as_expected, "{refused:?}");
        }
    }
}

// Proves: A64
#[test]
fn a_link_that_leads_nowhere_says_why_to_whoever_holds_it() {
    let workshop = Workshop::open();
    let alive = record(&workshop);
    let stored = |stored| InvitationRecord {
        stored,
        ..alive.clone()
    };
    let demoted = Inviter {
        roles: vec![Role::Member],
        ..inviter()
    };
    for (known, why) in [
        (stored(InvitationState::Accepted), DeadInvitation::Accepted),
        (stored(InvitationState::Declined), DeadInvitation::Declined),
        (stored(InvitationState::Revoked), DeadInvitation::Revoked),
        (stored(InvitationState::Expired), DeadInvitation::Expired),
        (
            InvitationRecord {
                is_newest: false,
                ..alive.clone()
            },
            DeadInvitation::Superseded,
        ),
        (
            InvitationRecord {
                expires: workshop.now(),
                ..alive.clone()
            },
            DeadInvitation::Expired,
        ),
        (
            InvitationRecord {
                inviter: None,
                ..alive.clone()
            },
            DeadInvitation::Void,
        ),
        (
            InvitationRecord {
                inviter: Some(demoted),
                ..alive.clone()
            },
            DeadInvitation::Void,
        ),
    ] {
        let service = service(&workshop, store(known), 0, 0);
        let accepted = block_on(service.accept(accept(&workshop, None, GOOD)));
        assert!(
            matches!(accepted, Err(JoiningError::Dead(dead)) if dead == why),
            "{accepted:?}"
        );
        let declined = block_on(service.decline(&token(&workshop), &caller()));
        assert!(
            matches!(declined, Err(JoiningError::Dead(dead)) if dead == why),
            "{declined:?}"
        );
        match block_on(service.show(&token(&workshop), None)) {
            Ok(shown) => assert!(why == DeadInvitation::Expired && shown.is_expired),
            Err(error) => assert!(matches!(error, JoiningError::Dead(dead) if dead == why), "{error:?}"),
        }
    }
    let mut invitations = MockInvitationStore::new();
    invitations.expect_by_token().times(1).returning(|_| Ok(None));
    let service = service(&workshop, invitations, 0, 0);
    let reset = workshop.mint.one_time_token(TokenPurpose::PasswordReset).expose();
    for text in ["", "inv_", "x", reset.as_str(), token(&workshop).as_str()] {
        let unknown = block_on(service.show(text, None));
        assert!(
            matches!(unknown, Err(JoiningError::Dead(DeadInvitation::Unknown))),
            "{text}"
        );
    }
}

#[test]
fn a_password_must_meet_the_tenant_s_policy_too_and_the_invitation_is_still_good() {
    let workshop = Workshop::open();
    let mut known = record(&workshop);
    known.policy = Some(TenantPolicy {
        password_min_length: 20,
        ..TenantPolicy::default()
    });
    for (password, sentence) in [
        (None, "Password is required"),
        (GOOD, "Password must be at least 20 characters"),
    ] {
        let service = service(&workshop, store(known.clone()), 0, 0);
        let refused = block_on(service.accept(accept(&workshop, None, password)));
        let Err(JoiningError::Invalid(violations)) = refused else {
            panic!("{refused:?}");
        };
        let told: Vec<_> = violations.iter().map(|one| (one.path, one.message.clone())).collect();
        assert_eq!(told, [(Some("password"), sentence.to_owned())]);
    }
}

#[test]
fn a_busy_hasher_leaves_the_invitation_as_it_was() {
    let workshop = Workshop::open();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().returning(|_, _| Err(HasherError::Busy));
    let service = JoiningService {
        hasher: Arc::new(hasher),
        ..service(&workshop, store(record(&workshop)), 0, 0)
    };
    let busy = block_on(service.accept(accept(&workshop, None, GOOD)));
    assert!(matches!(busy, Err(JoiningError::Busy)));
}

#[test]
fn what_has_changed_meanwhile_is_decided_anew_with_one_hash() {
    let workshop = Workshop::open();
    let mut invitations = store(record(&workshop));
    invitations
        .expect_enrol()
        .times(4)
        .returning(|_| Ok(JoinOutcome::Outdated));
    let outdated = service(&workshop, invitations, 1, 0);
    let outcome = block_on(outdated.accept(accept(&workshop, None, GOOD)));
    assert!(matches!(outcome, Err(JoiningError::Port(error)) if error.is_unavailable()));
    for (outcome, member) in [
        (JoinOutcome::AlreadyMember, true),
        (JoinOutcome::AddressReserved, false),
    ] {
        let mut invitations = store(record(&workshop));
        invitations.expect_enrol().returning(move |_| Ok(outcome));
        let service = service(&workshop, invitations, 1, 0);
        let refused = block_on(service.accept(accept(&workshop, None, GOOD)));
        assert!(match refused {
            Err(JoiningError::AlreadyMember) => member,
            Err(JoiningError::EmailTaken) => !member,
            _ => false,
        });
    }
}

#[test]
fn a_decline_is_the_inviter_s_event_and_says_nothing_of_where_it_came_from() {
    let workshop = Workshop::open();
    let mut invitations = store(record(&workshop));
    invitations
        .expect_decline()
        .times(1)
        .withf(|declining| {
            let event = &declining.event;
            event.action == AuditAction::InvitationDeclined
                && event.actor == rookery_domain::Actor::Stranger
                && (event.user, event.tenant) == (Some(inviter().user), Some(tenant()))
                && event.caller.address.is_none()
                && event.caller.user_agent.is_none()
                && event.caller.request_id.is_some()
        })
        .returning(|_| Ok(true));
    let service = service(&workshop, invitations, 0, 0);
    let caller = Caller {
        address: Some([192, 0, 2, 7].into()),
        user_agent: Some("Browser".to_owned()),
        ..caller()
    };
    block_on(service.decline(&token(&workshop), &caller)).unwrap();
}
