//! Killing what runs, at any moment and under load, and looking for what was lost or is only half there.
//!
//! *Acknowledged* is what came with a whole answer; it must be there afterwards. What was asked for and not acknowledged
//! may have happened or not, but never by half.

mod deed;
mod edits;
mod letters;
mod log_outs;
mod password_changes;
mod resets;
mod sign_ups;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use deed::{Deed, Step};
use edits::Edits;
use letters::Letters;
use log_outs::LogOuts;
use password_changes::PasswordChanges;
use resets::Resets;
use sign_ups::SignUps;

use super::client::Client;
use super::database::Database;
use super::mail_server::MailServer;
use super::patience::{any_below, eventually, within};
use super::rookery::{Installation, Rookery};

on_both_databases!(
    every_acknowledged_sign_up_survives_a_kill_and_no_account_is_half_there,
    an_edit_of_name_and_preferences_survives_a_kill_whole_or_not_at_all,
    after_a_kill_a_reset_has_happened_or_its_token_still_lives,
    after_a_kill_exactly_one_password_is_right,
    a_session_that_was_ended_stays_ended_after_a_kill,
    mails_promised_before_a_kill_are_sent_after_it,
);

/// How often each server is killed.
const ROUNDS: u32 = 3;
/// Longest wait for the first acknowledgements of a round.
const LOAD: Duration = Duration::from_secs(20);
const DELIVERY: Duration = Duration::from_secs(20);
/// How soon the service works again once its database does.
const RECOVERY: Duration = Duration::from_secs(5);

type Deeds = Vec<Box<dyn Deed>>;

// Proves: ASVS 2.3.3
fn every_acknowledged_sign_up_survives_a_kill_and_no_account_is_half_there(database: Database) {
    let installation = Installation::on(database);
    survive_kills(&installation, &mut deeds(3, SignUps::new));
}

fn an_edit_of_name_and_preferences_survives_a_kill_whole_or_not_at_all(database: Database) {
    let installation = Installation::on(database);
    survive_kills(&installation, &mut deeds(3, Edits::new));
}

fn after_a_kill_a_reset_has_happened_or_its_token_still_lives(database: Database) {
    let post = Arc::new(MailServer::start());
    let installation = Installation::on(database).mailing_to(&post);
    let mut deeds: Deeds = vec![
        Box::new(Resets::new("left", &post)),
        Box::new(Resets::new("right", &post)),
    ];
    survive_kills(&installation, &mut deeds);
}

fn after_a_kill_exactly_one_password_is_right(database: Database) {
    let installation = Installation::on(database);
    survive_kills(&installation, &mut deeds(3, PasswordChanges::new));
}

// Proves: ASVS 7.4.1
fn a_session_that_was_ended_stays_ended_after_a_kill(database: Database) {
    let installation = Installation::on(database);
    survive_kills(&installation, &mut deeds(2, LogOuts::new));
}

// Proves: A75
fn mails_promised_before_a_kill_are_sent_after_it(database: Database) {
    let post = Arc::new(MailServer::start());
    let installation = Installation::on(database).mailing_to(&post);
    let mut deeds: Deeds = vec![
        Box::new(Letters::new("left", &post)),
        Box::new(Letters::new("right", &post)),
        Box::new(SignUps::with_mail("new", &post)),
    ];
    survive_kills(&installation, &mut deeds);
}

#[test]
fn what_postgresql_acknowledged_survives_its_own_crash_and_the_service_recovers_by_itself() {
    let post = Arc::new(MailServer::start());
    let installation = Installation::on(Database::mortal_postgres()).mailing_to(&post);
    let server = installation.database.server();
    let mut deeds: Deeds = vec![
        Box::new(SignUps::with_mail("new", &post)),
        Box::new(Edits::new("editor")),
        Box::new(Resets::new("forgetful", &post)),
        Box::new(PasswordChanges::new("changer")),
        Box::new(LogOuts::new("leaver")),
        Box::new(Letters::new("writer", &post)),
    ];
    let rookery = installation.start();
    for _ in 0..2 {
        prepare(&mut deeds, &rookery);
        storm(&mut deeds, &rookery, || {
            server.kill_immediately();
            std::thread::sleep(Duration::from_millis(any_below(1_500)));
            server.start_again();
            assert_recovers(&rookery);
        });
        check(&installation, &mut deeds, &rookery);
    }
}

fn deeds<D: Deed + 'static>(count: u32, new: impl Fn(&str) -> D) -> Deeds {
    (0..count)
        .map(|number| Box::new(new(&format!("person{number}"))) as Box<dyn Deed>)
        .collect()
}

/// Round after round: load, a kill at any moment, a new start on the same data, and a look at everything.
fn survive_kills(installation: &Installation, deeds: &mut Deeds) {
    let mut rookery = installation.start();
    for _ in 0..ROUNDS {
        prepare(deeds, &rookery);
        let client = Client::clone(&rookery);
        storm(deeds, &client, || rookery.kill());
        rookery = installation.start();
        check(installation, deeds, &rookery);
    }
}

fn prepare(deeds: &mut Deeds, client: &Client) {
    for deed in deeds {
        deed.prepare(client);
    }
}

fn check(installation: &Installation, deeds: &mut Deeds, rookery: &Rookery) {
    let database = &installation.database;
    database.assert_whole();
    database.let_leases_run_out();
    let drained = within(DELIVERY, || (database.queued_mails() == 0).then_some(()));
    assert!(
        drained.is_some() || !deeds.iter().any(|deed| deed.reads_mail()),
        "mails are still queued"
    );
    for deed in deeds {
        deed.check(rookery);
    }
}

/// Everybody does their deed over and over, until some time after the first acknowledgements the accident happens.
fn storm(deeds: &mut Deeds, client: &Client, accident: impl FnOnce()) {
    let acknowledged = AtomicU32::new(0);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for deed in &mut *deeds {
            let (acknowledged, over) = (&acknowledged, &over);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    match deed.once(client) {
                        Step::Acknowledged => drop(acknowledged.fetch_add(1, Ordering::Relaxed)),
                        Step::Unknown => {}
                        Step::Over => break,
                    }
                }
            });
        }
        let enough = 1 + u32::try_from(any_below(8)).unwrap();
        let begun = within(LOAD, || (acknowledged.load(Ordering::Relaxed) >= enough).then_some(()));
        std::thread::sleep(Duration::from_millis(any_below(120)));
        accident();
        over.store(true, Ordering::Relaxed);
        assert!(begun.is_some(), "hardly anything was acknowledged");
    });
}

fn assert_recovers(rookery: &Rookery) {
    let back = Instant::now();
    eventually(RECOVERY, "the service works again", || {
        let answer = rookery.get("/api/health/ready").send();
        assert!([200, 503].contains(&answer.status), "{}", answer.text());
        (answer.status == 200).then_some(())
    });
    assert!(back.elapsed() < RECOVERY);
}
