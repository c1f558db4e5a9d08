//! ATTACKS A31 as a property: whatever strangers do, whenever and from wherever, the owner on a known device gets in with
//! the right password; and however they spread their guesses, they get few.

use proptest::prelude::*;

use super::throttled::{lively, shown, trying};
use super::*;

/// What a stranger does next.
#[derive(Clone, Debug)]
struct Act {
    /// From one of these networks, the owner's own among them.
    network: u8,
    /// At the owner's address, in one of its spellings, or at another.
    address: u8,
    /// Showing no device, one of his own, or one he made up.
    device: u8,
    /// With the right password for nobody's account.
    password: u8,
    /// So many seconds after the act before.
    wait: i64,
    /// How often at once.
    times: u8,
}

const OWNERS: u8 = 3;

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let wait = prop_oneof![6 => 0..5_i64, 3 => 0..600_i64, 1 => 0..7200_i64];
    let act = (0..8_u8, 0..6_u8, 0..3_u8, 0..4_u8, wait, 1..12_u8).prop_map(
        |(network, address, device, password, wait, times)| Act {
            network,
            address,
            device,
            password,
            wait,
            times,
        },
    );
    prop::collection::vec(act, 1..60)
}

impl Act {
    fn attempt(&self) -> LogIn {
        let network = match self.network {
            0 => "192.0.2.1".to_owned(),
            1 => "::ffff:192.0.2.1".to_owned(),
            2 => "2001:db8:1:2::9".to_owned(),
            other => format!("198.51.100.{other}"),
        };
        let email = match self.address {
            0 => "ada@example.com".to_owned(),
            1 => "ADA@example.com".to_owned(),
            2 => "Ada@EXAMPLE.com".to_owned(),
            other => format!("stranger{other}@example.com"),
        };
        let device = match self.device {
            0 => None,
            device => Some(DeviceToken::from_entropy([device + 100; 32])),
        };
        LogIn {
            email: email.parse().unwrap(),
            device,
            ..trying(&format!("guess{}", self.password), &network)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    // Proves: A31, ASVS 6.1.1
    #[test]
    fn a31_the_owner_on_a_known_device_always_gets_in(acts in acts(), owner_network in 0..8_u8) {
        let workshop = Workshop::open();
        let service = lively(&workshop);
        let owners_place = Act { network: owner_network, address: 0, device: 0, password: 0, wait: 0, times: 1 };
        let began = workshop.now();
        let mut guesses = 0_i64;
        block_on(async {
            for act in &acts {
                workshop.clock.advance(Duration::seconds(act.wait));
                for _ in 0..act.times {
                    let answer = service.log_in(act.attempt()).await;
                    if act.address < OWNERS && !matches!(answer, Err(LogInError::Throttled(_))) {
                        guesses += 1;
                    }
                }
                let owner = LogIn {
                    password: trying("right", "192.0.2.1").password,
                    device: Some(shown()),
                    ..owners_place.attempt()
                };
                let owner = service.log_in(owner).await;
                prop_assert!(owner.is_ok(), "after {act:?}: {owner:?}");
            }
            // A window lets five guesses through and then locks for longer than itself, or fewer and does not lock.
            let windows = (workshop.now() - began).num_minutes() / 15 + 1;
            prop_assert!(guesses <= 5 * windows, "{guesses} guesses in {windows} windows");
            Ok(())
        })?;
    }

    /// Nobody who watches what strangers are told can tell an address that is somebody's from one that is not.
    // Proves: A31
    #[test]
    fn a31_strangers_are_told_the_same_of_known_and_unknown_addresses(acts in acts()) {
        let workshop = Workshop::open();
        let service = lively(&workshop);
        block_on(async {
            for act in &acts {
                workshop.clock.advance(Duration::seconds(act.wait));
                for _ in 0..act.times {
                    let known = LogIn { email: email(), ..act.attempt() };
                    // Each in a network of its own, so that they do not meet there.
                    let unknown = LogIn {
                        email: "nobody@example.com".parse().unwrap(),
                        caller: trying("x", &format!("203.0.113.{}", act.network)).caller,
                        ..act.attempt()
                    };
                    let known = service.log_in(LogIn {
                        caller: trying("x", &format!("192.0.2.{}", act.network)).caller,
                        ..known
                    }).await;
                    let unknown = service.log_in(unknown).await;
                    prop_assert_eq!(format!("{known:?}"), format!("{unknown:?}"));
                }
            }
            Ok(())
        })?;
    }
}
