//! Accepting an invitation to an address on which somebody else has made an account that nobody proved.

use chrono::Duration;
use rookery_core::domain::{Role, TokenPurpose};
use rookery_core::ports::JoinOutcome;

use super::{enrol, enrolment, invited, roles_in, verified};
use crate::contract::draft::hash;
use crate::contract::tenants::founded;
use crate::contract::{World, exports};

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

pub async fn an_account_that_is_emptied_waits_for_no_deletion_and_leaves_no_copies_of_its_data(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let squatter = world.person("grace@example.com").await;
    let trap = founded(&world, &squatter, "Trap").await;
    let copy = exports::made(&world, &squatter).await;
    let wish = world.leaving(&squatter).await;
    world.advance(Duration::seconds(1));
    exports::requested(&world, &squatter).await;
    let new = invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    let version = world
        .stores
        .credentials
        .by_user(&squatter.user)
        .await
        .unwrap()
        .unwrap()
        .version;
    let enrolment = enrolment(&world, &new, &squatter, true, version + 1);
    let before = world.ledger().await;
    assert_eq!(enrol(&world, &enrolment).await, JoinOutcome::Joined);
    let since = world.since(&before).await;
    for line in [
        "export parts -2",
        "exports pending -1",
        "exports ready -1",
        "tokens keep_account live -1",
    ] {
        assert!(since.iter().any(|other| other == line), "{line} in {since:?}");
    }
    let subject = world.stores.deletions.subject(&squatter.user).await.unwrap().unwrap();
    assert_eq!(subject.deletion, None);
    let due = world.stores.deletions.due(&wish.due, 10).await.unwrap();
    assert_eq!(due, [], "nobody erases what is hers now");
    assert_eq!(world.stores.exports.of_person(&squatter.user).await.unwrap(), []);
    let part = world.stores.exports.part(&squatter.user, &copy.id, 0).await.unwrap();
    assert_eq!(part, None);
    assert_eq!(
        roles_in(&world, trap, &squatter).await,
        Some(vec![Role::Owner]),
        "a tenant that was to close with the account is open"
    );
}
