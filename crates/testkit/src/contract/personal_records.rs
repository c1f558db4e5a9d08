//! The promises of [`PersonalRecords`](rookery_core::ports::PersonalRecords).

use chrono::Duration;
use rookery_core::Section;
use rookery_core::domain::{AuditAction, CompanyName, Picture, ProfileUpdate, TenantId, TokenPurpose};
use rookery_core::ports::{Datum, NewTenant, PersonalRecord, RecordPosition};

use super::{Person, World};

/// Every record of a section, read so many at a time.
async fn all(world: &World, person: &Person, section: Section, page: u32) -> Vec<PersonalRecord> {
    let mut records = Vec::new();
    let mut behind: Option<RecordPosition> = None;
    loop {
        let read = world
            .stores
            .records
            .read(&person.user, section, behind, page)
            .await
            .unwrap();
        assert!(read.records.len() <= page as usize);
        records.extend(read.records);
        behind = read.next;
        if behind.is_none() {
            return records;
        }
    }
}

/// The texts of a column.
fn column(section: Section, records: &[PersonalRecord], name: &str) -> Vec<String> {
    let at = section.columns().iter().position(|column| column.name == name).unwrap();
    let told = records.iter().map(|record| match &record[at] {
        Datum::Text(text) => text.clone(),
        Datum::Id(id) => id.to_string(),
        Datum::Flag(flag) => flag.to_string(),
        Datum::Texts(texts) => texts.join(","),
        other => format!("{other:?}"),
    });
    told.collect()
}

/// Somebody who has left something everywhere.
async fn busy(world: &World, email: &str, company: &str) -> Person {
    let mut account = world.new_account(email);
    let id = TenantId::new(world.now(), &[u8::try_from(company.len()).unwrap(); 10]);
    account.tenant = Some(NewTenant {
        id,
        name: CompanyName::parse(company).unwrap(),
    });
    world.stores.accounts.admit(&account).await.unwrap();
    let person = Person {
        user: account.user,
        email: account.email,
    };
    world.signed_in(&person).await;
    let update = ProfileUpdate {
        marketing_emails: Some(true),
        ..ProfileUpdate::default()
    };
    world
        .stores
        .profiles
        .apply(&world.profile_change(&person, update))
        .await
        .unwrap();
    let picture = Picture::new(email.as_bytes().to_vec());
    world
        .stores
        .pictures
        .replace(&world.picture_change(&person, Some(picture)))
        .await
        .unwrap();
    world
        .issued(&world.issue(TokenPurpose::PasswordReset, person.addressee()))
        .await;
    person
}

pub async fn everything_of_a_person_is_read_and_nothing_of_anybody_else_s(world: World) {
    let ada = busy(&world, "ada@example.com", "Engines").await;
    let bob = busy(&world, "bob@example.com", "Elsewhere").await;
    // They share a tenant, and are strangers all the same.
    let tenants = world.stores.tenants.of_person(&ada.user).await.unwrap();
    let roles = [rookery_core::domain::Role::Viewer];
    world
        .stores
        .witness
        .join(&tenants[0].tenant.id, &bob.user, &roles, &world.now())
        .await;
    let told = |section, records: Vec<PersonalRecord>, name: &str| column(section, &records, name);
    let profile = all(&world, &ada, Section::Profile, 10).await;
    assert_eq!(told(Section::Profile, profile.clone(), "email"), ["ada@example.com"]);
    assert_eq!(told(Section::Profile, profile, "id"), [ada.user.to_string()]);
    let preferences = all(&world, &ada, Section::Preferences, 10).await;
    assert_eq!(told(Section::Preferences, preferences, "marketingEmails"), ["true"]);
    let memberships = all(&world, &ada, Section::Memberships, 10).await;
    assert_eq!(told(Section::Memberships, memberships.clone(), "tenant"), ["Engines"]);
    assert_eq!(told(Section::Memberships, memberships, "roles"), ["owner"]);
    assert_eq!(all(&world, &ada, Section::Sessions, 10).await.len(), 1);
    let mails = all(&world, &ada, Section::Mails, 10).await;
    assert_eq!(told(Section::Mails, mails, "to"), ["ada@example.com"; 2]);
    assert_eq!(all(&world, &ada, Section::Links, 10).await.len(), 2);
    let consents = all(&world, &ada, Section::Consents, 10).await;
    assert_eq!(told(Section::Consents, consents, "subject"), ["marketing"]);
    let activity = all(&world, &ada, Section::Activity, 100).await;
    let actions = told(Section::Activity, activity, "action");
    for action in [
        AuditAction::SignUp,
        AuditAction::LogIn,
        AuditAction::ProfileUpdate,
        AuditAction::ConsentGiven,
    ] {
        assert!(
            actions.iter().any(|told| told == action.as_str()),
            "{action:?} in {actions:?}"
        );
    }
    for section in Section::ALL {
        let text = format!("{:?}", all(&world, &ada, *section, 100).await);
        for foreign in ["bob@example.com", "Elsewhere", &bob.user.to_string()] {
            assert!(!text.contains(foreign), "{foreign} in {section:?}: {text}");
        }
    }
    let records = &world.stores.records;
    assert_eq!(records.picture(&ada.user).await.unwrap().unwrap(), b"ada@example.com");
    let subject = records.subject(&ada.user).await.unwrap().unwrap();
    assert_eq!(subject.email, ada.email);
}

pub async fn pages_over_records_of_one_moment_tell_each_once_in_order(world: World) {
    let ada = world.person("ada@example.com").await;
    for _ in 0..5 {
        let event = world.event(AuditAction::LogOut, Some(&ada));
        world.stores.audit.record(&event).await.unwrap();
    }
    world.advance(Duration::seconds(1));
    let event = world.event(AuditAction::Unlocked, Some(&ada));
    world.stores.audit.record(&event).await.unwrap();
    let whole = all(&world, &ada, Section::Activity, 100).await;
    assert_eq!(whole.len(), 7);
    let last = column(Section::Activity, &whole, "action").pop();
    assert_eq!(last.as_deref(), Some(AuditAction::Unlocked.as_str()));
    for page in [1, 2, 7] {
        assert_eq!(
            all(&world, &ada, Section::Activity, page).await,
            whole,
            "{page} at a time"
        );
    }
}

pub async fn of_somebody_who_is_gone_nothing_is_told(world: World) {
    let ada = busy(&world, "ada@example.com", "Engines").await;
    world.stores.witness.end(&ada.user, &world.now()).await;
    assert_eq!(world.stores.records.subject(&ada.user).await.unwrap(), None);
    for section in Section::ALL {
        assert_eq!(
            all(&world, &ada, *section, 10).await,
            Vec::<PersonalRecord>::new(),
            "{section:?}"
        );
    }
}
