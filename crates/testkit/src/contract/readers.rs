//! What every look-up that finds somebody to write to tells of how they read.

use rookery_core::Reader;
use rookery_core::domain::{Preferences, ProfileUpdate, TokenPurpose};
use rookery_core::ports::Admission;

use super::{Person, World};

impl World {
    /// Ada, who has chosen these preferences at her sign-up, or none.
    async fn who_chose(&self, preferences: Option<Preferences>) -> Person {
        let mut account = self.new_account("ada@example.com");
        account.preferences = preferences;
        let admission = self.stores.accounts.admit(&account).await.unwrap();
        assert_eq!(admission, Admission::Admitted);
        Person {
            user: account.user,
            email: account.email,
        }
    }

    /// What each look-up tells of her.
    async fn told_of(&self, person: &Person) -> Vec<Reader> {
        let stores = &self.stores;
        let session = self.signed_in(person).await;
        let reset = self.issue(TokenPurpose::PasswordReset, person.addressee());
        let reset = self.issued(&reset).await;
        let wish = self.email_change_request(person, &session, "another@example.com");
        stores.addresses.request(&wish).await.unwrap();
        let by_email = stores.credentials.by_email(&person.email).await.unwrap();
        let by_user = stores.credentials.by_user(&person.user).await.unwrap();
        let holder = stores.accounts.holder(&person.email, &self.now()).await.unwrap();
        let token = stores.tokens.find(&reset).await.unwrap();
        let pending = stores.addresses.find(&wish.token.digest).await.unwrap();
        let changed = self.password_change(person, &session, "second");
        stores.credentials.change_password(&changed).await.unwrap();
        let undo = stores.undos.find(&changed.undo.digest).await.unwrap();
        vec![
            by_email.unwrap().reader,
            by_user.unwrap().reader,
            holder.unwrap().reader,
            token.unwrap().reader,
            pending.unwrap().reader,
            undo.unwrap().reader,
        ]
    }
}

pub async fn whoever_has_chosen_nothing_reads_english_in_utc(world: World) {
    let person = world.who_chose(None).await;
    assert_eq!(world.told_of(&person).await, [Reader::default(); 6]);
}

pub async fn whoever_chose_at_the_sign_up_is_written_to_so(world: World) {
    let chosen = Preferences {
        language: "es".parse().unwrap(),
        timezone: "America/Bogota".parse().unwrap(),
        ..Preferences::default()
    };
    let reader = Reader::from(&chosen);
    let person = world.who_chose(Some(chosen)).await;
    assert_eq!(world.told_of(&person).await, [reader; 6]);
}

pub async fn whoever_chooses_later_is_written_to_so_from_then_on(world: World) {
    let person = world.who_chose(None).await;
    let update = ProfileUpdate {
        language: Some("es".parse().unwrap()),
        ..ProfileUpdate::default()
    };
    let change = world.profile_change(&person, update);
    world.stores.profiles.apply(&change).await.unwrap().unwrap();
    assert_eq!(world.told_of(&person).await, [Reader::told(Some("es"), None); 6]);
}
