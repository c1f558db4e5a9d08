//! The promises of the ports, as tests that every implementation runs on every database it serves.
//!
//! Each promise is an `async fn(World)` whose name is the sentence it proves. [`promises!`](crate::promises) hands all of
//! their names to a macro of the caller, who makes a test of each:
//!
//! ```
//! macro_rules! count {
//!     ($($port:ident { $($promise:ident)+ })+) => { [$($(stringify!($promise)),+),+].len() };
//! }
//! assert!(rookery_testkit::promises!(count) > 50);
//! ```

#![expect(
    missing_docs,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a promise is documented by its name, and panics when it is broken"
)]

pub mod accounts;
pub mod audit_log;
pub mod credentials;
pub mod heartbeat;
pub mod housekeeping;
pub mod outbox;
pub mod profiles;
pub mod sessions;
pub mod tokens;

mod draft;
mod ledger;
mod world;

pub use ledger::{Ledger, Witness};
pub use world::{OpenSession, Person, Stores, World};

/// Calls a macro of the caller with `port { promise promise … } port { … } …`: every promise of every port.
#[macro_export]
macro_rules! promises {
    ($stamp:ident) => {
        $stamp! {
            accounts {
                a_sign_up_writes_all_that_belongs_to_it
                a_sign_up_without_a_company_or_a_language_makes_neither_tenant_nor_preferences
                a_sign_up_that_fails_halfway_leaves_nothing_behind
                an_address_is_taken_in_every_spelling_of_its_case
                a_sign_up_for_a_taken_address_writes_nothing
                of_sign_ups_racing_for_one_address_exactly_one_is_admitted
                sign_ups_for_different_addresses_do_not_get_in_each_other_s_way
                an_operator_sees_the_account_as_it_is
                nobody_is_found_under_an_unknown_address
                verifying_keeps_the_time_of_an_earlier_verification
                disabling_ends_every_session_and_refuses_the_sign_in_under_way
                disabling_twice_keeps_the_first_time_and_enabling_lets_in_again
                changing_an_account_that_is_not_there_writes_nothing
            }
            audit_log {
                an_event_is_appended_whether_or_not_it_is_about_somebody
            }
            credentials {
                a_credential_is_found_by_address_in_every_case_and_by_person
                nobody_s_credential_is_not_found
                a_sign_in_opens_the_session_that_was_decided
                a_sign_in_on_an_outdated_version_writes_nothing
                a_better_hash_is_stored_without_a_new_version
                a_sign_in_replaces_the_session_this_browser_held_whoever_it_belonged_to
                the_fifty_first_session_ends_the_oldest
                sign_ins_at_once_never_leave_more_than_fifty_sessions
                a_session_that_has_ended_takes_nobody_s_place
                a_session_opened_by_a_clock_that_went_back_is_not_the_first_to_go
                a_changed_password_ends_everything_else_and_renews_this_session
                of_changes_racing_from_one_password_exactly_one_wins
                a_change_in_a_session_that_has_ended_writes_nothing
                a_sign_in_racing_a_change_of_password_leaves_no_session
                a_sign_in_racing_a_reset_leaves_no_session
                a_sign_in_racing_a_disabling_leaves_no_session
            }
            sessions {
                a_token_resolves_to_its_session_and_person
                a_person_without_choices_has_the_effective_defaults_and_reading_writes_nothing
                an_unknown_token_resolves_to_nobody
                an_idle_session_ends_to_the_microsecond
                a_busy_session_ends_with_its_absolute_life
                a_touch_moves_the_end_of_idleness
                a_touch_never_moves_last_seen_back
                a_touch_never_revives_an_ended_session
                a_touch_for_somebody_else_changes_nothing
                a_session_ends_once
                ending_a_session_that_has_run_out_writes_nothing
                of_two_who_end_a_session_at_once_one_has_ended_it
            }
            profiles {
                the_first_change_of_a_preference_writes_the_whole_row
                a_later_change_writes_only_what_it_names
                first_changes_of_different_preferences_at_once_all_last
                later_changes_of_different_fields_at_once_all_last
                a_change_of_names_makes_no_preferences
                the_answer_is_what_the_next_request_reads
                the_answer_shows_the_tenant_and_the_roles
                the_longest_values_fit
                a_change_for_nobody_writes_nothing
            }
            tokens {
                a_token_is_found_with_its_person
                an_unknown_token_is_not_found
                an_expired_token_is_found_and_cannot_be_used
                a_newer_reset_token_voids_the_older
                of_reset_tokens_issued_at_once_one_is_live
                a_newer_verification_token_leaves_the_older_alone
                a_token_for_nobody_is_never_found_and_its_mail_never_sent
                a_token_that_was_mailed_to_another_address_does_not_count
                a_proof_verifies_the_address_and_uses_the_token_up
                a_second_proof_keeps_the_time_of_the_first
                of_proofs_at_once_exactly_one_is_redeemed
                a_reset_replaces_the_password_and_ends_everything_else
                of_resets_at_once_exactly_one_is_redeemed
                a_token_of_one_kind_is_not_redeemed_as_another
                somebody_else_s_token_is_not_redeemed
            }
            outbox {
                due_mails_are_leased_the_longest_due_first
                a_leased_mail_is_nobody_else_s_until_the_lease_ends
                workers_at_once_get_every_mail_once
                a_sent_mail_is_never_given_out_again
                a_failed_mail_comes_back_when_it_is_due_with_its_failures_counted
                an_abandoned_mail_is_never_given_out_again
                a_late_failure_does_not_take_a_delivery_back
                settling_an_unknown_mail_changes_nothing
            }
            housekeeping {
                what_has_run_out_goes_and_nothing_else
                sweeps_at_once_throw_away_each_row_once
            }
            heartbeat {
                a_living_database_answers
            }
        }
    };
}

#[cfg(test)]
mod tests {
    macro_rules! names {
        ($($port:ident { $($promise:ident)+ })+) => {
            [$((
                stringify!($port),
                include_str!(concat!("contract/", stringify!($port), ".rs")),
                vec![$(stringify!($promise)),+],
            )),+]
        };
    }

    #[test]
    fn every_promise_in_the_suites_is_on_the_list() {
        for (port, source, listed) in crate::promises!(names) {
            let written: Vec<&str> = source
                .lines()
                .filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
                .collect();
            assert_eq!(written, listed, "{port}");
        }
    }
}
