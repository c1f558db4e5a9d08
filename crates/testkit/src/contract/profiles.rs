//! The promises of [`ProfileStore`](rookery_core::ports::ProfileStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{
    CompanyName, DisplayName, FamilyName, GivenName, Preferences, Profile, ProfileUpdate, Role, TenantId, Theme, UserId,
};
use rookery_core::ports::{NewTenant, ProfileChange};

use super::{Person, World};

async fn applied(world: &World, change: &ProfileChange) -> Profile {
    world.stores.profiles.apply(change).await.unwrap().unwrap()
}

// Proves: A48
pub async fn the_first_change_of_a_preference_writes_the_whole_row(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::minutes(1));
    let before = world.ledger().await;
    let update = ProfileUpdate {
        theme: Some(Theme::Dark),
        ..ProfileUpdate::default()
    };
    let profile = applied(&world, &world.profile_change(&person, update)).await;
    assert_eq!(
        world.since(&before).await,
        ["events user.updated success +1", "preferences +1"]
    );
    let expected = Preferences {
        theme: Theme::Dark,
        ..Preferences::default()
    };
    assert_eq!(profile.preferences, expected);
    assert_eq!(profile.updated, world.now());
    assert_eq!(profile.created, world.now() - Duration::minutes(1));
}

pub async fn a_later_change_writes_only_what_it_names(world: World) {
    let person = world.person("ada@example.com").await;
    let everything = ProfileUpdate {
        name: Some(DisplayName::parse("Countess").unwrap()),
        given_name: Some(GivenName::parse("Augusta").unwrap()),
        family_name: Some(FamilyName::parse("King").unwrap()),
        theme: Some(Theme::Light),
        language: Some("fr".parse().unwrap()),
        timezone: Some("Europe/London".parse().unwrap()),
        email_notifications: Some(false),
        push_notifications: Some(true),
        weekly_reports: Some(true),
        marketing_emails: Some(true),
    };
    let first = applied(&world, &world.profile_change(&person, everything)).await;
    assert_eq!(first.name.as_deref(), Some("Countess"));
    assert_eq!(first.given_name.as_deref(), Some("Augusta"));
    assert_eq!(first.family_name.as_deref(), Some("King"));
    assert_eq!(
        first.preferences,
        Preferences {
            theme: Theme::Light,
            language: "fr".parse().unwrap(),
            timezone: "Europe/London".parse().unwrap(),
            email_notifications: false,
            push_notifications: true,
            weekly_reports: true,
            marketing_emails: true,
        }
    );

    let one_switch = ProfileUpdate {
        weekly_reports: Some(false),
        ..ProfileUpdate::default()
    };
    let second = applied(&world, &world.profile_change(&person, one_switch)).await;
    let mut expected = first.clone();
    expected.preferences.weekly_reports = false;
    assert_eq!(second, expected);

    let one_name = ProfileUpdate {
        given_name: Some(GivenName::parse("Ada").unwrap()),
        ..ProfileUpdate::default()
    };
    let third = applied(&world, &world.profile_change(&person, one_name)).await;
    expected.given_name = Some("Ada".to_owned());
    assert_eq!(third, expected);
}

/// One change each for every field, to a value that is no default.
fn one_by_one() -> Vec<ProfileUpdate> {
    let none = ProfileUpdate::default;
    vec![
        ProfileUpdate {
            theme: Some(Theme::Dark),
            ..none()
        },
        ProfileUpdate {
            language: Some("de".parse().unwrap()),
            ..none()
        },
        ProfileUpdate {
            timezone: Some("Asia/Tokyo".parse().unwrap()),
            ..none()
        },
        ProfileUpdate {
            email_notifications: Some(false),
            ..none()
        },
        ProfileUpdate {
            push_notifications: Some(true),
            ..none()
        },
        ProfileUpdate {
            weekly_reports: Some(true),
            ..none()
        },
        ProfileUpdate {
            marketing_emails: Some(true),
            ..none()
        },
        ProfileUpdate {
            name: Some(DisplayName::parse("Racer").unwrap()),
            ..none()
        },
    ]
}

async fn all_at_once(world: &World, person: &Person) -> Profile {
    let changes: Vec<_> = one_by_one()
        .into_iter()
        .map(|update| world.profile_change(person, update))
        .collect();
    for profile in join_all(changes.iter().map(|change| world.stores.profiles.apply(change))).await {
        assert!(profile.unwrap().is_some());
    }
    let session = world.signed_in(person).await;
    world.resolved(&session.digest).await.unwrap().profile
}

fn raced() -> Preferences {
    Preferences {
        theme: Theme::Dark,
        language: "de".parse().unwrap(),
        timezone: "Asia/Tokyo".parse().unwrap(),
        email_notifications: false,
        push_notifications: true,
        weekly_reports: true,
        marketing_emails: true,
    }
}

// Proves: A41
pub async fn first_changes_of_different_preferences_at_once_all_last(world: World) {
    for round in 0..4 {
        let person = world.person(&format!("ada{round}@example.com")).await;
        let before = world.ledger().await;
        let profile = all_at_once(&world, &person).await;
        assert_eq!(profile.preferences, raced());
        assert_eq!(profile.name.as_deref(), Some("Racer"));
        assert_eq!(
            world.since(&before).await,
            [
                "consents marketing given +1",
                "devices +1",
                "events consent.given success +1",
                "events session.created success +1",
                "events user.updated success +8",
                "preferences +1",
                "sessions +1"
            ]
        );
    }
}

pub async fn later_changes_of_different_fields_at_once_all_last(world: World) {
    let person = world.person("ada@example.com").await;
    let update = ProfileUpdate {
        theme: Some(Theme::Light),
        ..ProfileUpdate::default()
    };
    applied(&world, &world.profile_change(&person, update)).await;
    let profile = all_at_once(&world, &person).await;
    assert_eq!(profile.preferences, raced());
    assert_eq!(profile.name.as_deref(), Some("Racer"));
}

pub async fn a_change_of_names_makes_no_preferences(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::minutes(1));
    let before = world.ledger().await;
    let update = ProfileUpdate {
        family_name: Some(FamilyName::parse("Byron").unwrap()),
        ..ProfileUpdate::default()
    };
    let profile = applied(&world, &world.profile_change(&person, update)).await;
    assert_eq!(profile.family_name.as_deref(), Some("Byron"));
    assert_eq!(profile.updated, world.now());
    assert_eq!(world.since(&before).await, ["events user.updated success +1"]);
}

pub async fn the_answer_is_what_the_next_request_reads(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    for update in one_by_one() {
        world.advance(Duration::microseconds(1_000_001));
        let answer = applied(&world, &world.profile_change(&person, update)).await;
        assert_eq!(world.resolved(&session.digest).await.unwrap().profile, answer);
    }
}

pub async fn the_answer_shows_the_tenant_and_the_roles(world: World) {
    let mut account = world.new_account("ada@example.com");
    let tenant = TenantId::new(world.now(), &[7; 10]);
    account.tenant = Some(NewTenant {
        id: tenant,
        name: CompanyName::parse("Analytical Engines").unwrap(),
    });
    world.stores.accounts.admit(&account).await.unwrap();
    let person = Person {
        user: account.user,
        email: account.email,
    };
    let update = one_by_one().remove(0);
    let mut change = world.profile_change(&person, update);
    change.tenant = Some(tenant);
    let profile = applied(&world, &change).await;
    assert_eq!(
        (profile.tenant, profile.roles.as_slice()),
        (Some(tenant), &[Role::Owner][..])
    );

    let mut elsewhere = world.profile_change(&person, one_by_one().remove(1));
    elsewhere.tenant = Some(TenantId::new(world.now(), &[8; 10]));
    let profile = applied(&world, &elsewhere).await;
    assert_eq!((profile.tenant, profile.roles), (None, Vec::new()), "no member there");
}

pub async fn the_longest_values_fit(world: World) {
    let person = world.person("ada@example.com").await;
    let update = ProfileUpdate {
        name: Some(DisplayName::parse(&"\u{1f99c}".repeat(255)).unwrap()),
        given_name: Some(GivenName::parse(&"字".repeat(100)).unwrap()),
        family_name: Some(FamilyName::parse(&"ß".repeat(100)).unwrap()),
        theme: Some(Theme::System),
        timezone: Some("America/Argentina/ComodRivadavia".parse().unwrap()),
        ..ProfileUpdate::default()
    };
    let profile = applied(&world, &world.profile_change(&person, update)).await;
    assert_eq!(profile.name, Some("\u{1f99c}".repeat(255)));
    assert_eq!(profile.given_name, Some("字".repeat(100)));
    assert_eq!(profile.family_name, Some("ß".repeat(100)));
    assert_eq!(
        profile.preferences.timezone.as_str(),
        "America/Argentina/ComodRivadavia"
    );
}

pub async fn a_change_for_nobody_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let nobody = Person {
        user: UserId::new(world.now(), &[9; 10]),
        ..person
    };
    for update in one_by_one() {
        let change = world.profile_change(&nobody, update);
        assert_eq!(world.stores.profiles.apply(&change).await.unwrap(), None);
    }
    assert_eq!(world.since(&before).await, [""; 0]);
}
