//! The promises of [`InvitationStore`](rookery_core::ports::InvitationStore).

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::domain::{
    AuditAction, DisplayName, InvitationId, InvitationNote, InvitationState, Preferences, Role, Roles, TenantId,
    TokenDigest, TokenPurpose,
};
use rookery_core::ports::{
    Addressee, InvitationAcceptance, InvitationDeclining, InvitationEnrolment, InvitationFilter, InvitationOutcome,
    InvitationResending, InvitationRevocation, InvitingOutcome, JoinOutcome, NewInvitation, Newcomer, OutboxClaim,
    Prospect, SignIn, Sweep,
};
use rookery_core::{AuditEvent, Leftover, LetterKind, Reader};

use super::draft::{address, hash};
use super::tenants::{founded, standing};
use super::{Person, World, webhooks};

fn of(roles: &[Role]) -> Roles {
    Roles::of(roles.iter().copied()).unwrap()
}

fn about(world: &World, action: AuditAction, by: &Person, tenant: TenantId, id: InvitationId) -> AuditEvent {
    AuditEvent {
        tenant: Some(tenant),
        target: Some(format!("invitation:{id}")),
        ..world.event(action, Some(by))
    }
}

/// An invitation by somebody who is what they are now.
async fn draft(world: &World, tenant: TenantId, by: &Person, email: &str, roles: &[Role]) -> NewInvitation {
    let at = world.now();
    let id = world.mint.invitation_id(at);
    let email = address(email);
    let to = Addressee::Mailbox {
        email: email.clone(),
        reader: Reader::default(),
    };
    NewInvitation {
        id,
        tenant,
        by: standing(world, tenant, by).await,
        email,
        roles: of(roles),
        note: InvitationNote::parse("Come in,\nthe water is fine. \u{1f99c}").unwrap(),
        digest: world.mint.one_time_token(TokenPurpose::Invitation).digest(),
        mail: world.mail(LetterKind::Invitation, to),
        event: about(world, AuditAction::Invited, by, tenant, id),
        at,
        expires: at + Duration::days(7),
    }
}

async fn invited(world: &World, tenant: TenantId, by: &Person, email: &str, roles: &[Role]) -> NewInvitation {
    let new = draft(world, tenant, by, email, roles).await;
    assert_eq!(invite(world, &new).await, InvitingOutcome::Invited);
    new
}

async fn invite(world: &World, new: &NewInvitation) -> InvitingOutcome {
    world.stores.invitations.invite(new).await.unwrap()
}

fn newcomer(world: &World, new: &NewInvitation) -> InvitationEnrolment {
    let at = world.now();
    let person = Person {
        user: world.mint.user_id(at),
        email: new.email.clone(),
    };
    enrolment(world, new, &person, false, 1)
}

fn enrolment(
    world: &World,
    new: &NewInvitation,
    person: &Person,
    reclaims: bool,
    credential_version: i32,
) -> InvitationEnrolment {
    let mut sign_in = world.sign_in(person);
    sign_in.session.tenant = Some(new.tenant);
    InvitationEnrolment {
        invitation: new.id,
        digest: new.digest,
        tenant: new.tenant,
        inviter: new.by.clone(),
        roles: new.roles.clone(),
        newcomer: Newcomer {
            user: person.user,
            reclaims,
            email: person.email.clone(),
            name: Some(DisplayName::parse("Grace Hopper").unwrap()),
            given_name: None,
            family_name: None,
            password_hash: hash("graces"),
            preferences: None,
        },
        sign_in: SignIn {
            credential_version,
            ..sign_in
        },
        mails: vec![world.mail(LetterKind::Welcome, person.addressee())],
        events: vec![
            world.event(AuditAction::SignUp, Some(person)),
            about(world, AuditAction::InvitationAccepted, person, new.tenant, new.id),
        ],
        at: world.now(),
    }
}

async fn enrol(world: &World, enrolment: &InvitationEnrolment) -> JoinOutcome {
    world.stores.invitations.enrol(enrolment).await.unwrap()
}

/// Somebody with an account, who is signed in, accepts.
async fn acceptance(world: &World, new: &NewInvitation, person: &Person, verifies: bool) -> InvitationAcceptance {
    InvitationAcceptance {
        invitation: new.id,
        digest: new.digest,
        tenant: new.tenant,
        inviter: new.by.clone(),
        user: person.user,
        session: world.signed_in(person).await.id,
        roles: new.roles.clone(),
        verifies,
        mails: vec![world.mail(LetterKind::TenantJoined, person.addressee())],
        events: vec![about(
            world,
            AuditAction::InvitationAccepted,
            person,
            new.tenant,
            new.id,
        )],
        at: world.now(),
    }
}

async fn accept(world: &World, acceptance: &InvitationAcceptance) -> JoinOutcome {
    world.stores.invitations.accept(acceptance).await.unwrap()
}

fn revocation(world: &World, new: &NewInvitation, by: &Person) -> InvitationRevocation {
    InvitationRevocation {
        invitation: new.id,
        tenant: new.tenant,
        by: new.by.clone(),
        event: about(world, AuditAction::InvitationRevoked, by, new.tenant, new.id),
        at: world.now(),
    }
}

async fn verified(world: &World, email: &str) -> Person {
    let person = world.person(email).await;
    let token = world
        .issued(&world.issue(TokenPurpose::EmailVerification, person.addressee()))
        .await;
    world
        .stores
        .tokens
        .prove_email(&world.email_proof(&person, token))
        .await
        .unwrap();
    person
}

async fn stored(world: &World, digest: &TokenDigest) -> InvitationState {
    let record = world.stores.invitations.by_token(digest).await.unwrap().unwrap();
    record.stored
}

async fn roles_in(world: &World, tenant: TenantId, person: &Person) -> Option<Vec<Role>> {
    let membership = world.stores.tenants.membership(&tenant, &person.user).await.unwrap();
    membership.map(|membership| membership.tenant.roles)
}

pub async fn an_invitation_is_kept_as_it_was_decided_and_its_mail_goes_to_the_mailbox(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let before = world.ledger().await;
    let new = invited(&world, tenant, &ada, "Grace@Example.com", &[Role::Admin, Role::Viewer]).await;
    assert_eq!(
        world.since(&before).await,
        [
            "events invitation.created success +1",
            "invitations pending +1",
            "mails invitation queued +1"
        ]
    );
    let found = world
        .stores
        .invitations
        .find(&tenant, &ada.user, &new.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.id, found.email.as_str()), (new.id, "Grace@example.com"));
    assert_eq!(found.roles, [Role::Admin, Role::Viewer]);
    assert_eq!(found.note.as_deref(), Some("Come in,\nthe water is fine. \u{1f99c}"));
    let inviter = found.inviter.as_ref().unwrap();
    assert_eq!((inviter.user, inviter.roles.as_slice()), (ada.user, &[Role::Owner][..]));
    assert_eq!((found.created, found.expires), (new.at, new.expires));
    assert_eq!(found.state(world.now()), InvitationState::Pending);
    let record = world.stores.invitations.by_token(&new.digest).await.unwrap().unwrap();
    assert!(record.is_newest && record.holder.is_none());
    assert_eq!((record.tenant, record.tenant_name.as_str()), (tenant, "Engines"));
    assert_eq!(record.inviter, found.inviter);
    assert_eq!(record.roles, new.roles);
    let claim = OutboxClaim {
        now: world.now(),
        lease_until: world.now() + Duration::minutes(1),
        limit: 100,
    };
    let mails = world.stores.outbox.claim(&claim).await.unwrap();
    let mailed = mails.iter().find(|mail| mail.id == new.mail.id).unwrap();
    assert_eq!(mailed.to.as_str(), "Grace@example.com");
    let unknown = world.mint.one_time_token(TokenPurpose::Invitation).digest();
    assert_eq!(world.stores.invitations.by_token(&unknown).await.unwrap(), None);
}

pub async fn a_prospect_is_a_member_or_nobody_in_particular(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let mut account = world.new_account("bob@example.com");
    account.preferences = Some(Preferences {
        language: "es".parse().unwrap(),
        ..Preferences::default()
    });
    world.stores.accounts.admit(&account).await.unwrap();
    let prospect = async |email: &str| {
        world
            .stores
            .invitations
            .prospect(&tenant, &address(email))
            .await
            .unwrap()
    };
    assert_eq!(prospect("nobody@example.com").await, Prospect::default());
    let ada_s = prospect("ADA@example.com").await;
    assert!(ada_s.is_member && ada_s.reader.is_none());
    let bob_s = prospect("bob@example.com").await;
    assert!(!bob_s.is_member);
    assert_eq!(bob_s.reader.unwrap().language.as_str(), "es");
}

pub async fn one_invitation_to_an_address_waits_and_an_expired_one_makes_room(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let elsewhere = founded(&world, &ada, "Elsewhere").await;
    let first = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let again = draft(&world, tenant, &ada, "GRACE@example.com", &[Role::Viewer]).await;
    let before = world.ledger().await;
    assert_eq!(invite(&world, &again).await, InvitingOutcome::AlreadyInvited);
    let member = draft(&world, tenant, &ada, "Ada@Example.com", &[Role::Viewer]).await;
    assert_eq!(invite(&world, &member).await, InvitingOutcome::AlreadyMember);
    assert_eq!(world.since(&before).await, [""; 0]);
    invited(&world, elsewhere, &ada, "grace@example.com", &[Role::Member]).await;

    world.advance(Duration::days(7));
    let second = invited(&world, tenant, &ada, "grace@example.com", &[Role::Viewer]).await;
    assert_eq!(stored(&world, &first.digest).await, InvitationState::Expired);
    assert_eq!(stored(&world, &second.digest).await, InvitationState::Pending);
}

pub async fn of_invitations_to_one_address_at_once_one_is_made(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let mut drafts = Vec::new();
    for _ in 0..8 {
        drafts.push(draft(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await);
    }
    let before = world.ledger().await;
    let outcomes = join_all(drafts.iter().map(|new| invite(&world, new))).await;
    let made = outcomes.iter().filter(|outcome| **outcome == InvitingOutcome::Invited);
    assert_eq!(made.count(), 1, "{outcomes:?}");
    assert!(
        world
            .since(&before)
            .await
            .contains(&"invitations pending +1".to_owned())
    );
}

pub async fn nobody_invites_who_is_not_what_they_were(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let mut new = draft(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let waits = invited(&world, tenant, &ada, "alan@example.com", &[Role::Member]).await;
    let before = world.ledger().await;
    new.by.roles = vec![Role::Admin];
    assert_eq!(invite(&world, &new).await, InvitingOutcome::Outdated);
    let mut taken_back = revocation(&world, &waits, &ada);
    taken_back.by.roles = vec![Role::Admin];
    let outcome = world.stores.invitations.revoke(&taken_back).await.unwrap();
    assert_eq!(outcome, InvitationOutcome::Outdated);
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn invitations_are_listed_by_state_the_newest_first_each_once(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let gone = invited(&world, tenant, &ada, "gone@example.com", &[Role::Member]).await;
    world.advance(Duration::days(6));
    let revoked = invited(&world, tenant, &ada, "revoked@example.com", &[Role::Member]).await;
    let taken_back = revocation(&world, &revoked, &ada);
    world.stores.invitations.revoke(&taken_back).await.unwrap();
    world.advance(Duration::days(1));
    for number in 0..3 {
        invited(
            &world,
            tenant,
            &ada,
            &format!("new-{number}@example.com"),
            &[Role::Member],
        )
        .await;
    }
    let list = async |state: Option<InvitationState>, limit: u32| {
        let mut filter = InvitationFilter {
            state,
            behind: None,
            limit,
        };
        let mut emails = Vec::new();
        loop {
            let now = world.now();
            let page = world
                .stores
                .invitations
                .list(&tenant, &ada.user, &filter, &now)
                .await
                .unwrap();
            let Some(last) = page.last() else {
                return emails;
            };
            filter.behind = Some(last.position());
            emails.extend(page.into_iter().map(|invitation| invitation.email.to_string()));
        }
    };
    let all = list(None, 100).await;
    assert_eq!(
        (all.len(), all[3].as_str(), all[4].as_str()),
        (5, "revoked@example.com", "gone@example.com")
    );
    for size in [1, 2, 5] {
        assert_eq!(list(None, size).await, all, "pages of {size}");
    }
    assert_eq!(list(Some(InvitationState::Pending), 2).await, all[..3]);
    assert_eq!(list(Some(InvitationState::Expired), 2).await, [gone.email.to_string()]);
    assert_eq!(
        list(Some(InvitationState::Revoked), 2).await,
        [revoked.email.to_string()]
    );
    assert!(list(Some(InvitationState::Accepted), 2).await.is_empty());
}

pub async fn invitations_are_shown_to_members_alone(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let eve = world.person("eve@example.com").await;
    let elsewhere = founded(&world, &eve, "Elsewhere").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let filter = InvitationFilter {
        state: None,
        behind: None,
        limit: 10,
    };
    for (place, reader) in [(tenant, &eve), (elsewhere, &ada), (elsewhere, &eve)] {
        let store = &world.stores.invitations;
        let listed = store.list(&place, &reader.user, &filter, &world.now()).await.unwrap();
        assert!(listed.is_empty());
        assert_eq!(store.find(&place, &reader.user, &new.id).await.unwrap(), None);
    }
}

pub async fn a_newer_mail_replaces_the_link_and_the_inviter(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = world.person("bob@example.com").await;
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Admin], &world.now())
        .await;
    let old = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    world.advance(Duration::days(8));
    let newer = draft(&world, tenant, &bob, "grace@example.com", &[Role::Member]).await;
    let resending = InvitationResending {
        invitation: old.id,
        tenant,
        by: newer.by.clone(),
        digest: newer.digest,
        mail: newer.mail.clone(),
        event: about(&world, AuditAction::InvitationResent, &bob, tenant, old.id),
        at: world.now(),
        expires: newer.expires,
    };
    let before = world.ledger().await;
    let outcome = world.stores.invitations.resend(&resending).await.unwrap();
    assert_eq!(outcome, InvitationOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        ["events invitation.resent success +1", "mails invitation queued +1"]
    );
    let by_token = async |digest: &TokenDigest| world.stores.invitations.by_token(digest).await.unwrap().unwrap();
    let (at_first, now) = (by_token(&old.digest).await, by_token(&newer.digest).await);
    assert!(!at_first.is_newest && now.is_newest);
    assert_eq!(now.inviter.as_ref().unwrap().user, bob.user);
    assert_eq!(now.state(world.now()), InvitationState::Pending);
    let by_the_old_link = newcomer(&world, &old);
    assert_eq!(enrol(&world, &by_the_old_link).await, JoinOutcome::Outdated);
    let by_the_new = NewInvitation { id: old.id, ..newer };
    assert_eq!(enrol(&world, &newcomer(&world, &by_the_new)).await, JoinOutcome::Joined);
    let late = world.stores.invitations.resend(&resending).await;
    assert!(late.is_err() || late.unwrap() == InvitationOutcome::Settled);
}

pub async fn a_revoked_invitation_cannot_be_answered(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let taken_back = revocation(&world, &new, &ada);
    let before = world.ledger().await;
    let revoke = async || world.stores.invitations.revoke(&taken_back).await.unwrap();
    assert_eq!(revoke().await, InvitationOutcome::Changed);
    assert_eq!(
        world.since(&before).await,
        [
            "events invitation.revoked success +1",
            "invitations pending -1",
            "invitations revoked +1"
        ]
    );
    assert_eq!(revoke().await, InvitationOutcome::Settled);
    let before = world.ledger().await;
    assert_eq!(enrol(&world, &newcomer(&world, &new)).await, JoinOutcome::Outdated);
    assert_eq!(world.since(&before).await, [""; 0]);
    invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
}

pub async fn a_newcomer_has_account_membership_and_session_at_once(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Admin]).await;
    world.advance(Duration::seconds(1));
    let enrolment = newcomer(&world, &new);
    let before = world.ledger().await;
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Joined);
    assert_eq!(
        world.since(&before).await,
        [
            "credentials +1",
            "devices +1",
            "events invitation.accepted success +1",
            "events session.created success +1",
            "events user.created success +1",
            "invitations accepted +1",
            "invitations pending -1",
            "mails welcome queued +1",
            "members +1",
            "sessions +1",
            "users +1",
            "users verified +1"
        ]
    );
    let signed_in = world.resolved(&enrolment.sign_in.session.digest).await.unwrap();
    assert_eq!(signed_in.profile.email.as_str(), "grace@example.com");
    assert_eq!(signed_in.profile.email_verified, Some(world.now()));
    assert_eq!(signed_in.profile.name.as_deref(), Some("Grace Hopper"));
    let inside = signed_in.session.tenant.unwrap();
    assert_eq!((inside.id, inside.roles.as_slice()), (tenant, &[Role::Admin][..]));
    let credential = world.stores.credentials.by_email(&new.email).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (hash("graces"), 1));
    assert_eq!(credential.last_sign_in, Some(world.now()));
    let grace = Person {
        user: enrolment.newcomer.user,
        email: new.email.clone(),
    };
    assert_eq!(
        world.stores.witness.member_addresses(&grace.user).await,
        ["grace@example.com"]
    );
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::Outdated,
        "once"
    );
}

pub async fn whoever_has_an_account_joins_and_is_verified_by_it(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let grace = world.person("Grace@example.com").await;
    let elsewhere = world.signed_in(&grace).await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let acceptance = acceptance(&world, &new, &grace, true).await;
    let before = world.ledger().await;
    let decided_otherwise = InvitationAcceptance {
        verifies: false,
        ..acceptance.clone()
    };
    assert_eq!(accept(&world, &decided_otherwise).await, JoinOutcome::Outdated);
    let bob = world.person("bob@example.com").await;
    let as_bob = InvitationAcceptance {
        user: bob.user,
        ..acceptance.clone()
    };
    assert_eq!(
        accept(&world, &as_bob).await,
        JoinOutcome::Outdated,
        "it is bound to its address"
    );
    assert!(
        !world
            .since(&before)
            .await
            .iter()
            .any(|line| line.starts_with("members"))
    );
    let before = world.ledger().await;
    assert_eq!(accept(&world, &acceptance).await, JoinOutcome::Joined);
    assert_eq!(
        world.since(&before).await,
        [
            "events invitation.accepted success +1",
            "invitations accepted +1",
            "invitations pending -1",
            "mails tenant_joined queued +1",
            "members +1",
            "sessions -1",
            "tokens email_verification live -1",
            "tokens email_verification void +1",
            "users verified +1"
        ]
    );
    assert!(
        world.resolved(&elsewhere.digest).await.is_none(),
        "another session of an unproved account"
    );
    assert_eq!(roles_in(&world, tenant, &grace).await, Some(vec![Role::Member]));
}

pub async fn whoever_left_joins_again_and_whoever_is_a_member_does_not(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let grace = verified(&world, "grace@example.com").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    world
        .stores
        .witness
        .join(&tenant, &grace.user, &[Role::Viewer], &world.now())
        .await;
    let early = acceptance(&world, &new, &grace, false).await;
    assert_eq!(accept(&world, &early).await, JoinOutcome::AlreadyMember);
    assert_eq!(stored(&world, &new.digest).await, InvitationState::Pending);
    assert_eq!(roles_in(&world, tenant, &grace).await, Some(vec![Role::Viewer]));
    super::members::leaves(&world, tenant, &grace).await;
    assert_eq!(roles_in(&world, tenant, &grace).await, None);
    world.advance(Duration::seconds(5));
    let later = acceptance(&world, &new, &grace, false).await;
    assert_eq!(accept(&world, &later).await, JoinOutcome::Joined);
    let membership = world
        .stores
        .tenants
        .membership(&tenant, &grace.user)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(membership.tenant.roles, [Role::Member]);
    assert_eq!(membership.joined, world.now(), "since now, not since then");
    assert_eq!(
        world.stores.witness.member_addresses(&grace.user).await,
        ["grace@example.com"]
    );
}

// Proves: A64
pub async fn an_account_that_nobody_proved_is_emptied_and_handed_over(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let squatter = world.person("grace@example.com").await;
    let session = world.signed_in(&squatter).await;
    let (_, session) = world.enrolled(&squatter, &session).await;
    let reset = world.issue(TokenPurpose::PasswordReset, squatter.addressee());
    let reset = world.issued(&reset).await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let holder = world
        .stores
        .invitations
        .by_token(&new.digest)
        .await
        .unwrap()
        .unwrap()
        .holder
        .unwrap();
    assert_eq!(
        (holder.user, holder.email_verified, holder.is_closed),
        (squatter.user, None, false)
    );
    let version = holder.credential_version + 1;
    let mut outdated = enrolment(&world, &new, &squatter, true, version + 1);
    let before = world.ledger().await;
    assert_eq!(enrol(&world, &outdated).await, JoinOutcome::Outdated);
    assert_eq!(world.since(&before).await, [""; 0]);
    outdated.sign_in.credential_version = version;
    let enrolment = outdated;
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Joined);
    let since = world.since(&before).await;
    for line in [
        "factors live -1",
        "members +1",
        "recovery codes good -10",
        "undos live -1",
        "users verified +1",
    ] {
        assert!(since.iter().any(|other| other == line), "{line} in {since:?}");
    }
    assert!(world.resolved(&session.digest).await.is_none());
    let credential = world.stores.credentials.by_user(&squatter.user).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.second_factor), (hash("graces"), None));
    assert_eq!(
        (credential.name.as_deref(), credential.given_name),
        (Some("Grace Hopper"), None)
    );
    assert!(
        world.stores.tokens.find(&reset).await.unwrap().is_none(),
        "a mailed reset is void"
    );
    let hers = world.resolved(&enrolment.sign_in.session.digest).await.unwrap();
    assert_eq!(hers.profile.user, squatter.user);
    assert_eq!(hers.session.tenant.unwrap().id, tenant);

    let verified = verified(&world, "alan@example.com").await;
    let other = invited(&world, tenant, &ada, "alan@example.com", &[Role::Member]).await;
    let greedy = self::enrolment(&world, &other, &verified, true, 2);
    assert_eq!(
        enrol(&world, &greedy).await,
        JoinOutcome::Outdated,
        "a proved account is nobody else's"
    );
}

// Proves: A64
pub async fn of_answers_at_once_exactly_one_counts(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    for round in 0..4 {
        let new = invited(
            &world,
            tenant,
            &ada,
            &format!("grace-{round}@example.com"),
            &[Role::Member],
        )
        .await;
        let enrolments: Vec<_> = (0..6).map(|_| newcomer(&world, &new)).collect();
        let before = world.ledger().await;
        let outcomes = join_all(enrolments.iter().map(|one| enrol(&world, one))).await;
        let joined = outcomes
            .iter()
            .filter(|outcome| **outcome == JoinOutcome::Joined)
            .count();
        assert_eq!(joined, 1, "{outcomes:?}");
        let since = world.since(&before).await;
        for line in ["users +1", "members +1", "sessions +1", "invitations accepted +1"] {
            assert!(since.iter().any(|other| other == line), "{line} in {since:?}");
        }
    }
}

pub async fn an_acceptance_racing_a_revocation_ends_one_way(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    for round in 0..6 {
        let new = invited(
            &world,
            tenant,
            &ada,
            &format!("grace-{round}@example.com"),
            &[Role::Member],
        )
        .await;
        let (enrolment, taken_back) = (newcomer(&world, &new), revocation(&world, &new, &ada));
        let revoke = async { world.stores.invitations.revoke(&taken_back).await.unwrap() };
        let (answer, revoked) = join(enrol(&world, &enrolment), revoke).await;
        let is_member = !world
            .stores
            .tenants
            .of_person(&enrolment.newcomer.user)
            .await
            .unwrap()
            .is_empty();
        match (answer, revoked) {
            (JoinOutcome::Joined, InvitationOutcome::Settled) => assert!(is_member),
            (JoinOutcome::Outdated, InvitationOutcome::Changed) => assert!(!is_member),
            both => panic!("{both:?}"),
        }
    }
}

// Proves: A65
pub async fn an_inviter_who_may_no_longer_invite_lets_nobody_in(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = world.person("bob@example.com").await;
    let now = world.now();
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Admin], &now)
        .await;
    let new = invited(&world, tenant, &bob, "grace@example.com", &[Role::Member]).await;
    let by_token = async || world.stores.invitations.by_token(&new.digest).await.unwrap().unwrap();
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Viewer], &now)
        .await;
    assert_eq!(by_token().await.state(now), InvitationState::Void);
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::Outdated,
        "demoted"
    );
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Admin], &now)
        .await;
    assert_eq!(by_token().await.state(now), InvitationState::Pending);
    super::members::leaves(&world, tenant, &bob).await;
    assert_eq!(by_token().await.state(now), InvitationState::Void);
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::Outdated,
        "removed"
    );
    world
        .stores
        .witness
        .join(&tenant, &bob.user, &[Role::Admin], &now)
        .await;
    let event = world.event(AuditAction::Disabled, Some(&bob));
    let disable = rookery_core::ports::AccountChange::Disable;
    world.stores.accounts.change(&bob.user, &disable, &event).await.unwrap();
    assert!(by_token().await.inviter.is_none());
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::Outdated,
        "shut"
    );
}

// Proves: A67
pub async fn an_inviter_who_waits_for_their_deletion_lets_nobody_in_until_they_keep_their_account(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let bob = world.person("bob@example.com").await;
    world.joined(tenant, &bob, &[Role::Admin]).await;
    let new = invited(&world, tenant, &bob, "grace@example.com", &[Role::Member]).await;
    let enrolment = newcomer(&world, &new);
    let request = world.leaving(&bob).await;
    let record = world.stores.invitations.by_token(&new.digest).await.unwrap().unwrap();
    assert_eq!(record.state(world.now()), InvitationState::Void);
    let before = world.ledger().await;
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Outdated);
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.keep(&bob, request.token.digest, &[]).await);
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Joined);
}

pub async fn an_address_that_is_kept_for_another_is_not_given_away(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let grace = world.person("grace@example.com").await;
    let session = world.signed_in(&grace).await;
    world.moved(&grace, &session, "grace@new.example", 1).await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let before = world.ledger().await;
    assert_eq!(
        enrol(&world, &newcomer(&world, &new)).await,
        JoinOutcome::AddressReserved
    );
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn a_decline_uses_the_invitation_up(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let declining = InvitationDeclining {
        invitation: new.id,
        digest: new.digest,
        event: about(&world, AuditAction::InvitationDeclined, &ada, tenant, new.id),
        at: world.now(),
    };
    let before = world.ledger().await;
    assert!(world.stores.invitations.decline(&declining).await.unwrap());
    assert!(!world.stores.invitations.decline(&declining).await.unwrap());
    assert_eq!(
        world.since(&before).await,
        [
            "events invitation.declined success +1",
            "invitations declined +1",
            "invitations pending -1"
        ]
    );
    assert_eq!(enrol(&world, &newcomer(&world, &new)).await, JoinOutcome::Outdated);
}

pub async fn a_tenant_s_webhook_is_told_who_joined(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let hers = webhooks::added(&world, Some(tenant), &[]).await;
    world.advance(Duration::seconds(1));
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    world.advance(Duration::seconds(1));
    let enrolment = newcomer(&world, &new);
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Joined);
    let reports = webhooks::reports(&world, hers).await;
    let told: Vec<_> = reports
        .iter()
        .map(|report| (report.kind.as_str(), report.user))
        .collect();
    let grace = Some(enrolment.newcomer.user);
    for expected in [
        ("invitation.accepted", grace),
        ("user.created", grace),
        ("session.created", grace),
        ("invitation.created", Some(ada.user)),
    ] {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
}

pub async fn what_is_over_goes_with_its_tokens(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let revoked = invited(&world, tenant, &ada, "revoked@example.com", &[Role::Member]).await;
    let taken_back = revocation(&world, &revoked, &ada);
    world.stores.invitations.revoke(&taken_back).await.unwrap();
    let waits = invited(&world, tenant, &ada, "waits@example.com", &[Role::Member]).await;
    let sweep = async |ago: Duration| {
        let sweep = Sweep {
            leftover: Leftover::Invitations,
            before: world.now() - ago,
            at: world.now(),
        };
        world.stores.housekeeping.sweep(&sweep).await.unwrap()
    };
    world.advance(Duration::days(30));
    assert_eq!(sweep(Duration::days(30)).await, 0);
    world.advance(Duration::microseconds(1));
    assert_eq!(sweep(Duration::days(30)).await, 1);
    assert_eq!(world.stores.invitations.by_token(&revoked.digest).await.unwrap(), None);
    assert!(
        world
            .stores
            .invitations
            .by_token(&waits.digest)
            .await
            .unwrap()
            .is_some()
    );
    world.advance(Duration::days(7));
    assert_eq!(sweep(Duration::days(30)).await, 1);
    assert_eq!(world.stores.invitations.by_token(&waits.digest).await.unwrap(), None);
}
