use std::sync::mpsc;

use futures_executor::block_on;
use rookery_core::mocks::SeededEntropy;
use rookery_domain::SecretString;

use super::*;
use crate::SecretKey;

const PASSWORD: &str = "correct horse battery staple";

fn attempt(text: &str) -> PasswordAttempt {
    PasswordAttempt::parse(&SecretString::from(text)).unwrap()
}

fn hasher(cost: Argon2Cost, peppers: Peppers) -> Argon2Hasher {
    let settings = HasherSettings {
        cost,
        peppers,
        threads: NonZeroUsize::new(1),
        queue: NonZeroUsize::new(1),
        ..HasherSettings::default()
    };
    Argon2Hasher::start(settings, Arc::new(SeededEntropy::default())).unwrap()
}

fn verdict(hasher: &Argon2Hasher, password: &str, phc: &str) -> Verdict {
    block_on(hasher.verify(
        &attempt(password),
        &PasswordHash::from_phc(phc.to_owned()),
        Lane::Stranger,
    ))
    .unwrap()
}

/// Keeps the only thread busy until the sender is dropped.
fn occupy(hasher: &Argon2Hasher) -> mpsc::Sender<()> {
    let (started, wait_for_start) = mpsc::channel();
    let (release, wait_for_release) = mpsc::channel::<()>();
    let _done = hasher
        .crew
        .submit(Lane::Stranger, move |_| {
            started.send(()).unwrap();
            let _ = wait_for_release.recv();
        })
        .unwrap();
    // The receiver may be dropped once the work has begun.
    wait_for_start.recv().unwrap();
    release
}

// Proves: ASVS 11.4.2
#[test]
fn hashes_made_by_the_reference_implementation_are_verified() {
    // Made by argon2-cffi 25.1, which binds the authors' C code.
    let hasher = hasher(Argon2Cost::default(), Peppers::none());
    for (password, phc, expected) in [
        (
            PASSWORD,
            "$argon2id$v=19$m=19456,t=2,p=1$pDLON8Jdgc02/zXf46D3Mg$kKng1zxKcZHujQigDGojky50XmyvsJcX+Ny46DO9Bm4",
            Verdict::Right,
        ),
        (
            "Grüße, Ἀθήνη 🦉",
            "$argon2id$v=19$m=19456,t=2,p=1$tzr0GSzqv1MlfnbXnrq6Dg$iB9m23DU5LTVbPdR9LJfWcPgs8oN6yv02N3biVb3cCE",
            Verdict::Right,
        ),
        (
            PASSWORD,
            "$argon2id$v=19$m=65536,t=3,p=4$X1JI7mTxGJ/vn1vH40kHJQ$2ynKu+Qb6xcUjWcIgmdjSA9Afa5HaTcwrkpU9caBzlY",
            Verdict::RightButOutdated,
        ),
        (
            PASSWORD,
            "$argon2id$v=19$m=9216,t=4,p=1$4htWYSjy4LA$PrTt+ga0AAcQughI8eP6IA",
            Verdict::RightButOutdated,
        ),
    ] {
        assert_eq!(verdict(&hasher, password, phc), expected, "{phc}");
        assert_eq!(
            verdict(&hasher, "Correct horse battery staple", phc),
            Verdict::Wrong,
            "{phc}"
        );
    }
}

#[test]
fn a_peppered_hash_made_by_the_reference_implementation_is_verified_with_its_pepper_alone() {
    let phc = "$argon2id$v=19$m=19456,t=2,p=1,keyid=dHm93A$AAECAwQFBgcICQoLDA0ODw$SA/fF7KmSF417z3JufTZP3ONRc7r0EoJ2PzyeEkgaNA";
    let key = SecretKey::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").unwrap();
    let with_pepper = hasher(Argon2Cost::default(), Peppers::new(Some(&key), &[]));
    assert_eq!(verdict(&with_pepper, PASSWORD, phc), Verdict::Right);
    assert_eq!(verdict(&with_pepper, "something else", phc), Verdict::Wrong);
}

#[test]
fn a_hash_that_cannot_be_checked_answers_like_a_wrong_password_after_the_work_of_one() {
    let key = SecretKey::generate(&SeededEntropy::from_seed(5));
    let peppered = hasher(Argon2Cost::TRIFLING, Peppers::new(Some(&key), &[]));
    let with_a_pepper_that_is_gone = block_on(peppered.hash(&attempt(PASSWORD), Lane::Stranger)).unwrap();
    let hasher = hasher(Argon2Cost::TRIFLING, Peppers::none());
    for phc in [
        with_a_pepper_that_is_gone.as_phc(),
        PasswordHash::NO_PASSWORD,
        "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw",
        "not a hash at all",
        "",
    ] {
        assert_eq!(verdict(&hasher, PASSWORD, phc), Verdict::Wrong, "{phc:?}");
    }
    // It waits for a thread like everybody else, and is told so like everybody else.
    let release = occupy(&hasher);
    let waiting = hasher.crew.submit(Lane::Stranger, |_| ()).unwrap();
    let refused = block_on(hasher.verify(&attempt(PASSWORD), &with_a_pepper_that_is_gone, Lane::Stranger));
    assert!(matches!(refused, Err(HasherError::Busy)), "{refused:?}");
    drop(release);
    block_on(waiting).unwrap();
}

#[test]
fn what_is_hashed_today_verifies_today_and_says_what_it_was_made_with() {
    let hasher = hasher(Argon2Cost::default(), Peppers::none());
    let hash = block_on(hasher.hash(&attempt(PASSWORD), Lane::Stranger)).unwrap();
    assert!(
        hash.as_phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{}",
        hash.as_phc()
    );
    assert_eq!(verdict(&hasher, PASSWORD, hash.as_phc()), Verdict::Right);
    assert_eq!(verdict(&hasher, "another password", hash.as_phc()), Verdict::Wrong);
    let again = block_on(hasher.hash(&attempt(PASSWORD), Lane::Stranger)).unwrap();
    assert_ne!(hash, again, "each hash has its own salt");
}

#[test]
fn a_hash_of_yesterdays_cost_is_right_but_outdated() {
    let yesterday = hasher(Argon2Cost::TRIFLING, Peppers::none());
    let hash = block_on(yesterday.hash(&attempt(PASSWORD), Lane::Stranger)).unwrap();
    let today = hasher(Argon2Cost::default(), Peppers::none());
    assert_eq!(verdict(&today, PASSWORD, hash.as_phc()), Verdict::RightButOutdated);
    assert_eq!(verdict(&today, "another password", hash.as_phc()), Verdict::Wrong);
}

// Proves: ASVS 11.1.1, 11.2.2
#[test]
fn peppers_come_change_and_go_while_every_hash_goes_on_working() {
    let entropy = SeededEntropy::from_seed(99);
    let (first, second) = (SecretKey::generate(&entropy), SecretKey::generate(&entropy));
    let eras = [
        hasher(Argon2Cost::TRIFLING, Peppers::none()),
        hasher(Argon2Cost::TRIFLING, Peppers::new(Some(&first), &[])),
        hasher(
            Argon2Cost::TRIFLING,
            Peppers::new(Some(&second), std::slice::from_ref(&first)),
        ),
        hasher(
            Argon2Cost::TRIFLING,
            Peppers::new(None, &[second.clone(), first.clone()]),
        ),
    ];
    let mut hashes: Vec<PasswordHash> = Vec::new();
    for (now, hasher) in eras.iter().enumerate() {
        for (made, hash) in hashes.iter().enumerate() {
            // The first and the last era use no pepper and recognise each other's hashes as today's.
            let expected = if (made, now) == (0, 3) {
                Verdict::Right
            } else {
                Verdict::RightButOutdated
            };
            assert_eq!(
                verdict(hasher, PASSWORD, hash.as_phc()),
                expected,
                "made {made}, now {now}"
            );
            assert_eq!(verdict(hasher, "another password", hash.as_phc()), Verdict::Wrong);
        }
        let hash = block_on(hasher.hash(&attempt(PASSWORD), Lane::Stranger)).unwrap();
        assert_eq!(hash.as_phc().contains("keyid="), now == 1 || now == 2);
        assert_eq!(verdict(hasher, PASSWORD, hash.as_phc()), Verdict::Right);
        hashes.push(hash);
    }
}

#[test]
fn a_row_that_asks_for_the_whole_machine_does_not_get_it() {
    let hasher = hasher(Argon2Cost::TRIFLING, Peppers::none());
    let hostile =
        "$argon2id$v=19$m=4194304,t=1000,p=1$pDLON8Jdgc02/zXf46D3Mg$kKng1zxKcZHujQigDGojky50XmyvsJcX+Ny46DO9Bm4";
    let unreadable = hasher.scheme.usable(&PasswordHash::from_phc(hostile.to_owned()));
    assert!(matches!(unreadable, Err(Some(_))));
    assert_eq!(verdict(&hasher, PASSWORD, hostile), Verdict::Wrong);
}

#[test]
fn when_the_queue_is_full_everybody_is_told_at_once_and_nobody_as_well() {
    let hasher = hasher(Argon2Cost::TRIFLING, Peppers::none());
    let password = attempt(PASSWORD);
    let hash = block_on(hasher.hash(&password, Lane::Stranger)).unwrap();
    let release = occupy(&hasher);
    let waiting = hasher.crew.submit(Lane::Stranger, |_| ()).unwrap();
    assert_eq!(hasher.queue_len(), 1);
    assert!(matches!(
        block_on(hasher.hash(&password, Lane::Stranger)),
        Err(HasherError::Busy)
    ));
    assert!(matches!(
        block_on(hasher.verify(&password, &hash, Lane::Stranger)),
        Err(HasherError::Busy)
    ));
    assert!(matches!(
        block_on(hasher.verify_nobody(&password, Lane::Stranger)),
        Err(HasherError::Busy)
    ));
    drop(release);
    block_on(waiting).unwrap();
    assert!(block_on(hasher.verify_nobody(&password, Lane::Stranger)).is_ok());
}

#[test]
fn nobodys_hash_is_of_todays_parameters_and_fits_no_password() {
    let key = SecretKey::generate(&SeededEntropy::from_seed(5));
    let hasher = hasher(Argon2Cost::default(), Peppers::new(Some(&key), &[]));
    assert!(!hasher.nobody.is_outdated(&hasher.scheme.cost, &hasher.scheme.peppers));
    let verdict = block_on(hasher.compare(&attempt(PASSWORD), hasher.nobody.clone(), Lane::Stranger)).unwrap();
    assert_eq!(verdict, Verdict::Wrong);
}

#[test]
fn after_the_shutdown_whoever_asks_is_told_to_come_back() {
    let hasher = hasher(Argon2Cost::TRIFLING, Peppers::none());
    hasher.shutdown();
    let refused = block_on(hasher.hash(&attempt(PASSWORD), Lane::Stranger));
    assert!(
        matches!(&refused, Err(HasherError::Port(error)) if error.is_unavailable()),
        "{refused:?}"
    );
}

#[test]
fn every_hash_is_told_to_the_observer_once_for_nobody_as_for_somebody() {
    let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let settings = HasherSettings {
        cost: Argon2Cost::TRIFLING,
        threads: NonZeroUsize::new(1),
        observer: HashObserver::new(move || {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }),
        ..HasherSettings::default()
    };
    let hasher = Argon2Hasher::start(settings, Arc::new(SeededEntropy::default())).unwrap();
    let told = || count.swap(0, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(told(), 0, "starting costs no hash");
    let hash = block_on(hasher.hash(&attempt(PASSWORD), Lane::Stranger)).unwrap();
    assert_eq!(told(), 1);
    for stored in [hash.as_phc(), PasswordHash::NO_PASSWORD, "nonsense"] {
        verdict(&hasher, "another password", stored);
        assert_eq!(told(), 1, "{stored}");
    }
    block_on(hasher.verify_nobody(&attempt(PASSWORD), Lane::Stranger)).unwrap();
    assert_eq!(told(), 1);
}

#[test]
fn debug_output_shows_no_secret() {
    let key = SecretKey::generate(&SeededEntropy::from_seed(5));
    let hasher = hasher(Argon2Cost::TRIFLING, Peppers::new(Some(&key), &[]));
    let text = format!("{hasher:?}");
    assert!(text.contains("SecretKey(***)") && !text.contains("tag"), "{text}");
}

#[test]
fn the_usual_queue_is_shorter_where_a_hash_takes_longer() {
    let two = NonZeroUsize::new(2).unwrap();
    let queue = |cost: Argon2Cost| usual_queue(two, &cost).get();
    assert_eq!(queue(Argon2Cost::default()), 64);
    assert_eq!(queue(Argon2Cost::new(65_536, 3, 1).unwrap()), 12);
    assert_eq!(queue(Argon2Cost::new(262_144, 16, 1).unwrap()), 2);
}
