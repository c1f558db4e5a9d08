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
pub mod addresses;
pub mod audit_log;
pub mod consents;
pub mod credentials;
pub mod deletions;
pub mod devices;
pub mod event_outbox;
pub mod event_reader;
pub mod exports;
pub mod heartbeat;
pub mod housekeeping;
pub mod invitations;
pub mod members;
pub mod outbox;
pub mod oversight;
pub mod personal_records;
pub mod pictures;
pub mod policies;
pub mod profiles;
pub mod readers;
pub mod second_factors;
pub mod sessions;
pub mod staff;
pub mod tenants;
pub mod throttle;
pub mod tokens;
pub mod undos;
pub mod webhooks;

mod draft;
mod ledger;
mod world;

pub use ledger::{Ledger, Witness};
pub use world::{GRACE, OpenSession, Person, Stores, World};

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
                a_discreet_sign_up_writes_what_any_other_writes
                a_feigned_sign_up_leaves_only_its_mail_and_its_event
                of_discreet_sign_ups_racing_for_one_address_exactly_one_is_admitted
                the_holder_of_an_address_is_found_in_every_case_and_reached_only_while_the_account_lives
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
            deletions {
                a_request_ends_everything_at_once_and_waits
                a_request_that_is_not_as_it_was_decided_writes_nothing
                of_requests_at_once_one_counts
                a_sign_in_under_way_when_a_deletion_is_asked_for_opens_nothing
                what_is_at_stake_is_told_for_each_tenant
                of_last_owners_who_ask_at_once_one_stays
                an_owner_who_waits_for_their_deletion_is_none_to_those_who_leave
                the_mailed_link_keeps_the_account_once_and_opens_its_tenants
                of_uses_of_the_link_at_once_one_keeps
                signing_in_keeps_the_account
                what_is_due_is_erased_once_on_however_many_nodes
                the_last_mail_leaves_no_trace_once_it_is_settled
                tenants_closed_with_the_account_are_erased_with_it_and_others_go_on
                an_operator_erases_at_once_but_leaves_no_tenant_without_an_owner
                an_account_on_hold_is_neither_erased_nor_swept
                copies_and_invitations_of_an_account_on_hold_are_swept_once_it_is_released
                a_hold_on_somebody_who_belonged_to_a_tenant_keeps_it
                accounts_that_nobody_verifies_or_uses_expire
                a_sign_in_racing_an_erasure_keeps_the_account_or_finds_nobody
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
                the_live_sessions_of_a_person_are_listed_the_last_used_first
                a_list_holds_as_many_sessions_as_there_may_be_and_no_more
                a_proof_renews_the_session_under_a_new_token_alone
                of_proofs_racing_from_one_token_exactly_one_renews
                a_proof_never_revives_an_ended_session
                a_proof_and_a_use_racing_the_end_of_a_session_leave_it_ended
                ending_another_session_ends_that_one_alone
                a_session_that_is_not_a_live_other_one_of_theirs_is_not_ended
                ending_all_others_leaves_the_one_that_asks
                whoever_has_been_signed_out_ends_nothing_any_more
                of_sessions_that_end_each_other_at_once_exactly_one_goes_on
                every_lifetime_ends_to_the_second
                a_session_goes_on_in_another_tenant_as_it_was_decided
                a_session_goes_nowhere_its_person_does_not_belong
                a_session_that_has_ended_goes_nowhere
                a_switch_racing_a_removal_leaves_the_session_outside
            }
            tenants {
                a_founded_tenant_is_its_founder_s_under_their_address_and_it_is_written_down
                of_tenants_that_are_to_be_somebody_s_first_one_is_made
                a_tenant_for_nobody_is_not_made
                one_s_tenants_are_listed_the_longest_standing_first
                a_tenant_of_others_is_like_one_that_is_not_there
                a_renaming_counts_while_whoever_renames_is_what_they_were
            }
            members {
                members_are_listed_as_they_are_in_the_order_in_which_they_joined
                pages_over_members_of_one_moment_show_each_once
                a_search_keeps_to_the_beginnings_of_names_and_addresses
                members_are_shown_to_nobody_else
                a_member_has_the_roles_that_were_decided_and_no_others
                a_decision_on_roles_that_have_changed_writes_nothing
                a_removed_member_is_gone_and_their_sessions_are_in_that_tenant_no_more
                the_last_owner_neither_steps_down_nor_leaves
                of_owners_who_leave_at_once_one_stays
                a_transfer_makes_one_an_owner_and_the_other_none_at_once
                a_webhook_is_told_who_a_change_is_about_and_no_other_tenant_is
            }
            policies {
                a_policy_is_stored_whole_with_its_event_and_its_mails
                a_policy_is_shown_to_members_and_to_nobody_else
                a_decision_on_another_policy_or_on_other_roles_writes_nothing
                of_changes_at_once_exactly_one_is_made
                a_change_concerns_the_owners_and_who_has_no_second_factor
                a_shorter_life_counts_for_sessions_that_run
                a_second_factor_is_due_a_grace_after_it_was_asked_for_or_after_joining
                a_deadline_goes_with_the_membership_with_the_policy_and_with_a_factor
                a_webhook_is_told_that_a_policy_changed
            }
            staff {
                a_role_is_what_was_granted_last_and_each_time_is_written_down
                a_role_is_taken_away_once
                nobody_who_is_gone_is_staff_or_becomes_it
            }
            oversight {
                accounts_are_found_by_address_name_and_id_the_newest_first_page_by_page
                an_account_is_shown_as_it_is_and_the_look_is_written_down_on_both_sides
                what_is_not_there_is_not_shown_and_nothing_is_written
                tenants_are_found_by_name_and_id_and_shown_with_their_members
                the_log_holds_what_staff_did_and_nothing_else
                whoever_is_not_what_they_were_sees_and_does_nothing
                a_suspension_ends_every_session_and_the_sign_in_under_way_and_a_restoration_brings_back_all_but_sessions
                ended_sessions_are_told_by_mail_and_with_none_there_is_no_mail
                a_mailed_reset_voids_the_one_before_and_a_verification_does_not
                nothing_is_done_to_whoever_is_not_there
                of_a_revocation_and_a_deed_at_once_the_deed_comes_first_or_not_at_all
                a_hold_is_shown_with_its_reason_and_an_account_that_is_held_is_not_erased
                an_erasure_by_staff_clears_what_their_log_says_of_the_person_but_not_that_it_was_done
            }
            invitations {
                an_invitation_is_kept_as_it_was_decided_and_its_mail_goes_to_the_mailbox
                a_prospect_is_a_member_or_nobody_in_particular
                one_invitation_to_an_address_waits_and_an_expired_one_makes_room
                of_invitations_to_one_address_at_once_one_is_made
                nobody_invites_who_is_not_what_they_were
                invitations_are_listed_by_state_the_newest_first_each_once
                invitations_are_shown_to_members_alone
                a_newer_mail_replaces_the_link_and_the_inviter
                a_revoked_invitation_cannot_be_answered
                a_newcomer_has_account_membership_and_session_at_once
                whoever_has_an_account_joins_and_is_verified_by_it
                whoever_left_joins_again_and_whoever_is_a_member_does_not
                an_account_that_nobody_proved_is_emptied_and_handed_over
                an_account_that_is_emptied_waits_for_no_deletion_and_leaves_no_copies_of_its_data
                of_answers_at_once_exactly_one_counts
                an_acceptance_racing_a_revocation_ends_one_way
                an_inviter_who_may_no_longer_invite_lets_nobody_in
                an_inviter_who_waits_for_their_deletion_lets_nobody_in_until_they_keep_their_account
                an_address_that_is_kept_for_another_is_not_given_away
                a_decline_uses_the_invitation_up
                a_tenant_s_webhook_is_told_who_joined
                what_is_over_goes_with_its_tokens
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
            pictures {
                a_picture_is_kept_and_shown_in_the_profile
                another_picture_takes_the_place_of_the_one_before
                a_picture_that_is_taken_away_is_gone
                a_picture_from_elsewhere_is_taken_away_like_any_other
                whoever_shows_none_goes_on_doing_so_and_nothing_is_written
                a_picture_that_two_people_show_stays_while_one_of_them_does
                of_pictures_at_once_exactly_one_is_shown_and_kept
                a_picture_sent_and_taken_away_at_once_leaves_no_content_without_a_profile
                a_change_of_somebody_who_is_gone_writes_nothing
                a_picture_that_is_no_longer_in_the_profile_is_not_found_and_later_swept
                a_picture_stored_during_a_sweep_stays
                the_largest_picture_comes_back_to_the_byte
                an_unknown_name_finds_nothing
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
                a_code_leads_to_the_token_it_was_mailed_with
                five_wrong_codes_are_all_that_a_mail_takes
                of_sixteen_wrong_codes_at_once_five_are_counted
                sixteen_right_codes_at_once_use_up_no_try_and_one_token
                only_the_newest_mail_has_a_code_that_counts
                a_code_is_worth_nothing_elsewhere
                a_code_goes_with_its_token
            }
            addresses {
                a_wish_waits_and_everything_else_stays_as_it_is
                a_newer_wish_replaces_the_older
                a_wish_on_an_outdated_version_or_from_a_session_that_has_ended_writes_nothing
                a_wish_that_was_called_off_cannot_be_confirmed
                a_confirmed_change_moves_the_person_and_ends_everything_else
                a_token_that_has_expired_or_is_somebody_else_s_changes_nothing
                of_confirmations_at_once_exactly_one_changes_the_address
                an_address_taken_meanwhile_stays_with_whoever_took_it
                of_all_who_race_for_one_address_exactly_one_gets_it
                a_new_password_calls_a_waiting_change_off
                a_sign_in_racing_a_change_of_address_leaves_no_session
                an_address_given_up_is_kept_while_that_can_be_undone
                a_sign_up_racing_a_change_of_address_does_not_get_the_old_one
            }
            undos {
                a_way_back_is_found_with_its_person_and_its_address
                a_way_back_leads_to_no_address_but_the_one_it_was_mailed_to
                an_undo_gives_the_account_back_after_the_address_was_changed_twice
                an_undo_ends_everything_and_only_the_mailed_reset_opens_the_account
                an_undo_voids_later_ways_back_whatever_the_clock_said_and_no_earlier_ones
                of_undos_at_once_exactly_one_undoes
                an_undo_by_owner_and_thief_at_once_leaves_the_account_with_the_owner
                a_way_back_that_has_run_out_or_is_somebody_else_s_undoes_nothing
                a_sign_in_racing_an_undo_leaves_no_session
                an_undo_keeps_an_unverified_address_unverified
                an_undo_brings_the_second_factors_back_and_sends_the_thief_s_away
                an_undo_takes_away_a_factor_that_was_not_there_before
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
                what_is_personal_goes_out_of_old_events_and_later_out_of_old_log_ins
                an_old_event_goes_when_it_holds_nothing_personal_any_more
                nodes_that_anonymise_at_once_do_it_once
            }
            event_reader {
                events_are_read_back_as_they_were_written_the_newest_first
                a_person_reads_about_nobody_else
                pages_over_events_of_one_moment_show_each_once
                events_written_between_two_pages_neither_repeat_nor_hide_any
                a_filter_keeps_to_actions_outcomes_and_times
                a_tenant_s_events_are_shown_to_its_owner
                a_tenant_s_events_are_shown_to_nobody_else
            }
            devices {
                a_browser_is_known_to_whoever_has_signed_in_with_it_and_to_nobody_else
                a_known_browser_keeps_its_row_and_says_when_it_was_used_last
                people_who_share_a_browser_share_its_token_and_a_planted_one_opens_nothing
                a_changed_password_forgets_the_others_and_trusts_none
                a_reset_forgets_all_browsers
                the_fifty_first_browser_takes_the_place_of_the_one_used_least
                an_unlock_token_lifts_the_lock_and_makes_the_browser_known
                of_unlocks_at_once_exactly_one_is_redeemed
                a_mail_about_a_new_device_commits_with_the_sign_in
            }
            throttle {
                a_counter_grants_its_quota_and_then_refuses_until_it_ends
                the_last_take_locks_and_the_lock_ends
                of_takes_at_once_exactly_the_quota_is_granted
                of_lots_taken_at_once_no_more_than_the_quota_is_granted
                what_is_given_back_is_taken_again_and_lifts_the_lock_it_began
                a_counter_that_is_cleared_begins_anew
                counters_do_not_get_in_each_other_s_way
                whoever_only_looks_counts_nothing
                what_has_ended_is_not_given_back
            }
            webhooks {
                a_webhook_is_kept_as_it_was_decided
                a_webhook_for_a_tenant_that_is_not_there_is_not_kept
                what_commits_is_told_with_it_and_what_does_not_is_not
                what_was_refused_or_is_about_nobody_is_not_told
                a_webhook_is_told_of_the_kinds_it_wants
                a_tenant_s_webhook_is_told_of_its_members_and_of_sessions_opened_inside_it
                a_session_that_was_ended_from_another_is_the_one_that_is_told
                a_rotation_lets_both_secrets_sign_until_the_overlap_ends
                a_disabled_webhook_is_told_of_nothing_new_and_sent_nothing_old
                a_removed_webhook_takes_its_messages_along
                changing_a_webhook_that_is_not_there_writes_nothing
                a_replay_sends_again_under_the_same_ids_what_the_log_knows
                messages_are_shown_by_state_the_newest_first
            }
            event_outbox {
                due_messages_are_leased_the_longest_due_first
                a_leased_message_is_nobody_else_s_until_the_lease_ends
                workers_at_once_get_every_message_once
                no_webhook_takes_more_than_its_share_of_a_round
                a_failed_message_comes_back_when_it_is_due_with_its_attempts_counted
                a_delivery_ends_it_and_forgets_the_failures
                a_failure_counts_only_while_the_lease_is_held_and_a_delivery_always
                a_dead_message_is_never_given_out_again
                a_webhook_that_rests_holds_nobody_else_up
                a_webhook_that_is_given_up_is_disabled_once_and_that_is_written_down
                a_postponed_message_counts_against_nobody
                messages_go_when_their_time_is_over_delivered_or_not
            }
            readers {
                whoever_has_chosen_nothing_reads_english_in_utc
                whoever_chose_at_the_sign_up_is_written_to_so
                whoever_chooses_later_is_written_to_so_from_then_on
            }
            second_factors {
                an_app_that_waits_for_its_first_code_gates_nothing
                a_newer_secret_voids_the_older
                a_confirmation_writes_all_that_belongs_to_it
                of_confirmations_at_once_exactly_one_counts
                what_is_not_as_it_was_decided_is_not_confirmed
                a_second_app_is_not_stored
                a_removal_takes_app_and_codes_away_and_can_be_undone
                new_codes_void_the_old
                of_sixteen_uses_of_one_step_at_once_one_counts_and_an_older_one_never
                of_sixteen_uses_of_one_recovery_code_at_once_one_counts
                somebody_else_s_code_does_not_count
                a_code_kept_under_an_older_key_counts
                of_sixteen_attempts_at_once_five_are_counted
                a_challenge_ends_with_its_time
                the_second_step_opens_one_session
                one_code_on_sixteen_challenges_opens_one_session
                what_changed_since_the_first_step_opens_nothing
                a_sign_in_by_password_alone_that_was_under_way_opens_nothing
                a_better_hash_is_stored_while_the_second_factor_is_asked_for
                a_browser_is_trusted_until_the_trust_ends_or_is_taken_back
                a_reset_of_the_password_leaves_the_factor_and_its_codes_as_they_were
            }
            exports {
                a_copy_that_is_asked_for_waits_and_is_shown_to_its_person_alone
                of_requests_at_once_one_is_accepted_and_the_others_hear_of_it
                nobody_s_copy_is_not_asked_for
                workers_at_once_get_every_copy_once
                a_copy_whose_maker_dies_is_another_s_when_the_lease_ends
                keeping_a_part_keeps_the_lease
                a_copy_that_is_made_is_told_of_and_read_part_by_part_by_its_person_alone
                a_failed_copy_comes_back_when_it_is_due_and_in_the_end_not_any_more
                what_has_expired_goes_and_that_it_was_there_later
            }
            personal_records {
                everything_of_a_person_is_read_and_nothing_of_anybody_else_s
                pages_over_records_of_one_moment_tell_each_once_in_order
                of_somebody_who_is_gone_nothing_is_told
            }
            consents {
                what_somebody_agrees_to_is_kept_to_the_letter_with_its_event
                what_was_agreed_to_already_is_not_written_again_and_a_newer_version_is
                of_the_same_decisions_at_once_one_is_written_down
                a_decision_on_marketing_moves_the_preference_with_it_and_back
                a_change_of_the_preference_is_written_down_and_no_change_is_not
                what_a_sign_up_agrees_to_commits_with_the_account_or_not_at_all
                nobody_agrees_to_nothing
            }
            heartbeat {
                a_living_database_answers
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    macro_rules! names {
        ($($port:ident { $($promise:ident)+ })+) => {
            [$((stringify!($port), vec![$(stringify!($promise)),+])),+]
        };
    }

    /// The file of a suite, and those beside it in the folder of its name.
    fn files_of(port: &str) -> Vec<PathBuf> {
        let suites = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract");
        let parts = fs::read_dir(suites.join(port)).into_iter().flatten();
        std::iter::once(suites.join(port).with_extension("rs"))
            .chain(parts.map(|part| part.unwrap().path()))
            .collect()
    }

    #[test]
    fn every_promise_in_the_suites_is_on_the_list() {
        for (port, mut listed) in crate::promises!(names) {
            let sources: Vec<String> = files_of(port)
                .into_iter()
                .map(|file| fs::read_to_string(file).unwrap())
                .collect();
            let mut written: Vec<&str> = sources
                .iter()
                .flat_map(|source| source.lines())
                .filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
                .collect();
            written.sort_unstable();
            listed.sort_unstable();
            assert_eq!(written, listed, "{port}");
        }
    }
}
