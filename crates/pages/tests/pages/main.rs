//! The pages, with mocks behind them: what is shown, what is sent, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod ada;
mod ask;
mod behind;
mod engines;

mod assets;
mod choices;
mod delete_account;
mod escaping;
mod every_page;
mod form_tokens;
mod invitation;
mod invitations;
mod log_in;
mod mailed;
mod members;
mod neutral;
mod policy;
mod privacy;
mod problems;
mod rate_limits;
mod redirects;
mod register;
mod second_step;
mod settings;
mod step_up;
mod tenants;
mod wording;
