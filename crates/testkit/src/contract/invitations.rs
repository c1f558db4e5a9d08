//! The promises of [`InvitationStore`](rookery_core::ports::InvitationStore).

mod ending;
mod inviting;
mod joining;
mod listing;
mod racing;
mod reclaiming;

pub use ending::*;
pub use inviting::*;
pub use joining::*;
pub use listing::*;
pub use racing::*;
pub use reclaiming::*;

use chrono::Duration;
use rookery_core::domain::{
    AuditAction, DisplayName, InvitationId, InvitationNote, InvitationState, Role, Roles, TenantId, TokenDigest,
    TokenPurpose,
};
use rookery_core::ports::{
    Addressee, InvitationAcceptance, InvitationEnrolment, InvitationRevocation, InvitingOutcome, JoinOutcome,
    NewInvitation, Newcomer, SignIn,
};
use rookery_core::{AuditEvent, LetterKind, Reader};

use super::draft::{address, hash};
use super::tenants::standing;
use super::{Person, World};

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

pub(super) async fn invited(
    world: &World,
    tenant: TenantId,
    by: &Person,
    email: &str,
    roles: &[Role],
) -> NewInvitation {
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
