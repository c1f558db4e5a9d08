//! What somebody shows as their second factor.

use rookery_core::{FactorProof, ProveSecondFactor};
use rookery_domain::{Caller, ChallengeToken, DeviceToken, RecoveryCode, SessionToken, TotpCode, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;

const CODE: Field = Field {
    path: "code",
    missing: "Code is required",
    mistyped: "Code must be a string",
};
const RECOVERY_CODE: &str = "Recovery code must be a string";

/// `POST /api/users/me/mfa/totp/confirm`: the first code.
#[derive(Deserialize, ToSchema)]
#[schema(as = FirstCode)]
pub struct FirstCodeBody {
    /// What the app shows; blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = "^[0-9]{6}$", example = "287082")]
    code: Given<String>,
}

impl FirstCodeBody {
    /// The code that is meant, or what is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<TotpCode, Violations> {
        let mut violations = Violations::none();
        let code = field::required(&mut violations, &CODE, self.code);
        let code = code.and_then(|text| violations.keep(CODE.path, TotpCode::parse(&text)));
        code.ok_or(violations)
    }
}

/// A code of the app or a recovery code, one of them.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SecondFactor)]
pub struct FactorProofBody {
    /// What the app shows; blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[0-9]{6}$", example = "287082")]
    code: Given<String>,
    /// A recovery code, instead; case, hyphens and blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "ABCD-EFGH-IJKL-MNOP")]
    recovery_code: Given<String>,
}

impl FactorProofBody {
    /// The proof that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<FactorProof, Violations> {
        let mut violations = Violations::none();
        match shown(&mut violations, self.code, self.recovery_code) {
            Some(proof) if violations.is_empty() => Ok(proof),
            _ => Err(violations),
        }
    }
}

/// `POST /api/auth/login/second-factor`: the second step.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SecondStep)]
pub struct SecondStepBody {
    /// What the app shows; blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[0-9]{6}$", example = "287082")]
    code: Given<String>,
    /// A recovery code, instead; case, hyphens and blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "ABCD-EFGH-IJKL-MNOP")]
    recovery_code: Given<String>,
    /// Whether this browser is to sign in without it for 30 days; `false` when left out.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = false)]
    trust_device: Given<bool>,
}

/// What the request holds besides its body.
pub struct Held {
    /// The sign-in that waits.
    pub challenge: ChallengeToken,
    /// The session the browser held before.
    pub session: Option<SessionToken>,
    /// The browser.
    pub device: Option<DeviceToken>,
}

impl SecondStepBody {
    /// The second step that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self, held: Held, caller: Caller) -> Result<ProveSecondFactor, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let proof = shown(v, self.code, self.recovery_code);
        let trust_device = field::switch(v, "trustDevice", "Trust device must be a boolean", self.trust_device);
        match proof {
            Some(proof) if violations.is_empty() => Ok(ProveSecondFactor {
                challenge: held.challenge,
                proof,
                trust_device: trust_device.unwrap_or(false),
                held: held.session,
                device: held.device,
                caller,
            }),
            _ => Err(violations),
        }
    }
}

/// One of the two: nobody can tell which was meant when both are there.
pub(super) fn shown(
    violations: &mut Violations,
    code: Given<String>,
    recovery_code: Given<String>,
) -> Option<FactorProof> {
    match (&code, &recovery_code) {
        (Given::Absent, Given::Absent) => {
            *violations = Violations::of_whole("A code or a recovery code is required");
            None
        }
        (Given::Absent, _) => {
            let parsed = field::optional(
                violations,
                "recoveryCode",
                RECOVERY_CODE,
                recovery_code,
                RecoveryCode::parse,
            );
            parsed.map(FactorProof::RecoveryCode)
        }
        (_, Given::Absent) => {
            let parsed = field::optional(violations, CODE.path, CODE.mistyped, code, TotpCode::parse);
            parsed.map(FactorProof::Code)
        }
        _ => {
            *violations = Violations::of_whole("Give either a code or a recovery code");
            None
        }
    }
}
