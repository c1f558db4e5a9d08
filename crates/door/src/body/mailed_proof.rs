//! What somebody shows of a mail, as a body holds it: `token`, or `email` and `code`.

use rookery_core::MailedProof;
use rookery_domain::{MailedCode, Violations};

use super::field::{self, Field};
use super::given::Given;

const CODE: Field = Field {
    path: "code",
    missing: "Code is required",
    mistyped: "Code must be a string",
};

/// The token where there is one, or neither is there; else address and code.
pub(super) fn mailed_proof(
    violations: &mut Violations,
    token_field: &Field,
    token: Given<String>,
    email: Given<String>,
    code: Given<String>,
) -> Option<MailedProof> {
    if matches!(code, Given::Absent) || !matches!(token, Given::Absent) {
        return field::required(violations, token_field, token).map(MailedProof::Token);
    }
    let email = field::email(violations, email);
    let code = field::required(violations, &CODE, code);
    let code = code.and_then(|code| violations.keep(CODE.path, MailedCode::parse(&code)));
    email.zip(code).map(|(email, code)| MailedProof::Code { email, code })
}
