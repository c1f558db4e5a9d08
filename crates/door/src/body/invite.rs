//! `POST /api/tenants/{tenantId}/invitations`: whom to invite, and as what.

use rookery_core::{InvitationDraft, MAX_INVITED_AT_ONCE};
use rookery_domain::{InvitationNote, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field;
use super::form::Form;
use super::given::{Given, Texts};
use super::given_list::GivenList;
use super::tenant::{roles, ticked};

/// One person or several.
#[derive(Deserialize, ToSchema)]
#[schema(as = Invite)]
pub struct InviteBody {
    /// Whom to invite: from one to 20 people.
    #[serde(default)]
    #[schema(value_type = Vec<InvitationDraftBody>, required = true, min_items = 1, max_items = 20)]
    invitations: GivenList<InvitationDraftBody>,
}

/// Whom to invite, and as what.
#[derive(Deserialize, ToSchema)]
#[schema(as = InvitationDraft)]
pub struct InvitationDraftBody {
    /// The address.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 254, example = "grace@example.com")]
    email: Given<String>,
    /// What they may do in the tenant, at least one: `owner`, `admin`, `member`, `viewer`.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = true, min_items = 1, example = json!(["member"]))]
    roles: Given<Texts>,
    /// What is written to them: plain text of up to 500 characters, without links or addresses.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 500, example = "Come in, the water is fine.")]
    note: Given<String>,
}

/// What the fields of a draft are called, by its place in the list.
struct Paths {
    whole: &'static str,
    email: &'static str,
    roles: &'static str,
    note: &'static str,
}

macro_rules! paths {
    ($($place:literal)+) => {
        [$(Paths {
            whole: concat!("invitations[", $place, "]"),
            email: concat!("invitations[", $place, "].email"),
            roles: concat!("invitations[", $place, "].roles"),
            note: concat!("invitations[", $place, "].note"),
        }),+]
    };
}

const PATHS: [Paths; MAX_INVITED_AT_ONCE] = paths![0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19];

impl InviteBody {
    /// What a form stands for that has a field `emails` for one address or several, a box for each role and one note for all.
    #[must_use]
    pub fn filled_in(form: &Form) -> Self {
        let drafts = Self::addresses(form).into_iter().map(|address| InvitationDraftBody {
            email: Given::Value(address.to_owned()),
            roles: ticked(form),
            note: Given::Value(form.text("note").to_owned()),
        });
        Self {
            invitations: GivenList::Value(drafts.map(Some).collect()),
        }
    }

    /// The addresses of such a form, in the order of its drafts: each on a line of its own, or behind a comma, a semicolon or a
    /// blank.
    #[must_use]
    pub fn addresses(form: &Form) -> Vec<&str> {
        let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
        let addresses = form.text("emails").split(is_between);
        addresses.filter(|address| !address.is_empty()).collect()
    }

    /// The field of such a form that a broken rule is about, and which of the addresses, if it is about one.
    #[must_use]
    pub fn field_of(path: &str) -> (&'static str, Option<usize>) {
        let place = PATHS.iter().position(|paths| path.starts_with(paths.whole));
        match path.rsplit('.').next() {
            Some("roles") => ("roles", None),
            Some("note") => ("note", None),
            _ => ("emails", place),
        }
    }

    /// The drafts that are meant, or everything that is wrong with them.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<Vec<InvitationDraft>, Violations> {
        let given = match self.invitations {
            GivenList::Value(given) => given,
            GivenList::Absent => Vec::new(),
            GivenList::Mistyped => return Err(whole("Invitations must be a list of objects".to_owned())),
        };
        if given.is_empty() {
            return Err(whole("At least one invitation is required".to_owned()));
        }
        if given.len() > PATHS.len() {
            return Err(whole(format!("At most {} people can be invited at once", PATHS.len())));
        }
        let mut violations = Violations::none();
        let mut drafts: Vec<InvitationDraft> = Vec::with_capacity(given.len());
        for (given, paths) in given.into_iter().zip(&PATHS) {
            let Some(draft) = meant(&mut violations, paths, given) else {
                continue;
            };
            if drafts.iter().any(|other| other.email.key() == draft.email.key()) {
                violations.field(paths.email, "Email must be given once");
            }
            drafts.push(draft);
        }
        if violations.is_empty() {
            Ok(drafts)
        } else {
            Err(violations)
        }
    }
}

fn whole(sentence: String) -> Violations {
    Violations::of("invitations", sentence)
}

fn meant(violations: &mut Violations, paths: &Paths, given: Option<InvitationDraftBody>) -> Option<InvitationDraft> {
    let Some(given) = given else {
        violations.field(paths.whole, "Invitation must be an object");
        return None;
    };
    let email = field::address(violations, paths.email, given.email);
    let roles = roles(violations, paths.roles, given.roles);
    let mistyped = "Note must be a string";
    let note = field::optional(violations, paths.note, mistyped, given.note, InvitationNote::parse);
    Some(InvitationDraft {
        email: email?,
        roles: roles?,
        note: note.flatten(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_form_every_address_is_invited_with_the_same_roles_and_note() {
        let text =
            b"emails=grace%40example.com%0D%0Aalan%40example.com,+%3Bmary%40example.com%0D%0A&member=true&note=Come+in";
        let form = Form::of_bytes(text).unwrap();
        let drafts = InviteBody::filled_in(&form).meant().unwrap();
        let addresses: Vec<&str> = drafts.iter().map(|draft| draft.email.as_str()).collect();
        assert_eq!(addresses, ["grace@example.com", "alan@example.com", "mary@example.com"]);
        assert!(
            drafts
                .iter()
                .all(|draft| draft.note.as_ref().unwrap().as_str() == "Come in")
        );
    }

    #[test]
    fn what_is_wrong_with_a_draft_is_about_a_field_of_the_form() {
        let form = Form::of_bytes(b"emails=a%40example.com+b&note=www.example.com").unwrap();
        let violations = InviteBody::filled_in(&form).meant().unwrap_err();
        let fields: Vec<_> = violations
            .iter()
            .map(|broken| InviteBody::field_of(broken.path.unwrap()))
            .collect();
        for field in [("roles", None), ("note", None), ("emails", Some(1))] {
            assert!(fields.contains(&field), "{fields:?}");
        }
        assert_eq!(InviteBody::field_of("invitations"), ("emails", None));
        assert_eq!(InviteBody::field_of("invitations[12].email"), ("emails", Some(12)));
    }
}
