//! What known devices promise: ATTACKS A31.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, DeviceId, TokenDigest, TokenPurpose};
use rookery_core::ports::{
    CounterKey, DeviceUse, KnownDevice, LockLift, NewDevice, PasswordChangeOutcome, Redemption, Take, Taken,
};
use rookery_core::{LetterKind, Limit, Rule};

use super::{Person, World};

impl World {
    /// Signs the person in with a browser that showed this token, and gives the browser as it is remembered.
    async fn browser(&self, person: &Person, shown: Option<TokenDigest>) -> NewDevice {
        let device = self.device(shown);
        let mut sign_in = self.sign_in(person);
        sign_in.device = DeviceUse::New(device.clone());
        self.open(&sign_in).await;
        device
    }

    async fn is_known(&self, digest: &TokenDigest, person: &Person) -> Option<DeviceId> {
        let known = self.stores.devices.known(digest, &person.email).await.unwrap();
        known.map(|known| {
            assert_eq!(known.user, person.user);
            known.id
        })
    }

    fn lift(&self, person: &Person, digest: TokenDigest, counter: Option<CounterKey>) -> LockLift {
        LockLift {
            digest,
            user: person.user,
            counter,
            device: DeviceUse::New(self.device(None)),
            event: self.event(AuditAction::Unlocked, Some(person)),
            at: self.now(),
        }
    }
}

pub async fn a_browser_is_known_to_whoever_has_signed_in_with_it_and_to_nobody_else(world: World) {
    let ada = world.person("Ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let device = world.browser(&ada, None).await;
    assert_eq!(world.is_known(&device.digest, &ada).await, Some(device.id));
    assert_eq!(world.is_known(&device.digest, &bob).await, None);
    let nobody = "nobody@example.com".parse().unwrap();
    assert_eq!(world.stores.devices.known(&device.digest, &nobody).await.unwrap(), None);
    let unknown = world.device(None).digest;
    assert_eq!(world.is_known(&unknown, &ada).await, None);
}

pub async fn a_known_browser_keeps_its_row_and_says_when_it_was_used_last(world: World) {
    let ada = world.person("ada@example.com").await;
    let device = world.browser(&ada, None).await;
    let before = world.ledger().await;
    world.advance(Duration::days(1));
    let mut again = world.sign_in(&ada);
    again.device = DeviceUse::Known(device.id);
    world.open(&again).await;
    assert_eq!(world.is_known(&device.digest, &ada).await, Some(device.id));
    let written = world.since(&before).await;
    assert!(!written.iter().any(|line| line.contains("devices")), "{written:?}");
}

pub async fn people_who_share_a_browser_share_its_token_and_a_planted_one_opens_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let adas = world.browser(&ada, None).await;
    let bobs = world.browser(&bob, Some(adas.digest)).await;
    assert_eq!(world.is_known(&bobs.digest, &ada).await, Some(adas.id));
    assert_eq!(world.is_known(&bobs.digest, &bob).await, Some(bobs.id));
    // Whoever had planted the older one, or read it before, has nothing.
    assert_eq!(world.is_known(&adas.digest, &ada).await, None);
    assert_eq!(world.is_known(&adas.digest, &bob).await, None);
}

pub async fn a_changed_password_forgets_the_others_and_trusts_none(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let lost = world.browser(&ada, None).await;
    let bobs = world.browser(&bob, None).await;
    let kept = world.device(None);
    let mut sign_in = world.sign_in(&ada);
    sign_in.device = DeviceUse::New(kept.clone());
    let session = world.open(&sign_in).await;
    let until = world.now() + Duration::days(30);
    world.stores.witness.trust(&kept.id, &until).await;
    let mut change = world.password_change(&ada, &session, "second");
    change.device = Some(kept.digest);
    let outcome = world.stores.credentials.change_password(&change).await.unwrap();
    assert_eq!(outcome, PasswordChangeOutcome::Changed);
    assert_eq!(world.is_known(&lost.digest, &ada).await, None);
    assert_eq!(world.is_known(&bobs.digest, &bob).await, Some(bobs.id));
    let known = world.stores.devices.known(&kept.digest, &ada.email).await.unwrap();
    let distrusted = KnownDevice {
        id: kept.id,
        user: ada.user,
        last_used: sign_in.at,
        trusted_until: None,
    };
    assert_eq!(known, Some(distrusted));
}

pub async fn a_reset_forgets_all_browsers(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let (adas, bobs) = (world.browser(&ada, None).await, world.browser(&bob, None).await);
    let digest = world
        .issued(&world.issue(TokenPurpose::PasswordReset, ada.addressee()))
        .await;
    let reset = world.password_reset(&ada, digest, "second");
    let outcome = world.stores.tokens.reset_password(&reset).await.unwrap();
    assert_eq!(outcome, Redemption::Redeemed);
    assert_eq!(world.is_known(&adas.digest, &ada).await, None);
    assert_eq!(world.is_known(&bobs.digest, &bob).await, Some(bobs.id));
}

pub async fn the_fifty_first_browser_takes_the_place_of_the_one_used_least(world: World) {
    let ada = world.person("ada@example.com").await;
    let first = world.browser(&ada, None).await;
    world.advance(Duration::seconds(1));
    let second = world.browser(&ada, None).await;
    for _ in 2..KnownDevice::MAX_PER_USER {
        world.advance(Duration::seconds(1));
        world.browser(&ada, None).await;
    }
    let mut again = world.sign_in(&ada);
    again.device = DeviceUse::Known(first.id);
    world.open(&again).await;
    world.advance(Duration::seconds(1));
    let last = world.browser(&ada, None).await;
    assert_eq!(world.is_known(&second.digest, &ada).await, None);
    assert_eq!(world.is_known(&first.digest, &ada).await, Some(first.id));
    assert_eq!(world.is_known(&last.digest, &ada).await, Some(last.id));
}

pub async fn an_unlock_token_lifts_the_lock_and_makes_the_browser_known(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let counter = CounterKey {
        limit: Limit::LogInAddress,
        subject: [7; 32],
    };
    let take = Take {
        counter,
        amount: 1,
        rule: Rule {
            quota: 1,
            window: Duration::minutes(15),
            lock: Some(Duration::minutes(30)),
        },
        at: world.now(),
    };
    world.stores.throttle.take(&take).await.unwrap();
    assert!(matches!(
        world.stores.throttle.take(&take).await.unwrap(),
        Taken::Refused { .. }
    ));
    let digest = world.issued(&world.issue(TokenPurpose::Unlock, ada.addressee())).await;
    // Neither somebody else's nor one of another kind lifts anything.
    let reset = world
        .issued(&world.issue(TokenPurpose::PasswordReset, ada.addressee()))
        .await;
    for wrong in [
        world.lift(&bob, digest, Some(counter)),
        world.lift(&ada, reset, Some(counter)),
    ] {
        let before = world.ledger().await;
        let outcome = world.stores.tokens.lift_lock(&wrong).await.unwrap();
        assert_eq!(outcome, Redemption::Spent);
        assert_eq!(world.since(&before).await, Vec::<String>::new());
    }
    assert!(matches!(
        world.stores.throttle.take(&take).await.unwrap(),
        Taken::Refused { .. }
    ));
    let lift = world.lift(&ada, digest, Some(counter));
    assert_eq!(
        world.stores.tokens.lift_lock(&lift).await.unwrap(),
        Redemption::Redeemed
    );
    let taken = world.stores.throttle.take(&take).await.unwrap();
    assert!(matches!(taken, Taken::Granted { count: 1, .. }), "{taken:?}");
    let DeviceUse::New(device) = lift.device else {
        unreachable!()
    };
    assert_eq!(world.is_known(&device.digest, &ada).await, Some(device.id));
    // It works once.
    let again = world.lift(&ada, digest, None);
    assert_eq!(world.stores.tokens.lift_lock(&again).await.unwrap(), Redemption::Spent);
}

pub async fn of_unlocks_at_once_exactly_one_is_redeemed(world: World) {
    let ada = world.person("ada@example.com").await;
    let digest = world.issued(&world.issue(TokenPurpose::Unlock, ada.addressee())).await;
    let lifts: Vec<LockLift> = (0..8).map(|_| world.lift(&ada, digest, None)).collect();
    let outcomes = join_all(lifts.iter().map(|lift| world.stores.tokens.lift_lock(lift))).await;
    let redeemed = outcomes
        .into_iter()
        .filter(|outcome| matches!(outcome, Ok(Redemption::Redeemed)));
    assert_eq!(redeemed.count(), 1);
}

pub async fn a_mail_about_a_new_device_commits_with_the_sign_in(world: World) {
    let ada = world.person("ada@example.com").await;
    let mut told = world.sign_in(&ada);
    told.mail = Some(world.mail(LetterKind::NewDevice, ada.addressee()));
    let mut late = told.clone();
    late.credential_version = 0;
    let before = world.ledger().await;
    world.stores.credentials.sign_in(&late).await.unwrap();
    assert_eq!(world.since(&before).await, Vec::<String>::new());
    world.open(&told).await;
    let written = world.since(&before).await;
    assert!(
        written.iter().any(|line| line.contains("mails new_device queued")),
        "{written:?}"
    );
}
