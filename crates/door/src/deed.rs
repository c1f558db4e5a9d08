//! What people do who have not shown who they are, and what sends mail: the same at every door.
//!
//! It is counted first, then done, and where the answer's time would tell something it leaves on a beat. A door says what came
//! in and what goes out; that it neither forgets to count nor answers too early is decided here.

use rookery_core::ports::SignedIn;
use rookery_core::{
    AcceptInvitation, Addresses, Authentication, ChangeEmail, Deletion, Joined, Joining, Limit, LogIn, LogInOutcome,
    LoggedIn, MailedProof, ProveSecondFactor, Recovery, Registered, Registration, ResetPassword, Restoration,
    SecondFactorLogInError, ShownInvitation, SignUp, Unlock, Unlocked, Unlocking, Verification,
};
use rookery_domain::{Caller, EmailAddress};

use crate::door::Door;
use crate::problem::Problem;
use crate::rate_limit::Counter;
use crate::use_cases::SignUpConflict;

/// Signs in, or asks for the second factor. A refusal does not tell by its time why.
///
/// # Errors
/// [`Problem`]
pub async fn log_in(door: &Door, authentication: &dyn Authentication, log_in: LogIn) -> Result<LogInOutcome, Problem> {
    Ok(door.refusing_on_the_beat(authentication.log_in(log_in)).await?)
}

/// Signs in with the second factor.
///
/// # Errors
/// [`Problem`]; [`Problem::ChallengeEnded`] when only the first step leads on.
pub async fn prove_second_factor(
    door: &Door,
    authentication: &dyn Authentication,
    proved: ProveSecondFactor,
) -> Result<LoggedIn, Problem> {
    authentication
        .prove_second_factor(proved)
        .await
        .map_err(|error| match error {
            SecondFactorLogInError::ChallengeEnded => challenge_ended(door),
            SecondFactorLogInError::WrongCode => Problem::WrongSecondFactor,
            SecondFactorLogInError::Throttled(refusal) => refusal.into(),
            SecondFactorLogInError::Port(error) => error.into(),
        })
}

/// That no sign-in waits for a second factor, or not any more.
#[must_use]
pub fn challenge_ended(door: &Door) -> Problem {
    Problem::ChallengeEnded {
        cleared_cookie: door.cookie.challenge_over(),
    }
}

/// Makes an account. Says which, except where nobody is told whether there was one already.
///
/// # Errors
/// [`Problem`]
pub async fn sign_up(
    door: &Door,
    counter: &Counter,
    registration: &dyn Registration,
    sign_up: SignUp,
) -> Result<Option<Registered>, Problem> {
    counter.network(Limit::SignUpNetwork).await?;
    match door.sign_up_conflict {
        SignUpConflict::Reveal => Ok(Some(registration.register(sign_up).await?)),
        SignUpConflict::Neutral => {
            door.on_the_beat(registration.register_discreetly(sign_up)).await?;
            Ok(None)
        }
    }
}

/// Has a reset link mailed, if there is such an account.
///
/// # Errors
/// [`Problem`]
pub async fn ask_for_reset(
    door: &Door,
    counter: &Counter,
    recovery: &dyn Recovery,
    email: &EmailAddress,
    caller: &Caller,
) -> Result<(), Problem> {
    counter.network(Limit::MailNetwork).await?;
    Ok(door.on_the_beat(recovery.request(email, caller)).await?)
}

/// Sets a password with a mailed token, or with the code beside it. A refusal does not tell by its time whether the address has
/// an account.
///
/// # Errors
/// [`Problem`]
pub async fn reset_password(
    door: &Door,
    counter: &Counter,
    recovery: &dyn Recovery,
    reset: ResetPassword,
) -> Result<(), Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(door.refusing_on_the_beat(recovery.reset(reset)).await?)
}

/// Has a verification link mailed, if there is such an account and its address is not verified.
///
/// # Errors
/// [`Problem`]
pub async fn resend_verification(
    door: &Door,
    counter: &Counter,
    verification: &dyn Verification,
    email: &EmailAddress,
    caller: &Caller,
) -> Result<(), Problem> {
    counter.network(Limit::MailNetwork).await?;
    Ok(door.on_the_beat(verification.resend(email, caller)).await?)
}

/// Verifies an address with a mailed token, or with the code beside it. A refusal does not tell by its time whether the address
/// has an account.
///
/// # Errors
/// [`Problem`]
pub async fn verify_email(
    door: &Door,
    counter: &Counter,
    verification: &dyn Verification,
    proof: &MailedProof,
    caller: &Caller,
) -> Result<EmailAddress, Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(door.refusing_on_the_beat(verification.verify(proof, caller)).await?)
}

/// Has a signed-in person's new address asked to confirm.
///
/// # Errors
/// [`Problem`]
pub async fn change_email(
    counter: &Counter,
    addresses: &dyn Addresses,
    signed_in: &SignedIn,
    change: ChangeEmail,
) -> Result<(), Problem> {
    counter.network(Limit::MailNetwork).await?;
    Ok(addresses.request(signed_in, change).await?)
}

/// Changes an address with a mailed token.
///
/// # Errors
/// [`Problem`]
pub async fn confirm_email(
    counter: &Counter,
    addresses: &dyn Addresses,
    token: &str,
    caller: &Caller,
) -> Result<EmailAddress, Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(addresses.confirm(token, caller).await?)
}

/// Lifts a lock with a mailed token.
///
/// # Errors
/// [`Problem`]
pub async fn unlock(counter: &Counter, unlocking: &dyn Unlocking, unlock: Unlock) -> Result<Unlocked, Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(unlocking.unlock(unlock).await?)
}

/// Takes a change back with a mailed token.
///
/// # Errors
/// [`Problem`]
pub async fn undo(
    counter: &Counter,
    restoration: &dyn Restoration,
    token: &str,
    caller: &Caller,
) -> Result<(), Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(restoration.undo(token, caller).await?)
}

/// Keeps an account with a mailed token.
///
/// # Errors
/// [`Problem`]
pub async fn keep_account(
    counter: &Counter,
    deletion: &dyn Deletion,
    token: &str,
    caller: &Caller,
) -> Result<(), Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(deletion.keep(token, caller).await?)
}

/// Shows what an invitation is about to whoever has its token.
///
/// # Errors
/// [`Problem`]
pub async fn show_invitation(
    counter: &Counter,
    joining: &dyn Joining,
    token: &str,
    signed_in: Option<SignedIn>,
) -> Result<ShownInvitation, Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(joining.show(token, signed_in).await?)
}

/// Accepts an invitation.
///
/// # Errors
/// [`Problem`]
pub async fn accept_invitation(
    counter: &Counter,
    joining: &dyn Joining,
    accept: AcceptInvitation,
) -> Result<Joined, Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(joining.accept(accept).await?)
}

/// Declines an invitation.
///
/// # Errors
/// [`Problem`]
pub async fn decline_invitation(
    counter: &Counter,
    joining: &dyn Joining,
    token: &str,
    caller: &Caller,
) -> Result<(), Problem> {
    counter.network(Limit::ResetTokenNetwork).await?;
    Ok(joining.decline(token, caller).await?)
}
