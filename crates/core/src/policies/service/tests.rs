use futures_executor::block_on;
use rookery_domain::Role;
use serde_json::json;

use super::*;
use crate::Letter;
use crate::fixture::{Workshop, bell_rung, caller, email, membership, reader, signed_in, tenant, user};
use crate::ports::{Addressee, MockPolicyStore, MockTenantStore, OutgoingMail, PolicyAudience, Recipient};
use crate::post_room::AddressedLetter;

fn weakest() -> TenantPolicy {
    TenantPolicy {
        session_timeout_hours: 720,
        ..TenantPolicy::default()
    }
}

fn stored(workshop: &Workshop) -> StoredPolicy {
    StoredPolicy {
        policy: TenantPolicy {
            password_min_length: 4,
            password_require_symbols: true,
            session_timeout_hours: 12,
            ..weakest()
        },
        updated: workshop.now() - Duration::days(3),
        two_factor_since: None,
    }
}

fn recipient() -> Recipient {
    Recipient {
        user: user(),
        email: email(),
        name: Some("Ada Lovelace".to_owned()),
        reader: reader(),
    }
}

/// Somebody with these roles; the policy is found as it stands here.
fn scene(roles: &[Role], found: Option<StoredPolicy>) -> (MockTenantStore, MockPolicyStore) {
    let membership = membership(roles, None);
    let mut tenants = MockTenantStore::new();
    tenants
        .expect_membership()
        .withf(|asked, whose| *asked == tenant() && *whose == user())
        .returning(move |_, _| Ok(Some(membership.clone())));
    let mut policies = MockPolicyStore::new();
    policies
        .expect_of_tenant()
        .withf(|asked, whose| *asked == tenant() && *whose == user())
        .returning(move |_, _| Ok(found.clone()));
    (tenants, policies)
}

fn audience(policies: &mut MockPolicyStore, owners: usize, without: usize) {
    policies.expect_audience().returning(move |_| {
        Ok(PolicyAudience {
            owners: vec![recipient(); owners],
            without_second_factor: vec![recipient(); without],
        })
    });
}

fn service(
    workshop: &Workshop,
    (tenants, policies): (MockTenantStore, MockPolicyStore),
    mails: usize,
) -> PolicyService {
    PolicyService {
        tenants: Arc::new(tenants),
        policies: Arc::new(policies),
        weakest: weakest(),
        grace: Duration::days(7),
        mint: workshop.mint.clone(),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(mails),
    }
}

fn to_ten_characters() -> PolicyUpdate {
    PolicyUpdate {
        password_min_length: Some(10),
        ..PolicyUpdate::default()
    }
}

fn opened(mail: &OutgoingMail) -> Letter {
    let plain = mail.sealed.split(|byte| *byte == 0).nth(1).unwrap();
    AddressedLetter::from_bytes(plain).unwrap().letter
}

#[test]
fn a_tenant_that_has_asked_for_nothing_asks_what_the_installation_asks() {
    let workshop = Workshop::open();
    let service = service(&workshop, scene(&[Role::Admin], None), 0);
    let found = block_on(service.read(&signed_in(workshop.now()), &tenant())).unwrap();
    let expected = PolicyInForce {
        policy: weakest(),
        weakest: weakest(),
        version: PolicyVersion::of(None),
        changed: None,
        two_factor_since: None,
    };
    assert_eq!(found, expected);
}

#[test]
fn what_counts_is_the_stricter_of_tenant_and_installation() {
    let workshop = Workshop::open();
    let service = service(&workshop, scene(&[Role::Owner], Some(stored(&workshop))), 0);
    let found = block_on(service.read(&signed_in(workshop.now()), &tenant())).unwrap();
    assert_eq!(found.policy.password_min_length, 8, "the tenant's 4 changes nothing");
    assert!(found.policy.password_require_symbols);
    assert_eq!(found.policy.session_timeout_hours, 12);
    assert_eq!(found.version, PolicyVersion::of(Some(stored(&workshop).updated)));
}

#[test]
fn only_owners_and_admins_read_and_only_owners_change() {
    let workshop = Workshop::open();
    let someone = signed_in(workshop.now());
    for (role, may_read) in [(Role::Admin, true), (Role::Member, false), (Role::Viewer, false)] {
        let service = service(&workshop, scene(&[role], None), 0);
        let read = block_on(service.read(&someone, &tenant()));
        assert_eq!(read.is_ok(), may_read, "{role}");
        let change = block_on(service.change(&someone, &tenant(), to_ten_characters(), None, &caller()));
        assert!(matches!(change, Err(ChangePolicyError::Forbidden(_))), "{role}");
    }
    let mut tenants = MockTenantStore::new();
    tenants.expect_membership().returning(|_, _| Ok(None));
    let service = service(&workshop, (tenants, MockPolicyStore::new()), 0);
    let read = block_on(service.read(&someone, &tenant()));
    assert!(matches!(read, Err(TenantError::NotFound)));
    let change = block_on(service.change(&someone, &tenant(), to_ten_characters(), None, &caller()));
    assert!(matches!(change, Err(ChangePolicyError::NotFound)));
}

#[test]
fn a_change_needs_a_fresh_proof_and_something_to_change() {
    let workshop = Workshop::open();
    let service = service(&workshop, scene(&[Role::Owner], None), 0);
    let stale = signed_in(workshop.now() - Duration::minutes(11));
    let change = block_on(service.change(&stale, &tenant(), to_ten_characters(), None, &caller()));
    assert!(matches!(change, Err(ChangePolicyError::ReauthenticationRequired(_))));
    let fresh = signed_in(workshop.now());
    let change = block_on(service.change(&fresh, &tenant(), PolicyUpdate::default(), None, &caller()));
    assert!(matches!(change, Err(ChangePolicyError::Invalid(_))));
}

#[test]
fn a_change_is_committed_whole_with_its_event_and_the_owners_mails() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let before = stored(&workshop);
    let mut scene = scene(&[Role::Owner], Some(before.clone()));
    audience(&mut scene.1, 2, 3);
    scene
        .1
        .expect_change()
        .times(1)
        .withf(move |change| {
            let expected = TenantPolicy {
                password_min_length: 10,
                password_require_symbols: true,
                session_timeout_hours: 12,
                ..weakest()
            };
            let letters: Vec<Letter> = change.mails.iter().map(opened).collect();
            let told = letters.iter().all(|letter| {
                matches!(letter, Letter::PolicyChanged { tenant, by, terms, at, .. }
                    if tenant == "Engines" && by == email().as_str() && *at == now
                        && terms == &[PolicyTerm::PasswordMinLength(10)])
            });
            let event = &change.event;
            change.policy == expected
                && change.replaces == Some(before.updated)
                && change.two_factor_since.is_none()
                && (change.by.user, change.by.roles.as_slice()) == (user(), &[Role::Owner][..])
                && change.at == now
                && (letters.len(), told) == (2, true)
                && event.action == AuditAction::PolicyChanged
                && (event.user, event.tenant) == (Some(user()), Some(tenant()))
                && event.target == Some(format!("tenant:{}", tenant()))
                && event.detail == Some(json!({"before": {"passwordMinLength": 8}, "after": {"passwordMinLength": 10}}))
        })
        .returning(|_| Ok(true));
    let service = service(&workshop, scene, 1);
    let expected = Some(vec![
        PolicyVersion::of(None),
        PolicyVersion::of(Some(stored(&workshop).updated)),
    ]);
    let changed =
        block_on(service.change(&signed_in(now), &tenant(), to_ten_characters(), expected, &caller())).unwrap();
    assert_eq!((changed.policy.password_min_length, changed.changed), (10, Some(now)));
    assert_eq!(changed.version, PolicyVersion::of(Some(now)));
}

#[test]
fn switching_the_second_factor_on_tells_who_has_none_by_when() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let mut scene = scene(&[Role::Owner], None);
    audience(&mut scene.1, 1, 2);
    scene
        .1
        .expect_change()
        .times(1)
        .withf(move |change| {
            let due = now + Duration::days(7);
            let asked = change.mails.iter().map(opened).filter(|letter| {
                matches!(letter, Letter::SecondFactorRequired { tenant, due: told, .. }
                    if tenant == "Engines" && *told == due)
            });
            let to = |mail: &OutgoingMail| matches!(&mail.to, Addressee::Person { email: to, .. } if *to == email());
            change.two_factor_since == Some(now)
                && change.replaces.is_none()
                && (change.mails.len(), asked.count()) == (3, 2)
                && change.mails.iter().all(to)
        })
        .returning(|_| Ok(true));
    let update = PolicyUpdate {
        two_factor_required: Some(true),
        ..PolicyUpdate::default()
    };
    let service = service(&workshop, scene, 1);
    let changed = block_on(service.change(&signed_in(now), &tenant(), update, None, &caller())).unwrap();
    assert_eq!(changed.two_factor_since, Some(now));
}

#[test]
fn another_change_begins_no_new_grace_and_switching_off_forgets_it() {
    let workshop = Workshop::open();
    let now = workshop.now();
    let since = now - Duration::days(5);
    let asking = StoredPolicy {
        policy: TenantPolicy {
            two_factor_required: true,
            ..weakest()
        },
        two_factor_since: Some(since),
        ..stored(&workshop)
    };
    let off = PolicyUpdate {
        two_factor_required: Some(false),
        ..PolicyUpdate::default()
    };
    for (update, kept) in [(to_ten_characters(), Some(since)), (off, None)] {
        let mut scene = scene(&[Role::Owner], Some(asking.clone()));
        audience(&mut scene.1, 0, 4);
        scene
            .1
            .expect_change()
            .times(1)
            .withf(move |change| change.two_factor_since == kept && change.mails.is_empty())
            .returning(|_| Ok(true));
        let service = service(&workshop, scene, 1);
        block_on(service.change(&signed_in(now), &tenant(), update, None, &caller())).unwrap();
    }
}

#[test]
fn a_change_meant_for_another_policy_is_not_made() {
    let workshop = Workshop::open();
    let service = service(&workshop, scene(&[Role::Owner], Some(stored(&workshop))), 0);
    for expected in [vec![], vec![PolicyVersion::of(None)]] {
        let change = block_on(service.change(
            &signed_in(workshop.now()),
            &tenant(),
            to_ten_characters(),
            Some(expected),
            &caller(),
        ));
        assert!(matches!(change, Err(ChangePolicyError::Superseded)));
    }
}

#[test]
fn what_is_weaker_than_the_installation_is_refused_and_not_clamped() {
    let workshop = Workshop::open();
    let service = service(&workshop, scene(&[Role::Owner], None), 0);
    let update = PolicyUpdate {
        password_min_length: Some(7),
        ..PolicyUpdate::default()
    };
    let change = block_on(service.change(&signed_in(workshop.now()), &tenant(), update, None, &caller()));
    let Err(ChangePolicyError::Invalid(violations)) = change else {
        panic!("{change:?}");
    };
    assert_eq!(
        violations,
        Violations::of("passwordMinLength", "Minimum password length must be at least 8")
    );
}

#[test]
fn what_is_asked_already_changes_nothing_and_nobody_is_told() {
    let workshop = Workshop::open();
    let service = service(&workshop, scene(&[Role::Owner], Some(stored(&workshop))), 0);
    let update = PolicyUpdate {
        session_timeout_hours: Some(12),
        ..PolicyUpdate::default()
    };
    let same = block_on(service.change(&signed_in(workshop.now()), &tenant(), update, None, &caller())).unwrap();
    assert_eq!(same.changed, Some(stored(&workshop).updated));
}

#[test]
fn a_decision_that_was_outdated_is_made_anew_and_the_second_look_sees_the_other_version() {
    let workshop = Workshop::open();
    let (tenants, mut policies) = scene(&[Role::Owner], None);
    policies.checkpoint();
    let first = stored(&workshop);
    let mut looks = 0;
    policies.expect_of_tenant().times(2).returning(move |_, _| {
        looks += 1;
        Ok((looks > 1).then(|| first.clone()))
    });
    audience(&mut policies, 1, 0);
    policies.expect_change().times(1).returning(|_| Ok(false));
    let service = service(&workshop, (tenants, policies), 0);
    let expected = Some(vec![PolicyVersion::of(None)]);
    let change = block_on(service.change(
        &signed_in(workshop.now()),
        &tenant(),
        to_ten_characters(),
        expected,
        &caller(),
    ));
    assert!(matches!(change, Err(ChangePolicyError::Superseded)));
}

#[test]
fn no_two_versions_have_one_name_though_the_clock_goes_back() {
    let workshop = Workshop::open();
    let ahead = StoredPolicy {
        updated: workshop.now() + Duration::hours(1),
        ..stored(&workshop)
    };
    let later = ahead.updated + Duration::microseconds(1);
    let mut scene = scene(&[Role::Owner], Some(ahead));
    audience(&mut scene.1, 0, 0);
    scene
        .1
        .expect_change()
        .withf(move |change| change.at == later)
        .returning(|_| Ok(true));
    let service = service(&workshop, scene, 1);
    let changed = block_on(service.change(
        &signed_in(workshop.now()),
        &tenant(),
        to_ten_characters(),
        None,
        &caller(),
    ));
    assert_eq!(changed.unwrap().changed, Some(later));
}
