//! Analytical Engines, a tenant that Ada belongs to, and Bob, who does too.

use rookery_core::MemberPage;
use rookery_core::domain::{EmailAddress, InvitationId, Membership, Role, TenantId, TenantSummary, UserId};
use rookery_core::ports::Member;

use crate::ada;
use crate::behind::{Behind, ada_signed_in, nothing};

pub(crate) fn id() -> TenantId {
    TenantId::new(ada::noon(), &[3; 10])
}

pub(crate) fn bob() -> UserId {
    UserId::new(ada::noon(), &[5; 10])
}

/// The tenant, in which Ada has these roles.
pub(crate) fn summary(roles: &[Role]) -> TenantSummary {
    TenantSummary {
        id: id(),
        name: "Analytical Engines".to_owned(),
        roles: roles.to_vec(),
    }
}

pub(crate) fn membership(roles: &[Role]) -> Membership {
    Membership {
        tenant: summary(roles),
        created: ada::noon() - chrono::Duration::days(2),
        joined: ada::noon() - chrono::Duration::days(1),
        timeout_hours: None,
    }
}

pub(crate) fn member(user: UserId, name: Option<&str>, roles: &[Role]) -> Member {
    let address = if user == ada::user() { "ada" } else { "bob" };
    Member {
        user,
        email: EmailAddress::parse(&format!("{address}@example.com")).unwrap(),
        name: name.map(str::to_owned),
        given_name: None,
        family_name: None,
        roles: roles.to_vec(),
        joined: ada::noon(),
    }
}

/// Where a page of the tenant lies; `{bob}` in it is Bob's id.
pub(crate) fn path(below: &str) -> String {
    format!(
        "/settings/tenants/{}{}",
        id(),
        below.replace("{bob}", &bob().to_string())
    )
}

/// A path of the pages' table, with ids in the places of their names.
pub(crate) fn filled_in(pattern: &str) -> String {
    pattern
        .replace("{tenantId}", &id().to_string())
        .replace("{userId}", &bob().to_string())
        .replace("{invitationId}", &InvitationId::new(ada::noon(), &[7; 10]).to_string())
        .replace("{name}", "none.css")
}

/// Ada is signed in and has these roles in the tenant; Bob has those.
pub(crate) fn staffed(mine: &[Role], theirs: &[Role]) -> Behind {
    belonging(ada_signed_in(), mine, theirs)
}

/// The same, and her session works there.
pub(crate) fn staffed_at_work(mine: &[Role], theirs: &[Role]) -> Behind {
    let mut behind = nothing();
    let works_in = summary(mine);
    behind.sessions.expect_authenticate().returning(move |_| {
        let mut signed_in = ada::signed_in();
        signed_in.session.tenant = Some(works_in.clone());
        signed_in.profile.email_verified = Some(ada::noon());
        Ok(signed_in)
    });
    belonging(behind, mine, theirs)
}

/// The tenant behind whoever is signed in.
pub(crate) fn belonging(mut behind: Behind, mine: &[Role], theirs: &[Role]) -> Behind {
    let membership = membership(mine);
    behind
        .tenants
        .expect_list()
        .returning(move |_| Ok(vec![membership.clone()]));
    let ada = member(ada::user(), Some("Ada Lovelace"), mine);
    let bob = member(bob(), None, theirs);
    let people = [ada.clone(), bob.clone()];
    behind.members.expect_find().returning(move |_, tenant, user| {
        assert_eq!(*tenant, id());
        let found = people.iter().find(|member| member.user == *user);
        found.cloned().ok_or(rookery_core::MemberError::NoSuchMember)
    });
    behind.members.expect_list().returning(move |_, tenant, _| {
        assert_eq!(*tenant, id());
        Ok(MemberPage {
            members: vec![ada.clone(), bob.clone()],
            next: None,
        })
    });
    behind
}
