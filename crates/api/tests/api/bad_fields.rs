//! Every class of bad input, for every field of every route: always a 400 on that field, never an echo, never a call.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::ask::{ByAda, ask, send};
use crate::behind::{Behind, ada_signed_in, nothing};

/// What a field holds, which decides what is bad for it.
#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Address,
    TypedPassword,
    ChosenPassword,
    Token,
    Name(usize),
    Word,
    Switch,
}
use Holds::{Address, ChosenPassword, Name, Switch, Token, TypedPassword, Word};

struct Form {
    method: Method,
    path: &'static str,
    behind: fn() -> Behind,
    fields: Vec<(&'static str, Holds)>,
}

#[expect(clippy::too_many_lines, reason = "one table, however long")]
fn forms() -> Vec<Form> {
    let form = |path, fields: &[(&'static str, Holds)]| Form {
        method: Method::POST,
        path,
        behind: nothing,
        fields: fields.to_vec(),
    };
    vec![
        form(
            "/api/auth/signup",
            &[
                ("email", Address),
                ("password", ChosenPassword),
                ("name", Name(255)),
                ("givenName", Name(100)),
                ("familyName", Name(100)),
                ("companyName", Name(255)),
                ("language", Word),
                ("timezone", Word),
                ("acceptTerms", Switch),
            ],
        ),
        form(
            "/api/auth/login",
            &[("email", Address), ("password", TypedPassword), ("rememberMe", Switch)],
        ),
        form("/api/auth/forgot-password", &[("email", Address)]),
        form("/api/auth/resend-verification", &[("email", Address)]),
        form(
            "/api/auth/reset-password",
            &[("token", Token), ("newPassword", ChosenPassword)],
        ),
        form("/api/auth/verify-email", &[("token", Token)]),
        form("/api/auth/confirm-email", &[("token", Token)]),
        form("/api/auth/undo", &[("token", Token)]),
        Form {
            behind: ada_signed_in,
            ..form(
                "/api/users/me/change-email",
                &[("newEmail", Address), ("password", TypedPassword)],
            )
        },
        Form {
            behind: ada_signed_in,
            ..form("/api/auth/reauthenticate", &[("password", TypedPassword)])
        },
        Form {
            behind: ada_signed_in,
            ..form(
                "/api/users/me/change-password",
                &[("currentPassword", TypedPassword), ("newPassword", ChosenPassword)],
            )
        },
        Form {
            behind: ada_signed_in,
            ..form("/api/auth/switch-tenant", &[("tenantId", Token)])
        },
        Form {
            behind: ada_signed_in,
            ..form(
                "/api/tenants/0199d2f0-7c00-7000-8000-000000000003/transfer-ownership",
                &[("userId", Token)],
            )
        },
        Form {
            behind: ada_signed_in,
            ..form("/api/tenants", &[("name", Name(255))])
        },
        Form {
            method: Method::PATCH,
            behind: ada_signed_in,
            ..form(
                "/api/tenants/0199d2f0-7c00-7000-8000-000000000003",
                &[("name", Name(255))],
            )
        },
        Form {
            method: Method::PATCH,
            behind: ada_signed_in,
            ..form(
                "/api/tenants/0199d2f0-7c00-7000-8000-000000000003/policy",
                &[
                    ("passwordRequireUppercase", Switch),
                    ("passwordRequireNumbers", Switch),
                    ("passwordRequireSymbols", Switch),
                    ("twoFactorRequired", Switch),
                ],
            )
        },
        Form {
            method: Method::PATCH,
            behind: ada_signed_in,
            ..form(
                "/api/users/me",
                &[
                    ("name", Name(255)),
                    ("givenName", Name(100)),
                    ("given_name", Name(100)),
                    ("familyName", Name(100)),
                    ("family_name", Name(100)),
                    ("theme", Word),
                    ("language", Word),
                    ("timezone", Word),
                    ("emailNotifications", Switch),
                    ("pushNotifications", Switch),
                    ("weeklyReports", Switch),
                    ("marketingEmails", Switch),
                ],
            )
        },
    ]
}

impl Holds {
    /// A value nobody objects to.
    fn good(self) -> Value {
        match self {
            Address => json!("ada@example.com"),
            TypedPassword => json!("SecurePass123!"),
            ChosenPassword => json!("NewSecurePass123!"),
            Token => json!("some-token"),
            Name(_) => json!("Augusta"),
            Word | Switch => Value::Null,
        }
    }

    const fn is_required(self) -> bool {
        matches!(self, Address | TypedPassword | ChosenPassword | Token)
    }

    /// Values of the right type that are bad all the same, besides those of the wrong type.
    fn bad(self) -> Vec<Value> {
        let wrong_types = [
            json!(null),
            json!(1),
            json!(-1.5),
            json!([]),
            json!({}),
            json!([["x"]]),
            json!({"a": {"b": 1}}),
        ];
        let texts: Vec<String> = match self {
            Address => [
                "",
                " ",
                "ada",
                "ada@",
                "@example.com",
                "ada@example",
                "ada lovelace@example.com",
                "ada@example.com,eve@example.com",
                "ada@exa\0mple.com",
                "\0ada@example.com",
                "ada\u{1}@example.com",
                "ada@example.com\r\nBcc: eve@example.com",
                "\u{430}da@example.com",
                "ada\u{200b}@example.com",
                "ada@ex\u{202e}ample.com",
                "李@example.com",
                "ada@example.com\u{fffd}",
            ]
            .map(str::to_owned)
            .into_iter()
            .chain([format!("{}@example.com", "a".repeat(65)), "a".repeat(5_000)])
            .collect(),
            TypedPassword => vec![String::new(), "x".repeat(257), "é".repeat(600)],
            ChosenPassword => vec![
                String::new(),
                "short".into(),
                "\0\0\0".into(),
                "x7".repeat(129),
                "é7".repeat(600),
            ],
            Token => vec![String::new(), " \t".into()],
            Name(max) => [
                "",
                " ",
                "\0",
                "a\0b",
                "a\nb",
                "a\u{7f}b",
                "a\u{85}b",
                "a\u{2028}b",
                "\u{202e}gnp.exe",
                "a\u{2066}b",
                "a\u{feff}b",
            ]
            .map(str::to_owned)
            .into_iter()
            .chain(["x".repeat(max + 1), "李".repeat(max + 1)])
            .collect(),
            Word => [
                "",
                " ",
                "\0",
                "xx\0",
                "DARK",
                "en-US",
                "europe/madrid",
                "Europe/Madrid; DROP TABLE users",
                "🐧",
            ]
            .map(str::to_owned)
            .into_iter()
            .chain(["x".repeat(5_000)])
            .collect(),
            Switch => ["true", "false", "", "1", "on"].map(str::to_owned).to_vec(),
        };
        let other_type = if self == Switch { json!(0) } else { json!(true) };
        wrong_types
            .into_iter()
            .chain([other_type])
            .chain(texts.into_iter().map(Value::from))
            .collect()
    }
}

/// A body in which everything is good: what is required, and nothing more.
fn good(form: &Form) -> Value {
    form.fields
        .iter()
        .filter(|(_, holds)| holds.is_required())
        .map(|(field, holds)| ((*field).to_owned(), holds.good()))
        .collect()
}

// Proves: ASVS 1.5.2, 2.2.1, 15.3.5
#[actix_web::test]
async fn a_bad_value_is_a_400_on_its_field_alone() {
    for form in forms() {
        for (field, holds) in &form.fields {
            for value in holds.bad() {
                let mut body = good(&form);
                body[*field] = value.clone();
                let answer = ask((form.behind)(), send(form.method.clone(), form.path, &body).by_ada()).await;
                let wrong: Vec<String> = answer.violations().into_iter().map(|(path, _)| path).collect();
                assert_eq!(wrong, [*field], "{} {value}", form.path);
                let echo = value.as_str().filter(|text| text.len() > 6);
                assert!(echo.is_none_or(|text| !answer.text.contains(text)), "{}", answer.text);
            }
        }
    }
}

#[actix_web::test]
async fn a_missing_value_is_a_400_where_it_is_needed() {
    for form in forms() {
        for (field, _) in form.fields.iter().filter(|(_, holds)| holds.is_required()) {
            let mut body = good(&form);
            body.as_object_mut().unwrap().remove(*field);
            let answer = ask((form.behind)(), send(form.method.clone(), form.path, &body).by_ada()).await;
            let wrong: Vec<String> = answer.violations().into_iter().map(|(path, _)| path).collect();
            assert_eq!(wrong, [*field], "{}", form.path);
        }
    }
}

// Proves: ASVS 2.2.2
#[actix_web::test]
async fn all_bad_values_are_told_together() {
    for form in forms() {
        let body: Value = form
            .fields
            .iter()
            .map(|(field, _)| ((*field).to_owned(), json!({})))
            .collect();
        let answer = ask((form.behind)(), send(form.method.clone(), form.path, &body).by_ada()).await;
        let mut wrong: Vec<String> = answer.violations().into_iter().map(|(path, _)| path).collect();
        // Of two spellings only the one that counts is judged.
        let mut fields: Vec<&str> = form
            .fields
            .iter()
            .map(|(field, _)| *field)
            .filter(|field| !field.contains('_'))
            .collect();
        wrong.sort();
        fields.sort_unstable();
        assert_eq!(wrong, fields, "{}", form.path);
    }
}
