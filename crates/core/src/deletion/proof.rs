//! What somebody shows who wants their account deleted, judged.

use rookery_domain::{Timestamp, Violations};

use super::{DeletionService, RequestDeletion, RequestDeletionError};
use crate::ports::{Credential, FactorUse, HasherError, Lane, SignedIn, Verdict};
use crate::require_fresh;

/// How what was shown was judged.
pub(super) enum Judgement {
    /// Right; the second factor, if there is one, is still to be used up.
    Right(Option<FactorUse>),
    /// The password is another one.
    WrongPassword,
    /// The code is another one.
    WrongCode,
}

/// What is asked of this person.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) password: bool,
    pub(super) second_factor: bool,
}

impl Asked {
    /// Whoever has a password shows it, and the second factor beside it if they have one. Whoever has none has shown the
    /// factor they have when they proved anew who they are.
    pub(super) fn of(credential: &Credential) -> Self {
        let password = !credential.hash.fits_nothing();
        Self {
            password,
            second_factor: password && credential.second_factor.is_some(),
        }
    }

    /// Whether all of it is there.
    pub(super) fn require(
        self,
        signed_in: &SignedIn,
        request: &RequestDeletion,
        now: Timestamp,
    ) -> Result<(), RequestDeletionError> {
        let mut missing = Violations::none();
        if self.password && request.password.is_none() {
            missing.field("password", "Password is required");
        }
        if self.second_factor && request.factor.is_none() {
            missing.field("code", "Code is required");
        }
        if !missing.is_empty() {
            return Err(RequestDeletionError::Invalid(missing));
        }
        if self.password {
            Ok(())
        } else {
            Ok(require_fresh(&signed_in.session, now)?)
        }
    }
}

impl DeletionService {
    /// Compares what was shown. Nothing is used up by it.
    pub(super) async fn judge(
        &self,
        credential: &Credential,
        request: &RequestDeletion,
        at: Timestamp,
    ) -> Result<Judgement, HasherError> {
        let asked = Asked::of(credential);
        if let (true, Some(password)) = (asked.password, &request.password)
            && self.hasher.verify(password, &credential.hash, Lane::Known).await? == Verdict::Wrong
        {
            return Ok(Judgement::WrongPassword);
        }
        let (true, Some(factor)) = (asked.second_factor, &request.factor) else {
            return Ok(Judgement::Right(None));
        };
        let held = self.factors.held(&credential.user).await.map_err(HasherError::Port)?;
        let used = self
            .check
            .used(credential.user, &held, factor, at)
            .map_err(HasherError::Port)?;
        Ok(used.map_or(Judgement::WrongCode, |used| Judgement::Right(Some(used))))
    }
}
