//! Bodies about tenants and their members.

use rookery_domain::{Role, Roles, TenantId, TenantName, UserId, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::form::Form;
use super::given::{Given, Texts};

/// `POST /api/tenants` and `PATCH /api/tenants/{tenantId}`: what a tenant is called.
#[derive(Deserialize, ToSchema)]
#[schema(as = TenantName)]
pub struct TenantNameBody {
    /// The name.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 255, example = "Analytical Engines")]
    name: Given<String>,
}

impl TenantNameBody {
    /// The name that is meant, or what is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<TenantName, Violations> {
        let mut violations = Violations::none();
        let text = match self.name {
            Given::Value(text) => text,
            Given::Absent | Given::Null => String::new(),
            Given::Mistyped => return Err(Violations::of("name", "Name must be a string")),
        };
        violations.keep("name", TenantName::parse(&text)).ok_or(violations)
    }
}

const TENANT_ID: Field = Field {
    path: "tenantId",
    missing: "Tenant id is required",
    mistyped: "Tenant id must be a string",
};

/// `POST /api/auth/switch-tenant`: where the session goes on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SwitchTenant)]
pub struct SwitchTenantBody {
    /// The tenant's id.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000003")]
    tenant_id: Given<String>,
}

impl SwitchTenantBody {
    /// The tenant that is meant, if the text is an id at all; or what is wrong with the field.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<Option<TenantId>, Violations> {
        let mut violations = Violations::none();
        let text = field::required(&mut violations, &TENANT_ID, self.tenant_id).ok_or(violations)?;
        Ok(text.parse().ok())
    }
}

const USER_ID: Field = Field {
    path: "userId",
    missing: "User id is required",
    mistyped: "User id must be a string",
};

/// `POST /api/tenants/{tenantId}/transfer-ownership`: who owns the tenant from now on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewOwner)]
pub struct NewOwnerBody {
    /// The member's id.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000001")]
    user_id: Given<String>,
}

impl NewOwnerBody {
    /// The member that is meant, if the text is an id at all; or what is wrong with the field.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<Option<UserId>, Violations> {
        let mut violations = Violations::none();
        let text = field::required(&mut violations, &USER_ID, self.user_id).ok_or(violations)?;
        Ok(text.parse().ok())
    }
}

/// `PATCH /api/tenants/{tenantId}/users/{userId}`: what a member is from now on.
#[derive(Deserialize, ToSchema)]
#[schema(as = MemberRoles)]
pub struct RolesBody {
    /// Their roles, at least one: `owner`, `admin`, `member`, `viewer`.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = true, min_items = 1, example = json!(["admin"]))]
    roles: Given<Texts>,
}

impl RolesBody {
    /// What a form with a box for each role stands for.
    #[must_use]
    pub fn ticked(form: &Form) -> Self {
        Self { roles: ticked(form) }
    }

    /// The roles that are meant, or what is wrong with them.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<Roles, Violations> {
        let mut violations = Violations::none();
        roles(&mut violations, "roles", self.roles).ok_or(violations)
    }
}

/// The roles whose boxes are ticked in a form.
pub(super) fn ticked(form: &Form) -> Given<Texts> {
    let ticked = Role::ALL.into_iter().map(Role::as_str).filter(|role| form.has(role));
    Given::Value(Texts(ticked.map(str::to_owned).collect()))
}

/// Roles, at least one.
pub(super) fn roles(violations: &mut Violations, path: &'static str, given: Given<Texts>) -> Option<Roles> {
    let words = match given {
        Given::Value(Texts(words)) => words,
        Given::Absent | Given::Null => Vec::new(),
        Given::Mistyped => {
            violations.field(path, "Roles must be a list of strings");
            return None;
        }
    };
    let roles: Result<Vec<Role>, _> = words.iter().map(|word| word.parse()).collect();
    let roles = violations.keep(path, roles)?;
    violations.keep(path, Roles::of(roles))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_form_the_boxes_that_are_ticked_are_the_roles() {
        let form = Form::of_bytes(b"csrf=x&viewer=true&root=true&admin=").unwrap();
        let roles = RolesBody::ticked(&form).meant().unwrap();
        assert_eq!(roles.as_slice(), [Role::Admin, Role::Viewer]);
        let none = Form::of_bytes(b"csrf=x").unwrap();
        let violations = RolesBody::ticked(&none).meant().unwrap_err();
        assert_eq!(violations.iter().next().unwrap().path, Some("roles"));
    }
}
